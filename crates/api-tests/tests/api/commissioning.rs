//! Trying devices before they become meters.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse as _;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::{World, has, in_one_world};

const TEST: &str = "/api/energy-meters/test";

/// A meter that answers to anyone, and the tokens it was shown.
struct Meter {
    port: u16,
    tokens: Arc<Mutex<Vec<Option<String>>>>,
    /// An answer takes one; none is left at first where answers are to wait.
    answers: Arc<Semaphore>,
}

impl Meter {
    async fn start(answers: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tokens, answers) = (Arc::default(), Arc::new(Semaphore::new(answers)));
        let meter = Self { port, tokens, answers };
        let (shown, allowed) = (meter.tokens.clone(), meter.answers.clone());
        let router = Router::new().fallback(move |request: Request| {
            let token = request.headers().get("authorization");
            shown.lock().unwrap().push(token.map(|token| token.to_str().unwrap().to_owned()));
            let allowed = allowed.clone();
            async move {
                let _answer = allowed.acquire().await.unwrap();
                r#"{"power_kw": 30.2, "inverter": {"p": "1500"}}"#.into_response()
            }
        });
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        meter
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/api/energy", self.port)
    }

    fn last_token(&self) -> Option<String> {
        self.tokens.lock().unwrap().last().cloned().flatten()
    }
}

in_one_world! { devices_are_tried:
    a_device_shows_what_it_answers_and_nothing_is_stored, a_device_that_does_not_answer_says_why,
    stored_secrets_are_shown_to_their_own_address_alone, only_some_devices_are_tried_at_once,
    what_cannot_be_tried_is_refused_at_its_place,
}

async fn a_device_shows_what_it_answers_and_nothing_is_stored(world: &World) {
    let (world, meter) = (World::start(&world.pool).await, Meter::start(1).await);
    let asked = json!({"protocol": "http", "communication": {"url": meter.url()}});
    let look = world.post(TEST, &asked).await.is(200).data();
    has!(look, {"reached": true, "notes": [], "values": {"activePowerKw": 30.2}});
    assert_eq!(look["raw"]["inverter"]["p"], "1500");
    assert!(look["latencyMs"].is_u64());

    let picked = json!({"protocol": "http", "name": "x", "meterType": "grid", "pollInterval": 5000,
        "communication": {"url": meter.url(), "values": [
            {"field": "activePowerKw", "path": "$.inverter.p", "unit": "W"},
            {"field": "voltageL1", "path": "$.inverter.u"}]}});
    let look = world.post(TEST, &picked).await.data();
    assert_eq!(look["values"], json!({"activePowerKw": 1.5}));
    assert!(look["notes"][0].as_str().unwrap().contains("voltageL1"), "{look}");
    assert_eq!((world.count("devices").await, world.count("meter_readings").await), (0, 0));
}

async fn a_device_that_does_not_answer_says_why(world: &World) {
    for asked in [
        json!({"protocol": "http", "communication": {"url": "http://127.0.0.1:1/"}}),
        json!({"protocol": "http", "communication": {"url": "http://169.254.169.254/"}}),
        json!({"protocol": "modbus", "communication": {"host": "127.0.0.1", "port": 1,
            "registers": {"power": 0}}}),
        json!({"protocol": "mqtt", "communication": {"host": "127.0.0.1", "port": 1,
            "topicPower": "p"}}),
    ] {
        let look = world.post(TEST, &asked).await.is(200);
        let look = &look.json()["data"];
        assert_eq!((&look["reached"], &look["values"]), (&json!(false), &json!({})), "{asked}");
        assert!(!look["notes"][0].as_str().unwrap().is_empty());
    }
    let line = json!({"communication": {"host": "127.0.0.1", "port": 1}, "toUnit": 3});
    let scan = world.post("/api/energy-meters/scan", &line).await.data();
    assert_eq!((&scan["reached"], &scan["units"]), (&json!(false), &json!([])));
    let unit = json!({"communication": {"host": "127.0.0.1", "port": 1, "unitId": 2},
        "function": "input", "address": 40, "count": 4});
    let read = world.post("/api/energy-meters/registers", &unit).await.data();
    assert_eq!((&read["reached"], &read["registers"]), (&json!(false), &json!([])));
}

