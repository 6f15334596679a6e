//! Readings that do not fit their register are kept and do not count, unless somebody says so.

use serde_json::{Value, json};

use crate::forms::send;
use crate::quarantine::adds_up_to;
use crate::{World, has, in_one_world};

const PATH: &str = "/api/outliers";

fn at(minute: u32) -> String {
    format!("2026-11-01T10:{minute:02}:00Z")
}

/// A meter of 10 kW that is read by the minute, and shows 0 twice.
async fn plant(world: &World) -> Value {
    let meter = json!({"meterNumber": "M-1", "meterName": "Main", "meterType": "Main",
        "ratedPowerKw": 10, "registerStepKwh": 0.01});
    let made = world.post("/api/Energy/meters", &meter).await.is(201).data();
    let shown = [1234.50, 1234.51, 0.0, 0.0, 1234.52, 1234.53];
    let row = |(minute, kwh): (u32, f64)| json!({"timestamp": at(minute), "totalEnergyKwh": kwh});
    let rows: Vec<_> = (0..).zip(shown).map(row).collect();
    world.post("/api/Energy/meters/M-1/readings", &json!(rows)).await.is(201);
    world.eventually(PATH, |list| list["count"] == 2).await;
    made["id"].clone()
}

async fn listed(world: &World, query: &str) -> Vec<(String, Value)> {
    let list = world.get(&format!("{PATH}?{query}")).await.is(200).json();
    let rows = list["data"].as_array().unwrap().iter();
    let of = |row: &Value| row["timestamp"].as_str().unwrap().to_owned();
    rows.map(|row| (of(row), row["decision"].clone())).collect()
}

in_one_world! { outliers:
    a_reading_that_does_not_fit_is_kept_and_counts_when_somebody_says_so,
    a_reading_that_counts_is_left_out_when_somebody_says_so,
    the_form_of_the_page_does_the_same, what_a_decision_cannot_be,
    a_decision_that_is_taken_back_leaves_the_reading_to_the_rules,
    the_list_goes_on_where_a_page_ended, a_sample_of_power_counts_when_somebody_says_so,
}

async fn a_reading_that_does_not_fit_is_kept_and_counts_when_somebody_says_so(world: &World) {
    let id = plant(world).await;
    adds_up_to(world, 0.03).await;
    let list = world.get(PATH).await.json();
    has!(list["data"][1], {"meterId": id, "meterNumber": "M-1", "timestamp": at(2),
        "field": "totalEnergyKwh", "value": 0.0, "decision": null, "decidedAt": null});
    let asked = world.get("/api/quarantine").await.json();
    assert_eq!(asked["count"], 0, "there is no question: {asked}");

    let report = world.get("/api/reports/2026-11").await.json();
    let quality = report["data"]["quality"].as_array().unwrap();
    let of_meter = quality.iter().find(|meter| meter["meterNumber"] == "M-1").unwrap();
    assert_eq!(of_meter["outliers"], 2, "{of_meter}");

    let mut body = json!({"meterId": id, "timestamp": at(2), "field": "totalEnergyKwh",
        "value": 0, "decision": "accept"});
    let decided = world.post(PATH, &body).await.is(200).data();
    assert_eq!(decided["decision"], "accept");
    assert!(decided["decidedAt"].is_string());
    // The register went on from 0, and is back where it was with nobody knowing how.
    adds_up_to(world, 0.01).await;
    let left = listed(world, "meter=M-1").await;
    assert!(left.contains(&(at(2), json!("accept"))), "{left:?}");

    body["decision"] = json!("reject");
    world.post(PATH, &body).await.is(200);
    adds_up_to(world, 0.03).await;
    let expected = [(at(3), Value::Null), (at(2), json!("reject"))];
    world.eventually(PATH, |list| list["count"] == 2).await;
    assert_eq!(listed(world, "meter=M-1").await, expected);
    assert_eq!(world.noted().await, ["outlier.accept", "outlier.reject"]);
    let audit = world.get("/api/audit?action=outlier.reject").await.json();
    has!(audit["data"][0], {"subject": format!("meter:{id}")});
    has!(audit["data"][0]["before"], {"decision": "accept"});
    has!(audit["data"][0]["after"], {"decision": "reject", "timestamp": at(2)});
}

