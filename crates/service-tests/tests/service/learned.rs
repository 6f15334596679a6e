//! What is learned of a register, and decided about its steps, holds for what its readings show: in whichever
//! order they came, and no longer than they show it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::energy::StepId;
use domain::{Field, MeterId, Quality, Reading, Source, Values};
use serde_json::{Value, json};
use service::Service;
use service::energy::quarantine::{self, StepState, StepView};
use service::meters::exchanges;
use service::readings::corrections;
use sqlx::PgPool;

use crate::bench::{Bench, WHO};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn lessons_and_decisions_hold_for_what_readings_show(pool: PgPool) {
    let bench = Bench::start(pool).await;
    which_register_holds_the_import_is_told_by_the_first_reading_whenever_it_comes(&bench).await;
    a_step_is_forgotten_with_the_reading_that_showed_it(&bench).await;
    a_decision_holds_for_the_step_that_was_looked_at(&bench).await;
    one_wrong_reading_says_nothing_of_where_a_register_wraps(&bench).await;
    a_preview_shows_the_days_that_a_correction_changes(&bench).await;
    bench.stop().await;
}

const TOTAL: Field = Field::TotalEnergyKwh;
const IMPORT: Field = Field::EnergyImportKwh;

fn at(hour: i64, minute: i64) -> DateTime<Utc> {
    let midnight: DateTime<Utc> = "2026-05-05T00:00:00Z".parse().unwrap();
    midnight + TimeDelta::hours(hour) + TimeDelta::minutes(minute)
}

fn shown(id: MeterId, at: DateTime<Utc>, fields: &[(Field, f64)]) -> Reading {
    let mut values = Values::default();
    for (field, value) in fields {
        values.set(*field, Some(*value));
    }
    Reading { meter: id, at, quality: Quality::Good, source: Source::Api, values }
}

/// Readings of the total register, one an hour from a given one on.
fn hourly(id: MeterId, first: i64, totals: &[f64]) -> Vec<Reading> {
    let read = |(hour, total): (i64, &f64)| shown(id, at(hour, 0), &[(TOTAL, *total)]);
    (first..).zip(totals).map(read).collect()
}

async fn read(bench: &Bench, readings: Vec<Reading>) {
    bench.submit(readings).await;
    bench.settled().await;
}

async fn patched(bench: &Bench, id: MeterId, set: Value) {
    bench.change(id, set).await;
    bench.settled().await;
}

/// Corrects a total, or strikes it out; its number.
async fn corrected(
    service: &Service,
    id: MeterId,
    at: DateTime<Utc>,
    value: Option<f64>,
) -> String {
    let body =
        json!({"timestamp": at, "field": "totalEnergyKwh", "value": value, "reason": "misread"});
    let body = serde_json::from_value(body).unwrap();
    corrections::create(service, WHO, &id.into(), body).await.unwrap().n.to_string()
}

async fn held(service: &Service, id: MeterId, state: StepState) -> Vec<StepView> {
    quarantine::list(service, WHO, None, Some(&id.into()), Some(state)).await.unwrap()
}

async fn decided(bench: &Bench, id: MeterId, accept: bool) {
    let service = &bench.service;
    for step in held(service, id, StepState::Open).await {
        let n = StepId(step.n);
        let decided = if accept {
            quarantine::accept(service, WHO, n).await
        } else {
            quarantine::reject(service, WHO, n).await
        };
        decided.unwrap();
    }
    bench.settled().await;
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-6
}

