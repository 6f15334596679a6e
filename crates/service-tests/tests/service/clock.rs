//! A simulated site lives in its own time: years ahead of the wall clock here.

use chrono::{DateTime, TimeDelta, Utc};
use domain::language::Language;
use domain::live::{Delta, SimulatedClock, Snapshot, Status};
use domain::losses::balance::Verdict;
use domain::readings::refusal::RefusalReason;
use domain::{MeterId, Quality, Reading, Source, Values};
use service::live::{EventKind, Followed};
use service::pages::{self, Query};
use service::simulation::{TimeChange, set_time};
use service::{Principal, Service, Tasks};
use sqlx::PgPool;
use storage::meters::NewMeter;

use crate::retention;

const WHO: &Principal = &Principal::Loopback;
const QUARTER: TimeDelta = TimeDelta::minutes(15);

struct World {
    service: Service,
    tasks: Tasks,
    site: domain::sites::Site,
    feeder: MeterId,
    homes: [MeterId; 2],
}

fn noon() -> DateTime<Utc> {
    "2031-07-01T19:00:00Z".parse().unwrap()
}

async fn world(pool: &PgPool) -> World {
    let site = storage::sites::by_slug(pool, "world").await.unwrap().unwrap();
    let mut meters = Vec::new();
    for (number, kind) in [("FD-1", "Feeder"), ("HH-1", "Smart"), ("HH-2", "Smart")] {
        let parent = meters.first().copied();
        let new = NewMeter { parent, ..NewMeter::named(site.id, number, number, kind) };
        meters.push(storage::meters::insert(pool, &new).await.unwrap().id);
    }
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    World { service, tasks, site, feeder: meters[0], homes: [meters[1], meters[2]] }
}

impl World {
    /// Lets the clock stand at an instant, or go so slowly that it seems to.
    async fn at(&self, at: DateTime<Utc>, goes: SimulatedClock) {
        let change = TimeChange {
            paused: Some(goes != SimulatedClock::Runs),
            days_per_minute: Some(1e-9),
            current_datetime: Some(at),
            record_minutes: None,
        };
        set_time(&self.service, WHO, change).await.unwrap();
    }

    /// Records of so many quarter-hours up to an instant: 3 kW and 1 kW, and their sum above.
    async fn record(&self, until: DateTime<Utc>, quarters: i32) {
        let powers = [(self.feeder, 4.0), (self.homes[0], 3.0), (self.homes[1], 1.0)];
        let rows = (0..=quarters).flat_map(|back| {
            let at = until - QUARTER * (quarters - back);
            let hours = (at - (noon() - TimeDelta::days(90))).as_seconds_f64() / 3600.0;
            powers.map(|(id, power)| row(id, at, power, power * hours, Source::Simulator))
        });
        self.tasks.outbox.submit(rows.collect()).await.unwrap();
    }

    async fn snapshot(&self) -> Snapshot {
        pages::snapshot(&self.service, WHO, &Query::parse("site=world")).await.unwrap()
    }