async fn a_reading_that_counts_is_left_out_when_somebody_says_so(world: &World) {
    plant(world).await;
    adds_up_to(world, 0.03).await;
    // The last one: without it the register ended at 1234.52.
    let mut body = json!({"meterNumber": "M-1", "timestamp": at(5), "field": "total_energy_kwh",
        "decision": "reject"});
    let left_out = world.post(PATH, &body).await.is(200).data();
    has!(left_out, {"value": 1234.53, "decision": "reject", "field": "totalEnergyKwh"});
    adds_up_to(world, 0.02).await;
    body["decision"] = json!("accept");
    world.post(PATH, &body).await.is(200);
    adds_up_to(world, 0.03).await;
    let metrics = world.get("/metrics").await.text;
    assert!(metrics.contains("# TYPE wattlens_outliers gauge"), "{metrics}");
}

async fn the_form_of_the_page_does_the_same(world: &World) {
    let id = plant(world).await.to_string();
    let minute = at(2);
    let mut fields =
        [("meter", id.as_str()), ("at", &minute), ("field", "totalEnergyKwh"), ("value", "1.5")];
    let next = format!("/meters/{id}/registers");
    let path = |act: &str| format!("/act/{act}?next={next}");
    // The page showed another figure, or none.
    send(world, &path("count-reading"), &fields).await.refused(
        409,
        "reading_changed",
        Some("value"),
    );
    send(world, &path("count-reading"), &fields[..3]).await.invalid("value");
    fields[3].1 = "nothing";
    send(world, &path("undo-reading"), &fields).await.invalid("value");
    fields[3].1 = "0";
    let acts = [("count-reading", json!("accept")), ("leave-out-reading", json!("reject"))];
    for (act, decision) in acts.into_iter().chain([("undo-reading", Value::Null)]) {
        let sent = send(world, &path(act), &fields).await;
        assert_eq!(sent.status, 200, "{}", sent.text);
        let wanted = json!({"timestamp": minute, "decision": decision});
        let is_it = |row: &Value| wanted.as_object().unwrap().iter().all(|(k, v)| row[k] == *v);
        let list =
            world.eventually(PATH, |list| list["data"].as_array().unwrap().iter().any(is_it));
        list.await;
    }
    adds_up_to(world, 0.03).await;
}

async fn a_decision_that_is_taken_back_leaves_the_reading_to_the_rules(world: &World) {
    let id = plant(world).await;
    adds_up_to(world, 0.03).await;
    // What does not fit is an outlier again, and what fits counts again.
    let cases = [(2, 0.0, "accept", 0.01), (5, 1234.53, "reject", 0.02)];
    for (minute, value, decision, kwh) in cases {
        let body = json!({"meterNumber": "M-1", "timestamp": at(minute), "field": "totalEnergyKwh",
            "value": value, "decision": decision});
        world.post(PATH, &body).await.is(200);
        adds_up_to(world, kwh).await;
        let of = |value: f64| {
            format!("{PATH}?meter=M-1&timestamp={}&field=totalEnergyKwh&value={value}", at(minute))
        };
        world.delete(&of(value + 1.0)).await.refused(404, "decision_not_found", None);
        let undone = world.delete(&of(value)).await.is(200).data();
        has!(undone, {"meterId": id, "timestamp": at(minute), "field": "totalEnergyKwh",
            "value": value, "decision": null, "decidedAt": null});
        adds_up_to(world, 0.03).await;
        world.eventually(PATH, |list| list["count"] == 2).await;
        assert_eq!(listed(world, "meter=M-1").await, [(at(3), Value::Null), (at(2), Value::Null)]);
        world.delete(&of(value)).await.refused(404, "decision_not_found", None);
        let audit = world.get("/api/audit?action=outlier.undo").await.json();
        has!(audit["data"][0], {"subject": format!("meter:{id}")});
        has!(audit["data"][0]["before"], {"decision": decision});
        has!(audit["data"][0]["after"], {"decision": null, "timestamp": at(minute), "value": value});
    }
    let noted = ["outlier.accept", "outlier.undo", "outlier.reject", "outlier.undo"];
    assert_eq!(world.noted().await, noted);
    let delete = async |meter: &str, field: &str, value: &str| {
        let reading = format!("timestamp={}&field={field}&value={value}", at(2));
        world.delete(&format!("{PATH}?meter={meter}&{reading}")).await
    };
    delete("M-9", "totalEnergyKwh", "0").await.refused(404, "meter_not_found", None);
    delete("M-1", "voltageL1", "0").await.invalid("field");
    delete("M-1", "totalEnergyKwh", "much").await.invalid("value");
}

