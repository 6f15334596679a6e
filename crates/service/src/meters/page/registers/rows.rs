//! The readings of a register that something can be said about.

use chrono::TimeDelta;
use domain::energy::interval::{Exchange, Flags};
use domain::meters::Meter;
use domain::meters::register::{Fall, Plausible};
use domain::meters::view::meter::{Reading as Taken, RegisterRow};
use domain::{Field, figures};

use super::Read;

/// A change of the register, with the readings around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Change {
    pub(super) taken: Taken,
    pub(super) before: Read,
    pub(super) after: Read,
}

/// What is known of a register over a period.
pub(super) struct Reads<'a> {
    pub(super) start: Option<Read>,
    pub(super) end: Option<Read>,
    pub(super) changes: &'a [Change],
    pub(super) gaps: &'a [(Read, Read)],
    /// Readings that do not fit, and what somebody decided about them.
    pub(super) outliers: &'a [(Read, Taken)],
    pub(super) field: Field,
    pub(super) exchanges: &'a [Exchange],
    pub(super) modulus: Option<f64>,
}

/// Finds the two readings between which the register changed: the deepest fall, or the highest step.
pub(super) fn change(flag: Flags, reads: &[Read]) -> Option<Change> {
    let taken = match flag {
        Flags::RESET => Taken::Reset,
        Flags::ROLLOVER => Taken::Rollover,
        Flags::EXCHANGE => Taken::Exchange,
        Flags::QUARANTINED => Taken::Quarantined,
        _ => Taken::Corrected,
    };
    let pairs = reads.windows(2).map(|pair| (pair[0], pair[1]));
    let step = |(a, b): &(Read, Read)| b.1 - a.1;
    let by_size = |x: &(Read, Read), y: &(Read, Read)| step(x).abs().total_cmp(&step(y).abs());
    let (before, after) = match flag {
        Flags::QUARANTINED | Flags::EXCHANGE => pairs.max_by(by_size),
        _ => pairs.min_by(|x, y| step(x).total_cmp(&step(y))),
    }?;
    Some(Change { taken, before, after })
}

/// The rows, in order of time, with what was counted up to each.
pub(super) fn of(reads: &Reads<'_>) -> Vec<RegisterRow> {
    let mut marks: Vec<(Read, Taken, String)> = Vec::new();
    marks.extend(reads.start.map(|read| (read, Taken::Start, String::new())));
    for (before, after) in reads.gaps {
        marks.push((*before, Taken::BeforeGap, String::new()));
        marks.push((*after, Taken::AfterGap, minutes(after.0 - before.0)));
    }
    for change in reads.changes {
        marks.push((change.before, Taken::BeforeFall, String::new()));
        marks.push((change.after, change.taken, String::new()));
    }
    marks.extend(reads.outliers.iter().map(|(read, taken)| (*read, *taken, String::new())));
    marks.extend(reads.end.map(|read| (read, Taken::End, String::new())));
    let (first, last) = (reads.start.map(|read| read.0), reads.end.map(|read| read.0));
    marks.retain(|(read, ..)| {
        first.is_none_or(|at| read.0 >= at) && last.is_none_or(|at| read.0 <= at)
    });
    marks.sort_by_key(|(read, taken, _)| (read.0, weight(*taken)));
    // Of two words about one reading the one that says more stays.
    marks.dedup_by(|next, kept| {
        let same = next.0.0 == kept.0.0;
        if same && weight(next.1) > weight(kept.1) {
            std::mem::swap(next, kept);
        }
        same
    });
    let mut rows: Vec<RegisterRow> = Vec::with_capacity(marks.len());
    let mut base: Option<f64> = None;
    for (read, taken, detail) in marks {
        let difference = rows.last().map(|row| read.1 - row.register_kwh);
        let counted = base.map(|base| counted(reads, taken, base, read));
        // An outlier is left out: the register goes on from where it stood before.
        base = if taken.is_left_out() { base } else { Some(read.1) };
        rows.push(RegisterRow {
            at: read.0,
            register_kwh: read.1,
            difference_kwh: difference,
            counted_kwh: counted,
            reading: taken,
            detail,
        });
    }
    rows
}

/// kWh from the register's last position to a reading.
fn counted(reads: &Reads<'_>, taken: Taken, base: f64, read: Read) -> f64 {
    match taken {
        Taken::Reset => read.1,
        Taken::Rollover => reads.modulus.map_or(read.1, |modulus| modulus - base + read.1),
        Taken::Exchange => {
            let nearest = |exchange: &&Exchange| (exchange.at - read.0).abs();
            reads.exchanges.iter().min_by_key(nearest).map_or(0.0, |exchange| {
                if !exchange.tells_of(reads.field) {
                    return 0.0;
                }
                exchange.old_final_kwh - base + read.1 - exchange.new_initial_kwh
            })
        }
        Taken::Outlier | Taken::Rejected | Taken::Quarantined => 0.0,
        _ => read.1 - base,
    }
}

