//! The rules that a register is counted by: what they cannot be, and what a change of them alters.

use serde_json::{Value, json};
use service::{Principal, Vault, configuration};
use sqlx::PgPool;

use crate::forms::send;
use crate::quarantine::adds_up_to;
use crate::{World, in_one_world};

const METER: &str = "/api/Energy/meters/M-1";

/// A meter of 200 kW whose register fell.
async fn plant(world: &World) {
    let meter = json!({"meterNumber": "M-1", "meterName": "Main", "meterType": "Main",
        "ratedPowerKw": 200, "registerStepKwh": 0.1});
    world.meter(&meter).await;
    let reading = |(hour, kwh): (usize, f64)| json!({"timestamp": format!("2026-05-05T{hour:02}:00:00Z"), "totalEnergyKwh": kwh});
    let rows: Vec<Value> =
        [99_990.0, 99_995.0, 3.0, 8.0, 13.0].into_iter().enumerate().map(reading).collect();
    world.post(&format!("{METER}/readings"), &json!(rows)).await.is(201);
    adds_up_to(world, 18.0).await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_modulus_below_what_the_register_showed_is_refused_wherever_it_is_entered(pool: PgPool) {
    let world = World::start(&pool).await;
    plant(&world).await;
    let (code, field) = ("modulus_below_register", Some("registerModulusKwh"));
    let set = |kwh: f64| json!({"registerModulusKwh": kwh});
    for kwh in [10_000.0, 99_995.0] {
        let refused = world.send("PATCH", METER, &set(kwh)).await;
        refused.refused(422, code, field);
        let message = refused.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(message.contains("99995 kWh at 2026-05-05T01:00:00Z"), "{message}");
    }
    let looked = world.post(&format!("{METER}/rules/preview"), &set(10_000.0)).await;
    looked.refused(422, code, field);
    let id = world.get(METER).await.json()["data"]["id"].clone();
    let together = json!({"changes": [{"id": id, "set": set(10_000.0)}]});
    world.send("PATCH", "/api/Energy/meters", &together).await.refused(422, code, field);
    let meter = id.to_string();
    let form = [("meter", meter.as_str()), ("expected", "{}"), ("registerModulusKwh", "10000")];
    send(&world, "/act/settings-rules", &form).await.refused(422, code, field);

    let admin = Principal::Loopback;
    let document = configuration::export(&pool, &admin).await.unwrap();
    let mut document = serde_json::to_value(document).unwrap();
    document["meters"][0]["registerModulusKwh"] = 10_000.into();
    let imported = configuration::import(&pool, &Vault::random(), &admin, &document).await;
    let refused = imported.unwrap_err();
    assert!(matches!(refused, service::Error::Invalid { code: it, .. } if it == code), "{refused}");
    let kept = world.get(METER).await.data();
    assert_eq!(kept["registerModulusKwh"], Value::Null);
    adds_up_to(&world, 18.0).await;
    world.end().await;
}

in_one_world! { rules_of_registers:
    an_exchange_tells_of_one_column_whichever_counts_later,
    what_was_not_shown_by_the_register_limits_no_modulus,
    a_rule_is_looked_at_and_then_stored_with_a_way_back,
}

/// The old meter's figure is of the column that import was taken from when it was entered: the other
/// column makes nothing of it.
async fn an_exchange_tells_of_one_column_whichever_counts_later(world: &World) {
    let meter = json!({"meterNumber": "M-1", "meterName": "Main", "meterType": "Main"});
    world.meter(&meter).await;
    let columns = [(7_000, 90), (7_001, 91), (1, 50_000), (3, 50_006)];
    let reading = |(n, (total, import)): (usize, (i32, i32))| {
        json!({"timestamp": format!("2026-05-05T01:{:02}:00Z", n * 10),
            "totalEnergyKwh": total, "energyImportKwh": import})
    };
    let rows: Vec<Value> = columns.into_iter().enumerate().map(reading).collect();
    world.post(&format!("{METER}/readings"), &json!(rows)).await.is(201);
    let patch = json!({"importRegister": "total"});
    world.send("PATCH", METER, &patch).await.is(200);
    let exchange = json!({"timestamp": "2026-05-05T01:15:00Z", "oldFinalKwh": 7_002,
        "newInitialKwh": 0, "reason": "replaced"});
    let entered = world.post(&format!("{METER}/exchanges"), &exchange).await;
    assert_eq!(entered.json()["data"]["importRegister"], "total", "{}", entered.text);
    adds_up_to(world, 5.0).await;
    let patch = json!({"importRegister": "import"});
    world.send("PATCH", METER, &patch).await.is(200);
    // What passed between 1:10 and 1:20 is not known of this column.
    adds_up_to(world, 7.0).await;
    let waits = world.get("/api/quarantine").await;
    assert_eq!(waits.json()["count"], 0, "{}", waits.text);
    let wrong = json!({"timestamp": "2026-05-05T01:25:00Z", "oldFinalKwh": 2, "newInitialKwh": 0,
        "importRegister": "export", "reason": "replaced"});
    world.post(&format!("{METER}/exchanges"), &wrong).await.is(422);
}

async fn what_was_not_shown_by_the_register_limits_no_modulus(world: &World) {
    plant(world).await;
    let read = async |time: &str, kwh: f64| {
        let reading = json!({"timestamp": format!("2026-05-05T{time}:00Z"), "totalEnergyKwh": kwh});
        world.post(&format!("{METER}/readings"), &reading).await.is(201);
    };
    // Some that are no part of its register.
    for time in ["05:00", "05:15", "05:30"] {
        read(time, 700_000.0).await;
    }
    read("06:00", 14.0).await;
    world.eventually("/api/outliers?meter=M-1", |list| list["count"] == 3).await;
    adds_up_to(world, 19.0).await;
    // Two that somebody strikes out.
    read("07:00", 300_000.0).await;
    read("08:00", 300_001.0).await;
    let set = json!({"registerModulusKwh": 100_000});
    let refused = world.send("PATCH", METER, &set).await;
    refused.refused(422, "modulus_below_register", Some("registerModulusKwh"));
    assert!(refused.text.contains("300001 kWh"), "{}", refused.text);
    for hour in ["07", "08"] {
        let correction = json!({"timestamp": format!("2026-05-05T{hour}:00:00Z"), "value": null,
            "field": "totalEnergyKwh", "reason": "misread"});
        world.post(&format!("{METER}/corrections"), &correction).await.is(201);
    }
    let taken = world.send("PATCH", METER, &set).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    assert_eq!(taken.json()["data"]["kept"]["frozenMonths"], json!([]));
    adds_up_to(world, 24.0).await;

    // Before an exchange another meter hung there.
    let exchange = json!({"timestamp": "2026-05-05T06:30:00Z", "oldFinalKwh": 15,
        "newInitialKwh": 4_000, "reason": "replaced"});
    let exchanged = world.post(&format!("{METER}/exchanges"), &exchange).await;
    assert_eq!(exchanged.status, 201, "{}", exchanged.text);
    read("09:00", 4_004.0).await;
    let small = json!({"registerModulusKwh": 4_000});
    let refused = world.send("PATCH", METER, &small).await;
    refused.refused(422, "modulus_below_register", Some("registerModulusKwh"));
    let taken = world.send("PATCH", METER, &json!({"registerModulusKwh": 10_000})).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
}

async fn a_rule_is_looked_at_and_then_stored_with_a_way_back(world: &World) {
    plant(world).await;
    let set = json!({"registerModulusKwh": 100_000});
    let looked = world.post(&format!("{METER}/rules/preview"), &set).await.is(200).data();
    assert_eq!(
        (&looked["before"]["importKwh"], &looked["after"]["importKwh"]),
        (&json!(18.0), &json!(23.0))
    );
    assert_eq!(
        (&looked["days"][0]["date"], &looked["months"][0]["month"]),
        (&json!("2026-05-05"), &json!("2026-05"))
    );
    adds_up_to(world, 18.0).await;
    let shown = world.get(METER).await.data();
    assert_eq!(shown["registerModulusKwh"], Value::Null);

    let id = shown["id"].to_string();
    let seen = json!({"registerModulusKwh": null, "ratedPowerKw": 200.0, "registerStepKwh": 0.1});
    let seen = seen.to_string();
    let form = [
        ("meter", id.as_str()),
        ("expected", seen.as_str()),
        ("ratedPowerKw", "200"),
        ("registerStepKwh", "0.1"),
        ("registerModulusKwh", "100000"),
        ("dieselRegister", "increment"),
    ];
    send(world, "/act/settings-rules?next=/settings/meters", &form).await.is(200);
    adds_up_to(world, 23.0).await;
    let again = world.post(&format!("{METER}/rules/preview"), &set).await.json();
    assert_eq!(again["data"]["days"], json!([]), "it counts so already");
}
