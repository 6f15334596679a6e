//! What meters are to pay, over HTTP.

mod issued;
mod month;
mod runs;

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{World, trades};

/// The midnights in San Francisco at which May 2025 begins and ends.
const FROM: &str = "2025-05-01T07:00:00Z";
const TO: &str = "2025-06-01T07:00:00Z";
/// A midnight in the middle of it.
const MIDDLE: &str = "2025-05-16T07:00:00Z";

/// A prosumer and a consumer of the simulated world, which is silent: only what is posted counts.
pub(crate) struct Street {
    pub(crate) world: World,
    pub(crate) prosumer: i64,
    pub(crate) consumer: i64,
}

impl Street {
    pub(crate) async fn start(pool: &PgPool) -> Self {
        let world = World::start(pool).await;
        let prosumer = house(&world, "HH-1", "prosumer").await;
        let consumer = house(&world, "HH-2", "consumer").await;
        Self { world, prosumer, consumer }
    }

    pub(crate) async fn end(self) {
        self.world.end().await;
    }

    /// Posts registers, import and export, at the ends of May 2025 alone.
    pub(crate) async fn at_the_ends(&self, meter: i64, import: f64, export: f64) {
        self.twice(meter, TO, import, export).await;
    }

    /// Posts registers, import and export, at the beginning of May 2025 and at an instant after it.
    async fn twice(&self, meter: i64, to: &str, import: f64, export: f64) {
        let reading = |at: &str, import: f64, export: f64| json!({"timestamp": at, "energyImportKwh": import, "energyExportKwh": export});
        self.post(
            meter,
            &json!([reading(FROM, 1_000.0, 500.0), reading(to, 1_000.0 + import, 500.0 + export)]),
        )
        .await;
    }

    /// Posts registers at every quarter-hour of May 2025.
    async fn at_every_quarter(&self, meter: i64, import: f64, export: f64) {
        let start: chrono::DateTime<chrono::Utc> = FROM.parse().unwrap();
        let quarters = 31 * 96;
        let reading = |n: i32| {
            let share = f64::from(n) / f64::from(quarters);
            json!({"timestamp": start + chrono::TimeDelta::minutes(15) * n,
                "energyImportKwh": 1_000.0 + import * share,
                "energyExportKwh": 500.0 + export * share})
        };
        self.post(meter, &(0..=quarters).map(reading).collect()).await;
    }

    async fn post(&self, meter: i64, readings: &Value) {
        let path = format!("/api/Energy/meters/{meter}/readings");
        self.world.post(&path, readings).await.is(201);
    }

    pub(crate) async fn trade(&self, units: f64, price: f64) {
        let trade = json!({"buyer_meter_id": "HH-2", "seller_meter_id": "HH-1",
            "units_kWh": units, "price_per_kWh": price, "timestamp": "2025-05-10T12:00:00Z"});
        self.world.post("/p2p-trade", &trade).await.is(201);
    }

    /// Waits until the bill of a meter counts so much energy.
    pub(crate) async fn consumed(&self, meter: i64, kwh: f64) -> Value {
        self.billed(meter, |bill| bill["total_consumed_kWh"] == kwh).await
    }

    /// Waits until so much of a meter's trades is settled: both meters are summed up by then.
    async fn traded(&self, meter: i64, kwh: f64) -> Value {
        self.billed(meter, |bill| bill["p2p_kWh"] == kwh).await
    }

    async fn billed(&self, meter: i64, wanted: impl Fn(&Value) -> bool) -> Value {
        self.world.eventually(&format!("/bill?meter_id={meter}&month=2025-05"), wanted).await
    }

    /// Stores the draft of May 2025 and answers its UUID.
    pub(crate) async fn draft(&self, meter: i64) -> String {
        let body = json!({"meterId": meter, "month": "2025-05"});
        let stored = self.world.post("/api/bills", &body).await.is(201);
        stored.json()["data"]["id"].as_str().unwrap().to_owned()
    }

    /// A corrected register at the end of the month: so many kWh more.
    async fn correct(&self, meter: i64, import: f64) {
        let path = format!("/api/Energy/meters/{meter}/corrections");
        let body = json!({"timestamp": TO, "field": "energyImportKwh", "value": 1_000.0 + import,
            "reason": "read wrongly"});
        self.world.post(&path, &body).await.is(201);
    }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn bills_of_a_street_without_readings(pool: PgPool) {
    let street = Street::start(&pool).await;
    trades::what_a_trade_cannot_be(&street).await;
    trades::a_trade_is_posted_and_answered_as_agreed(&street).await;
    month::months_and_meters_that_have_no_bill(&street).await;
    issued::a_running_month_stays_a_draft(&street).await;
    runs::runs_that_cannot_begin_or_end(&street).await;
    month::a_draft_waits_for_energy_that_is_being_summed_up(&street).await;
    street.end().await;
}

async fn house(world: &World, number: &str, kind: &str) -> i64 {
    let body = json!({"meterNumber": number, "meterName": number, "meterType": "Household",
        "importRegister": "import"});
    let made = world.post("/api/Energy/meters?site=world", &body).await.is(201);
    let meter = made.json()["data"]["id"].as_i64().unwrap();
    sqlx::query(
        "WITH resource AS (INSERT INTO energy_resources (site_id, name, type, created_at) \
             SELECT id, $2, $3, now() FROM sites WHERE slug = 'world' RETURNING id) \
         INSERT INTO simulated_meters (meter_id, er_id, status, linked_at, created_at) \
         SELECT $1, id, 'OFF', now(), now() FROM resource",
    )
    .bind(meter)
    .bind(number)
    .bind(kind)
    .execute(&world.pool)
    .await
    .unwrap();
    meter
}
