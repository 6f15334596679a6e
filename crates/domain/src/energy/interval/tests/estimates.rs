//! Values that somebody estimated.

use super::arbitrary::{before, go_on};
use super::*;

/// A reading of a day, from the first one on, kWh; whether it is an estimate.
type Shown = (i64, f64, bool);

fn read((day, kwh, is_estimate): &Shown) -> Read {
    let quality = if *is_estimate { Quality::Estimated } else { Quality::Good };
    Read { quality, is_estimate: *is_estimate, ..total(day * 1440, *kwh) }
}

fn rules_of_days() -> Rules {
    Rules { rated: None, poll: TimeDelta::days(30), ..rules() }
}

/// The energy between each two of some days, the estimated energy in all, and the questions, however often the
/// program was started anew meanwhile.
fn counted(rules: &Rules, shown: &[Shown], days: &[i64]) -> (Vec<f64>, f64, usize) {
    let reads: Vec<Read> = shown.iter().map(read).collect();
    let last = shown[shown.len() - 1].0;
    let bounds = quarters(last * 96 + 1);
    let whole = fold(rules, None, &reads, &bounds);
    for split in (1..bounds.len() - 1).step_by(1009) {
        let known = fold(rules, None, before(&reads, bounds[split]), &bounds[..=split]).intervals;
        for (one, other) in go_on(rules, &known, &reads, &bounds).iter().zip(&whole.intervals) {
            assert!((one.import.0 - other.import.0).abs() < 1e-9, "{}: {shown:?}", bounds[split]);
            assert_eq!((one.flags, &one.carry), (other.flags, &other.carry), "{}", one.start);
        }
    }
    let between = |pair: &[i64]| {
        let inside =
            |i: &&Interval| i.start >= minute(pair[0] * 1440) && i.end <= minute(pair[1] * 1440);
        let sum: f64 = whole.intervals.iter().filter(inside).map(|i| i.import.0).sum();
        (sum * 1e6).round() / 1e6
    };
    let estimated: f64 = whole.intervals.iter().map(|i| i.estimated.0).sum();
    let asked = whole.quarantined.iter().filter(|step| step.decision.is_none()).count();
    (days.windows(2).map(between).collect(), (estimated * 1e6).round() / 1e6, asked)
}

#[test]
fn estimates_count_until_the_next_actual_reading() {
    const A: bool = false;
    const E: bool = true;
    let begins = [(0, 1000.0, A), (30, 1300.0, A), (60, 1600.0, A)];
    let after = |more: &[Shown]| [&begins, more].concat();
    let days = [60, 90, 120, 150];
    let cases: [(&str, Vec<Shown>, [f64; 3]); 8] = [
        ("nothing actual since", after(&[(90, 2000.0, E), (120, 2500.0, E)]), [400.0, 500.0, 0.0]),
        (
            "what is left is the rest",
            after(&[(90, 2000.0, E), (120, 2500.0, E), (150, 2600.0, A)]),
            [400.0, 500.0, 100.0],
        ),
        (
            "too high",
            after(&[(90, 2000.0, E), (120, 2400.0, E), (150, 2200.0, A)]),
            [200.0, 200.0, 200.0],
        ),
        (
            "nothing used",
            after(&[(90, 2000.0, E), (120, 2400.0, E), (150, 1600.0, A)]),
            [0.0, 0.0, 0.0],
        ),
        (
            "too low by far",
            after(&[(90, 1600.5, E), (120, 1601.0, E), (150, 4600.0, A)]),
            [0.5, 0.5, 2999.0],
        ),
        (
            "the last value again",
            after(&[(90, 1600.0, E), (120, 1600.0, E), (150, 2500.0, A)]),
            [300.0, 300.0, 300.0],
        ),
        (
            "one below the other",
            after(&[(90, 2000.0, E), (120, 1900.0, E), (150, 2100.0, A)]),
            [400.0, 50.0, 50.0],
        ),
        (
            "estimates after it again",
            after(&[(90, 2000.0, E), (120, 1800.0, A), (150, 2500.0, E)]),
            [100.0, 100.0, 700.0],
        ),
    ];
    for (name, shown, kwh) in cases {
        let (is, _, questions) = counted(&rules_of_days(), &shown, &days[..shown.len().min(4)]);
        assert_eq!((&is[..], questions), (&kwh[..is.len()], 0), "{name}");
    }
}

#[test]
fn an_estimate_beyond_what_could_flow_says_nothing() {
    let shown = [
        (0, 500.0, false),
        (1, 510.0, false),
        (2, 4_294_967.295, true),
        (3, 530.0, true),
        (4, 540.0, false),
    ];
    let rules = Rules { poll: TimeDelta::days(1), rated: Some(Kw(10.0)), ..rules() };
    let (kwh, _, questions) = counted(&rules, &shown, &[0, 1, 3, 4]);
    assert_eq!((kwh, questions), (vec![10.0, 20.0, 10.0], 0));
}

#[test]
fn a_register_that_begins_with_an_estimate_goes_on_from_what_is_actual() {
    let lower = [
        (0, 500.0, true),
        (10, 700.0, true),
        (20, 450.0, false),
        (30, 480.0, false),
        (40, 520.0, false),
    ];
    let (kwh, _, questions) = counted(&rules_of_days(), &lower, &[0, 20, 30, 40]);
    assert_eq!((kwh, questions), (vec![0.0, 30.0, 40.0], 0));
    let higher = [(0, 500.0, true), (10, 510.0, true), (20, 550.0, false), (30, 580.0, false)];
    let (kwh, estimated, questions) = counted(&rules_of_days(), &higher, &[0, 10, 20, 30]);
    assert_eq!((kwh, estimated, questions), (vec![10.0, 40.0, 30.0], 50.0, 0));
}

#[test]
fn what_began_anew_after_an_estimate_keeps_the_estimate() {
    let shown = [
        (0, 500.0, false),
        (1, 510.0, false),
        (2, 520.0, false),
        (3, 530.0, false),
        (4, 540.0, true),
        (5, 4.0, false),
        (6, 14.0, false),
        (7, 24.0, false),
        (8, 34.0, false),
    ];
    let rules = Rules { poll: TimeDelta::days(1), rated: Some(Kw(10.0)), ..rules() };
    let (kwh, _, questions) = counted(&rules, &shown, &[0, 3, 4, 8]);
    assert_eq!((kwh, questions), (vec![30.0, 10.0, 34.0], 0));
}

#[test]
fn an_exchange_after_an_estimate_settles_it() {
    let shown = [
        (0, 500.0, false),
        (30, 600.0, false),
        (60, 800.0, true),
        (90, 30.0, false),
        (120, 60.0, false),
    ];
    let exchanges = vec![Exchange {
        at: minute(75 * 1440),
        old_final_kwh: 650.0,
        new_initial_kwh: 0.0,
        register: None,
    }];
    let rules = Rules { exchanges, ..rules_of_days() };
    let (kwh, _, questions) = counted(&rules, &shown, &[30, 75, 120]);
    assert_eq!((kwh, questions), (vec![50.0, 60.0], 0));
}
