//! Every layer has each setting that is declared.

use std::collections::BTreeSet;

use domain::meters::settings::SETTINGS;
use schemars::{JsonSchema, schema_for};
use serde_json::{Value, json};
use service::Vault;
use service::configuration::{self, Document};
use service::meters::{MeterView, NewMeter};
use sqlx::PgPool;

use crate::bench::{Bench, WHO};

fn schema<T: JsonSchema>() -> Value {
    schema_for!(T).to_value()
}

#[test]
fn the_api_and_the_document_have_each_setting_of_a_meter() {
    let document = schema::<Document>();
    let entry = &document["$defs"]["MeterEntry"];
    let (shown, body) = (schema::<MeterView>(), schema::<NewMeter>());
    for setting in SETTINGS {
        for schema in [&shown, &body, entry] {
            let of_setting = &schema["properties"][setting.name];
            assert!(of_setting["description"].is_string(), "{} in {schema}", setting.name);
        }
        assert_eq!(shown["properties"][setting.name]["description"], setting.help);
        if setting.is_number() {
            assert_eq!(body["properties"][setting.name]["type"], json!(["number", "null"]));
        }
    }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_database_has_each_setting_and_each_table_that_is_declared(pool: PgPool) {
    the_database_has_each_setting_of_a_meter_and_each_of_its_checks(&pool).await;
    crate::tasks::tables_that_tasks_own_and_change_exist(&pool).await;
    let bench = Bench::start(pool).await;
    a_setting_of_a_meter_comes_back_out_of_the_api_and_the_document(&bench).await;
    bench.stop().await;
}

async fn the_database_has_each_setting_of_a_meter_and_each_of_its_checks(pool: &PgPool) {
    let names = async |query| {
        let names: Vec<String> = sqlx::query_scalar(query).fetch_all(pool).await.unwrap();
        names.into_iter().collect::<BTreeSet<_>>()
    };
    let columns = names(
        "SELECT attname::text FROM pg_attribute \
         WHERE attrelid = 'energy_meters'::regclass AND attnum > 0",
    )
    .await;
    let constraints =
        names("SELECT conname::text FROM pg_constraint WHERE conrelid = 'energy_meters'::regclass")
            .await;
    for setting in SETTINGS {
        assert!(columns.contains(setting.column), "column {}", setting.column);
        for (constraint, _) in setting.checks {
            assert!(constraints.contains(*constraint), "constraint {constraint}");
        }
    }
}

/// A value of each setting that is not its default.
fn filled() -> Value {
    json!({"meterNumber": "M-1", "meterName": "Hall", "meterType": "Solar", "area": "A", "location": "Roof",
        "loadRole": "solar", "phaseType": "3-Ph", "channelPrefix": "pv", "ratedPowerKw": 50.5,
        "accuracyClass": 0.5, "registerModulusKwh": 1e6, "registerStepKwh": 0.01,
        "importRegister": "total", "dieselRegister": "cumulative", "latitude": 48.1,
        "longitude": 11.5, "installedAt": "2026-01-02T03:04:05.678Z"})
}

async fn a_setting_of_a_meter_comes_back_out_of_the_api_and_the_document(bench: &Bench) {
    let Bench { pool, service, .. } = bench;
    let filled = filled();
    let new = service::body::read(&filled).unwrap();
    let made = service::meters::create(service, WHO, None, new).await.unwrap();
    let document = configuration::export(pool, WHO).await.unwrap();
    sqlx::query("DELETE FROM energy_meters").execute(pool).await.unwrap();
    configuration::import(pool, &Vault::random(), WHO, &json!(document)).await.unwrap();
    let again = configuration::export(pool, WHO).await.unwrap();
    assert_eq!(again, document);
    let (shown, entry) = (json!(made), json!(document)["meters"][0].clone());
    for setting in SETTINGS {
        let said = &filled[setting.name];
        assert!(!said.is_null(), "give {} a value in this test", setting.name);
        assert_eq!((&shown[setting.name], &entry[setting.name]), (said, said), "{}", setting.name);
    }
}
