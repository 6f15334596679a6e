//! Transformers, feasibility checks and connections.

mod concurrent;
mod considered;
mod refused;

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{Answer, Request, World, has, one_after_another, with};

/// Adds a transformer near the place of [`asked`], and answers its id.
pub(crate) async fn transformer(world: &World, name: &str, north_m: f64, more: Value) -> String {
    let latitude = 37.7749 + north_m / 111_195.0;
    let body =
        json!({"name": name, "capacity_kVA": 1000, "latitude": latitude, "longitude": -122.4194});
    let answer = world.post("/transformers", &with(&body, &more)).await.is(201);
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// The source's request for a connection.
pub(crate) fn asked() -> Value {
    json!({"type": "prosumer", "requested_consumption_kW": 15.0, "requested_production_kW": 8.0,
        "latitude": 37.7749, "longitude": -122.4194})
}

pub(crate) fn consumer(kw: f64) -> Value {
    json!({"type": "consumer", "requested_consumption_kW": kw, "latitude": 37.7749,
        "longitude": -122.4194})
}

pub(crate) async fn connected(world: &World, id: &str) -> (f64, f64) {
    let transformer = world.get(&format!("/transformers/{id}")).await.json();
    let kw = |name: &str| transformer[name].as_f64().unwrap();
    (kw("connected_consumption_kW"), kw("connected_production_kW"))
}

/// Leaves no connection and no transformer to the step that begins.
async fn clear(world: &World) {
    sqlx::query("DELETE FROM connections").execute(&world.pool).await.unwrap();
    let transformers = world.get("/transformers?limit=10000").await.json();
    for transformer in transformers["data"].as_array().unwrap() {
        let path = format!("/transformers/{}", transformer["id"].as_str().unwrap());
        world.delete(&path).await.is(200);
    }
}

async fn keyed(world: &World, key: &str, body: &Value) -> Answer {
    let request = Request::new("POST", "/connection").header("Idempotency-Key", key);
    request.json(body).send(world.address).await
}

one_after_another! { connections_to_transformers:
    the_sources_connection_is_approved_and_counted, the_sources_rejections_are_answers_and_are_kept,
    the_sources_feasibility_check_changes_nothing, the_boundary_itself_passes,
    a_repeat_under_one_key_is_answered_alike_and_connects_once,
    a_withdrawal_frees_the_capacity_once, a_transformer_without_connections_can_be_removed,
    transformers_are_added_many_at_once_and_listed_by_page,
}

async fn the_sources_connection_is_approved_and_counted(world: &World) {
    clear(world).await;
    let id = transformer(world, "TX-101", 30.0, json!({})).await;
    let answer = world.post("/connection", &asked()).await.is(201);
    let body = answer.json();
    has!(body, {"status": "approved", "assigned_transformer": "TX-101"});
    assert_eq!(body["transformer_id"], *id);
    let message = "Connection successfully created and linked to transformer TX-101";
    assert_eq!(body["message"], message);
    has!(body["voltage"], {"verdict": "pass", "limits_percent": [95.0, 105.0]});
    assert_eq!(body["voltage"]["scenarios"][0]["name"], "peak_load");
    assert_eq!(body["voltage"]["scenarios"][1]["name"], "full_production");
    assert!(body.get("candidates").is_none() && body.get("success").is_none(), "{body}");
    assert_eq!(connected(world, &id).await, (15.0, 8.0));

    let kept = world.get(&format!("/connection/{}", body["id"].as_str().unwrap())).await.json();
    let expected = json!({"type": "prosumer", "status": "approved", "reason": null,
        "requested_consumption_kW": 15.0, "requested_production_kW": 8.0, "transformer_id": id});
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(kept[name], *value, "{name}");
    }
    assert!(kept["created_at"].is_string());
    assert_eq!(kept["voltage"], body["voltage"]);
}

async fn the_sources_rejections_are_answers_and_are_kept(world: &World) {
    clear(world).await;
    let full = json!({"connected_consumption_kW": 790, "connected_production_kW": 299});
    let id = transformer(world, "TX-101", 30.0, full).await;
    let overloaded = "Transformer overloaded for consumption";
    let too_much_sun = "Transformer cannot support additional solar injection";
    let cases = [
        (consumer(10.5), overloaded),
        (asked(), overloaded),
        (json!({"requested_consumption_kW": 5.0}), too_much_sun),
    ];
    for (change, reason) in cases {
        let mut body = with(&asked(), &change);
        if body["type"] == "consumer" {
            body["requested_production_kW"] = 0.0.into();
        }
        let answer = world.post("/api/connection", &body).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json(), json!({"status": "rejected", "reason": reason}));
    }
    let list = world.get("/connection").await.json();
    assert_eq!(list["count"], 3);
    assert_eq!(list["data"][0]["reason"], too_much_sun, "the newest comes first");
    assert_eq!(list["data"][2]["status"], "rejected");
    assert_eq!(connected(world, &id).await, (790.0, 299.0));
    assert_eq!(world.get("/connection?status=approved").await.json()["count"], 0);
    assert_eq!(world.get("/connection?status=rejected&limit=2").await.json()["count"], 2);
    world.get("/connection?status=lost").await.invalid("status");
}

