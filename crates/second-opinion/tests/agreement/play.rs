//! Scenarios played through the real service.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use chrono::{NaiveDate, Utc};
use domain::energy::StepId;
use domain::meters::MeterAddress;
use domain::{MeterId, Quality, Source, Values};
use futures::stream::{self, StreamExt as _};
use second_opinion::scenario::{Column, Event, Meter, Reading, Rule, Scenario};
use serde_json::{Value, json};
use service::{Error, Principal, Service, Tasks, Vault};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, PgPool};

use crate::bills;
use crate::compare::{self, Difference};

/// Who does everything.
pub(crate) const WHO: Principal = Principal::Loopback;

/// Of a server: each of them plans every statement for itself.
const CONNECTIONS: u32 = 5;
/// Scenarios looked at together. More would wait for connections, and what waits too long is refused.
const LOOKING: usize = 5;

/// Takes the months away that a fresh database has: Postgres plans each statement over all of them, and
/// those in which a scenario lies are made for its readings.
const WITHOUT_MONTHS: &str = "DO $$ DECLARE month regclass; BEGIN \
    FOR month IN SELECT inhrelid::regclass FROM pg_inherits \
        WHERE inhparent IN ('meter_readings'::regclass, 'energy_intervals'::regclass) \
            AND inhrelid::regclass::text NOT LIKE '%default' \
    LOOP EXECUTE format('DROP TABLE %s', month); END LOOP; END $$";

/// Where scenarios are played: each batch in a database of its own, copied from one with the schema.
pub(crate) struct Ground {
    template: PgConnectOptions,
    copies: AtomicU64,
}

/// A scenario that was played.
pub(crate) struct Played {
    /// Slug of its site.
    pub(crate) slug: String,
    /// Its meters in the database.
    pub(crate) ids: Vec<MeterId>,
    /// What the service refused.
    pub(crate) refused: Vec<String>,
    /// Its database.
    pub(crate) pool: PgPool,
}

impl Ground {
    pub(crate) async fn new(pool: PgPool) -> Self {
        let template = (*pool.connect_options()).clone();
        sqlx::raw_sql(WITHOUT_MONTHS).execute(&pool).await.unwrap();
        pool.close().await;
        Self { template, copies: AtomicU64::new(0) }
    }

    /// What is wrong with the figures of each of some scenarios.
    pub(crate) async fn differences(&self, scenarios: &[Scenario]) -> Vec<Vec<Difference>> {
        self.played(scenarios, compare::all).await
    }

    /// Plays some scenarios, and looks at each.
    pub(crate) async fn played<T>(
        &self,
        scenarios: &[Scenario],
        look: impl AsyncFn(&Service, &Scenario, &Played) -> T,
    ) -> Vec<T> {
        let name = self.copy().await;
        // As `storage::connect` has them.
        let options = self.template.clone().database(&name);
        let options = options.statement_cache_capacity(200);
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).test_before_acquire(false);
        let pool = pool.connect_with(options).await.unwrap();
        let found = {
            let (service, tasks) =
                service::start_quick(pool.clone(), Vault::random()).await.unwrap();
            let played = play(&service, &tasks, &pool, scenarios).await;
            let looks = scenarios.iter().zip(&played);
            let looks = looks.map(|(scenario, played)| look(&service, scenario, played));
            let found = stream::iter(looks).buffered(LOOKING).collect().await;
            tasks.stop().await;
            found
        };
        pool.close().await;
        self.drop(&name).await;
        found
    }

    async fn copy(&self) -> String {
        let template = self.template.get_database().unwrap();
        // A name of Postgres has 63 characters at most.
        let name = format!("{}_{}", &template[..50], self.copies.fetch_add(1, Relaxed));
        // A run that was stopped leaves its copy behind.
        self.run(format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)")).await;
        self.run(format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"")).await;
        name
    }

    async fn drop(&self, name: &str) {
        self.run(format!("DROP DATABASE \"{name}\" WITH (FORCE)")).await;
    }

    async fn run(&self, statement: String) {
        let mut connection = self.template.clone().database("postgres").connect().await.unwrap();
        sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    }
}

