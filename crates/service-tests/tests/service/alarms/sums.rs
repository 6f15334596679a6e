//! Alarms of what is summed up over hours: a tank, and a register against its power.

use service::alarms::{rules, update};
use service::{Error, Patch};

use super::*;
use crate::{reading, rollup};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_tank_that_runs_low_is_an_alarm_until_it_is_filled(pool: PgPool) {
    let dg = meter(&pool, "DG-1", "DG", None).await;
    let (service, tasks) = start(&pool).await;
    let filled_at = Utc::now() - TimeDelta::hours(2);
    // Each reading of its fuel counter says how much was burnt since the one before.
    let burnt = (0..=6).map(|i| {
        let values = Values {
            total_energy_kwh: Some(100.0 + 50.0 * f64::from(i)),
            diesel_consumption_liters: Some(15.0),
            ..Values::default()
        };
        let at = filled_at + TimeDelta::minutes(10 * i64::from(i));
        Reading { at, values, ..phases(dg, EVEN) }
    });
    tasks.outbox.submit(burnt.collect()).await.unwrap();
    let from = Some(filled_at.into());
    let asked = || service::carbon::CarbonQuery { from, ..Default::default() };
    for _ in 0..400 {
        let diesel = service::carbon::diesel::get(&service, WHO, asked()).await.unwrap();
        if diesel.generators[0].litres.is_some_and(|litres| litres > 85.0) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    let rule =
        json!({"kind": "diesel_low", "meterId": "DG-1", "tankLitres": 100, "filledAt": filled_at});
    let rule = serde_json::from_value(rule).unwrap();
    let rule = service::alarms::create(&service, WHO, rule).await.unwrap();
    let low = |alarm: &Alarm| alarm.kind == Kind::DieselLow;
    let raised = open(&service, "an alarm", |open| open.iter().any(low)).await;
    let raised = raised.into_iter().find(low).unwrap();
    assert!(
        raised.about.message.ends_with("% of 100 L of diesel is left, limit 20 %"),
        "{}",
        raised.about
    );
    // Other litres without the time of their filling would count what was burnt before against them.
    let litres = Patch::from_iter([("tankLitres".to_owned(), json!(400))]);
    let refused = update(&service, WHO, rule.id, litres).await;
    let fault = |error: &Error| matches!(error, Error::Invalid { field, .. } if field.as_deref() == Some("filledAt"));
    assert!(refused.as_ref().is_err_and(fault), "{refused:?}");
    let filled = Patch::from_iter([
        ("tankLitres".to_owned(), json!(400)),
        ("filledAt".to_owned(), json!(Utc::now())),
    ]);
    update(&service, WHO, rule.id, filled).await.unwrap();
    open(&service, "the alarm is over", |open| !open.iter().any(low)).await;
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_register_that_does_not_follow_its_power_is_an_alarm_until_its_limit_allows_it(
    pool: PgPool,
) {
    let right = meter(&pool, "M-1", "Main", None).await;
    let wrong = meter(&pool, "M-2", "Main", None).await;
    let turned = meter(&pool, "M-3", "Solar", None).await;
    let (service, tasks) = start(&pool).await;
    let from = Utc::now() - TimeDelta::hours(8);
    for i in 0..=96_i32 {
        let at = from + TimeDelta::minutes(5) * i;
        // The register of the second takes a current transformer for ten times smaller than it is.
        let rows = vec![
            reading(right, at, 60.0, 5.0 * f64::from(i)),
            reading(wrong, at, 60.0, 0.5 * f64::from(i)),
            // What flows back does not move a register that counts one direction alone.
            reading(turned, at, -60.0, 7.0),
        ];
        tasks.outbox.submit(rows).await.unwrap();
    }
    rollup::settled(&pool).await;
    let listed = rules(&service, WHO, None).await.unwrap();
    let rule = listed.iter().find(|rule| rule.kind == Kind::DataQuality).unwrap();
    assert!(rule.enabled, "on from the start");
    let change = async |value: Value| {
        let Value::Object(change) = value else { panic!("a change is an object") };
        update(&service, WHO, rule.id, change.into()).await.unwrap();
    };
    let is_it = |alarm: &Alarm| alarm.kind == Kind::DataQuality;
    change(json!({"severity": "critical"})).await;
    let open = open(&service, "an alarm", |open| open.iter().any(is_it)).await;
    let found: Vec<_> = open.iter().filter(|alarm| is_it(alarm)).collect();
    assert_eq!(found.iter().map(|alarm| alarm.meter_id).collect::<Vec<_>>(), [wrong]);
    assert_eq!(found[0].value, Some(90.0));
    let text = &found[0].about.message;
    assert!(text.contains("the register counted 4") && text.contains("adds up to 4"), "{text}");
    assert!(text.ends_with("apart, limit 2 %; check the scales and the CT ratio"), "{text}");
    change(json!({"raise": 95, "clear": 95})).await;
    super::open(&service, "the alarm is over", |open| !open.iter().any(is_it)).await;
    tasks.stop().await;
}