async fn the_sources_feasibility_check_changes_nothing(world: &World) {
    clear(world).await;
    let body = json!({"type": "consumer", "requested_consumption_kW": 10.0,
        "requested_production_kW": 0.0, "latitude": 37.776, "longitude": -122.42});
    let none = world.post("/feasibility-check", &body).await;
    assert_eq!(none.status, 200);
    let reason = "No transformer nearby can support this load safely";
    assert_eq!(none.json(), json!({"status": "not_feasible", "reason": reason}));

    let load = json!({"connected_consumption_kW": 585, "connected_production_kW": 235});
    let id = transformer(world, "TX-101", 0.0, load).await;
    for path in ["/feasibility-check", "/api/feasibility-check"] {
        let answer = world.post(path, &body).await.json();
        assert_eq!(answer["status"], "feasible");
        let nearest = &answer["nearest_transformer"];
        assert_eq!((&nearest["id"], &nearest["name"]), (&json!(id), &json!("TX-101")));
        let distance = nearest["distance_meters"].as_f64().unwrap();
        assert!((distance - 133.2).abs() < 0.2, "{distance}");
        has!(nearest, {"spare_consumption_capacity": 215.0, "spare_production_capacity": 65.0});
        assert!(answer["voltage"]["scenarios"][0]["premises_percent"].as_f64().unwrap() < 100.0);
    }
    assert_eq!(connected(world, &id).await, (585.0, 235.0));
    assert_eq!(world.count("connections").await, 0);
}

async fn the_boundary_itself_passes(world: &World) {
    clear(world).await;
    let load =
        json!({"capacity_kVA": 10.1, "connected_consumption_kW": 8, "connected_production_kW": 3});
    let id = transformer(world, "TX-1", 10.0, load).await;
    let mut body = asked();
    body["requested_consumption_kW"] = 0.080_001.into();
    body["requested_production_kW"] = 0.03.into();
    assert_eq!(world.post("/connection", &body).await.json()["status"], "rejected");
    // What floats make of 0.1 - 0.02 is 0.08, and so it is counted.
    body["requested_consumption_kW"] = 0.080_000_000_000_000_02.into();
    assert_eq!(world.post("/connection", &body).await.json()["status"], "approved");
    assert_eq!(connected(world, &id).await, (8.08, 3.03));
    body["requested_consumption_kW"] = 0.0.into();
    body["requested_production_kW"] = 0.000_001.into();
    let last = world.post("/connection", &body).await.json();
    assert_eq!(last["reason"], "Transformer cannot support additional solar injection");
}

async fn a_repeat_under_one_key_is_answered_alike_and_connects_once(world: &World) {
    clear(world).await;
    let id = transformer(world, "TX-1", 10.0, json!({})).await;
    let first = keyed(world, "order-17", &asked()).await;
    assert_eq!(first.status, 201);
    let again = keyed(world, "order-17", &asked()).await;
    assert_eq!((again.status, again.json()), (201, first.json()));
    let other = keyed(world, "order-17", &consumer(1.0)).await;
    other.refused(409, "idempotency_key_reused", Some("Idempotency-Key"));
    assert_eq!(connected(world, &id).await, (15.0, 8.0));
    assert_eq!(world.count("connections").await, 1);

    let rejected = keyed(world, "order-18", &consumer(900.0)).await;
    let again = keyed(world, "order-18", &consumer(900.0)).await;
    assert_eq!((again.status, again.json()), (200, rejected.json()));
    assert_eq!(world.count("connections").await, 2);
    for key in [String::new(), "k".repeat(256)] {
        keyed(world, &key, &asked()).await.invalid("Idempotency-Key");
    }
}

async fn a_withdrawal_frees_the_capacity_once(world: &World) {
    clear(world).await;
    let load = json!({"connected_consumption_kW": 780, "connected_production_kW": 290});
    let id = transformer(world, "TX-1", 10.0, load).await;
    let approved = world.post("/connection", &asked()).await.json();
    let path = format!("/connection/{}", approved["id"].as_str().unwrap());
    assert_eq!(world.post("/connection", &asked()).await.json()["status"], "rejected");
    let in_use = world.delete(&format!("/transformers/{id}")).await;
    in_use.refused(409, "has_connections", None);

    let withdrawn = world.delete(&path).await.is(200);
    assert_eq!(withdrawn.json()["status"], "withdrawn");
    world.delete(&path).await.refused(409, "already_withdrawn", None);
    assert_eq!(connected(world, &id).await, (780.0, 290.0));
    assert_eq!(world.post("/connection", &asked()).await.json()["status"], "approved");

    let rejected = world.get("/connection").await.json()["data"][1]["id"].clone();
    let rejected = format!("/connection/{}", rejected.as_str().unwrap());
    world.delete(&rejected).await.refused(409, "not_approved", None);
    let nobody = "/connection/00000000-0000-0000-0000-000000000000";
    world.delete(nobody).await.refused(404, "connection_not_found", None);
    world.get("/connection/7").await.refused(404, "connection_not_found", None);
}

