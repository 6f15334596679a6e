//! Demand over longer intervals, and how far they must be covered.

use super::*;

fn of(minutes: u16, quarters: &[Quarter]) -> Option<Decimal> {
    let tariff = terms(json!({"demandPerKw": "1", "demandMinutes": minutes}));
    let charge = charged(&tariff, "EUR", JUNE, quarters);
    let mut lines = charge.lines.iter();
    lines.find(|line| line.kind == BillLineKind::Demand).map(|line| line.quantity)
}

fn drawn(from: &str, kwh: &[f64]) -> Vec<Quarter> {
    let mut quarters = series(from, i32::try_from(kwh.len()).unwrap(), 0.0, 0.0);
    for (quarter, kwh) in quarters.iter_mut().zip(kwh) {
        *quarter = Quarter::metered(quarter.start, *kwh, 0.0, 1.0).unwrap();
    }
    quarters
}

#[test]
fn demand_is_the_mean_power_of_the_tariffs_interval() {
    let quarters = drawn("2026-06-01T00:00:00", &[1.0, 1.0, 9.0, 1.0, 5.0, 5.0, 1.0, 2.0]);
    assert_eq!(of(15, &quarters), Some(36.into()));
    assert_eq!(of(30, &quarters), Some(20.into()));
    assert_eq!(of(60, &quarters), Some(13.into()), "the second hour, of 13 kWh");
}

#[test]
fn intervals_of_demand_begin_with_the_hour_and_end_with_the_month() {
    let quarters = drawn("2026-05-31T23:30:00", &[9.0, 9.0, 1.0, 1.0, 1.0, 1.0]);
    assert_eq!(of(60, &quarters), Some(4.into()));
}

#[test]
fn an_hour_that_comes_twice_is_two_intervals() {
    let mut quarters = drawn("2026-06-01T02:00:00", &[1.0; 8]);
    let again = series("2026-06-01T02:00:00", 4, 0.0, 0.0);
    for (quarter, again) in quarters[4..].iter_mut().zip(again) {
        quarter.start = again.start;
    }
    assert_eq!(of(60, &quarters), Some(4.into()));
}

#[test]
fn nine_tenths_of_coverage_are_enough_however_they_were_stored() {
    let covered = |coverage: f64| {
        let quarter = Quarter::metered(local("2026-06-01T00:00:00"), 1.0, 0.0, coverage);
        of(15, &[quarter.unwrap()])
    };
    assert_eq!(covered(f64::from(0.9_f32)), Some(4.into()));
    assert_eq!(covered(0.9), Some(4.into()));
    assert_eq!(covered(0.8999), None);
}

#[test]
fn a_quarter_hour_that_is_not_there_is_not_covered() {
    let hour = drawn("2026-06-01T00:00:00", &[1.0, 1.0, 1.0]);
    assert_eq!((of(15, &hour), of(60, &hour)), (Some(4.into()), None));
}

#[test]
fn other_intervals_of_demand_are_refused_and_the_usual_one_is_not_written() {
    let wrong = serde_json::from_value::<Terms>(json!({"demandMinutes": 20})).unwrap_err();
    assert!(wrong.to_string().contains("15, 30 or 60 minutes, not 20"), "{wrong}");
    let usual = terms(json!({"demandMinutes": 15}));
    assert!(serde_json::to_value(&usual).unwrap().get("demandMinutes").is_none());
    let hour = terms(json!({"demandMinutes": 60}));
    assert_eq!(serde_json::to_value(&hour).unwrap()["demandMinutes"], 60);
}
