//! What the sources of device profiles say of a device's answers, against the drivers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::Request;
use axum::{Json, Router};
use domain::devices::profile::{Example, Observed, Profile, all};
use domain::devices::{Device, Function, Protocol};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

use crate::broker::{self, Publisher};
use crate::collector::{Collector, device};
use crate::stub::{Answer, Question, Stub};

/// Every example of a protocol with its profile, numbered from 1.
fn examples(protocol: Protocol) -> Vec<(i64, &'static Profile, &'static Example)> {
    let profiles = all().iter().filter(|profile| profile.protocol == protocol);
    let examples = profiles.flat_map(|profile| profile.examples.iter().map(move |e| (profile, e)));
    (1..).zip(examples).map(|(number, (profile, example))| (number, profile, example)).collect()
}

/// Waits for every value of an example.
async fn values_of(collector: &Collector, number: i64, profile: &Profile, example: &Example) {
    for (field, value) in example.values.present() {
        let what = format!("{}: {} {value}", profile.id, field.json());
        collector.until(&what, |seen| seen.has(number, field, value)).await;
    }
}

#[tokio::test]
async fn registers_mean_what_the_profiles_examples_say() {
    let examples = examples(Protocol::Modbus);
    let units: BTreeMap<u8, (Function, BTreeMap<u16, u16>)> = examples
        .iter()
        .map(|(number, _, example)| {
            let Observed::Registers { function, words } = &example.observed else {
                panic!("not registers: {example:?}");
            };
            let words = words.iter().flat_map(|(first, words)| (*first..).zip(words.clone()));
            (u8::try_from(*number).unwrap(), (*function, words.collect()))
        })
        .collect();
    let stub = Stub::start(move |Question { unit, function, start, count, .. }| {
        let (table, words) = &units[&unit];
        let code = if *table == Function::Holding { 3 } else { 4 };
        if function != code {
            return Answer::Exception(1);
        }
        let word = |address| words.get(&address).copied().unwrap_or_default();
        Answer::Registers((start..start + count).map(word).collect())
    })
    .await;
    let meters = examples.iter().map(|(number, profile, _)| {
        let settings = json!({"profile": profile.id, "host": "127.0.0.1",
            "port": stub.address.port(), "unitId": number});
        device(*number, Protocol::Modbus, &settings)
    });
    let collector = Collector::start();
    let supervisor = collector.run(meters.collect()).await;
    for (number, profile, example) in &examples {
        values_of(&collector, *number, profile, example).await;
        // Over SunSpec the device itself has the map.
        let whole = Some(profile.points().len()).filter(|&whole| whole > 0);
        let complete = collector.look(|seen| {
            seen.of(*number).any(|got| whole.is_none_or(|w| got.values.present().count() == w))
        });
        assert!(complete, "{}: a reading has not all {whole:?} values", profile.id);
    }
    supervisor.stop().await;
}

#[tokio::test]
async fn messages_mean_what_the_profiles_examples_say() {
    let port = broker::free_port();
    let _broker = broker::start(port).await;
    let examples = examples(Protocol::Mqtt);
    let meters: Vec<Device> = examples
        .iter()
        .map(|(number, profile, _)| {
            let settings = json!({"profile": profile.id, "device": format!("meter-{number}")});
            device(*number, Protocol::Mqtt, &settings)
        })
        .collect();
    let collector = Collector::start();
    let mut supervisor = collector.supervisor(port, "profiles");
    supervisor.apply(meters).await;
    let mut publisher = Publisher::connect(port);
    for (number, profile, example) in &examples {
        let Observed::Message { topic, payload } = &example.observed else {
            panic!("not a message: {example:?}");
        };
        let points = profile.points();
        let templates = points.iter().filter_map(|point| point.topic.as_deref());
        let template = templates.map(|of| of.replace("{channel}", "0")).find(|of| fits(of, topic));
        let template = template.unwrap_or_else(|| panic!("{}: no topic is {topic}", profile.id));
        let topic = template.replace("{device}", &format!("meter-{number}"));
        // A subscription takes effect a moment after the connection; what comes before is not heard.
        let heard = async {
            while collector.look(|seen| seen.count(*number)) == 0 {
                publisher.publish(&topic, payload).await;
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(Duration::from_mins(1), heard).await.unwrap();
        values_of(&collector, *number, profile, example).await;
    }
    supervisor.stop().await;
}

/// Whether a topic is one of a template, whatever the device.
fn fits(template: &str, topic: &str) -> bool {
    let Some((before, after)) = template.split_once("{device}") else { return template == topic };
    topic.strip_prefix(before).is_some_and(|rest| rest.ends_with(after))
}

#[tokio::test]
async fn documents_mean_what_the_profiles_examples_say() {
    let collector = Collector::start();
    let examples = examples(Protocol::Http);
    let mut meters = Vec::new();
    let mut asked = Vec::new();
    for (number, profile, example) in &examples {
        let Observed::Document(document) = &example.observed else {
            panic!("not a document: {example:?}");
        };
        let (port, paths) = serve(document.clone()).await;
        let settings = json!({"profile": profile.id, "url": format!("http://127.0.0.1:{port}")});
        meters.push(device(*number, Protocol::Http, &settings));
        asked.push(paths);
    }
    let supervisor = collector.run(meters).await;
    for ((number, profile, example), paths) in examples.iter().zip(asked) {
        values_of(&collector, *number, profile, example).await;
        let path = profile.communication["path"].as_str().unwrap_or("/");
        assert_eq!(paths.lock().unwrap().first().map(String::as_str), Some(path));
    }
    supervisor.stop().await;
}

/// Serves a document under every path, and remembers the paths.
async fn serve(document: Value) -> (u16, Arc<Mutex<Vec<String>>>) {
    let paths = Arc::new(Mutex::new(Vec::new()));
    let asked = paths.clone();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let router = Router::new().fallback(move |request: Request| {
        asked.lock().unwrap().push(request.uri().to_string());
        async move { Json(document) }
    });
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (port, paths)
}
