//! What was found of one meter, and what it counted by that.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Kwh;
use domain::energy::interval::Flags;
use domain::energy::window::{self, Bracket, Ends, Known, Window};
use domain::energy::{QUARTER, staleness};
use domain::meters::Meter;
use domain::sites::Site;
use storage::energy::{Edge, Sum};
use storage::readings::Neighbours;

use super::Counted;
use super::parts::{self, Cut, Edged};

/// What may happen to a register without its difference being wrong.
pub(super) const QUIET: i32 = Flags::GAP.0 | Flags::DERIVED.0;

/// What was found of one meter.
pub(super) struct EnergyInputs<'a> {
    pub(super) meter: &'a Meter,
    pub(super) poll: TimeDelta,
    pub(super) start: Bracket,
    pub(super) end: Bracket,
    pub(super) sum: Option<Sum>,
    pub(super) edges: Vec<Edge>,
    /// Whether a person corrected one of its readings.
    pub(super) corrected: bool,
    /// Between when and when its register is known around the beginning and the end.
    pub(super) around: [Around; 2],
    /// When it is known there, where the readings around an end hold another register alone.
    pub(super) apart: [Option<Neighbours>; 2],
    /// When its export register, which rose once, was read last, as far as is computed.
    pub(super) export_read: Option<DateTime<Utc>>,
}

/// The instants next to another at which a register is known; none where there is none on a side.
pub(super) type Around = Option<(DateTime<Utc>, DateTime<Utc>)>;

