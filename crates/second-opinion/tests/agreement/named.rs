//! Cases in which the service once differed, as small as they were made.

use chrono::{DateTime, TimeDelta, Utc};
use second_opinion::scenario::{ALL_DAYS, Column, Event, Line, Meter, Reading, Scenario, Tariff};
use sqlx::PgPool;

use crate::play::Ground;

fn at(time: &str) -> DateTime<Utc> {
    format!("{time}:00Z").parse().unwrap()
}

/// A main meter, and others below it.
fn meters(below: usize) -> Vec<Meter> {
    let meter = |place: usize| Meter {
        kind: if place == 0 { "Main" } else { "Unit" },
        parent: (place > 0).then_some(0),
        feeds: false,
        rated_kw: None,
        learned: false,
        step_kwh: Some(1.0),
        modulus_kwh: None,
        class: None,
        net: false,
        both: false,
    };
    (0..=below).map(meter).collect()
}

fn scenario(zone: &str, readings: Vec<Reading>, windows: &[(&str, &str)]) -> Scenario {
    let below = readings.iter().map(|reading| reading.meter).max().unwrap_or_default();
    let mut events: Vec<Event> = readings.into_iter().map(Event::Reading).collect();
    events.push(Event::Settle);
    Scenario {
        seed: 0,
        zone: zone.to_owned(),
        price: Some("0.31".to_owned()),
        tariffs: Vec::new(),
        months: Vec::new(),
        meters: meters(below),
        events,
        windows: windows.iter().map(|(from, to)| (at(from), at(to))).collect(),
    }
}

