//! What gaps carry across a boundary that matters.

use super::*;
use crate::bills::tariff::DemandInterval;
use crate::bills::{GapQuarter, Guessed, estimated};

fn at(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

/// Quarter-hours of 0.5 kWh in one gap.
fn gap(from: &str, count: i32) -> Vec<GapQuarter> {
    let quarter = |n: i32| GapQuarter {
        meter: MeterId(1),
        start: at(from).and_utc() + TimeDelta::minutes(15) * n,
        kwh: 0.5,
        seconds: 900.0,
        goes_on: n > 0,
    };
    (0..count).map(quarter).collect()
}

/// On a clock that is that of UTC.
fn guess(pieces: &[Piece], gaps: &[GapQuarter]) -> Guessed {
    estimated(pieces, gaps, |at| at.naive_utc())
}

fn of(terms: Terms, gaps: &[GapQuarter]) -> f64 {
    let guessed = guess(&[piece(1, "2025-05-01", "2025-06-01", terms)], gaps);
    assert!(near(guessed.seconds, guessed.kwh * 1800.0), "{guessed:?}");
    guessed.kwh
}

fn by_time() -> Terms {
    terms(json!([{"direction": "import", "price": "10"},
        {"direction": "import", "price": "5", "fromTime": "22:00", "toTime": "06:00"}]))
}

fn near(kwh: f64, expected: f64) -> bool {
    (kwh - expected).abs() < 1e-12
}

#[test]
fn a_gap_within_one_price_is_exact_and_one_across_its_change_is_not() {
    assert!(near(of(by_time(), &gap("2025-05-08T10:00:00", 8)), 0.0));
    assert!(near(of(by_time(), &gap("2025-05-08T21:00:00", 8)), 4.0));
    assert!(near(of(by_time(), &gap("2025-05-08T21:00:00", 4)), 0.0), "it ends at the change");
    assert!(near(of(flat(), &gap("2025-05-08T21:00:00", 8)), 0.0));
    let weekend = terms(json!([{"direction": "import", "price": "10"},
        {"direction": "import", "price": "5", "days": "weekend"}]));
    assert!(near(of(weekend.clone(), &gap("2025-05-09T23:00:00", 8)), 4.0), "into a Saturday");
    assert!(near(of(weekend, &gap("2025-05-08T23:00:00", 8)), 0.0));
}

#[test]
fn two_gaps_that_meet_where_the_price_changes_are_exact() {
    let mut two = gap("2025-05-08T21:00:00", 8);
    two[4].goes_on = false;
    assert!(near(of(by_time(), &two), 0.0), "a reading stands at 22:00");
}

#[test]
fn only_the_months_share_of_a_gap_across_its_end_is_billed() {
    assert!(near(of(flat(), &gap("2025-05-31T23:30:00", 3)), 1.0));
    assert!(near(of(flat(), &gap("2025-04-30T23:45:00", 3)), 1.0));
}

#[test]
fn where_demand_has_a_price_a_gap_may_lie_within_one_of_its_intervals_only() {
    let mut demand = flat();
    demand.demand_per_kw = money("100");
    assert!(near(of(demand.clone(), &gap("2025-05-08T10:00:00", 2)), 1.0));
    demand.demand_interval = DemandInterval::Hour;
    assert!(near(of(demand.clone(), &gap("2025-05-08T10:00:00", 4)), 0.0));
    assert!(near(of(demand, &gap("2025-05-08T10:30:00", 4)), 2.0));
}

#[test]
fn a_gap_across_the_meeting_of_two_prices_is_billed_on_a_guess() {
    let dearer = terms(json!([{"direction": "import", "price": "7"}]));
    let pieces = [
        piece(1, "2025-05-01", "2025-05-16", flat()),
        piece(2, "2025-05-16", "2025-06-01", dearer),
    ];
    assert!(near(guess(&pieces, &gap("2025-05-15T23:45:00", 2)).kwh, 1.0));
    assert!(near(guess(&pieces, &gap("2025-05-16T00:00:00", 2)).kwh, 0.0));
}
