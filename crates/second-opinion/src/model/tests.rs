//! The model against figures that people worked out.

#![expect(clippy::float_cmp, reason = "tests of exact numbers")]

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{Truth, balance, bill, carbon, carbon::midnight, flow::flow};
use crate::exact::{float, ratio};
use crate::scenario::{ALL_DAYS, Event, Line, Meter, Reading, Scenario, Tariff};

fn at(time: &str) -> DateTime<Utc> {
    format!("2026-05-04T{time}:00Z").parse().unwrap()
}

fn meter(kind: &'static str, parent: Option<usize>) -> Meter {
    Meter {
        kind,
        parent,
        feeds: false,
        rated_kw: None,
        learned: false,
        step_kwh: None,
        modulus_kwh: None,
        class: None,
        net: false,
        both: false,
    }
}

fn truth(meters: Vec<Meter>, rows: &[(usize, &str, f64)], more: Vec<Event>) -> Truth {
    let readings = rows
        .iter()
        .map(|(meter, time, total)| Event::Reading(Reading::total(*meter, at(time), *total)));
    let events = readings.chain(more).collect();
    Truth::of(&Scenario {
        seed: 0,
        zone: "UTC".to_owned(),
        price: None,
        tariffs: Vec::new(),
        months: Vec::new(),
        meters,
        events,
        windows: Vec::new(),
    })
}

/// Import, export and coverage of the only meter, between two times.
fn passed(meter: Meter, rows: &[(&str, f64)], more: Vec<Event>, window: [&str; 2]) -> [f64; 3] {
    let rows: Vec<_> = rows.iter().map(|(time, total)| (0, *time, *total)).collect();
    let truth = truth(vec![meter], &rows, more);
    let [from, to] = window;
    let flow = flow(&truth.meters[0], (at(from), at(to))).unwrap();
    [float(&flow.import), float(&flow.export), flow.coverage.as_ref().map_or(f64::NAN, float)]
}

#[test]
fn an_exchange_at_the_instant_of_a_reading_counts_what_both_meters_counted() {
    let rows = [
        ("10:02", 499.0),
        ("10:07", 500.0),
        ("10:12", 2.0),
        ("10:17", 3.0),
        ("10:22", 4.0),
        ("10:32", 5.0),
    ];
    let exchange =
        Event::Exchange { meter: 0, at: at("10:07"), old: 500.0, new: 0.0, undone: false };
    let found = passed(meter("Main", None), &rows, vec![exchange], ["10:00", "11:00"]);
    assert_eq!(found[0], 6.0);
}

#[test]
fn a_rollover_counts_what_lies_past_the_modulus() {
    let rows = [
        ("10:00", 99_990.0),
        ("10:05", 99_995.0),
        ("10:10", 3.0),
        ("10:15", 8.0),
        ("10:20", 9.0),
        ("10:25", 9.0),
    ];
    let main = Meter { rated_kw: Some(200.0), modulus_kwh: Some(100_000.0), ..meter("Main", None) };
    assert_eq!(passed(main, &rows, vec![], ["10:00", "11:00"])[0], 19.0);
}

#[test]
fn a_net_meter_counts_both_ways() {
    let rows = [("10:00", 100.0), ("10:15", 110.0), ("10:30", 104.0)];
    let net = Meter { net: true, ..meter("Main", None) };
    assert_eq!(passed(net, &rows, vec![], ["10:00", "11:00"])[..2], [10.0, 6.0]);
}

#[test]
fn what_is_quarantined_is_not_in_the_hour_and_does_not_cover_it() {
    let rows = [("08:30", 1000.0), ("09:30", 1010.0), ("10:30", 9999.0), ("11:30", 10_009.0)];
    let main = Meter { rated_kw: Some(100.0), ..meter("Main", None) };
    assert_eq!(passed(main, &rows, vec![], ["09:00", "10:00"])[0], 5.0);
}