async fn which_register_holds_the_import_is_told_by_the_first_reading_whenever_it_comes(
    bench: &Bench,
) {
    let (one, other) =
        (bench.meter("A1", "Main", None).await, bench.meter("B1", "Main", None).await);
    let of = |id| {
        [
            shown(id, at(9, 0), &[(IMPORT, 50.0)]),
            shown(id, at(10, 0), &[(TOTAL, 100.0)]),
            shown(id, at(11, 0), &[(IMPORT, 60.0), (TOTAL, 130.0)]),
            shown(id, at(12, 0), &[(IMPORT, 65.0), (TOTAL, 145.0)]),
        ]
    };
    read(bench, of(one).to_vec()).await;
    read(bench, of(other)[1..].to_vec()).await;
    assert!(near(bench.total(other).await, 45.0));
    read(bench, of(other)[..1].to_vec()).await;
    for id in [one, other] {
        assert!(near(bench.total(id).await, 15.0), "{}", bench.total(id).await);
    }

    let struck =
        json!({"timestamp": at(9, 0), "field": "energyImportKwh", "value": null, "reason": "test"});
    let id = one.into();
    let struck = serde_json::from_value(struck).unwrap();
    let n = corrections::create(&bench.service, WHO, &id, struck).await.unwrap().n.to_string();
    bench.settled().await;
    assert!(near(bench.total(one).await, 45.0), "the first that holds any is that of ten o'clock");
    corrections::undo(&bench.service, WHO, &id, &n).await.unwrap();
    bench.settled().await;
    assert!(near(bench.total(one).await, 15.0));
}

async fn a_step_is_forgotten_with_the_reading_that_showed_it(bench: &Bench) {
    let totals = [20_000.0, 20_010.0, 20_030.0, 20_020.0, 20_040.0, 20_060.0];
    let mut ids = Vec::new();
    for number in ["P1", "P2", "P3"] {
        ids.push(bench.meter(number, "Main", None).await);
    }
    for id in &ids {
        patched(bench, *id, json!({"ratedPowerKw": 100})).await;
    }
    patched(bench, ids[2], json!({"importRegister": "total"})).await;
    read(bench, hourly(ids[0], 0, &totals)).await;
    read(bench, hourly(ids[1], 0, &[totals.as_slice(), &[20_070.0]].concat())).await;
    let mut both = hourly(ids[2], 0, &totals);
    for reading in &mut both {
        reading.values.energy_import_kwh = reading.values.total_energy_kwh.map(|kwh| kwh / 3.0);
    }
    read(bench, both).await;
    let right = [60.0, 70.0, 60.0];
    for (id, right) in ids.iter().zip(right) {
        assert!(near(bench.total(*id).await, right), "{id}: {}", bench.total(*id).await);
    }

    // A fall of ten is noise of a register that counts by tens, and of one that counts finer it is not.
    read(bench, hourly(ids[0], 6, &[20_060.5])).await;
    let finer = corrected(&bench.service, ids[1], at(6, 0), Some(20_060.5)).await;
    patched(bench, ids[2], json!({"importRegister": "import"})).await;

    corrected(&bench.service, ids[0], at(6, 0), None).await;
    corrections::undo(&bench.service, WHO, &ids[1].into(), &finer).await.unwrap();
    patched(bench, ids[2], json!({"importRegister": "total"})).await;
    for (id, right) in ids.iter().zip(right) {
        assert!(near(bench.total(*id).await, right), "{id}: {}", bench.total(*id).await);
    }
}

async fn a_decision_holds_for_the_step_that_was_looked_at(bench: &Bench) {
    let mut ids = Vec::new();
    for number in ["corrected", "exchanged", "late", "accepted", "net"] {
        ids.push(bench.meter(number, "Main", None).await);
    }
    for id in &ids {
        patched(bench, *id, json!({"ratedPowerKw": 100})).await;
    }
    patched(bench, ids[4], json!({"phaseType": "net-meter"})).await;
    for id in &ids {
        read(bench, hourly(*id, 8, &[1_000.0, 1_010.0, 9_999.0, 10_009.0, 10_019.0])).await;
        assert!(near(bench.total(*id).await, 30.0));
        decided(bench, *id, *id == ids[3]).await;
    }
    assert!(near(bench.total(ids[3]).await, 9_019.0));

    corrected(&bench.service, ids[0], at(10, 0), Some(1_020.0)).await;
    corrected(&bench.service, ids[0], at(11, 0), Some(1_030.0)).await;
    corrected(&bench.service, ids[0], at(12, 0), Some(1_040.0)).await;
    let body = json!({"timestamp": at(9, 30), "oldFinalKwh": 1_015, "newInitialKwh": 9_994, "reason": "new"});
    let body = serde_json::from_value(body).unwrap();
    exchanges::create(&bench.service, WHO, &ids[1].into(), body).await.unwrap();
    let late = [
        shown(ids[2], at(9, 30), &[(TOTAL, 1_015.0)]),
        shown(ids[2], at(9, 45), &[(TOTAL, 9_994.0)]),
    ];
    read(bench, late.to_vec()).await;
    for id in &ids[..3] {
        assert!(near(bench.total(*id).await, 40.0), "{id}: {}", bench.total(*id).await);
    }

    let changed = corrected(&bench.service, ids[3], at(10, 0), Some(800_000.0)).await;
    bench.settled().await;
    assert!(
        bench.total(ids[3]).await < 21.0,
        "nobody accepted that: {}",
        bench.total(ids[3]).await
    );
    assert_eq!(held(&bench.service, ids[3], StepState::Accepted).await.len(), 1);
    corrections::undo(&bench.service, WHO, &ids[3].into(), &changed).await.unwrap();
    bench.settled().await;
    assert!(near(bench.total(ids[3]).await, 9_019.0), "{}", bench.total(ids[3]).await);

    patched(bench, ids[4], json!({"ratedPowerKw": 50_000})).await;
    assert!(near(bench.total(ids[4]).await, 30.0), "what was rejected never counts");
}

