//! Readings that leave the track of a register and come back, and figures that were never a register.

use super::arbitrary::{before, go_on};
use super::*;
use crate::energy::{QUARTER, floor};

/// Readings so many minutes apart, from an instant on.
fn every(minutes: i64, from: DateTime<Utc>, shown: &[f64]) -> Vec<Read> {
    let at = |n| from + TimeDelta::minutes(n * minutes);
    (0..).zip(shown).map(|(n, kwh)| Read { at: at(n), ..total(0, *kwh) }).collect()
}

/// The quarter-hours that hold readings.
fn around(reads: &[Read]) -> Vec<DateTime<Utc>> {
    let (from, last) = (floor(reads[0].at, QUARTER).unwrap(), reads[reads.len() - 1].at);
    std::iter::successors(Some(from), |at| (*at <= last).then(|| *at + QUARTER)).collect()
}

fn unrated() -> Rules {
    Rules { rated: None, ..rules() }
}

fn rated(kw: f64) -> Rules {
    Rules { rated: Some(Kw(kw)), ..rules() }
}

fn rounded(kwh: f64) -> f64 {
    (kwh * 1e6).round() / 1e6
}

/// The energy that readings count and the questions they raise; and the same whenever the program was started
/// anew meanwhile.
fn judged(rules: &Rules, reads: &[Read]) -> (f64, usize) {
    let bounds = around(reads);
    let whole = fold(rules, None, reads, &bounds);
    let counted = sum(&whole);
    for split in 1..bounds.len() - 1 {
        let known = fold(rules, None, before(reads, bounds[split]), &bounds[..=split]).intervals;
        let resumed: f64 = go_on(rules, &known, reads, &bounds).iter().map(|i| i.import.0).sum();
        assert!((resumed - counted).abs() < 1e-6, "{}: {resumed}, not {counted}", bounds[split]);
    }
    (rounded(counted), whole.quarantined.iter().filter(|step| step.decision.is_none()).count())
}

/// A register that rises by a tenth with each reading.
fn rising(from: f64, count: u32) -> Vec<f64> {
    (0..count).map(|n| from + f64::from(n) / 10.0).collect()
}

#[test]
fn how_finely_a_register_counts_shows_in_what_was_taken_back_too() {
    let shown = [5_000.0, 5_005.0, 5_010.0, 0.0, 0.02, 0.04, 0.05, 0.07, 5_040.0, 5_045.0, 5_050.0];
    let reads = reads(&shown);
    let folded = fold(&rules(), None, &reads, &quarters(4));
    assert_eq!((sum(&folded), folded.outliers.len()), (50.0, 5));
    let rise = Rise { kwh: 0.01, at: minute(30) };
    assert_eq!(folded.smallest_rise, Some(rise));
    let known = &folded.intervals[1].carry;
    let resumed = fold(&rules(), Some(known), &reads[6..], &[minute(30), minute(45), minute(60)]);
    assert_eq!(resumed.smallest_rise, Some(rise));
}

