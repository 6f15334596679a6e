//! What readings tell is judged by their times, whenever they come.

use super::*;
use crate::{Quality, Reading, Source, Values};

const LIMIT: TimeDelta = TimeDelta::seconds(90);

/// A power above 20 kW for 20 s, at 10 kW or less for 20 s.
fn high() -> Rule {
    let limits = Limits { direction: Direction::Above, raise: 20_000.0, clear: 10_000.0 };
    rule(Terms {
        channel: Some(Name::ActivePower),
        limits: Some(limits),
        delay_s: 20,
        clear_delay_s: 20,
        ..Kind::Threshold.usual()
    })
}

fn second(second: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(second)
}

fn power(at: i64, kw: f64) -> Reading {
    Reading {
        meter: MeterId(1),
        at: second(at),
        quality: Quality::Good,
        source: Source::Http,
        values: Values { active_power_kw: Some(kw), ..Values::default() },
    }
}

/// What changes when, in seconds.
fn told(turns: Vec<Turn>) -> Vec<(Change, i64)> {
    turns.into_iter().map(|turn| (turn.change, (turn.at - start()).num_seconds())).collect()
}

fn followed(readings: impl IntoIterator<Item = Reading>) -> (Followed, Vec<(Change, i64)>) {
    let (rule, meter) = (high(), meter());
    let by = By { meter: &meter, rules: &[&rule], limit: LIMIT };
    let mut followed = Followed::default();
    let turns = readings.into_iter().flat_map(|reading| followed.take(&by, reading)).collect();
    (followed, told(turns))
}

#[test]
fn an_excursion_within_readings_that_come_at_once_has_its_own_times() {
    let readings = (0..12).map(|n| power(n * 10, if (2..6).contains(&n) { 50.0 } else { 1.0 }));
    assert_eq!(followed(readings).1, [(Change::Raised, 40), (Change::Cleared, 80)]);
}

#[test]
fn what_a_reading_showed_holds_until_the_next_one() {
    let long = [power(0, 1.0), power(60, 50.0), power(120, 1.0), power(180, 1.0)];
    assert_eq!(followed(long).1, [(Change::Raised, 80), (Change::Cleared, 140)]);
    let short = [power(0, 1.0), power(60, 50.0), power(80, 1.0), power(100, 1.0)];
    assert_eq!(followed(short).1, [], "it was not beyond for 20 s");
}

#[test]
fn what_was_silent_for_too_long_did_not_hold() {
    let rule = Rule { terms: Terms { delay_s: 300, ..high().terms }, ..high() };
    let meter = meter();
    let by = By { meter: &meter, rules: &[&rule], limit: LIMIT };
    let mut followed = Followed::default();
    let mut turns = Vec::new();
    for reading in [power(0, 50.0), power(80, 50.0), power(200, 50.0), power(280, 50.0)] {
        turns.extend(followed.take(&by, reading));
    }
    assert_eq!(told(turns), []);
    assert_eq!(followed.phase(rule.id), Phase::Rising(second(200)));
}

#[test]
fn a_look_at_what_is_too_old_by_now_takes_nothing_from_what_comes_late() {
    let (rule, meter) = (high(), meter());
    let by = By { meter: &meter, rules: &[&rule], limit: TimeDelta::seconds(15) };
    let mut followed = Followed::default();
    assert_eq!(followed.take(&by, power(0, 50.0)), []);
    assert_eq!(followed.look(&by, second(60)), [], "nobody knows whether it held");
    let turns = followed.take(&by, power(10, 50.0));
    assert_eq!(told(turns), []);
    assert_eq!(told(followed.take(&by, power(21, 50.0))), [(Change::Raised, 20)]);
}

proptest! {
    /// Who looks each second while readings come, and who gets them all at once, learn the same.
    #[test]
    fn looks_and_readings_that_come_at_once_tell_the_same(
        steps in prop::collection::vec((1_i64..120, prop_oneof![Just(1.0), Just(15.0), Just(50.0)]), 1..40),
    ) {
        let mut at = 0;
        let readings: Vec<_> = steps.iter().map(|(gap, kw)| { at += gap; power(at, *kw) }).collect();
        let (rule, meter) = (high(), meter());
        let by = By { meter: &meter, rules: &[&rule], limit: LIMIT };
        let (mut looked, mut turns) = (Followed::default(), Vec::new());
        for (n, reading) in readings.iter().enumerate() {
            let from = reading.at;
            turns.extend(looked.take(&by, reading.clone()));
            let to = readings.get(n + 1).map_or(from, |next| next.at);
            for second in 0..(to - from).num_seconds() {
                turns.extend(looked.look(&by, from + TimeDelta::seconds(second)));
            }
        }
        let (at_once, all) = followed(readings);
        prop_assert_eq!(told(turns), all);
        prop_assert_eq!(looked, at_once);
    }
}
