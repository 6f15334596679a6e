//! Readings step by step.

use std::ops::RangeInclusive;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::{World, has, in_one_world};

const READINGS: &str = "/api/Energy/meters/M/readings";

/// A meter that draws 4 kW all the time, read every quarter-hour.
async fn plant(world: &World, zone: &str, from: &str, hours: i64) {
    world.send("PATCH", "/api/sites/default", &json!({"timeZone": zone})).await.is(200);
    world.meter(&json!({"meterNumber": "M", "meterName": "M", "meterType": "Unit"})).await;
    post(world, from, 0..=hours * 4).await;
}

/// Posts the registers of some quarter-hours, counted from an instant.
async fn post(world: &World, from: &str, quarters: RangeInclusive<i64>) {
    let from: DateTime<Utc> = from.parse().unwrap();
    let at = |quarter: i64| json!({"timestamp": from + TimeDelta::minutes(15 * quarter), "totalEnergyKwh": quarter});
    let all: Vec<Value> = quarters.map(at).collect();
    world.post(READINGS, &all.into()).await.is(201);
}

async fn steps(world: &World, query: &str) -> Vec<Value> {
    let answer = world.get(&format!("{READINGS}?{query}")).await.is(200);
    answer.json()["data"].as_array().unwrap().clone()
}

fn kwh(steps: &[Value]) -> Vec<f64> {
    steps.iter().map(|step| (step["importKwh"].as_f64().unwrap() * 1e6).round() / 1e6).collect()
}

in_one_world! { readings_step_by_step:
    quarter_hours_with_their_demand_and_quality, hours_of_a_zone_with_a_half_hour,
    days_of_odd_clocks, a_day_that_is_being_computed_says_how_much_of_it_is_covered,
    windows_that_cut_steps_answer_parts_of_them, pages_csv_and_flags, windows_that_cannot_be_are_refused,
}

async fn quarter_hours_with_their_demand_and_quality(world: &World) {
    plant(world, "UTC", "2026-05-01T00:00:00Z", 2).await;
    let quarters = steps(world, "resolution=15m&from=2026-05-01&to=2026-05-02").await;
    has!(quarters[0], {"start": "2026-05-01T00:00:00Z", "end": "2026-05-01T00:15:00Z"});
    assert_eq!(kwh(&quarters[..8]), [1.0; 8]);
    has!(quarters[0], {"maxDemandKw": 4.0, "coverage": 1.0, "quality": "GOOD", "flags": []});
}

async fn hours_of_a_zone_with_a_half_hour(world: &World) {
    plant(world, "Asia/Kolkata", "2026-04-30T18:30:00Z", 24).await;
    let hours = steps(world, "resolution=1h&from=2026-05-01&to=2026-05-02").await;
    assert_eq!(hours.len(), 24);
    assert_eq!(hours[0]["start"], "2026-04-30T18:30:00Z");
    assert_eq!(kwh(&hours), [4.0; 24]);
    let days = steps(world, "resolution=1d&from=2026-05-01&to=2026-05-02").await;
    assert_eq!(kwh(&days), [96.0]);
    has!(days[0], {"start": "2026-04-30T18:30:00Z", "end": "2026-05-01T18:30:00Z",
        "coverage": 1.0});
}

