//! Alarms against a real Postgres, real webhooks and a mail server.

mod delivery;
mod late;
mod losses;
mod quarantine;
pub(crate) mod receivers;
mod sums;

use acquisition::{Figures, Health};
use chrono::{DateTime, TimeDelta, Utc};
use domain::alarms::{Alarm, AlarmId, Kind};
use domain::devices::DeviceState;
use domain::{DeviceId, MeterId, Quality, Reading, Source, Values};
use serde_json::{Value, json};
use service::alarms::{Acknowledgement, AlarmState, AlarmsRequest, acknowledge, list};
use service::live::Followed;
use service::simulation::{TimeChange, set_time};
use sqlx::PgPool;

use crate::bench::{Bench, WHO, until};
use crate::meter;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn alarms_come_and_go(pool: PgPool) {
    hasten(&pool).await;
    let [offline, stale] = [(60_000, true), (100, false)];
    let offline = device(&pool, "OFFLINE", offline).await;
    // A device that is read every 100 ms, and switched off.
    let stale = device(&pool, "STALE", stale).await;
    let live = meter(&pool, "LIVE", "Grid", None).await;
    let bench = Bench::start(pool).await;
    the_live_stream_begins_with_the_open_alarms_and_tells_each_change(&bench, live).await;
    a_device_that_does_not_answer_is_an_alarm_until_it_does(&bench, offline).await;
    a_meter_that_is_read_no_more_is_stale(&bench, stale).await;
    the_simulated_world_has_no_alarms_until_somebody_wants_them(&bench).await;
    bench.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn open_alarms_outlive_the_process(pool: PgPool) {
    hasten(&pool).await;
    let bench = an_alarm_that_cannot_be_read_holds_up_no_other(pool).await;
    an_open_alarm_is_the_same_one_after_a_restart_and_stays_acknowledged(bench).await;
}

/// Alarms come and go at once.
async fn hasten(pool: &PgPool) {
    let statement = "UPDATE alarm_rules SET delay_s = 0, clear_delay_s = 0";
    sqlx::query(statement).execute(pool).await.unwrap();
}

/// A reading of the powers of three phases, in kW.
fn phases(meter: MeterId, [l1, l2, l3]: [f64; 3]) -> Reading {
    let values = Values {
        active_power_kw: Some(l1 + l2 + l3),
        active_power_kw_l1: Some(l1),
        active_power_kw_l2: Some(l2),
        active_power_kw_l3: Some(l3),
        ..Values::default()
    };
    Reading { meter, at: Utc::now(), quality: Quality::Good, source: Source::Api, values }
}

const UNEVEN: [f64; 3] = [15.0, -3.0, -2.0];
const EVEN: [f64; 3] = [5.0, 5.0, 5.0];

async fn show(bench: &Bench, meter: MeterId, powers: [f64; 3]) {
    bench.submit(vec![phases(meter, powers)]).await;
}

/// A meter with a device: without one, nothing is kept of a meter's connection.
async fn device(pool: &PgPool, number: &str, (poll_ms, enabled): (i32, bool)) -> MeterId {
    let meter = meter(pool, number, "Unit", None).await;
    let statement = "INSERT INTO devices (meter_id, protocol, poll_interval_ms, communication, enabled) \
                     VALUES ($1, 'http', $2, '{\"url\": \"http://127.0.0.1:1\"}', $3)";
    let query = sqlx::query(statement).bind(meter.0).bind(poll_ms).bind(enabled);
    query.execute(pool).await.unwrap();
    meter
}

async fn alarms(bench: &Bench, meter: MeterId, state: AlarmState) -> Vec<Alarm> {
    let meter = meter.into();
    let asked = AlarmsRequest { state, meter: Some(&meter), limit: 100, ..Default::default() };
    list(&bench.service, WHO, asked).await.unwrap().0
}

/// Waits until a meter has an open alarm, and only one.
async fn raised(bench: &Bench, meter: MeterId) -> Alarm {
    until("an alarm", async || {
        let mut open = alarms(bench, meter, AlarmState::Open).await;
        if open.len() == 1 { Ok(open.remove(0)) } else { Err(open) }
    })
    .await
}

/// Waits until a meter has no open alarm.
async fn over(bench: &Bench, meter: MeterId) {
    until("the alarm is over", async || {
        let open = alarms(bench, meter, AlarmState::Open).await;
        if open.is_empty() { Ok(()) } else { Err(open) }
    })
    .await;
}

async fn an_open_alarm_is_the_same_one_after_a_restart_and_stays_acknowledged(bench: Bench) {
    let grid = bench.meter("GRID-001", "Grid", None).await;
    show(&bench, grid, UNEVEN).await;
    let first = raised(&bench, grid).await;
    assert_eq!(first.kind, Kind::PhaseImbalance);
    let said = Acknowledgement { note: Some("single-phase welder".into()) };
    acknowledge(&bench.service, WHO, AlarmId(first.id), said).await.unwrap();
    let bench = bench.restart().await;

    // A second look at the same phases raises nothing new.
    show(&bench, grid, [16.0, -3.0, -2.0]).await;
    until("the alarm is shown live", async || {
        let mut stream = bench.service.follow(WHO, &Followed::Site(None), None).await.unwrap();
        let shown = live(&stream.next().await.unwrap().json);
        if shown == Some(vec![]) { Err(shown) } else { Ok(()) }
    })
    .await;
    let again = alarms(&bench, grid, AlarmState::All).await;
    assert_eq!(again.len(), 1, "{again:#?}");
    assert_eq!(again[0].id, first.id);
    assert_eq!(again[0].note.as_deref(), Some("single-phase welder"));
    show(&bench, grid, EVEN).await;
    over(&bench, grid).await;
    let over = alarms(&bench, grid, AlarmState::All).await;
    assert!(over[0].cleared_at.is_some() && over[0].acknowledged_at.is_some(), "{over:#?}");
    bench.stop().await;
}

async fn an_alarm_that_cannot_be_read_holds_up_no_other(pool: PgPool) -> Bench {
    let (strange, grid) =
        (meter(&pool, "A", "Unit", None).await, meter(&pool, "B", "Grid", None).await);
    let write = async |kind: &str, about: &str, over: Option<DateTime<Utc>>| {
        let statement = "INSERT INTO alarms (site_id, meter_id, kind, severity, about, unit, raised_at, cleared_at) \
                         SELECT site_id, id, $2, 'info', $3::jsonb, '', now(), $4 FROM energy_meters WHERE id = $1";
        let written = sqlx::query(statement).bind(strange.0).bind(kind).bind(about).bind(over);
        written.execute(&pool).await.unwrap();
    };
    let about = r#"{"code":"a.b","message":"m"}"#;
    write("of_tomorrow", about, None).await;
    write("phase_export", "\"no sentence\"", None).await;
    let bench = Bench::start(pool.clone()).await;
    show(&bench, grid, UNEVEN).await;
    let request = |state, limit| AlarmsRequest { state, limit, ..AlarmsRequest::default() };
    until("an alarm beside them", async || {
        let open = list(&bench.service, WHO, request(AlarmState::Open, 100)).await.unwrap().0;
        let meters: Vec<MeterId> = open.iter().map(|alarm| alarm.meter_id).collect();
        if meters == [grid] { Ok(()) } else { Err(open) }
    })
    .await;
    show(&bench, grid, EVEN).await;
    over(&bench, grid).await;
    // A page is filled by what lies behind them.
    write("of_tomorrow", about, Some(Utc::now())).await;
    let (page, more) = list(&bench.service, WHO, request(AlarmState::All, 1)).await.unwrap();
    assert_eq!((page.len(), page[0].meter_id, more), (1, grid, false));
    bench
}

/// The alarms in a live message; none where it has none.
fn live(message: &[u8]) -> Option<Vec<Value>> {
    let message: Value = serde_json::from_slice(message).unwrap();
    message.get("alarms")?.as_array().cloned()
}

async fn the_live_stream_begins_with_the_open_alarms_and_tells_each_change(
    bench: &Bench,
    grid: MeterId,
) {
    let mut stream = bench.service.follow(WHO, &Followed::Site(None), None).await.unwrap();
    assert_eq!(live(&stream.next().await.unwrap().json), Some(vec![]));
    show(bench, grid, UNEVEN).await;
    let next = async |stream: &mut service::live::Subscription| loop {
        if let Some(alarms) = live(&stream.next().await.unwrap().json) {
            return alarms;
        }
    };
    let raised = next(&mut stream).await;
    let (kind, meter) = (&raised[0]["kind"], &raised[0]["meterId"]);
    assert_eq!((kind, meter), (&json!("phase_imbalance"), &json!(grid)));
    let (alarm, said) = (raised[0]["id"].as_i64().unwrap(), Acknowledgement::default());
    acknowledge(&bench.service, WHO, AlarmId(alarm), said).await.unwrap();
    assert_eq!(next(&mut stream).await[0]["acknowledged"], true);
    let mut place = bench.service.follow(WHO, &Followed::Site(None), None).await.unwrap();
    assert_eq!(live(&place.next().await.unwrap().json).unwrap().len(), 1);
    show(bench, grid, EVEN).await;
    assert_eq!(next(&mut stream).await, Vec::<Value>::new());
}

async fn a_device_that_does_not_answer_is_an_alarm_until_it_does(bench: &Bench, meter: MeterId) {
    let health = async |state, reason: Option<&str>| {
        let (device, at) = (DeviceId(1), Utc::now());
        let reason = reason.map(domain::message::Message::foreign);
        let health = Health { device, meter, state, reason, at, figures: Figures::default() };
        bench.tasks.outbox.health.send(health).await.unwrap();
    };
    health(DeviceState::Offline, Some("connection refused")).await;
    let alarm = raised(bench, meter).await;
    let shown = (alarm.kind, alarm.about.message.as_str());
    assert_eq!(shown, (Kind::Offline, "Offline: connection refused"));
    health(DeviceState::Online, None).await;
    show(bench, meter, EVEN).await;
    over(bench, meter).await;
}

async fn a_meter_that_is_read_no_more_is_stale(bench: &Bench, meter: MeterId) {
    let old = Reading { at: Utc::now() - TimeDelta::minutes(1), ..phases(meter, EVEN) };
    bench.submit(vec![old]).await;
    assert_eq!(raised(bench, meter).await.kind, Kind::Stale);
    show(bench, meter, EVEN).await;
    over(bench, meter).await;
}

async fn the_simulated_world_has_no_alarms_until_somebody_wants_them(bench: &Bench) {
    let Bench { pool, service, .. } = bench;
    let world = storage::sites::by_slug(pool, "world").await.unwrap().unwrap();
    let new = storage::meters::NewMeter::named(world.id, "FD-1", "FD-1", "Feeder");
    let id = storage::meters::insert(pool, &new).await.unwrap().id;
    let at: DateTime<Utc> = "2031-07-01T19:00:00Z".parse().unwrap();
    let still =
        TimeChange { paused: Some(true), current_datetime: Some(at), ..TimeChange::default() };
    set_time(service, WHO, still).await.unwrap();
    let uneven = Reading { at, source: Source::Simulator, ..phases(id, UNEVEN) };
    bench.submit(vec![uneven]).await;
    assert_eq!(alarms(bench, id, AlarmState::Open).await, []);
    let rules = service::alarms::rules(service, WHO, Some(&"world".into())).await.unwrap();
    // What its meters report of themselves is an alarm all the same.
    let reported = |kind: Kind| matches!(kind, Kind::Tamper | Kind::MeterError);
    assert!(rules.iter().all(|rule| rule.enabled == reported(rule.kind)), "{rules:#?}");
    let rule = rules.iter().find(|rule| rule.kind == Kind::PhaseImbalance).unwrap();
    let on = service::Patch::from_iter([("enabled".to_owned(), json!(true))]);
    service::alarms::update(service, WHO, rule.id, on).await.unwrap();
    assert_eq!(raised(bench, id).await.raised_at, at, "by the clock of the world");
}
