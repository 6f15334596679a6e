//! Every route against every principal, and no route without a rule.

use std::collections::BTreeSet;

use serde_json::json;
use server::functions::RULES;
use server::routes::{Rule, table};
use sqlx::PgPool;

use crate::{Request, World};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_needs_a_role_is_closed_to_nobody_and_open_to_the_administrator(pool: PgPool) {
    let world = World::start(&pool).await;
    let mut checked = 0;
    for route in table().iter().filter(|route| route.path != "/api/live") {
        let path = route.path.replace("{id}", "1").replace("{slug}", "default");
        let ask = || {
            let request = Request::new(route.method.as_str(), &path);
            if route.method == "GET" { request } else { request.json(&json!({})) }
        };
        let nobody = ask().header("Via", "1.1 proxy").send(world.address).await;
        let admin = ask().send(world.address).await;
        let name = format!("{} {path}", route.method);
        match route.rule {
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

#[test]
fn what_is_open_to_anyone_is_a_short_list() {
    let open: Vec<_> = table()
        .iter()
        .filter(|r| r.rule == Rule::Public)
        .map(|r| (r.method.to_string(), r.path))
        .collect();
    let expected = ["/healthz", "/readyz", "/api/openapi.json", "/api/docs", "/api/docs/style.css"];
    assert_eq!(open, expected.map(|path| ("GET".to_owned(), path)));
}

#[test]
fn every_server_function_has_a_rule_and_every_rule_a_function() {
    let functions: BTreeSet<&str> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    let ruled: BTreeSet<&str> = RULES.iter().map(|(path, _)| *path).collect();
    assert!(!functions.is_empty());
    assert_eq!(functions, ruled);
}
