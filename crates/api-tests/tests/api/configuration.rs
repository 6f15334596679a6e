//! What people entered, taken out of one database and into another.

mod beside;

use serde_json::{Value, json};
use service::configuration::{self, Imported, export};
use service::{Principal, Vault};
use sqlx::{Connection as _, PgConnection, PgPool};

use crate::energy_meters::guide_bodies;
use crate::{World, one_after_another};

const ADMIN: &Principal = &Principal::Loopback;

async fn import(
    pool: &PgPool,
    who: &Principal,
    document: &Value,
) -> Result<Imported, service::Error> {
    configuration::import(pool, &Vault::random(), who, document).await
}

async fn exported(pool: &PgPool) -> Value {
    serde_json::to_value(export(pool, ADMIN).await.unwrap()).unwrap()
}

/// A site with one of everything, entered through the API.
async fn plant(world: &World) {
    let made = async |path: &str, body: &Value| {
        let answer = world.post(path, body).await;
        assert_eq!(answer.status, 201, "{path}: {}", answer.text);
        answer.data()
    };
    let site = json!({"slug": "works", "timeZone": "Asia/Kolkata", "currency": "INR",
        "pricePerKwh": "8.25", "retention": {"rawDays": 30, "hourlyDays": 400, "dailyDays": 4000}});
    world.send("PATCH", "/api/sites/default", &site).await.is(200);
    made("/api/sites", &json!({"slug": "annex", "name": "Annex"})).await;
    let meter = |number: &str, parent: Value| {
        json!({"meterNumber": number, "meterName": number, "meterType": "Unit",
            "parentMeterId": parent, "ratedPowerKw": 12.5, "accuracyClass": 0.5})
    };
    made("/api/Energy/meters", &meter("GRID", Value::Null)).await;
    let main = made("/api/Energy/meters", &meter("MAIN", json!("GRID"))).await;
    made("/api/Energy/meters", &meter("A-1", json!("MAIN"))).await;
    made("/api/Energy/meters?site=annex", &meter("A-1", Value::Null)).await;
    let moved = json!({"parentMeterId": "GRID", "effectiveFrom": "2026-05-01T00:00:00Z"});
    world.send("PATCH", "/api/Energy/meters/A-1", &moved).await.is(200);
    for body in guide_bodies() {
        made("/api/energy-meters", &body).await;
    }
    let night = json!([{"direction": "import", "price": "6.50", "fromTime": "22:00", "toTime": "06:00"},
        {"direction": "import", "price": "8.25", "toKwh": 500.5},
        {"direction": "import", "price": "9.10", "fromKwh": 500.5}]);
    let tariff = json!({"name": "HT", "validFrom": "2026-01-01", "validTo": "2027-01-01",
        "holidays": ["2026-01-26"], "energy": night, "taxPercent": "9"});
    let tariff = made("/api/tariffs", &tariff).await;
    let given = json!({"tariffId": tariff["id"], "validFrom": "2026-02-01"});
    world.send("PUT", "/api/Energy/meters/MAIN/tariff", &given).await.is(200);
    let factor = json!({"kind": "sfc", "meterId": main["id"], "value": 0.31, "unit": "L/kWh",
        "source": "test run", "validFrom": "2026-01-01"});
    made("/api/emission-factors", &factor).await;
    let sum = json!({"meterNumber": "V-1", "meterName": "V", "parentMeterId": "GRID",
        "terms": [{"meterId": "MAIN", "factor": 1}, {"meterId": "A-1", "factor": -0.5}]});
    made("/api/virtual-meters", &sum).await;
    let load = json!({"validFrom": "2026-01-01", "powerKw": 1.5, "reason": "lights"});
    made("/api/Energy/meters/MAIN/unmetered", &load).await;
    let row = json!({"timestamp": "2026-05-02T00:00:00Z", "activePowerKw": 1});
    made("/api/Energy/meters/A-1/readings", &row).await;
    let retired = world.delete("/api/Energy/meters/A-1").await.json();
    assert_eq!(retired["data"]["retired"], true);
}

