//! Values over HTTP, against a real server.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::Field;
use domain::device::{DeviceState, Protocol};
use serde_json::json;
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

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let redirect =
        || axum::response::Redirect::temporary("http://169.254.169.254/").into_response();
    recovers_from(redirect, DeviceState::Error, "give that address instead").await;
}

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
    let supervisor = collector.run(vec![device(1, Protocol::Http, &json!({"url": url}))]).await;
    collector
        .until("the reason", |seen| seen.told(1, DeviceState::Error, "asked to wait 4 s"))
        .await;
    collector.until("a reading", |seen| seen.count(1) >= 1).await;
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
