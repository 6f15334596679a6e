//! Cases from the field, played over the public interface of a running program.

mod bills;
mod modbus;
mod registers;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{NaiveDate, Utc};
use field_cases::{Case, Input, Message};
use futures::{StreamExt as _, stream};
use reqwest::Method;
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::{Program, client};

/// Cases of bills and registers that are played at once.
const GROUP: usize = 12;
const PATIENCE: Duration = Duration::from_secs(90);
/// Longer than a row of several topics is waited for.
const SETTLED: Duration = Duration::from_millis(1_500);

thread_local! {
    /// One for all that a test sends: some thousand requests.
    static CLIENT: reqwest::Client = client();
}

async fn send(program: &Program, method: Method, path: &str, body: &Value) -> Value {
    let body = (method != Method::GET).then_some(body);
    let client = CLIENT.with(Clone::clone);
    loop {
        let sent = program.send(&client, method.clone(), path, body).await;
        let (status, answer) = sent.unwrap();
        // Only so many devices are tried at once, and so many statements wait for the database.
        if matches!(status, 429 | 503) {
            sleep(Duration::from_millis(200)).await;
            continue;
        }
        assert!(status < 300, "{path}: {status} {answer}");
        return answer["data"].clone();
    }
}

/// A broker of its own for each case: their topics meet. With it who publishes there, and how many messages the broker
/// has taken.
async fn broker(stop: &CancellationToken) -> (u16, AsyncClient, watch::Receiver<usize>) {
    let (address, _) = simulator::devices::broker::start(stop.clone()).await.unwrap();
    let options = MqttOptions::new("field", address.ip().to_string(), address.port());
    let (client, mut events) = AsyncClient::new(options, 100);
    let (taken, count) = watch::channel(0);
    tokio::spawn(async move {
        while let Ok(event) = events.poll().await {
            if matches!(event, Event::Incoming(Packet::PubAck(_))) {
                taken.send_modify(|count| *count += 1);
            }
        }
    });
    (address.port(), client, count)
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

/// Whether the right values are shown, to six digits, and no other power or energy but 0.
fn is_right(shown: &BTreeMap<String, f64>, right: &BTreeMap<String, f64>) -> bool {
    let is_shown = |(name, right): (&String, &f64)| {
        shown.get(name).is_some_and(|is| (is - right).abs() <= 1e-6 * right.abs().max(1.0))
    };
    let is_other = |(name, is): (&String, &f64)| {
        let unit = domain::Field::parse(name).map(domain::Field::unit);
        !right.contains_key(name) && *is != 0.0 && matches!(unit, Some("kW" | "kWh"))
    };
    right.iter().all(is_shown) && !shown.iter().any(is_other)
}

/// The settings of the devices that have announced themselves on a broker.
async fn announced(program: &Program, broker: &Value) -> Vec<Value> {
    let asked = json!({"communication": broker});
    let begun = Instant::now();
    loop {
        let found = send(program, Method::POST, "/api/energy-meters/discover", &asked).await;
        let of = |name: &str| found[name].as_array().unwrap().clone();
        // On a busy machine nothing may have come before the listener goes.
        let is_heard = !of("devices").is_empty() || !of("unusable").is_empty();
        if is_heard || begun.elapsed() > PATIENCE {
            return of("devices").iter().map(|device| device["communication"].clone()).collect();
        }
    }
}

/// A case being played: the settings of its meters, and the sender of its messages.
struct Played {
    meters: Vec<Value>,
    publisher: Option<AsyncClient>,
    stop: CancellationToken,
}

impl Played {
    async fn begin(program: &Program, input: &Input) -> Self {
        let stop = CancellationToken::new();
        let (port, publisher, settings) = match input {
            Input::Modbus { communication, holding, input, refuses } => {
                let by_address = |(address, words): (&String, &Vec<u16>)| {
                    (address.parse().unwrap(), words.clone())
                };
                let tables = [holding, input].map(|table| table.iter().map(by_address).collect());
                let port = modbus::serve(tables, *refuses, stop.clone()).await;
                (port, None, vec![communication.clone()])
            }
            Input::Readings(_) | Input::Bill(_) => (0, None, Vec::new()),
            Input::Mqtt { communication, messages, .. } => {
                let (port, publisher, mut taken) = broker(&stop).await;
                for of in messages.iter().filter(|message| is_announcement(message)) {
                    let sent = publisher.publish(&of.topic, QoS::AtLeastOnce, true, of.text());
                    sent.await.unwrap();
                }
                let kept = messages.iter().filter(|message| is_announcement(message)).count();
                taken.wait_for(|count| *count >= kept).await.unwrap();
                let broker = json!({"host": "127.0.0.1", "port": port});
                let settings = match communication {
                    Some(communication) => vec![communication.clone()],
                    None => announced(program, &broker).await,
                };
                (port, Some(publisher), settings)
            }
        };
        let with_port = |mut settings: Value| {
            settings["host"] = "127.0.0.1".into();
            settings["port"] = port.into();
            settings
        };
        Self { meters: settings.into_iter().map(with_port).collect(), publisher, stop }
    }
}

/// The site of a case.
fn slug(name: &str) -> String {
    let slug: String = format!("case-{name}").chars().take(60).collect();
    slug.trim_end_matches('-').to_owned()
}

/// Keeps what is read since a day, and in the month before: of each month that some site keeps there is a partition, and
/// every statement costs more with it.
fn kept_since(day: NaiveDate) -> Value {
    let days = (Utc::now().date_naive() - day).num_days().max(0) + 31;
    json!({"rawDays": days, "hourlyDays": days, "dailyDays": days})
}

/// Plays all cases that begin on some day, some at a time, and names those that come out wrong. The newest go first: the
/// oldest keep the most months.
async fn play_all(pool: &PgPool, since: fn(&Input) -> Option<NaiveDate>) {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start_on(pool, &folder.path().join("data"), &[]);
    let mut cases = field_cases::all().unwrap();
    cases.retain(|(_, case)| since(&case.input).is_some());
    cases.sort_by_key(|(_, case)| Reverse(since(&case.input)));
    let played = cases.iter().map(|(name, case)| play(&program, name, case));
    let played: Vec<_> = stream::iter(played).buffer_unordered(GROUP).collect().await;
    let wrong: Vec<String> = played.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

async fn play(program: &Program, name: &str, case: &Case) -> Result<(), String> {
    let (protocol, zone, messages) = match &case.input {
        Input::Modbus { .. } => ("modbus", None, &[][..]),
        Input::Readings(readings) => {
            return registers::play(program, name, readings, &case.right).await;
        }
        Input::Bill(bill) => return bills::play(program, name, bill, &case.right).await,
        Input::Mqtt { zone, messages, .. } => ("mqtt", zone.as_deref(), messages.as_slice()),
    };
    let Played { meters, publisher, stop } = Played::begin(program, &case.input).await;
    let _stopped = stop.drop_guard();
    let slug = slug(name);
    let site = json!({"slug": slug, "name": name, "timeZone": zone.unwrap_or("UTC")});
    send(program, Method::POST, "/api/sites", &site).await;
    let mut made = Vec::new();
    for (number, settings) in meters.iter().enumerate() {
        let body = json!({"name": format!("{name} {number}"), "protocol": protocol,
            "meterType": "building", "pollInterval": 500, "communication": settings});
        let path = format!("/api/energy-meters?site={slug}");
        let meter = send(program, Method::POST, &path, &body).await;
        let number = meter["meterNumber"].as_str().unwrap();
        made.push(format!("/api/Energy/meters/{number}/readings?site={slug}"));
    }
    let right = &case.right.readings;
    // Where nothing is to come, it is waited whether something does.
    let least = if right.iter().all(BTreeMap::is_empty) { SETTLED * 2 } else { Duration::ZERO };
    let begun = Instant::now();
    let mut seen = Vec::new();
    // A subscription takes effect a moment after the connection; what comes before is not heard.
    while begun.elapsed() < PATIENCE {
        for of in messages.iter().filter(|message| !is_announcement(message)) {
            let publisher = publisher.as_ref().unwrap();
            publisher.publish(&of.topic, QoS::AtLeastOnce, false, of.text()).await.unwrap();
        }
        sleep(SETTLED).await;
        seen.clear();
        for path in &made {
            seen.push(shown(program, path).await);
        }
        let mut pairs = seen.iter().zip(right);
        let is_so = seen.len() == right.len() && pairs.all(|(seen, right)| is_right(seen, right));
        if is_so && begun.elapsed() >= least {
            return Ok(());
        }
    }
    Err(format!("{name}: {seen:?}, not {right:?}"))
}

#[sqlx::test(migrations = false)]
async fn cases_from_the_field_give_their_right_values(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start_on(&pool, &folder.path().join("data"), &[]);
    let cases = field_cases::all().unwrap();
    assert!(cases.iter().all(|(_, case)| case.source.starts_with("http")));
    let is_of_device = |case: &Case| !matches!(case.input, Input::Readings(_) | Input::Bill(_));
    let played = cases.iter().filter(|(_, case)| is_of_device(case));
    let played = played.map(|(name, case)| play(&program, name, case));
    // Sites are made one after the other, and each waits for those before it.
    let played: Vec<_> = stream::iter(played).buffer_unordered(2 * GROUP).collect().await;
    let wrong: Vec<String> = played.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
