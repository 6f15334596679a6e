//! The document over HTTP: given out, tried, taken in.

use serde_json::{Value, json};

use crate::{World, one_after_another};

const CONFIGURATION: &str = "/api/configuration";

async fn make_meters(world: &World) {
    for (number, parent) in [("G", None), ("A", Some("G")), ("B", Some("G"))] {
        let new = json!({"meterNumber": number, "meterName": number, "meterType": "Unit",
            "parentMeterNumber": parent});
        world.meter(&new).await;
    }
}

one_after_another! { the_document_over_http:
    make_meters, a_dry_run_says_what_would_change_and_changes_nothing,
    every_fault_is_told_with_its_place, imports_beside_other_changes_wait_for_each_other,
    other_terms_have_a_derived_meter_computed_again,
}

async fn a_dry_run_says_what_would_change_and_changes_nothing(world: &World) {
    let document = world.get(CONFIGURATION).await.json();
    let same = world.post("/api/configuration/preview", &document).await.is(200);
    assert_eq!(same.json()["data"], json!({"faults": [], "sections": []}));

    let mut changed = document.clone();
    let meters = changed["meters"].as_array_mut().unwrap();
    let a = meters.iter_mut().find(|meter| meter["meterNumber"] == "A").unwrap();
    a["meterName"] = "Press".into();
    let mut new = a.clone();
    new["meterNumber"] = "C".into();
    new["channelPrefix"] = "c".into();
    new["uuid"] = "018f3c1e-0000-7000-8000-000000000001".into();
    meters.push(new);
    changed["alarmRules"] = json!([]);
    let report = world.post("/api/configuration/preview", &changed).await.data();
    let section = |name: &str| {
        let sections = report["sections"].as_array().unwrap();
        sections.iter().find(|section| section["name"] == name).cloned().unwrap_or_default()
    };
    let meters = section("meters");
    assert_eq!((&meters["added"], &meters["changed"]), (&json!(1), &json!(1)), "{report}");
    let entry = &meters["entries"].as_array().unwrap()[0];
    assert_eq!(entry["changes"], json!([{"field": "meterName", "before": "A", "after": "Press"}]));
    assert!(section("alarmRules")["removed"].as_u64().unwrap() > 0, "rules that are not listed go");
    assert_eq!(world.get(CONFIGURATION).await.json(), document);
    assert_eq!(world.count("audit_log").await, 0);

    world.post(CONFIGURATION, &changed).await.is(200);
    assert_eq!(world.get("/api/Energy/meters/A").await.json()["data"]["meterName"], "Press");
}

async fn every_fault_is_told_with_its_place(world: &World) {
    let mut document = world.get(CONFIGURATION).await.json();
    document["sites"][0]["timeZone"] = "Mars".into();
    document["meters"][1]["parent"] = "NOBODY".into();
    document["meters"][2]["parent"] = "NOBODY".into();
    let report = world.post("/api/configuration/preview", &document).await.is(200);
    let faults = report.json()["data"]["faults"].as_array().unwrap().clone();
    let places: Vec<_> = faults.iter().map(|fault| fault["field"].as_str().unwrap()).collect();
    assert_eq!(places, ["sites[0].timeZone", "meters[1].parent", "meters[2].parent"]);
    world.post(CONFIGURATION, &document).await.invalid("sites[0].timeZone");
}

async fn other_terms_have_a_derived_meter_computed_again(world: &World) {
    let sum = json!({"meterNumber": "V", "meterName": "V",
        "terms": [{"meterId": "A", "factor": 1}]});
    let made = world.post("/api/virtual-meters", &sum).await.json()["data"]["id"].clone();
    let written = "INSERT INTO meter_registers (meter_id, derived_to) VALUES ($1, now())";
    sqlx::query(written).bind(made.as_i64()).execute(&world.pool).await.unwrap();
    let mut document = world.get(CONFIGURATION).await.json();
    let asked = "SELECT derive_from IS NOT NULL FROM meter_registers WHERE meter_id = $1";
    let marked = async || -> bool {
        sqlx::query_scalar(asked).bind(made.as_i64()).fetch_one(&world.pool).await.unwrap()
    };
    world.post(CONFIGURATION, &document).await.is(200);
    assert!(!marked().await, "the same terms change nothing");
    document["virtualMeters"][0]["terms"][0]["factor"] = json!(2.0);
    world.post(CONFIGURATION, &document).await.is(200);
    assert!(marked().await);
}

async fn imports_beside_other_changes_wait_for_each_other(world: &World) {
    let document = world.get(CONFIGURATION).await.json();
    let rename = |area: &str| {
        let set = json!({"area": area, "level": 1});
        json!({"changes": [{"id": 3, "set": set}, {"id": 2, "set": set}]})
    };
    for round in 0..5 {
        let area = format!("Hall {round}");
        let change = rename(&area);
        let level = json!({"level": 2 + round % 2});
        let (one, two, three) = tokio::join!(
            world.post(CONFIGURATION, &document),
            world.send("PATCH", "/api/Energy/meters", &change),
            world.send("PATCH", "/api/Energy/meters/A", &level),
        );
        let statuses: Vec<Value> = [one, two, three].iter().map(|it| it.status.into()).collect();
        assert_eq!(statuses, [200, 200, 200]);
    }
}
