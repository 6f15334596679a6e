//! Settings: several meters together, previews, two editors, and the document.

mod document;
mod zone;

use serde_json::{Value, json};

use crate::{World, has, in_one_world};

const METERS: &str = "/api/Energy/meters";

/// Readings from one hour to another of a day, one at each: a load of so many kW.
pub(super) async fn load(world: &World, meter: &str, kw: f64, hours: std::ops::Range<i32>) {
    let start: chrono::DateTime<chrono::Utc> = "2026-05-01T00:00:00Z".parse().unwrap();
    let reading = |quarter: i32| {
        let at = start + chrono::TimeDelta::minutes(15 * i64::from(quarter));
        json!({"timestamp": at, "activePowerKw": kw, "totalEnergyKwh": kw * f64::from(quarter) / 4.0})
    };
    let readings: Vec<_> = (hours.start * 4..=hours.end * 4).map(reading).collect();
    world.post(&format!("{METERS}/{meter}/readings"), &json!(readings)).await.is(201);
}

async fn plant(world: &World) -> [i64; 4] {
    let new = |number: &str, parent: Option<&str>| {
        json!({"meterNumber": number, "meterName": number, "meterType": "Unit",
            "area": "Hall 1", "parentMeterNumber": parent})
    };
    let mut ids = [0; 4];
    for (i, (number, parent)) in
        [("G", None), ("A", Some("G")), ("B", Some("G")), ("A1", Some("A"))].into_iter().enumerate()
    {
        ids[i] = world.meter(&new(number, parent)).await;
    }
    ids
}

in_one_world! { settings_of_meters_and_tariffs:
    meters_change_together_or_not_at_all, a_preview_says_what_a_move_does_and_changes_nothing,
    of_two_editors_the_second_is_told_both_values, a_tariff_is_previewed_and_ends_the_one_before,
}

async fn meters_change_together_or_not_at_all(world: &World) {
    let [_, a, b, a1] = plant(world).await;
    let set = |id: i64, set: Value| json!({"id": id, "set": set});
    let hall = json!({"changes": [set(a, json!({"area": "Hall 2", "meterType": "Machine"})),
        set(b, json!({"area": "Hall 2"}))]});
    let done = world.send("PATCH", METERS, &hall).await.is(200);
    assert_eq!(done.json()["data"]["meters"].as_array().unwrap().len(), 2);
    let area =
        async |id: i64| world.get(&format!("{METERS}/{id}")).await.json()["data"]["area"].clone();
    assert_eq!((area(a).await, area(b).await), (json!("Hall 2"), json!("Hall 2")));
    let noted = world.get(&format!("/api/audit?subject=site:{}", world.site())).await.json();
    assert_eq!(noted["data"][0]["action"], "meters.arrange");

    let cycle = json!({"changes": [set(b, json!({"area": "Hall 3"})),
        set(a, json!({"parentMeterId": a1}))]});
    world.send("PATCH", METERS, &cycle).await.refused(422, "parent_cycle", Some("parentMeterId"));
    assert_eq!(area(b).await, "Hall 2", "nothing of it is stored");
    for (bad, status, code, field) in [
        (json!({"changes": []}), 422, "invalid_value", "changes"),
        (json!({"changes": [set(999, json!({}))]}), 422, "invalid_value", "changes[0].id"),
        (
            json!({"changes": [set(a, json!({})), set(a, json!({}))]}),
            422,
            "invalid_value",
            "changes[1].id",
        ),
        (json!({"changes": [set(a, json!({"colour": 1}))]}), 422, "unknown_field", "colour"),
        (json!({"changes": [set(a, json!({"enabled": true}))]}), 422, "invalid_value", "enabled"),
    ] {
        world.send("PATCH", METERS, &bad).await.refused(status, code, Some(field));
    }
}

