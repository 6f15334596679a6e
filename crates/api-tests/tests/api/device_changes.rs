//! Changes of devices that meet each other, and addresses that are shown in part.

use std::time::Duration;

use serde_json::{Value, json};
use sqlx::{Postgres, Transaction};

use crate::forms::send;
use crate::{Answer, Request, World, in_one_world};

/// Connects a meter over HTTP, and answers its id.
async fn connected(world: &World, url: &str) -> i64 {
    let body = json!({"name": "M", "meterType": "grid", "protocol": "http",
        "communication": {"url": url}});
    let answer = world.post("/api/energy-meters", &body).await.is(201);
    let id = answer.json()["data"]["id"].as_str().unwrap().to_owned();
    id.strip_prefix("meter_").unwrap().parse().unwrap()
}

async fn import(world: &World, table: String) -> Answer {
    let request = Request::new("POST", &world.on_own_site("POST", "/api/devices/import"))
        .header("Content-Type", "text/csv");
    request.body(table).send(world.address).await
}

/// What is stored of the device of a meter.
async fn stored(world: &World, meter: i64) -> (bool, i64, Value) {
    sqlx::query_as(
        "SELECT enabled, poll_interval_ms, communication FROM devices WHERE meter_id = $1",
    )
    .bind(meter)
    .fetch_one(&world.pool)
    .await
    .unwrap()
}

/// Someone who has switched a device off and named its meter anew, but is not done yet.
async fn at_work(world: &World, meter: i64) -> Transaction<'static, Postgres> {
    let mut other = world.pool.begin().await.unwrap();
    for statement in [
        "UPDATE energy_meters SET meter_name = 'Renamed' WHERE id = $1",
        "UPDATE devices SET enabled = false WHERE meter_id = $1",
    ] {
        sqlx::query(statement).bind(meter).execute(&mut *other).await.unwrap();
    }
    other
}

/// Lets them finish as soon as someone waits for them.
async fn finish(world: &World, other: Transaction<'static, Postgres>) {
    let waiting = || {
        sqlx::query_scalar::<_, i64>(
            "SELECT count(*) FROM pg_stat_activity \
             WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        .fetch_one(&world.pool)
    };
    while waiting().await.unwrap() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    other.commit().await.unwrap();
}

in_one_world! { changes_of_devices:
    a_change_keeps_what_another_one_stored_meanwhile, a_table_keeps_what_a_change_stored_meanwhile,
    an_address_that_comes_back_without_its_query_keeps_it,
    a_form_adds_connects_and_changes_a_meter_and_the_log_names_it,
}

async fn a_change_keeps_what_another_one_stored_meanwhile(world: &World) {
    let meter = connected(world, "http://127.0.0.1:9/").await;
    let other = at_work(world, meter).await;
    let (path, change) =
        (format!("/api/energy-meters/meter_{meter}"), json!({"pollInterval": 9000}));
    let (answer, ()) = tokio::join!(world.send("PUT", &path, &change), finish(world, other));
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json()["data"]["name"], "Renamed");
    let (enabled, poll, _) = stored(world, meter).await;
    assert_eq!((enabled, poll), (false, 9_000));
}

async fn a_table_keeps_what_a_change_stored_meanwhile(world: &World) {
    let meter = connected(world, "http://127.0.0.1:9/").await;
    let other = at_work(world, meter).await;
    let table = "meterNumber,pollInterval\nEM-1,7000\n".to_owned();
    let (answer, ()) = tokio::join!(import(world, table), finish(world, other));
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json()["data"]["lines"][0]["changes"], json!(["pollInterval"]));
    let (enabled, poll, _) = stored(world, meter).await;
    assert_eq!((enabled, poll), (false, 7_000));
    let named = world.get(&format!("/api/Energy/meters/{meter}")).await.json();
    assert_eq!(named["data"]["meterName"], "Renamed");
}

async fn an_address_that_comes_back_without_its_query_keeps_it(world: &World) {
    let url = "http://127.0.0.1:9/status?key=s3cret";
    let meter = connected(world, url).await;
    let path = format!("/api/energy-meters/meter_{meter}");
    let shown = world.get(&path).await.json()["data"]["communication"].clone();
    assert_eq!(shown["url"], url, "whoever may change it sees it");

    let put = |url: &str| json!({"communication": {"url": url, "method": "POST"}});
    world.send("PUT", &path, &put("http://127.0.0.1:9/status?…")).await.is(200);
    assert_eq!(stored(world, meter).await.2, json!({"url": url, "method": "POST"}));
    world.send("PUT", &path, &put("http://127.0.0.1:9/other?…")).await.invalid("communication.url");

    let line = |number: &str, url: &str| {
        format!("meterNumber,meterName,protocol,url\n{number},M,http,{url}\n")
    };
    let back = import(world, line("EM-1", "http://127.0.0.1:9/status?…")).await;
    assert_eq!(back.json()["data"]["unchanged"], 1, "{}", back.text);
    import(world, line("EM-2", "http://127.0.0.1:9/status?…")).await.invalid("url");
    assert_eq!(stored(world, meter).await.2["url"], url);
}

/// Posts the form of the meter MAIN, read over HTTP.
async fn save(world: &World, fields: &[(&str, &str)]) -> Answer {
    let site = world.site();
    let main = [
        ("site", site.as_str()),
        ("meterNumber", "MAIN"),
        ("meterName", "Main"),
        ("protocol", "http"),
        ("url", "http://127.0.0.1:9/"),
    ];
    send(world, "/act/device-save?next=/devices", &[&main[..], fields].concat()).await
}

async fn a_form_adds_connects_and_changes_a_meter_and_the_log_names_it(world: &World) {
    save(world, &[("parentMeterNumber", "NONE")]).await.invalid("parentMeterNumber");
    save(world, &[("ratedPowerKw", "much")]).await.invalid("ratedPowerKw");
    assert_eq!(world.count("energy_meters").await, 0, "nothing is half done");
    save(world, &[("ratedPowerKw", "63")]).await.is(200);
    save(world, &[]).await.refused(409, "meter_number_taken", Some("meterNumber"));

    let shown = async || world.get("/api/Energy/meters/MAIN").await.data();
    let id = shown().await["id"].to_string();
    let changed = [("meter", id.as_str()), ("latitude", "18.5"), ("longitude", "73.5")];
    save(world, &changed).await.is(200);
    let meter = shown().await;
    assert_eq!((&meter["latitude"], &meter["ratedPowerKw"]), (&json!(18.5), &Value::Null));

    world.delete(&format!("/api/devices/{id}")).await.is(200);
    save(world, &changed).await.invalid("meterNumber");
    save(world, &[]).await.is(200);
    assert_eq!(shown().await["latitude"], 18.5, "a meter that is connected keeps its place");
    assert_eq!(world.noted().await, ["meter.update", "device.remove", "meter.update"]);
}