impl EnergyInputs<'_> {
    fn flags(&self) -> Flags {
        let edges = self.edges.iter().fold(0, |flags, edge| flags | edge.flags);
        Flags(self.sum.as_ref().map_or(0, |sum| sum.flags) | edges)
    }

    /// The quarter-hour at an end, or next to one, that begins at an instant.
    pub(super) fn row(&self, start: DateTime<Utc>) -> Option<&Edge> {
        self.edges.iter().find(|edge| edge.bucket_start == start)
    }

    /// Whether the difference of the registers may not be the energy.
    fn is_doubtful(&self) -> bool {
        self.corrected || self.flags().0 & !QUIET != 0
    }

    /// Whether it delivered energy of which the readings at an end do not tell: its export register is read
    /// more seldom than that of import.
    fn is_export_unread(&self, export: Kwh) -> bool {
        export > Kwh::ZERO && !(shows_export(&self.start) && shows_export(&self.end))
    }

    fn ends(&self, window: Window) -> Option<Ends> {
        window::ends(self.meter, self.poll, window, &self.start, &self.end)
    }

    /// Whether there is nothing that bears on the window.
    pub(super) fn is_empty(&self, window: Window) -> bool {
        self.sum.is_none() && self.edges.is_empty() && self.ends(window).is_none()
    }

    /// The share of a quarter-hour at an end that lies in the window.
    pub(super) fn share(&self, cut: &Cut, start: DateTime<Utc>) -> f64 {
        // Nothing after the end was read: all of the quarter-hour so far lies before it.
        let is_newest = self.end.before.is_some() && self.end.after.is_none();
        let is_under_way = is_newest && cut.ends_in(start);
        if is_under_way { 1.0 } else { cut.share(start) }
    }

    /// With what the other counters say.
    pub(super) fn counted(&self, known: Option<Known>, edged: Edged) -> Counted {
        let sum = self.sum.as_ref();
        let litres = [sum.and_then(|sum| sum.diesel_l), edged.diesel_l];
        let seconds = sum.map_or(0.0, |sum| sum.runtime_s) + edged.runtime_s;
        let starts = sum.map_or(0, |sum| sum.starts) + edged.starts;
        Counted {
            known,
            estimated: Kwh(sum.map_or(0.0, |sum| sum.estimated_kwh)) + edged.estimated,
            diesel_litres: litres.into_iter().flatten().reduce(|a, b| a + b),
            runtime_hours: seconds / 3600.0,
            starts: u32::try_from(starts).unwrap_or(u32::MAX),
            flags: self.flags(),
            start: self.start,
            end: self.end,
            edges: Some(<[(f64, f64); 2]>::default()),
        }
    }

    /// By its intervals: the whole ones, with what passed at the ends.
    pub(super) fn by_intervals(
        &self,
        site: &Site,
        window: Window,
        cut: &Cut,
        edged: Edged,
        is_computed: bool,
    ) -> Counted {
        let sum = |of: fn(&Sum) -> f64| self.sum.as_ref().map_or(0.0, of);
        let import = Kwh(sum(|sum| sum.import_kwh)) + edged.import;
        let export = Kwh(sum(|sum| sum.export_kwh)) + edged.export;
        let backed_s = sum(|sum| sum.covered_s + sum.bridged_s) + edged.backed_s;
        let read = self.ends(window);
        let is_told = !self.is_doubtful() && !self.is_export_unread(export);
        let difference = read.and_then(|ends| ends.difference).filter(|_| is_told);
        let (import, export) = difference.map_or((import, export), |(by_import, by_export)| {
            (exact(import, by_import), exact(export, by_export))
        });
        let known = match (self.stretch(site, window, cut), read.zip(difference)) {
            // Not all that is stored is computed yet: the registers know.
            (_, Some((ends, (import, export)))) if !is_computed => {
                Some(ends.with(import, export, TimeDelta::zero()))
            }
            // Rows beside the last reading of a meter count nothing, and know nothing.
            (Some(rows), _) if read.is_some() || backed_s > 0.0 => {
                let (from, to) = self.known_for(rows, read, backed_s);
                let length = |from, to| seconds(to - from);
                // Of days whose readings are gone nobody knows in which hours they were read.
                let is_known = read.is_some() || self.apart.iter().any(Option::is_some);
                let told = if is_known { length(from, to) } else { backed_s };
                let unknown_s = (told - backed_s).max(0.0);
                let crossed = self.crossed(window);
                let mut uncertain = crossed.uncertain;
                // Power is not integrated across silence: what passed then is not in the energy.
                let integrated = self.flags().has(Flags::INTEGRATED);
                if integrated && backed_s > 0.0 {
                    uncertain += (import + export) * (unknown_s / backed_s);
                }
                let coverage = (backed_s - crossed.seconds) / length(window.from, window.to);
                let coverage = coverage.clamp(0.0, 1.0);
                let unknown_s = if integrated { 0.0 } else { unknown_s };
                let ends = Ends::of_intervals(self.poll, from, to, uncertain, coverage);
                Some(ends.with(import, export, time(unknown_s)))
            }
            (_, Some((ends, (import, export)))) => {
                Some(ends.with(import, export, TimeDelta::zero()))
            }
            (_, None) => None,
        };
        let known = known.map(|known| known.with_export_read(self.export_read()));
        self.counted(known, edged)
    }

    /// When the export register was read last, where one is awaited.
    fn export_read(&self) -> Option<DateTime<Utc>> {
        let around = [self.end.before, self.end.after].into_iter().flatten();
        let read = around.filter(|sample| sample.export_kwh.is_some()).map(|sample| sample.at);
        let stored = self.export_read?;
        read.chain([stored]).max()
    }

    /// From when until when the energy is known: by the readings, and before the first of them for as
    /// long as the intervals count more than there are readings for, since older ones may be gone.
    fn known_for(
        &self,
        (first, last): (DateTime<Utc>, DateTime<Utc>),
        read: Option<Ends>,
        backed_s: f64,
    ) -> (DateTime<Utc>, DateTime<Utc>) {
        const ROUNDING: TimeDelta = TimeDelta::minutes(1);
        let Some(ends) = read else {
            let [start, end] = self.apart;
            let begins = start.filter(|known| known.before.is_none()).and_then(|known| known.after);
            let stops = end.filter(|known| known.after.is_none()).and_then(|known| known.before);
            let from = begins.map_or(first, |at| at.max(first));
            return (from, stops.map_or(last, |at| at.min(last)).max(from));
        };
        let before = time(backed_s - seconds(ends.to - ends.from));
        if self.start.before.is_some() || before < ROUNDING {
            return (ends.from, ends.to);
        }
        ((ends.from - before).max(first), ends.to)
    }

    /// What long silences across the ends of a window leave uncertain: gaps, and such as lie between any two
    /// readings of a meter that is read seldom.
    fn crossed(&self, window: Window) -> Crossed {
        let mut crossed = Crossed::default();
        let mut last = None;
        for (at, around) in [window.from, window.to].into_iter().zip(self.around) {
            let Some((from, to)) = around else { continue };
            if !(from < at && at < to && to - from > staleness::lag_limit(self.poll)) {
                continue;
            }
            let row = self.row(parts::floor(at));
            let is_gap = to - from > staleness::gap_limit(self.poll);
            let Some(power) = row.and_then(|row| spread(row, is_gap)) else { continue };
            let share = seconds(at - from) / seconds(to - from);
            crossed.uncertain += Kwh(power * seconds(to - from) * share.max(1.0 - share));
            if is_gap && last != Some(from) {
                crossed.seconds += seconds(to.min(window.to) - from.max(window.from));
            }
            last = Some(from);
        }
        crossed
    }

    /// From the first interval to the last.
    fn stretch(
        &self,
        site: &Site,
        window: Window,
        cut: &Cut,
    ) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let mut found: Option<(DateTime<Utc>, DateTime<Utc>)> = None;
        let mut add = |start: DateTime<Utc>, end: DateTime<Utc>| {
            found = Some(found.map_or((start, end), |(from, to)| (from.min(start), to.max(end))));
        };
        if let Some(sum) = &self.sum {
            if let (Some(first), Some(last)) = (sum.first_day, sum.last_day) {
                add(site.day_start(first), site.day_start(last.succ_opt().unwrap_or(last)));
            }
            if let (Some(first), Some(last)) = (sum.first_quarter, sum.last_quarter) {
                add(first, last + QUARTER);
            }
        }
        for edge in self.edges.iter().filter(|edge| self.share(cut, edge.bucket_start) > 0.0) {
            add(edge.bucket_start, edge.bucket_start + QUARTER);
        }
        let (from, to) = found?;
        Some((from.max(window.from), to.min(window.to)))
    }
}

