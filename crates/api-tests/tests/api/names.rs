//! The name of a meter, by every way to make or change one: not empty, and at most 200 characters.

use serde_json::{Value, json};

use crate::energy_meters::guide_bodies;
use crate::{Request, World, in_one_world};

/// What no meter is called: nothing, what cannot be seen, and what fills pages.
fn bad_names() -> [String; 4] {
    [String::new(), " \t ".to_owned(), "x".repeat(201), "ü".repeat(1 << 19)]
}

fn with(body: &Value, field: &str, value: &str) -> Value {
    let mut body = body.clone();
    body[field] = value.into();
    body
}

in_one_world! { names_of_meters:
    a_name_that_cannot_be_shown_is_refused_however_it_comes,
    a_table_or_a_document_with_such_a_name_is_refused_with_its_place,
}

async fn a_name_that_cannot_be_shown_is_refused_however_it_comes(world: &World) {
    let new = json!({"meterNumber": "M", "meterName": "Main", "meterType": "Main"});
    let id = world.meter(&new).await;
    let device = world.post("/api/energy-meters", &guide_bodies()[2]).await.data();
    let device = format!("/api/energy-meters/{}", device["id"].as_str().unwrap());
    let sum = json!({"meterNumber": "V", "terms": [{"meterId": "M", "factor": 1}]});
    let before = world.count("energy_meters").await;
    for name in bad_names() {
        let made = with(&with(&new, "meterNumber", "N"), "meterName", &name);
        let ways = [
            ("POST", "/api/Energy/meters", made, "meterName"),
            ("PATCH", "/api/Energy/meters/M", json!({"meterName": name}), "meterName"),
            ("POST", "/api/energy-meters", with(&guide_bodies()[1], "name", &name), "name"),
            ("PUT", &device, json!({"name": name}), "name"),
            ("POST", "/api/virtual-meters", with(&sum, "meterName", &name), "meterName"),
            ("POST", "/admin/meter", json!({"meter_id": name}), "meter_id"),
        ];
        for (method, path, body, field) in ways {
            let answer = world.send(method, path, &body).await;
            let what = format!("{method} {path}: {}", answer.text);
            assert_eq!(answer.status, 422, "{what}");
            assert_eq!(answer.json()["error"]["field"], field, "{what}");
            assert!(answer.text.len() < 1_000, "{what}");
        }
        let sql = sqlx::query(
            "INSERT INTO energy_meters (meter_number, meter_name, meter_type) VALUES ('S', $1, 'Main')",
        );
        assert!(sql.bind(&name).execute(&world.pool).await.is_err());
    }
    assert_eq!(world.count("energy_meters").await, before);
    let longest = json!({"meterName": "ü".repeat(200)});
    let changed = world.send("PATCH", &format!("/api/Energy/meters/{id}"), &longest).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
}

async fn a_table_or_a_document_with_such_a_name_is_refused_with_its_place(world: &World) {
    world.meter(&json!({"meterNumber": "M", "meterName": "Main", "meterType": "Main"})).await;
    let name = "x".repeat(201);
    let table = format!("meterNumber,meterName,protocol,url\nA,{name},http,http://h/\n");
    let import = Request::new("POST", &world.on_own_site("POST", "/api/devices/import"))
        .header("Content-Type", "text/csv");
    let answer = import.body(table).send(world.address).await.is(422);
    assert!(answer.text.contains("meterName") && answer.text.contains("200"), "{}", answer.text);
    let mut document = world.get("/api/configuration").await.json();
    document["meters"][0]["meterName"] = name.into();
    let answer = world.post("/api/configuration", &document).await.is(422);
    assert!(answer.text.contains("meters[0].meterName"), "{}", answer.text);
    assert_eq!(world.count("energy_meters").await, 1);
}
