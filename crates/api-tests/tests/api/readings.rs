//! Readings in and out.

use serde_json::json;

use crate::{World, in_one_world};

const METER: &str = "/api/Energy/meters/DG-001";

async fn plant(world: &World) {
    world
        .meter(&json!({"meterNumber": "DG-001", "meterName": "Generator", "meterType": "DG"}))
        .await;
}

in_one_world! { readings_in_and_out:
    one_reading_by_either_set_of_names, repeats_and_contradictions_are_counted,
    pages_windows_and_csv, dates_are_days_of_the_sites_zone,
}

async fn one_reading_by_either_set_of_names(world: &World) {
    plant(world).await;
    let readings = format!("{METER}/readings");
    let camel = json!({"timestamp": "2026-05-01T05:30:00+05:30", "activePowerKw": 450,
        "totalEnergyKwh": 125_000, "dieselConsumptionLiters": 280, "voltageL1": 230.1});
    let made = world.post(&readings, &camel).await.is(201);
    assert_eq!(
        made.json(),
        json!({"success": true, "data":
            {"accepted": 1, "duplicates": 0, "conflicts": 0, "quarantined": 0}})
    );
    let snake = json!({"timestamp": "2026-05-01T00:15:00Z", "active_power_kw": 460, "total_energy_kwh": 125_100});
    assert_eq!(world.post(&readings, &snake).await.json()["data"]["accepted"], 1);
    assert_eq!(
        world.get(&readings).await.json(),
        json!({"success": true, "count": 2, "data": [
            {"timestamp": "2026-05-01T00:00:00Z", "activePowerKw": 450.0, "voltageL1": 230.1,
             "totalEnergyKwh": 125_000.0, "dieselConsumptionLiters": 280.0,
             "quality": "GOOD", "source": "api"},
            {"timestamp": "2026-05-01T00:15:00Z", "activePowerKw": 460.0,
             "totalEnergyKwh": 125_100.0, "quality": "GOOD", "source": "api"},
        ]})
    );
}

async fn repeats_and_contradictions_are_counted(world: &World) {
    plant(world).await;
    let path = format!("{METER}/readings");
    let at = |minute: u32, kw: u32| json!({"timestamp": format!("2026-05-01T00:{minute:02}:00Z"), "activePowerKw": kw});
    let first = world.post(&path, &json!([at(0, 1), at(1, 2), at(0, 1)])).await.json();
    assert_eq!(
        first["data"],
        json!({"accepted": 2, "duplicates": 1, "conflicts": 0, "quarantined": 0})
    );
    let close = |nanos: &str| json!({"timestamp": format!("2026-05-01T01:00:00.{nanos}Z"), "activePowerKw": 1});
    let twice = world.post(&path, &json!([close("000000001"), close("000000002")])).await.json();
    assert_eq!((&twice["data"]["accepted"], &twice["data"]["duplicates"]), (&json!(1), &json!(1)));
    let second = world.post(&path, &json!([at(0, 1), at(1, 9), at(2, 3)])).await.json();
    assert_eq!(
        second["data"],
        json!({"accepted": 1, "duplicates": 1, "conflicts": 1, "quarantined": 0})
    );
    let kept = world.get(&path).await.json();
    assert_eq!(kept["data"][1]["activePowerKw"], 2.0);
}

async fn pages_windows_and_csv(world: &World) {
    plant(world).await;
    let path = format!("{METER}/readings");
    let at = |hour: u32| json!({"timestamp": format!("2026-05-01T{hour:02}:00:00Z"), "activePowerKw": hour});
    let all: Vec<_> = (0..24).map(at).collect();
    world.post(&path, &all.into()).await;

    let window = "from=2026-05-01T06:00:00Z&to=2026-05-01T18:00:00Z";
    let mut hours = Vec::new();
    let mut next = format!("{path}?{window}&limit=5");
    loop {
        let page = world.get(&next).await.json();
        hours.extend(
            page["data"].as_array().unwrap().iter().map(|r| r["activePowerKw"].as_f64().unwrap()),
        );
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        next = format!("{path}?{window}&limit=5&cursor={cursor}");
    }
    assert_eq!(hours, (6..18).map(f64::from).collect::<Vec<_>>());

    let csv = world.get(&format!("{path}?{window}&format=csv&resolution=raw")).await;
    let lines: Vec<_> = csv.text.lines().collect();
    assert_eq!(lines.len(), 13);
    assert!(lines[0].starts_with("timestamp,activePowerKw,"));
    assert!(lines[1].starts_with("2026-05-01T06:00:00Z,6.0,"), "{}", lines[1]);

    let unknown = world.get(&format!("{path}?resolution=2h")).await;
    unknown.invalid("resolution");
    assert!(unknown.json()["error"]["message"].as_str().unwrap().contains("15m"));
}

async fn dates_are_days_of_the_sites_zone(world: &World) {
    plant(world).await;
    world.send("PATCH", "/api/sites/default", &json!({"timeZone": "Asia/Kolkata"})).await;
    let path = format!("{METER}/readings");
    for at in ["2026-05-01T18:29:59Z", "2026-05-01T18:30:00Z", "2026-05-02T18:30:00Z"] {
        world.post(&path, &json!({"timestamp": at, "activePowerKw": 1})).await;
    }
    let day = world.get(&format!("{path}?from=2026-05-02&to=2026-05-03")).await.json();
    assert_eq!(day["count"], 1);
    assert_eq!(day["data"][0]["timestamp"], "2026-05-01T18:30:00Z");
}
