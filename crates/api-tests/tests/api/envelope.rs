//! What all answers have in common, and the API's description of itself.

use std::time::Duration;

use domain::operation::task::Task;
use serde_json::json;
use server::routes::table;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool};
use tokio_util::sync::CancellationToken;

use crate::{Answer, Request, World, one_after_another};

one_after_another! { answers_have_one_form:
    unknown_paths_and_wrong_methods_use_the_same_form, queries_are_read_strictly,
    the_description_names_every_route_and_resolves, health_and_metrics,
    lists_go_on_by_cursor_and_come_as_csv, only_json_is_taken,
}

async fn unknown_paths_and_wrong_methods_use_the_same_form(world: &World) {
    for path in ["/api", "/api/", "/api/nothing", "/api/sites/", "/api/Energy/meters/1/nothing"] {
        world.get(path).await.refused(404, "path_not_found", None);
        world.post(path, &json!({})).await.refused(404, "path_not_found", None);
    }
    let wrong = world.delete("/api/sites").await;
    wrong.refused(405, "method_not_allowed", None);
    assert_eq!(wrong.headers["allow"], "GET,HEAD,POST");
}

async fn only_json_is_taken(world: &World) {
    let body = json!({"slug": "new", "name": "New"}).to_string();
    for kind in [None, Some("text/plain"), Some("application/x-www-form-urlencoded")] {
        let mut request = Request::new("POST", "/api/sites").body(body.clone());
        if let Some(kind) = kind {
            request = request.header("Content-Type", kind);
        }
        request.send(world.address).await.refused(415, "unsupported_media_type", None);
    }
    let request = Request::new("POST", "/api/sites").body(body);
    let request = request.header("Content-Type", "Application/JSON; charset=utf-8");
    assert_eq!(request.send(world.address).await.status, 201);
}

async fn queries_are_read_strictly(world: &World) {
    let cases = [
        ("limit=0", "invalid_value", "limit"),
        ("limit=10001", "invalid_value", "limit"),
        ("limit=many", "invalid_value", "limit"),
        ("cursor=zz", "invalid_cursor", "cursor"),
        ("cursor=00", "invalid_cursor", "cursor"),
        ("format=xml", "invalid_value", "format"),
        ("colour=red", "unknown_field", "colour"),
        ("limit=1&limit=2", "invalid_value", "limit"),
        ("cursor=%00", "invalid_value", "cursor"),
    ];
    for (query, code, field) in cases {
        let answer = world.get(&format!("/api/sites?{query}")).await;
        answer.refused(422, code, Some(field));
    }
    for (query, field) in
        [("from=noon", "from"), ("to=2026-13-01", "to"), ("from=2026-05-02&to=2026-05-01", "to")]
    {
        let answer = world.get(&format!("/api/Energy/power-loss?{query}")).await;
        answer.invalid(field);
    }
    world.get("/api/sites/a%00b").await.invalid("id");
}

