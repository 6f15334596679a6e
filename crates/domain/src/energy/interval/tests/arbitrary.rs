//! Any meter, any faults: what is counted is what the register moved by.

use super::*;

/// What happens between one reading and the next.
#[derive(Debug, Clone, Copy)]
enum Next {
    /// The register rises.
    Rise,
    /// The register is set back to zero and rises from there.
    Reset,
    /// One reading shows nonsense, low or high; the register goes on.
    Glitch(bool),
    /// The register shows one step less than it did.
    Noise,
    /// The meter is replaced.
    Exchange,
    /// Somebody estimates the register, right or too high.
    Estimate(bool),
    /// The register jumps by more than can be true, and stays there.
    Jump,
}

#[derive(Debug, Clone)]
struct Life {
    reads: Vec<Read>,
    exchanges: Vec<Exchange>,
    modulus: Option<f64>,
    /// True energy up to each reading that shows it.
    truth: Vec<(DateTime<Utc>, f64)>,
}

const STEP: f64 = 0.01;
/// Plain readings by which a register is believed that goes on elsewhere.
const CALM: usize = 4;

/// A meter of 100 kW that is read every 1 to 90 minutes, with anything happening to it.
fn life() -> impl Strategy<Value = Life> {
    steps(12, 2).prop_map(|(steps, modulus, first)| live(&steps, modulus, f64::from(first)))
}

/// The same, with plain readings around each fault.
fn calm_life() -> impl Strategy<Value = Life> {
    calm_life_with(2)
}

fn calm_life_with(estimates: u32) -> impl Strategy<Value = Life> {
    let steps = steps(6, estimates);
    steps.prop_map(|(steps, modulus, first)| live(&apart(&steps), modulus, f64::from(first)))
}

type Steps = (Vec<(Next, i64, u32)>, Option<f64>, u32);

fn steps(calm: u32, estimates: u32) -> impl Strategy<Value = Steps> {
    let next = prop_oneof![
        calm => Just(Next::Rise),
        1 => Just(Next::Reset),
        1 => any::<bool>().prop_map(Next::Glitch),
        1 => Just(Next::Noise),
        1 => Just(Next::Exchange),
        1 => Just(Next::Jump),
        estimates => any::<bool>().prop_map(Next::Estimate),
    ];
    let steps = proptest::collection::vec((next, 1..90_i64, 0..1_000_u32), 2..40);
    (steps, prop_oneof![Just(None), Just(Some(100_000.0))], 1_000..99_990_u32)
}

fn live(steps: &[(Next, i64, u32)], modulus: Option<f64>, first: f64) -> Life {
    let mut life = Life { reads: Vec::new(), exchanges: Vec::new(), modulus, truth: Vec::new() };
    let (mut minutes, mut register, mut energy) = (0, first, 0.0);
    let push = |life: &mut Life, minutes, register: f64, energy| {
        life.reads.push(total(minutes, register));
        life.truth.push((minute(minutes), energy));
    };
    push(&mut life, 0, register, energy);
    let last = steps.len() - 1;
    let mut wrapped = None;
    for (index, &(next, wait, rise)) in steps.iter().enumerate() {
        let nonsense = rise;
        // Up to 60 kW over the time, in whole steps of the register, and always a little.
        let rise = (f64::from(rise) / 1_000.0 * wait as f64).round() + 1.0;
        // A wrap is told by the readings after it, too.
        let room = modulus.map_or(f64::INFINITY, |modulus| modulus - 1.0 - register);
        let room = if room < 0.0 { f64::INFINITY } else { room };
        let rise = if index + CALM > last { rise.min(room) } else { rise };
        let after_wrap = wrapped.is_some_and(|wrapped| index - wrapped <= CALM);
        let from = minutes;
        minutes += wait;
        // A fault is told from the truth by the reading after it: the last one is plain.
        match if index == last || after_wrap { Next::Rise } else { next } {
            Next::Glitch(low) => {
                // A figure that rises with the register is another one under its number.
                let shown = f64::from(nonsense + 1) * if low { -1e6 } else { 1e6 };
                life.reads.push(total(minutes, shown));
                continue;
            }
            Next::Estimate(high) => {
                let shown = register + if high { 2.0 * rise + 10.0 } else { rise };
                let estimate = total(minutes, shown);
                let quality = Quality::Estimated;
                life.reads.push(Read { quality, is_estimate: true, ..estimate });
                continue;
            }
            Next::Noise if register > 100.0 => {
                life.reads.push(total(minutes, register - STEP));
                life.truth.push((minute(minutes), energy));
                continue;
            }
            // Set back while it is small it may look misread, while it is large like one that wrapped.
            Next::Reset if (6_000.0..90_000.0).contains(&register) => register = rise,
            Next::Rise | Next::Reset | Next::Noise => register += rise,
            Next::Exchange => {
                let before = (rise / 2.0).floor().min(room);
                life.exchanges.push(Exchange {
                    at: minute(from) + TimeDelta::minutes(wait) / 2,
                    old_final_kwh: register + before,
                    new_initial_kwh: 7.0,
                    register: None,
                });
                register = 7.0 + rise - before;
            }
            Next::Jump => {
                register += 500_000.0;
                push(&mut life, minutes, register, energy);
                continue;
            }
        }
        energy += rise;
        if let Some(modulus) = modulus.filter(|m| (*m..*m + rise).contains(&register)) {
            register -= modulus;
            wrapped = Some(index);
        }
        push(&mut life, minutes, register, energy);
    }
    life
}

