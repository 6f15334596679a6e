//! Alarms of what is summed up over hours: a tank, and a register against its power.

use service::alarms::{rules, update};
use service::{Error, Patch};

use super::*;
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn sums_over_hours_raise_alarms(pool: PgPool) {
    let bench = Bench::start(pool).await;
    a_tank_that_runs_low_is_an_alarm_until_it_is_filled(&bench).await;
    a_register_that_does_not_follow_its_power_is_an_alarm_until_its_limit_allows_it(&bench).await;
    bench.stop().await;
}

/// Waits until the site has so many open alarms of a kind.
async fn of_kind(bench: &Bench, kind: Kind, count: usize) -> Vec<Alarm> {
    until(&format!("{count} alarms of {kind:?}"), async || {
        let asked = AlarmsRequest { limit: 100, ..AlarmsRequest::default() };
        let mut open = list(&bench.service, WHO, asked).await.unwrap().0;
        open.retain(|alarm| alarm.kind == kind);
        if open.len() == count { Ok(open) } else { Err(open) }
    })
    .await
}

async fn a_tank_that_runs_low_is_an_alarm_until_it_is_filled(bench: &Bench) {
    let dg = bench.meter("DG-1", "DG", None).await;
    let service = &bench.service;
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
    bench.submit(burnt.collect()).await;
    let from = Some(filled_at.into());
    let asked = || service::SiteWindow { from, ..Default::default() };
    until("what was burnt", async || {
        let diesel = service::carbon::diesel::get(service, WHO, asked()).await.unwrap();
        let litres = diesel.generators[0].litres;
        litres.filter(|litres| *litres > 85.0).ok_or(litres)
    })
    .await;
    let rule =
        json!({"kind": "diesel_low", "meterId": "DG-1", "tankLitres": 100, "filledAt": filled_at});
    let rule = serde_json::from_value(rule).unwrap();
    let rule = service::alarms::create(service, WHO, rule).await.unwrap();
    let text = of_kind(bench, Kind::DieselLow, 1).await.remove(0).about.message;
    assert!(text.ends_with("% of 100 L of diesel is left, limit 20 %"), "{text}");
    // Other litres without the time of their filling would count what was burnt before against them.
    let litres = Patch::from_iter([("tankLitres".to_owned(), json!(400))]);
    let refused = update(service, WHO, rule.id, litres).await;
    let fault = |error: &Error| matches!(error, Error::Invalid { field, .. } if field.as_deref() == Some("filledAt"));
    assert!(refused.as_ref().is_err_and(fault), "{refused:?}");
    let filled = Patch::from_iter([
        ("tankLitres".to_owned(), json!(400)),
        ("filledAt".to_owned(), json!(Utc::now())),
    ]);
    update(service, WHO, rule.id, filled).await.unwrap();
    of_kind(bench, Kind::DieselLow, 0).await;
}

async fn a_register_that_does_not_follow_its_power_is_an_alarm_until_its_limit_allows_it(
    bench: &Bench,
) {
    let right = bench.meter("M-1", "Main", None).await;
    let wrong = bench.meter("M-2", "Main", None).await;
    let turned = bench.meter("M-3", "Solar", None).await;
    let service = &bench.service;
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
        bench.submit(rows).await;
    }
    bench.settled().await;
    let listed = rules(service, WHO, None).await.unwrap();
    let rule = listed.iter().find(|rule| rule.kind == Kind::DataQuality).unwrap();
    assert!(rule.enabled, "on from the start");
    let change = async |value: Value| {
        let Value::Object(change) = value else { panic!("a change is an object") };
        update(service, WHO, rule.id, change.into()).await.unwrap();
    };
    change(json!({"severity": "critical"})).await;
    let found = of_kind(bench, Kind::DataQuality, 1).await;
    assert_eq!((found[0].meter_id, found[0].value), (wrong, Some(90.0)));
    let text = &found[0].about.message;
    assert!(text.contains("the register counted 4") && text.contains("adds up to 4"), "{text}");
    assert!(text.ends_with("apart, limit 2 %; check the scales and the CT ratio"), "{text}");
    change(json!({"raise": 95, "clear": 95})).await;
    of_kind(bench, Kind::DataQuality, 0).await;
}
