//! The gauges of today say what the stored figures of today say.

use chrono::{DateTime, DurationRound as _, TimeDelta, Timelike as _, Utc};
use domain::live::Snapshot;
use domain::{MeterId, Quality, Reading, Source, Values};
use service::carbon::CarbonQuery;
use service::carbon::factors::NewFactor;
use service::pages::Query;
use service::{Principal, Service, Tasks};
use sqlx::PgPool;
use storage::meters::NewMeter;

use crate::{meter, rollup};

const WHO: Principal = Principal::Loopback;

/// A plant since its midnight, which is some twelve hours ago.
struct Day {
    service: Service,
    tasks: Tasks,
    load: MeterId,
    midnight: DateTime<Utc>,
    now: DateTime<Utc>,
}

struct Plant {
    grid: MeterId,
    sub: MeterId,
    roof: MeterId,
    generator: MeterId,
    load: MeterId,
}

/// What flows through a meter: drawn and returned, kW.
fn row(id: MeterId, at: DateTime<Utc>, hours: f64, (draws, returns): (f64, f64)) -> Reading {
    let values = Values {
        active_power_kw: Some(draws - returns),
        energy_import_kwh: Some(draws * hours),
        energy_export_kwh: Some(returns * hours),
        ..Values::default()
    };
    Reading { meter: id, at, quality: Quality::Good, source: Source::Api, values }
}

impl Plant {
    async fn new(pool: &PgPool) -> Self {
        let grid = meter(pool, "GRID", "Grid", None).await;
        let generator = NewMeter {
            parent: Some(grid),
            feeds_parent: true,
            ..NewMeter::named(storage::sites::DEFAULT, "DG", "DG", "DG")
        };
        Self {
            grid,
            sub: meter(pool, "SUB", "Grid", Some(grid)).await,
            roof: meter(pool, "ROOF", "Solar", Some(grid)).await,
            generator: storage::meters::insert(pool, &generator).await.unwrap().id,
            load: meter(pool, "LOAD", "Unit", Some(grid)).await,
        }
    }

