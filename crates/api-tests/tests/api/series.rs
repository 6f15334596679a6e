//! Readings step by step.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::{World, has, in_one_world};

const READINGS: &str = "/api/Energy/meters/M/readings";

/// A meter that draws 4 kW all the time, read every quarter-hour.
async fn plant(world: &World, zone: &str, from: &str, hours: i64) {
    world.send("PATCH", "/api/sites/default", &json!({"timeZone": zone})).await.is(200);
    world.meter(&json!({"meterNumber": "M", "meterName": "M", "meterType": "Unit"})).await;
    let from: DateTime<Utc> = from.parse().unwrap();
    let at = |quarter: i64| json!({"timestamp": from + TimeDelta::minutes(15 * quarter), "totalEnergyKwh": quarter});
    let all: Vec<Value> = (0..=hours * 4).map(at).collect();
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
    days_of_23_and_25_hours, hours_of_a_day_on_which_the_clock_is_put_by_half_of_one,
    pages_csv_and_flags, windows_that_cannot_be_are_refused,
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

async fn days_of_23_and_25_hours(world: &World) {
    plant(world, "Europe/Berlin", "2025-10-24T22:00:00Z", 24 + 25 + 24).await;
    let days = steps(world, "resolution=1d&from=2025-10-25&to=2025-10-28").await;
    assert_eq!(kwh(&days), [96.0, 100.0, 96.0]);
    assert_eq!(days[1]["coverage"], 1.0);
    let hours = steps(world, "resolution=1h&from=2025-10-26&to=2025-10-27").await;
    assert_eq!(kwh(&hours), [4.0; 25]);
    let month = steps(world, "resolution=1mo&from=2025-10-01&to=2025-11-01").await;
    assert_eq!((kwh(&month), &month[0]["start"]), (vec![292.0], &json!("2025-09-30T22:00:00Z")));
}

/// On Lord Howe the clock is put back by half an hour, at 15:00 UTC.
async fn hours_of_a_day_on_which_the_clock_is_put_by_half_of_one(world: &World) {
    plant(world, "Australia/Lord_Howe", "2026-04-03T13:00:00Z", 24 + 25 + 24).await;
    let mut expected = vec![4.0; 25];
    expected[2] = 2.0;
    for window in ["from=2026-04-05&to=2026-04-06", "from=2026-04-04&to=2026-04-07"] {
        let hours = steps(world, &format!("resolution=1h&limit=200&{window}")).await;
        let of_day = |hour: &&Value| {
            let start = hour["start"].as_str().unwrap();
            ("2026-04-04T13:00:00Z".."2026-04-05T13:30:00Z").contains(&start)
        };
        let of_day: Vec<Value> = hours.iter().filter(of_day).cloned().collect();
        assert_eq!(kwh(&of_day), expected, "{window}");
        has!(of_day[2], {"end": "2026-04-04T15:30:00Z", "coverage": 1.0});
    }
    let days = steps(world, "resolution=1d&from=2026-04-05&to=2026-04-06").await;
    assert_eq!(kwh(&days), [98.0]);
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
