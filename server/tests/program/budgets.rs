//! Budgets for what can be counted, where times are noise: statements that are sent to the database, and bytes of the live
//! stream. Each number is the measured one and a fifth more; `--no-capture` shows all that was counted.

mod statements;

use std::time::Duration;

use app::document::Shows;
use axum::http::Request;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{MeterId, Quality, Reading, Source, Values};
use leptos::prelude::{Owner, provide_context};
use leptos::reactive::computed::ScopedFuture;
use serde_json::{Value, json};
use service::live::{EventKind, Followed};
use service::{Principal, Service, Tasks, Vault};
use sqlx::PgPool;
use storage::meters::NewMeter;

const WHO: &Principal = &Principal::Loopback;

/// The most statements of a batch of any size: what becomes of its readings, their share of the usual power.
const BATCHES: [(&str, f64, usize); 4] =
    [("stored", 1.0, 6), ("repeated", 1.0, 8), ("in conflict", 1.1, 10), ("refused", f64::NAN, 4)];

/// The most statements of a page of the plant: one for each of its meters is too many.
const PAGES: [(&str, usize); 12] = [
    ("/", 11),
    ("/?period=month&compare=previous", 100),
    ("/meters", 35),
    ("/meters?meter=MAIN", 35),
    ("/meters/MAIN", 32),
    ("/meters/MACHINE", 32),
    ("/losses?compare=previous", 79),
    ("/carbon", 36),
    ("/history?series=MAIN.power_MACHINE.energy", 14),
    ("/alarms", 10),
    ("/bills?site=default", 10),
    ("/energy?site=default&meter=MACHINE", 29),
];

/// The most bytes of messages of the live stream.
const LIVE: [(&str, usize); 2] =
    [("a snapshot, for each meter", 1_500), ("a change of one meter", 6_000)];

/// Shows all that was counted, and fails where something is over its budget.
fn hold(unit: &str, counted: &[(String, usize, usize)]) {
    let line = |(name, count, most): &(String, usize, usize)| {
        format!("{count} {unit}, {most} at most: {name}\n")
    };
    let all: String = counted.iter().map(line).collect();
    println!("{all}");
    let is_kept = |(_, count, most): &(String, usize, usize)| count <= most;
    assert!(counted.iter().all(is_kept), "over the budget:\n{all}");
    // Just after midnight the overview needs no more than is kept.
    assert!(
        counted.iter().filter(|(_, count, _)| *count > 0).count() + 1 >= counted.len(),
        "{all}"
    );
}

fn reading(meter: MeterId, kw: f64, at: DateTime<Utc>) -> Reading {
    let kwh = kw * (at - DateTime::UNIX_EPOCH).as_seconds_f64() / 3_600.0;
    let values =
        Values { active_power_kw: Some(kw), total_energy_kwh: Some(kwh), ..Values::default() };
    Reading { meter, at, quality: Quality::Good, source: Source::Api, values }
}

/// Begins with a main meter, 20 boards below it and four machines on each, which were read for two hours; answers them
/// with their power in kW.
async fn begin(pool: &PgPool) -> (Service, Tasks, Vec<(MeterId, f64)>) {
    let mut meters: Vec<(MeterId, f64)> = Vec::new();
    for n in 0..=100 {
        let (kind, above, kw) = match n {
            0 => ("Main", None, 168.0),
            n if n % 5 == 1 => ("Unit", Some(0), 8.2),
            n => ("Machine", Some((n - 1) / 5 * 5 + 1), 2.0),
        };
        let (number, parent) = (format!("M-{n}"), above.map(|above: usize| meters[above].0));
        let new = NewMeter::named(storage::sites::DEFAULT, &number, &number, kind);
        let new = storage::meters::insert(pool, &NewMeter { parent, ..new }).await.unwrap();
        meters.push((new.id, kw));
    }
    let (service, tasks) = service::start(pool.clone(), Vault::random()).await.unwrap();
    let rule = json!({"kind": "threshold", "channel": "ActivePower", "raise": 1, "clear": 0.5,
        "delaySeconds": 0, "severity": "info"});
    let rule = serde_json::from_value(rule).unwrap();
    service::alarms::create(&service, WHO, rule).await.unwrap();
    let now = Utc::now();
    let of_step = |step: i32| {
        let at = now - TimeDelta::minutes(5) * step;
        meters.iter().map(move |&(meter, kw)| reading(meter, kw, at))
    };
    tasks.outbox.submit((0..=24).flat_map(of_step).collect()).await.unwrap();
    computed(pool).await;
    (service, tasks, meters)
}

