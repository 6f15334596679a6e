//! The tree of meters.

use serde_json::{Value, json};

use crate::{Request, World, has, in_one_world};

const METERS: &str = "/api/Energy/meters";

fn new(number: &str, kind: &str, parent: Option<&str>) -> Value {
    let mut body =
        json!({"meterNumber": number, "meterName": format!("{number} meter"), "meterType": kind});
    if let Some(parent) = parent {
        body["parentMeterNumber"] = parent.into();
    }
    body
}

in_one_world! { meters_and_their_tree:
    a_meter_is_created_and_found_by_id_number_and_uuid, get_edit_patch_works_and_identity_stays,

    the_tree_as_a_table_has_every_meter_below_its_parent, deleting_retires_what_has_readings,
    meters_of_two_sites_keep_apart,
}

async fn a_meter_is_created_and_found_by_id_number_and_uuid(world: &World) {
    let top = world.meter(&new("GRID-001", "Grid", None)).await;
    let made = world.get(&format!("{METERS}/{top}")).await.data();
    has!(made, {"level": 0, "site": world.site(), "feedsParent": false, "loadRole": "none"});
    assert_eq!(world.get(&format!("{METERS}/GRID-001")).await.json()["data"]["id"], top);
    assert_eq!(world.get(&format!("{METERS}/number:GRID-001")).await.json()["data"]["id"], top);

    let digits = world.meter(&new("4711", "Unit", None)).await;
    assert_eq!(world.get(&format!("{METERS}/number:4711")).await.json()["data"]["id"], digits);
    for parent in [made["id"].clone(), made["meterNumber"].clone(), made["uuid"].clone()] {
        let mut body = new(&format!("C-{parent}"), "Unit", None);
        body["parentMeterId"] = parent;
        let child = world.meter(&body).await;
        let child = world.get(&format!("{METERS}/{child}")).await.json();
        assert_eq!(child["data"]["parentMeterId"], top);
        assert_eq!(child["data"]["level"], 1);
    }
}

async fn get_edit_patch_works_and_identity_stays(world: &World) {
    for (number, kind, parent) in [
        ("G", "Grid", None),
        ("A", "Unit", Some("G")),
        ("B", "Unit", Some("G")),
        ("A1", "Machine", Some("A")),
    ] {
        world.meter(&new(number, kind, parent)).await;
    }
    let path = format!("{METERS}/A1");
    let mut shown = world.get(&path).await.data();
    shown["meterName"] = "Lathe".into();
    shown["accuracyClass"] = 0.5.into();
    let changed = world.send("PATCH", &path, &shown).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(changed.json()["data"], shown);

    shown["parentMeterNumber"] = "B".into();
    let moved = world.send("PATCH", &path, &shown).await.json();
    assert_eq!(moved["data"]["parentMeterNumber"], "B");
    let lifted = world.send("PATCH", &format!("{METERS}/B"), &json!({"parentMeterId": "A"})).await;
    assert_eq!(lifted.json()["data"]["level"], 2);
    let leaf = world.get(&path).await.json();
    assert_eq!(leaf["data"]["level"], 3, "what hangs below moves along");
    let root =
        world.send("PATCH", &format!("{METERS}/A"), &json!({"parentMeterId": null})).await.json();
    assert_eq!((&root["data"]["level"], &root["data"]["parentMeterId"]), (&json!(0), &Value::Null));

    for (field, value) in
        [("id", json!(77)), ("uuid", json!("x")), ("site", json!("x")), ("retiredAt", json!("x"))]
    {
        let refused = world.send("PATCH", &path, &json!({field: value})).await;
        refused.refused(422, "read_only", Some(field));
    }
    let cleared = world.send("PATCH", &path, &json!({"accuracyClass": null})).await.json();
    assert_eq!(cleared["data"]["accuracyClass"], Value::Null);
}