#[test]
fn what_is_no_register_raises_one_question_at_most() {
    let begins = |nonsense: f64| [&[nonsense], &rising(500.0, 9)[..]].concat();
    let turns = |one: f64, other: f64| -> Vec<f64> {
        let pairs = rising(one, 14).into_iter().zip(rising(other, 14));
        pairs.flat_map(|(one, other)| [one, other]).collect()
    };
    let falling: Vec<f64> = rising(1_200.0, 36).into_iter().rev().collect();
    // A load of 100 kW, and one of 9 kW.
    let load = |kwh: f64| (0..30).map(|n| 100.0 + kwh * f64::from(n)).collect::<Vec<f64>>();
    let (large, small) = (load(100.0 / 12.0), load(0.75));
    let cases = [
        ("an error code at first", rules(), begins(4_294_967.295), 0.8, 1),
        ("an error code at first, unrated", unrated(), begins(4_294_967.295), 0.8, 1),
        ("zero at first", rules(), begins(0.0), 0.8, 1),
        ("zero at first, unrated", unrated(), begins(0.0), 0.8, 1),
        ("minus one at first", rules(), begins(-1.0), 0.8, 1),
        ("only ever 0", rules(), vec![0.0; 30], 0.0, 0),
        ("only ever 0, unrated", unrated(), vec![0.0; 30], 0.0, 0),
        ("counts down", rules(), falling.clone(), 0.0, 1),
        ("counts down, unrated", unrated(), falling, 0.0, 1),
        ("two devices", rules(), turns(1_200.0, 88.0), 0.0, 1),
        ("two devices, unrated", unrated(), turns(1_200.0, 88.0), 0.0, 1),
        ("rated ten times too low", rated(10.0), large.clone(), 0.0, 1),
        ("rated ten times too high", rated(1_000.0), large, 241.666_667, 0),
        ("rated ten times too high, small", rated(90.0), small, 21.75, 0),
    ];
    for (name, rules, shown, kwh, questions) in cases {
        assert_eq!(judged(&rules, &every(5, start(), &shown)), (kwh, questions), "{name}");
    }
}

#[test]
fn all_that_was_used_counts_once_the_rated_power_is_said_to_be_too_low() {
    let shown: Vec<f64> = (0..30).map(|n| 100.0 + 8.0 * f64::from(n)).collect();
    let reads = every(5, start(), &shown);
    let asked = fold(&rated(10.0), None, &reads, &around(&reads));
    let [step] = asked.quarantined[..] else { panic!("{:?}", asked.quarantined) };
    let mut decisions = Decisions::default();
    decisions.note(step.at, step.field, Stepped::from(&step), Decision::Accept);
    let rules = Rules { decisions, ..rated(10.0) };
    assert_eq!(judged(&rules, &reads), (232.0, 0));
    assert_eq!(judged(&rated(100.0), &reads), (232.0, 0));
}