/// Another database of the same server, with the schema and nothing else.
async fn empty_database(pool: &PgPool) -> PgPool {
    let options = pool.connect_options();
    // A name that is longer than Postgres takes would be cut off to that of the first one.
    let number = "SELECT oid::bigint FROM pg_database WHERE datname = current_database()";
    let number: i64 = sqlx::query_scalar(number).fetch_one(pool).await.unwrap();
    let name = format!("beside_{number}");
    let mut db = PgConnection::connect_with(&options).await.unwrap();
    for statement in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")]
    {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut db).await.unwrap();
    }
    let other = PgPool::connect_with(options.as_ref().clone().database(&name)).await.unwrap();
    storage::MIGRATOR.run(&other).await.unwrap();
    other
}

async fn drop_database(pool: &PgPool, other: PgPool) {
    let options = other.connect_options();
    other.close().await;
    let statement = format!("DROP DATABASE {}", options.get_database().unwrap());
    sqlx::query(sqlx::AssertSqlSafe(statement)).execute(pool).await.unwrap();
}

async fn a_configuration_comes_out_of_another_database_as_it_went_in(world: &World) {
    let document = exported(&world.pool).await;
    assert_eq!(document["version"], 1);
    assert_eq!(document["meters"].as_array().unwrap().len(), 12);
    assert_eq!(document["devices"].as_array().unwrap().len(), 7);
    assert!(!document.to_string().contains("your-api-token-here"), "no secret leaves");

    let other = empty_database(&world.pool).await;
    import(&other, ADMIN, &document).await.unwrap();
    assert_eq!(exported(&other).await, document);
    import(&other, ADMIN, &document).await.unwrap();
    assert_eq!(exported(&other).await, document, "twice changes nothing");
    let mut exchanged = document.clone();
    let [one, two] = [0, 1].map(|place| document["meters"][place]["uuid"].clone());
    (exchanged["meters"][0]["uuid"], exchanged["meters"][1]["uuid"]) = (two, one);
    import(&other, ADMIN, &exchanged).await.unwrap();
    assert_eq!(exported(&other).await, exchanged, "meters exchange their UUIDs");
    let default = storage::sites::default(&other).await.unwrap();
    assert_eq!(default.slug, "works");
    drop_database(&world.pool, other).await;

    import(&world.pool, ADMIN, &document).await.unwrap();
    assert_eq!(exported(&world.pool).await, document);
    let token = "SELECT count(*) FROM devices WHERE communication ? 'authToken'";
    let kept: i64 = sqlx::query_scalar(token).fetch_one(&world.pool).await.unwrap();
    assert!(kept > 0, "stored secrets stay");

    let mut entered = document.clone();
    let devices = entered["devices"].as_array_mut().unwrap();
    let http = devices.iter_mut().find(|device| device["protocol"] == "http").unwrap();
    http["communication"]["authToken"] = "entered-again".into();
    import(&world.pool, ADMIN, &entered).await.unwrap();
    let text = "SELECT string_agg(communication::text, '') FROM devices";
    let stored: String = sqlx::query_scalar(text).fetch_one(&world.pool).await.unwrap();
    assert!(stored.contains("sealed") && !stored.contains("entered-again"));
}

one_after_another! { the_document_of_a_plant:
    plant, a_document_is_taken_in_whole_or_not_at_all,
    a_configuration_comes_out_of_another_database_as_it_went_in,
}