/// Plays some scenarios side by side, each at a site of its own.
async fn play(
    service: &Service,
    tasks: &Tasks,
    pool: &PgPool,
    scenarios: &[Scenario],
) -> Vec<Played> {
    let mut played = Vec::new();
    for (place, scenario) in scenarios.iter().enumerate() {
        played.push(set_up(service, pool, scenario, format!("s{place}")).await);
    }
    known(service).await;
    let mut parts: Vec<_> =
        scenarios.iter().map(|scenario| scenario.events.split(|e| *e == Event::Settle)).collect();
    loop {
        let mut any = false;
        for (played, parts) in played.iter_mut().zip(&mut parts) {
            let Some(events) = parts.next() else { continue };
            any = true;
            tell(service, tasks, played, events).await;
        }
        settled(pool).await;
        if !any {
            return played;
        }
    }
}

/// How long readings are kept so that all of a scenario is, which plays from October 2025 on: each month that a
/// site keeps has a partition, and every statement costs more with each of them.
pub(crate) fn kept_days() -> i64 {
    (Utc::now().date_naive() - NaiveDate::from_ymd_opt(2025, 9, 25).unwrap()).num_days()
}

async fn set_up(service: &Service, pool: &PgPool, scenario: &Scenario, slug: String) -> Played {
    let site = json!({"slug": slug, "name": slug, "timeZone": scenario.zone,
        "pricePerKwh": scenario.price,
        "retention": {"rawDays": kept_days(), "hourlyDays": kept_days(), "dailyDays": 3650}});
    service::sites::create(service, &WHO, serde_json::from_value(site).unwrap()).await.unwrap();
    let mut ids: Vec<MeterId> = Vec::new();
    for (place, meter) in scenario.meters.iter().enumerate() {
        let new = new_meter(place, meter, &ids);
        let new = serde_json::from_value(new).unwrap();
        let made =
            service::meters::create(service, &WHO, Some(&slug.as_str().into()), new).await.unwrap();
        ids.push(made.id);
    }
    let refused = bills::enter(service, scenario, &slug).await;
    Played { slug, ids, refused, pool: pool.clone() }
}

fn new_meter(place: usize, meter: &Meter, ids: &[MeterId]) -> Value {
    let mut new = json!({"meterNumber": format!("M{place}"), "meterName": format!("Meter {place}"),
        "meterType": meter.kind, "feedsParent": meter.feeds, "ratedPowerKw": meter.rated_kw,
        "accuracyClass": meter.class, "registerModulusKwh": meter.modulus_kwh,
        "registerStepKwh": meter.step_kwh.filter(|_| !meter.learned),
        "parentMeterId": meter.parent.map(|parent| ids[parent].0)});
    if meter.net {
        new["phaseType"] = "net-meter".into();
        new["importRegister"] = "total".into();
    }
    new
}

/// Makes sure that the service knows the meters before their readings come.
async fn known(service: &Service) {
    let patch = service::Patch::from_iter([("name".to_owned(), Value::from("known"))]);
    service::sites::update(service, &WHO, &"default".into(), patch).await.unwrap();
}

/// Tells the service of some events.
async fn tell(service: &Service, tasks: &Tasks, played: &mut Played, events: &[Event]) {
    let mut events = events.iter().peekable();
    while let Some(event) = events.next() {
        let Event::Reading(first) = event else {
            if let Err(error) = enter(service, played, event).await {
                played.refused.push(format!("{event}: {error}"));
            }
            continue;
        };
        let mut batch = vec![stored(first, &played.ids)];
        while let Some(Event::Reading(next)) = events.peek() {
            batch.push(stored(next, &played.ids));
            events.next();
        }
        let outcome = tasks.outbox.submit(batch).await.unwrap();
        played.refused.extend(outcome.refused.iter().map(|refusal| refusal.reason.to_string()));
    }
}

