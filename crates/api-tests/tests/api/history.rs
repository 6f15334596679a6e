//! Channels of meters over time, as CSV and as a picture.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::{World, in_one_world};

const DAY: &str = "period=custom&from=2026-05-01&to=2026-05-01";

/// Two meters read every five minutes from midnight to noon, but for an hour from three on: the first
/// draws 4 kW with one reading of 40 kW, the second counts alone.
async fn plant(world: &World) -> i64 {
    world.send("PATCH", "/api/sites/default", &json!({"timeZone": "UTC"})).await.is(200);
    let meter = json!({"meterNumber": "A_1", "meterName": "A & <b>", "meterType": "Unit"});
    let id = world.meter(&meter).await;
    world.meter(&json!({"meterNumber": "B", "meterName": "B", "meterType": "Unit"})).await;
    let midnight: DateTime<Utc> = "2026-05-01T00:00:00Z".parse().unwrap();
    let minutes = (0..=720).step_by(5).filter(|minute| !(181..240).contains(minute));
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for minute in minutes {
        let at = midnight + TimeDelta::minutes(minute);
        let kw = if minute == 605 { 40.0 } else { 4.0 };
        let kwh = f64::from(i32::try_from(minute).unwrap()) / 15.0;
        first.push(json!({"timestamp": at, "activePowerKw": kw, "totalEnergyKwh": kwh}));
        second.push(json!({"timestamp": at, "totalEnergyKwh": kwh * 2.0}));
    }
    for (number, readings) in [("A_1", first), ("B", second)] {
        let path = format!("/api/Energy/meters/{number}/readings");
        let answer = world.post(&path, &readings.into()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    // What pages know of the registry follows a change a little later.
    for _ in 0..400 {
        let path = format!("/api/history.csv?series=A_1.energy_B.energy&{DAY}");
        if world.get(&path).await.status == 200 {
            return id;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the meters are not known within 10 s");
}

/// The rows of a CSV without quotes, by the names of its columns.
fn rows(text: &str) -> Vec<Value> {
    let mut lines = text.lines().map(|line| line.split(','));
    let names: Vec<&str> = lines.next().unwrap().collect();
    let row = |cells: std::str::Split<'_, char>| -> Value {
        names.iter().zip(cells).map(|(name, cell)| ((*name).to_owned(), json!(cell))).collect()
    };
    lines.map(row).collect()
}

fn number(row: &Value, name: &str) -> f64 {
    row[name].as_str().unwrap_or_else(|| panic!("{name} in {row}")).parse().unwrap()
}

in_one_world! { history_of_channels:
    power_keeps_its_peak_and_its_gap, energy_of_two_meters_stands_side_by_side_with_its_coverage,
    a_part_of_the_period_and_the_period_before, what_cannot_be_shown_is_refused_with_a_sentence,
    a_picture_has_its_lines_legend_and_names_as_text,
}

async fn power_keeps_its_peak_and_its_gap(world: &World) {
    let id = plant(world).await;
    let answer = world.get(&format!("/api/history.csv?series={id}.power&{DAY}")).await.is(200);
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    let rows = rows(&answer.text);
    let highest = rows.iter().map(|row| number(row, "A_1 power kW max")).fold(0.0, f64::max);
    let least = rows.iter().map(|row| number(row, "A_1 power kW min")).fold(99.0, f64::min);
    assert_eq!((least, highest), (4.0, 40.0));
    let in_gap = |row: &&Value| row["start"].as_str().unwrap().starts_with("2026-05-01T03:3");
    assert_eq!(rows.iter().filter(in_gap).count(), 0, "nothing was read there");
    assert_eq!(
        rows.len(),
        145 - 11,
        "one for each reading: columns are shorter than their distance"
    );
}

async fn energy_of_two_meters_stands_side_by_side_with_its_coverage(world: &World) {
    plant(world).await;
    let query = format!("/api/history.csv?series=A_1.energy_B.energy_A_1.power&{DAY}");
    let answer = world.get(&query).await.is(200);
    let rows = rows(&answer.text);
    let at = |time: &str| rows.iter().find(|row| row["start"] == format!("2026-05-01T{time}:00Z"));
    let first = at("00:00").unwrap();
    assert_eq!(first["end"], "2026-05-01T00:15:00Z");
    assert!((number(first, "A_1 energy kWh") - 1.0).abs() < 1e-6);
    assert!((number(first, "B energy kWh") - 2.0).abs() < 1e-6);
    assert!((number(first, "A_1 power kW mean") - 4.0).abs() < 1e-6);
    assert_eq!(first["B energy kWh coverage"], "1.0");
    assert_eq!(first["B energy kWh whole"], "true");
    assert!(number(at("03:30").unwrap(), "B energy kWh coverage") < 0.5);
    let sum: f64 =
        rows.iter().filter_map(|row| row["B energy kWh"].as_str()?.parse::<f64>().ok()).sum();
    assert!((sum - 96.0).abs() < 1e-6, "{sum}");
}

async fn a_part_of_the_period_and_the_period_before(world: &World) {
    plant(world).await;
    let zoom = "zoom=2026-05-01T06:00:00Z_2026-05-01T07:00:00Z";
    let answer = world.get(&format!("/api/history.csv?series=B.energy&{DAY}&{zoom}")).await;
    let kept: Vec<String> = rows(&answer.text)
        .iter()
        .map(|row| row["start"].as_str().unwrap()[11..16].to_owned())
        .collect();
    assert_eq!(kept, ["06:00", "06:15", "06:30", "06:45"]);
    let next = "period=custom&from=2026-05-02&to=2026-05-02&compare=previous";
    let answer = world.get(&format!("/api/history.csv?series=B.energy&{next}")).await;
    let rows = rows(&answer.text);
    assert!((number(&rows[0], "B energy kWh before") - 2.0).abs() < 1e-6, "{}", answer.text);
}

async fn what_cannot_be_shown_is_refused_with_a_sentence(world: &World) {
    let id = plant(world).await;
    let get = async |query: String| world.get(&format!("/api/history.csv?{query}")).await;
    get(String::new()).await.invalid("series");
    let wrong = ["watts", "7", "999999.power", "A_1.watts", "B.voltageL1"];
    for series in wrong {
        get(format!("series={series}&{DAY}")).await.invalid("series");
    }
    let many: Vec<_> = (1..=10_000).map(|id| format!("{id}.power")).collect();
    let many = many[..500].join("_");
    get(format!("series={many}")).await.invalid("series");
    let century = "period=custom&from=1926-01-01&to=2026-01-01";
    get(format!("series={id}.power&{century}")).await.invalid("period");
    let zoom = "zoom=2020-01-01_2020-01-02";
    get(format!("series={id}.power&{DAY}&{zoom}")).await.invalid("zoom");
    get("serie=7.power".to_owned()).await.refused(422, "unknown_field", Some("serie"));
}

async fn a_picture_has_its_lines_legend_and_names_as_text(world: &World) {
    let id = plant(world).await;
    let answer = world.get(&format!("/api/history.svg?series={id}.power_B.energy&{DAY}")).await;
    assert_eq!(answer.headers["content-type"], "image/svg+xml");
    let named = answer.text;
    assert!(named.contains("A &amp; &lt;b&gt;, Power"), "{named}");
    assert!(named.starts_with("<svg"), "{named}");
    assert!(named.contains("kWh") && named.contains("vector-effect"), "{named}");
}