#[test]
fn a_new_load_lies_where_it_was_read_and_a_rise_that_waited_where_power_ran() {
    // Standby of 0.6 kW, then 60 kW in rises of many sizes.
    let shown = [7.0, 7.05, 7.1, 7.15, 7.2, 7.25, 12.5, 17.0, 22.4, 27.5, 32.4];
    let reads = every(5, start(), &shown);
    let folded = fold(&unrated(), None, &reads, &around(&reads));
    let counted: Vec<f64> = folded.intervals.iter().map(|i| rounded(i.import.0)).collect();
    assert_eq!(counted, [0.15, 5.35, 15.0, 4.9]);
    assert!(folded.outliers.is_empty(), "{:?}", folded.outliers);

    // 40 kWh beyond what fits the last 20 minutes; all of them were drawn in the first ten.
    let shown = [0.0, 5.0, 10.0, 10.0, 10.0, 10.0, -1.0, -1.0, -1.0, 50.0, 50.0, 50.0];
    let power = [60.0, 60.0, 60.0, 0.0, 0.0, 80.0, 40.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let mut reads = every(5, start(), &shown);
    for (read, kw) in reads.iter_mut().zip(power) {
        read.values.active_power_kw = Some(kw);
    }
    let folded = fold(&rated(72.0), None, &reads, &around(&reads));
    let counted: Vec<f64> = folded.intervals.iter().map(|i| rounded(i.import.0)).collect();
    assert_eq!(counted, [10.0, 30.0, 10.0, 0.0]);
}

/// Nonsense around an instant, in a register that rises by a tenth each five minutes.
fn disturbed(around: DateTime<Utc>, nonsense: f64) -> Vec<Read> {
    let mut shown = rising(500.0, 25);
    shown[11..14].fill(nonsense);
    every(5, around - TimeDelta::minutes(60), &shown)
}

#[test]
fn an_excursion_changes_nothing_whatever_the_hour() {
    let midnight = "2026-05-06T00:00:00Z";
    let clock_changes = ["2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"];
    for at in [&[midnight], &clock_changes[..]].concat() {
        let at = at.parse().unwrap();
        let right = fold(&rules(), None, &disturbed(at, 501.2), &around(&disturbed(at, 501.2)));
        for (nonsense, rules) in [0.0, -1.0, 236.0, 52_310.0, 4_294_967.295]
            .into_iter()
            .flat_map(|nonsense| [(nonsense, rules()), (nonsense, unrated())])
        {
            let reads = disturbed(at, nonsense);
            assert_eq!(judged(&rules, &reads), (2.4, 0), "{nonsense} at {at}");
            let folded = fold(&rules, None, &reads, &around(&reads));
            let outliers = folded.outliers.iter().map(|outlier| outlier.value).collect::<Vec<_>>();
            assert_eq!(outliers, [nonsense; 3], "{at}");
            assert_eq!(imports(&folded)[..3], imports(&right)[..3]);
            assert_eq!(imports(&folded)[5..], imports(&right)[5..]);
        }
    }
}

#[test]
fn an_excursion_across_an_exchange_leaves_both_registers_as_they_stand() {
    let rules = Rules { exchanges: vec![exchange(12, [501.0, 20.0])], ..rules() };
    for nonsense in [0.0, -1.0, 9e6] {
        let shown = [500.0, 500.5, nonsense, nonsense, nonsense, 20.5, 21.0, 21.5];
        assert_eq!(judged(&rules, &every(5, start(), &shown)), (2.5, 0), "{nonsense}");
    }
}

#[test]
fn what_was_known_before_there_were_rivals_is_read() {
    let stored = r#"{"t":"2026-05-05T10:00:00Z","r":[{"f":"im","t":"2026-05-05T10:00:00Z","v":500.0,
        "d":["2026-05-05T10:05:00Z",0.0],"w":0.1,"s":12.0}],"m":40.0}"#;
    let carry: Carry = serde_json::from_str(stored).unwrap();
    let read = |minutes, kwh| {
        let values = Values { energy_import_kwh: Some(kwh), ..Values::default() };
        Read { at: minute(minutes), quality: Quality::Good, is_estimate: false, values }
    };
    let rules = Rules { register: Some(ImportRegister::Import), ..unrated() };
    let go_on = |shown: &[f64]| {
        let reads: Vec<_> = (2..).zip(shown).map(|(n, kwh)| read(n * 5, *kwh)).collect();
        fold(&rules, Some(&carry), &reads, &quarters(2))
    };
    // The reading that was doubted was nonsense, or the first one of a register that was set back.
    let back = go_on(&[500.5, 501.0]);
    assert_eq!((imports(&back), back.quarantined.len()), (vec![1.0, 0.0], 0));
    let anew = go_on(&[0.5, 1.0, 1.5]);
    assert_eq!((imports(&anew), anew.quarantined.len()), (vec![1.0, 0.5], 0));
    assert_eq!(flagged(&anew, Flags::RESET), [0]);

    let now = serde_json::to_string(&anew.known).unwrap();
    assert_eq!(serde_json::from_str::<Carry>(&now).unwrap(), anew.known);
}

/// How readings of an excursion differ from what the register shows.
#[derive(Debug, Clone, Copy)]
enum Excursion {
    /// All show the same.
    Same(f64),
    /// They go on as the register does, so far from it.
    Beside(f64),
    Thousandfold,
    /// They show what the register had shown a while before.
    Stale(f64),
}

impl Excursion {
    fn show(self, first: f64, true_kwh: f64) -> f64 {
        match self {
            Self::Same(kwh) => kwh,
            Self::Beside(kwh) => true_kwh + kwh,
            Self::Thousandfold => true_kwh * 1_000.0,
            Self::Stale(kwh) => first - kwh,
        }
    }
}

