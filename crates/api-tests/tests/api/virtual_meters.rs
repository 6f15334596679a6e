//! Meters that are sums of others.

use serde_json::{Value, json};

use crate::{World, in_one_world};

const PATH: &str = "/api/virtual-meters";

async fn plant(world: &World) -> (i64, i64) {
    let meter =
        |number: &str| json!({"meterNumber": number, "meterName": number, "meterType": "Unit"});
    let load = world.meter(&meter("LOAD")).await;
    let pv = world.meter(&meter("PV")).await;
    (load, pv)
}

fn grid(terms: &Value) -> Value {
    json!({"meterNumber": "V-1", "meterName": "Grid", "terms": terms})
}

in_one_world! { virtual_meters:
    a_virtual_meter_is_created_with_its_terms_shown_and_removed, what_a_virtual_meter_cannot_be,
    a_virtual_meter_is_never_added_to_what_it_is_made_of,
    a_virtual_meter_counts_as_what_it_measures,
    what_a_virtual_roof_or_load_is_made_of_hangs_below_the_same_connection,
}

async fn a_virtual_meter_is_created_with_its_terms_shown_and_removed(world: &World) {
    let (load, pv) = plant(world).await;
    let terms = json!([{"meterId": load, "factor": 1}, {"meterId": "PV", "factor": -1}]);
    let made = world.post(PATH, &grid(&terms)).await.is(201).data();
    let expected = json!([{"meterId": load, "meterNumber": "LOAD", "factor": 1.0},
        {"meterId": pv, "meterNumber": "PV", "factor": -1.0}]);
    assert_eq!(made["terms"], expected);
    assert_eq!(world.get(PATH).await.json()["data"], json!([made]));
    assert_eq!(world.get(&format!("{PATH}/V-1")).await.json()["data"], made);
    let shown = world.get("/api/Energy/meters/V-1").await.json();
    assert_eq!(shown["data"]["meterName"], "Grid");
    world.get(&format!("{PATH}/{load}")).await.refused(404, "virtual_meter_not_found", None);

    let input = world.delete(&format!("/api/Energy/meters/{pv}")).await;
    input.refused(409, "used_by_virtual_meter", None);
    let removed = world.delete(&format!("{PATH}/V-1")).await.json();
    assert_eq!(removed["data"]["retired"], false);
    assert_eq!(world.get(PATH).await.json()["count"], 0);
    world.delete(&format!("/api/Energy/meters/{pv}")).await.is(200);
}

async fn what_a_virtual_meter_cannot_be(world: &World) {
    let (load, _) = plant(world).await;
    let site = json!({"slug": "b", "name": "B"});
    world.post("/api/sites", &site).await.is(201);
    let meter = json!({"meterNumber": "X", "meterName": "X", "meterType": "Unit"});
    let elsewhere = world.post("/api/Energy/meters?site=b", &meter).await.json();
    let elsewhere = elsewhere["data"]["id"].clone();
    let term =
        |meter: Value| json!([{"meterId": load, "factor": 1}, {"meterId": meter, "factor": 1}]);
    let cases = [
        (grid(&json!([])), "invalid_value", "terms"),
        (grid(&term(json!(999))), "invalid_value", "terms[1].meterId"),
        (grid(&term(json!("nobody"))), "invalid_value", "terms[1].meterId"),
        (grid(&term(json!("V-1"))), "invalid_value", "terms[1].meterId"),
        (grid(&term(elsewhere)), "invalid_value", "terms[1].meterId"),
        (grid(&term(json!("LOAD"))), "invalid_value", "terms[1].meterId"),
        (grid(&json!([{"meterId": load, "factor": 0}])), "invalid_value", "terms[0].factor"),
        (grid(&json!([{"meterId": load}])), "missing_field", "terms[0].factor"),
        (grid(&json!([{"meterId": load, "factor": 1, "x": 1}])), "unknown_field", "terms[0].x"),
    ];
    for (body, code, field) in cases {
        world.post(PATH, &body).await.refused(422, code, Some(field));
    }
    let mut taken = grid(&json!([{"meterId": load, "factor": 1}]));
    taken["meterNumber"] = "PV".into();
    world.post(PATH, &taken).await.refused(409, "meter_number_taken", Some("meterNumber"));
    assert_eq!(world.count("energy_meters").await, 2);
    assert_eq!(world.count("virtual_meters").await, 0);
}

const DAY: &str = "from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z";

/// A load of 96 and a roof of 24 kWh a day, and what a virtual meter says, as if it were computed.
async fn counted(world: &World, virtual_kwh: f64) -> Value {
    with_virtual(world, [("LOAD", 96.0), ("PV", 24.0)], virtual_kwh).await
}