/// A meter that draws 4 kW on the days around a change of the clock.
async fn days_of_odd_clocks(world: &World) {
    // The zone, when the readings begin, for how many hours, the days with their hours, and their month's
    // coverage.
    type Days = &'static [(&'static str, f64)];
    let cases: [(&str, &str, i64, Days); 6] = [
        (
            "Europe/Berlin",
            "2025-10-24T22:00:00Z",
            24 + 25 + 24,
            &[("2025-10-25", 24.0), ("2025-10-26", 25.0), ("2025-10-27", 24.0)],
        ),
        (
            "Australia/Lord_Howe",
            "2026-04-03T13:00:00Z",
            24 + 25 + 24,
            &[("2026-04-04", 24.0), ("2026-04-05", 24.5), ("2026-04-06", 24.0)],
        ),
        (
            "Australia/Lord_Howe",
            "2026-10-02T13:30:00Z",
            24 + 24 + 24,
            &[("2026-10-03", 24.0), ("2026-10-04", 23.5), ("2026-10-05", 24.0)],
        ),
        (
            "Pacific/Apia",
            "2011-12-28T10:00:00Z",
            24 + 24 + 24,
            &[("2011-12-28", 24.0), ("2011-12-29", 24.0), ("2011-12-31", 24.0)],
        ),
        (
            "America/Havana",
            "2026-10-31T04:00:00Z",
            24 + 25 + 24,
            &[("2026-10-31", 24.0), ("2026-11-01", 25.0), ("2026-11-02", 24.0)],
        ),
        (
            "Asia/Beirut",
            "2024-03-29T22:00:00Z",
            24 + 23 + 24,
            &[("2024-03-30", 24.0), ("2024-03-31", 23.0), ("2024-04-01", 24.0)],
        ),
    ];
    for (zone, from, hours, days) in cases {
        world.enter(&format!("clock_of_{}", days[0].0)).await;
        plant(world, zone, from, hours).await;
        let (first, last) = (days[0].0, days[days.len() - 1].0);
        let last: chrono::NaiveDate = last.parse().unwrap();
        let window = format!("from={first}&to={}&limit=200", last.succ_opt().unwrap());
        let found = steps(world, &format!("resolution=1d&{window}")).await;
        let expected: Vec<f64> = days.iter().map(|(_, hours)| hours * 4.0).collect();
        assert_eq!(kwh(&found), expected, "{zone}");
        let hourly = steps(world, &format!("resolution=1h&{window}")).await;
        for ((date, hours), day) in days.iter().zip(&found) {
            has!(day, {"coverage": 1.0, "partial": false});
            let within = |hour: &&Value| {
                let start = hour["start"].as_str();
                day["start"].as_str() <= start && start < day["end"].as_str()
            };
            let of_day: Vec<Value> = hourly.iter().filter(within).cloned().collect();
            assert!((kwh(&of_day).iter().sum::<f64>() - hours * 4.0).abs() < 1e-9, "{zone} {date}");
            assert!((0.0..1.0).contains(&(of_day.len() as f64 - hours)), "{zone} {date}");
            assert_eq!(of_day.last().unwrap()["end"], day["end"], "{zone} {date}");
        }
        let months = steps(world, &format!("resolution=1mo&{window}")).await;
        let (of_months, of_days) = (kwh(&months).iter().sum::<f64>(), expected.iter().sum::<f64>());
        assert!((of_months - of_days).abs() < 1e-9, "{zone}: {of_months} of {of_days} kWh");
    }
}

async fn a_day_that_is_being_computed_says_how_much_of_it_is_covered(world: &World) {
    let (day, query) = ("2026-05-01T00:00:00Z", "resolution=1d&from=2026-05-01&to=2026-05-02");
    plant(world, "UTC", day, 12).await;
    assert_eq!(kwh(&steps(world, query).await), [48.0]);
    let turn = world.hold_rollup().await;
    post(world, day, 49..=96).await;
    let half = steps(world, query).await;
    has!(half[0], {"importKwh": 48.0, "coverage": 0.5, "partial": false});
    drop(turn);
}