    /// Readings every five minutes and one now. The generator has eight litres each full hour of the
    /// first six, and none later.
    fn rows(&self, midnight: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Reading> {
        let count = i32::try_from((now - midnight).num_minutes() / 5).unwrap();
        let times = (0..=count).map(|n| midnight + TimeDelta::minutes(5) * n).chain([now]);
        let mut rows = Vec::new();
        for at in times {
            let hours = (at - midnight).as_seconds_f64() / 3600.0;
            let flows = [
                (self.grid, (60.0, 0.0)),
                (self.sub, (40.0, 0.0)),
                (self.roof, (0.0, 20.0)),
                (self.generator, (30.0, 0.0)),
                (self.load, (65.0, 0.0)),
            ];
            for (id, flow) in flows {
                let mut reading = row(id, at, hours, flow);
                let is_full = hours.fract() == 0.0 && (1.0..=6.0).contains(&hours);
                if id == self.generator && is_full {
                    reading.values.diesel_consumption_liters = Some(8.0);
                }
                rows.push(reading);
            }
        }
        rows
    }
}

/// Starts a plant whose clock shows some minutes past noon.
async fn day(pool: &PgPool, change: impl Fn(&Plant, &mut Reading)) -> Day {
    let now = Utc::now().duration_trunc(TimeDelta::seconds(5)).unwrap();
    let ahead = 12 - i64::from(now.hour());
    let zone = if ahead < 0 { format!("Etc/GMT+{}", -ahead) } else { format!("Etc/GMT-{ahead}") };
    let set = "UPDATE sites SET time_zone = $1 WHERE id = 1";
    sqlx::query(set).bind(zone).execute(pool).await.unwrap();
    let midnight = now.duration_trunc(TimeDelta::hours(1)).unwrap() - TimeDelta::hours(12);
    let plant = Plant::new(pool).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let factor = serde_json::json!({"kind": "grid", "value": 0.82, "unit": "kg/kWh",
        "source": "grid operator", "validFrom": "2026-01-01"});
    let factor: NewFactor = serde_json::from_value(factor).unwrap();
    service::carbon::factors::create(&service, &WHO, factor).await.unwrap();
    let mut rows = plant.rows(midnight, now);
    for row in &mut rows {
        change(&plant, row);
    }
    for rows in rows.chunks(1_000) {
        tasks.outbox.submit(rows.to_vec()).await.unwrap();
    }
    rollup::settled(pool).await;
    Day { service, tasks, load: plant.load, midnight, now }
}

impl Day {
    /// The live state once it is of the last readings and knows of the generator.
    async fn live(&self, ready: impl Fn(&Snapshot) -> bool) -> Snapshot {
        let mut last = None;
        for _ in 0..600 {
            let query = Query::default();
            let live = service::pages::snapshot(&self.service, &WHO, &query).await.unwrap();
            if live.whole.until == Some(self.now) && ready(&live) {
                return live;
            }
            last = Some(live);
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("it did not become so within 30 s: {:?}", last.map(|live| live.gauges));
    }
}

#[track_caller]
fn near(value: Option<f64>, wanted: f64) {
    assert!(value.is_some_and(|value| (value - wanted).abs() < 2e-3), "{value:?} is not {wanted}");
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn gauges_and_portfolio_say_what_the_stored_day_says(pool: PgPool) {
    let day = day(&pool, |_, _| {}).await;
    let (from, to) = (Some(day.midnight.into()), Some(day.now.into()));
    let asked = CarbonQuery { from, to, ..CarbonQuery::default() };
    let carbon = service::carbon::get(&day.service, &WHO, asked).await.unwrap();
    let map = service::overview::dashboard::map(&day.service, &WHO, asked).await.unwrap();

    // What the plant did: the sub-meter of the grid counts once, the roof in its export register.
    let hours = (day.now - day.midnight).as_seconds_f64() / 3600.0;
    let litres = 48.0 + 30.0 * (hours - 6.0) * 0.28;
    let net = 60.0 * hours * 0.82 + litres * 2.68 - 20.0 * hours * 0.5;
    near(Some(carbon.net_kg), net);
    near(Some(carbon.diesel_l), litres);

    let settled = |live: &Snapshot| {
        live.gauges.dg_litres.is_some_and(|found| (found - litres).abs() < 2e-3)
            && live.gauges.net_carbon_kg.value.is_some_and(|found| (found - net).abs() < 2e-3)
    };
    let live = day.live(settled).await;
    let gauges = &live.gauges;
    near(gauges.net_carbon_kg.value, carbon.net_kg);
    near(gauges.dg_litres, carbon.diesel_l);
    near(gauges.solar_kwh, carbon.solar_kwh);
    near(gauges.consumption_kwh.value, map.gauges.total_consumption_kwh);
    near(gauges.loss_percent.value, map.gauges.power_loss_percent.unwrap());
    near(gauges.solar_share_percent.value, map.gauges.solar_percent.unwrap());
    near(gauges.dg_runtime_hours.value, map.gauges.dg_runtime_hours);

    let sites = service::overview::portfolio::list(&day.service, &WHO).unwrap();
    near(sites[0].standing.net_carbon_kg, carbon.net_kg);
    near(sites[0].standing.solar_kwh, carbon.solar_kwh);
    near(sites[0].standing.today_kwh, map.gauges.total_consumption_kwh);
    day.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_register_that_was_set_back_in_the_morning_leaves_the_gauges_of_the_day(pool: PgPool) {
    let set_back = |plant: &Plant, row: &mut Reading| {
        let kwh =
            row.values.energy_import_kwh.filter(|kwh| row.meter == plant.load && *kwh >= 130.0);
        row.values.energy_import_kwh = kwh.map(|kwh| kwh - 130.0).or(row.values.energy_import_kwh);
    };
    let day = day(&pool, set_back).await;
    let (from, to) = (Some(day.midnight.into()), Some(day.now.into()));
    let asked = CarbonQuery { from, to, ..CarbonQuery::default() };
    let map = service::overview::dashboard::map(&day.service, &WHO, asked).await.unwrap();
    let below = map.tree[0].children.iter().find(|child| child.meter.id == day.load);
    let counted = below.unwrap().meter.energy_kwh.unwrap();
    // Up to two hours, and since then; what passed in the five minutes before is lost.
    let hours = (day.now - day.midnight).as_seconds_f64() / 3600.0;
    near(Some(counted), 65.0 * (hours - 5.0 / 60.0));
    let live = day.live(|live| live.gauges.loss_percent.value.is_some()).await;
    near(live.value(day.load).unwrap().today_kwh, counted);
    near(live.gauges.loss_percent.value, map.gauges.power_loss_percent.unwrap());
    day.tasks.stop().await;
}