/// What two meters counted in a day, and what a virtual meter says, as if it were computed.
async fn with_virtual(world: &World, read: [(&str, f64); 2], virtual_kwh: f64) -> Value {
    let at = |day: &str, kwh: f64| json!({"timestamp": format!("2026-05-{day}T00:00:00Z"), "totalEnergyKwh": kwh});
    for (number, kwh) in read {
        let rows = json!([at("01", 0.0), at("02", kwh)]);
        world.post(&format!("/api/Energy/meters/{number}/readings"), &rows).await.is(201);
    }
    let days = "INSERT INTO energy_days (meter_id, day, import_kwh, export_kwh, \
        reactive_import_kvarh, reactive_export_kvarh, runtime_s, starts, coverage, estimated_kwh, \
        quality, flags) SELECT id, '2026-05-01', $1, 0, 0, 0, 0, 0, 1, 0, 'DERIVED', 256 \
        FROM energy_meters WHERE meter_number = 'V-1' AND site_id = $2 \
        ON CONFLICT DO NOTHING";
    sqlx::query(days).bind(virtual_kwh).bind(world.site_id()).execute(&world.pool).await.unwrap();
    let carbon = world.get(&format!("/api/Energy/carbon?{DAY}")).await.data();
    let map = world.get(&format!("/api/Energy/dashboard/map?{DAY}")).await.json();
    let into = &map["data"]["gauges"]["totalConsumptionKwh"];
    json!({"grid": to_a_milliwatt_hour(&carbon["gridKwh"]), "into": to_a_milliwatt_hour(into)})
}

/// Energy that is added up of quarter-hours, or is not yet, is the same to a milliwatt-hour.
fn to_a_milliwatt_hour(kwh: &Value) -> f64 {
    (kwh.as_f64().unwrap() * 1e6).round() / 1e6
}

async fn a_virtual_meter_is_never_added_to_what_it_is_made_of(world: &World) {
    let (load, pv) = plant(world).await;
    let terms = json!([{"meterId": load, "factor": 1}, {"meterId": pv, "factor": 1}]);
    world.post(PATH, &grid(&terms)).await.is(201);
    assert_eq!(counted(world, 120.0).await, json!({"grid": 120.0, "into": 120.0}));
}

async fn a_virtual_meter_counts_as_what_it_measures(world: &World) {
    let (load, pv) = plant(world).await;
    let solar = json!({"meterType": "Solar"});
    world.send("PATCH", "/api/Energy/meters/PV", &solar).await.is(200);
    let mut utility = grid(&json!([{"meterId": load, "factor": 1}, {"meterId": pv, "factor": -1}]));
    utility["measures"] = "utility".into();
    let made = world.post(PATH, &utility).await.is(201);
    assert_eq!(made.json()["data"]["meterType"], "Grid");
    for (number, feeds) in [("LOAD", false), ("PV", true)] {
        let meter = world.get(&format!("/api/Energy/meters/{number}")).await.json();
        assert_eq!(meter["data"]["parentMeterNumber"], "V-1");
        assert_eq!(meter["data"]["feedsParent"], feeds);
    }
    assert_eq!(counted(world, 72.0).await, json!({"grid": 72.0, "into": 96.0}));
    let mut wrong = grid(&json!([{"meterId": load, "factor": 1}]));
    wrong["measures"] = "roof".into();
    world.post(PATH, &wrong).await.invalid("measures");
}

async fn what_a_virtual_roof_or_load_is_made_of_hangs_below_the_same_connection(world: &World) {
    let meter = async |number: &str, kind: &str| {
        let new = json!({"meterNumber": number, "meterName": number, "meterType": kind});
        world.meter(&new).await
    };
    let place = async |number: &str| {
        let meter = world.get(&format!("/api/Energy/meters/{number}")).await.json();
        (meter["data"]["parentMeterNumber"].clone(), meter["data"]["feedsParent"].clone())
    };
    meter("U", "Grid").await;
    meter("LO", "Main").await;
    let mut roof = grid(&json!([{"meterId": "LO", "factor": 1}, {"meterId": "U", "factor": -1}]));
    roof["measures"] = "solar".into();
    world.post(PATH, &roof).await.is(201);
    assert_eq!(place("V-1").await, (json!("U"), json!(true)));
    assert_eq!(place("LO").await, (json!("U"), json!(false)));
    let counted = with_virtual(world, [("U", 24.0), ("LO", 48.0)], 24.0).await;
    assert_eq!(counted, json!({"grid": 24.0, "into": 48.0}));
    let tree = world.get(&format!("/api/Energy/meters/hierarchy?{DAY}")).await.json();
    let loss = to_a_milliwatt_hour(&tree["data"][0]["lossKwh"]);
    assert_eq!((&tree["count"], loss.abs()), (&json!(1), 0.0));

    meter("U-2", "Grid").await;
    meter("PV-2", "Solar").await;
    meter("EV-2", "Unit").await;
    let mut load = grid(&json!([{"meterId": "U-2", "factor": 1}, {"meterId": "PV-2", "factor": 1},
        {"meterId": "EV-2", "factor": -1}]));
    (load["meterNumber"], load["measures"]) = ("V-2".into(), "load".into());
    world.post(PATH, &load).await.is(201);
    assert_eq!(place("V-2").await, (json!("U-2"), json!(false)));
    assert_eq!(place("PV-2").await, (json!("U-2"), json!(true)));
    assert_eq!(place("EV-2").await, (json!("U-2"), json!(false)));
}