#[test]
fn a_fall_that_is_taken_back_is_none_though_as_much_could_have_flowed() {
    let rows =
        [("10:00", 20.0), ("10:05", 21.0), ("10:10", 10.0), ("10:15", 30.0), ("10:20", 31.0)];
    let main = Meter { rated_kw: Some(200.0), ..meter("Main", None) };
    assert_eq!(passed(main, &rows, vec![], ["10:00", "11:00"])[0], 11.0);
}

#[test]
fn a_device_that_restored_an_older_value_counts_nothing_for_it() {
    let rows = [
        ("10:00", 1289.95),
        ("10:05", 1290.0),
        ("10:10", 1289.80),
        ("10:15", 1289.85),
        ("10:20", 1289.9),
        ("10:25", 1289.95),
    ];
    let main = Meter { rated_kw: Some(4.0), step_kwh: Some(0.01), ..meter("Main", None) };
    let found = passed(main, &rows, vec![], ["10:00", "11:00"]);
    assert!((found[0] - 0.2).abs() < 1e-9, "{found:?}");
}

#[test]
fn the_guides_node_loses_eight_per_cent() {
    let rows =
        [(0, "00:00", 0.0), (0, "20:00", 10_000.0), (1, "00:00", 0.0), (1, "20:00", 9_200.0)];
    let truth = truth(vec![meter("Main", None), meter("Unit", Some(0))], &rows, vec![]);
    let node = balance::of_node(&truth, 0, (at("00:00"), at("20:00"))).unwrap();
    assert_eq!((node.loss(), node.percent()), (ratio(800, 1), Some(ratio(8, 1))));
    assert_eq!(node.verdict(), Some("loss"));
}

#[test]
fn days_that_do_not_exist_have_no_length_and_others_an_odd_one() {
    let length = |zone: chrono_tz::Tz, day: &str| {
        let day: NaiveDate = day.parse().unwrap();
        (midnight(zone, day + TimeDelta::days(1)) - midnight(zone, day)).num_minutes()
    };
    let found = [
        length(chrono_tz::Pacific::Apia, "2011-12-30"),
        length(chrono_tz::America::Havana, "2026-03-08"),
        length(chrono_tz::America::Havana, "2025-11-02"),
        length(chrono_tz::Australia::Lord_Howe, "2025-10-05"),
        length(chrono_tz::Australia::Lord_Howe, "2026-04-05"),
    ];
    assert_eq!(found, [0, 23 * 60, 25 * 60, 23 * 60 + 30, 24 * 60 + 30]);
}

#[test]
fn an_incomer_that_feeds_is_bought_beside_the_one_above_it() {
    let incomer = |feeds| Meter { feeds, ..meter("Grid", Some(0)) };
    let meters = vec![meter("Grid", None), incomer(true), incomer(false)];
    let rows = (0..3).flat_map(|place| [(place, "00:00", 0.0), (place, "20:00", 100.0)]);
    let truth = truth(meters, &rows.collect::<Vec<_>>(), vec![]);
    let carbon = carbon::of_site(&truth, chrono_tz::UTC, (at("00:00"), at("20:00")));
    assert_eq!(float(&carbon.grid_kwh), 200.0);
}

#[test]
fn a_source_with_two_registers_produces_what_came_out() {
    let readings = [("00:00", 0.0, 0.0), ("20:00", 10.0, 300.0)].map(|(time, drawn, delivered)| {
        let export = Some(delivered);
        Event::Reading(Reading { export, ..Reading::total(0, at(time), drawn) })
    });
    let truth = truth(vec![meter("Solar", None)], &[], readings.to_vec());
    let carbon = carbon::of_site(&truth, chrono_tz::UTC, (at("00:00"), at("20:00")));
    assert_eq!(float(&carbon.solar_kwh), 300.0);
}

/// A price per kWh on some days, at some times in quarter-hours.
fn price(mills: i64, days: &'static [&'static str], times: Option<(u32, u32)>) -> Line {
    Line { is_export: false, price_mills: mills, block: None, times, days }
}

fn credited(mills: i64) -> Line {
    Line { is_export: true, ..price(mills, ALL_DAYS, None) }
}

