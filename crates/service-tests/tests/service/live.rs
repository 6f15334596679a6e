use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use domain::live::{Counts, Delta, MeterLive, Snapshot, Status};
use domain::losses::balance::Verdict;
use domain::{Field, MeterId, Quality, Reading, Values};
use serde_json::Value;
use service::live::{EventKind, Followed, Subscription};
use service::losses::unmetered::{Existing, NewUnmetered, declare};
use service::pages::Query;
use service::{Principal, Service, Tasks};
use sqlx::PgPool;

use crate::{eventually, meter, reading};

struct Plant {
    grid: MeterId,
    loads: [MeterId; 2],
    service: Service,
    tasks: Tasks,
}

async fn plant(pool: &PgPool) -> Plant {
    let grid = meter(pool, "GRID-001", "Grid", None).await;
    let a = meter(pool, "A-001", "Unit", Some(grid)).await;
    let b = meter(pool, "B-001", "Unit", Some(grid)).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    Plant { grid, loads: [a, b], service, tasks }
}

impl Plant {
    /// Half an hour of readings at constant power: 100 kW in, 60 and 30 kW out.
    async fn run(&self, until: DateTime<Utc>) {
        let start = until - TimeDelta::minutes(40);
        let powers = [(self.grid, 100.0), (self.loads[0], 60.0), (self.loads[1], 30.0)];
        let rows = (0..=240).flat_map(|i| {
            let at = start + TimeDelta::seconds(i * 10);
            let hours = (at - start).as_seconds_f64() / 3600.0;
            powers.map(|(id, power)| reading(id, at, power, 1000.0 + power * hours))
        });
        let outcome = self.tasks.outbox.submit(rows.collect()).await.unwrap();
        assert_eq!(outcome.accepted, 241 * 3);
    }

    async fn snapshot(&self) -> Snapshot {
        service::pages::snapshot(&self.service, &Principal::Loopback, &Query::default())
            .await
            .unwrap()
    }

