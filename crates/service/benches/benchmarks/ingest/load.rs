//! The readings that are sent.

use benchmark::Progress;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{MeterId, Quality, Reading, Values};
use sqlx::PgPool;
use storage::meters::NewMeter;

/// Meters of a plant in full.
pub(crate) const METERS: usize = 1_000;
/// Rows handed over at once by a source.
const ROWS_PER_BATCH: usize = 1_000;

/// How many values a reading has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// 18, as a good meter gives.
    Wide,
    /// 5, as a simple one gives.
    Narrow,
}

impl Shape {
    pub(crate) fn values(self) -> usize {
        reading(MeterId(1), DateTime::UNIX_EPOCH, self, 0.0).values.present().count()
    }
}

/// Registers so many meters: one above all others.
pub(crate) async fn register(pool: &PgPool, count: usize) -> Result<Vec<MeterId>, storage::Error> {
    let _progress = Progress::new(format!("register {count} meters"));
    let mut ids: Vec<MeterId> = Vec::with_capacity(count);
    for i in 0..count {
        let number = format!("B-{i:04}");
        let new = NewMeter {
            parent: ids.first().copied(),
            ..NewMeter::named(storage::sites::DEFAULT, &number, &number, "Machine")
        };
        ids.push(storage::meters::insert(pool, &new).await?.id);
    }
    Ok(ids)
}

/// A source with meters of its own, all read each second.
pub(crate) struct Source {
    meters: Vec<MeterId>,
    shape: Shape,
    at: DateTime<Utc>,
    seconds: i32,
}

impl Source {
    pub(crate) fn new(meters: Vec<MeterId>, shape: Shape) -> Self {
        Self { meters, shape, at: Utc::now() - TimeDelta::hours(2), seconds: 0 }
    }

    pub(crate) fn next_batch(&mut self) -> Vec<Reading> {
        let mut batch = Vec::with_capacity(ROWS_PER_BATCH);
        while batch.len() < ROWS_PER_BATCH {
            self.seconds += 1;
            let at = self.at + TimeDelta::seconds(1) * self.seconds;
            for &meter in &self.meters {
                batch.push(reading(meter, at, self.shape, f64::from(self.seconds)));
            }
        }
        batch
    }
}

/// A reading whose values differ from the one before.
pub(crate) fn reading(meter: MeterId, at: DateTime<Utc>, shape: Shape, step: f64) -> Reading {
    let wave = (step / 7.0).sin();
    let mut values = Values {
        active_power_kw: Some(40.0 + wave),
        total_energy_kwh: Some(100_000.0 + step / 90.0),
        voltage_l1: Some(230.0 + wave),
        current_l1: Some(60.0 + wave),
        power_factor: Some(0.95),
        ..Values::default()
    };
    if shape == Shape::Wide {
        values = Values {
            active_power_kw_l1: Some(13.0 + wave),
            active_power_kw_l2: Some(13.5 + wave),
            active_power_kw_l3: Some(13.5),
            reactive_power_kvar: Some(11.0 + wave),
            apparent_power_kva: Some(42.0 + wave),
            frequency_hz: Some(50.0 + wave / 50.0),
            voltage_l2: Some(231.0 + wave),
            voltage_l3: Some(229.0 + wave),
            current_l2: Some(61.0 + wave),
            current_l3: Some(59.0 + wave),
            energy_import_kwh: Some(100_000.0 + step / 90.0),
            energy_export_kwh: Some(12.0),
            reactive_energy_import_kvarh: Some(20_000.0 + step / 300.0),
            ..values
        };
    }
    Reading { meter, at, quality: Quality::Good, source: domain::Source::Modbus, values }
}