async fn the_tree_as_a_table_has_every_meter_below_its_parent(world: &World) {
    for (number, kind, parent) in [
        ("G", "Grid", None),
        ("B", "Main", Some("G")),
        ("A", "Main", Some("G")),
        ("A-1", "Unit", Some("A")),
        ("H", "Grid", None),
    ] {
        world.meter(&new(number, kind, parent)).await;
    }
    let path = format!("{METERS}/hierarchy?from=2026-05-01&to=2026-05-02");
    let csv = world.get(&format!("{path}&format=csv")).await;
    let rows: Vec<Vec<&str>> = csv.text.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0][..6].join(","), "id,meterNumber,meterName,meterType,level,parentMeterId");
    let id = |number: &str| rows.iter().find(|row| row[1] == number).unwrap()[0];
    let (grid, hall) = (id("G"), id("A"));
    let found: Vec<_> = rows[1..].iter().map(|row| (row[1], row[4], row[5])).collect();
    let wanted =
        [("G", "0", ""), ("A", "1", grid), ("A-1", "2", hall), ("B", "1", grid), ("H", "0", "")];
    assert_eq!(found, wanted);
    // The tree itself is as deep as it was.
    let tree = world.get(&path).await.json();
    assert_eq!(
        (&tree["count"], &tree["data"][0]["children"][0]["children"][0]["meterNumber"]),
        (&json!(2), &json!("A-1"))
    );
}

async fn deleting_retires_what_has_readings(world: &World) {
    world.meter(&new("G", "Grid", None)).await;
    let child = world.meter(&new("A", "Unit", Some("G"))).await;
    let refused = world.delete(&format!("{METERS}/G")).await;
    refused.refused(409, "has_children", None);
    let said = "G meter has meters below it; move or delete them first";
    assert_eq!(refused.json()["error"]["message"], said);
    world
        .post(
            &format!("{METERS}/A/readings"),
            &json!({"timestamp": "2026-05-01T00:00:00Z", "totalEnergyKwh": 1}),
        )
        .await;

    let removed = world.delete(&format!("{METERS}/A")).await.json();
    assert_eq!(removed["data"], json!({"id": child, "retired": true}));
    assert!(world.get(&format!("{METERS}/A")).await.json()["data"]["retiredAt"].is_string());
    assert_eq!(world.get(&format!("{METERS}/A/readings")).await.json()["count"], 1);
    assert_eq!(
        world.get(&format!("{METERS}/hierarchy")).await.json()["data"][0]["children"],
        json!([])
    );
    let late = json!({"timestamp": "2026-05-02T00:00:00Z", "totalEnergyKwh": 2});
    world.post(&format!("{METERS}/A/readings"), &late).await.refused(409, "meter_retired", None);
}

async fn meters_of_two_sites_keep_apart(world: &World) {
    world.post("/api/sites", &json!({"slug": "second", "name": "Second"})).await;
    let first = world.meter(&new("M-1", "Unit", None)).await;
    let second =
        world.post(&format!("{METERS}?site=second"), &new("M-1", "Unit", None)).await.json();
    assert_ne!(second["data"]["id"], first);
    assert_eq!(world.get(&format!("{METERS}/M-1?site=second")).await.json(), second);
    // By its id a meter is found on any site, but not where another one is named.
    let by_id = format!("{METERS}/{}", second["data"]["id"]);
    let anywhere = Request::new("GET", &by_id).send(world.address).await;
    assert_eq!(anywhere.json(), second);
    assert_eq!(world.get(&format!("{by_id}?site=second")).await.json(), second);
    let elsewhere = format!("{by_id}?site=default");
    world.get(&elsewhere).await.refused(404, "meter_not_found", None);
    world.delete(&elsewhere).await.refused(404, "meter_not_found", None);
    world.get(&format!("{by_id}?site=nowhere")).await.refused(404, "site_not_found", None);
    let across = json!({"parentMeterId": first});
    let refused = world.send("PATCH", &format!("{METERS}/M-1?site=second"), &across).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.json()["error"]["code"], "parent_other_site");
}
