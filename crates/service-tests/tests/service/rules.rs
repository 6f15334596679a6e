//! What a change of a meter's rules alters of its past: looked at first, and then found so.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{MeterId, Reading};
use serde_json::{Value, json};
use service::meters::{self, ChangedView, NewMeter, RulesPreview};
use service::retention::once;
use service::{Patch, Principal, Service};
use sqlx::PgPool;

use crate::arrival::{Dice, GIVES, life, register};
use crate::meter;
use crate::retention::balanced;
use crate::rollup::settled;

const WHO: Principal = Principal::Loopback;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn patch(set: &Value) -> Patch<NewMeter> {
    serde_json::from_value(set.clone()).unwrap()
}

async fn looked(service: &Service, id: MeterId, set: &Value) -> RulesPreview {
    meters::preview_rules(service, &WHO, &id.into(), patch(set)).await.unwrap()
}

async fn saved(service: &Service, id: MeterId, set: &Value) -> ChangedView {
    meters::update(service, &WHO, &id.into(), patch(set)).await.unwrap()
}

/// Readings of the total register, one an hour.
fn hourly(id: MeterId, from: &str, totals: &[f64]) -> Vec<Reading> {
    let from = at(from);
    let read = |(hour, total): (i32, &f64)| {
        let mut reading = crate::reading(id, from + TimeDelta::hours(1) * hour, 0.0, *total);
        reading.values.active_power_kw = None;
        reading
    };
    (0..).zip(totals).map(read).collect()
}

