//! What a register showed that is not counted is an alarm until somebody decides.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::alarms::Kind;
use domain::alarms::view::AlarmRow;
use domain::energy::StepId;
use domain::{MeterId, Quality, Reading, Source, Values};
use serde_json::json;
use service::alarms::AlarmState;
use service::energy::quarantine;
use service::pages::Query;
use service::{Principal, Service, Tasks};
use sqlx::PgPool;

use super::receivers::Hook;
use super::{WHO, alarms, recipient, start, telling};
use crate::{meter, rollup};

/// Hourly figures of a register, from 8:30 on.
async fn show(tasks: &Tasks, meter: MeterId, figures: &[f64]) {
    let first: DateTime<Utc> = "2026-05-05T08:30:00Z".parse().unwrap();
    let reading = |(hour, kwh): (i32, &f64)| Reading {
        meter,
        at: first + TimeDelta::hours(1) * hour,
        quality: Quality::Good,
        source: Source::Api,
        values: Values { total_energy_kwh: Some(*kwh), ..Values::default() },
    };
    let readings = (0..).zip(figures).map(reading).collect();
    tasks.outbox.submit(readings).await.unwrap();
}

/// Lets what was computed show at once: else what waits is looked for every ten seconds.
async fn look(pool: &PgPool, service: &Service) {
    rollup::settled(pool).await;
    let rules = service::alarms::rules(service, WHO, None).await.unwrap();
    let rule = rules.iter().find(|rule| rule.kind == Kind::Quarantine).unwrap();
    let same = service::Patch::from_iter([("enabled".to_owned(), json!(true))]);
    service::alarms::update(service, WHO, rule.id, same).await.unwrap();
}

/// A meter of 100 kW.
async fn rated(pool: &PgPool, number: &str) -> MeterId {
    let id = meter(pool, number, "Main", None).await;
    sqlx::query("UPDATE energy_meters SET rated_power_kw = 100 WHERE id = $1")
        .bind(id.0)
        .execute(pool)
        .await
        .unwrap();
    id
}

/// Waits until the open alarms of the page are as wanted.
async fn open(
    service: &Service,
    what: &str,
    wanted: impl Fn(&[AlarmRow]) -> bool,
) -> Vec<AlarmRow> {
    for _ in 0..1_200 {
        let page = service::alarms::page::alarms(service, WHO, &Query::default()).await.unwrap();
        if wanted(&page.open) {
            return page.open;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("did not happen within 30 s: {what}");
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_is_quarantined_is_one_alarm_of_its_meter_until_all_of_it_is_decided(pool: PgPool) {
    let id = rated(&pool, "M-1").await;
    let mut hook = Hook::listen(0).await;
    let (service, tasks) = start(&pool).await;
    recipient(&service, "webhook", &hook.url, "warning").await;
    let (stop, task) = telling(&service, None);
    show(&tasks, id, &[1000.0, 1010.0, 9999.0, 10009.0, 29999.0, 30009.0]).await;
    look(&pool, &service).await;
    let raised = open(&service, "an alarm with two steps", |open| {
        open.first().is_some_and(|alarm| {
            alarm.held.len() == 2 && alarm.alarm.about.message.ends_with("waits")
        })
    })
    .await;
    assert_eq!(raised.len(), 1, "{raised:#?}");
    assert_eq!(
        raised[0].alarm.about.message,
        "The register rose from 1,010 to 9,999 kWh between 2026-05-05 09:30:00 and 2026-05-05 \
         10:30:00. Nothing of it counts until somebody decides: \"It is right, count it\" counts \
         8,989 kWh, \"It is wrong, leave it out\" counts nothing; another step of the meter waits"
    );
    assert_eq!(alarms(&service, AlarmState::Open).await[0].kind, Kind::Quarantine);
    let (_, told) = hook.next().await;
    assert_eq!((&told["event"], &told["alarm"]["kind"]), (&json!("raised"), &json!("quarantine")));

    // Not everybody may decide.
    let nobody = Principal::Anonymous;
    let [first, second] = [0, 1].map(|step: usize| raised[0].held[step].n);
    quarantine::accept(&service, &nobody, StepId(first)).await.unwrap_err();
    quarantine::accept(&service, WHO, StepId(first)).await.unwrap();
    let left = open(&service, "the other step", |open| {
        open.first()
            .is_some_and(|alarm| alarm.alarm.about.message.contains("from 10,009 to 29,999 kWh"))
    })
    .await;
    assert_eq!(
        (left[0].alarm.id, left[0].held.len()),
        (raised[0].alarm.id, 1),
        "it is the same alarm"
    );
    quarantine::reject(&service, WHO, StepId(second)).await.unwrap();
    open(&service, "the alarm is over", <[_]>::is_empty).await;
    assert!(alarms(&service, AlarmState::All).await[0].cleared_at.is_some());
    let (_, told) = hook.next().await;
    assert_eq!(told["event"], "cleared");
    rollup::settled(&pool).await;
    let kwh: f64 = sqlx::query_scalar("SELECT sum(import_kwh) FROM energy_intervals")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!((kwh - 9_019.0).abs() < 1e-6, "{kwh}");
    stop.cancel();
    task.await;
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_alarm_about_a_step_is_over_when_the_step_is_gone(pool: PgPool) {
    let id = rated(&pool, "M-1").await;
    let (service, tasks) = start(&pool).await;
    show(&tasks, id, &[1000.0, 1010.0, 9999.0, 10009.0]).await;
    look(&pool, &service).await;
    let raised = open(&service, "an alarm", |open| open.len() == 1).await;
    let of_meter = format!("meter={id}");
    let page =
        service::alarms::page::alarms(&service, WHO, &Query::parse(&of_meter)).await.unwrap();
    assert_eq!(page.open, raised);
    // The meter is of another size: what was too large for the old one is ordinary.
    let change = service::Patch::from_iter([("ratedPowerKw".to_owned(), json!(10_000.0))]);
    service::meters::update(&service, WHO, &id.into(), change).await.unwrap();
    look(&pool, &service).await;
    open(&service, "the alarm is over", <[_]>::is_empty).await;
    tasks.stop().await;
}
