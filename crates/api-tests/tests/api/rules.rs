//! Every route against every principal, and no route without a rule.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::middleware::from_fn;
use axum::routing::post;
use serde_json::json;
use server::functions::{RULES, gate};
use server::guard::{GuardSettings, protect};
use server::routes::{Rule, table};
use service::Principal;
use sqlx::PgPool;
use tower::ServiceExt as _;

use crate::{Request, World};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_needs_a_role_is_closed_to_nobody_and_open_to_the_administrator(pool: PgPool) {
    let world = World::start(&pool).await;
    let mut checked = 0;
    for route in table().iter().filter(|route| route.path != "/api/live") {
        let path = route
            .path
            .replace("{id}", "1")
            .replace("{n}", "1")
            .replace("{slug}", "default")
            .replace("{name}", "default");
        let ask = || {
            let request = Request::new(route.method.as_str(), &path);
            if route.method == "GET" { request } else { request.json(&json!({})) }
        };
        let nobody = ask().header("Via", "1.1 proxy").send(world.address).await;
        let admin = ask().send(world.address).await;
        let name = format!("{} {path}", route.method);
        match route.rule {
            // What loggers post is no JSON: they prove who they are by what they post.
            Rule::Public if route.method == "POST" => assert_eq!(nobody.status, 406, "{name}"),
            Rule::Public => assert_eq!(nobody.status, 200, "{name}"),
            Rule::Needs(_) => nobody.refused(401, "unauthorized", None),
        }
        assert!(![401, 403].contains(&admin.status), "{name}: {}", admin.text);
        assert!(admin.status < 500, "{name}: {}", admin.text);
        checked += 1;
    }
    assert_eq!(checked, table().len() - 1);
    let live = Request::new("GET", "/api/live").header("Via", "1.1 proxy");
    live.send(world.address).await.refused(401, "unauthorized", None);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn each_use_case_turns_nobody_away_by_itself(pool: PgPool) {
    let (service, tasks) = service::start(pool, service::Vault::random()).await.unwrap();
    let (s, nobody) = (&service, &Principal::Anonymous);
    let body = || serde_json::Map::new();
    let now = chrono::Utc::now();
    let window = domain::window::Window { from: now - chrono::TimeDelta::hours(1), to: now };
    let site = json!({"slug": "x", "name": "x"});
    let meter = json!({"meterNumber": "x", "meterName": "x", "meterType": "x"});
    let device = json!({"name": "x", "protocol": "http", "meterType": "grid", "communication": {}});
    let tried = json!({"protocol": "http", "communication": {}});
    let (line, broker) = (json!({"communication": {}}), json!({"communication": {}}));
    let unit = json!({"communication": {}, "function": "holding", "address": 0, "count": 1});
    let (query, one) = (service::pages::Query::default(), domain::MeterId(1));
    let at = "2026-01-01T00:00:00Z";
    let tariff = json!({"name": "x", "validFrom": "2026-01-01"});
    let given = json!({"tariffId": 1, "validFrom": "2026-01-01"});
    let factor = json!({"kind": "grid", "value": 1, "unit": "kg/kWh", "source": "x",
        "validFrom": "2026-01-01"});
    let swap = json!({"timestamp": at, "oldFinalKwh": 1, "newInitialKwh": 0, "reason": "x"});
    let value = json!({"timestamp": at, "field": "voltageL1", "value": null, "reason": "x"});
    let load =
        || serde_json::from_value(json!({"validFrom": at, "powerKw": 1, "reason": "x"})).unwrap();
    let er = json!({"name": "x", "type": "consumer"});
    let pair = json!({"meter_id": 1, "er_id": 1});
    let spike = json!({"kind": "load", "factor": 2, "duration_minutes": 1});
    let trade =
        json!({"buyer_meter_id": 1, "seller_meter_id": 2, "units_kWh": 1, "price_per_kWh": 1});
    let (draft, note) = (json!({"meterId": 1, "month": "2025-05"}), json!({"reason": "x"}));
    let run = json!({"site": "world", "month": "2025-05"});
    let sum = json!({"meterNumber": "x", "meterName": "x", "terms": []});
    let connection = serde_json::from_value(crate::grid::asked()).unwrap();
    let refusals = [
        service::sites::list(s, nobody).await.err(),
        service::sites::get(s, nobody, "default").await.err(),
        service::sites::create(s, nobody, serde_json::from_value(site).unwrap()).await.err(),
        service::sites::update(s, nobody, "default", body()).await.err(),
        service::hierarchy::forest(s, nobody, service::hierarchy::Asked::default()).await.err(),
        service::hierarchy::children(s, nobody, service::hierarchy::Asked::default(), "1")
            .await
            .err(),
        service::power_loss::list(s, nobody, service::power_loss::Asked::default()).await.err(),
        service::power_loss::by_area(s, nobody, service::power_loss::Asked::default()).await.err(),
        service::power_loss::trend(s, nobody, domain::MeterId(1), window, true).await.err(),
        service::power_loss::findings(s, nobody, domain::MeterId(1), window).await.err(),
        service::carbon::get(s, nobody, service::carbon::Asked::default()).await.err(),
        service::diesel::get(s, nobody, service::carbon::Asked::default()).await.err(),
        service::solar::get(s, nobody, service::carbon::Asked::default()).await.err(),
        service::dashboard::map(s, nobody, service::carbon::Asked::default()).await.err(),
        service::meters::get(s, nobody, None, "1").await.err(),
        service::meters::create(s, nobody, None, serde_json::from_value(meter).unwrap())
            .await
            .err(),
        service::meters::update(s, nobody, None, "1", body()).await.err(),
        service::meters::preview_rules(s, nobody, None, "1", body()).await.err(),
        service::meters::remove(s, nobody, None, "1").await.err(),
        service::readings::page(s, nobody, "1", service::readings::Asked::default()).await.err(),
        service::readings::post(s, nobody, None, "1", &json!([])).await.err(),
        service::devices::list(s, nobody, None).await.err(),
        service::devices::get(s, nobody, None, "1").await.err(),
        service::devices::switch(s, nobody, None, "1", false).await.err(),
        service::devices::remove(s, nobody, None, "1").await.err(),
        service::devices::export(s, nobody, None).await.err(),
        service::devices::import(s, nobody, None, b"", true).await.err(),
        service::devices::stage(s, nobody, None, Vec::new()).await.err(),
        service::devices::apply(s, nobody, "x").await.err(),
        service::devices::check(s, nobody, None, &service::devices::Entry::default()).await.err(),
        service::devices::add(s, nobody, None, &service::devices::Entry::default()).await.err(),
        service::pages::devices::devices(s, nobody, &query).await.err(),
        service::pages::devices::device(s, nobody, "1", &query).await.err(),
        service::pages::devices::new(s, nobody, &query).await.err(),
        service::pages::devices::import(s, nobody, &query).err(),
        service::energy_meters::list(s, nobody, None).await.err(),
        service::energy_meters::get(s, nobody, "meter_1").await.err(),
        service::energy_meters::create(s, nobody, None, serde_json::from_value(device).unwrap())
            .await
            .err(),
        service::energy_meters::update(s, nobody, "meter_1", body()).await.err(),
        service::energy_meters::remove(s, nobody, "meter_1").await.err(),
        service::commissioning::test(s, nobody, serde_json::from_value(tried).unwrap()).await.err(),
        service::commissioning::scan(s, nobody, serde_json::from_value(line).unwrap()).await.err(),
        service::commissioning::announced(s, nobody, serde_json::from_value(broker).unwrap())
            .await
            .err(),
        service::commissioning::raw(s, nobody, serde_json::from_value(unit).unwrap()).await.err(),
        service::tariffs::list(s, nobody, None).await.err(),
        service::tariffs::get(s, nobody, "1").await.err(),
        service::tariffs::create(s, nobody, serde_json::from_value(tariff).unwrap()).await.err(),
        service::tariffs::update(s, nobody, "1", body()).await.err(),
        service::tariffs::remove(s, nobody, "1").await.err(),
        service::tariffs::assign(s, nobody, None, "1", serde_json::from_value(given).unwrap())
            .await
            .err(),
        service::factors::list(s, nobody, None).await.err(),
        service::factors::create(s, nobody, serde_json::from_value(factor).unwrap()).await.err(),
        service::factors::remove(s, nobody, "1").await.err(),
        service::exchanges::list(s, nobody, None, "1").await.err(),
        service::exchanges::create(s, nobody, None, "1", serde_json::from_value(swap).unwrap())
            .await
            .err(),
        service::exchanges::undo(s, nobody, None, "1", "1").await.err(),
        service::corrections::list(s, nobody, None, "1").await.err(),
        service::corrections::create(s, nobody, None, "1", serde_json::from_value(value).unwrap())
            .await
            .err(),
        service::corrections::undo(s, nobody, None, "1", "1").await.err(),
        service::quarantine::list(s, nobody, None, None, None).await.err(),
        service::quarantine::accept(s, nobody, "1").await.err(),
        service::quarantine::reject(s, nobody, "1").await.err(),
        service::unmetered::list(s, nobody, None, "1").await.err(),
        service::unmetered::create(s, nobody, None, "1", load()).await.err(),
        service::unmetered::put(s, nobody, None, "1", load()).await.err(),
        service::grid::feasibility(s, nobody, &connection).await.err(),
        service::grid::within(s, nobody, &domain::feasibility::Bounds::GLOBE, 1).await.err(),
        service::grid::transformers(s, nobody, None, 1).await.err(),
        service::grid::transformer(s, nobody, "1").await.err(),
        service::grid::post_transformers(s, nobody, &json!([])).await.err(),
        service::grid::create_transformers(s, nobody, Vec::new()).await.err(),
        service::grid::remove(s, nobody, "1").await.err(),
        service::grid::connect(s, nobody, &connection, None).await.err(),
        service::grid::connections(s, nobody, None, 1).await.err(),
        service::grid::connection(s, nobody, "1").await.err(),
        service::grid::withdraw(s, nobody, "1").await.err(),
        service::virtual_meters::list(s, nobody, None).await.err(),
        service::virtual_meters::get(s, nobody, None, "1").await.err(),
        service::virtual_meters::create(s, nobody, None, serde_json::from_value(sum).unwrap())
            .await
            .err(),
        service::virtual_meters::remove(s, nobody, None, "1").await.err(),
        service::audit::list(s, nobody, service::audit::Asked::default()).await.err(),
        service::brokers::list(s, nobody).await.err(),
        service::brokers::get(s, nobody, "default").await.err(),
        service::brokers::put(s, nobody, "default", body()).await.err(),
        service::acquisuite::list(s, nobody, None).await.err(),
        service::acquisuite::get(s, nobody, "A1").await.err(),
        service::acquisuite::create(
            s,
            nobody,
            serde_json::from_value(json!({"serialNumber": "A1", "password": "x"})).unwrap(),
        )
        .await
        .err(),
        service::acquisuite::update(s, nobody, "A1", body()).await.err(),
        service::acquisuite::remove(s, nobody, "A1").await.err(),
        service::load_status::get(s, nobody, None).await.err(),
        service::profiles::list(nobody).err(),
        service::profiles::get(nobody, "abb-b23").err(),
        service::load_status::building(s, nobody, None).await.err(),
        service::channels::get(s, nobody, None, None).await.err(),
        service::live::follow(s, nobody, None, None).await.err(),
        service::world::status(s, nobody).await.err(),
        service::world::set_time(s, nobody, serde_json::from_value(json!({})).unwrap()).await.err(),
        service::world::resources(s, nobody).await.err(),
        service::world::resource(s, nobody, "1").await.err(),
        service::world::create_resource(s, nobody, serde_json::from_value(er).unwrap()).await.err(),
        service::world::update_resource(s, nobody, "1", body()).await.err(),
        service::world::meters(s, nobody).await.err(),
        service::world::meter(s, nobody, "1").await.err(),
        service::world::create_meter(
            s,
            nobody,
            serde_json::from_value(json!({"meter_id": "x"})).unwrap(),
        )
        .await
        .err(),
        service::world::link(s, nobody, serde_json::from_value(pair).unwrap()).await.err(),
        service::world::control(
            s,
            nobody,
            serde_json::from_value(json!({"load_factor": 1})).unwrap(),
        )
        .await
        .err(),
        service::world::toggle(s, nobody, serde_json::from_value(json!({})).unwrap()).await.err(),
        service::world::spike(s, nobody, serde_json::from_value(spike).unwrap()).await.err(),
        service::world::of_meter(s, nobody, "1", 1).await.err(),
        service::world::records(s, nobody, one, 1).await.err(),
        service::world::records_between(s, nobody, one, now, now).await.err(),
        service::world::found(s, nobody, service::world::Neighbourhood::default()).await.err(),
        service::world::fill(s, nobody, now, now).await.err(),
        service::trades::list(s, nobody, service::trades::Asked::default()).await.err(),
        service::trades::post(s, nobody, None, serde_json::from_value(trade).unwrap()).await.err(),
        service::bills::source_bill(s, nobody, None, "1", "2025-05").await.err(),
        service::bills::detailed(s, nobody, None, "1", "2025-05").await.err(),
        service::bills::bill(s, nobody, None, "1", "2025-05").await.err(),
        service::bills::by_reference(s, nobody, None, "1").await.err(),
        service::bills::intervals(s, nobody, None, "1", 0).await.err(),
        service::bills::list(s, nobody, None, None, None).await.err(),
        service::bills::csv(s, nobody, None, "1").await.err(),
        service::bills::espi(s, nobody, None, "1").await.err(),
        service::bills::svg(s, nobody, None, "1").await.err(),
        service::bills::store(s, nobody, None, serde_json::from_value(draft).unwrap()).await.err(),
        service::bills::issue(s, nobody, None, "1", service::bills::NewIssue::default())
            .await
            .err(),
        service::bills::credit(s, nobody, None, "1", serde_json::from_value(note).unwrap())
            .await
            .err(),
        service::bills::run(s, nobody, serde_json::from_value(run).unwrap()).await.err(),
        service::bills::runs(s, nobody, None, None).await.err(),
        service::bills::progress(s, nobody, "1").await.err(),
        service::bills::cancel(s, nobody, "1").await.err(),
        service::pages::snapshot(s, nobody, &query).await.err(),
        service::pages::sites(s, nobody).err(),
        service::pages::hotspots(s, nobody, &query).await.err(),
        service::pages::today(s, nobody, &query).await.err(),
        service::pages::meters(s, nobody, &query, &[], domain::language::Language::En).await.err(),
        service::pages::selected(s, nobody, &query).await.err(),
        service::pages::loggers(s, nobody, &query).await.err(),
        service::pages::losses(s, nobody, &query).await.err(),
        service::pages::period(s, nobody, &query).err(),
        service::pages::carbon(s, nobody, &query).await.err(),
        service::pages::history::history(s, nobody, &query, service::pages::history::Detail::Page)
            .await
            .err(),
        service::pages::history::strict(s, nobody, &query).await.err(),
        service::pages::history::csv(s, nobody, &query).await.err(),
        service::pages::meter::period(s, nobody, one, &query).await.err(),
        service::pages::meter::registers(s, nobody, one, &query).await.err(),
        service::pages::meter::entered(s, nobody, one, &query).await.err(),
        service::pages::meter::children(s, nobody, one, &query).await.err(),
        service::pages::meter::raw(s, nobody, one, &query).await.err(),
        service::pages::meter::reading_within(s, nobody, one, (now, now)).await.err(),
        service::pages::meter::head(s, nobody, one, domain::language::Language::En).await.err(),
    ];
    for (i, refusal) in refusals.into_iter().enumerate() {
        assert!(matches!(refusal, Some(service::Error::Unauthorized { .. })), "{i}: {refusal:?}");
    }
    tasks.stop().await;
}

#[tokio::test]
async fn a_call_of_a_function_passes_its_gate_first() {
    let functions = post(async || "called").route_layer(from_fn(gate));
    let router = Router::new().route("/fn/{*name}", functions);
    let router = protect(router, &GuardSettings::default());
    let call = async |path: &str, kind: &str, header: &str| {
        let request = axum::http::Request::post(path)
            .header("Host", "localhost")
            .header("Content-Type", kind)
            .header(header, "1.1 proxy")
            .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 5000))))
            .body(Body::from("{}"))
            .unwrap();
        router.clone().oneshot(request).await.unwrap().status().as_u16()
    };
    let json = "application/json";
    assert_eq!(call("/fn/overview", json, "x-any").await, 200);
    assert_eq!(call("/fn/overview", json, "Via").await, 401);
    assert_eq!(call("/fn/overview", "text/plain", "x-any").await, 415);
    assert_eq!(call("/fn/nothing", json, "x-any").await, 404);
}

#[test]
fn what_is_open_to_anyone_is_a_short_list() {
    let open: Vec<_> = table()
        .iter()
        .filter(|r| r.rule == Rule::Public)
        .map(|r| (r.method.to_string(), r.path))
        .collect();
    let expected = ["/healthz", "/readyz", "/api/openapi.json", "/api/docs", "/api/docs/style.css"];
    let uploads = ["/acquisuite/upload", "/acquisuite/{slug}/upload"];
    let uploads = uploads.map(|path| ("POST".to_owned(), path));
    let expected = expected.map(|path| ("GET".to_owned(), path)).into_iter().chain(uploads);
    assert_eq!(open, expected.collect::<Vec<_>>());
}

#[test]
fn every_server_function_has_a_rule_and_every_rule_a_function() {
    let functions: BTreeSet<&str> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    let ruled: BTreeSet<&str> = RULES.iter().map(|(path, _)| *path).collect();
    assert!(!functions.is_empty());
    assert_eq!(functions, ruled);
}