async fn one_wrong_reading_says_nothing_of_where_a_register_wraps(bench: &Bench) {
    let totals = [990.0, 992.0, 5_992.0, 996.0, 3.0, 5.0, 7.0];
    let (one, other) =
        (bench.meter("A2", "Main", None).await, bench.meter("B2", "Main", None).await);
    patched(bench, one, json!({"ratedPowerKw": 60})).await;
    for id in [one, other] {
        read(bench, hourly(id, 8, &totals)).await;
        patched(bench, id, json!({"registerModulusKwh": 1_000})).await;
        assert!(near(bench.total(id).await, 17.0), "{id}: {}", bench.total(id).await);
        patched(bench, id, json!({"registerModulusKwh": 10_000})).await;
        patched(bench, id, json!({"registerModulusKwh": 1_000})).await;
        assert!(near(bench.total(id).await, 17.0));
    }
}

/// The energy of each day of the site.
async fn days_of(bench: &Bench, id: MeterId) -> Vec<(NaiveDate, f64)> {
    sqlx::query_as(
        "SELECT (bucket_start AT TIME ZONE time_zone)::date AS day, sum(import_kwh) \
         FROM energy_intervals JOIN energy_meters meter ON meter.id = meter_id \
             JOIN sites ON sites.id = site_id \
         WHERE meter_id = $1 GROUP BY day ORDER BY day",
    )
    .bind(id.0)
    .fetch_all(&bench.pool)
    .await
    .unwrap()
}

async fn a_preview_shows_the_days_that_a_correction_changes(bench: &Bench) {
    for (number, days, is_whole) in [("L-31", 3, true), ("L-32", 100, false)] {
        let id = bench.meter(number, "Main", None).await;
        let again = shown(id, at(2 + 24 * days, 0), &[(TOTAL, 1_500.0)]);
        read(bench, [hourly(id, 0, &[1_000.0, 1_010.0, 1_020.0]), vec![again]].concat()).await;
        let before = days_of(bench, id).await;
        let asked =
            json!({"timestamp": at(2, 0), "field": TOTAL.json(), "value": 1_014.0, "reason": ""});
        let asked = serde_json::from_value(asked).unwrap();
        let effect =
            service::meters::page::effect(&bench.service, WHO, &id.into(), &asked).await.unwrap();
        assert_eq!(effect.is_whole, is_whole, "{number}: {effect:?}");

        corrected(&bench.service, id, at(2, 0), Some(1_014.0)).await;
        bench.settled().await;
        let after = days_of(bench, id).await;
        let changed = before.iter().zip(&after).filter(|(one, other)| !near(one.1, other.1));
        let changed: Vec<_> = changed.collect();
        assert_eq!(changed.len() == effect.days.len(), is_whole, "{number}: {changed:?}");
        for ((before, after), shown) in changed.into_iter().zip(&effect.days) {
            assert_eq!((before.0, after.0), (shown.date, shown.date), "{number}");
            let kwh = (shown.before.import_kwh, shown.after.import_kwh);
            assert!(
                near(kwh.0, before.1) && near(kwh.1, after.1),
                "{before:?} {after:?} {shown:?}"
            );
        }
    }
}