async fn stored_secrets_are_shown_to_their_own_address_alone(world: &World) {
    let (world, meter, other) =
        (World::start(&world.pool).await, Meter::start(1).await, Meter::start(1).await);
    let connected = json!({"name": "M", "protocol": "http", "meterType": "grid",
        "communication": {"url": meter.url(), "authToken": "geheim"}});
    let id = world.post("/api/energy-meters", &connected).await.json()["data"]["id"].clone();
    let asked = |url: String, token: Option<&str>| {
        let mut communication = json!({ "url": url });
        if let Some(token) = token {
            communication["authToken"] = token.into();
        }
        json!({"id": id, "protocol": "http", "communication": communication})
    };
    let look = world.post(TEST, &asked(meter.url(), None)).await.data();
    assert_eq!(meter.last_token().as_deref(), Some("Bearer geheim"));
    assert_eq!(look["notes"], json!([]));
    assert!(!look.to_string().contains("geheim"));

    let look = world.post(TEST, &asked(other.url(), None)).await.data();
    assert_eq!(other.last_token(), None);
    assert!(look["notes"][0].as_str().unwrap().contains("not used"), "{look}");
    world.post(TEST, &asked(other.url(), Some("its own"))).await;
    assert_eq!(other.last_token().as_deref(), Some("Bearer its own"));
}

async fn only_some_devices_are_tried_at_once(world: &World) {
    let (world, meter) = (World::start(&world.pool).await, Meter::start(0).await);
    let asked = json!({"protocol": "http", "communication": {"url": meter.url()}});
    let ask = || world.post(TEST, &asked);
    let busy = async {
        while meter.tokens.lock().unwrap().len() < 4 {
            tokio::task::yield_now().await;
        }
        let refused = ask().await;
        refused.refused(429, "too_many_requests", None);
        assert!(refused.headers.contains_key("retry-after"));
        meter.answers.add_permits(4);
    };
    let (a, b, c, d, ()) = tokio::join!(ask(), ask(), ask(), ask(), busy);
    assert_eq!([a, b, c, d].map(|look| look.json()["data"]["reached"].clone()), [true; 4]);
    assert_eq!(ask().await.json()["data"]["reached"], true);
}

async fn what_cannot_be_tried_is_refused_at_its_place(world: &World) {
    let http = |communication: Value| json!({"protocol": "http", "communication": communication});
    let line = json!({"host": "127.0.0.1", "port": 1});
    let cases = [
        ("test", http(json!({})), "missing_field", "communication.url"),
        ("test", http(json!({"url": "http://a:b@c/"})), "invalid_value", "communication.url"),
        ("test", json!({"protocol": "dlms", "communication": {}}), "invalid_value", "protocol"),
        (
            "test",
            json!({"protocol": "http", "communicatoin": {}}),
            "unknown_field",
            "communicatoin",
        ),
        ("scan", json!({"communication": line, "fromUnit": 0}), "invalid_value", "fromUnit"),
        (
            "scan",
            json!({"communication": line, "fromUnit": 9, "toUnit": 3}),
            "invalid_value",
            "toUnit",
        ),
        ("scan", json!({"communication": {}}), "missing_field", "communication.host"),
        (
            "registers",
            json!({"communication": line, "function": "coil", "address": 0, "count": 1}),
            "invalid_value",
            "function",
        ),
    ];
    for (what, asked, code, field) in cases {
        let answer = world.post(&format!("/api/energy-meters/{what}"), &asked).await;
        answer.refused(422, code, Some(field));
    }
    let unknown = json!({"id": "meter_4711", "protocol": "http", "communication": {}});
    world.post(TEST, &unknown).await.refused(404, "meter_not_found", None);
}