    async fn settled(&self, what: &str, ready: impl Fn(&Snapshot) -> bool) -> Snapshot {
        for _ in 0..200 {
            let snapshot = self.snapshot().await;
            if ready(&snapshot) {
                return snapshot;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("did not happen within 10 s: {what}; the state is {:#?}", self.snapshot().await);
    }
}

fn row(meter: MeterId, at: DateTime<Utc>, power: f64, kwh: f64, source: Source) -> Reading {
    let values = Values {
        active_power_kw: Some(power),
        energy_import_kwh: Some(kwh),
        total_energy_kwh: Some(kwh),
        ..Values::default()
    };
    Reading { meter, at, quality: Quality::Good, source, values }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn pages_show_the_day_of_the_world(pool: PgPool) {
    let world = world(&pool).await;
    world.at(noon(), SimulatedClock::Runs).await;
    let period = |query: &str| pages::period(&world.service, WHO, &Query::parse(query)).unwrap();
    let shown = period("site=world");
    assert_eq!(shown.today().to_string(), "2031-07-01");
    assert_eq!(shown.window.to, noon());
    assert_eq!(shown.query(), "site=world");
    assert!(period("site=world&period=month").is_open());
    assert!((period("").now - Utc::now()).abs() < TimeDelta::minutes(1), "others have real time");
    assert!(pages::period(&world.service, WHO, &Query::parse("site=atlantis")).is_err());
    world.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_page_of_a_meter_shows_its_own_site(pool: PgPool) {
    let world = world(&pool).await;
    world.at(noon(), SimulatedClock::Runs).await;
    let path = format!("/meters/{}", world.homes[0]);
    let query = pages::address(&world.service, &Principal::Loopback, &path, "period=week");
    assert_eq!(query.get("site"), Some("world"));
    let page =
        service::meters::page::period(&world.service, WHO, world.homes[0], &Query::default()).await;
    assert_eq!(page.unwrap().unwrap().shown.now, noon());
    world.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_balance_is_of_the_last_quarter_hour_of_the_world(pool: PgPool) {
    let world = world(&pool).await;
    world.record(noon(), 8).await;
    world.at(noon(), SimulatedClock::Runs).await;
    let shown =
        world.settled("a balance", |s| s.whole.until == Some(noon()) && s.at == noon()).await;
    assert_eq!((shown.whole.in_kw, shown.whole.out_kw), (4.0, 4.0));
    assert_ne!(shown.whole.verdict, Verdict::Loss);
    assert!(shown.values.iter().all(|value| value.status == Status::Online), "{shown:#?}");
    assert_eq!(shown.site.today_start.to_rfc3339(), "2031-07-01T07:00:00+00:00");
    assert_eq!(shown.site.simulated, Some(SimulatedClock::Runs));
    world.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_meter_is_judged_by_the_worlds_clock(pool: PgPool) {
    let world = world(&pool).await;
    world.record(noon(), 4).await;
    world.at(noon(), SimulatedClock::Asked).await;
    let online = |s: &Snapshot| s.values.iter().all(|value| value.status == Status::Online);
    let stands = |s: &Snapshot| s.site.simulated == Some(SimulatedClock::Asked);
    world.settled("every meter is online, and the clock stands", |s| online(s) && stands(s)).await;
    world.at(noon() + TimeDelta::hours(2), SimulatedClock::Runs).await;
    world
        .settled("no meter is heard of", |s| {
            s.values.iter().all(|value| value.status == Status::Stale)
        })
        .await;
    world.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_future_of_a_world_begins_at_its_clock(pool: PgPool) {
    let world = world(&pool).await;
    world.at(noon(), SimulatedClock::Runs).await;
    let [home, _] = world.homes;
    let readings = vec![
        row(home, noon() + TimeDelta::minutes(4), 1.0, 1.0, Source::Api),
        row(home, noon() + TimeDelta::minutes(6), 1.0, 2.0, Source::Api),
        row(home, noon() + QUARTER, 1.0, 3.0, Source::Simulator),
    ];
    let outcome = world.tasks.outbox.submit(readings).await.unwrap();
    let refused: Vec<_> = outcome.refused.iter().map(|r| (r.index, r.reason.clone())).collect();
    assert_eq!(refused, [(1, RefusalReason::Future)]);
    assert_eq!(outcome.accepted, 2);
    world.tasks.stop().await;
}

/// A simulated day takes a minute: a quarter-hour every five eighths of a second, and faster here.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_world_in_haste_sends_four_messages_a_second_at_most(pool: PgPool) {
    let world = world(&pool).await;
    world.record(noon(), 8).await;
    world.at(noon(), SimulatedClock::Runs).await;
    world.settled("a balance", |s| s.whole.until == Some(noon())).await;
    let followed = Followed::Site(Some("world".into()));
    let mut place = world.service.follow(WHO, &followed, None).await.unwrap();
    let mut seen: Snapshot = serde_json::from_slice(&place.next().await.unwrap().json).unwrap();
    let began = std::time::Instant::now();
    let quarters = 150;
    for step in 1..=quarters {
        let at = noon() + QUARTER * step;
        world.at(at, SimulatedClock::Runs).await;
        world.record(at, 0).await;
    }
    let end = noon() + QUARTER * quarters;
    let mut messages = 0.0;
    while seen.whole.until != Some(end) {
        let event = place.next().await.unwrap();
        assert_eq!(event.kind, EventKind::Delta);
        let delta: Delta = serde_json::from_slice(&event.json).unwrap();
        assert!(seen.apply(delta), "the numbers have no hole");
        messages += 1.0;
    }
    let seconds = began.elapsed().as_secs_f64();
    assert!(messages <= seconds * 4.0 + 2.0, "{messages} messages in {seconds} s");
    assert_eq!((seen.whole.in_kw, seen.whole.out_kw), (4.0, 4.0));
    assert_eq!(seen.site.today_start, world.site.today_start(end), "its midnights are told");
    world.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn energy_of_a_year_to_come_is_counted_like_any(pool: PgPool) {
    let world = world(&pool).await;
    world.record(noon(), 96).await;
    world.at(noon(), SimulatedClock::Runs).await;
    let query = Query::parse("site=world");
    // From midnight to noon by the clock of San Francisco.
    let expected = ["48.0", "36.0", "12.0"];
    let mut counted = Vec::new();
    for _ in 0..100 {
        let page =
            service::meters::page::tree::meters(&world.service, WHO, &query, &[], Language::En)
                .await
                .unwrap();
        counted = page.counted.iter().map(|counted| counted.energy().to_owned()).collect();
        if counted == expected {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(counted, expected);
    let page = async |search: &str, meters: &[MeterId]| {
        service::meters::page::tree::meters(
            &world.service,
            WHO,
            &Query::parse(search),
            meters,
            Language::En,
        )
        .await
    };
    let all = page("site=world", &[]).await.unwrap();
    let one = page("site=world", &[all.counted[1].meter()]).await.unwrap();
    assert_eq!(one.counted, all.counted[1..2], "a row that is scrolled to is asked for by itself");
    let refused = page("site=world&show=tea", &[]).await.unwrap_err();
    assert!(refused.to_string().contains("energy, cost or co2"), "{refused}");
    world.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_world_keeps_its_readings_by_its_own_clock(pool: PgPool) {
    let world = world(&pool).await;
    world.record(noon(), 96 * 3).await;
    retention::balanced(&pool).await;
    world.tasks.stop().await;
    let stored = || async {
        let count = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM meter_readings");
        count.fetch_one(&pool).await.unwrap()
    };
    let all = stored().await;
    let at = |at: DateTime<Utc>| {
        sqlx::query("UPDATE simulation_clock SET current_datetime = $1, recorded_to = $1").bind(at)
    };
    at(noon() + TimeDelta::days(30)).execute(&pool).await.unwrap();
    let long_past = noon() + TimeDelta::days(3_000);
    service::retention::once(&pool, long_past).await.unwrap();
    assert_eq!(stored().await, all, "on the wall clock they are old, in the world they are not");
    at(noon() + TimeDelta::days(400)).execute(&pool).await.unwrap();
    service::retention::once(&pool, Utc::now()).await.unwrap();
    assert_eq!(stored().await, 0, "in the world they are old");
}