fn rules_of(life: &Life) -> Rules {
    Rules {
        step_kwh: STEP,
        modulus_kwh: life.modulus,
        exchanges: life.exchanges.clone(),
        register: Some(ImportRegister::Total),
        ..rules()
    }
}

fn bounds_of(life: &Life) -> Vec<DateTime<Utc>> {
    let last = life.reads.last().unwrap().at;
    quarters((last - start()).num_minutes() / 15 + 1)
}

/// Faults side by side cannot always be told apart: a glitch beside a reset, say, is a puzzle for
/// people too. Each fault here has plain readings around it.
fn apart(steps: &[(Next, i64, u32)]) -> Vec<(Next, i64, u32)> {
    let mut calm = CALM;
    let plain = [(Next::Rise, 15, 100); CALM];
    steps
        .iter()
        .map(|&(next, wait, rise)| {
            let fault = !matches!(next, Next::Rise);
            let next = if fault && calm < CALM { Next::Rise } else { next };
            calm = if matches!(next, Next::Rise) { calm + 1 } else { 0 };
            (next, wait.max(5), rise)
        })
        .chain(plain)
        .collect()
}

/// What the intervals from `from` to `to` add up to.
fn between(folded: &Folded, from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    let inside = folded.intervals.iter().filter(|i| i.start >= from && i.end <= to);
    inside.map(|interval| interval.import.0 - interval.export.0).sum()
}

/// The truth at an instant, on a straight line between the readings around it.
fn truth_at(life: &Life, at: DateTime<Utc>) -> f64 {
    let after = life.truth.partition_point(|(t, _)| *t < at);
    let (t1, e1) = life.truth[after.min(life.truth.len() - 1)];
    if after == 0 || t1 <= at {
        return e1;
    }
    let (t0, e0) = life.truth[after - 1];
    e0 + (e1 - e0) * (at - t0).as_seconds_f64() / (t1 - t0).as_seconds_f64()
}

/// Readings before an instant.
pub(super) fn before(reads: &[Read], at: DateTime<Utc>) -> &[Read] {
    &reads[..reads.partition_point(|read| read.at < at)]
}

/// Goes on as the program does once all has been read: from where readings bear on what was known, and from
/// before that where the run finds that it was decided about more.
pub(super) fn go_on(
    rules: &Rules,
    known: &[Interval],
    reads: &[Read],
    bounds: &[DateTime<Utc>],
) -> Vec<Interval> {
    let holding = |at| bounds.partition_point(|bound| *bound <= at).saturating_sub(1);
    let bases = known.last().into_iter().flat_map(|last| &last.carry.registers);
    let reach = bases.filter_map(Base::decides_from).map(holding).min();
    let mut begin = reach.unwrap_or(known.len()).min(known.len());
    loop {
        let carry = begin.checked_sub(1).map(|before| &known[before].carry);
        let rest = &reads[before(reads, bounds[begin]).len()..];
        let folded = fold(rules, carry, rest, &bounds[begin..]);
        match folded.reopens.map(holding).filter(|earlier| *earlier < begin) {
            Some(earlier) => begin = earlier,
            None => return [&known[..begin], &folded.intervals].concat(),
        }
    }
}