/// How much a word says of a reading.
const fn weight(taken: Taken) -> u8 {
    match taken {
        Taken::Start => 2,
        Taken::End => 0,
        Taken::BeforeGap | Taken::BeforeFall => 1,
        Taken::AfterGap => 3,
        Taken::Corrected => 4,
        Taken::Outlier | Taken::Rejected | Taken::Accepted => 6,
        Taken::Reset | Taken::Rollover | Taken::Exchange | Taken::Quarantined => 5,
    }
}

fn minutes(time: TimeDelta) -> String {
    match time.num_minutes() {
        minutes @ 0..120 => format!("{minutes} min"),
        minutes => format!("{} h {} min", minutes / 60, minutes % 60),
    }
}

/// Why a fall was taken for a reset and not for a rollover, or the other way about, with the numbers.
pub(super) fn why(meter: &Meter, change: &Change) -> Option<(Fall, Fall)> {
    let (before, after) = (change.before, change.after);
    let elapsed = after.0 - before.0;
    let kwh = |value: f64| figures::fixed(value, 1);
    let seconds = elapsed.num_seconds();
    let hours = elapsed.as_seconds_f64().max(900.0) / 3600.0;
    let plausible = meter.rated_power_kw.map_or(Plausible::Any, |kw| Plausible::AtMost {
        rated: figures::about(kw),
        hours: figures::fixed(hours, 2),
        most: kwh(1.25 * kw * hours),
    });
    let through = meter
        .register_modulus_kwh
        .map(|modulus| (figures::fixed(modulus, 0), kwh(modulus - before.1 + after.1)));
    match (change.taken, through) {
        (Taken::Reset, Some((modulus, step))) => {
            Some((Fall::WhyReset, Fall::AsRollover { modulus, step, seconds, plausible }))
        }
        (Taken::Reset, None) => Some((Fall::WhyReset, Fall::NoLargest)),
        (Taken::Rollover, Some((modulus, step))) => {
            Some((Fall::WhyRollover, Fall::Through { modulus, step, seconds, plausible }))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    fn read(minute: i64, kwh: f64) -> Read {
        (DateTime::<Utc>::UNIX_EPOCH + TimeDelta::minutes(minute), kwh)
    }

    fn rows(changes: &[Change], gaps: &[(Read, Read)], modulus: Option<f64>) -> Vec<RegisterRow> {
        of(&Reads {
            start: Some(read(0, 48_211.4)),
            end: Some(read(885, 98.8)),
            changes,
            gaps,
            outliers: &[],
            field: Field::TotalEnergyKwh,
            exchanges: &[],
            modulus,
        })
    }

    #[test]
    fn a_reset_counts_from_zero_and_the_sum_is_the_energy() {
        let reads = [read(551, 48_317.5), read(552, 0.0), read(553, 0.1)];
        let reset = change(Flags::RESET, &reads).unwrap();
        let gap = (read(210, 48_243.5), read(285, 48_255.2));
        let rows = rows(&[reset], &[gap], None);
        let taken: Vec<_> = rows.iter().map(|row| row.reading).collect();
        assert_eq!(
            taken,
            [
                Taken::Start,
                Taken::BeforeGap,
                Taken::AfterGap,
                Taken::BeforeFall,
                Taken::Reset,
                Taken::End
            ]
        );
        let sum: f64 = rows.iter().filter_map(|row| row.counted_kwh).sum();
        assert!((sum - 204.9).abs() < 1e-6, "{sum}");
    }

    #[test]
    fn a_rollover_counts_through_the_largest_figure() {
        let reads = [read(551, 99_998.0), read(552, 3.0)];
        let rollover = change(Flags::ROLLOVER, &reads).unwrap();
        let rows = rows(&[rollover], &[], Some(100_000.0));
        let row = rows.iter().find(|row| row.reading == Taken::Rollover).unwrap();
        assert!((row.counted_kwh.unwrap() - 5.0).abs() < 1e-9);
    }

    #[test]
    fn a_step_in_quarantine_is_the_new_base_and_counts_nothing() {
        let reads = [read(10, 48_212.0), read(11, 90_000.0), read(12, 90_000.1)];
        let step = change(Flags::QUARANTINED, &reads).unwrap();
        assert_eq!(step.after, read(11, 90_000.0));
        let found = rows(&[step], &[], None);
        let row = found.iter().find(|row| row.reading == Taken::Quarantined).unwrap();
        assert_eq!(row.counted_kwh, Some(0.0));
    }
}
