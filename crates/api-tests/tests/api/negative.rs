//! Every operation of the document of the API with wrong bodies, parameters and headers: each is refused in
//! the form of all refusals or done, none is a fault of the server, and what is refused leaves nothing behind.
//!
//! `WATTLENS_REQUESTS` says how many of each operation, `WATTLENS_SEED` which.

mod wrong;

use serde_json::{Value, json};
use sqlx::PgPool;

use self::wrong::Wrong;
use crate::{Answer, World};

/// Requests of each operation.
const USUAL: u32 = 30;

/// Operations that ask other machines, or whose answers have no end.
const LEFT_OUT: &[&str] = &[
    "/api/energy-meters/test",
    "/api/energy-meters/scan",
    "/api/energy-meters/discover",
    "/api/energy-meters/registers",
    "/api/energy-meters/{id}/reading",
    "/api/report-schedules/{id}/send",
];

/// What people have entered: after a refused request it is what it was before.
const ENTERED: &[&str] = &[
    "sites",
    "energy_meters",
    "meter_placements",
    "meter_exchanges",
    "reading_corrections",
    "unmetered_loads",
    "virtual_meters",
    "devices",
    "mqtt_brokers",
    "acquisuite_loggers",
    "acquisuite_devices",
    "tariffs",
    "meter_tariffs",
    "emission_factors",
    "alarm_rules",
    "alarm_recipients",
    "report_schedules",
    "renewable_sources",
    "diesel_generators",
    "bills",
    "p2p_trades",
    "transformers",
    "spikes",
    "users",
    "user_roles",
];

/// What is added to: after a refused request there is no more of it. The simulated world goes on meanwhile.
const ADDED: &[&str] = &[
    "meter_readings WHERE meter_id IN (SELECT id FROM energy_meters WHERE site_id = 1)",
    "connections",
    "audit_log",
];

fn setting<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn whatever_is_sent_is_refused_in_one_form_or_done(pool: PgPool) {
    let world = World::start(&pool).await;
    plant(&world).await;
    let document = world.get("/api/openapi.json").await.json();
    let (count, seed) = (setting("WATTLENS_REQUESTS").unwrap_or(USUAL), setting("WATTLENS_SEED"));
    let mut wrong = Wrong::new(&document, seed.unwrap_or(1));
    let (mut sent, mut refused, mut faults) = (0_u32, 0_u32, Vec::new());
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if !is_asked(path, operation) {
                continue;
            }
            let mut before = stored(&world).await;
            for _ in 0..count {
                let request = wrong.request(method, path, operation);
                let asked = request.told();
                let answer = request.send(world.address).await;
                let after = stored(&world).await;
                let is_refused = answer.status >= 400;
                if let Some(fault) = fault(path, &answer) {
                    faults.push(format!("{asked} {fault}"));
                } else if is_refused && after != before {
                    faults.push(format!("{asked} left something: {before:?} {after:?}"));
                }
                sent += 1;
                refused += u32::from(is_refused);
                before = after;
            }
        }
    }
    println!("{sent} requests, {refused} refused");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(refused > sent / 3, "{refused} of {sent}");
    world.get("/readyz").await.is(200);
    world.end().await;
}

async fn plant(world: &World) {
    world.meter(&json!({"meterNumber": "H-1", "meterName": "Main", "meterType": "Main"})).await;
    let rows: Vec<Value> = (0..8)
        .map(|n| json!({"timestamp": format!("2026-05-01T0{n}:00:00Z"), "totalEnergyKwh": n}))
        .collect();
    world.post("/api/Energy/meters/H-1/readings", &json!(rows)).await.is(201);
}

fn is_asked(path: &str, operation: &Value) -> bool {
    let answers = &operation["responses"]["200"]["content"];
    let streams = !answers["text/event-stream"].is_null() && answers["application/json"].is_null();
    let has_no_end = streams || path.ends_with("/ws");
    !has_no_end && !LEFT_OUT.contains(&path)
}

/// What is wrong about an answer: a fault of the server, or a refusal in another form than all others have.
fn fault(path: &str, answer: &Answer) -> Option<String> {
    if answer.status >= 500 {
        return Some(format!("was answered {} {}", answer.status, answer.text));
    }
    // Loggers are answered in words of their own.
    if answer.status < 400
        || (path.starts_with("/acquisuite") && answer.text.starts_with("FAILURE"))
    {
        return None;
    }
    let body: Value = serde_json::from_str(&answer.text).unwrap_or_default();
    let told = &body["error"];
    let has_words = told["message"].as_str().is_some_and(|text| !text.is_empty());
    let is_one = body["success"] == false && told["code"].is_string() && has_words;
    (!is_one).then(|| format!("was refused in another form: {answer:?}"))
}

/// A figure of each table, once the runs are over that a request began: they go on storing bills whatever is asked next.
async fn stored(world: &World) -> Vec<i64> {
    let content = |table: &&str| {
        format!(
            "(SELECT coalesce(sum(hashtextextended({table}::text, 0) % 1000000007), 0)::bigint FROM {table})"
        )
    };
    let count = |rows: &&str| format!("(SELECT count(*) FROM {rows})");
    let parts: Vec<String> = ENTERED.iter().map(content).chain(ADDED.iter().map(count)).collect();
    let running = "EXISTS (SELECT FROM bill_runs WHERE state = 'running')";
    let statement = format!("SELECT ARRAY[{}], {running}", parts.join(", "));
    loop {
        let look = sqlx::query_as(sqlx::AssertSqlSafe(statement.clone()));
        let (stored, is_running): (Vec<i64>, bool) = look.fetch_one(&world.pool).await.unwrap();
        if !is_running {
            return stored;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}