async fn a_transformer_without_connections_can_be_removed(world: &World) {
    clear(world).await;
    let near = transformer(world, "TX-1", 10.0, json!({})).await;
    let far = transformer(world, "TX-2", 90.0, json!({})).await;
    let approved = world.post("/connection", &asked()).await.json();
    let connection = format!("/connection/{}", approved["id"].as_str().unwrap());
    world.delete(&connection).await;
    let path = format!("/transformers/{near}");
    assert_eq!(world.delete(&path).await.json()["name"], "TX-1");
    world.get(&path).await.refused(404, "transformer_not_found", None);
    world.delete(&path).await.refused(404, "transformer_not_found", None);
    let kept = world.get(&connection).await.json();
    assert_eq!((&kept["status"], &kept["transformer_id"]), (&json!("withdrawn"), &Value::Null));
    assert_eq!(world.post("/connection", &asked()).await.json()["transformer_id"], *far);
}

async fn transformers_are_added_many_at_once_and_listed_by_page(world: &World) {
    clear(world).await;
    let many: Vec<Value> = (1..=25)
        .map(|n| {
            json!({"name": format!("TX-{n}"), "capacity_kVA": 50, "latitude": 37.7,
            "longitude": -122.4 + f64::from(n) / 1000.0, "city": "Daly City"})
        })
        .collect();
    let added = world.post("/api/transformers", &json!(many)).await;
    assert_eq!((added.status, added.json().as_array().unwrap().len()), (201, 25));
    let mut seen = Vec::new();
    let mut path = "/transformers?limit=10".to_owned();
    loop {
        let page = world.get(&path).await.json();
        let names = page["data"].as_array().unwrap().iter();
        seen.extend(names.map(|item| item["name"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        path = format!("/transformers?limit=10&cursor={cursor}");
    }
    assert_eq!(seen, (1..=25).map(|n| format!("TX-{n}")).collect::<Vec<_>>());
    let first = &world.get("/transformers?limit=1").await.json()["data"][0];
    let keys: Vec<_> = first.as_object().unwrap().keys().map(String::as_str).collect();
    for name in [
        "id",
        "name",
        "capacity_kVA",
        "city",
        "latitude",
        "longitude",
        "connected_consumption_kW",
        "connected_production_kW",
    ] {
        assert!(keys.contains(&name), "{name}");
    }
    assert_eq!(first["city"], "Daly City");
    let table = world.get("/transformers?limit=1&format=csv").await;
    assert!(table.text.starts_with("id,name,capacity_kVA,city,"), "{}", table.text);
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_restart_keeps_everything(pool: PgPool) {
    let world = World::start(&pool).await;
    let id = transformer(&world, "TX-1", 10.0, json!({"connected_consumption_kW": 770})).await;
    let first = keyed(&world, "once", &asked()).await.json();
    world.end().await;
    let world = World::start(&pool).await;
    assert_eq!(connected(&world, &id).await, (785.0, 8.0));
    assert_eq!(keyed(&world, "once", &asked()).await.json(), first);
    let check = world.post("/feasibility-check", &consumer(15.0)).await.json();
    assert_eq!(check["nearest_transformer"]["spare_consumption_capacity"], 15.0);
    assert_eq!(world.post("/connection", &consumer(15.5)).await.json()["status"], "rejected");
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_plain_sql_changes_is_found(pool: PgPool) {
    let world = World::start(&pool).await;
    let check = async |wanted: &str, kw: f64| {
        for _ in 0..400 {
            let answer = world.post("/feasibility-check", &consumer(kw)).await.json();
            if answer["status"] == wanted {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("{kw} kW did not become {wanted}");
    };
    check("not_feasible", 10.0).await;
    let insert = "INSERT INTO transformers (name, capacity_kva, latitude, longitude) \
        VALUES ('TX-1', 100, 37.775, -122.419)";
    sqlx::query(insert).execute(&pool).await.unwrap();
    check("feasible", 80.0).await;
    let update = "UPDATE transformers SET connected_consumption_kw = 75";
    sqlx::query(update).execute(&pool).await.unwrap();
    check("not_feasible", 5.5).await;
    check("feasible", 5.0).await;
    world.end().await;
}
