//! What the live state says of a day is what the stored figures of that day say, soon after each
//! quarter-hour and within it, for whatever had arrived.

mod plants;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::live::{SimulatedClock, Snapshot};
use domain::{MeterId, SiteId};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use service::losses::power_loss::LossView;
use service::operation::clock::Simulated;
use service::pages::Query;
use service::{Principal, Service, SiteWindow, Tasks};
use sqlx::PgPool;

use plants::Plant;

const WHO: Principal = Principal::Loopback;
/// Readings come this often.
const EVERY: TimeDelta = TimeDelta::minutes(5);
/// The clock shows so much more than the time of the last readings.
const LATE: TimeDelta = TimeDelta::seconds(20);
/// Within this, live and stored figures agree.
const PATIENCE: Duration = Duration::from_secs(30);

/// A site with a plant on it.
pub(crate) struct Ground {
    pub(crate) plant: Plant,
    pub(crate) site: SiteId,
    pub(crate) midnight: DateTime<Utc>,
    pub(crate) ids: HashMap<&'static str, MeterId>,
    /// How many of its readings came so far.
    read: i32,
}

pub(crate) struct Yard {
    pub(crate) pool: PgPool,
    pub(crate) service: Service,
    pub(crate) tasks: Tasks,
    pub(crate) grounds: Vec<Ground>,
}

impl Yard {
    /// All plants, each on a site whose clock stands.
    async fn new(pool: PgPool, plants: Vec<Plant>) -> Self {
        let mut grounds = Vec::new();
        for plant in plants {
            grounds.push(Ground::new(&pool, plant).await);
        }
        let (service, tasks) =
            service::start(pool.clone(), service::Vault::random()).await.unwrap();
        let mut yard = Self { pool, service, tasks, grounds };
        yard.read_up_to(TimeDelta::hours(12)).await;
        for ground in &yard.grounds {
            yard.enter(ground).await;
        }
        yard
    }

    /// Lets everything arrive that was read up to a time of day.
    async fn read_up_to(&mut self, time: TimeDelta) {
        for ground in &mut self.grounds {
            let now = ground.midnight + time + LATE;
            let goes = SimulatedClock::Asked;
            let clock = Simulated { at: now, goes, recorded: now, record: EVERY };
            service::operation::clock::set(&self.service, ground.site, clock);
            let rows = ground.rows(time);
            for rows in rows.chunks(1_000) {
                self.tasks.outbox.submit(rows.to_vec()).await.unwrap();
            }
        }
    }

    fn ground(&self, slug: &str) -> &Ground {
        self.grounds.iter().find(|ground| ground.plant.slug == slug).unwrap()
    }

    async fn live(&self, ground: &Ground) -> Snapshot {
        let query = Query::parse(&format!("site={}", ground.plant.slug));
        service::pages::snapshot(&self.service, &WHO, &query).await.unwrap()
    }

