//! The simulated world: its records agree with registers and intervals, whatever interrupts it.

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::simulation::record::Registers;
use domain::simulation::{EventKind, Profile, ResourceType};
use service::meters::MeterRef;
use service::simulation::{
    self, EventRequest, FoundedMeter, MeterData, Neighbourhood, NewResource, SimulationTime,
    TimeChange,
};
use service::{Service, pages};
use sqlx::PgPool;

use crate::bench::{Bench, WHO, until};

const START: &str = "2025-06-20T07:00:00Z";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn er(kind: ResourceType, appliances: &[&str]) -> NewResource {
    let appliance_type = appliances.iter().map(|&name| name.to_owned()).collect();
    NewResource { name: "Home".to_owned(), kind, appliance_type }
}

fn place(number: &str, parent: Option<&str>, er: Option<NewResource>) -> FoundedMeter {
    FoundedMeter {
        number: number.to_owned(),
        name: number.to_owned(),
        meter_type: "Household".to_owned(),
        parent: parent.map(str::to_owned),
        phase_type: None,
        area: None,
        city: None,
        state: None,
        pincode: None,
        latitude: Some(37.77),
        longitude: Some(-122.42),
        er,
        profile: Profile::Daily,
        load_factor: 1.0,
    }
}

async fn set(service: &Service, change: TimeChange) -> SimulationTime {
    simulation::set_time(service, WHO, change).await.unwrap()
}

async fn jump(service: &Service, to: DateTime<Utc>) {
    let change = TimeChange { current_datetime: Some(to), ..TimeChange::default() };
    assert_eq!(set(service, change).await.recorded_to, to);
}

/// A transformer over two feeders, a consumer and a prosumer below each, in a world that stands still.
async fn street(service: &Service) -> Vec<MeterId> {
    let paused = TimeChange { paused: Some(true), ..TimeChange::default() };
    set(service, TimeChange { current_datetime: Some(at(START)), ..paused }).await;
    let consumer = || Some(er(ResourceType::Consumer, &["Refrigerator", "AC", "TV", "LED Bulb"]));
    let prosumer = || Some(er(ResourceType::Prosumer, &["Fridge", "Oven", "Solar Panel"]));
    let meters = vec![
        place("T", None, None),
        place("F1", Some("T"), None),
        place("F2", Some("T"), None),
        place("C1", Some("F1"), consumer()),
        place("P1", Some("F1"), prosumer()),
        place("C2", Some("F2"), consumer()),
        place("P2", Some("F2"), prosumer()),
    ];
    simulation::found(service, WHO, Neighbourhood { meters, clouds: 0.3 }).await.unwrap()
}

async fn records(service: &Service, meter: MeterId) -> Vec<MeterData> {
    simulation::records(service, WHO, meter, 10_000).await.unwrap()
}

async fn registers(pool: &PgPool, meter: MeterId) -> Registers {
    let newest = storage::readings::newest(pool, &[meter]).await.unwrap();
    Registers::of(&newest[0].values).unwrap()
}

fn close(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-6, "{left} is not {right}");
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_simulated_world_agrees_with_itself(pool: PgPool) {
    let bench = Bench::start(pool).await;
    let meters = street(&bench.service).await;
    jump(&bench.service, at("2025-06-21T07:00:00Z")).await;
    records_registers_and_intervals_say_the_same(&bench, &meters).await;
    parents_show_the_sum_of_what_hangs_below(&bench, &meters).await;
    the_page_of_a_meter_shows_its_reports_and_that_of_its_feeder_too(&bench, &meters).await;
    bench.stop().await;
}

async fn records_registers_and_intervals_say_the_same(bench: &Bench, meters: &[MeterId]) {
    let Bench { pool, service, .. } = bench;
    bench.settled().await;
    for &meter in meters {
        let records = records(service, meter).await;
        assert_eq!(records.len(), 96);
        assert!(
            records
                .windows(2)
                .all(|pair| pair[1].timestamp - pair[0].timestamp == TimeDelta::minutes(15))
        );
        let drawn: f64 = records.iter().map(|record| record.consumption_kwh).sum();
        let made: f64 = records.iter().filter_map(|record| record.production_kwh).sum();
        let registers = registers(pool, meter).await;
        close(registers.import_kwh, drawn);
        close(registers.export_kwh.unwrap_or_default(), made);
        let intervals: Vec<(DateTime<Utc>, f64, f64, f32)> = sqlx::query_as(
            "SELECT bucket_start, import_kwh, export_kwh, coverage FROM energy_intervals \
             WHERE meter_id = $1 AND bucket_start < $2 ORDER BY bucket_start",
        )
        .bind(meter.0)
        .bind(at("2025-06-21T07:00:00Z"))
        .fetch_all(pool)
        .await
        .unwrap();
        assert_eq!(intervals.len(), 96);
        for (record, (start, import, export, coverage)) in records.iter().zip(intervals) {
            assert_eq!(record.timestamp, start + TimeDelta::minutes(15));
            close(record.consumption_kwh, import);
            close(record.production_kwh.unwrap_or_default(), export);
            assert!(coverage > 0.999, "{coverage}");
        }
    }
}

