//! The simulated world over HTTP: the bodies of its source, and what follows from them.

mod controls;
mod events;
mod refusals;

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{Answer, Request, World, has};

impl World {
    /// Lets the world stand still at an instant.
    async fn stand(&self, at: &str) {
        let body = json!({"paused": true, "current_datetime": at});
        let answer = self.post("/simulation-time", &body).await.is(200);
        assert_eq!(answer.json()["current_datetime"], at);
    }

    /// Posts a body that is to be taken.
    async fn made(&self, path: &str, body: &Value) -> Value {
        let answer = self.post(path, body).await;
        assert!([200, 201].contains(&answer.status), "{path}: {}", answer.text);
        answer.json()
    }

    /// A resource linked to a meter of its own; answers the ids of both.
    async fn home(&self, number: &str, kind: &str, appliances: Value) -> (i64, i64) {
        let er = json!({"name": number, "type": kind, "appliance_type": appliances});
        let er = self.made("/admin/er", &er).await["id"].as_i64().unwrap();
        let meter = self.made("/admin/meter", &json!({"meter_id": number})).await["id"].clone();
        self.made("/admin/meter/link", &json!({"meter_id": meter, "er_id": er})).await;
        (er, meter.as_i64().unwrap())
    }

    async fn records(&self, meter: &str) -> Vec<Value> {
        let answer = self.get(&format!("/meter/stream?meter_id={meter}&limit=1000")).await.is(200);
        answer.json().as_array().unwrap().clone()
    }

    async fn newest(&self, meter: &str) -> Value {
        self.records(meter).await.pop().unwrap()
    }
}

fn close(left: &Value, right: f64) {
    let left = left.as_f64().unwrap_or_else(|| panic!("{left} is no number"));
    assert!((left - right).abs() < 1e-6, "{left} is not {right}");
}