    /// Waits until each site says of a time of day what is stored of it.
    async fn agree(&self, time: TimeDelta) {
        let begun = Instant::now();
        loop {
            let mut differences = Vec::new();
            for ground in &self.grounds {
                let found = self.differences(ground, ground.midnight + time).await;
                let slug = ground.plant.slug;
                differences.extend(found.into_iter().map(|it| format!("{slug}: {it}")));
            }
            if differences.is_empty() {
                return;
            }
            let said = differences.join("\n");
            assert!(begun.elapsed() < PATIENCE, "{time} after midnight they differ:\n{said}");
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }

    async fn differences(&self, ground: &Ground, until: DateTime<Utc>) -> Vec<String> {
        let live = self.live(ground).await;
        let newest = live.values.iter().filter_map(|value| value.at).max();
        if newest != Some(until) {
            return vec![format!("live has nothing newer than {newest:?}")];
        }
        let (from, to) = (Some(ground.midnight.into()), Some(until.into()));
        let site = Some(&ground.plant.slug.into());
        let asked = SiteWindow { site, from, to, explain: false };
        let carbon = service::carbon::get(&self.service, &WHO, asked).await.unwrap();
        let map = service::overview::dashboard::map(&self.service, &WHO, asked).await.unwrap();
        let diesel = service::carbon::diesel::get(&self.service, &WHO, asked).await.unwrap();
        let losses = service::losses::power_loss::LossesQuery {
            site,
            parent: None,
            from,
            to,
            explain: false,
        };
        let losses = service::losses::power_loss::list(&self.service, &WHO, losses).await.unwrap();
        let states = service::overview::portfolio::list(&self.service, &WHO).unwrap();
        let state = states.iter().find(|state| state.slug == ground.plant.slug).unwrap();

        let (gauges, standing) = (&live.gauges, &state.standing);
        let solar = live.meters.iter().any(|card| card.meter_type == "Solar");
        let solar = Some(carbon.solar_kwh).filter(|_| solar);
        let burns = !diesel.generators.is_empty();
        let input = map.gauges.total_consumption_kwh;
        let mut found = Differences::default();
        found.compare("consumption", gauges.consumption_kwh.value, input);
        found.compare("its row in the portfolio", standing.today_kwh, input);
        found.compare("loss in %", gauges.loss_percent.value, map.gauges.power_loss_percent);
        found.compare("solar energy", gauges.solar_kwh, solar);
        found.compare("its row in the portfolio", standing.solar_kwh, solar);
        let share = map.gauges.solar_percent.filter(|_| solar.is_some());
        found.compare("solar share", gauges.solar_share_percent.value, share);
        found.compare("net carbon", gauges.net_carbon_kg.value, Some(carbon.net_kg));
        found.compare("its row in the portfolio", standing.net_carbon_kg, Some(carbon.net_kg));
        let litres = Some(diesel.total.litres).filter(|_| burns);
        found.compare("diesel", gauges.dg_litres, litres);
        let per_kwh = |cost: Option<Decimal>| cost.and_then(|cost| cost.to_f64());
        let (live_cost, cost) = (gauges.dg_cost_per_kwh, diesel.total.cost_per_kwh);
        found.compare("cost of a kWh of diesel", per_kwh(live_cost), per_kwh(cost));
        let hours = Some(map.gauges.dg_runtime_hours).filter(|_| burns);
        found.compare("running hours", gauges.dg_runtime_hours.value, hours);
        for view in &losses {
            let node = live.node(view.parent_id).unwrap();
            let name = &view.parent_meter_number;
            found.compare(&format!("loss of {name}"), node.today_loss_kwh, view.loss_kwh);
            let percent = (node.today_loss_percent, view.loss_percent);
            found.compare(&format!("loss of {name} in %"), percent.0, percent.1);
            if node.today_verdict != view.verdict {
                found.0.push(format!("{name} is {:?}, {:?}", node.today_verdict, view.verdict));
            }
        }
        if losses.iter().all(|view| view.cost.is_some()) {
            let costs = losses.iter().filter_map(|view| view.cost);
            let (live, stored) = (gauges.loss_cost, costs.reduce(|a, b| a + b));
            if live != stored {
                found.0.push(format!("cost of the loss: {live:?}, stored {stored:?}"));
            }
        }
        for (id, import, export) in self.counted(ground, until).await {
            let value = live.value(id).unwrap();
            let number = &live.card(id).unwrap().number;
            found.compare(&format!("import of {number}"), value.today_kwh, Some(import));
            let returned = value.today_returned_kwh.or(Some(0.0));
            found.compare(&format!("export of {number}"), returned, Some(export));
        }
        found.0
    }

    /// What the quarter-hours of the meters sum up to, at the end of one.
    async fn counted(&self, ground: &Ground, until: DateTime<Utc>) -> Vec<(MeterId, f64, f64)> {
        if until.timestamp() % 900 != 0 {
            return Vec::new();
        }
        let rows: Vec<(i64, f64, f64)> = sqlx::query_as(
            "SELECT meter_id, sum(import_kwh), sum(export_kwh) FROM energy_intervals \
             JOIN energy_meters ON id = meter_id \
             WHERE site_id = $1 AND bucket_start >= $2 AND bucket_start < $3 GROUP BY meter_id",
        )
        .bind(ground.site.0)
        .bind(ground.midnight)
        .bind(until)
        .fetch_all(&self.pool)
        .await
        .unwrap();
        rows.into_iter().map(|(id, import, export)| (MeterId(id), import, export)).collect()
    }

    pub(crate) async fn losses(
        &self,
        ground: &Ground,
        (from, to): (TimeDelta, TimeDelta),
    ) -> Vec<LossView> {
        let at = |time: TimeDelta| Some((ground.midnight + time).into());
        let asked = service::losses::power_loss::LossesQuery {
            site: Some(&ground.plant.slug.into()),
            from: at(from),
            to: at(to),
            ..Default::default()
        };
        service::losses::power_loss::list(&self.service, &WHO, asked).await.unwrap()
    }
}

#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    /// A live figure has three decimals.
    fn compare(&mut self, what: &str, live: Option<f64>, stored: Option<f64>) {
        let agree = match (live, stored) {
            (Some(live), Some(stored)) => (live - stored).abs() < 1.5e-3,
            (live, stored) => live == stored,
        };
        if !agree {
            self.0.push(format!("{what}: {live:?}, stored {stored:?}"));
        }
    }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn live_says_of_today_what_is_stored_of_it_on_every_kind_of_plant(pool: PgPool) {
    let mut yard = Yard::new(pool, plants::all()).await;
    for minutes in [15, 20, 30] {
        let time = TimeDelta::hours(12) + TimeDelta::minutes(minutes);
        yard.read_up_to(time).await;
        yard.agree(time).await;
        if minutes == 15 {
            a_loss_costs_live_what_its_block_says(&yard).await;
        }
    }
    today_is_what_came_in_through_sources(&yard).await;
    the_gauges_of_yesterday_are_those_of_its_stored_day(&yard).await;
    yard.tasks.stop().await;
}

/// The loss of the last quarter-hour costs live what it costs as it is stored: by the block in which the
/// month of its payer stands.
async fn a_loss_costs_live_what_its_block_says(yard: &Yard) {
    let (noon, quarter) = (TimeDelta::hours(12), TimeDelta::minutes(15));
    let ground = yard.ground("blocks");
    let stored = yard.losses(ground, (noon, noon + quarter)).await;
    let live = yard.live(ground).await;
    for (number, cost, per_hour) in [("GRID", "12.00", "48"), ("HALL", "8.75", "35")] {
        let view = stored.iter().find(|view| view.parent_meter_number == number).unwrap();
        assert_eq!(view.cost.map(|cost| cost.to_string()).as_deref(), Some(cost), "{number}");
        let told = live.node(view.parent_id).unwrap().balance.cost_per_hour;
        assert_eq!(told, Some(per_hour.parse().unwrap()), "{number} an hour");
    }
    assert_eq!(live.whole.cost_per_hour, Some("83".parse().unwrap()));
    assert_eq!(live.site.price_per_kwh, Some("12".parse().unwrap()));
    let ranked: Vec<MeterId> = ["GRID", "HALL"].map(|number| ground.ids[number]).to_vec();
    assert_eq!(live.hotspots, ranked, "4 kWh at 12 before 5 kWh at 7");
}

/// Each meter counts while it was a source: a roof until it was none, and never a load beside the grid's meter.
async fn today_is_what_came_in_through_sources(yard: &Yard) {
    let of_roofs = 20.0 * 11.0 + 6.0 * 1.5;
    for (slug, input, solar) in
        [("handed-over", 40.0 * 12.5 + of_roofs, Some(of_roofs)), ("shed", 100.0 * 12.5, None)]
    {
        let gauges = yard.live(yard.ground(slug)).await.gauges;
        let mut found = Differences::default();
        found.compare("consumption", gauges.consumption_kwh.value, Some(input));
        found.compare("solar energy", gauges.solar_kwh, solar);
        assert_eq!(found.0, Vec::<String>::new(), "{slug}");
    }
}

async fn the_gauges_of_yesterday_are_those_of_its_stored_day(yard: &Yard) {
    let time = TimeDelta::hours(12) + TimeDelta::minutes(30);
    let ground = yard.ground("since-yesterday");
    let mut gauges = yard.live(ground).await.gauges;
    let begun = Instant::now();
    while gauges.consumption_kwh.yesterday.is_none() {
        assert!(begun.elapsed() < PATIENCE, "nothing is said of yesterday: {gauges:?}");
        tokio::time::sleep(Duration::from_millis(250)).await;
        gauges = yard.live(ground).await.gauges;
    }
    let yesterday = ground.midnight - TimeDelta::hours(24);
    let asked = SiteWindow {
        site: Some(&"since-yesterday".into()),
        from: Some(yesterday.into()),
        to: Some((yesterday + time).into()),
        explain: false,
    };
    let map = service::overview::dashboard::map(&yard.service, &WHO, asked).await.unwrap().gauges;
    let input = map.total_consumption_kwh;
    assert!((input.unwrap() - 120.0).abs() < 1e-9, "drawn in the morning: {map:?}");
    let mut found = Differences::default();
    found.compare("consumption", gauges.consumption_kwh.yesterday, input);
    found.compare("loss in %", gauges.loss_percent.yesterday, map.power_loss_percent);
    found.compare("net carbon", gauges.net_carbon_kg.yesterday, Some(map.net_carbon_kg));
    assert_eq!(found.0, Vec::<String>::new());
}