/// A meter that is read every so many minutes, and its rises of up to 60 kW in whole steps.
fn calm_days(days: usize) -> impl Strategy<Value = (i64, Vec<f64>)> {
    prop_oneof![Just(5_i64), Just(15), Just(60)].prop_flat_map(move |minutes| {
        let count = 24 * 60 * days / usize::try_from(minutes).unwrap();
        let rises = proptest::collection::vec(0..i32::try_from(minutes).unwrap() + 1, count);
        let shown = rises.prop_map(|rises| {
            let stood = rises.iter().scan(5_000.0, |kwh, rise| {
                *kwh += f64::from(*rise);
                Some(*kwh)
            });
            stood.collect()
        });
        (Just(minutes), shown)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Of any length below a day, up or down, wherever but at the first reading.
    #[test]
    fn an_excursion_changes_no_energy_around_it(
        (minutes, shown) in calm_days(2),
        first in any::<prop::sample::Index>(),
        length in any::<prop::sample::Index>(),
        excursion in prop_oneof![
            Just(Excursion::Same(0.0)),
            Just(Excursion::Same(-1.0)),
            Just(Excursion::Same(4_294_967.295)),
            Just(Excursion::Beside(1e5)),
            Just(Excursion::Beside(-3_000.0)),
            Just(Excursion::Thousandfold),
            Just(Excursion::Stale(800.0)),
        ],
    ) {
        let longest = usize::try_from(24 * 60 / minutes).unwrap() - 1;
        let length = 1 + length.index(longest);
        let first = 1 + first.index(shown.len() - length - 3);
        let mut nonsense = shown.clone();
        for kwh in &mut nonsense[first..first + length] {
            *kwh = excursion.show(shown[first - 1], *kwh);
        }
        let (right, reads) = (every(minutes, start(), &shown), every(minutes, start(), &nonsense));
        let bounds = around(&reads);
        let (right, folded) = (fold(&rules(), None, &right, &bounds), fold(&rules(), None, &reads, &bounds));
        prop_assert!((sum(&folded) - sum(&right)).abs() < 1e-6, "{} of {}", sum(&folded), sum(&right));
        prop_assert_eq!(folded.quarantined.len(), 0);
        let (from, to) = (reads[first - 1].at, reads[first + length].at);
        let outliers: Vec<_> = folded.outliers.iter().map(|outlier| outlier.at).collect();
        let left_out: Vec<_> = reads[first..first + length].iter().map(|read| read.at).collect();
        prop_assert_eq!(outliers, left_out);
        for (one, other) in folded.intervals.iter().zip(&right.intervals) {
            if one.end <= from || one.start >= to {
                prop_assert!((one.import.0 - other.import.0).abs() < 1e-9, "{}", one.start);
            }
        }
    }

    /// The first reading of each day and the last one say it all.
    #[test]
    fn readings_that_are_missing_change_no_day(
        (minutes, shown) in calm_days(3),
        lost in proptest::collection::vec(any::<bool>(), 3 * 24 * 12),
    ) {
        let midnight = start() - TimeDelta::hours(10);
        let all = every(minutes, midnight, &shown);
        let day = |read: &Read| (read.at - midnight).num_days();
        let ends = |n: usize| {
            n == 0 || n + 1 == all.len() || day(&all[n - 1]) != day(&all[n]) || day(&all[n]) != day(&all[n + 1])
        };
        let some: Vec<_> =
            (0..all.len()).filter(|n| ends(*n) || !lost[*n]).map(|n| all[n].clone()).collect();
        let few: Vec<_> = (0..all.len()).filter(|n| ends(*n)).map(|n| all[n].clone()).collect();
        let bounds: Vec<_> = (0..=3).map(|days| midnight + TimeDelta::days(days)).collect();
        let right = fold(&rules(), None, &all, &bounds);
        for reads in [some, few] {
            let folded = fold(&rules(), None, &reads, &bounds);
            prop_assert_eq!(folded.quarantined.len(), 0);
            for (one, other) in folded.intervals.iter().zip(&right.intervals) {
                prop_assert!((one.import.0 - other.import.0).abs() < 1e-6, "{}", one.start);
            }
        }
    }
}

/// Anything at all that could be read within a day.
fn wild() -> impl Strategy<Value = Vec<Read>> {
    let next = (1..36_i64, 0..9_u8, 0..1_000_u32);
    proptest::collection::vec(next, 2..40).prop_map(|steps| {
        let (mut at, mut kwh, mut other) = (0, 5_000.0, 300.0);
        let mut reads = vec![total(0, kwh)];
        for (wait, kind, amount) in steps {
            let amount = f64::from(amount);
            at += wait;
            let shown = match kind {
                0 => 0.0,
                1 => -amount,
                2 => amount * 1e6,
                3 => kwh - amount / 100.0,
                4 => {
                    other += amount / 100.0;
                    other
                }
                5 => {
                    kwh = if amount < 500.0 { amount } else { amount * 30.0 };
                    kwh
                }
                _ => {
                    kwh += amount / 500.0;
                    kwh
                }
            };
            reads.push(total(at, shown));
        }
        reads.push(total(at + 30, kwh));
        reads
    })
}

proptest! {
    /// Whatever is read, a run that was cut anywhere counts what one run counts, and no more than could flow.
    #[test]
    fn whatever_is_read_counts_no_more_than_could_flow_and_going_on_changes_nothing(
        reads in wild(),
        cut in any::<prop::sample::Index>(),
    ) {
        let rules = rated(20.0);
        let bounds = around(&reads);
        let whole = fold(&rules, None, &reads, &bounds);
        prop_assert!(whole.intervals.iter().all(|i| i.import.0 >= 0.0 && i.export.0 <= 0.0));
        let hours = (reads[reads.len() - 1].at - start()).as_seconds_f64() / 3_600.0;
        let most = 1.25 * 20.0 * hours + 2.0 * 0.01 * reads.len() as f64;
        prop_assert!(sum(&whole) <= most, "{} of {most}", sum(&whole));
        // A question about two registers goes back to where the second one was first seen.
        let asks = |all: &[Interval]| all.iter().any(|i| i.carry.registers.iter().any(|base| base.asked.is_some()));
        let cut = 1 + cut.index(bounds.len() - 2);
        let known = fold(&rules, None, before(&reads, bounds[cut]), &bounds[..=cut]).intervals;
        for known in [&known[..], &whole.intervals[..cut]] {
            let resumed = go_on(&rules, known, &reads, &bounds);
            if asks(known) || asks(&whole.intervals) || asks(&resumed) {
                continue;
            }
            for (one, other) in whole.intervals.iter().zip(&resumed) {
                prop_assert!((one.import.0 - other.import.0).abs() < 1e-6, "{}: {} {}", one.start, one.import.0, other.import.0);
            }
        }
    }
}

/// A register that is back on the track it left goes on there, however long it stood: so it does when the run was cut
/// between, and nothing is known of the time in which it was away.
#[test]
fn a_return_is_judged_by_when_its_track_was_left_however_the_run_is_cut() {
    let begun = [(0, 5_000.0), (9, 300.0), (14, 300.01), (24, 300.02), (38, 0.0), (127, 0.0)];
    let back = [(156, 5_000.0), (157, 5_000.438), (180, 5_000.438), (181, 0.0), (345, 5_000.438)];
    let reads: Vec<_> = begun.iter().chain(&back).map(|(at, kwh)| total(*at, *kwh)).collect();
    let (rules, bounds) = (rated(20.0), around(&reads));
    let whole = fold(&rules, None, &reads, &bounds);
    assert!((sum(&whole) - 0.438).abs() < 1e-6);
    for cut in 1..bounds.len() - 1 {
        let resumed = go_on(&rules, &whole.intervals[..cut], &reads, &bounds);
        for (one, other) in whole.intervals.iter().zip(&resumed) {
            let same = (one.import.0 - other.import.0).abs() < 1e-6;
            assert!(same, "{} {}", bounds[cut], one.start);
        }
    }
}
