//! Registers that are read more seldom than others of the same meter.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Field, MeterId, Reading};
use serde_json::json;
use service::{Principal, Service};
use sqlx::PgPool;

use crate::rollup::settled;
use crate::{meter, reading};

const WHO: Principal = Principal::Loopback;
const COUNT: i32 = 4_000;

fn begin() -> DateTime<Utc> {
    "2026-05-10T00:03:00Z".parse().unwrap()
}

/// A reading each minute; in some of them a register that is read once an hour, a day or so.
fn readings(id: MeterId) -> Vec<Reading> {
    let row = |n: i32| {
        let at = begin() + TimeDelta::minutes(n.into());
        let mut row = reading(id, at, f64::from(n * 7 % 31), 0.0);
        let every = |times: i32, value: f64| (n % times == 5).then_some(value);
        let (slow, fast) = (f64::from(n), f64::from(n) / 60.0);
        row.values.total_energy_kwh = every(40, 90.0 + slow);
        row.values.energy_export_kwh = every(70, slow * 0.5);
        row.values.reactive_energy_import_kvarh = every(130, slow * 0.25);
        row.values.runtime_hours = every(300, 700.0 + fast);
        row.values.diesel_consumption_liters = every(1_700, 50.0 + slow);
        row
    };
    (0..COUNT).map(row).collect()
}

type Row = (DateTime<Utc>, f64, f64, f64, Option<f64>, f64, f32);

async fn rows(pool: &PgPool, id: MeterId) -> Vec<Row> {
    sqlx::query_as(
        "SELECT bucket_start, import_kwh, export_kwh, reactive_import_kvarh, diesel_l, runtime_s, \
             coverage FROM energy_intervals WHERE meter_id = $1 ORDER BY bucket_start",
    )
    .bind(id.0)
    .fetch_all(pool)
    .await
    .unwrap()
}

#[track_caller]
fn same(found: &[Row], wanted: &[Row], when: &str) {
    assert_eq!(found.len(), wanted.len(), "{when}");
    let near = |a: f64, b: f64| (a - b).abs() < 1e-6;
    for (a, b) in found.iter().zip(wanted) {
        let litres = near(a.4.unwrap_or(-1.0), b.4.unwrap_or(-1.0));
        let energy = near(a.1, b.1) && near(a.2, b.2) && near(a.3, b.3);
        let time = near(a.5, b.5) && near(a.6.into(), b.6.into());
        assert!(a.0 == b.0 && energy && litres && time, "{when} {a:?} is not {b:?}");
    }
}

async fn generator(pool: &PgPool, service: &Service, number: &str) -> MeterId {
    let id = meter(pool, number, "DG", None).await;
    rule(pool, service, number, "dieselRegister", json!("cumulative")).await;
    id
}

async fn rule(pool: &PgPool, service: &Service, number: &str, of: &str, is: serde_json::Value) {
    let patch = service::Patch::from_iter([(of.to_owned(), is)]);
    let number = format!("number:{number}");
    service::meters::update(service, &WHO, &number.as_str().into(), patch).await.unwrap();
    settled(pool).await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_comes_late_takes_nothing_from_a_register_that_is_read_more_seldom(pool: PgPool) {
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let straight = generator(&pool, &service, "DG-1").await;
    let mixed = generator(&pool, &service, "DG-2").await;
    tasks.outbox.submit(readings(straight)).await.unwrap();
    settled(&pool).await;
    let all = rows(&pool, straight).await;
    let sum = |of: fn(&Row) -> f64| all.iter().map(of).sum::<f64>();
    assert!((sum(|row| row.2) - 1_995.0).abs() < 1e-6, "{}", sum(|row| row.2));
    assert!((sum(|row| row.4.unwrap_or(0.0)) - 3_400.0).abs() < 1e-6);

    let late = readings(mixed);
    let is_of = |n: usize, part: usize| n / 53 % 6 == part;
    for part in [3, 1, 5, 0, 4, 2] {
        let some = late.iter().enumerate().filter(|(n, _)| is_of(*n, part));
        tasks.outbox.submit(some.map(|(_, row)| row.clone()).collect()).await.unwrap();
        settled(&pool).await;
    }
    same(&rows(&pool, mixed).await, &all, "in another order");

    rule(&pool, &service, "DG-2", "ratedPowerKw", json!(900)).await;
    rule(&pool, &service, "DG-2", "ratedPowerKw", json!(null)).await;
    same(&rows(&pool, mixed).await, &all, "under a rule that was taken back");
    tasks.stop().await;
}

/// A value that is struck out is one that was never read, and taken back it is one again.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_register_read_seldom_is_struck_out_and_back(pool: PgPool) {
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let without = generator(&pool, &service, "DG-1").await;
    let struck = generator(&pool, &service, "DG-2").await;
    let at = begin() + TimeDelta::minutes(1_705);
    let mut rest = readings(without);
    rest.iter_mut().filter(|row| row.at == at).for_each(|row| {
        row.values.set(Field::DieselConsumptionLiters, None);
    });
    tasks.outbox.submit([rest, readings(struck)].concat()).await.unwrap();
    settled(&pool).await;
    let before = rows(&pool, struck).await;

    let field = Field::DieselConsumptionLiters.json();
    let asked = json!({"timestamp": at, "field": field, "value": null, "reason": "misread"});
    let asked = serde_json::from_value(asked).unwrap();
    let entered =
        service::readings::corrections::create(&service, &WHO, &"number:DG-2".into(), asked)
            .await
            .unwrap();
    settled(&pool).await;
    same(&rows(&pool, struck).await, &rows(&pool, without).await, "struck out");

    let n = entered.n.to_string();
    service::readings::corrections::undo(&service, &WHO, &"number:DG-2".into(), &n).await.unwrap();
    settled(&pool).await;
    same(&rows(&pool, struck).await, &before, "taken back");
    tasks.stop().await;
}