/// Waits until energy and losses are computed, and each meter has an alarm.
async fn computed(pool: &PgPool) {
    let alarms = "SELECT count(DISTINCT meter_id) >= 101 FROM alarms WHERE cleared_at IS NULL";
    for _ in 0..2_400 {
        if storage::rollup::is_idle(pool).await.unwrap()
            && storage::losses::is_idle(pool).await.unwrap()
            && sqlx::query_scalar(alarms).fetch_one(pool).await.unwrap()
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it did not come to rest within a minute");
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn pages_live_messages_and_batches_keep_their_budgets(pool: PgPool) {
    let (service, tasks, meters) = begin(&pool).await;
    pages_do_not_ask_for_each_meter(&service, &meters).await;
    live_messages_have_no_more_than_what_changed(&service, &tasks, &meters).await;
    batches_take_few_statements_however_many_readings_they_have(&pool, &tasks, &meters).await;
    tasks.stop().await;
}

async fn batches_take_few_statements_however_many_readings_they_have(
    pool: &PgPool,
    tasks: &Tasks,
    meters: &[(MeterId, f64)],
) {
    let (meter, usual) = meters[0];
    let mut begun = Utc::now() - TimeDelta::hours(1);
    let mut counted = Vec::new();
    for size in [10, 1_000] {
        let mut least = [usize::MAX; BATCHES.len()];
        // Not each time do other tasks ask for something meanwhile.
        for _ in 0..5 {
            for (kind, (name, share, _)) in BATCHES.iter().enumerate() {
                let at = |n: u32| begun + Duration::from_millis(100) * n;
                let batch = (0..size).map(|n| reading(meter, share * usual, at(n))).collect();
                computed(pool).await;
                let (done, sent) = statements::during(tasks.outbox.submit(batch)).await;
                let done = done.unwrap();
                let refused = done.refused.len() as u64;
                let became = [done.accepted, done.duplicates, done.conflicts, refused];
                assert_eq!(became[kind], u64::from(size), "{name}: {became:?}");
                least[kind] = least[kind].min(sent.len());
            }
            if BATCHES.iter().zip(least).all(|((_, _, most), count)| count <= *most) {
                break;
            }
            begun += TimeDelta::minutes(2);
        }
        begun += TimeDelta::minutes(2);
        counted.extend(BATCHES.iter().zip(least).map(|((name, _, most), count)| {
            (format!("a batch of {size} readings that are {name}"), count, *most)
        }));
    }
    hold("statements", &counted);
}

/// Draws what stands at an address.
async fn draw(service: &Service, address: &str) -> Shows {
    let service = service.visited();
    let (path, search) = address.split_once('?').unwrap_or((address, ""));
    let parts = Request::get(address).body(()).unwrap().into_parts().0;
    let owner = Owner::new();
    let drawing = owner.with(|| {
        provide_context(parts);
        ScopedFuture::new(app::document::draw(&service, WHO, (path, search), ("none", true)))
    });
    Box::pin(drawing).await.shows
}

async fn pages_do_not_ask_for_each_meter(service: &Service, meters: &[(MeterId, f64)]) {
    let [main, machine] = [0, 2].map(|n: usize| meters[n].0.to_string());
    let mut counted = Vec::new();
    for (path, most) in PAGES {
        let address = path.replace("MAIN", &main).replace("MACHINE", &machine);
        // Fills what is kept from one page to the next.
        draw(service, &address).await;
        let (shows, sent) = statements::of(draw(service, &address)).await;
        assert!(matches!(shows, Shows::Page), "{address}: {shows:?}");
        let count = sent.len();
        counted.push((format!("{path}, of them {}", statements::most_often(sent)), count, most));
    }
    hold("statements", &counted);
}

async fn live_messages_have_no_more_than_what_changed(
    service: &Service,
    tasks: &Tasks,
    meters: &[(MeterId, f64)],
) {
    let mut place = service.follow(WHO, &Followed::Site(None), None).await.unwrap();
    let whole = place.next().await.unwrap().json.len();
    let ((machine, usual), mut change) = (meters[2], usize::MAX);
    for kw in [3.0, 4.0, 5.0, 6.0, 7.0] {
        let mut changed = reading(machine, usual, Utc::now());
        changed.values.active_power_kw = Some(kw);
        tasks.outbox.submit(vec![changed]).await.unwrap();
        loop {
            let event = place.next().await.unwrap();
            let message: Value = serde_json::from_slice(&event.json).unwrap();
            let mut values = message["values"].as_array().into_iter().flatten();
            if values.any(|value| value["id"] == machine.0 && value["powerKw"] == kw) {
                if event.kind == EventKind::Delta {
                    change = change.min(event.json.len());
                }
                break;
            }
        }
    }
    let sizes = [whole / meters.len(), change];
    let counted =
        LIVE.iter().zip(sizes).map(|((name, most), size)| ((*name).to_owned(), size, *most));
    hold("bytes", &counted.collect::<Vec<_>>());
}
