//! Every route against every principal, and no route without a rule.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::middleware::from_fn;
use axum::routing::post;
use domain::bills::RunId;
use domain::bills::tariff::TariffId;
use domain::carbon::FactorId;
use domain::devices::TableId;
use domain::energy::StepId;
use domain::grid::feasibility::{ConnectionId, TransformerId};
use serde_json::json;
use server::functions::{RULES, gate};
use server::guard::{GuardSettings, protect};
use server::routes::{Rule, table};
use service::{
    Patch, Principal, bills, carbon, devices, energy, grid, losses, meters, pages, people,
    readings, simulation, sites,
};
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

fn nothing<T>() -> Patch<T> {
    Patch::from_iter([])
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn each_use_case_turns_nobody_away_by_itself(pool: PgPool) {
    let (service, tasks) = service::start(pool, service::Vault::random()).await.unwrap();
    let (s, nobody) = (&service, &Principal::Anonymous);
    let now = chrono::Utc::now();
    let window =
        domain::energy::window::Window { from: now - chrono::TimeDelta::hours(1), to: now };
    let site = json!({"slug": "x", "name": "x"});
    let meter = json!({"meterNumber": "x", "meterName": "x", "meterType": "x"});
    let device = json!({"name": "x", "protocol": "http", "meterType": "grid", "communication": {}});
    let tried = json!({"protocol": "http", "communication": {}});
    let (line, broker) = (json!({"communication": {}}), json!({"communication": {}}));
    let unit = json!({"communication": {}, "function": "holding", "address": 0, "count": 1});
    let (query, one) = (pages::Query::default(), domain::MeterId(1));
    let at = "2026-01-01T00:00:00Z";
    let (id, month) = (sqlx::types::Uuid::nil(), "2025-05".parse().unwrap());
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
    let refusals = vec![
        sites::list(s, nobody).await.err(),
        sites::get(s, nobody, &"default".into()).await.err(),
        sites::create(s, nobody, serde_json::from_value(site).unwrap()).await.err(),
        sites::update(s, nobody, &"default".into(), nothing()).await.err(),
        meters::hierarchy::forest(s, nobody, meters::hierarchy::HierarchyQuery::default())
            .await
            .err(),
        meters::hierarchy::children(
            s,
            nobody,
            meters::hierarchy::HierarchyQuery::default(),
            &"1".into(),
        )
        .await
        .err(),
        losses::power_loss::list(s, nobody, losses::power_loss::LossesQuery::default()).await.err(),
        losses::power_loss::by_area(s, nobody, losses::power_loss::LossesQuery::default())
            .await
            .err(),
        losses::power_loss::trend(s, nobody, domain::MeterId(1), window, true).await.err(),
        losses::power_loss::findings(s, nobody, domain::MeterId(1), window).await.err(),
        carbon::get(s, nobody, carbon::CarbonQuery::default()).await.err(),
        carbon::diesel::get(s, nobody, carbon::CarbonQuery::default()).await.err(),
        carbon::solar::get(s, nobody, carbon::CarbonQuery::default()).await.err(),
        service::overview::dashboard::map(s, nobody, carbon::CarbonQuery::default()).await.err(),
        meters::get(s, nobody, &"1".into()).await.err(),
        meters::create(s, nobody, None, serde_json::from_value(meter).unwrap()).await.err(),
        meters::update(s, nobody, &"1".into(), nothing()).await.err(),
        meters::preview_rules(s, nobody, &"1".into(), nothing()).await.err(),
        meters::remove(s, nobody, &"1".into()).await.err(),
        readings::page(s, nobody, &"1".into(), readings::ReadingsQuery::default()).await.err(),
        readings::post(s, nobody, &"1".into(), &json!([])).await.err(),
        devices::list(s, nobody, None).await.err(),
        devices::get(s, nobody, &"1".into()).await.err(),
        devices::switch(s, nobody, &"1".into(), false).await.err(),
        devices::remove(s, nobody, &"1".into()).await.err(),
        devices::export(s, nobody, None).await.err(),
        devices::import(s, nobody, None, b"", true).await.err(),
        devices::stage(s, nobody, None, Vec::new()).await.err(),
        devices::apply(s, nobody, TableId(id)).await.err(),
        devices::check(s, nobody, None, &devices::Entry::default()).await.err(),
        devices::add(s, nobody, None, &devices::Entry::default()).await.err(),
        devices::page::devices(s, nobody, &query).await.err(),
        devices::page::device(s, nobody, "1", &query).await.err(),
        devices::page::new(s, nobody, &query).await.err(),
        devices::page::import(s, nobody, &query).err(),
        meters::energy_meters::list(s, nobody, None).await.err(),
        meters::energy_meters::get(s, nobody, "meter_1").await.err(),
        meters::energy_meters::create(s, nobody, None, serde_json::from_value(device).unwrap())
            .await
            .err(),
        meters::energy_meters::update(s, nobody, "meter_1", nothing()).await.err(),
        meters::energy_meters::remove(s, nobody, "meter_1").await.err(),
        devices::commissioning::test(s, nobody, serde_json::from_value(tried).unwrap()).await.err(),
        devices::commissioning::scan(s, nobody, serde_json::from_value(line).unwrap()).await.err(),
        devices::commissioning::announced(s, nobody, serde_json::from_value(broker).unwrap())
            .await
            .err(),
        devices::commissioning::raw(s, nobody, serde_json::from_value(unit).unwrap()).await.err(),
        bills::tariffs::list(s, nobody, None).await.err(),
        bills::tariffs::get(s, nobody, TariffId(1)).await.err(),
        bills::tariffs::create(s, nobody, serde_json::from_value(tariff).unwrap()).await.err(),
        bills::tariffs::update(s, nobody, TariffId(1), nothing()).await.err(),
        bills::tariffs::remove(s, nobody, TariffId(1)).await.err(),
        bills::tariffs::assign(s, nobody, &"1".into(), serde_json::from_value(given).unwrap())
            .await
            .err(),
        carbon::factors::list(s, nobody, None).await.err(),
        carbon::factors::create(s, nobody, serde_json::from_value(factor).unwrap()).await.err(),
        carbon::factors::remove(s, nobody, FactorId(1)).await.err(),
        meters::exchanges::list(s, nobody, &"1".into()).await.err(),
        meters::exchanges::create(s, nobody, &"1".into(), serde_json::from_value(swap).unwrap())
            .await
            .err(),
        meters::exchanges::undo(s, nobody, &"1".into(), "1").await.err(),
        readings::corrections::list(s, nobody, &"1".into()).await.err(),
        readings::corrections::create(
            s,
            nobody,
            &"1".into(),
            serde_json::from_value(value).unwrap(),
        )
        .await
        .err(),
        readings::corrections::undo(s, nobody, &"1".into(), "1").await.err(),
        energy::quarantine::list(s, nobody, None, None, None).await.err(),
        energy::quarantine::accept(s, nobody, StepId(1)).await.err(),
        energy::quarantine::reject(s, nobody, StepId(1)).await.err(),
        losses::unmetered::list(s, nobody, &"1".into()).await.err(),
        losses::unmetered::create(s, nobody, &"1".into(), load()).await.err(),
        losses::unmetered::put(s, nobody, &"1".into(), load()).await.err(),
        grid::feasibility(s, nobody, &connection).await.err(),
        grid::within(s, nobody, &domain::grid::feasibility::Bounds::GLOBE, 1).await.err(),
        grid::transformers(s, nobody, None, 1).await.err(),
        grid::transformer(s, nobody, TransformerId(id)).await.err(),
        grid::post_transformers(s, nobody, &json!([])).await.err(),
        grid::create_transformers(s, nobody, Vec::new()).await.err(),
        grid::remove(s, nobody, TransformerId(id)).await.err(),
        grid::connect(s, nobody, &connection, None).await.err(),
        grid::connections(s, nobody, None, 1).await.err(),
        grid::connection(s, nobody, ConnectionId(id)).await.err(),
        grid::withdraw(s, nobody, ConnectionId(id)).await.err(),
        meters::virtual_meters::list(s, nobody, None).await.err(),
        meters::virtual_meters::get(s, nobody, &"1".into()).await.err(),
        meters::virtual_meters::create(s, nobody, None, serde_json::from_value(sum).unwrap())
            .await
            .err(),
        meters::virtual_meters::remove(s, nobody, &"1".into()).await.err(),
        people::audit::list(s, nobody, people::audit::AuditQuery::default()).await.err(),
        devices::brokers::list(s, nobody).await.err(),
        devices::brokers::get(s, nobody, "default").await.err(),
        devices::brokers::put(s, nobody, "default", nothing()).await.err(),
        devices::acquisuite::list(s, nobody, None).await.err(),
        devices::acquisuite::get(s, nobody, "A1").await.err(),
        devices::acquisuite::create(
            s,
            nobody,
            serde_json::from_value(json!({"serialNumber": "A1", "password": "x"})).unwrap(),
        )
        .await
        .err(),
        devices::acquisuite::update(s, nobody, "A1", nothing()).await.err(),
        devices::acquisuite::remove(s, nobody, "A1").await.err(),
        meters::load_status::get(s, nobody, None).await.err(),
        devices::profiles::list(nobody).err(),
        devices::profiles::get(nobody, "abb-b23").err(),
        meters::load_status::building(s, nobody, None).await.err(),
        readings::channels::get(s, nobody, None, None).await.err(),
        s.follow(nobody, None, None).await.err(),
        simulation::status(s, nobody).await.err(),
        simulation::set_time(s, nobody, serde_json::from_value(json!({})).unwrap()).await.err(),
        simulation::resources(s, nobody).await.err(),
        simulation::resource(s, nobody, "1").await.err(),
        simulation::create_resource(s, nobody, serde_json::from_value(er).unwrap()).await.err(),
        simulation::update_resource(s, nobody, "1", nothing()).await.err(),
        simulation::meters(s, nobody).await.err(),
        simulation::meter(s, nobody, "1").await.err(),
        simulation::create_meter(
            s,
            nobody,
            serde_json::from_value(json!({"meter_id": "x"})).unwrap(),
        )
        .await
        .err(),
        simulation::link(s, nobody, serde_json::from_value(pair).unwrap()).await.err(),
        simulation::control(s, nobody, serde_json::from_value(json!({"load_factor": 1})).unwrap())
            .await
            .err(),
        simulation::toggle(s, nobody, serde_json::from_value(json!({})).unwrap()).await.err(),
        simulation::spike(s, nobody, serde_json::from_value(spike).unwrap()).await.err(),
        simulation::of_meter(s, nobody, "1", 1).await.err(),
        simulation::records(s, nobody, one, 1).await.err(),
        simulation::records_between(s, nobody, one, now, now).await.err(),
        simulation::found(s, nobody, simulation::Neighbourhood::default()).await.err(),
        simulation::fill(s, nobody, now, now).await.err(),
        bills::trades::list(s, nobody, None, None, None).await.err(),
        bills::trades::post(s, nobody, None, serde_json::from_value(trade).unwrap()).await.err(),
        bills::source_bill(s, nobody, &"1".into(), month).await.err(),
        bills::detailed(s, nobody, &"1".into(), month).await.err(),
        bills::bill(s, nobody, &"1".into(), month).await.err(),
        bills::by_address(s, nobody, &"1".into()).await.err(),
        bills::intervals(s, nobody, &"1".into(), 0).await.err(),
        bills::list(s, nobody, None, None, None).await.err(),
        bills::csv(s, nobody, &"1".into()).await.err(),
        bills::espi(s, nobody, &"1".into()).await.err(),
        bills::svg(s, nobody, &"1".into()).await.err(),
        bills::store(s, nobody, None, serde_json::from_value(draft).unwrap()).await.err(),
        bills::issue(s, nobody, &"1".into(), bills::NewIssue::default()).await.err(),
        bills::credit(s, nobody, &"1".into(), serde_json::from_value(note).unwrap()).await.err(),
        bills::run(s, nobody, serde_json::from_value(run).unwrap()).await.err(),
        bills::runs(s, nobody, None, None).await.err(),
        bills::progress(s, nobody, RunId(id)).await.err(),
        bills::cancel(s, nobody, RunId(id)).await.err(),
        pages::snapshot(s, nobody, &query).await.err(),
        pages::sites(s, nobody).err(),
        service::overview::hotspots(s, nobody, &query).await.err(),
        service::overview::today(s, nobody, &query).await.err(),
        meters::page::tree::meters(s, nobody, &query, &[], domain::language::Language::En)
            .await
            .err(),
        meters::page::tree::selected(s, nobody, &query).await.err(),
        devices::acquisuite::page::loggers(s, nobody, &query).await.err(),
        losses::page::losses(s, nobody, &query).await.err(),
        pages::period(s, nobody, &query).err(),
        carbon::page::carbon(s, nobody, &query).await.err(),
        service::history::history(s, nobody, &query, service::history::Detail::Page).await.err(),
        service::history::strict(s, nobody, &query).await.err(),
        service::history::csv(s, nobody, &query).await.err(),
        meters::page::period(s, nobody, one, &query).await.err(),
        meters::page::registers(s, nobody, one, &query).await.err(),
        meters::page::entered(s, nobody, one, &query).await.err(),
        meters::page::children(s, nobody, one, &query).await.err(),
        meters::page::raw(s, nobody, one, &query).await.err(),
        meters::page::reading_within(s, nobody, one, (now, now)).await.err(),
        meters::page::head(s, nobody, one, domain::language::Language::En).await.err(),
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
