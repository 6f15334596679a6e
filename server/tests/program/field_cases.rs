//! Cases from the field, played over the public interface of a running program.

use std::collections::BTreeMap;
use std::time::Duration;

use field_cases::{Case, Input, Message};
use reqwest::Method;
use rumqttc::{AsyncClient, MqttOptions, QoS};
use serde_json::{Map, Value, json};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::{Program, client};

const PATIENCE: Duration = Duration::from_secs(20);
/// Longer than a row of several topics is waited for.
const SETTLED: Duration = Duration::from_millis(1_500);

async fn send(program: &Program, method: Method, path: &str, body: &Value) -> Value {
    let body = (method != Method::GET).then_some(body);
    loop {
        let sent = program.send(&client(), method.clone(), path, body).await;
        let (status, answer) = sent.unwrap();
        // Only so many devices are tried at once.
        if status == 429 {
            sleep(Duration::from_millis(200)).await;
            continue;
        }
        assert!(status < 300, "{path}: {status} {answer}");
        return answer["data"].clone();
    }
}

/// A broker of its own for each case: their topics meet.
async fn broker(stop: &CancellationToken) -> (u16, AsyncClient) {
    let (address, _) = simulator::devices::broker::start(stop.clone()).await.unwrap();
    let options = MqttOptions::new("field", address.ip().to_string(), address.port());
    let (client, mut events) = AsyncClient::new(options, 100);
    tokio::spawn(async move { while events.poll().await.is_ok() {} });
    (address.port(), client)
}

fn is_announcement(message: &Message) -> bool {
    message.topic.starts_with("homeassistant/")
}

/// The newest of each value that a meter has shown.
async fn shown(program: &Program, path: &str) -> BTreeMap<String, f64> {
    let readings = send(program, Method::GET, path, &Value::Null).await;
    let mut newest = BTreeMap::new();
    let mut readings = readings.as_array().unwrap().clone();
    readings.sort_by_key(|reading| reading["timestamp"].as_str().unwrap_or_default().to_owned());
    for reading in readings {
        for (name, value) in reading.as_object().into_iter().flatten() {
            if domain::Field::parse(name).is_some() {
                newest.extend(value.as_f64().map(|value| (name.clone(), value)));
            }
        }
    }
    newest
}

/// Whether the right values are shown, and no other power or energy.
fn is_right(shown: &BTreeMap<String, f64>, right: &BTreeMap<String, f64>) -> bool {
    let is_shown = |(name, right): (&String, &f64)| {
        shown.get(name).is_some_and(|is| (is - right).abs() <= 1e-6)
    };
    let is_other = |name: &&String| {
        let unit = domain::Field::parse(name).map(domain::Field::unit);
        !right.contains_key(*name) && matches!(unit, Some("kW" | "kWh"))
    };
    right.iter().all(is_shown) && shown.keys().find(is_other).is_none()
}

/// The settings of the meters of a case.
async fn meters(program: &Program, port: u16, communication: Option<&Value>) -> Vec<Value> {
    let broker = json!({"host": "127.0.0.1", "port": port});
    let found = if let Some(communication) = communication {
        vec![communication.clone()]
    } else {
        let asked = json!({"communication": broker});
        let found = send(program, Method::POST, "/api/energy-meters/discover", &asked).await;
        let devices = found["devices"].as_array().unwrap();
        devices.iter().map(|device| device["communication"].clone()).collect()
    };
    let with_broker = |settings: Value| {
        let settings: Map<String, Value> = settings.as_object().unwrap().clone();
        Value::Object(broker.as_object().unwrap().clone().into_iter().chain(settings).collect())
    };
    found.into_iter().map(with_broker).collect()
}

async fn play(program: &Program, name: &str, case: &Case) -> Result<(), String> {
    let Input::Mqtt { communication, messages, zone } = &case.input;
    let stop = CancellationToken::new();
    let (port, publisher) = broker(&stop).await;
    for message in messages.iter().filter(|message| is_announcement(message)) {
        publisher.publish(&message.topic, QoS::AtLeastOnce, true, message.text()).await.unwrap();
    }
    let site = format!("case-{name}").chars().take(60).collect::<String>();
    let site = site.trim_end_matches('-');
    let zone = zone.as_deref().unwrap_or("UTC");
    send(
        program,
        Method::POST,
        "/api/sites",
        &json!({"slug": site, "name": name, "timeZone": zone}),
    )
    .await;
    let mut made = Vec::new();
    for (number, settings) in meters(program, port, communication.as_ref()).await.iter().enumerate()
    {
        let body = json!({"name": format!("{name} {number}"), "protocol": "mqtt", "meterType": "building",
            "communication": settings});
        let meter =
            send(program, Method::POST, &format!("/api/energy-meters?site={site}"), &body).await;
        let number = meter["meterNumber"].as_str().unwrap();
        made.push(format!("/api/Energy/meters/{number}/readings?site={site}"));
    }
    let begun = Instant::now();
    let mut seen = Vec::new();
    // A subscription takes effect a moment after the connection; what comes before is not heard.
    while begun.elapsed() < PATIENCE {
        for message in messages.iter().filter(|message| !is_announcement(message)) {
            publisher
                .publish(&message.topic, QoS::AtLeastOnce, false, message.text())
                .await
                .unwrap();
        }
        sleep(SETTLED).await;
        seen.clear();
        for path in &made {
            seen.push(shown(program, path).await);
        }
        let right = &case.right.readings;
        if seen.len() == right.len()
            && seen.iter().zip(right).all(|(seen, right)| is_right(seen, right))
        {
            stop.cancel();
            return Ok(());
        }
        if case.right.readings.is_empty() && begun.elapsed() > SETTLED * 2 {
            break;
        }
    }
    stop.cancel();
    Err(format!("{name}: {seen:?}, not {:?}", case.right.readings))
}

#[tokio::test]
async fn cases_from_the_field_give_their_right_values() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(&folder.path().join("data"));
    let cases = field_cases::all().unwrap();
    assert!(cases.iter().all(|(_, case)| case.source.starts_with("https://")));
    let played = cases.iter().map(|(name, case)| play(&program, name, case));
    let wrong: Vec<String> =
        futures::future::join_all(played).await.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
