//! Registers that are read more seldom than others of the same meter.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Field, MeterId, Reading};
use serde_json::json;
use sqlx::PgPool;

use crate::bench::{Bench, WHO};
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_register_that_is_read_seldom_loses_nothing(pool: PgPool) {
    let bench = Bench::start(pool).await;
    what_comes_late_takes_nothing_from_a_register_that_is_read_more_seldom(&bench).await;
    a_register_read_seldom_is_struck_out_and_back(&bench).await;
    a_register_that_a_person_types_in_is_read_there(&bench).await;
    an_exchange_where_it_was_computed_last_takes_back_what_lay_across_it(&bench).await;
    bench.stop().await;
}

const MINUTES: i32 = 4_000;

fn begin() -> DateTime<Utc> {
    "2026-05-10T00:03:00Z".parse().unwrap()
}

/// A reading every five minutes; in some of them a register that is read once an hour, a day or so.
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
    (0..MINUTES).step_by(5).map(row).collect()
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

async fn generator(bench: &Bench, number: &str) -> MeterId {
    let id = bench.meter(number, "DG", None).await;
    rule(bench, id, "dieselRegister", json!("cumulative")).await;
    id
}

async fn rule(bench: &Bench, id: MeterId, of: &str, is: serde_json::Value) {
    bench.change(id, json!({of: is})).await;
    bench.settled().await;
}

async fn what_comes_late_takes_nothing_from_a_register_that_is_read_more_seldom(bench: &Bench) {
    let straight = generator(bench, "DG-11").await;
    let mixed = generator(bench, "DG-12").await;
    bench.submit(readings(straight)).await;
    bench.settled().await;
    let all = rows(&bench.pool, straight).await;
    let sum = |of: fn(&Row) -> f64| all.iter().map(of).sum::<f64>();
    assert!((sum(|row| row.2) - 1_995.0).abs() < 1e-6, "{}", sum(|row| row.2));
    assert!((sum(|row| row.4.unwrap_or(0.0)) - 3_400.0).abs() < 1e-6);

    let late = readings(mixed);
    let is_of = |n: usize, part: usize| n / 11 % 6 == part;
    for part in [3, 1, 5, 0, 4, 2] {
        let some = late.iter().enumerate().filter(|(n, _)| is_of(*n, part));
        bench.submit(some.map(|(_, row)| row.clone()).collect()).await;
        bench.settled().await;
    }
    same(&rows(&bench.pool, mixed).await, &all, "in another order");

    rule(bench, mixed, "ratedPowerKw", json!(900)).await;
    rule(bench, mixed, "ratedPowerKw", json!(null)).await;
    same(&rows(&bench.pool, mixed).await, &all, "under a rule that was taken back");
}

/// A value that is struck out is one that was never read, and taken back it is one again.
async fn a_register_read_seldom_is_struck_out_and_back(bench: &Bench) {
    let without = generator(bench, "DG-21").await;
    let struck = generator(bench, "DG-22").await;
    let at = begin() + TimeDelta::minutes(1_705);
    let mut rest = readings(without);
    rest.iter_mut().filter(|row| row.at == at).for_each(|row| {
        row.values.set(Field::DieselConsumptionLiters, None);
    });
    bench.submit([rest, readings(struck)].concat()).await;
    bench.settled().await;
    let before = rows(&bench.pool, struck).await;

    let field = Field::DieselConsumptionLiters.json();
    let asked = json!({"timestamp": at, "field": field, "value": null, "reason": "misread"});
    let asked = serde_json::from_value(asked).unwrap();
    let entered =
        service::readings::corrections::create(&bench.service, WHO, &struck.into(), asked)
            .await
            .unwrap();
    bench.settled().await;
    same(&rows(&bench.pool, struck).await, &rows(&bench.pool, without).await, "struck out");

    let n = entered.n.to_string();
    service::readings::corrections::undo(&bench.service, WHO, &struck.into(), &n).await.unwrap();
    bench.settled().await;
    same(&rows(&bench.pool, struck).await, &before, "taken back");
}

/// What a person types in is read there, however far it is from what comes late.
async fn a_register_that_a_person_types_in_is_read_there(bench: &Bench) {
    let read = generator(bench, "DG-31").await;
    let typed = generator(bench, "DG-32").await;
    let at = begin() + TimeDelta::minutes(3_405);
    let late = begin() + TimeDelta::minutes(1_745);
    let mut rest = readings(typed);
    let mut litres = None;
    rest.iter_mut().filter(|row| row.at == at).for_each(|row| {
        litres = row.values.diesel_consumption_liters.take();
    });
    let (late, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|row| row.at == late);
    bench.submit([readings(read), rest].concat()).await;
    bench.settled().await;
    let field = Field::DieselConsumptionLiters.json();
    let asked = json!({"timestamp": at, "field": field, "value": litres, "reason": "by hand"});
    let asked = serde_json::from_value(asked).unwrap();
    service::readings::corrections::create(&bench.service, WHO, &typed.into(), asked)
        .await
        .unwrap();
    bench.settled().await;
    bench.submit(late).await;
    bench.settled().await;
    same(&rows(&bench.pool, typed).await, &rows(&bench.pool, read).await, "typed in");
}

/// The quarter-hour of the exchange is the one that was computed last, and its readings are the same since.
async fn an_exchange_where_it_was_computed_last_takes_back_what_lay_across_it(bench: &Bench) {
    let id = bench.meter("M-41", "Main", None).await;
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
    bench.submit((0..=72).map(row).collect()).await;
    bench.settled().await;
    let exported = async || -> f64 { rows(&bench.pool, id).await.iter().map(|row| row.2).sum() };
    assert!((exported().await - 5.0).abs() < 1e-6);
    let mut late = reading(id, at(152), 12.0, 0.0);
    late.values.total_energy_kwh = Some(30.4);
    bench.submit(vec![late]).await;
    bench.settled().await;
    let exchange = service::meters::exchanges::NewExchange {
        timestamp: at(154),
        old_final_kwh: 30.8,
        new_initial_kwh: 30.8,
        import_register: None,
        reason: "broken".to_owned(),
    };
    service::meters::exchanges::create(&bench.service, WHO, &id.into(), exchange).await.unwrap();
    bench.settled().await;
    // What the old meter exported since it was read last is not known.
    assert!((exported().await - 1.0).abs() < 1e-6, "{}", exported().await);
}