async fn a_document_is_taken_in_whole_or_not_at_all(world: &World) {
    let document = exported(&world.pool).await;
    let other = empty_database(&world.pool).await;
    let nothing = exported(&other).await;
    let changed = |pointer: &str, value: Value| {
        let mut document = document.clone();
        *document.pointer_mut(pointer).unwrap() = value;
        document
    };
    let mut overlapping = document.clone();
    let mut version = document["tariffs"][0].clone();
    version["validFrom"] = "2026-06-01".into();
    overlapping["tariffs"].as_array_mut().unwrap().push(version);
    let cycle = json!([{"site": "works", "meterNumber": "V-1",
        "terms": [{"meterNumber": "MAIN", "factor": 1}]}, {"site": "works", "meterNumber": "MAIN",
        "terms": [{"meterNumber": "V-1", "factor": 1}]}]);
    let meters = document["meters"].as_array().unwrap();
    let place = |number: &str| {
        meters.iter().position(|meter| meter["site"] == "works" && meter["meterNumber"] == number)
    };
    let (grid, main) = (place("GRID").unwrap(), place("MAIN").unwrap());
    let on_a_level = changed(&format!("/meters/{main}/level"), 0.into());
    let mut each_below_the_other = on_a_level.clone();
    each_below_the_other["meters"][grid]["parent"] = "MAIN".into();
    let [grid, main] = [grid, main].map(|place| format!("meters[{place}].level"));
    let cases = [
        (on_a_level, main.as_str()),
        (each_below_the_other, grid.as_str()),
        (changed("/version", 7.into()), "version"),
        (json!({"sites": []}), "version"),
        (changed("/meters/0/level", json!("top")), "meters[0].level"),
        (changed("/meters/2/parent", json!("NOBODY")), "meters[2].parent"),
        (changed("/meters/1/uuid", meters[0]["uuid"].clone()), "meters[1].uuid"),
        (changed("/sites/0/timeZone", json!("Mars")), "sites[0].timeZone"),
        (
            changed("/tariffs/0/terms/energy/0/price", json!("1.23456789012")),
            "tariffs[0].terms.energy[0].price",
        ),
        (changed("/tariffs/0/currency", json!("EUR")), "tariffs[0].currency"),
        (changed("/emissionFactors/0/kind", json!("coal")), "emissionFactors[0].kind"),
        (changed("/unmeteredLoads/0/powerKw", json!(-1)), "powerKw"),
        (changed("/virtualMeters", cycle), "terms"),
        (overlapping, "validFrom"),
    ];
    for (document, place) in cases {
        let refused = import(&other, ADMIN, &document).await.unwrap_err();
        let (service::Error::Invalid { field, .. } | service::Error::Conflict { field, .. }) =
            refused
        else {
            panic!("{place}: {refused:?}");
        };
        assert_eq!(field.as_deref(), Some(place));
        assert_eq!(exported(&other).await, nothing, "{place}");
    }
    let mut bare = document.clone();
    for meter in bare["meters"].as_array_mut().unwrap() {
        meter["placements"] = json!([]);
    }
    import(&other, ADMIN, &bare).await.unwrap();
    let mut copy = bare["meters"][0].clone();
    (copy["meterNumber"], copy["channelPrefix"]) = ("COPY".into(), "copy".into());
    let taken = json!({"version": 1, "sites": bare["sites"], "meters": [copy]});
    let refused = import(&other, ADMIN, &taken).await.unwrap_err().to_string();
    let number = bare["meters"][0]["meterNumber"].as_str().unwrap();
    assert!(refused.contains("COPY") && refused.contains(number), "{refused}");
    let elsewhere = "SELECT meter_number FROM energy_meters meter WHERE NOT EXISTS (\
        SELECT FROM meter_placements placement WHERE placement.meter_id = meter.id \
            AND placement.parent_meter_id IS NOT DISTINCT FROM meter.parent_meter_id)";
    let elsewhere: Vec<String> = sqlx::query_scalar(elsewhere).fetch_all(&other).await.unwrap();
    assert_eq!(
        elsewhere, [""; 0],
        "where nothing is said of the past, meters hung where they hang"
    );
    let mut unknown = document.clone();
    unknown["colour"] = 1.into();
    let refused = import(&other, ADMIN, &unknown).await.unwrap_err().to_string();
    assert!(refused.contains("colour"), "{refused}");
    let nobody = import(&other, &Principal::Anonymous, &document).await.unwrap_err();
    assert!(matches!(nobody, service::Error::Unauthorized { .. }));
    drop_database(&world.pool, other).await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_trial_asked_for_where_there_is_none_changes_nothing(pool: PgPool) {
    let world = World::start(&pool).await;
    let mut document = world.get("/api/configuration").await.json();
    document["sites"][0]["name"] = "Other".into();
    let answer = world.post("/api/configuration?dryRun=true", &document).await.is(422);
    assert!(answer.text.contains("dryRun"), "{}", answer.text);
    assert_ne!(world.get("/api/sites/default").await.json()["data"]["name"], "Other");
    world.end().await;
}
