//! The live stream over a WebSocket: the same messages as the server-sent events.

use std::time::Duration;

use chrono::Utc;
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::{Request, World};

const PATIENCE: Duration = Duration::from_secs(10);

async fn open(world: &World, query: &str) -> WebSocketStream<TcpStream> {
    let url = format!("ws://{}/api/live/ws{query}", world.address);
    let request = url.into_client_request().unwrap();
    let socket = TcpStream::connect(world.address).await.unwrap();
    client_async(request, socket).await.unwrap().0
}

/// The next message of the stream; none once the server closed it.
async fn next(socket: &mut WebSocketStream<TcpStream>) -> Option<Value> {
    loop {
        let frame = tokio::time::timeout(PATIENCE, socket.next()).await.unwrap();
        match frame?.unwrap() {
            Message::Text(text) => return Some(serde_json::from_str(&text).unwrap()),
            Message::Close(_) => return None,
            _ => {}
        }
    }
}

/// Reads on until a message is as wanted.
async fn until(socket: &mut WebSocketStream<TcpStream>, wanted: impl Fn(&Value) -> bool) -> Value {
    loop {
        let message = next(socket).await.unwrap();
        if wanted(&message) {
            return message;
        }
    }
}

fn shows(message: &Value, kw: f64) -> bool {
    let values = message["data"]["values"].as_array();
    values.into_iter().flatten().any(|value| value["powerKw"] == kw)
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_websocket_gives_the_messages_of_the_stream_and_says_when_it_ends(pool: PgPool) {
    let world = World::start(&pool).await;
    world.meter(&json!({"meterNumber": "M", "meterName": "Main", "meterType": "Main"})).await;
    let mut socket = open(&world, "").await;
    let first = next(&mut socket).await.unwrap();
    assert_eq!(first["event"], "snapshot");
    assert_eq!(first["id"], first["data"]["id"]);

    socket.send(Message::text("what a client says is not needed")).await.unwrap();
    let reading = json!({"timestamp": Utc::now(), "activePowerKw": 12.5});
    world.post("/api/Energy/meters/M/readings", &reading).await;
    let change = until(&mut socket, |message| shows(message, 12.5)).await;
    assert!(change["event"] == "delta" || change["event"] == "snapshot", "{change}");

    let known = change["id"].as_u64().unwrap();
    let reading = json!({"timestamp": Utc::now(), "activePowerKw": 13.5});
    world.post("/api/Energy/meters/M/readings", &reading).await;
    until(&mut socket, |message| shows(message, 13.5)).await;
    let mut resumed = open(&world, &format!("?site=default&after={known}")).await;
    let missed = until(&mut resumed, |message| shows(message, 13.5)).await;
    assert!(missed["id"].as_u64().unwrap() > known, "{missed}");

    world.end().await;
    let bye = until(&mut resumed, |message| message["event"] == "bye").await;
    assert_eq!(bye, json!({"event": "bye", "data": {}}));
    assert_eq!(next(&mut resumed).await, None, "the server closes what it ended");
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_status_of_a_site_is_told_without_its_meters(pool: PgPool) {
    let world = World::start(&pool).await;
    for number in ["M", "N"] {
        let meter = json!({"meterNumber": number, "meterName": "Main", "meterType": "Main"});
        world.meter(&meter).await;
    }
    let mut socket = open(&world, "?show=site").await;
    let is_whole = |message: &Value| message["data"]["counts"]["meters"] == 2;
    let first = until(&mut socket, is_whole).await;
    assert_eq!(first["event"], "snapshot");
    let mut told = first["data"].clone();
    assert_eq!(told["counts"], json!({"good": 0, "meters": 2}));
    for left_out in ["meters", "values", "nodes", "hotspots"] {
        assert_eq!(told[left_out], json!([]), "{told}");
    }
    assert!(told.get("alarms").is_none(), "{told}");
    assert_eq!(told["site"]["slug"], "default");

    for kw in [12.5, 13.5] {
        let reading = json!({"timestamp": Utc::now(), "activePowerKw": kw});
        world.post("/api/Energy/meters/M/readings", &reading).await;
    }
    while told["counts"]["good"] != 1 {
        let message = next(&mut socket).await.unwrap();
        let data = &message["data"];
        assert_eq!(message["id"], data["id"]);
        assert_eq!(data["id"].as_u64().unwrap(), told["id"].as_u64().unwrap() + 1);
        if message["event"] == "snapshot" {
            told = data.clone();
            continue;
        }
        let of_site = |name: &String| ["id", "at", "site", "counts"].contains(&name.as_str());
        assert!(data.as_object().unwrap().keys().all(of_site), "{message}");
        told["id"] = data["id"].clone();
        if !data["counts"].is_null() {
            told["counts"] = data["counts"].clone();
        }
    }
    assert_eq!(told["counts"]["meters"], 2);

    let known = told["id"].as_u64().unwrap();
    let mut resumed = open(&world, &format!("?show=site&after={}", known - 1)).await;
    let missed = next(&mut resumed).await.unwrap();
    assert_eq!((&missed["id"], &missed["data"]["counts"]), (&json!(known), &told["counts"]));
    assert!(missed["data"].get("values").is_none_or(|values| *values == json!([])), "{missed}");
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn whoever_may_not_follow_the_stream_gets_no_websocket_either(pool: PgPool) {
    let world = World::start(&pool).await;
    let asked = |site: &str| {
        Request::new("GET", &format!("/api/live/ws{site}"))
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
    };
    let proxied = asked("").header("Via", "1.1 proxy");
    proxied.send(world.address).await.refused(401, "unauthorized", None);
    let elsewhere = asked("").header("Origin", "http://evil.example");
    elsewhere.send(world.address).await.refused(403, "foreign_origin", None);
    asked("?site=nowhere").send(world.address).await.refused(404, "site_not_found", None);
    world.get("/api/live/ws").await.refused(426, "websocket_expected", None);
    world.get("/api/live/ws?after=x").await.invalid("after");
    for path in ["/api/live", "/api/live/ws"] {
        world.get(&format!("{path}?show=meters")).await.invalid("show");
        world.get(&format!("{path}?show=site&meter=1")).await.invalid("show");
    }
    world.end().await;
}
