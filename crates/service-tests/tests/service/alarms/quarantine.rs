//! What a register showed that is not counted is an alarm until somebody decides.

use domain::alarms::view::AlarmRow;
use domain::energy::StepId;
use service::Principal;
use service::energy::quarantine;
use service::pages::Query;

use super::delivery::{Telling, recipient};
use super::receivers::Hook;
use super::*;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_quarantined_step_is_an_alarm(pool: PgPool) {
    let bench = Bench::start(pool).await;
    quarantined_steps_are_one_alarm_of_their_meter_until_all_are_decided(&bench).await;
    an_alarm_about_a_step_is_over_when_the_step_is_gone(&bench).await;
    bench.stop().await;
}

/// Hourly figures of the register of a meter of 100 kW, from 8:30 on; the meter.
async fn register(bench: &Bench, number: &str, figures: &[f64]) -> MeterId {
    let id = bench.meter(number, "Main", None).await;
    bench.change(id, json!({"ratedPowerKw": 100})).await;
    let first: DateTime<Utc> = "2026-05-05T08:30:00Z".parse().unwrap();
    let reading = |(hour, kwh): (i32, &f64)| {
        let values = Values { total_energy_kwh: Some(*kwh), ..Values::default() };
        Reading { at: first + TimeDelta::hours(1) * hour, values, ..phases(id, EVEN) }
    };
    bench.submit((0..).zip(figures).map(reading).collect()).await;
    look(bench).await;
    id
}

/// Lets what was computed show at once: else what waits is looked for every ten seconds.
async fn look(bench: &Bench) {
    bench.settled().await;
    let rules = service::alarms::rules(&bench.service, WHO, None).await.unwrap();
    let rule = rules.iter().find(|rule| rule.kind == Kind::Quarantine).unwrap();
    let same = service::Patch::from_iter([("enabled".to_owned(), json!(true))]);
    service::alarms::update(&bench.service, WHO, rule.id, same).await.unwrap();
}

/// Waits until a meter has an open alarm on the page, as wanted, and no other.
async fn shown(bench: &Bench, id: MeterId, wanted: impl Fn(&AlarmRow) -> bool) -> AlarmRow {
    let query = Query::parse(&format!("meter={id}"));
    until("the alarm on the page", async || {
        let page = service::alarms::page::alarms(&bench.service, WHO, &query).await.unwrap();
        let [alarm] = &page.open[..] else { return Err(page.open) };
        if wanted(alarm) { Ok(alarm.clone()) } else { Err(page.open) }
    })
    .await
}

async fn quarantined_steps_are_one_alarm_of_their_meter_until_all_are_decided(bench: &Bench) {
    let mut hook = Hook::listen(0).await;
    recipient(&bench.service, "default", "webhook", &hook.url, "warning").await;
    let telling = Telling::start(&bench.service, None);
    let figures = [1000.0, 1010.0, 9999.0, 10009.0, 10019.0, 29999.0, 30009.0, 30019.0];
    let id = register(bench, "M-1", &figures).await;
    let raised = shown(bench, id, |alarm| {
        alarm.held.len() == 2 && alarm.alarm.about.message.ends_with("waits")
    })
    .await;
    assert_eq!(
        raised.alarm.about.message,
        "The register rose from 1,010 to 9,999 kWh between 2026-05-05 09:30:00 and 2026-05-05 \
         10:30:00. Nothing of it counts until somebody decides: \"Count it\" counts \
         8,989 kWh, \"Leave it out\" counts nothing; another step of the meter waits"
    );
    assert_eq!(raised.alarm.kind, Kind::Quarantine);
    let (_, event) = hook.next().await;
    let kind = (&event["event"], &event["alarm"]["kind"]);
    assert_eq!(kind, (&json!("raised"), &json!("quarantine")));

    // Not everybody may decide.
    let [first, second] = [0, 1].map(|step: usize| StepId(raised.held[step].n));
    quarantine::accept(&bench.service, &Principal::Anonymous, first).await.unwrap_err();
    quarantine::accept(&bench.service, WHO, first).await.unwrap();
    let left =
        shown(bench, id, |alarm| alarm.alarm.about.message.contains("from 10,019 to 29,999 kWh"))
            .await;
    assert_eq!((left.alarm.id, left.held.len()), (raised.alarm.id, 1), "it is the same alarm");
    quarantine::reject(&bench.service, WHO, second).await.unwrap();
    over(bench, id).await;
    assert!(alarms(bench, id, AlarmState::All).await[0].cleared_at.is_some());
    assert_eq!(hook.next().await.1["event"], "cleared");
    bench.settled().await;
    let kwh = bench.total(id).await;
    assert!((kwh - 9_039.0).abs() < 1e-6, "{kwh}");
    telling.stop().await;
}

async fn an_alarm_about_a_step_is_over_when_the_step_is_gone(bench: &Bench) {
    let id = register(bench, "M-2", &[1000.0, 1010.0, 9999.0, 10009.0, 10019.0]).await;
    let raised = shown(bench, id, |_| true).await;
    let page = service::alarms::page::alarms(&bench.service, WHO, &Query::default()).await;
    assert_eq!(page.unwrap().open, [raised]);
    // The meter is of another size: what was too large for the old one is ordinary.
    bench.change(id, json!({"ratedPowerKw": 10_000})).await;
    look(bench).await;
    over(bench, id).await;
}