async fn what_a_decision_cannot_be(world: &World) {
    plant(world).await;
    let body = json!({"meterNumber": "M-1", "timestamp": at(2), "field": "totalEnergyKwh",
        "decision": "accept"});
    let cases = [
        (json!({"field": "voltageL1"}), "invalid_value", "field"),
        (json!({"field": "energy"}), "invalid_value", "field"),
        (json!({"decision": "maybe"}), "invalid_value", "decision"),
        (json!({"meterNumber": null}), "invalid_value", "meterId"),
        (json!({"n": 1}), "unknown_field", "n"),
    ];
    world.refuses("POST", PATH, &body, &cases).await;
    let refused = async |changed: Value, status: u16, code: &str, field: Option<&str>| {
        let mut body = body.clone();
        body.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
        world.post(PATH, &body).await.refused(status, code, field);
    };
    refused(json!({"meterNumber": "M-9"}), 404, "meter_not_found", None).await;
    let unread = json!({"timestamp": "2026-11-01T10:02:30Z"});
    refused(unread, 404, "reading_not_found", None).await;
    refused(json!({"field": "energyExportKwh"}), 404, "value_not_found", None).await;
    refused(json!({"value": 1.5}), 409, "reading_changed", Some("value")).await;
    world.get(&format!("{PATH}?meter=M-9")).await.refused(404, "meter_not_found", None);
    world.get(&format!("{PATH}?from=2026-11-02&to=2026-11-01")).await.invalid("to");
    assert!(world.noted().await.is_empty());
}

async fn the_list_goes_on_where_a_page_ended(world: &World) {
    plant(world).await;
    let first = world.get(&format!("{PATH}?limit=1")).await.json();
    assert_eq!(first["data"][0]["timestamp"], at(3));
    let cursor = first["nextCursor"].as_str().unwrap();
    let rest = world.get(&format!("{PATH}?limit=1&cursor={cursor}")).await.json();
    assert_eq!((&rest["data"][0]["timestamp"], &rest["nextCursor"]), (&json!(at(2)), &Value::Null));
    let altered = world.get(&format!("{PATH}?cursor=00")).await;
    altered.refused(422, "invalid_cursor", Some("cursor"));
    assert_eq!(listed(world, &format!("to={}", at(3))).await, [(at(2), Value::Null)]);
    assert_eq!(listed(world, "from=2026-11-02").await, []);
}

async fn a_sample_of_power_counts_when_somebody_says_so(world: &World) {
    let meter = json!({"meterNumber": "M-1", "meterName": "Main", "meterType": "Main",
        "ratedPowerKw": 10});
    let id = world.post("/api/Energy/meters", &meter).await.is(201).data()["id"].clone();
    let shown = [6.0, 6.0, 606.0, 6.0, 6.0, 6.0];
    let row = |(minute, kw): (u32, f64)| json!({"timestamp": at(minute), "activePowerKw": kw});
    let rows: Vec<_> = (0..).zip(shown).map(row).collect();
    world.post("/api/Energy/meters/M-1/readings", &json!(rows)).await.is(201);
    adds_up_to(world, 0.5).await;
    let body = |minute: u32, decision: &str| {
        json!({"meterId": id, "timestamp": at(minute), "field": "activePowerKw",
            "decision": decision})
    };
    world.post(PATH, &body(2, "accept")).await.is(200);
    // A triangle of 600 kW over two minutes.
    adds_up_to(world, 10.5).await;
    world.post(PATH, &body(2, "reject")).await.is(200);
    adds_up_to(world, 0.5).await;
    // The last sample tells of the minute before it.
    world.post(PATH, &body(5, "reject")).await.is(200);
    adds_up_to(world, 0.4).await;
    let of = format!("{PATH}?meter=M-1&timestamp={}&field=activePowerKw&value=6", at(5));
    world.delete(&of).await.is(200);
    adds_up_to(world, 0.5).await;
}
