//! Readings that do not fit their register: where they are shown, and that many of them are an alarm.

use chrono::{TimeDelta, Utc};
use domain::alarms::Kind;
use domain::energy::interval::Decision;
use domain::history::view::Event;
use domain::history::{Channel, Wanted};
use domain::meters::view::meter::Reading as Taken;
use domain::{Field, MeterId, Reading, Values};
use serde_json::json;
use service::alarms::{AlarmsRequest, list, rules, update};
use service::energy::outliers::{Decided, NewDecision, decide, undo};
use service::history::{self, Detail};
use service::meters::{MeterRef, page};
use service::pages::Query;
use sqlx::PgPool;

use crate::bench::{Bench, WHO, until};
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn outliers_are_shown_and_many_are_an_alarm(pool: PgPool) {
    let bench = Bench::start(pool).await;
    let id = zeros_of_today(&bench).await;
    many_on_a_day_are_one_alarm(&bench, id).await;
    the_register_lists_them_and_its_line_leaves_them_out(&bench, id).await;
    history_marks_them_hollow(&bench, id).await;
    bench.stop().await;
}

/// A meter of 10 kW that showed 0 for 25 seconds of today.
async fn zeros_of_today(bench: &Bench) -> MeterId {
    let id = bench.meter("M-1", "Main", None).await;
    bench.change(id, json!({"ratedPowerKw": 10, "registerStepKwh": 0.01})).await;
    let now = Utc::now();
    let midnight = now.date_naive().and_hms_opt(0, 0, 0).unwrap().and_utc();
    let from = midnight.max(now - TimeDelta::minutes(2));
    let row = |i: u32| {
        let kwh = if (5..30).contains(&i) { 0.0 } else { 1234.5 + f64::from(i) / 1000.0 };
        let values = Values { total_energy_kwh: Some(kwh), ..Values::default() };
        Reading { values, ..reading(id, from + TimeDelta::seconds(i.into()), 0.0, 0.0) }
    };
    bench.submit((0..35).map(row).collect()).await;
    bench.settled().await;
    id
}

async fn many_on_a_day_are_one_alarm(bench: &Bench, id: MeterId) {
    let service = &bench.service;
    let listed = rules(service, WHO, None).await.unwrap();
    let rule = listed.iter().find(|rule| rule.kind == Kind::Outliers).unwrap();
    assert!(rule.enabled, "on from the start");
    let change = async |change: serde_json::Value| {
        let serde_json::Value::Object(change) = change else { panic!("a change is an object") };
        update(service, WHO, rule.id, change.into()).await.unwrap();
    };
    let open = async |count: usize| {
        until(&format!("{count} alarms"), async || {
            let asked = AlarmsRequest { limit: 100, ..AlarmsRequest::default() };
            let mut open = list(service, WHO, asked).await.unwrap().0;
            open.retain(|alarm| alarm.kind == Kind::Outliers);
            if open.len() == count { Ok(open) } else { Err(open) }
        })
        .await
    };
    // Rules that changed have what they look at counted at once.
    change(json!({"severity": "critical"})).await;
    let found = open(1).await.remove(0);
    assert_eq!((found.meter_id, found.value), (id, Some(25.0)));
    let text = &found.about.message;
    let begins = "25 readings of a day do not fit their register and do not count, limit 20";
    assert!(text.starts_with(begins), "{text}");
    change(json!({"raise": 30, "clear": 30})).await;
    open(0).await;
}

async fn the_register_lists_them_and_its_line_leaves_them_out(bench: &Bench, id: MeterId) {
    let service = &bench.service;
    let shown =
        async || page::registers(service, WHO, id, &Query::parse("")).await.unwrap().unwrap();
    let before = shown().await;
    let out: Vec<_> = before.rows.iter().filter(|row| row.reading == Taken::Outlier).collect();
    assert_eq!((out.len(), before.more_outliers), (24, 1));
    assert!(out.iter().all(|row| row.counted_kwh == Some(0.0)), "{out:?}");
    assert!(before.runs.iter().flatten().all(|(_, kwh)| *kwh > 0.0), "{:?}", before.runs);
    assert!((before.counted_kwh - 0.034).abs() < 1e-9, "{}", before.counted_kwh);

    let (at, field) = (out.last().unwrap().at, Field::TotalEnergyKwh.json().to_owned());
    let new = |decision| NewDecision {
        meter_id: Some(MeterRef::Id(id.0)),
        meter_number: None,
        timestamp: at,
        field: field.clone(),
        value: Some(0.0),
        decision,
    };
    for (decision, taken) in
        [(Decision::Accept, Taken::Accepted), (Decision::Reject, Taken::Rejected)]
    {
        decide(service, WHO, None, new(decision)).await.unwrap();
        bench.settled().await;
        let row = shown().await.rows.into_iter().find(|row| row.at == at).unwrap();
        assert_eq!(row.reading, taken);
    }
    let page = shown().await;
    assert!(page.runs.iter().flatten().all(|(_, kwh)| *kwh > 0.0), "{:?}", page.runs);
    let decided = Decided { timestamp: at, field, value: 0.0 };
    undo(service, WHO, &id.into(), &decided).await.unwrap();
    bench.settled().await;
    assert_eq!(shown().await.rows, before.rows);
}

async fn history_marks_them_hollow(bench: &Bench, id: MeterId) {
    let series = history::address(&[Wanted::of(id, Channel::Instant(Field::ActivePowerKw))]);
    let query = Query::parse(&format!("series={series}"));
    let page = history::history(&bench.service, WHO, &query, Detail::Page).await.unwrap();
    let of = |event: &Event| match event {
        Event::Outliers { field, at } => Some((*field, at.len())),
        _ => None,
    };
    let found: Vec<_> = page.marks.iter().filter_map(|mark| of(&mark.event)).collect();
    assert_eq!(found, [(Field::TotalEnergyKwh, 25)]);
}
