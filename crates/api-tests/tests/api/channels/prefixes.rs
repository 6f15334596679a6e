//! What channels begin with.

use serde_json::{Value, json};
use sqlx::PgPool;

use super::{METERS, channel};
use crate::{World, in_one_world};

fn new(number: &str, kind: &str) -> Value {
    json!({"meterNumber": number, "meterName": number, "meterType": kind})
}

async fn prefix(world: &World, number: &str) -> Value {
    world.get(&format!("{METERS}/{number}")).await.json()["data"]["channelPrefix"].clone()
}

async fn patch(world: &World, number: &str, change: &Value) -> Value {
    let answer = world.send("PATCH", &format!("{METERS}/{number}"), change).await.is(200);
    answer.data()
}

in_one_world! { prefixes_of_channels:
    several_grid_meters_are_told_apart_by_their_prefixes,
    a_prefix_is_refused_where_another_meter_has_it, a_prefix_that_nobody_chose_follows_its_meter,
    a_retired_meter_sets_its_prefix_free,
}

async fn several_grid_meters_are_told_apart_by_their_prefixes(world: &World) {
    for body in [new("UNIT-1", "Unit"), new("G-1", "Grid"), new("G-2", "Grid")] {
        world.meter(&body).await;
    }
    for (number, expected) in [("UNIT-1", "unit-1"), ("G-1", "grid"), ("G-2", "g-2")] {
        assert_eq!(prefix(world, number).await, expected);
    }
    let shown = patch(world, "G-1", &json!({"channelPrefix": "grid_main"})).await;
    assert_eq!(shown["channelPrefix"], "grid_main");
    patch(world, "G-2", &json!({"channelPrefix": "grid_sub"})).await;
    let both = |body: &Value| {
        ["grid_main/Timestamp", "grid_sub/Timestamp"].iter().all(|n| !channel(body, n).is_null())
    };
    world.eventually("/api/channels", both).await;
    let main = world.get("/api/channels?prefix=grid_main").await.json();
    assert_eq!(main["data"]["channels"].as_array().unwrap().len(), 1);
    assert_eq!(channel(&main, "grid_main/Timestamp")["quality"], "STALE");

    let shown = patch(world, "G-2", &json!({"channelPrefix": null})).await;
    assert_eq!(shown["channelPrefix"], "grid", "it is the first one without a name of its own");
}

async fn a_prefix_is_refused_where_another_meter_has_it(world: &World) {
    world.meter(&new("G-1", "Grid")).await;
    world.meter(&new("M-1", "Unit")).await;
    let taken = (409, "channel_prefix_taken");
    let invalid = (422, "invalid_value");
    for (prefix, (status, code)) in
        [("grid", taken), ("Main", invalid), ("a/b", invalid), ("", invalid)]
    {
        let change = json!({"channelPrefix": prefix});
        let changed = world.send("PATCH", &format!("{METERS}/M-1"), &change).await;
        changed.refused(status, code, Some("channelPrefix"));
        let mut body = new("X", "Unit");
        body["channelPrefix"] = prefix.into();
        world.post(METERS, &body).await.refused(status, code, Some("channelPrefix"));
    }
    assert_eq!(world.count("energy_meters").await, 2);
    world.post("/api/sites", &json!({"slug": "b", "name": "B"})).await.is(201);
    let elsewhere = world.post(&format!("{METERS}?site=b"), &new("G-1", "Grid")).await.json();
    assert_eq!(elsewhere["data"]["channelPrefix"], "grid", "another site has its own");
}

async fn a_prefix_that_nobody_chose_follows_its_meter(world: &World) {
    world.meter(&new("M-1", "Unit")).await;
    let other = json!({"meterNumber": "m-1", "meterName": "x", "meterType": "Unit"});
    let id = world.meter(&other).await;
    assert_eq!(prefix(world, &id.to_string()).await, format!("m-1_{id}"), "M-1 has the plain one");
    let renamed = patch(world, "M-1", &json!({"meterNumber": "Hall 2/3"})).await;
    assert_eq!(renamed["channelPrefix"], "hall 2/3");
    let mut shown = world.get(&format!("{METERS}/{}", renamed["id"])).await.data();
    shown["meterName"] = "Hall".into();
    let number = renamed["id"].to_string();
    assert_eq!(patch(world, &number, &shown).await["channelPrefix"], "hall 2/3");
    let grid = patch(world, &number, &json!({"loadRole": "grid"})).await;
    assert_eq!(grid["channelPrefix"], "grid");
    let chosen = patch(world, &number, &json!({"channelPrefix": "main"})).await;
    assert_eq!(chosen["channelPrefix"], "main");
    let renamed = patch(world, &number, &json!({"meterNumber": "Y"})).await;
    assert_eq!(renamed["channelPrefix"], "main", "what was chosen stays");
}

async fn a_retired_meter_sets_its_prefix_free(world: &World) {
    world.meter(&new("OLD", "Grid")).await;
    let reading = json!({"timestamp": "2026-05-01T00:00:00Z", "totalEnergyKwh": 1});
    world.post(&format!("{METERS}/OLD/readings"), &reading).await;
    assert_eq!(world.delete(&format!("{METERS}/OLD")).await.json()["data"]["retired"], true);
    assert_eq!(prefix(world, "OLD").await, Value::Null);
    world.meter(&new("NEW", "Grid")).await;
    assert_eq!(prefix(world, "NEW").await, "grid");
    let only = |body: &Value| {
        let read = channel(body, "grid/Timestamp");
        read["reason"] == "never read"
    };
    world.eventually("/api/channels?prefix=grid", only).await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_configuration_may_exchange_prefixes_and_not_double_them(pool: PgPool) {
    let world = World::start(&pool).await;
    world.meter(&new("A", "Grid")).await;
    world.meter(&new("B", "Unit")).await;
    let (vault, admin) = (&service::Vault::random(), &service::Principal::Loopback);
    let mut document =
        serde_json::to_value(service::configuration::export(&pool, admin).await.unwrap()).unwrap();
    let meters = document["meters"].as_array_mut().unwrap();
    assert_eq!(
        (&meters[0]["channelPrefix"], &meters[1]["channelPrefix"]),
        (&json!("grid"), &json!("b"))
    );
    meters[0]["channelPrefix"] = "b".into();
    meters[1]["channelPrefix"] = "grid".into();
    service::configuration::import(&pool, vault, admin, &document).await.unwrap();
    assert_eq!((prefix(&world, "A").await, prefix(&world, "B").await), (json!("b"), json!("grid")));
    document["meters"][0]["channelPrefix"] = "grid".into();
    let refused = service::configuration::import(&pool, vault, admin, &document).await.unwrap_err();
    assert!(matches!(refused, service::Error::Conflict { code: "channel_prefix_taken", .. }));
    assert_eq!(prefix(&world, "A").await, "b", "all of a document or nothing");
    world.end().await;
}