async fn a_preview_says_what_a_move_does_and_changes_nothing(world: &World) {
    let [_, _, b, a1] = plant(world).await;
    let before = world.get(&format!("{METERS}/{a1}")).await.json();
    let moved = json!({"changes": [{"id": a1, "set": {"parentMeterId": b}}]});
    let asked = world.send("PATCH", &format!("{METERS}?dryRun=true"), &moved).await.is(200).data();
    assert_eq!(asked["dryRun"], true);
    assert_eq!(asked["meters"][0]["changes"][0]["field"], "parentMeterId");
    let nodes = asked["preview"]["nodes"].as_array().unwrap().clone();
    let node = |number: &str| nodes.iter().find(|node| node["meterNumber"] == number).unwrap();
    assert_eq!(node("A")["after"], Value::Null, "nothing hangs below it any more");
    assert_eq!(node("B")["before"], Value::Null);
    assert_eq!(world.get(&format!("{METERS}/{a1}")).await.json(), before);
    assert_eq!(world.count("meter_placements").await, 4);
    assert_eq!(world.count("audit_log").await, 0);
}

async fn of_two_editors_the_second_is_told_both_values(world: &World) {
    let [_, a, ..] = plant(world).await;
    let path = format!("{METERS}/{a}");
    let edit = |area: &str, name: &str| {
        json!({"area": area, "meterName": name,
            "expected": {"area": "Hall 1", "meterName": "A"}})
    };
    world.send("PATCH", &path, &edit("Hall 2", "A")).await.is(200);
    let second = world.send("PATCH", &path, &edit("Hall 3", "A")).await;
    second.refused(409, "changed_meanwhile", Some("area"));
    let message = second.json()["error"]["message"].clone();
    for value in ["Hall 1", "Hall 2", "Hall 3"] {
        assert!(message.as_str().unwrap().contains(value), "{message}");
    }
    // What the second left as it was seen does not undo what the first did.
    let other = world.send("PATCH", &path, &edit("Hall 1", "Press")).await.json();
    has!(other["data"], {"area": "Hall 2", "meterName": "Press"});

    let set =
        json!({"changes": [{"id": a, "set": {"area": "Hall 4", "expected": {"area": "Hall 1"}}}]});
    world.send("PATCH", METERS, &set).await.refused(409, "changed_meanwhile", Some("area"));
    let site = json!({"name": "Works", "expected": {"name": "Somewhere"}});
    let refused = world.send("PATCH", "/api/sites/default", &site).await;
    refused.refused(409, "changed_meanwhile", Some("name"));
    let unknown = json!({"name": "Works", "expected": {"colour": 1}});
    world.send("PATCH", "/api/sites/default", &unknown).await.invalid("expected.colour");
}

async fn a_tariff_is_previewed_and_ends_the_one_before(world: &World) {
    let version = |from: &str, price: &str| {
        json!({"name": "Works", "validFrom": from, "endPrevious": true,
            "energy": [{"direction": "import", "price": price}]})
    };
    let ending = crate::with(&version("2026-01-01", "0.20"), &json!({"validTo": "2027-01-01"}));
    world.post("/api/tariffs", &ending).await.is(201);
    let stored = world.count("tariffs").await;
    let asked =
        world.post("/api/tariffs/preview", &version("2026-07-01", "0.30")).await.is(200).data();
    assert_eq!(asked["ends"]["validTo"], "2026-07-01");
    assert_eq!(asked["version"]["isDefault"], true);
    assert_eq!(world.count("tariffs").await, stored, "a preview stores nothing");
    let first = async || world.get("/api/tariffs").await.json()["data"][0].clone();
    assert_eq!(first().await["validTo"], "2027-01-01");

    world.post("/api/tariffs", &version("2026-07-01", "0.30")).await.is(201);
    assert_eq!(first().await["validTo"], "2026-07-01");
    let noted = world.get("/api/audit?action=tariff.update").await.done();
    has!(noted[0], {"before": {"validTo": "2027-01-01"}, "after": {"validTo": "2026-07-01"}});
    let mut overlapping = version("2026-03-01", "0.40");
    overlapping["endPrevious"] = false.into();
    let refused = world.post("/api/tariffs/preview", &overlapping).await;
    refused.refused(409, "tariff_overlap", Some("validFrom"));
}