fn stored(reading: &Reading, ids: &[MeterId]) -> domain::Reading {
    let values = Values {
        total_energy_kwh: reading.total,
        energy_import_kwh: reading.import,
        energy_export_kwh: reading.export,
        active_power_kw: reading.power,
        diesel_consumption_liters: reading.litres,
        ..Values::default()
    };
    let (meter, at) = (ids[reading.meter], reading.at);
    domain::Reading { meter, at, quality: Quality::Good, source: Source::Api, values }
}

/// Enters what people enter.
async fn enter(service: &Service, played: &Played, event: &Event) -> Result<(), Error> {
    let id = |place: usize| MeterAddress::from(played.ids[place]);
    match event {
        Event::Exchange { meter, at, old, new, undone } => {
            let body = json!({"timestamp": at, "oldFinalKwh": old, "newInitialKwh": new,
                "reason": "scenario"});
            let body = serde_json::from_value(body).unwrap();
            let id = id(*meter);
            let entered = service::meters::exchanges::create(service, &WHO, &id, body).await?;
            if *undone {
                let n = entered.n.to_string();
                service::meters::exchanges::undo(service, &WHO, &id, &n).await?;
            }
        }
        Event::Correct { meter, at, column, value, undone } => {
            let body = json!({"timestamp": at, "field": column.json(), "value": value,
                "reason": "scenario"});
            let body = serde_json::from_value(body).unwrap();
            let id = id(*meter);
            let entered = service::readings::corrections::create(service, &WHO, &id, body).await?;
            if *undone {
                let n = entered.n.to_string();
                service::readings::corrections::undo(service, &WHO, &id, &n).await?;
            }
        }
        Event::Decide { meter, at, accept } => {
            let open = Some(service::energy::quarantine::StepState::Open);
            let waiting =
                service::energy::quarantine::list(service, &WHO, None, Some(&id(*meter)), open)
                    .await?;
            let import = |field: &str| field != Column::Export.json();
            for step in waiting.iter().filter(|step| step.timestamp == *at && import(&step.field)) {
                let n = StepId(step.n);
                if *accept {
                    service::energy::quarantine::accept(service, &WHO, n).await?;
                } else {
                    service::energy::quarantine::reject(service, &WHO, n).await?;
                }
            }
        }
        Event::Move { meter, parent, from } => {
            let parent = parent.map(|parent| played.ids[parent].0);
            let patch = json!({"parentMeterId": parent, "effectiveFrom": from});
            change(service, &id(*meter), patch).await?;
        }
        Event::Rule { meter, rule } => {
            let patch = match rule {
                Rule::Rated(rated) => json!({"ratedPowerKw": rated}),
                Rule::Modulus(modulus) => json!({"registerModulusKwh": modulus}),
                Rule::Class(class) => json!({"accuracyClass": class}),
                Rule::Register(register) => {
                    json!({"importRegister": register.map(Column::word)})
                }
            };
            change(service, &id(*meter), patch).await?;
        }
        Event::Factor { kind, value, from } => {
            let unit = match *kind {
                "diesel" => "kg/L",
                "sfc" => "L/kWh",
                _ => "kg/kWh",
            };
            let body = json!({"site": played.slug, "kind": kind, "value": value, "unit": unit,
                "source": "scenario", "validFrom": from});
            let body = serde_json::from_value(body).unwrap();
            service::carbon::factors::create(service, &WHO, body).await?;
        }
        Event::Reading(_) | Event::Settle => {}
    }
    Ok(())
}

async fn change(service: &Service, meter: &MeterAddress, patch: Value) -> Result<(), Error> {
    let Value::Object(patch) = patch else { return Ok(()) };
    service::meters::update(service, &WHO, meter, patch.into()).await.map(drop)
}

/// How often something is looked at until it is so, and how long after it was looked at last. That it takes long is
/// no fault here: benchmarks say how long.
pub(crate) const LOOKS: u32 = 12_000;
pub(crate) const LOOK_AFTER: Duration = Duration::from_millis(50);

/// Waits until nothing is left to be computed.
async fn settled(pool: &PgPool) {
    for _ in 0..LOOKS {
        if storage::rollup::is_idle(pool).await.unwrap() {
            return;
        }
        tokio::time::sleep(LOOK_AFTER).await;
    }
    panic!("the rollup did not finish within ten minutes");
}
