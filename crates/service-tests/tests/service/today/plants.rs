//! Plants, each on a site of its own, and what is entered at noon.

mod days;

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use domain::meters::MeterAddress;
use domain::sites::Site;
use domain::{MeterId, Quality, Reading, Source, Values};
use serde_json::{Value, json};
use sqlx::PgPool;
use storage::meters::NewMeter;

use super::{EVERY, Ground, WHO, Yard};

pub(crate) use days::all;

/// A plant.
pub(crate) struct Plant {
    pub(crate) slug: &'static str,
    zone: &'static str,
    meters: Vec<Meter>,
    /// Its first reading, counted from midnight.
    first: i32,
    noon: Noon,
}

/// What a person enters at noon.
#[derive(Clone, Copy)]
enum Noon {
    Nothing,
    Exchange,
    Move,
    Types,
    Tariffs,
    Sum,
}

struct Meter {
    number: &'static str,
    kind: &'static str,
    above: Option<&'static str>,
    make: fn(&mut NewMeter),
    /// What it shows so many hours after midnight.
    shows: fn(f64) -> Option<Values>,
}

impl Plant {
    fn new(slug: &'static str, meters: Vec<Meter>) -> Self {
        Self { slug, zone: "UTC", meters, first: 0, noon: Noon::Nothing }
    }
}

impl Meter {
    fn new(
        number: &'static str,
        kind: &'static str,
        above: impl Into<Option<&'static str>>,
        shows: fn(f64) -> Option<Values>,
    ) -> Self {
        Self { number, kind, above: above.into(), make: |_| {}, shows }
    }

    fn with(self, make: fn(&mut NewMeter)) -> Self {
        Self { make, ..self }
    }
}

impl Ground {
    pub(super) async fn new(pool: &PgPool, plant: Plant) -> Self {
        sqlx::query(
            "INSERT INTO sites (slug, name, kind, time_zone, price_per_kwh) \
             VALUES ($1, $1, 'simulated', $2, 2)",
        )
        .bind(plant.slug)
        .bind(plant.zone)
        .execute(pool)
        .await
        .unwrap();
        let site: Site = storage::sites::by_slug(pool, plant.slug).await.unwrap().unwrap();
        let mut ids: HashMap<&'static str, MeterId> = HashMap::new();
        for meter in &plant.meters {
            let mut new = NewMeter {
                parent: meter.above.map(|above| ids[above]),
                ..NewMeter::named(site.id, meter.number, meter.number, meter.kind)
            };
            (meter.make)(&mut new);
            ids.insert(meter.number, storage::meters::insert(pool, &new).await.unwrap().id);
        }
        let midnight = site.day_start(NaiveDate::from_ymd_opt(2026, 5, 5).unwrap());
        let read = plant.first;
        Self { plant, site: site.id, midnight, ids, read }
    }

    /// What was read since the last time, up to a time of day.
    pub(super) fn rows(&mut self, time: TimeDelta) -> Vec<Reading> {
        let mut rows = Vec::new();
        while EVERY * self.read <= time {
            let at = self.midnight + EVERY * self.read;
            let hours = f64::from(self.read) / 12.0;
            for meter in &self.plant.meters {
                if let Some(values) = (meter.shows)(hours) {
                    let (meter, quality) = (self.ids[meter.number], Quality::Good);
                    rows.push(Reading { meter, at, quality, source: Source::Api, values });
                }
            }
            self.read += 1;
        }
        rows
    }
}

fn body<T: serde::de::DeserializeOwned>(body: Value) -> T {
    serde_json::from_value(body).unwrap()
}

impl Yard {
    /// Enters what a person enters at noon.
    pub(super) async fn enter(&self, ground: &Ground) {
        let (service, slug) = (&self.service, ground.plant.slug);
        let meter = |number| MeterAddress::new(number, Some(slug.into()));
        let at = |hours| ground.midnight + TimeDelta::hours(hours);
        if ground.plant.meters.iter().any(|meter| meter.kind == "DG") {
            let price = json!({"site": slug, "kind": "diesel_price", "value": 90.5, "unit": "per L",
                "source": "depot", "validFrom": "2026-01-01"});
            service::carbon::factors::create(service, &WHO, body(price)).await.unwrap();
        }
        match ground.plant.noon {
            Noon::Nothing => {}
            Noon::Exchange => {
                let new = json!({"timestamp": at(12), "oldFinalKwh": 1080.0,
                    "newInitialKwh": 0.0, "reason": "old"});
                let load = meter("LOAD");
                service::meters::exchanges::create(service, &WHO, &load, body(new)).await.unwrap();
            }
            Noon::Move => {
                let patch = body(json!({"parentMeterId": "HALL", "effectiveFrom": at(11)}));
                service::meters::update(service, &WHO, &meter("PRESS"), patch).await.unwrap();
            }
            Noon::Types => {
                for (number, kind) in [("OLD", "Unit"), ("NEW", "Solar")] {
                    let patch = body(json!({"meterType": kind, "effectiveFrom": at(11)}));
                    service::meters::update(service, &WHO, &meter(number), patch).await.unwrap();
                }
            }
            Noon::Tariffs => {
                let by_blocks = json!({"site": slug, "name": "Grid", "validFrom": "2026-01-01",
                    "energy": [{"direction": "import", "price": "5", "toKwh": 500},
                    {"direction": "import", "price": "12", "fromKwh": 500}]});
                service::bills::tariffs::create(service, &WHO, body(by_blocks)).await.unwrap();
                let flat = json!({"site": slug, "name": "Hall", "validFrom": "2026-01-01",
                    "energy": [{"direction": "import", "price": "7"}]});
                let flat =
                    service::bills::tariffs::create(service, &WHO, body(flat)).await.unwrap();
                let new = body(json!({"tariffId": flat.id, "validFrom": "2026-01-01"}));
                let hall = meter("HALL");
                service::bills::tariffs::assign(service, &WHO, &hall, new).await.unwrap();
            }
            Noon::Sum => {
                let new = json!({"meterNumber": "UTILITY", "meterName": "Utility",
                    "measures": "utility", "terms": [{"meterId": "LOAD", "factor": 1.0},
                    {"meterId": "PV", "factor": -1.0}]});
                let site = slug.into();
                let made =
                    service::meters::virtual_meters::create(service, &WHO, Some(&site), body(new));
                made.await.unwrap();
            }
        }
    }
}