/// What a person types in is read there, however far it is from what comes late.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_register_that_a_person_types_in_is_read_there(pool: PgPool) {
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let read = generator(&pool, &service, "DG-1").await;
    let typed = generator(&pool, &service, "DG-2").await;
    let at = begin() + TimeDelta::minutes(3_405);
    let late = begin() + TimeDelta::minutes(1_745);
    let mut rest = readings(typed);
    let mut litres = None;
    rest.iter_mut().filter(|row| row.at == at).for_each(|row| {
        litres = row.values.diesel_consumption_liters.take();
    });
    let (late, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|row| row.at == late);
    tasks.outbox.submit([readings(read), rest].concat()).await.unwrap();
    settled(&pool).await;
    let field = Field::DieselConsumptionLiters.json();
    let asked = json!({"timestamp": at, "field": field, "value": litres, "reason": "by hand"});
    let asked = serde_json::from_value(asked).unwrap();
    service::readings::corrections::create(&service, &WHO, &"number:DG-2".into(), asked)
        .await
        .unwrap();
    settled(&pool).await;
    tasks.outbox.submit(late).await.unwrap();
    settled(&pool).await;
    same(&rows(&pool, typed).await, &rows(&pool, read).await, "typed in");
    tasks.stop().await;
}

/// The quarter-hour of the exchange is the one that was computed last, and its readings are the same since.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_exchange_where_it_was_computed_last_takes_back_what_lay_across_it(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let at = |minutes: i32| begin() + TimeDelta::minutes(minutes.into());
    let row = |n: i32| {
        let mut row = reading(id, at(5 * n), 12.0, f64::from(n));
        row.values.energy_export_kwh = match n {
            0 => Some(10.0),
            12 => Some(11.0),
            60 => Some(15.0),
            _ => None,
        };
        row
    };
    tasks.outbox.submit((0..=72).map(row).collect()).await.unwrap();
    settled(&pool).await;
    let exported = async || -> f64 { rows(&pool, id).await.iter().map(|row| row.2).sum() };
    assert!((exported().await - 5.0).abs() < 1e-6);
    let mut late = reading(id, at(152), 12.0, 0.0);
    late.values.total_energy_kwh = Some(30.4);
    tasks.outbox.submit(vec![late]).await.unwrap();
    settled(&pool).await;
    let exchange = service::meters::exchanges::NewExchange {
        timestamp: at(154),
        old_final_kwh: 30.8,
        new_initial_kwh: 30.8,
        import_register: None,
        reason: "broken".to_owned(),
    };
    service::meters::exchanges::create(&service, &WHO, &"number:M-1".into(), exchange)
        .await
        .unwrap();
    settled(&pool).await;
    // What the old meter exported since it was read last is not known.
    assert!((exported().await - 1.0).abs() < 1e-6, "{}", exported().await);
    tasks.stop().await;
}