const NIGHT: &str = "2025-06-20T07:00:00Z";

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_bodies_of_the_source_make_a_home_that_records(pool: PgPool) {
    let world = World::start(&pool).await;
    world.stand(NIGHT).await;
    let er = json!({"name": "Viraj\u{2019}s Home", "type": "prosumer",
        "appliance_type": ["Refrigerator", "Oven"]});
    let er = world.post("/admin/er", &er).await.is(201);
    let er = er.json();
    assert_eq!(er["appliance_type"], json!(["Refrigerator", "Oven"]));
    assert!(er["id"].is_i64() && er["uuid"].is_string() && er["meter_id"].is_null(), "{er}");

    let meter = json!({"meter_id": "MT30125", "parent_id": null, "load_factor": 1.0,
        "meter_type": "1-Ph", "city": "Mumbai", "state": "Maharashtra", "latitude": 19.0760,
        "longitude": 72.8777, "pincode": "227409"});
    let meter = world.post("/admin/meter", &meter).await.is(201);
    let meter = meter.json();
    has!(meter, {"meter_id": "MT30125", "pincode": "227409", "load_factor_consumption": 1.0});

    let link = json!({"meter_id": "MT30125", "er_id": er["uuid"]});
    let linked = world.made("/admin/meter/link", &link).await;
    assert_eq!((&linked["load_factor_production"], &linked["er_id"]), (&json!(1.0), &er["id"]));

    let path = format!("/admin/er/{}", er["id"]);
    let sun = json!({"name": "Viraj\u{2019}s Home", "type": "prosumer",
        "appliance_type": ["Refrigerator", "Oven", "Solar Panel"]});
    let changed = world.send("PUT", &path, &sun).await.is(200);
    assert_eq!(changed.json()["meter_id"], "MT30125");

    // Noon of Mumbai, by the sun.
    world.stand("2025-06-21T07:15:00Z").await;
    let record = world.newest("MT30125").await;
    assert_eq!(record["timestamp"], "2025-06-21T07:15:00Z");
    assert_eq!((&record["id"], &record["uuid"]), (&meter["id"], &meter["uuid"]));
    close(&record["consumption_kWh"], (0.00333 + 0.01667) * 15.0);
    let made = record["production_kWh"].as_f64().unwrap();
    assert!(made > 0.98 * 0.02 * 15.0 && made <= 0.02 * 15.0, "{made}");
    let (kwh, factor) = (0.3, record["power_factor"].as_f64().unwrap());
    let voltage = record["avg_voltage"].as_f64().unwrap();
    assert!((0.8..=1.0).contains(&factor) && (230.0..=250.0).contains(&voltage));
    close(&record["consumption_kVAh"], kwh / factor);
    close(&record["production_kVAh"], made / factor);
    close(&record["reactive_power_kVAR"], ((kwh / factor).powi(2) - kwh * kwh).sqrt());
    close(&record["avg_current"], kwh / 15.0 * 1000.0 / (voltage * 60.0));
    close(&record["avg_current_a"], kwh / 15.0 * 1000.0 / (voltage * 60.0) * 3600.0);
    assert_eq!(record["interval_minutes"], 15);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn every_address_of_the_source_leads_to_the_same(pool: PgPool) {
    let world = World::start(&pool).await;
    world.stand(NIGHT).await;
    let er = json!({"name": "Home", "type": "consumer", "appliance_type": ["LED Bulb"]});
    let mut ers = Vec::new();
    for path in ["/admin/er", "/create-er", "/create-der", "/api/admin/er", "/api/create-er"] {
        let made = world.post(path, &er).await;
        assert_eq!(made.status, 201, "{path}: {}", made.text);
        ers.push(made.json()["id"].clone());
    }
    let mut meters = Vec::new();
    for (i, path) in ["/admin/meter", "/create-meter", "/api/create-meter"].iter().enumerate() {
        let made = world.post(path, &json!({"meter_id": format!("M{i}")})).await;
        assert_eq!(made.status, 201, "{path}: {}", made.text);
        meters.push(made.json()["id"].clone());
    }
    for (i, path) in ["/admin/meter/link", "/link-meter", "/api/link-meter"].iter().enumerate() {
        let linked =
            world.post(path, &json!({"meter_id": meters[i], "er_id": ers[i].to_string()})).await;
        assert_eq!(linked.status, 200, "{path}: {}", linked.text);
    }
    world.stand("2025-06-20T08:00:00Z").await;
    for path in ["/meter/stream", "/stream-meter-data", "/api/meter/stream"] {
        for name in ["M0".to_owned(), meters[0].to_string()] {
            let records = world.get(&format!("{path}?meter_id={name}")).await.json();
            assert_eq!(records.as_array().map(Vec::len), Some(4), "{path}");
            close(&records[0]["consumption_kWh"], 0.00255);
            assert_eq!(records[0]["production_kWh"], Value::Null);
        }
    }
    for path in ["/simulation-time", "/simulation-calender", "/api/simulation-time"] {
        let time = world.get(path).await.json();
        assert_eq!(time["current_datetime"], "2025-06-20T08:00:00Z");
    }
    for method in ["POST", "PUT", "PATCH"] {
        let change = json!({"er_id": ers[0], "appliance_type": ["TV", "tv"]});
        let changed = world.send(method, "/update-er", &change).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        assert_eq!(changed.json()["appliance_type"], json!(["TV", "tv"]));
        let toggled = world.send(method, "/toggle-der-status", &json!({"er_id": ers[0]})).await;
        assert_eq!(toggled.status, 200, "{}", toggled.text);
    }
    for path in ["/meter/control", "/control-meter-load", "/api/control-meter-load"] {
        let body = json!({"meter_id": "M1", "load_factor": 2});
        assert_eq!(world.post(path, &body).await.json()["changed"], 1);
    }
    assert_eq!(world.get("/admin/er").await.json()["count"], 5);
    assert_eq!(world.get("/admin/meter?limit=2").await.json()["count"], 2);
    let one = world.get(&format!("/admin/er/{}", ers[0])).await.json();
    assert_eq!(one["meter_id"], "M0");
    assert_eq!(world.get("/admin/meter/M1").await.json()["load_factor_consumption"], 2.0);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_meter_of_the_world_is_a_meter_like_any(pool: PgPool) {
    let world = World::start(&pool).await;
    world.stand(NIGHT).await;
    let (_, meter) = world.home("H1", "consumer", json!(["AC"])).await;
    // Its clock shows midnight: the day has begun.
    world.get("/api/Energy/power-loss?site=world").await.is(200);
    world.stand("2025-06-20T09:00:00Z").await;
    let shown = world.get(&format!("/api/Energy/meters/{meter}")).await.json();
    has!(shown["data"], {"site": "world", "meterNumber": "H1"});
    let window = "site=world&from=2025-06-20T07:00:00Z&to=2025-06-20T09:00:00Z";
    let path = format!("/api/Energy/meters/hierarchy?{window}");
    let tree = world
        .eventually(&path, |tree| {
            tree["data"][0]["energyKwh"].as_f64().is_some_and(|kwh| (kwh - 3.0).abs() < 1e-6)
        })
        .await;
    assert_eq!(tree["data"][0]["meterNumber"], "H1");
    let raw = format!("/api/Energy/meters/{meter}/readings?{window}&resolution=raw");
    let readings = world.get(&raw).await.json();
    assert_eq!(readings["data"][0]["source"], "simulator");
    assert_eq!(readings["data"][0]["energyImportKwh"], 0.0, "a first reading before any record");
    world.end().await;
}

/// A stream of events that is being read.
struct Following {
    stream: tokio::net::TcpStream,
    seen: String,
}

impl Following {
    async fn open(world: &World, path: &str) -> Self {
        use tokio::io::AsyncWriteExt as _;
        let mut stream = tokio::net::TcpStream::connect(world.address).await.unwrap();
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\n\r\n",
            world.address
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        Self { stream, seen: String::new() }
    }

    /// Reads until a text was seen, and answers all that was.
    async fn until(&mut self, wanted: &str) -> &str {
        use tokio::io::AsyncReadExt as _;
        let mut buffer = [0; 4096];
        while !self.seen.contains(wanted) {
            let read = self.stream.read(&mut buffer).await.unwrap();
            assert!(read > 0, "the stream ended before {wanted:?}: {}", self.seen);
            self.seen.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
        &self.seen
    }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn records_stream_as_they_are_made_and_the_end_is_said(pool: PgPool) {
    let world = World::start(&pool).await;
    world.stand(NIGHT).await;
    world.home("H1", "consumer", json!(["AC"])).await;
    world.stand("2025-06-20T07:15:00Z").await;
    let mut following = Following::open(&world, "/meter/stream?meter_id=H1").await;
    let first = following.until("2025-06-20T07:15:00Z").await;
    assert!(first.contains("text/event-stream") && first.contains("event: record"), "{first}");
    world.stand("2025-06-20T08:00:00Z").await;
    let all = following.until("\"timestamp\":\"2025-06-20T08:00:00Z\"").await;
    assert_eq!(all.matches("event: record").count(), 4, "{all}");
    world.stop.cancel();
    assert!(following.until("event: bye").await.contains("data: {}"));
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_clock_is_set_and_answers_as_it_is_read(pool: PgPool) {
    let world = World::start(&pool).await;
    let body = json!({"paused": true, "days_per_minute": 2, "record_minutes": 60,
        "current_datetime": "2025-06-20T00:00:00Z"});
    let set = world.made("/simulation-time", &body).await;
    assert_eq!(set, world.get("/simulation-time").await.json());
    assert_eq!((&set["paused"], &set["paused_because"]), (&json!(true), &json!("asked")));
    world.home("H1", "consumer", json!(["AC"])).await;
    world.stand("2025-06-20T03:30:00Z").await;
    let records = world.records("H1").await;
    assert_eq!(records.len(), 3);
    assert_eq!(records[2]["interval_minutes"], 60);
    close(&records[2]["consumption_kWh"], 1.5);
    world.made("/simulation-time", &json!({"record_minutes": 1})).await;
    assert_eq!(world.records("H1").await.len(), 33);
    let sum: f64 =
        world.records("H1").await.iter().filter_map(|r| r["consumption_kWh"].as_f64()).sum();
    close(&json!(sum), 3.5 * 1.5);
    world.made("/simulation-time", &json!({"paused": false})).await;
    world
        .eventually("/simulation-time", |time| {
            time["current_datetime"].as_str().is_some_and(|now| now > "2025-06-20T03:31:00Z")
        })
        .await;
    world.end().await;
}

fn refused(answer: &Answer, status: u16, code: &str, field: Option<&str>) {
    answer.refused(status, code, field);
}

/// A request without a body.
async fn bare(world: &World, method: &str, path: &str) -> Answer {
    Request::new(method, path).send(world.address).await
}