proptest! {
    /// Resets, rollovers, exchanges, glitches, noise, jumps and gaps: the intervals add up to the true energy.
    #[test]
    fn intervals_add_up_to_the_true_energy(life in calm_life()) {
        let folded = fold(&rules_of(&life), None, &life.reads, &bounds_of(&life));
        let (_, energy) = *life.truth.last().unwrap();
        prop_assert!((sum(&folded) - energy).abs() < 1e-6, "{} counted, {energy} true", sum(&folded));
        prop_assert!(folded.intervals.iter().all(|i| i.import.0 >= 0.0 && i.export.0 == 0.0));
    }

    /// Over any window of whole quarter-hours, where no meter is exchanged in between.
    #[test]
    fn any_window_holds_the_difference_at_its_ends(
        life in calm_life_with(0).prop_filter("no exchange", |life| life.exchanges.is_empty()),
        ends in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
    ) {
        let bounds = bounds_of(&life);
        let folded = fold(&rules_of(&life), None, &life.reads, &bounds);
        let (a, b) = (*ends.0.get(&bounds), *ends.1.get(&bounds));
        let (from, to) = (a.min(b), a.max(b));
        let truth = truth_at(&life, to) - truth_at(&life, from);
        // The jump itself is not counted, wherever in its stretch the window ends.
        prop_assert!((between(&folded, from, to) - truth).abs() < 1e-6);
    }

    /// Whatever happens, going on from any point gives what one run gives.
    #[test]
    fn going_on_from_any_point_changes_nothing(life in life(), at in any::<prop::sample::Index>()) {
        let (rules, bounds) = (rules_of(&life), bounds_of(&life));
        let whole = fold(&rules, None, &life.reads, &bounds);
        let split = at.index(bounds.len() - 1);
        // From what was known when no more had been read, and from what is known now.
        let before = fold(&rules, None, before(&life.reads, bounds[split]), &bounds[..=split]);
        for known in [&before.intervals[..], &whole.intervals[..split]] {
            let resumed = go_on(&rules, known, &life.reads, &bounds);
            prop_assert_eq!(resumed.len(), whole.intervals.len());
            for (one, other) in whole.intervals.iter().zip(&resumed) {
                prop_assert!((one.import.0 - other.import.0).abs() < 1e-9, "{}: {} {}", one.start, one.import.0, other.import.0);
                prop_assert!((one.coverage - other.coverage).abs() < 1e-9);
                prop_assert_eq!(&one.carry, &other.carry);
                prop_assert_eq!(one.flags, other.flags, "{}", one.start);
            }
        }
    }

    /// Nothing is negative, and no day above what could flow since the register had changed before it.
    #[test]
    fn no_day_of_any_life_at_all_is_above_what_could_flow(life in life()) {
        let folded = fold(&rules_of(&life), None, &life.reads, &bounds_of(&life));
        prop_assert!(folded.intervals.iter().all(|i| (0.0..=1.0).contains(&i.coverage)));
        prop_assert!(folded.intervals.iter().all(|i| i.import.0 >= 0.0 && i.export.0 >= 0.0));
        let mut since = start();
        for day in folded.intervals.chunks(96) {
            let counted: f64 = day.iter().map(|interval| interval.import.0).sum();
            let (begin, end) = (day[0].start, day[day.len() - 1].end);
            let read = life.reads.iter().filter(|read| (begin..end).contains(&read.at)).count();
            let hours = (end - since).as_seconds_f64() / 3_600.0;
            let most = 1.25 * 100.0 * hours + 2.0 * STEP * (read + 1) as f64;
            prop_assert!(counted <= most + 1e-6, "{begin}: {counted} of {most}");
            let track = day[day.len() - 1].carry.registers[0].track;
            since = track.before().map_or(track.changed_at(), |(since, _)| since);
        }
    }
}
