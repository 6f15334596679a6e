//! Figures of windows in which meters of the grid and of the sun were moved: each counts as what it was at
//! the time, so that windows add up.

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use serde_json::{Value, json};
use service::carbon::{CarbonQuery, CarbonView};
use service::pages::Query;
use service::{Principal, Service, Tasks};
use sqlx::PgPool;

use crate::{meter, reading, rollup};

const WHO: Principal = Principal::Loopback;

pub(crate) struct Plant {
    pub(crate) service: Service,
    pub(crate) tasks: Tasks,
    pool: PgPool,
}

/// An instant of October 2026.
pub(crate) fn at(day: u32, hour: u32) -> DateTime<Utc> {
    format!("2026-10-{day:02}T{hour:02}:00:00Z").parse().unwrap()
}

impl Plant {
    pub(crate) async fn start(pool: &PgPool) -> Self {
        let (service, tasks) =
            service::start(pool.clone(), service::Vault::random()).await.unwrap();
        Self { service, tasks, pool: pool.clone() }
    }

    /// Lets a meter be read each quarter-hour of a window; `shows` has what its registers of import and
    /// export stand at so many hours after its begin.
    pub(crate) async fn read(
        &self,
        id: MeterId,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        shows: impl Fn(f64) -> (f64, f64),
    ) {
        let mut rows = Vec::new();
        let mut time = from;
        while time <= to {
            let (import, export) = shows((time - from).as_seconds_f64() / 3600.0);
            let mut row = reading(id, time, 0.0, 0.0);
            row.values = domain::Values {
                energy_import_kwh: Some(1000.0 + import),
                energy_export_kwh: Some(1000.0 + export),
                ..domain::Values::default()
            };
            rows.push(row);
            time += TimeDelta::minutes(15);
        }
        self.tasks.outbox.submit(rows).await.unwrap();
        rollup::settled(&self.pool).await;
    }

    pub(crate) async fn change(&self, number: &str, change: Value) {
        let change = serde_json::from_value(change).unwrap();
        service::meters::update(&self.service, &WHO, &number.into(), change).await.unwrap();
        rollup::settled(&self.pool).await;
    }

