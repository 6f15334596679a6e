//! Values over HTTP, against a real server.

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use acquisition::probe::http::test_read;
use acquisition::{Outbound, SerialPorts, Settings, Supervisor};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::Field;
use domain::devices::{Communication, DeviceState, Protocol};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::collector::{Collector, device};

const GUIDE: &str = r#"{"power_kw": 30.2, "total_kwh": 15420.5, "voltage": 230, "current": 131.3,
    "power_factor": 0.95}"#;

/// Serves every path with `answer`, which is told how many requests came before.
async fn serve<F>(answer: impl Fn(usize, Request) -> F + Clone + Send + Sync + 'static) -> u16
where
    F: Future<Output = Response> + Send,
{
    let count = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let router = Router::new().fallback(move |request: Request| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        answer(number, request)
    });
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    port
}

/// A meter whose first answer is this: it is told as such, and the next, which is good, is stored.
async fn recovers_from(
    first: impl Fn() -> Response + Clone + Send + Sync + 'static,
    state: DeviceState,
    words: &str,
) {
    let port = serve(move |number, _| {
        let answer = if number == 0 { first() } else { GUIDE.into_response() };
        async { answer }
    })
    .await;
    let collector = Collector::start();
    let url = format!("http://127.0.0.1:{port}/api/energy");
    let supervisor = collector.run(vec![device(1, Protocol::Http, &json!({"url": url}))]).await;
    collector.until("the fault", |seen| seen.told(1, state, words)).await;
    collector.until("the reading after it", |seen| seen.has(1, Field::ActivePowerKw, 30.2)).await;
    collector.until("its health", |seen| seen.state(1) == Some(DeviceState::Online)).await;
    supervisor.stop().await;
}

#[tokio::test]
async fn the_guides_meter_is_asked_as_configured_and_read() {
    let asked = Arc::new(Mutex::new(Vec::<(Method, HeaderMap)>::new()));
    let log = asked.clone();
    let port = serve(move |_, request| {
        log.lock().unwrap().push((request.method().clone(), request.headers().clone()));
        async { GUIDE.into_response() }
    })
    .await;
    let settings = json!({"url": format!("http://localhost:{port}/api/energy"), "method": "POST",
        "headers": {"Accept": "application/json"}, "authToken": "your-api-token-here"});
    let collector = Collector::start();
    let supervisor = collector.run(vec![device(1, Protocol::Http, &settings)]).await;
    collector.until("a reading", |seen| seen.count(1) >= 1).await;
    supervisor.stop().await;
    collector.look(|seen| {
        assert!(seen.has(1, Field::TotalEnergyKwh, 15_420.5));
        assert!(seen.has(1, Field::PowerFactor, 0.95));
        assert_eq!(seen.state(1), Some(DeviceState::Online));
    });
    let (method, headers) = asked.lock().unwrap()[0].clone();
    assert_eq!(method, Method::POST);
    assert_eq!(headers["accept"], "application/json");
    assert_eq!(headers["authorization"], "Bearer your-api-token-here");
}

#[tokio::test]
async fn a_server_error_is_told_and_overcome() {
    let broken = || StatusCode::INTERNAL_SERVER_ERROR.into_response();
    recovers_from(broken, DeviceState::Error, "HTTP 500").await;
}

#[tokio::test]
async fn what_is_no_json_is_told_and_overcome() {
    let page = || "<html>maintenance</html>".into_response();
    recovers_from(page, DeviceState::Error, "not JSON").await;
}

#[tokio::test]
async fn a_document_without_known_fields_is_told_and_overcome() {
    let other = || r#"{"status": "ok"}"#.into_response();
    recovers_from(other, DeviceState::Error, "none of power_kw").await;
}

#[tokio::test]
async fn a_large_answer_is_refused_by_its_length() {
    let large = || vec![b' '; 20 << 20].into_response();
    recovers_from(large, DeviceState::Error, "larger than 1 MiB").await;
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let endless = || {
        let chunks = futures::stream::repeat_with(|| {
            Ok::<_, std::io::Error>(Bytes::from(vec![b' '; 65_536]))
        });
        Body::from_stream(chunks).into_response()
    };
    recovers_from(endless, DeviceState::Error, "larger than 1 MiB").await;
}

fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap().into()
}

fn compressed(bytes: Bytes) -> Response {
    ([("content-encoding", "gzip")], bytes).into_response()
}

#[tokio::test]
async fn what_is_large_once_decompressed_is_cut_off() {
    let bomb = gzip(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 1 << 20);
    let answer = move || compressed(bomb.clone());
    recovers_from(answer, DeviceState::Error, "larger than 1 MiB").await;
}

#[tokio::test]
async fn a_compressed_document_is_read() {
    let port = serve(|_, _| async { compressed(gzip(GUIDE.as_bytes())) }).await;
    let collector = Collector::start();
    let url = format!("http://127.0.0.1:{port}/");
    let supervisor = collector.run(vec![device(1, Protocol::Http, &json!({"url": url}))]).await;
    collector.until("it", |seen| seen.has(1, Field::ActivePowerKw, 30.2)).await;
    supervisor.stop().await;
}