/// The cost of a month, in cents: instants with the import and export registers.
fn due(zone: chrono_tz::Tz, tariffs: &[Tariff], rows: &[(&str, f64, f64)]) -> Option<i64> {
    let readings = rows.iter().map(|(at, import, export)| {
        let export = Some(*export);
        Event::Reading(Reading { export, ..Reading::total(0, at.parse().unwrap(), *import) })
    });
    let truth = truth(vec![meter("Household", None)], &[], readings.collect());
    let first = rows[0].0.parse::<DateTime<Utc>>().unwrap().date_naive();
    bill::of_month(&truth.meters[0], tariffs, zone, first).due()
}

#[test]
fn a_version_that_is_netted_nets_nothing_of_another() {
    let energy = |from: &str| {
        Tariff::of_energy(from.into(), vec![price(8_000, ALL_DAYS, None), credited(3_000)])
    };
    let netted = Tariff { is_netted: true, ..energy("2026-09-16") };
    let rows = [
        ("2026-09-01T00:00:00Z", 0.0, 0.0),
        ("2026-09-16T00:00:00Z", 100.0, 100.0),
        ("2026-10-01T00:00:00Z", 200.0, 100.0),
    ];
    let found = due(chrono_tz::UTC, &[energy("2026-08-01"), netted], &rows);
    assert_eq!(found, Some(130_000));
}

#[test]
fn a_holiday_among_weekdays_is_priced_as_the_weekend() {
    let on = |mills, from: u32, to: u32| price(mills, &["weekday"], Some((from * 4, to * 4)));
    let lines = vec![
        on(200, 7, 11),
        on(150, 11, 17),
        on(200, 17, 19),
        on(100, 19, 7),
        price(100, &["weekend"], None),
    ];
    let tariff = Tariff::of_energy("2026-01-01".into(), lines);
    let tariff = Tariff { holidays: vec!["2026-10-12".into()], ..tariff };
    let rows = [("2026-10-01T04:00:00Z", 0.0, 0.0), ("2026-11-01T04:00:00Z", 744.0, 0.0)];
    let found = due(chrono_tz::America::Toronto, &[tariff], &rows);
    assert_eq!(found, Some(9_330));
}

#[test]
fn slabs_that_change_within_a_month_have_their_days_share_or_go_on() {
    let slab = |from, to, mills| Line { block: Some((from, to)), ..price(mills, ALL_DAYS, None) };
    let version = |from: &str, mills| {
        let lines =
            vec![slab(0, Some(100), 3_000), slab(100, Some(300), 7_000), slab(300, None, mills)];
        Tariff::of_energy(from.into(), lines)
    };
    let rows = [("2026-06-01T00:00:00Z", 0.0, 0.0), ("2026-07-01T00:00:00Z", 400.0, 0.0)];
    let [before, after] = [version("2026-01-01", 10_000), version("2026-06-16", 16_000)];
    assert_eq!(due(chrono_tz::UTC, &[before.clone(), after.clone()], &rows), Some(300_000));
    // 100 at 3 and 100 at 7, then 100 at 7 and 100 at 16, where each has the bounds of a whole month.
    let on = |tariff| Tariff { continues: true, ..tariff };
    assert_eq!(due(chrono_tz::UTC, &[on(before), on(after)], &rows), Some(330_000));
}

#[test]
fn tax_is_on_what_is_supplied_or_on_the_balance() {
    let lines = vec![price(300, ALL_DAYS, None), credited(100)];
    let tariff = Tariff { tax_percent: 10, ..Tariff::of_energy("2026-01-01".into(), lines) };
    let rows = [("2026-06-01T00:00:00Z", 0.0, 0.0), ("2026-07-01T00:00:00Z", 4_000.0, 8_800.0)];
    assert_eq!(due(chrono_tz::UTC, std::slice::from_ref(&tariff), &rows), Some(44_000));
    let balance = Tariff { taxes_balance: true, ..tariff };
    assert_eq!(due(chrono_tz::UTC, &[balance], &rows), Some(35_200));
}
