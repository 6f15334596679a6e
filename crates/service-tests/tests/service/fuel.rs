//! Diesel of generators once what it was computed from is dropped.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{MeterId, Reading};
use serde_json::json;
use service::carbon::CarbonQuery;
use service::{Principal, Service};
use sqlx::PgPool;

use crate::retention::balanced;
use crate::{meter, reading};

const WHO: Principal = Principal::Loopback;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A day of readings each ten minutes, with a rise of its own between any two; litres in the rows at some of
/// them, which are not those of quarter-hours.
fn burning(id: MeterId, litres: &[(i32, f64)]) -> Vec<Reading> {
    let mut total = 0.0;
    let row = |n: i32| {
        total += f64::from(n * n % 7);
        let at = at("2026-05-10T00:05:00Z") + TimeDelta::minutes(10) * n;
        let mut row = reading(id, at, 0.0, total);
        row.values.active_power_kw = None;
        let burnt = litres.iter().find(|(at, _)| *at == n);
        row.values.diesel_consumption_liters = burnt.map(|(_, litres)| *litres);
        row
    };
    (0..143).map(row).collect()
}

/// Litres, own and by the factor, and what of them is a generator's own: of the day, and of the part of it
/// that holds the last litres.
async fn litres(service: &Service) -> Vec<(f64, f64)> {
    let mut all = Vec::new();
    for (from, to) in [("10T00:00", "11T00:00"), ("09T00:00", "12T00:00")] {
        let (from, to) = (format!("2026-05-{from}:00Z"), format!("2026-05-{to}:00Z"));
        let asked =
            CarbonQuery { from: from.parse().ok(), to: to.parse().ok(), ..CarbonQuery::default() };
        let total = service::carbon::diesel::get(service, &WHO, asked).await.unwrap().total;
        all.push((total.metered_litres, total.estimated_litres));
    }
    all
}

#[track_caller]
fn same(found: &[(f64, f64)], wanted: &[(f64, f64)], when: &str) {
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let all = found.iter().zip(wanted).all(|(a, b)| near(a.0, b.0) && near(a.1, b.1));
    assert!(all, "{when} {found:?} is not {wanted:?}");
}

async fn become_and_stay(pool: PgPool, kind: &str, counted: &[(i32, f64)], own: f64) {
    let id = meter(&pool, "DG", "DG", None).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let change = async |kind: &str| {
        let patch = service::Patch::from_iter([("dieselRegister".to_owned(), json!(kind))]);
        service::meters::update(&service, &WHO, &"number:DG".into(), patch).await.unwrap();
        balanced(&pool).await;
    };
    change(kind).await;
    tasks.outbox.submit(burning(id, counted)).await.unwrap();
    balanced(&pool).await;
    let before = litres(&service).await;
    assert!((before[0].0 - own).abs() < 1e-9 && before[0].1 > 1.0, "{before:?}");

    service::retention::once(&pool, at("2026-08-30T12:00:00Z")).await.unwrap();
    let readings = "SELECT count(*) FROM meter_readings";
    assert_eq!(sqlx::query_scalar::<_, i64>(readings).fetch_one(&pool).await.unwrap(), 0);
    same(&litres(&service).await, &before, "without readings");

    change(if kind == "increment" { "cumulative" } else { "increment" }).await;
    same(&litres(&service).await, &before, "under another rule");

    service::retention::once(&pool, at("2027-08-30T12:00:00Z")).await.unwrap();
    let quarters = "SELECT count(*) FROM energy_intervals";
    assert_eq!(sqlx::query_scalar::<_, i64>(quarters).fetch_one(&pool).await.unwrap(), 0);
    same(&litres(&service).await, &before, "without quarter-hours");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn increments_cover_what_they_covered_once_their_readings_are_gone(pool: PgPool) {
    become_and_stay(pool, "increment", &[(30, 40.0), (61, 50.0), (94, 20.0)], 110.0).await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_counter_covers_what_it_covered_once_its_readings_are_gone(pool: PgPool) {
    become_and_stay(pool, "cumulative", &[(30, 240.0), (61, 250.0), (94, 270.0)], 30.0).await;
}