#[tokio::test]
async fn one_document_serves_all_meters_that_ask_for_it() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let port = serve(move |number, _| {
        count.store(number + 1, Ordering::SeqCst);
        async {
            r#"{"emeters": [{"power": "1500", "total": 7000}, {"power": -20.5}], "unixtime": 1700000000}"#
                .into_response()
        }
    })
    .await;
    let url = format!("http://127.0.0.1:{port}");
    let meter = |id, values| {
        let settings = json!({"url": url, "path": "/status", "values": values,
            "timePath": "$.unixtime"});
        device(id, Protocol::Http, &settings)
    };
    let collector = Collector::start();
    let devices = vec![
        meter(
            1,
            json!([{"field": "activePowerKw", "path": "$.emeters[0].power", "unit": "W"},
            {"field": "totalEnergyKwh", "path": "$.emeters[0].total", "scale": 0.001}]),
        ),
        meter(
            2,
            json!([{"field": "activePowerKw", "path": "$.emeters[1].power", "scale": -0.001}]),
        ),
        meter(3, json!([{"field": "voltageL1", "path": "$.emeters[2].voltage"}])),
    ];
    let supervisor = collector.run(devices).await;
    collector.until("both", |seen| seen.count(1) >= 3 && seen.count(2) >= 3).await;
    supervisor.stop().await;
    collector.look(|seen| {
        assert!(seen.has(1, Field::ActivePowerKw, 1.5) && seen.has(1, Field::TotalEnergyKwh, 7.0));
        assert!(seen.has(2, Field::ActivePowerKw, 0.0205));
        let at = chrono::DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        assert!(seen.readings.iter().all(|reading| reading.at == at));
        assert_eq!((seen.state(1), seen.count(3)), (Some(DeviceState::Online), 0));
        assert!(seen.told(3, DeviceState::Error, "has nothing at"));
        let most = seen.count(1).max(seen.count(2)) + 1;
        assert!(asked.load(Ordering::SeqCst) <= most, "more requests than documents were needed");
    });
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let redirect =
        || axum::response::Redirect::temporary("http://169.254.169.254/").into_response();
    recovers_from(redirect, DeviceState::Error, "give that address instead").await;
}

#[tokio::test]
async fn a_key_in_an_address_is_never_told() {
    let port = serve(|_, _| async {
        (StatusCode::FOUND, [("location", "http://u:hush@elsewhere/live?key=hush")]).into_response()
    })
    .await;
    let silent = "http://127.0.0.1:1/live?key=hush".to_owned();
    let moved = format!("http://u:hush@127.0.0.1:{port}/live?key=hush");
    let unmade = "http://h:99999/live?key=hush".to_owned();
    let devices = [silent, moved, unmade].into_iter().zip(1..);
    let devices = devices.map(|(url, id)| device(id, Protocol::Http, &json!({"url": url})));
    let collector = Collector::start();
    let supervisor = collector.run(devices.collect()).await;
    let told = [
        (1, DeviceState::Offline, "cannot be reached"),
        (2, DeviceState::Error, "it leads to http://elsewhere/live?…"),
        (3, DeviceState::Error, "its url is not an address"),
    ];
    for (id, state, words) in told {
        collector.until(words, |seen| seen.told(id, state, words)).await;
    }
    collector.look(|seen| {
        let mut reasons = seen.health.iter().filter_map(|health| health.reason.as_ref());
        assert_eq!(reasons.find(|reason| reason.message.contains("hush")), None);
    });
    supervisor.stop().await;
}

/// A device that counts from 1970 is read as of now, and its clock is told.
#[tokio::test]
async fn a_clock_that_is_not_set_is_told_and_the_values_are_of_now() {
    let port = serve(|_, _| async { r#"{"power": 1.5, "t": 86400}"#.into_response() }).await;
    let url = format!("http://127.0.0.1:{port}/");
    let collector = Collector::start();
    let begun = chrono::Utc::now();
    let settings = json!({"url": url, "timePath": "$.t"});
    let supervisor = collector.run(vec![device(1, Protocol::Http, &settings)]).await;
    collector.until("a reading", |seen| seen.has(1, Field::ActivePowerKw, 1.5)).await;
    collector
        .until("the clock", |seen| {
            seen.told(1, DeviceState::Online, "clock of the device is not set")
        })
        .await;
    supervisor.stop().await;
    collector.look(|seen| assert!(seen.of(1).all(|reading| reading.at >= begun)));
}

/// Also where its meters change meanwhile.
#[tokio::test]
async fn a_server_that_asks_for_a_pause_gets_it() {
    let times = Arc::new(Mutex::new(Vec::new()));
    let log = times.clone();
    let port = serve(move |number, _| {
        log.lock().unwrap().push(Instant::now());
        async move {
            match number {
                0 => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "4")]).into_response(),
                _ => GUIDE.into_response(),
            }
        }
    })
    .await;
    let collector = Collector::start();
    let url = format!("http://127.0.0.1:{port}/");
    let settings = json!({"url": url});
    let mut supervisor = collector.run(vec![device(1, Protocol::Http, &settings)]).await;
    collector
        .until("the reason", |seen| seen.told(1, DeviceState::Error, "asked to wait 4 s"))
        .await;
    let inverted = json!({"url": url, "invert": true});
    supervisor
        .apply(vec![device(1, Protocol::Http, &inverted), device(2, Protocol::Http, &settings)])
        .await;
    collector.until("the readings", |seen| seen.count(1) >= 1 && seen.count(2) >= 1).await;
    collector.look(|seen| {
        assert!(
            seen.has(1, Field::ActivePowerKw, -30.2) && seen.has(2, Field::ActivePowerKw, 30.2)
        );
        assert!(seen.has(1, Field::TotalEnergyKwh, 15_420.5));
    });
    let times = times.lock().unwrap().clone();
    assert!(times[1] - times[0] >= Duration::from_secs(4), "the pause was cut short");
    supervisor.stop().await;
}

