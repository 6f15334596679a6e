//! Diesel of generators: their own litres, and what their energy tells of the time that these leave out.

use serde_json::{Value, json};

use super::{ENERGY, meter, near, readings};
use crate::{World, in_one_world};

in_one_world! { diesel_of_generators:
    a_generators_own_litres_and_hours_count,
    energy_tells_the_litres_of_the_time_that_no_increment_covers,
    litres_written_at_midnight_are_those_of_the_day_before,
    energy_tells_the_litres_of_the_time_that_no_counter_covers,
}

async fn a_generators_own_litres_and_hours_count(world: &World) {
    meter(world, "DG", "DG", None).await;
    let at = |hour: u32, kwh: f64, litres: f64, hours: f64| {
        json!({"timestamp": format!("2026-05-01T{hour:02}:00:00Z"), "totalEnergyKwh": kwh,
            "dieselConsumptionLiters": litres, "runtimeHours": hours})
    };
    readings(
        world,
        "DG",
        &json!([at(6, 0.0, 0.0, 40.0), at(7, 100.0, 30.0, 41.0), at(8, 300.0, 60.0, 42.0)]),
    )
    .await;
    let path = format!("{ENERGY}/diesel/consumption?from=2026-05-01&to=2026-05-02");
    let diesel = world.get(&path).await.json()["data"]["generators"][0].clone();
    near(&diesel["kwh"], 300.0);
    near(&diesel["litres"], 90.0);
    near(&diesel["litresPerKwh"], 0.3);
    near(&diesel["runtimeHours"], 2.0);
    near(&diesel["carbonKg"], 90.0 * 2.68);
    assert_eq!(diesel["litresMetered"], true);
    near(&diesel["coverage"], 2.0 / 24.0);
}

/// A generator at 100 kW from 8 to 16 h on each of two days, with litres in the rows that have them.
/// Answers once so many of them are counted.
async fn burning(world: &World, kind: &str, litres: &[(u32, u32, f64)], metered: f64) -> Value {
    let body =
        json!({"meterNumber": "DG", "meterName": "DG", "meterType": "DG", "dieselRegister": kind});
    world.meter(&body).await;
    let mut rows = Vec::new();
    for day in 1..=2_u32 {
        for hour in 0..24_u32 {
            let run = f64::from(hour.clamp(8, 16) - 8 + (day - 1) * 8);
            let mut row = json!({"timestamp": format!("2026-05-{day:02}T{hour:02}:00:00Z"),
                "totalEnergyKwh": 100.0 * run});
            if let Some((.., litres)) = litres.iter().find(|at| (at.0, at.1) == (day, hour)) {
                row["dieselConsumptionLiters"] = (*litres).into();
            }
            rows.push(row);
        }
    }
    readings(world, "DG", &rows.into()).await;
    let path = format!("{ENERGY}/diesel/consumption?from=2026-05-01&to=2026-05-03");
    let counted = |answer: &Value| {
        let litres = answer["data"]["generators"][0]["meteredLitres"].as_f64();
        litres.is_some_and(|litres| (litres - metered).abs() < 1e-6)
    };
    world.eventually(&path, counted).await["data"].clone()
}

async fn energy_tells_the_litres_of_the_time_that_no_increment_covers(world: &World) {
    // On the first day they cover all up to noon, on the second up to ten.
    let diesel =
        burning(world, "increment", &[(1, 10, 60.0), (1, 12, 50.0), (2, 10, 55.0)], 165.0).await;
    let generator = &diesel["generators"][0];
    near(&generator["kwh"], 1_600.0);
    near(&generator["meteredLitres"], 165.0);
    near(&generator["estimatedLitres"], (400.0 + 600.0) * 0.28);
    near(&generator["litres"], 165.0 + 280.0);
    near(&generator["carbonKg"], (165.0 + 280.0) * 2.68);
    assert_eq!(generator["litresMetered"], false);
    near(&diesel["total"]["litres"], 445.0);
    near(&diesel["total"]["estimatedLitres"], 280.0);
    // Windows add up, wherever they are cut.
    let mut sum = 0.0;
    for (from, to) in
        [("01T00", "01T09"), ("01T09", "01T14"), ("01T14", "02T09"), ("02T09", "03T00")]
    {
        let window = format!("from=2026-05-{from}:00:00Z&to=2026-05-{to}:00:00Z");
        let part = world.get(&format!("{ENERGY}/carbon?{window}")).await.json();
        sum += part["data"]["dieselL"].as_f64().unwrap();
    }
    near(&json!(sum), 445.0);
}

async fn litres_written_at_midnight_are_those_of_the_day_before(world: &World) {
    meter(world, "DG", "DG", None).await;
    let row = |hour: u32| {
        let time = format!("2026-05-{:02}T{:02}:00:00Z", 1 + hour / 24, hour % 24);
        let mut row = json!({"timestamp": time, "totalEnergyKwh": 10 * hour});
        if hour > 0 && hour.is_multiple_of(24) {
            row["dieselConsumptionLiters"] = 60.into();
        }
        row
    };
    readings(world, "DG", &(0..=72).map(row).collect::<Vec<_>>().into()).await;
    let path = |from: &str, to: &str| {
        format!("{ENERGY}/diesel/consumption?from=2026-05-{from}&to=2026-05-{to}")
    };
    let all = |answer: &Value| answer["data"]["total"]["meteredLitres"] == 180.0;
    world.eventually(&path("01", "04"), all).await;
    for (from, to, litres) in
        [("01", "02", 60.0), ("02", "03", 60.0), ("03", "04", 60.0), ("01", "04", 180.0)]
    {
        let generator = world.get(&path(from, to)).await.json()["data"]["generators"][0].clone();
        near(&generator["litres"], litres);
        near(&generator["meteredLitres"], litres);
        assert_eq!(generator["litresMetered"], true, "{from} to {to}: {generator}");
    }
    // Step by step as well.
    let series = world
        .get(&format!("{ENERGY}/meters/DG/readings?resolution=1d&from=2026-05-01&to=2026-05-04"))
        .await
        .json();
    let days = series["data"].as_array().unwrap();
    assert_eq!(days.iter().map(|day| &day["dieselL"]).collect::<Vec<_>>(), [&json!(60.0); 3]);
}

async fn energy_tells_the_litres_of_the_time_that_no_counter_covers(world: &World) {
    let diesel = burning(
        world,
        "cumulative",
        &[(1, 12, 9_000.0), (1, 20, 9_090.0), (2, 10, 9_140.0)],
        140.0,
    )
    .await;
    let generator = &diesel["generators"][0];
    near(&generator["meteredLitres"], 140.0);
    near(&generator["estimatedLitres"], (400.0 + 600.0) * 0.28);
    near(&generator["litres"], 420.0);
}