async fn parents_show_the_sum_of_what_hangs_below(bench: &Bench, meters: &[MeterId]) {
    let mut all = Vec::new();
    for &meter in meters {
        all.push(records(&bench.service, meter).await);
    }
    for (parent, below) in [(0, [1, 2]), (1, [3, 4]), (2, [5, 6])] {
        for (i, record) in all[parent].iter().enumerate() {
            let sum = |of: fn(&MeterData) -> f64| below.iter().map(|&c| of(&all[c][i])).sum();
            close(record.consumption_kwh, sum(|r| r.consumption_kwh));
            close(record.production_kwh.unwrap(), sum(|r| r.production_kwh.unwrap_or_default()));
            close(record.reactive_power_kvar, sum(|r| r.reactive_power_kvar));
            let made = sum(|r| r.production_reactive_kvarh.unwrap_or_default());
            close(record.production_reactive_kvarh.unwrap(), made);
            assert!((0.8..=1.0).contains(&record.power_factor));
        }
    }
    assert!(all[4].iter().any(|record| record.production_kwh > Some(0.1)));
    assert!(all[3].iter().all(|record| record.production_kwh.is_none()));
}

async fn the_page_of_a_meter_shows_its_reports_and_that_of_its_feeder_too(
    bench: &Bench,
    meters: &[MeterId],
) {
    let (service, begun) = (&bench.service, at("2025-06-21T07:00:00Z"));
    let (feeder, home) = (meters[1], meters[3]);
    for kind in [EventKind::CoverOpened, EventKind::BatteryLow] {
        let request = EventRequest {
            meter_id: Some(MeterRef::Id(home.0)),
            parent_meter_id: None,
            appliance_type: None,
            pincode: None,
            kind,
        };
        assert_eq!(simulation::report(service, WHO, request).await.unwrap().changed, 1);
        jump(service, begun + TimeDelta::minutes(15)).await;
    }
    for meter in [feeder, home] {
        let query = pages::Query::default();
        let page = service::meters::page::period(service, WHO, meter, &query).await;
        let reported = page.unwrap().unwrap().reported;
        let kinds: Vec<_> = reported.iter().map(|row| row.kind).collect();
        assert_eq!(kinds, [EventKind::BatteryLow, EventKind::CoverOpened], "the newest first");
        assert_eq!(reported[1].at, begun);
    }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_world_goes_on_without_a_jump_after_a_restart_and_after_a_kill(pool: PgPool) {
    let bench = Bench::start(pool.clone()).await;
    let meters = street(&bench.service).await;
    jump(&bench.service, at("2025-06-20T12:00:00Z")).await;
    let bench = bench.restart().await;
    let clock = simulation::status(&bench.service, WHO).await.unwrap().clock;
    assert_eq!((clock.current_datetime, clock.paused), (at("2025-06-20T12:00:00Z"), true));
    jump(&bench.service, at("2025-06-20T19:00:00Z")).await;
    for &meter in &meters {
        let records = records(&bench.service, meter).await;
        assert_eq!(records.len(), 48);
        let drawn: f64 = records.iter().map(|record| record.consumption_kwh).sum();
        close(registers(&pool, meter).await.import_kwh, drawn);
    }

    // What a process had stored that was killed is made again the same.
    let before = records(&bench.service, meters[0]).await;
    bench.stop().await;
    sqlx::query(
        "UPDATE simulation_clock SET recorded_to = recorded_to - interval '3 hours', \
             current_datetime = current_datetime - interval '2 hours'",
    )
    .execute(&pool)
    .await
    .unwrap();
    let bench = Bench::start(pool).await;
    jump(&bench.service, at("2025-06-20T19:15:00Z")).await;
    let ingest = bench.service.metrics().ingest;
    assert_eq!((ingest.duplicates, ingest.conflicts), (12 * 7, 0), "{ingest:?}");
    assert_eq!(ingest.accepted, 7);
    assert_eq!(records(&bench.service, meters[0]).await[..48], before);
    bench.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_clock_runs_a_day_a_minute_and_rests_while_nobody_looks(pool: PgPool) {
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    street(&service).await;
    let fast =
        TimeChange { paused: Some(false), days_per_minute: Some(60.0), ..Default::default() };
    set(&service, fast).await;
    let later = at(START) + TimeDelta::hours(12);
    let mut clock = simulation::follow(&service);
    clock.wait_for(|recorded| *recorded >= later).await.unwrap();

    simulation::pause_when_unwatched(&service, std::time::Duration::ZERO);
    let resting = async || {
        let because: Option<String> =
            sqlx::query_scalar("SELECT paused_because FROM simulation_clock")
                .fetch_one(&pool)
                .await
                .unwrap();
        because.is_some_and(|because| because == "unwatched")
    };
    until("the clock rests", async || resting().await.then_some(()).ok_or("it runs")).await;
    simulation::pause_when_unwatched(&service, std::time::Duration::from_hours(1));
    simulation::looked(&service);
    until("the clock runs", async || (!resting().await).then_some(()).ok_or("it rests")).await;
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn history_is_filled_between_two_instants(pool: PgPool) {
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let meters = street(&service).await;
    let (from, to) = (at("2025-04-01T07:00:00Z"), at("2025-06-01T07:00:00Z"));
    simulation::fill(&service, WHO, from, to).await.unwrap();
    let clock = simulation::status(&service, WHO).await.unwrap().clock;
    assert_eq!((clock.current_datetime, clock.recorded_to), (to, to));
    let records = simulation::records_between(&service, WHO, meters[0], from, to).await.unwrap();
    assert_eq!(records.len(), 61 * 96);
    let back = TimeChange { current_datetime: Some(from), ..TimeChange::default() };
    let refused = simulation::set_time(&service, WHO, back).await.unwrap_err();
    assert!(matches!(refused, service::Error::Invalid { code: "time_goes_forward", .. }));
    tasks.stop().await;
}