async fn agrees(pool: PgPool, scenario: Scenario) {
    let ground = Ground::new(pool).await;
    let found = ground.differences(&[scenario]).await.concat();
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_day_on_which_the_clock_is_set_back_is_known_for_all_of_its_hours(pool: PgPool) {
    let begin = at("2025-10-25T21:00");
    let readings = (0..180_i32).flat_map(|step| {
        let at = begin + TimeDelta::minutes(10) * step;
        let (main, unit) = (f64::from(step) * 10.0, f64::from(step) * 9.0);
        [Reading::total(0, at, main), Reading::total(1, at, unit)]
    });
    let day = ("2025-10-25T22:00", "2025-10-26T23:00");
    agrees(pool, scenario("Europe/Berlin", readings.collect(), &[day])).await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_window_that_begins_at_the_last_reading_of_a_meter_knows_nothing_of_it(pool: PgPool) {
    let begin = at("2026-05-04T06:00");
    let main = (0..40_i32).map(|step| {
        Reading::total(0, begin + TimeDelta::minutes(5) * step, f64::from(step) * 10.0)
    });
    // The other one is last read at ten past eight.
    let unit = (0..=26_i32)
        .map(|step| Reading::total(1, begin + TimeDelta::minutes(5) * step, f64::from(step) * 9.0));
    let readings = main.chain(unit).collect();
    let windows =
        [("2026-05-04T08:10", "2026-05-04T08:15"), ("2026-05-04T08:10", "2026-05-04T09:00")];
    agrees(pool, scenario("UTC", readings, &windows)).await;
}

fn dear_at_noon() -> Tariff {
    let line = |price_mills, times| Line {
        is_export: false,
        price_mills,
        block: None,
        times,
        days: ALL_DAYS,
    };
    let lines = vec![line(5_000, None), line(12_000, Some((48, 60)))];
    Tariff::of_energy("2026-01-01".to_owned(), lines)
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_loss_is_priced_from_the_first_minute_of_its_window_on(pool: PgPool) {
    // Nine of the eleven kWh of a quarter-hour pass before the window begins within it.
    let main = [
        ("2026-05-04T11:30", 0.0),
        ("2026-05-04T11:45", 0.0),
        ("2026-05-04T11:50", 9.0),
        ("2026-05-04T11:55", 10.0),
        ("2026-05-04T12:00", 11.0),
        ("2026-05-04T12:15", 14.0),
        ("2026-05-04T12:30", 14.0),
    ];
    let readings = main.iter().flat_map(|(time, kwh)| {
        [Reading::total(0, at(time), *kwh), Reading::total(1, at(time), 0.0)]
    });
    let window = ("2026-05-04T11:50", "2026-05-04T12:15");
    let scenario = scenario("UTC", readings.collect(), &[window]);
    agrees(pool, Scenario { tariffs: vec![dear_at_noon()], ..scenario }).await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_loss_is_priced_up_to_the_last_minute_of_its_window(pool: PgPool) {
    let readings = (0..40_i32).flat_map(|step| {
        let at = at("2026-05-04T10:00") + TimeDelta::minutes(5) * step;
        let main = f64::from(step * step);
        [Reading::total(0, at, main), Reading::total(1, at, 0.75 * main)]
    });
    // Neither holds a whole quarter-hour on both sides of noon.
    let windows =
        [("2026-05-04T11:53", "2026-05-04T12:07"), ("2026-05-04T11:30", "2026-05-04T12:09")];
    let scenario = scenario("UTC", readings.collect(), &windows);
    agrees(pool, Scenario { tariffs: vec![dear_at_noon()], ..scenario }).await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_reading_that_is_struck_out_ends_no_silence(pool: PgPool) {
    let main = ["2026-05-04T15:00", "2026-05-05T04:00"];
    let unit =
        [("2026-05-04T19:50", 121.0), ("2026-05-04T20:00", 126.0), ("2026-05-05T04:00", 328.0)];
    let main = main.iter().map(|time| Reading::total(0, at(time), 500.0));
    let unit = unit.iter().map(|(time, kwh)| Reading::total(1, at(time), *kwh));
    let window = ("2026-05-04T15:30", "2026-05-04T23:00");
    let mut scenario = scenario("UTC", main.chain(unit).collect(), &[window]);
    let (meter, column, value) = (1, Column::Total, None);
    let struck = Event::Correct { meter, at: at("2026-05-04T20:00"), column, value, undone: false };
    scenario.events.extend([struck, Event::Settle]);
    agrees(pool, scenario).await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_silence_ends_where_a_meter_is_exchanged(pool: PgPool) {
    let rows = [("2026-05-04T16:00", 11.0), ("2026-05-05T13:45", 40.0)];
    let readings = (0..2).flat_map(|meter| {
        rows.iter().map(move |(time, kwh)| Reading::total(meter, at(time), *kwh))
    });
    let windows =
        [("2026-05-04T12:00", "2026-05-05T13:00"), ("2026-05-05T12:30", "2026-05-05T15:00")];
    let mut scenario = scenario("UTC", readings.collect(), &windows);
    let (old, new, undone) = (96.0, 0.0, false);
    let exchange = Event::Exchange { meter: 1, at: at("2026-05-05T12:52"), old, new, undone };
    scenario.events.extend([exchange, Event::Settle]);
    agrees(pool, scenario).await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_rise_too_large_is_no_wrong_value_where_the_register_goes_on_from_it(pool: PgPool) {
    // From the reading before to the one after, all but one turn of the register could have passed.
    let rows =
        [("2026-05-04T21:57", 38.0), ("2026-05-04T22:02", 103.0), ("2026-05-05T22:22", 193.0)];
    let readings = (0..2).flat_map(|meter| {
        rows.iter().map(move |(time, kwh)| Reading::total(meter, at(time), *kwh))
    });
    let mut scenario =
        scenario("UTC", readings.collect(), &[("2026-05-04T21:00", "2026-05-05T23:00")]);
    scenario.meters[1].rated_kw = Some(144.0);
    scenario.meters[1].modulus_kwh = Some(250.0);
    agrees(pool, scenario).await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_a_meter_read_each_hour_has_not_told_yet_is_no_loss(pool: PgPool) {
    // The load rises from 2 to 20 kW after the last reading of the unit.
    let begin = at("2026-05-04T00:00");
    let used = |minute: i32| {
        let late = (minute - 12 * 60).max(0);
        f64::from(minute - late) / 30.0 + f64::from(late) / 3.0
    };
    let read =
        |meter, minute| Reading::total(meter, begin + TimeDelta::minutes(1) * minute, used(minute));
    let main = (0..=14 * 60).step_by(5).map(|minute| read(0, minute));
    let unit = (0..=12).map(|hour| read(1, 60 * hour));
    let windows = [
        ("2026-05-04T06:00", "2026-05-04T12:00"),
        ("2026-05-04T06:00", "2026-05-04T12:45"),
        ("2026-05-04T06:00", "2026-05-04T14:00"),
    ];
    agrees(pool, scenario("UTC", main.chain(unit).collect(), &windows)).await;
}