async fn windows_that_cut_steps_answer_parts_of_them(world: &World) {
    plant(world, "Asia/Kolkata", "2026-04-30T18:30:00Z", 72).await;
    // What is asked for, and the hours of each step with whether it is a part of one.
    let cases: [(&str, &[(f64, bool)]); 9] = [
        ("1d&from=2026-05-01T13:00:00%2B05:30&to=2026-05-01T20:00:00%2B05:30", &[(7.0, true)]),
        (
            "1d&from=2026-05-01T13:00:00%2B05:30&to=2026-05-03T06:00:00%2B05:30",
            &[(11.0, true), (24.0, false), (6.0, true)],
        ),
        (
            "1d&from=2026-05-01&to=2026-05-03T00:15:00%2B05:30",
            &[(24.0, false), (24.0, false), (0.25, true)],
        ),
        ("1mo&from=2026-05-01T12:00:00%2B05:30&to=2026-05-03", &[(36.0, true)]),
        ("1mo&from=2026-04-15&to=2026-05-02", &[(24.0, true)]),
        (
            "1h&from=2026-05-01T13:30:00%2B05:30&to=2026-05-01T15:07:30%2B05:30",
            &[(0.5, true), (1.0, false), (0.125, true)],
        ),
        (
            "15m&from=2026-05-01T13:05:00%2B05:30&to=2026-05-01T13:10:00%2B05:30",
            &[(1.0 / 12.0, true)],
        ),
        ("15m&from=2026-05-01T13:00:00%2B05:30&to=2026-05-01T13:15:00%2B05:30", &[(0.25, false)]),
        ("1d&from=2026-05-09T13:00:00%2B05:30&to=2026-05-09T20:00:00%2B05:30", &[]),
    ];
    for (query, expected) in cases {
        let found = steps(world, &format!("resolution={query}")).await;
        let parts: Vec<_> = found.iter().map(|step| step["partial"].as_bool().unwrap()).collect();
        assert_eq!(parts, expected.iter().map(|(_, part)| *part).collect::<Vec<_>>(), "{query}");
        let energy: Vec<_> =
            expected.iter().map(|(hours, _)| (hours * 4e6).round() / 1e6).collect();
        assert_eq!(kwh(&found), energy, "{query}");
        for step in found {
            has!(step, {"coverage": 1.0, "maxDemandKw": 4.0, "quality": "GOOD"});
        }
        // One step a page: the same steps.
        let mut paged = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("{READINGS}?resolution={query}&limit=1{cursor}");
            let page = world.get(&path).await.is(200).json();
            paged.extend(page["data"].as_array().unwrap().clone());
            let Some(next) = page["nextCursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(kwh(&paged), energy, "{query}");
    }
    let path = format!("{READINGS}?resolution={}&format=csv", cases[0].0);
    let csv = world.get(&path).await.text;
    let lines: Vec<_> = csv.lines().collect();
    assert!(lines[0].ends_with(",partial") && lines[1].ends_with(",true"), "{csv}");
    assert!(lines[1].starts_with("2026-05-01T07:30:00Z,2026-05-01T14:30:00Z,28.0,"), "{csv}");
}

async fn pages_csv_and_flags(world: &World) {
    plant(world, "UTC", "2026-05-01T00:00:00Z", 24).await;
    let mut seen = Vec::new();
    let mut next = format!("{READINGS}?resolution=1h&from=2026-05-01&to=2026-05-02&limit=10");
    loop {
        let page = world.get(&next).await.json();
        seen.extend(page["data"].as_array().unwrap().clone());
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        next = format!(
            "{READINGS}?resolution=1h&from=2026-05-01&to=2026-05-02&limit=10&cursor={cursor}"
        );
    }
    assert_eq!(kwh(&seen), [4.0; 24]);
    let gap = json!([{"timestamp": "2026-05-02T06:00:00Z", "totalEnergyKwh": 120},
        {"timestamp": "2026-05-02T06:05:00Z", "totalEnergyKwh": 3},
        {"timestamp": "2026-05-02T06:10:00Z", "totalEnergyKwh": 4},
        {"timestamp": "2026-05-02T06:20:00Z", "totalEnergyKwh": 5}]);
    world.post(READINGS, &gap).await;
    let flagged = steps(world, "resolution=1d&from=2026-05-02&to=2026-05-03").await;
    assert_eq!(flagged[0]["flags"], json!(["reset", "gap"]));
    assert_eq!((&flagged[0]["quality"], kwh(&flagged)), (&json!("ESTIMATED"), vec![29.0]));
    assert_eq!(flagged[0]["estimatedKwh"], 24.0);
    let csv = world
        .get(&format!("{READINGS}?resolution=1d&from=2026-05-01&to=2026-05-02&format=csv"))
        .await;
    let lines: Vec<_> = csv.text.lines().collect();
    assert!(lines[0].starts_with("start,end,importKwh,"), "{}", lines[0]);
    assert!(
        lines[1].starts_with("2026-05-01T00:00:00Z,2026-05-02T00:00:00Z,96.0,"),
        "{}",
        lines[1]
    );
    let explained = steps(world, "resolution=1d&from=2026-05-01&to=2026-05-02&explain=true").await;
    assert_eq!(explained[0]["explain"]["readings"][0]["toBefore"]["totalEnergyKwh"], 96.0);
}

async fn windows_that_cannot_be_are_refused(world: &World) {
    plant(world, "UTC", "2026-05-01T00:00:00Z", 1).await;
    let ask = async |query: &str| world.get(&format!("{READINGS}?{query}")).await;
    ask("from=2010-01-01&to=2026-05-01").await.invalid("from");
    assert_eq!(ask("from=2010-01-01&to=2026-05-01&resolution=1d").await.status, 200);
    ask("from=2026-05-02&to=2026-05-01&resolution=1h").await.invalid("to");
    ask("resolution=1w").await.invalid("resolution");
    assert_eq!(ask("resolution=1h").await.json()["data"][0]["importKwh"], 4.0);
    let nowhere = json!({"timeZone": "Mars/Olympus"});
    world.send("PATCH", "/api/sites/default", &nowhere).await.invalid("timeZone");
}