#[tokio::test]
async fn a_server_that_never_answers_is_offline() {
    let port = serve(|_, _| std::future::pending()).await;
    let collector = Collector::start();
    let url = format!("http://127.0.0.1:{port}/");
    let supervisor = collector.run(vec![device(1, Protocol::Http, &json!({"url": url}))]).await;
    collector
        .until("the reason", |seen| seen.told(1, DeviceState::Offline, "no answer within"))
        .await;
    supervisor.stop().await;
}

#[tokio::test]
async fn addresses_no_meter_has_are_never_connected_to() {
    let metadata = json!({"url": "http://169.254.169.254/latest/meta-data"});
    let mapped = json!({"url": "http://[::ffff:169.254.169.254]/"});
    let collector = Collector::start();
    let supervisor = collector
        .run(vec![device(1, Protocol::Http, &metadata), device(2, Protocol::Http, &mapped)])
        .await;
    for id in [1, 2] {
        collector
            .until("the refusal", |seen| {
                seen.told(id, DeviceState::Error, "not an address of a meter")
            })
            .await;
    }
    supervisor.stop().await;
}

#[tokio::test]
async fn this_machine_is_refused_where_others_reach_the_server() {
    let port = serve(|_, _| async { GUIDE.into_response() }).await;
    let collector = Collector::start();
    let settings = Settings {
        client_name: "test".to_owned(),
        outbound: Outbound::new(false),
        serial_ports: SerialPorts::default(),
    };
    let mut supervisor = Supervisor::new(collector.outbox(), settings);
    let at = |id, host: &str| {
        device(id, Protocol::Http, &json!({"url": format!("http://{host}:{port}/")}))
    };
    supervisor
        .apply(vec![at(1, "127.0.0.1"), at(2, "localhost"), at(3, "[::ffff:127.0.0.1]")])
        .await;
    for id in 1..=3 {
        collector
            .until("the refusal", |seen| {
                let told = |state| seen.told(id, state, "is this machine");
                told(DeviceState::Error) || told(DeviceState::Offline)
            })
            .await;
    }
    collector.look(|seen| assert!(seen.readings.is_empty()));
    supervisor.stop().await;
}

#[tokio::test]
async fn a_look_shows_the_document_and_what_is_read_from_it() {
    let port = serve(|_, _| async { GUIDE.into_response() }).await;
    let settings = |settings: &Value| {
        let Communication::Http(settings) = Communication::parse(Protocol::Http, settings).unwrap()
        else {
            panic!("settings of another protocol");
        };
        settings
    };
    let here = settings(&json!({"url": format!("http://127.0.0.1:{port}/")}));
    let seen = test_read(&here, Outbound::new(true)).await.unwrap();
    assert_eq!(seen.values.active_power_kw, Some(30.2));
    assert_eq!((&seen.document["voltage"], seen.problems.len()), (&json!(230), 0));
    let refused = test_read(&here, Outbound::new(false)).await.unwrap_err();
    assert!(refused.message.contains("is this machine"), "{refused}");
    let silent = settings(&json!({"url": "http://127.0.0.1:1/"}));
    let refused = test_read(&silent, Outbound::new(true)).await.unwrap_err();
    assert!(refused.message.contains("cannot be reached"), "{refused}");
}

#[tokio::test]
async fn a_reading_is_stored_once_storage_is_back() {
    let port = serve(|_, _| async { GUIDE.into_response() }).await;
    let collector = Collector::start();
    collector.stores(false);
    let url = format!("http://127.0.0.1:{port}/");
    let supervisor = collector.run(vec![device(1, Protocol::Http, &json!({"url": url}))]).await;
    collector.until("an attempt", |seen| !seen.turned_away.is_empty()).await;
    collector.stores(true);
    collector.until("it", |seen| seen.readings.contains(&seen.turned_away[0])).await;
    supervisor.stop().await;
}
