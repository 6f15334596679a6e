//! Who is let in while no user exists.

use axum::body::Body;
use axum::extract::ConnectInfo;
use serde_json::json;
use server::guard::{GuardSettings, known_to_pages, protect};
use sqlx::PgPool;
use std::net::SocketAddr;
use std::sync::Arc;
use tower::ServiceExt as _;

use crate::forms::{NAMED, form};
use crate::{Answer, Request, World, one_after_another};

async fn with(world: &World, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::new(method, path);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    if method != "GET" {
        request = request.json(&json!({"slug": "new", "name": "New"}));
    }
    request.send(world.address).await
}

one_after_another! { who_is_let_in:
    only_our_own_names_are_answered, every_answer_carries_the_security_headers,
    proxies_and_other_sites_are_nobody, a_foreign_origin_changes_nothing_and_upgrades_nothing,
    whoever_asks_for_a_document_is_turned_away_with_one,
}

async fn whoever_asks_for_a_document_is_turned_away_with_one(world: &World) {
    let asked = [("Accept", "text/html,*/*;q=0.8"), ("Accept-Language", "de")];
    for (method, header, status, says) in [
        ("GET", ("Host", "evil.example"), 421, "unter diesem Namen"),
        ("POST", ("Origin", "http://evil.example"), 403, "andere Website"),
    ] {
        let answer = with(world, method, "/sign-in", &[asked[0], asked[1], header]).await;
        assert_eq!(
            (answer.status, &*answer.headers["content-type"]),
            (status, "text/html; charset=utf-8")
        );
        assert!(
            answer.text.contains(says) && answer.text.contains("<html lang=\"de\">"),
            "{}",
            answer.text
        );
    }
}

async fn only_our_own_names_are_answered(world: &World) {
    for host in [
        "localhost",
        "LOCALHOST:3000",
        "127.0.0.1",
        "127.0.0.1:80",
        "[::1]",
        "[::1]:3000",
        "plant.example",
    ] {
        assert_eq!(with(world, "GET", "/api/sites", &[("Host", host)]).await.status, 200, "{host}");
    }
    for host in [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.2",
        "plant.example:81",
        "x@localhost",
        "",
        "a b",
    ] {
        let answer = with(world, "GET", "/healthz", &[("Host", host)]).await;
        if host == "a b" && answer.status == 400 {
            continue;
        }
        answer.refused(421, "wrong_host", None);
    }
    let twice =
        with(world, "GET", "/healthz", &[("Host", "localhost"), ("Host", "evil.example")]).await;
    assert!([400, 421].contains(&twice.status), "{}", twice.text);
}

async fn proxies_and_other_sites_are_nobody(world: &World) {
    let strange = [
        ("Forwarded", "for=10.0.0.1"),
        ("X-Forwarded-For", "10.0.0.1"),
        ("X-Forwarded-Host", "x"),
        ("Via", "1.1 proxy"),
        ("X-Real-IP", "10.0.0.1"),
        ("CF-Connecting-IP", "10.0.0.1"),
        ("True-Client-IP", "10.0.0.1"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ];
    for header in strange {
        with(world, "GET", "/api/sites", &[header]).await.refused(401, "unauthorized", None);
        with(world, "POST", "/api/sites", &[header]).await.refused(401, "unauthorized", None);
        assert_eq!(with(world, "GET", "/healthz", &[header]).await.status, 200);
    }
    for site in ["same-origin", "none"] {
        let answer = with(world, "GET", "/api/sites", &[("Sec-Fetch-Site", site)]).await;
        assert_eq!(answer.status, 200);
    }
    assert_eq!(world.count("sites").await, 2);
}

async fn a_foreign_origin_changes_nothing_and_upgrades_nothing(world: &World) {
    let own = format!("http://{}", world.address);
    for origin in ["http://evil.example", "null", "https://localhost", "http://localhost:1"] {
        let foreign = [("Origin", origin)];
        with(world, "POST", "/api/sites", &foreign).await.refused(403, "foreign_origin", None);
        with(world, "DELETE", "/api/Energy/meters/1", &foreign).await.refused(
            403,
            "foreign_origin",
            None,
        );
        let named = form("/act/site-name", &NAMED).header("Origin", origin);
        named.send(world.address).await.refused(403, "foreign_origin", None);
        let upgrade = [("Origin", origin), ("Upgrade", "websocket"), ("Connection", "Upgrade")];
        with(world, "GET", "/api/live", &upgrade).await.refused(403, "foreign_origin", None);
        assert_eq!(with(world, "GET", "/api/sites", &foreign).await.status, 200);
    }
    assert_eq!(world.count("sites").await, 2);
    assert_eq!(world.get("/api/sites/default").await.data()["name"], "Default site");
    let made = with(world, "POST", "/api/sites", &[("Origin", &own)]).await;
    assert_eq!(made.status, 201, "{}", made.text);
    form("/act/site-name", &NAMED).header("Origin", &own).send(world.address).await.is(200);
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_peer_elsewhere_is_nobody(pool: PgPool) {
    let (service, tasks) = service::start(pool, service::Vault::random()).await.unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    let page = axum::routing::get(async || "a page")
        .route_layer(axum::middleware::from_fn_with_state(service.clone(), known_to_pages));
    let router = server::routes::router(service.clone(), Arc::default(), stop).route("/", page);
    let router = protect(router, &GuardSettings::default(), service);
    let status = async |peer: &str, path: &str| {
        let peer: SocketAddr = peer.parse().unwrap();
        let request = axum::http::Request::get(path)
            .header("Host", "localhost")
            .extension(ConnectInfo(peer))
            .body(Body::empty())
            .unwrap();
        router.clone().oneshot(request).await.unwrap().status().as_u16()
    };
    for near in ["127.0.0.1:5000", "[::1]:5000", "[::ffff:127.0.0.1]:5000"] {
        assert_eq!((status(near, "/api/sites").await, status(near, "/").await), (200, 200));
    }
    for far in ["192.168.1.7:5000", "[::ffff:10.0.0.1]:5000"] {
        assert_eq!((status(far, "/api/sites").await, status(far, "/").await), (401, 401));
        assert_eq!(status(far, "/healthz").await, 200);
    }
    tasks.stop().await;
}

async fn every_answer_carries_the_security_headers(world: &World) {
    for path in ["/api/sites", "/api/nothing", "/healthz", "/api/docs"] {
        let answer = world.get(path).await;
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["referrer-policy"], "same-origin");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert!(answer.headers["content-security-policy"].contains("frame-ancestors 'none'"));
    }
}
