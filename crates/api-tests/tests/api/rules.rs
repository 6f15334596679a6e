//! Every route against every principal, and no route without a rule.

use std::collections::BTreeSet;
use std::pin::Pin;

use domain::bills::RunId;
use domain::bills::tariff::TariffId;
use domain::carbon::FactorId;
use domain::devices::TableId;
use domain::energy::StepId;
use domain::grid::feasibility::{ConnectionId, TransformerId};
use domain::people::{Role, UserId};
use serde_json::json;
use server::functions::RULES;
use server::routes::{Rule, table};
use service::live::Followed;
use service::losses::unmetered::Existing;
use service::{
    Patch, Principal, Service, bills, carbon, devices, energy, grid, losses, meters, pages, people,
    readings, simulation, sites,
};
use sqlx::PgPool;
use sqlx::types::Uuid;

use crate::people::with;
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
            Rule::Public if route.path == "/api/session" => {
                assert_eq!(nobody.status, 422, "{name}");
            }
            Rule::Public if route.method == "POST" => assert_eq!(nobody.status, 406, "{name}"),
            Rule::Public => assert_eq!(nobody.status, 200, "{name}"),
            Rule::SignedIn | Rule::Needs(_) | Rule::NeedsOrOwn(_) => {
                nobody.refused(401, "unauthorized", None);
            }
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

fn usual<T: Default>() -> T {
    T::default()
}

/// A body as its type.
macro_rules! of {
    ($body:expr) => {
        serde_json::from_value($body).unwrap()
    };
}

/// How each of these use cases refuses.
macro_rules! refusals {
    ($($asked:expr),+ $(,)?) => {
        vec![$(refusal(|| Box::pin(async { $asked.await })).await),+]
    };
}