/// What is stored of each day: import and export, kWh.
async fn stored(pool: &PgPool, id: MeterId) -> Vec<(NaiveDate, f64, f64)> {
    sqlx::query_as(
        "SELECT day, import_kwh, export_kwh FROM energy_days WHERE meter_id = $1 ORDER BY day",
    )
    .bind(id.0)
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn import(pool: &PgPool, id: MeterId) -> f64 {
    stored(pool, id).await.iter().map(|day| day.1).sum()
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-6
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_modulus_is_looked_at_before_it_makes_a_rollover_of_a_reset(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    let (service, tasks) =
        service::start_quick(pool.clone(), service::Vault::random()).await.unwrap();
    saved(&service, id, &json!({"ratedPowerKw": 200})).await;
    let totals = [99_990.0, 99_995.0, 3.0, 8.0, 13.0];
    tasks.outbox.submit(hourly(id, "2026-05-05T22:00:00Z", &totals)).await.unwrap();
    settled(&pool).await;
    let before = stored(&pool, id).await;
    assert!(near(import(&pool, id).await, 18.0), "a reset counts from zero: {before:?}");

    let set = json!({"registerModulusKwh": 100_000});
    let preview = looked(&service, id, &set).await;
    assert!(near(preview.before.import_kwh, 18.0) && near(preview.after.import_kwh, 23.0));
    let days: Vec<_> = preview.days.iter().map(|day| day.date.to_string()).collect();
    assert_eq!(days, ["2026-05-05"], "it fell in the last hour of that day: {:?}", preview.days);
    assert_eq!(preview.months.len(), 1);
    assert_eq!(preview.changes[0].field, "registerModulusKwh");
    assert!(preview.is_whole && preview.kept.sentence.is_none());
    settled(&pool).await;
    assert_eq!(stored(&pool, id).await, before, "nothing is written");

    let changed = saved(&service, id, &set).await;
    assert_eq!(changed.kept.unwrap().sentence, None);
    settled(&pool).await;
    assert!(near(import(&pool, id).await, 23.0));
    let nothing = looked(&service, id, &json!({"meterName": "Main meter"})).await;
    assert_eq!((nothing.from, nothing.days.len()), (None, 0));
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_is_looked_at_is_what_is_found_once_it_is_stored(pool: PgPool) {
    let mut dice = Dice(7);
    let mut ids = Vec::new();
    let mut all = Vec::new();
    for number in 0..8 {
        let gives = GIVES[usize::try_from(number).unwrap() % GIVES.len()];
        let meter = register(&pool, number, gives).await;
        all.extend(life(&mut dice, meter.id, gives));
        ids.push(meter.id);
    }
    let (service, tasks) =
        service::start_quick(pool.clone(), service::Vault::random()).await.unwrap();
    tasks.outbox.submit(all).await.unwrap();
    settled(&pool).await;
    let sets = [
        json!({"ratedPowerKw": 20}),
        json!({"importRegister": "import", "ratedPowerKw": 1_000}),
        json!({"registerModulusKwh": null, "registerStepKwh": 5}),
        json!({"phaseType": "net-meter", "importRegister": "total"}),
    ];
    let mut altered = 0;
    for (place, id) in ids.into_iter().enumerate() {
        let set = &sets[(place / 4 + place) % sets.len()];
        let preview = looked(&service, id, set).await;
        let before = stored(&pool, id).await;
        saved(&service, id, set).await;
        settled(&pool).await;
        let after = stored(&pool, id).await;
        for (date, import, export) in &after {
            let known = before.iter().find(|day| day.0 == *date).map(|day| (day.1, day.2));
            let looked = preview.days.iter().find(|day| day.date == *date);
            let (was, will) = if let Some(day) = looked {
                (day.before, day.after)
            } else {
                let (import_kwh, export_kwh) = known.unwrap_or_default();
                let same = meters::Counted { import_kwh, export_kwh, diesel_litres: None };
                (same, same)
            };
            let (was_in, was_out) = known.unwrap_or_default();
            assert!(near(was.import_kwh, was_in) && near(was.export_kwh, was_out));
            assert!(
                near(will.import_kwh, *import) && near(will.export_kwh, *export),
                "meter {place}, {date}, {set}: {will:?} was looked at, {import} and {export} are found"
            );
        }
        altered += preview.days.len();
    }
    assert!(altered > 0, "{altered} days change");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_is_frozen_or_billed_stays_and_the_change_says_so(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    storage::readings::partitions::ensure(&pool, [at("2026-04-30T02:00:00Z")]).await.unwrap();
    let (service, tasks) =
        service::start_quick(pool.clone(), service::Vault::random()).await.unwrap();
    saved(&service, id, &json!({"ratedPowerKw": 200})).await;
    let spring = [99_990.0, 99_995.0, 3.0, 8.0, 13.0];
    tasks.outbox.submit(hourly(id, "2026-04-30T02:00:00Z", &spring)).await.unwrap();
    let summer = [9.0, 10.0, 99_990.0, 99_995.0, 3.0, 8.0, 13.0].map(|total| total + 10.0);
    tasks.outbox.submit(hourly(id, "2026-05-01T00:00:00Z", &summer[..2])).await.unwrap();
    tasks.outbox.submit(hourly(id, "2026-05-31T00:00:00Z", &summer[2..])).await.unwrap();
    balanced(&pool).await;
    let dropped = once(&pool, at("2026-07-30T12:00:00Z")).await.unwrap();
    assert_eq!(dropped.months_of_readings, 1, "April's");
    sqlx::query(
        "INSERT INTO bills (site_id, meter_id, month, number, issued_at, generated_at, side, \
             consumed_kwh, produced_kwh, coverage, estimated_kwh, amount_due, content, digest, inputs) \
         SELECT site_id, id, '2026-05-01', '2026-05-0001', now(), now(), 'consumer', 0, 0, 1, 0, 0, \
             '{}', '', '{}' FROM energy_meters",
    )
    .execute(&pool)
    .await
    .unwrap();
    let april = async || {
        let may = at("2026-05-01T00:00:00Z").date_naive();
        let days = stored(&pool, id).await;
        days.iter().filter(|day| day.0 < may).map(|day| day.1).sum::<f64>()
    };
    let spring = april().await;
    let set = json!({"registerModulusKwh": 100_020});
    let preview = looked(&service, id, &set).await;
    assert_eq!(preview.from, Some(at("2026-05-01T00:00:00Z")));
    let frozen: Vec<_> = preview.kept.frozen_months.iter().map(ToString::to_string).collect();
    assert_eq!(frozen, ["2026-04"]);
    assert_eq!(preview.months[0].issued_bill.as_deref(), Some("2026-05-0001"));
    assert!(preview.days.iter().all(|day| day.date.to_string() == "2026-05-31"), "{preview:?}");

    let kept = saved(&service, id, &set).await.kept.unwrap();
    assert_eq!(kept, preview.kept);
    let sentence = kept.sentence.unwrap();
    assert!(sentence.contains("2026-04") && sentence.contains("2026-05-0001"), "{sentence}");
    settled(&pool).await;
    assert!(near(april().await, spring), "what is frozen stays");
    assert!(near(import(&pool, id).await, spring + preview.after.import_kwh));
    tasks.stop().await;
}
