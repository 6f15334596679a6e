//! Alarms against a real Postgres, real webhooks and a mail server.

mod given_up;
mod held;
mod late;
pub(crate) mod receivers;
mod sums;

use acquisition::{Figures, Health, Outbound};
use chrono::{DateTime, TimeDelta, Utc};
use domain::alarms::{Alarm, AlarmId, Kind};
use domain::devices::DeviceState;
use domain::operation::task::Task;
use domain::{DeviceId, MeterId, Quality, Reading, Source, Values};
use notify::{Notifier, SmtpServer};
use serde_json::{Value, json};
use service::alarms::{
    Acknowledgement, AlarmState, AlarmsRequest, NewRecipient, acknowledge, add, list, recipients,
    tell,
};
use service::simulation::{TimeChange, set_time};
use service::{Principal, Service, Tasks};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::meter;
use receivers::{Hook, Mailbox};

const WHO: &Principal = &Principal::Loopback;

/// Alarms come and go at once.
async fn hasten(pool: &PgPool) {
    let statement = "UPDATE alarm_rules SET delay_s = 0, clear_delay_s = 0";
    sqlx::query(statement).execute(pool).await.unwrap();
}

async fn start(pool: &PgPool) -> (Service, Tasks) {
    service::start(pool.clone(), service::Vault::random()).await.unwrap()
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

async fn show(tasks: &Tasks, meter: MeterId, powers: [f64; 3]) {
    tasks.outbox.submit(vec![phases(meter, powers)]).await.unwrap();
}

/// A device; without one, nothing is kept of a meter's connection.
async fn device(pool: &PgPool, meter: MeterId, poll_ms: i32, enabled: bool) {
    let statement = "INSERT INTO devices (meter_id, protocol, poll_interval_ms, communication, enabled) \
                     VALUES ($1, 'http', $2, '{\"url\": \"http://127.0.0.1:1\"}', $3)";
    let query = sqlx::query(statement).bind(meter.0).bind(poll_ms).bind(enabled);
    query.execute(pool).await.unwrap();
}

async fn alarms(service: &Service, state: AlarmState) -> Vec<Alarm> {
    let asked = AlarmsRequest { state, limit: 100, ..AlarmsRequest::default() };
    list(service, WHO, asked).await.unwrap().0
}

/// Waits until the open alarms are as wanted.
async fn open(service: &Service, what: &str, wanted: impl Fn(&[Alarm]) -> bool) -> Vec<Alarm> {
    for _ in 0..400 {
        let open = alarms(service, AlarmState::Open).await;
        if wanted(&open) {
            return open;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("did not happen within 10 s: {what}");
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_open_alarm_is_the_same_one_after_a_restart_and_stays_acknowledged(pool: PgPool) {
    hasten(&pool).await;
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let (service, tasks) = start(&pool).await;
    show(&tasks, grid, UNEVEN).await;
    let raised = open(&service, "an alarm", |open| open.len() == 1).await;
    assert_eq!(raised[0].kind, Kind::PhaseImbalance);
    let said = Acknowledgement { note: Some("single-phase welder".into()) };
    acknowledge(&service, WHO, AlarmId(raised[0].id), said).await.unwrap();
    tasks.stop().await;

    let (service, tasks) = start(&pool).await;
    // A second look at the same phases raises nothing new.
    show(&tasks, grid, [16.0, -3.0, -2.0]).await;
    while live(&service.follow(WHO, None, None).await.unwrap().first[0].json) == Some(vec![]) {
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    let again = alarms(&service, AlarmState::All).await;
    assert_eq!(again.len(), 1, "{again:#?}");
    assert_eq!(again[0].id, raised[0].id);
    assert_eq!(again[0].note.as_deref(), Some("single-phase welder"));
    show(&tasks, grid, EVEN).await;
    open(&service, "the alarm is over", <[_]>::is_empty).await;
    let over = alarms(&service, AlarmState::All).await;
    assert!(over[0].cleared_at.is_some() && over[0].acknowledged_at.is_some(), "{over:#?}");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_alarm_that_cannot_be_read_holds_up_no_other(pool: PgPool) {
    hasten(&pool).await;
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
    let (service, tasks) = start(&pool).await;
    show(&tasks, grid, UNEVEN).await;
    let raised = open(&service, "an alarm beside them", |open| open.len() == 1).await;
    assert_eq!(raised[0].meter_id, grid);
    show(&tasks, grid, EVEN).await;
    open(&service, "the alarm is over", <[_]>::is_empty).await;
    // A page is filled by what lies behind them.
    write("of_tomorrow", about, Some(Utc::now())).await;
    let asked = AlarmsRequest { state: AlarmState::All, limit: 1, ..AlarmsRequest::default() };
    let (page, more) = list(&service, WHO, asked).await.unwrap();
    assert_eq!((page.len(), page[0].meter_id, more), (1, grid, false));
    tasks.stop().await;
}

/// The alarms in a live message; none where it has none.
fn live(message: &[u8]) -> Option<Vec<Value>> {
    let message: Value = serde_json::from_slice(message).unwrap();
    message.get("alarms")?.as_array().cloned()
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_live_stream_begins_with_the_open_alarms_and_tells_each_change(pool: PgPool) {
    hasten(&pool).await;
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let (service, tasks) = start(&pool).await;
    let mut stream = service.follow(WHO, None, None).await.unwrap();
    assert_eq!(live(&stream.first.remove(0).json), Some(vec![]));
    show(&tasks, grid, UNEVEN).await;
    let told = async |stream: &mut service::live::Subscription| loop {
        if let Some(alarms) = live(&stream.next.recv().await.unwrap().json) {
            return alarms;
        }
    };
    let raised = told(&mut stream).await;
    assert_eq!(
        (&raised[0]["kind"], &raised[0]["meterId"]),
        (&json!("phase_imbalance"), &json!(grid))
    );
    let (alarm, said) = (raised[0]["id"].as_i64().unwrap(), Acknowledgement::default());
    acknowledge(&service, WHO, AlarmId(alarm), said).await.unwrap();
    assert_eq!(told(&mut stream).await[0]["acknowledged"], true);
    let first = service.follow(WHO, None, None).await.unwrap().first.remove(0);
    assert_eq!(live(&first.json).unwrap().len(), 1);
    show(&tasks, grid, EVEN).await;
    assert_eq!(told(&mut stream).await, Vec::<Value>::new());
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_device_that_does_not_answer_is_an_alarm_until_it_does(pool: PgPool) {
    hasten(&pool).await;
    let id = meter(&pool, "A-001", "Unit", None).await;
    device(&pool, id, 60_000, true).await;
    let (service, tasks) = start(&pool).await;
    let health = async |state, reason: Option<&str>| {
        let (device, at) = (DeviceId(1), Utc::now());
        let health = Health {
            device,
            meter: id,
            state,
            reason: reason.map(domain::message::Message::foreign),
            at,
            figures: Figures::default(),
        };
        tasks.outbox.health.send(health).await.unwrap();
    };
    health(DeviceState::Offline, Some("connection refused")).await;
    let raised = open(&service, "an alarm", |open| open.len() == 1).await;
    assert_eq!(
        (raised[0].kind, raised[0].about.message.as_str()),
        (Kind::Offline, "Offline: connection refused")
    );
    health(DeviceState::Online, None).await;
    show(&tasks, id, EVEN).await;
    open(&service, "the alarm is over", <[_]>::is_empty).await;
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_meter_that_is_read_no_more_is_stale(pool: PgPool) {
    hasten(&pool).await;
    let id = meter(&pool, "A-001", "Unit", None).await;
    // A device that is read every 100 ms, and switched off.
    device(&pool, id, 100, false).await;
    let (service, tasks) = start(&pool).await;
    let old = Reading { at: Utc::now() - TimeDelta::minutes(1), ..phases(id, EVEN) };
    tasks.outbox.submit(vec![old]).await.unwrap();
    let raised = open(&service, "an alarm", |open| open.len() == 1).await;
    assert_eq!(raised[0].kind, Kind::Stale);
    show(&tasks, id, EVEN).await;
    open(&service, "the alarm is over", <[_]>::is_empty).await;
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_simulated_world_has_no_alarms_until_somebody_wants_them(pool: PgPool) {
    hasten(&pool).await;
    let world = storage::sites::by_slug(&pool, "world").await.unwrap().unwrap();
    let new = storage::meters::NewMeter::named(world.id, "FD-1", "FD-1", "Feeder");
    let id = storage::meters::insert(&pool, &new).await.unwrap().id;
    let (service, tasks) = start(&pool).await;
    let of_world = async |service: &Service| {
        let asked =
            AlarmsRequest { site: Some(&"world".into()), limit: 10, ..AlarmsRequest::default() };
        list(service, WHO, asked).await.unwrap().0
    };
    let at: DateTime<Utc> = "2031-07-01T19:00:00Z".parse().unwrap();
    let still =
        TimeChange { paused: Some(true), current_datetime: Some(at), ..TimeChange::default() };
    set_time(&service, WHO, still).await.unwrap();
    let uneven = Reading { at, source: Source::Simulator, ..phases(id, UNEVEN) };
    tasks.outbox.submit(vec![uneven]).await.unwrap();
    assert_eq!(of_world(&service).await, []);
    let rules = service::alarms::rules(&service, WHO, Some(&"world".into())).await.unwrap();
    // What its meters report of themselves is told all the same.
    let reported = |kind: Kind| matches!(kind, Kind::Tamper | Kind::MeterError);
    assert!(rules.iter().all(|rule| rule.enabled == reported(rule.kind)), "{rules:#?}");
    let rule = rules.iter().find(|rule| rule.kind == Kind::PhaseImbalance).unwrap();
    let on = service::Patch::from_iter([("enabled".to_owned(), json!(true))]);
    service::alarms::update(&service, WHO, rule.id, on).await.unwrap();
    for _ in 0..400 {
        if !of_world(&service).await.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    let raised = of_world(&service).await;
    assert_eq!(raised.len(), 1);
    assert_eq!(raised[0].raised_at, at, "by the clock of the world");
    tasks.stop().await;
}

async fn recipient(service: &Service, kind: &str, address: &str, severity: &str) {
    let new = json!({"kind": kind, "address": address, "minSeverity": severity});
    let new: NewRecipient = serde_json::from_value(new).unwrap();
    add(service, WHO, new).await.unwrap();
}

fn telling(service: &Service, smtp: Option<SmtpServer>) -> (CancellationToken, impl Future) {
    let stop = CancellationToken::new();
    let notifier = Notifier::new(Outbound::new(true), smtp).unwrap();
    let pages = Some("https://plant.example/".to_owned());
    let pulse = service.supervision().pulse(Task::Messages);
    let task = tokio::spawn(tell(service.clone(), notifier, pages, stop.clone(), pulse));
    (stop, task)
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_webhook_hears_of_each_change_once_although_it_was_away(pool: PgPool) {
    hasten(&pool).await;
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let mut hook = Hook::listen(2).await;
    let (service, tasks) = start(&pool).await;
    recipient(&service, "webhook", &hook.url, "warning").await;
    recipient(&service, "webhook", &format!("{}?critical", hook.url), "critical").await;
    show(&tasks, grid, UNEVEN).await;
    open(&service, "an alarm", |open| open.len() == 1).await;
    // Nothing was told yet; the message outlives the process.
    tasks.stop().await;
    let (service, tasks) = start(&pool).await;
    let (stop, task) = telling(&service, None);
    let (delivery, raised) = hook.next().await;
    assert_eq!(raised["event"], "raised");
    assert_eq!(raised["alarm"]["severity"], "warning");
    assert_eq!(raised["alarm"]["text"], "L1 is 350 % off the mean of the phases, limit 20 %");
    assert_eq!(raised["meter"]["number"], "GRID-001");
    assert_eq!(raised["url"], "https://plant.example/alarms?site=default");
    // It answered two times that it is not well, and heard the same again.
    assert_eq!(hook.next().await, (delivery.clone(), raised.clone()));
    assert_eq!(hook.next().await, (delivery.clone(), raised));
    show(&tasks, grid, EVEN).await;
    let (next, cleared) = hook.next().await;
    assert_eq!(cleared["event"], "cleared");
    assert!(cleared["alarm"]["clearedAt"].is_string());
    assert_ne!(next, delivery);
    for _ in 0..400 {
        let waiting = recipients(&service, WHO, None).await.unwrap();
        if waiting.iter().all(|recipient| recipient.waiting == 0) {
            stop.cancel();
            task.await;
            tasks.stop().await;
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("delivered messages still wait");
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn whoever_hears_of_alarms_hears_once_that_the_disk_is_almost_full_and_that_it_is_not(
    pool: PgPool,
) {
    let disk = |free: u64| service::operation::disk::Disk { free: free << 30, size: 40 << 30 };
    let mut hook = Hook::listen(1).await;
    let mut mailbox = Mailbox::listen().await;
    let (service, tasks) = start(&pool).await;
    recipient(&service, "webhook", &hook.url, "critical").await;
    recipient(&service, "email", "shift@plant.example", "critical").await;
    service.note_disk(disk(1));
    let smtp = SmtpServer::parse(&mailbox.url, "Wattlens <alarms@plant.example>").unwrap();
    let (stop, task) = telling(&service, Some(smtp));
    let (delivery, raised) = hook.next().await;
    assert_eq!((&raised["event"], &raised["alarm"]["kind"]), (&json!("raised"), &json!("disk")));
    assert_eq!(raised["alarm"]["severity"], "critical");
    let text = raised["alarm"]["text"].as_str().unwrap();
    assert!(text.starts_with("The disk of the database is almost full: 1.1 of 42.9 GB"), "{text}");
    assert_eq!(raised["url"], "https://plant.example/");
    // It was not well at first, and heard the same again.
    assert_eq!(hook.next().await, (delivery.clone(), raised));
    let mail = mailbox.next().await;
    assert!(mail.contains("Subject: [critical] Wattlens: The disk of the database"), "{mail}");
    // What hovers about the limit is not told again.
    service.note_disk(disk(2));
    service.note_disk(disk(1));
    service.note_disk(disk(9));
    let (next, cleared) = hook.next().await;
    assert_eq!(cleared["event"], "cleared");
    assert!(cleared["alarm"]["clearedAt"].is_string());
    assert_ne!(next, delivery);
    let mail = mailbox.next().await;
    assert!(mail.contains("Subject: [cleared] Wattlens: The disk of the database"), "{mail}");
    stop.cancel();
    task.await;
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_alarm_is_sent_as_an_email(pool: PgPool) {
    hasten(&pool).await;
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let mut mailbox = Mailbox::listen().await;
    let (service, tasks) = start(&pool).await;
    recipient(&service, "email", "shift@plant.example", "info").await;
    let smtp = SmtpServer::parse(&mailbox.url, "Wattlens <alarms@plant.example>").unwrap();
    let (stop, task) = telling(&service, Some(smtp));
    show(&tasks, grid, UNEVEN).await;
    let mail = mailbox.next().await;
    assert!(mail.contains("RCPT TO:<shift@plant.example>"), "{mail}");
    assert!(mail.contains("Subject: [warning] GRID-001: L1 is 350 % off the mean"), "{mail}");
    assert!(mail.contains("Site:     Default site"), "{mail}");
    stop.cancel();
    task.await;
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn who_cannot_be_told_is_shown_with_the_reason(pool: PgPool) {
    hasten(&pool).await;
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let (service, tasks) = start(&pool).await;
    recipient(&service, "email", "shift@plant.example", "info").await;
    recipient(&service, "webhook", "http://169.254.169.254/latest", "info").await;
    show(&tasks, grid, UNEVEN).await;
    let (stop, task) = telling(&service, None);
    let mut problems = Vec::new();
    for _ in 0..400 {
        let found = recipients(&service, WHO, None).await.unwrap();
        problems = found.into_iter().filter_map(|recipient| recipient.problem).collect();
        if problems.len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    assert!(problems[0].contains("--smtp-url"), "{problems:?}");
    assert!(problems[1].contains("169.254.169.254"), "{problems:?}");
    stop.cancel();
    task.await;
    tasks.stop().await;
}