/// Side by side, the futures of all use cases exceed the stack: each is made in a frame of its own.
async fn refusal<T, F>(ask: impl FnOnce() -> Pin<Box<F>>) -> Option<service::Error>
where
    F: Future<Output = Result<T, service::Error>>,
{
    ask().await.err()
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn each_use_case_turns_away_by_itself_whoever_may_not(pool: PgPool) {
    let (service, tasks) = service::start(pool, service::Vault::random()).await.unwrap();
    let nobody = Box::pin(refusals_of(&service, &Principal::Anonymous)).await;
    for (i, refusal) in nobody.into_iter().flatten().enumerate() {
        assert!(matches!(refusal, Some(service::Error::Unauthorized { .. })), "{i}: {refusal:?}");
    }
    let without_role = Box::pin(refusals_of(&service, &with(&[], None))).await;
    for (i, refusal) in without_role.into_iter().flatten().enumerate() {
        let is_refused = matches!(
            refusal,
            Some(service::Error::Forbidden { .. } | service::Error::NotFound { .. })
        );
        assert!(is_refused, "{i}: {refusal:?}");
    }
    let [seen, changed] = Box::pin(refusals_of(&service, &with(&[Role::Viewer], None))).await;
    for (i, refusal) in seen.into_iter().enumerate() {
        assert!(!matches!(refusal, Some(service::Error::Forbidden { .. })), "{i}: {refusal:?}");
    }
    for (i, refusal) in changed.into_iter().enumerate() {
        assert!(matches!(refusal, Some(service::Error::Forbidden { .. })), "{i}: {refusal:?}");
    }
    tasks.stop().await;
}

/// How the use cases refuse somebody: those that show something, and those that change it.
#[expect(clippy::too_many_lines, reason = "a table, a line for each use case")]
async fn refusals_of(s: &Service, nobody: &Principal) -> [Vec<Option<service::Error>>; 2] {
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
    let (id, month) = (Uuid::nil(), "2025-05".parse().unwrap());
    let tariff = json!({"name": "x", "validFrom": "2026-01-01"});
    let given = json!({"tariffId": 1, "validFrom": "2026-01-01"});
    let factor = json!({"kind": "grid", "value": 1, "unit": "kg/kWh", "source": "x",
        "validFrom": "2026-01-01"});
    let swap = json!({"timestamp": at, "oldFinalKwh": 1, "newInitialKwh": 0, "reason": "x"});
    let value = json!({"timestamp": at, "field": "voltageL1", "value": null, "reason": "x"});
    let load = || of!(json!({"validFrom": at, "powerKw": 1, "reason": "x"}));
    let er = json!({"name": "x", "type": "consumer"});
    let pair = json!({"meter_id": 1, "er_id": 1});
    let spike = json!({"kind": "load", "factor": 2, "duration_minutes": 1});
    let trade =
        json!({"buyer_meter_id": 1, "seller_meter_id": 2, "units_kWh": 1, "price_per_kWh": 1});
    let (draft, note) = (json!({"meterId": 1, "month": "2025-05"}), json!({"reason": "x"}));
    let run = json!({"site": "world", "month": "2025-05"});
    let sum = json!({"meterNumber": "x", "meterName": "x", "terms": []});
    let connection = of!(crate::grid::asked());
    let mut viewer = refusals![
        sites::get(s, nobody, &"default".into()),
        meters::hierarchy::forest(s, nobody, usual()),
        meters::hierarchy::children(s, nobody, usual(), &"1".into(),),
        losses::power_loss::list(s, nobody, usual()),
        losses::power_loss::by_area(s, nobody, usual()),
        losses::power_loss::trend(s, nobody, domain::MeterId(1), window, true),
        losses::power_loss::findings(s, nobody, domain::MeterId(1), window),
        carbon::get(s, nobody, usual()),
        carbon::diesel::get(s, nobody, usual()),
        carbon::solar::get(s, nobody, usual()),
        service::overview::dashboard::map(s, nobody, usual()),
        meters::get(s, nobody, &"1".into()),
        readings::page(s, nobody, &"1".into(), usual()),
        devices::list(s, nobody, None),
        devices::get(s, nobody, &"1".into()),
        devices::export(s, nobody, None),
        devices::page::devices(s, nobody, &query),
        devices::page::device(s, nobody, "1", &query),
        meters::energy_meters::list(s, nobody, None),
        meters::energy_meters::get(s, nobody, "meter_1"),
        bills::tariffs::list(s, nobody, None),
        bills::tariffs::get(s, nobody, TariffId(1)),
        carbon::factors::list(s, nobody, None),
        meters::exchanges::list(s, nobody, &"1".into()),
        readings::corrections::list(s, nobody, &"1".into()),
        energy::quarantine::list(s, nobody, None, None, None),
        losses::unmetered::list(s, nobody, &"1".into()),
        grid::feasibility(s, nobody, &connection),
        grid::within(s, nobody, &domain::grid::feasibility::Bounds::GLOBE, 1),
        grid::transformers(s, nobody, None, 1),
        grid::transformer(s, nobody, TransformerId(id)),
        grid::connections(s, nobody, None, None, 1),
        grid::connection(s, nobody, ConnectionId(id)),
        meters::virtual_meters::list(s, nobody, None),
        meters::virtual_meters::get(s, nobody, &"1".into()),
        devices::brokers::list(s, nobody),
        devices::brokers::get(s, nobody, "default"),
        devices::acquisuite::list(s, nobody, None),
        devices::acquisuite::get(s, nobody, "A1"),
        meters::load_status::get(s, nobody, None),
        meters::load_status::building(s, nobody, None),
        readings::channels::get(s, nobody, None, None),
        s.follow(nobody, &Followed::Site(None), None),
        s.follow(nobody, &Followed::Status(None), None),
        simulation::status(s, nobody),
        simulation::resources(s, nobody),
        simulation::resource(s, nobody, "1"),
        simulation::meters(s, nobody),
        simulation::meter(s, nobody, "1"),
        simulation::of_meter(s, nobody, "1", 1),
        simulation::records(s, nobody, one, 1),
        simulation::records_between(s, nobody, one, now, now),
        bills::trades::list(s, nobody, None, None, None),
        bills::source_bill(s, nobody, &"1".into(), month),
        bills::detailed(s, nobody, &"1".into(), month),
        bills::bill(s, nobody, &"1".into(), month),
        bills::by_address(s, nobody, &"1".into()),
        bills::intervals(s, nobody, &"1".into(), 0),
        bills::list(s, nobody, None, None, None),
        bills::csv(s, nobody, &"1".into()),
        bills::espi(s, nobody, &"1".into()),
        bills::svg(s, nobody, &"1".into()),
        bills::runs(s, nobody, None, None),
        bills::progress(s, nobody, RunId(id)),
        pages::snapshot(s, nobody, &query),
        pages::site_status(s, nobody, &query),
        service::overview::hotspots(s, nobody, &query),
        service::overview::today(s, nobody, &query),
        service::overview::comparison::of_period(s, nobody, &query),
        meters::page::tree::meters(s, nobody, &query, &[], domain::language::Language::En),
        meters::page::tree::selected(s, nobody, &query),
        devices::acquisuite::page::loggers(s, nobody, &query),
        losses::page::losses(s, nobody, &query),
        carbon::page::carbon(s, nobody, &query),
        service::history::history(s, nobody, &query, service::history::Detail::Page),
        service::history::strict(s, nobody, &query),
        service::history::csv(s, nobody, &query),
        meters::page::period(s, nobody, one, &query),
        meters::page::registers(s, nobody, one, &query),
        meters::page::entered(s, nobody, one, &query),
        meters::page::children(s, nobody, one, &query),
        meters::page::raw(s, nobody, one, &query),
        meters::page::reading_within(s, nobody, one, (now, now)),
        meters::page::head(s, nobody, one, &query),
        meters::page::now(s, nobody, one),
    ];
    let mut changed = refusals![
        meters::create(s, nobody, None, of!(meter)),
        meters::update(s, nobody, &"1".into(), nothing()),
        meters::preview_rules(s, nobody, &"1".into(), nothing()),
        meters::remove(s, nobody, &"1".into()),
        meters::delete(s, nobody, &"1".into(), ""),
        meters::page::deletion(s, nobody, one, &query),
        readings::post(s, nobody, &"1".into(), &json!([])),
        devices::switch(s, nobody, &"1".into(), false),
        devices::remove(s, nobody, &"1".into()),
        devices::import(s, nobody, None, b"", true),
        devices::stage(s, nobody, None, Vec::new()),
        devices::apply(s, nobody, TableId(id)),
        devices::check(s, nobody, None, &usual()),
        devices::add(s, nobody, None, &usual()),
        devices::page::new(s, nobody, &query),
        meters::energy_meters::create(s, nobody, None, of!(device)),
        meters::energy_meters::update(s, nobody, "meter_1", nothing()),
        meters::energy_meters::remove(s, nobody, "meter_1"),
        devices::commissioning::test(s, nobody, of!(tried)),
        devices::commissioning::scan(s, nobody, of!(line)),
        devices::commissioning::announced(s, nobody, of!(broker)),
        devices::commissioning::raw(s, nobody, of!(unit)),
        meters::exchanges::create(s, nobody, &"1".into(), of!(swap)),
        meters::exchanges::undo(s, nobody, &"1".into(), "1"),
        readings::corrections::create(s, nobody, &"1".into(), of!(value),),
        readings::corrections::undo(s, nobody, &"1".into(), "1"),
        energy::quarantine::accept(s, nobody, StepId(1)),
        energy::quarantine::reject(s, nobody, StepId(1)),
        losses::unmetered::declare(s, nobody, &"1".into(), load(), Existing::Refused),
        losses::unmetered::declare(s, nobody, &"1".into(), load(), Existing::Replaced),
        grid::connect(s, nobody, &connection, None),
        grid::withdraw(s, nobody, ConnectionId(id)),
        meters::virtual_meters::create(s, nobody, None, of!(sum)),
        meters::virtual_meters::remove(s, nobody, &"1".into()),
        devices::acquisuite::create(s, nobody, of!(json!({"serialNumber": "A1", "password": "x"})),),
        devices::acquisuite::update(s, nobody, "A1", nothing()),
        devices::acquisuite::remove(s, nobody, "A1"),
        simulation::control(s, nobody, of!(json!({"load_factor": 1}))),
        simulation::toggle(s, nobody, of!(json!({}))),
        simulation::spike(s, nobody, of!(spike)),
        bills::trades::post(s, nobody, None, of!(trade)),
    ];
    let admin = refusals![
        sites::create(s, nobody, of!(site)),
        sites::update(s, nobody, &"default".into(), nothing()),
        bills::tariffs::create(s, nobody, of!(tariff)),
        bills::tariffs::update(s, nobody, TariffId(1), nothing()),
        bills::tariffs::remove(s, nobody, TariffId(1)),
        bills::tariffs::assign(s, nobody, &"1".into(), of!(given)),
        carbon::factors::create(s, nobody, of!(factor)),
        carbon::factors::remove(s, nobody, FactorId(1)),
        grid::post_transformers(s, nobody, &json!([])),
        grid::create_transformers(s, nobody, Vec::new()),
        grid::remove(s, nobody, TransformerId(id)),
        devices::brokers::put(s, nobody, "default", nothing()),
        simulation::set_time(s, nobody, of!(json!({}))),
        simulation::create_resource(s, nobody, of!(er)),
        simulation::update_resource(s, nobody, "1", nothing()),
        simulation::create_meter(s, nobody, of!(json!({"meter_id": "x"})),),
        simulation::link(s, nobody, of!(pair)),
        simulation::found(s, nobody, usual()),
        simulation::fill(s, nobody, now, now),
        bills::store(s, nobody, None, of!(draft)),
        bills::issue(s, nobody, &"1".into(), usual()),
        bills::credit(s, nobody, &"1".into(), of!(note)),
        bills::run(s, nobody, of!(run)),
        bills::cancel(s, nobody, RunId(id)),
        people::page::people(s, nobody, &query),
        people::accounts::invite(s, nobody, UserId(1)),
        people::accounts::list_sessions(s, nobody, UserId(1)),
        people::accounts::end_sessions(s, nobody, UserId(1)),
    ];
    viewer.extend([
        devices::profiles::list(nobody).err(),
        devices::profiles::get(nobody, "abb-b23").err(),
        pages::period(s, nobody, &query).err(),
        pages::grid_meter(s, nobody, &query).err(),
    ]);
    changed.push(devices::page::import(s, nobody, &query).err());
    changed.extend(admin);
    changed.push(people::audit::list(s, nobody, usual()).await.err());
    [viewer, changed]
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_call_of_a_function_passes_its_gate_first(pool: PgPool) {
    let world = World::start(&pool).await;
    let call = async |path: &str, kind: &str, header: &str| {
        let request = Request::new("POST", path).header("Content-Type", kind);
        let asked = r#"{"typed": "main", "path": "/", "query": ""}"#;
        request.header(header, "1.1 proxy").body(asked).send(world.address).await.status
    };
    let json = "application/json";
    assert_eq!(call("/fn/found", json, "x-any").await, 200);
    assert_eq!(call("/fn/found", json, "Via").await, 401);
    assert_eq!(call("/fn/found", "text/plain", "x-any").await, 415);
    assert_eq!(call("/fn/nothing", json, "x-any").await, 404);
    world.end().await;
}

#[test]
fn what_is_open_to_anyone_is_a_short_list() {
    let open: Vec<_> = table()
        .iter()
        .filter(|r| r.rule == Rule::Public)
        .map(|r| (r.method.to_string(), r.path))
        .collect();
    let expected = ["/healthz", "/readyz", "/api/openapi.json", "/api/docs", "/api/docs/style.css"];
    let signing_in = [("POST".to_owned(), "/api/session"), ("GET".to_owned(), "/api/me")];
    let uploads = ["/acquisuite/upload", "/acquisuite/{slug}/upload"];
    let uploads = uploads.map(|path| ("POST".to_owned(), path));
    let expected = expected.map(|path| ("GET".to_owned(), path)).into_iter();
    assert_eq!(open, expected.chain(signing_in).chain(uploads).collect::<Vec<_>>());
}

#[test]
fn every_server_function_has_a_rule_and_every_rule_a_function() {
    let functions: BTreeSet<&str> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    let ruled: BTreeSet<&str> = RULES.iter().map(|(path, _)| *path).collect();
    assert!(!functions.is_empty());
    assert_eq!(functions, ruled);
}