/// Gaps that cross the ends of a window.
#[derive(Debug, Clone, Copy, Default)]
struct Crossed {
    /// How wrong their share of energy may be.
    uncertain: Kwh,
    /// How much of the window lies in them.
    seconds: f64,
}

/// Energy per second of a quarter-hour where it was shared out evenly: in a gap, or between the readings of
/// a meter that is read seldom.
fn spread(row: &Edge, is_gap: bool) -> Option<f64> {
    let covered_s = f64::from(row.coverage) * QUARTER.as_seconds_f64();
    let (kwh, seconds) = if is_gap {
        (row.estimated_kwh, row.bridged_s)
    } else {
        (row.import_kwh + row.export_kwh, covered_s)
    };
    (seconds > 0.0).then(|| kwh / seconds)
}

/// A sum freed of what adding up did to its last digits, by the difference of the registers.
fn exact(sum: Kwh, difference: Kwh) -> Kwh {
    const LAST_DIGITS: f64 = 1e-9;
    let is_same = (sum - difference).abs().0 <= LAST_DIGITS * difference.0.abs().max(1.0);
    if is_same { difference } else { sum }
}

fn seconds(time: TimeDelta) -> f64 {
    time.as_seconds_f64()
}

/// To the microsecond, which is what instants are stored to.
fn time(seconds: f64) -> TimeDelta {
    Duration::try_from_secs_f64(seconds)
        .ok()
        .and_then(|duration| TimeDelta::from_std(duration).ok())
        .unwrap_or_default()
}

/// Whether one of the readings around an instant has the register of export.
pub(super) fn shows_export(bracket: &Bracket) -> bool {
    [bracket.before, bracket.after].into_iter().flatten().any(|sample| sample.export_kwh.is_some())
}