    async fn settled(&self, what: &str, ready: impl Fn(&Snapshot) -> bool) -> Snapshot {
        for _ in 0..200 {
            let snapshot = self.snapshot().await;
            if ready(&snapshot) {
                return snapshot;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!(
            "did not happen within 10 s: {what}; the state is {:#?}",
            self.snapshot().await.nodes
        );
    }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_quarter_hour_of_readings_shows_the_loss_of_the_node(pool: PgPool) {
    let plant = plant(&pool).await;
    plant.run(Utc::now()).await;
    let snapshot = plant.settled("a loss", |s| s.whole.verdict == Verdict::Loss).await;
    let node = snapshot.node(plant.grid).unwrap();
    assert!((node.balance.loss_kw.unwrap() - 10.0).abs() < 0.01, "{node:?}");
    assert!((node.balance.loss_percent.unwrap() - 10.0).abs() < 0.01);
    assert_eq!(snapshot.hotspots, [plant.grid]);
    assert_eq!(snapshot.value(plant.grid).unwrap().status, Status::Online);
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_declared_load_is_no_loss(pool: PgPool) {
    let plant = plant(&pool).await;
    plant.run(Utc::now()).await;
    plant.settled("a loss", |s| s.whole.verdict == Verdict::Loss).await;
    let load = NewUnmetered {
        valid_from: (Utc::now() - TimeDelta::days(1)).into(),
        power_kw: 8.0,
        reason: "gate lights".to_owned(),
    };
    let (service, who) = (&plant.service, Principal::Loopback);
    let (grid, existing) = ("GRID-001".into(), Existing::Refused);
    declare(service, &who, &grid, load, existing).await.unwrap();
    let is_known = |s: &Snapshot| s.whole.unmetered_kw > 0.0;
    let snapshot = plant.settled("the declared load", is_known).await;
    for balance in [&snapshot.whole, &snapshot.node(plant.grid).unwrap().balance] {
        assert!((balance.out_kw - 98.0).abs() < 0.01, "{balance:?}");
        assert!((balance.loss_kw.unwrap() - 2.0).abs() < 0.01, "{balance:?}");
        assert!((balance.unmetered_kw - 8.0).abs() < 0.01, "{balance:?}");
    }
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_silent_child_makes_the_node_incomplete_and_is_named(pool: PgPool) {
    let plant = plant(&pool).await;
    plant.run(Utc::now() - TimeDelta::hours(1)).await;
    let now = Utc::now();
    let rows = [plant.grid, plant.loads[0]].map(|id| reading(id, now, 50.0, 1110.0));
    plant.tasks.outbox.submit(rows.to_vec()).await.unwrap();
    let missing = vec![plant.loads[1]];
    let node = plant.grid;
    let snapshot = plant
        .settled("the silent meter is named", |s| {
            s.node(node).is_some_and(|n| n.balance.missing == missing)
        })
        .await;
    let balance = &snapshot.node(plant.grid).unwrap().balance;
    assert_eq!(balance.verdict, Verdict::Incomplete);
    assert_eq!((balance.loss_kw, balance.loss_percent), (None, None), "nothing is lost");
    assert_eq!((balance.cost_per_hour, balance.trend_kw), (None, None));
    assert_eq!((snapshot.whole.loss_kw, snapshot.whole.loss_percent), (None, None));
    let sites = service::overview::portfolio::list(&plant.service, &Principal::Loopback).unwrap();
    assert_eq!(sites[0].standing.loss_kw, None);
    assert_eq!(snapshot.value(plant.loads[1]).unwrap().status, Status::Stale);
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn values_that_come_one_after_another_stand_side_by_side(pool: PgPool) {
    let plant = plant(&pool).await;
    let (id, now) = (plant.grid, Utc::now().trunc_subsecs(0));
    let both = reading(id, now, 77.0, 2000.0);
    let power = Values { total_energy_kwh: None, ..both.values };
    let energy = Values { active_power_kw: None, ..both.values };
    let of = |values, ago| Reading { at: now - TimeDelta::seconds(ago), values, ..both.clone() };
    let outcome = plant.tasks.outbox.submit(vec![of(power, 2), of(energy, 1)]).await.unwrap();
    assert_eq!(outcome.accepted, 2);
    let newest = Some(now - TimeDelta::seconds(1));
    let snapshot = plant
        .settled("the energy is taken in", |s| s.value(id).is_some_and(|value| value.at == newest))
        .await;
    assert_eq!(snapshot.value(id).unwrap().power_kw, Some(77.0));
    let page = service::meters::page::now(&plant.service, &Principal::Loopback, id).await;
    let channels = page.unwrap().unwrap().channels;
    let values: Vec<_> = channels.iter().map(|of| (of.field, of.value, of.at)).collect();
    let times = [2, 1].map(|ago| now - TimeDelta::seconds(ago));
    let power = (Field::ActivePowerKw, 77.0, times[0]);
    assert_eq!(values, [power, (Field::TotalEnergyKwh, 2000.0, times[1])]);
    assert!(channels.iter().all(|of| of.quality == Quality::Good));
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_stream_begins_with_a_snapshot_and_goes_on_with_numbered_changes(pool: PgPool) {
    let plant = plant(&pool).await;
    let who = &Principal::Loopback;
    let follow = async |followed, after| plant.service.follow(who, &followed, after).await.unwrap();
    let mut place = follow(Followed::Site(None), None).await;
    let mut one = follow(Followed::Meter(plant.grid.into()), None).await;
    let first = place.next().await.unwrap();
    assert_eq!(first.kind, EventKind::Snapshot);
    let mut seen: Snapshot = serde_json::from_slice(&first.json).unwrap();
    let rows = vec![reading(plant.grid, Utc::now(), 77.0, 5.0)];
    plant.tasks.outbox.submit(rows).await.unwrap();
    while seen.value(plant.grid).unwrap().power_kw != Some(77.0) {
        let event = place.next().await.unwrap();
        match event.kind {
            EventKind::Snapshot => seen = serde_json::from_slice(&event.json).unwrap(),
            EventKind::Delta => {
                let delta: Delta = serde_json::from_slice(&event.json).unwrap();
                assert!(seen.apply(delta), "the numbers have no hole");
            }
        }
    }
    let told = async |one: &mut Subscription| {
        let event = one.next().await.unwrap();
        let told: Value = serde_json::from_slice(&event.json).unwrap();
        assert_eq!(told.as_object().unwrap().len(), 3, "nothing of the site: {told}");
        let values: Vec<MeterLive> = serde_json::from_value(told["values"].clone()).unwrap();
        assert!(values.iter().all(|value| value.id == plant.grid), "{values:?}");
        (event.kind, values.first().and_then(|value| value.power_kw))
    };
    assert_eq!(told(&mut one).await, (EventKind::Snapshot, None));
    while told(&mut one).await.1 != Some(77.0) {}
    let mut resumed = follow(Followed::Site(None), Some(seen.id)).await;
    plant.tasks.outbox.submit(vec![reading(plant.grid, Utc::now(), 78.0, 5.1)]).await.unwrap();
    assert_eq!(resumed.next().await.unwrap().kind, EventKind::Delta);
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_status_of_a_site_goes_on_without_its_meters(pool: PgPool) {
    let plant = plant(&pool).await;
    plant.settled("all meters", |s| s.counts == Counts { good: 0, meters: 3 }).await;
    let (service, who) = (&plant.service, &Principal::Loopback);
    let mut seen = service::pages::site_status(service, who, &Query::default()).await.unwrap();
    assert_eq!(seen, seen.clone().of_site());
    assert_eq!(seen.counts, Counts { good: 0, meters: 3 });
    let status = Followed::Status(None);
    let mut place = service.follow(who, &status, Some(seen.id)).await.unwrap();
    plant.tasks.outbox.submit(vec![reading(plant.grid, Utc::now(), 77.0, 5.0)]).await.unwrap();
    while seen.counts.good == 0 {
        let event = place.next().await.unwrap();
        assert_eq!(event.id, seen.id + 1, "the numbers have no hole");
        match event.kind {
            EventKind::Snapshot => seen = serde_json::from_slice(&event.json).unwrap(),
            EventKind::Delta => {
                let delta: Delta = serde_json::from_slice(&event.json).unwrap();
                assert_eq!(delta, delta.of_site());
                assert!(seen.apply(delta));
            }
        }
    }
    assert_eq!(seen.counts, Counts { good: 1, meters: 3 });
    let mut anew = service.follow(who, &status, None).await.unwrap();
    let first = anew.next().await.unwrap();
    assert_eq!(first.kind, EventKind::Snapshot);
    let first: Snapshot = serde_json::from_slice(&first.json).unwrap();
    assert_eq!((first.counts, &first), (seen.counts, &first.clone().of_site()));
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn rows_of_plain_sql_and_late_rows_reach_the_screen(pool: PgPool) {
    let plant = plant(&pool).await;
    let now = Utc::now();
    sqlx::query("INSERT INTO meter_readings (meter_id, timestamp, active_power_kw, total_energy_kwh) VALUES ($1, $2, 450, 125000)")
        .bind(plant.grid.0)
        .bind(now)
        .execute(&pool)
        .await
        .unwrap();
    let id = plant.grid;
    plant.settled("the row written by SQL", |s| s.value(id).unwrap().power_kw == Some(450.0)).await;
    let late = now - TimeDelta::minutes(30);
    plant.tasks.outbox.submit(vec![reading(id, late, 440.0, 124_800.0)]).await.unwrap();
    let shown = plant
        .settled("the late row's energy", |s| {
            s.value(id).unwrap().today_kwh.is_some_and(|kwh| kwh > 0.0)
        })
        .await;
    assert_eq!(shown.value(id).unwrap().power_kw, Some(450.0));
    plant.tasks.stop().await;
}

/// As it is after a clock that was ahead for a while was set right.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_is_dated_ahead_of_the_clock_hides_nothing_that_comes(pool: PgPool) {
    let id = meter(&pool, "GRID-001", "Grid", None).await;
    let now = Utc::now();
    for (at, power) in [(now - TimeDelta::minutes(1), 100.0), (now + TimeDelta::days(1), 7.0)] {
        sqlx::query(
            "INSERT INTO meter_readings (meter_id, timestamp, active_power_kw) VALUES ($1, $2, $3)",
        )
        .bind(id.0)
        .bind(at)
        .bind(power)
        .execute(&pool)
        .await
        .unwrap();
    }
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let plant = Plant { grid: id, loads: [id; 2], service, tasks };
    let power = |s: &Snapshot| s.value(id).and_then(|value| value.power_kw);
    plant.settled("the present", |s| power(s) == Some(100.0)).await;
    plant.tasks.outbox.submit(vec![reading(id, now, 90.0, 1_000.0)]).await.unwrap();
    plant.settled("what came", |s| power(s) == Some(90.0)).await;
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_state_is_the_same_after_a_restart(pool: PgPool) {
    let plant = plant(&pool).await;
    plant.run(Utc::now()).await;
    let node = plant.grid;
    let before = plant.settled("a loss", |s| s.whole.verdict == Verdict::Loss).await;
    plant.tasks.stop().await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let again = Plant { service, tasks, ..plant };
    let after = again.settled("a loss again", |s| s.whole.verdict == Verdict::Loss).await;
    let loss = |s: &Snapshot| s.node(node).unwrap().balance.loss_kw.unwrap();
    assert!((loss(&before) - loss(&after)).abs() < 0.01);
    again.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn nobody_known_sees_nothing(pool: PgPool) {
    let plant = plant(&pool).await;
    let (nobody, query) = (Principal::Anonymous, Query::default());
    let refused = [
        service::overview::hotspots(&plant.service, &nobody, &query).await.err(),
        service::overview::today(&plant.service, &nobody, &query).await.err(),
    ];
    assert!(refused.iter().all(|e| matches!(e, Some(service::Error::Unauthorized { .. }))));
    let refused = plant.service.follow(&Principal::Anonymous, &Followed::Site(None), None).await;
    assert!(refused.is_err());
    let status = plant.snapshot().await.value(plant.grid).map(|value| value.status);
    eventually("the meter is shown as never read", || status.filter(|&s| s == Status::None)).await;
    plant.tasks.stop().await;
}