async fn lists_go_on_by_cursor_and_come_as_csv(world: &World) {
    for slug in ["b", "c", "a"] {
        let site =
            json!({"slug": slug, "name": format!("=Site \"{slug}\""), "pricePerKwh": "0.25"});
        world.post("/api/sites", &site).await.is(201);
    }
    let mut seen = Vec::new();
    let mut path = "/api/sites?limit=2".to_owned();
    loop {
        let page = world.get(&path).await.json();
        assert!(page["count"].as_u64().unwrap() <= 2);
        seen.extend(page["data"].as_array().unwrap().iter().map(|s| s["slug"].clone()));
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        path = format!("/api/sites?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, ["a", "b", "c", "default", "world"]);

    let csv = world.get("/api/sites?format=csv&limit=1").await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert!(csv.headers.contains_key("x-next-cursor"));
    let lines: Vec<_> = csv.text.lines().collect();
    assert!(lines[0].starts_with("slug,name,kind,timeZone"), "{}", lines[0]);
    assert_eq!(lines[1], "a,\"'=Site \"\"a\"\"\",live,UTC,EUR,0.25,,,,90,365,1826");
}

async fn the_description_names_every_route_and_resolves(world: &World) {
    let answer = world.get("/api/openapi.json").await;
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    for route in table() {
        let method = route.method.as_str().to_lowercase();
        let operation = &document["paths"][route.path][method];
        assert_eq!(operation["summary"], route.summary, "{} {}", route.method, route.path);
    }
    for reference in answer.text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer} leads nowhere");
    }
    let body = &document["paths"]["/api/sites"]["post"]["requestBody"];
    assert_eq!(
        body["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/NewSite"
    );
    let page = world.get("/api/docs").await;
    assert!(page.text.contains("/api/Energy/power-loss"));
    world.get("/api/docs/style.css").await.is(200);
}

async fn health_and_metrics(world: &World) {
    assert_eq!(world.get("/healthz").await.json(), json!({"status": "ok"}));
    assert_eq!(world.get("/readyz").await.json(), json!({"status": "ready"}));
    let meter = json!({"meterNumber": "M", "meterName": "M", "meterType": "Main"});
    let id = world.meter(&meter).await;
    let reading = json!({"timestamp": "2026-05-01T00:00:00Z", "activePowerKw": 1});
    world.post(&format!("/api/Energy/meters/{id}/readings"), &reading).await;
    let metrics = world.get("/metrics").await;
    assert!(metrics.text.contains("\nwattlens_readings_accepted_total 1\n"), "{}", metrics.text);
    assert!(metrics.text.contains("# TYPE wattlens_meters gauge"));
}

/// Answers of a path until one is as wanted.
async fn until(world: &World, path: &str, is: impl Fn(&Answer) -> bool) -> Answer {
    loop {
        let answer = world.get(path).await;
        if is(&answer) {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_task_that_fell_is_named_and_one_that_is_vital_ends_readiness(pool: PgPool) {
    let world = World::start(&pool).await;
    let fall = |task| {
        let stop = CancellationToken::new();
        tokio::spawn(world.supervision.clone().keep(task, stop, |_| async { panic!("by test") }))
    };
    let messages = fall(Task::Messages);
    let degraded = until(&world, "/readyz", |answer| answer.text.contains("degraded")).await;
    assert_eq!(degraded.status, 200);
    let named = json!([{"task": "messages", "condition": "down"}]);
    assert_eq!(degraded.json(), json!({"status": "ready", "degraded": named}));
    messages.abort();

    let postgres = fall(Task::Postgres);
    let refused = until(&world, "/readyz", |answer| answer.status == 503).await;
    refused.refused(503, "task_down", None);
    assert!(refused.text.contains("postgres is down"), "{}", refused.text);
    assert!(!refused.text.contains("by test"), "the cause is for the log: {}", refused.text);
    let metrics = world.get("/metrics").await.text;
    assert!(metrics.contains("wattlens_task_restarts_total{task=\"postgres\"}"), "{metrics}");
    assert!(!metrics.contains("wattlens_task_restarts_total{task=\"postgres\"} 0"), "{metrics}");
    assert!(metrics.contains("wattlens_task_restarts_total{task=\"writer\"} 0"), "{metrics}");
    assert!(metrics.contains("wattlens_task_beat_age_seconds{task=\"live\"} 0"), "{metrics}");
    postgres.abort();
    world.end().await;
}

/// Closes a database to everybody.
async fn shut(pool: &PgPool) {
    let (name,): (String,) =
        sqlx::query_as("SELECT current_database()").fetch_one(pool).await.unwrap();
    let other = (*pool.connect_options()).clone().database("postgres");
    let mut other = PgConnection::connect_with(&other).await.unwrap();
    let closed = format!("ALTER DATABASE \"{name}\" WITH ALLOW_CONNECTIONS false");
    sqlx::query(AssertSqlSafe(closed)).execute(&mut other).await.unwrap();
    sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1")
        .bind(name)
        .execute(&mut other)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn without_a_database_nothing_is_stored_and_nobody_is_told_why(pool: PgPool) {
    let world = World::start(&pool).await;
    shut(&pool).await;
    // Whoever looks after the server is told what is away, whoever asks for data that it is worth trying again.
    for (path, code) in [("/readyz", "task_down"), ("/api/sites", "unavailable")] {
        let answer = world.get(path).await;
        answer.refused(503, code, None);
        assert_eq!(answer.headers["retry-after"], "5");
    }
    assert!(world.get("/readyz").await.text.contains("postgres does not answer"));
    world.get("/healthz").await.is(200);
}