    async fn carbon(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> CarbonView {
        let (from, to) = (Some(from.into()), Some(to.into()));
        let asked = CarbonQuery { from, to, ..CarbonQuery::default() };
        let carbon = service::carbon::get(&self.service, &WHO, asked).await.unwrap();
        let gauges =
            service::overview::dashboard::map(&self.service, &WHO, asked).await.unwrap().gauges;
        near("net carbon of the map", gauges.net_carbon_kg, carbon.net_kg);
        carbon
    }
}

pub(crate) fn near(what: &str, is: f64, wanted: f64) {
    assert!((is - wanted).abs() < 1e-6, "{what} is {is}, not {wanted}");
}

/// Two meters of the grid, the second one below the first since noon of the tenth, and a roof that counts
/// both ways and feeds since then.
async fn plant(pool: &PgPool) -> Plant {
    sqlx::query("UPDATE sites SET price_per_kwh = 2").execute(pool).await.unwrap();
    let first = meter(pool, "G1", "Grid", None).await;
    let second = meter(pool, "G2", "Grid", None).await;
    let roof = meter(pool, "S", "Solar", Some(first)).await;
    let loads = [(meter(pool, "A1", "Unit", Some(first)).await, 9.0)];
    let others = [(meter(pool, "A2", "Unit", Some(second)).await, 3.0)];
    let plant = Plant::start(pool).await;
    let day = (at(10, 0), at(11, 0));
    plant.read(first, day, |hours| (10.0 * hours + 4.0 * (hours - 12.0).max(0.0), 0.0)).await;
    plant.read(second, day, |hours| (4.0 * hours, 0.0)).await;
    plant.read(roof, day, |hours| (3.0 * hours, 6.0 * hours)).await;
    for (load, kw) in loads.into_iter().chain(others) {
        plant.read(load, day, |hours| (kw * hours, 0.0)).await;
    }
    let noon = at(10, 12);
    plant.change("G2", json!({"parentMeterId": "G1", "effectiveFrom": noon})).await;
    plant.change("S", json!({"feedsParent": true, "effectiveFrom": noon})).await;
    plant
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_was_bought_and_made_while_meters_were_moved_adds_up(pool: PgPool) {
    let plant = plant(&pool).await;
    let (midnight, noon, end) = (at(10, 0), at(10, 12), at(11, 0));
    let odd = noon + TimeDelta::minutes(7);
    let (ten, half) = (midnight + TimeDelta::hours(10), 7.0 / 60.0);
    for ((from, to), grid, solar) in [
        ((midnight, end), 336.0, 108.0),
        ((midnight, noon), 168.0, 72.0),
        ((noon, end), 168.0, 36.0),
        ((ten, odd), 28.0 + 14.0 * half, 12.0 + 3.0 * half),
    ] {
        let carbon = plant.carbon(from, to).await;
        near(&format!("bought from {from} to {to}"), carbon.grid_kwh, grid);
        near("its carbon", carbon.grid_kg, grid / 2.0);
        near(&format!("made from {from} to {to}"), carbon.solar_kwh, solar);
        near("what it avoided", carbon.offset_kg, solar / 2.0);
        near("coverage", carbon.coverage, 1.0);
    }
    let report = service::reports::page(&plant.service, &WHO, None, "2026-10".parse().unwrap())
        .await
        .unwrap()
        .report;
    assert_eq!(report.grid_cost, Some("672".parse().unwrap()));
    let kwh = |number: &str| {
        let source = report.sources.iter().find(|source| source.meter_number == number);
        source.and_then(|source| source.kwh).unwrap()
    };
    near("G1 in the report", kwh("G1"), 288.0);
    near("G2 in the report", kwh("G2"), 48.0);
    near("S in the report", kwh("S"), 108.0);
    let day = report.days.iter().find(|day| day.date == midnight.date_naive()).unwrap();
    let energy = day.energy.unwrap();
    near("bought on the day", energy.grid_kwh, 336.0);
    near("made on the day", energy.solar_kwh, 108.0);
    plant.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_chart_of_carbon_adds_up_to_its_sum_where_meters_were_moved(pool: PgPool) {
    let plant = plant(&pool).await;
    for period in ["from=2026-10-10&to=2026-10-10", "from=2026-10-01&to=2026-10-20"] {
        let query = Query::parse(&format!("period=custom&{period}"));
        let page = service::carbon::page::carbon(&plant.service, &WHO, &query).await.unwrap();
        let steps = || page.steps.iter().filter_map(|step| step.emission);
        near("bought", page.sum.grid_kwh, 336.0);
        near("bought in the steps", steps().map(|step| step.grid_kwh).sum(), 336.0);
        near("made in the steps", steps().map(|step| step.solar_kwh).sum(), 108.0);
        near("avoided in the steps", steps().map(|step| step.offset_kg).sum(), 54.0);
    }
    plant.tasks.stop().await;
}

/// A roof that draws at night and delivers by day, of which nobody said that it feeds: which of its registers
/// counts is settled for each day, in whichever part of it is asked for.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_a_source_that_counts_both_ways_made_adds_up(pool: PgPool) {
    let grid = meter(&pool, "G", "Grid", None).await;
    let roof = meter(&pool, "S", "Solar", Some(grid)).await;
    let plant = Plant::start(&pool).await;
    let days = (at(10, 0), at(12, 0));
    plant.read(grid, days, |hours| (10.0 * hours, 0.0)).await;
    // On the first day 12 kWh are drawn until noon and 36 delivered after it; on the second it is turned
    // round.
    let day = |hours: f64| (hours.min(12.0), 3.0 * (hours - 12.0).max(0.0));
    plant
        .read(roof, days, |hours| {
            let (drawn, made) = day(hours.min(24.0));
            let (again, back) = day((hours - 24.0).max(0.0));
            (drawn + back, made + again)
        })
        .await;
    let made = async |from, to| plant.carbon(from, to).await.solar_kwh;
    near("the night", made(at(10, 0), at(10, 12)).await, 0.0);
    near("the day", made(at(10, 12), at(11, 0)).await, 36.0);
    near("the first day", made(at(10, 0), at(11, 0)).await, 36.0);
    near("the second day", made(at(11, 0), at(12, 0)).await, 36.0);
    near("both days", made(at(10, 0), at(12, 0)).await, 72.0);
    plant.tasks.stop().await;
}
