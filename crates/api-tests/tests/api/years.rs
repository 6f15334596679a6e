//! A year that somebody mistyped, or that a clock made up, is refused by name wherever a time is taken.

use serde_json::{Value, json};

use crate::{World, in_one_world};

const WRONG: &str = "1900-05-01T00:00:00Z";
const DAY: &str = "1900-05-01";

in_one_world! { times_before_1970:
    no_time_that_somebody_types_lies_before_1970, the_first_day_is_taken_in_every_zone,
}

async fn no_time_that_somebody_types_lies_before_1970(world: &World) {
    let meter =
        |number: &str| json!({"meterNumber": number, "meterName": number, "meterType": "DG"});
    world.meter(&meter("M")).await;
    world.meter(&meter("N")).await;
    let installed = |at: &str| {
        let mut body = meter("O");
        body["installedAt"] = at.into();
        body
    };
    let reading = |at: &str| json!({"timestamp": at, "totalEnergyKwh": 1});
    let exchange = json!({"timestamp": WRONG, "oldFinalKwh": 1, "newInitialKwh": 0, "reason": "x"});
    let correction =
        json!({"timestamp": WRONG, "field": "totalEnergyKwh", "value": 1, "reason": "x"});
    let tariff = json!({"name": "T", "validFrom": DAY});
    let factor = json!({"kind": "grid", "value": 0.7, "unit": "kg/kWh", "source": "x",
        "validFrom": DAY});
    let tank = json!({"kind": "diesel_low", "meterId": "M", "tankLitres": 100, "filledAt": WRONG});
    let m = "/api/Energy/meters/M";
    let posts: [(String, Value, &str); 8] = [
        ("/api/Energy/meters".into(), installed(WRONG), "installedAt"),
        (format!("{m}/readings"), reading(WRONG), "timestamp"),
        (
            format!("{m}/readings"),
            json!([reading("2026-05-01T00:00:00Z"), reading(WRONG)]),
            "timestamp",
        ),
        (format!("{m}/exchanges"), exchange, "timestamp"),
        (format!("{m}/corrections"), correction, "timestamp"),
        ("/api/tariffs".into(), tariff, "validFrom"),
        ("/api/emission-factors".into(), factor, "validFrom"),
        ("/api/alarm-rules".into(), tank, "filledAt"),
    ];
    for (path, body, field) in posts {
        let answer = world.post(&path, &body).await;
        assert!(answer.text.contains("1970"), "{path}: {}", answer.text);
        answer.refused(422, "too_early", Some(field));
    }
    let moved = json!({"parentMeterId": "N", "effectiveFrom": WRONG});
    world.send("PATCH", m, &moved).await.refused(422, "too_early", Some("effectiveFrom"));
    let change = json!({"installedAt": "0202-05-01T00:00:00Z"});
    world.send("PATCH", m, &change).await.refused(422, "too_early", Some("installedAt"));
    for path in [
        format!("{m}/readings?from={DAY}"),
        format!("/api/Energy/power-loss?from={DAY}&to=2026-05-01"),
        format!("/api/alarms?to={DAY}"),
    ] {
        let answer = world.get(&path).await;
        let field = if path.contains("from=") { "from" } else { "to" };
        answer.refused(422, "too_early", Some(field));
    }
    assert_eq!(world.count("meter_readings").await, 0);
}

/// The first day of 1970 begins before midnight of Greenwich where the sun rises earlier.
async fn the_first_day_is_taken_in_every_zone(world: &World) {
    let zone = json!({"timeZone": "Pacific/Kiritimati"});
    world.send("PATCH", "/api/sites/default", &zone).await.is(200);
    world.meter(&json!({"meterNumber": "M", "meterName": "M", "meterType": "Main"})).await;
    world.get("/api/Energy/meters/M/readings?from=1970-01-01").await.is(200);
    let tariff = json!({"name": "T", "validFrom": "1970-01-01"});
    let made = world.post("/api/tariffs", &tariff).await;
    assert!([201, 409].contains(&made.status), "{}", made.text);
}
