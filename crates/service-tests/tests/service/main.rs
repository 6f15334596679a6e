//! The use cases against a real Postgres.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its world has failed")]

mod alarms;
mod arrival;
mod bench;
mod bills;
mod blocks;
mod cadence;
mod clock;
mod comparison;
mod deletion;
mod derive;
mod exporting;
mod figures;
mod filled;
mod find;
mod fuel;
mod green_button;
mod history;
mod hostile;
mod ingest;
mod learned;
mod live;
mod losses;
mod moved;
mod my_energy;
mod outliers;
mod plant;
mod portfolio;
mod reports;
mod retention;
mod righted;
mod rollup;
mod rules;
mod secrets;
mod seldom;
mod set_aside;
mod settings;
mod silences;
mod start;
mod tasks;
mod today;
mod unread;
mod waiting;
mod world;

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{MeterId, Quality, Reading, Source, Values};
use sqlx::PgPool;
use storage::meters::NewMeter;

/// Registers a meter of the default site.
async fn meter(pool: &PgPool, number: &str, kind: &str, parent: Option<MeterId>) -> MeterId {
    let new = NewMeter { parent, ..NewMeter::named(storage::sites::DEFAULT, number, number, kind) };
    storage::meters::insert(pool, &new).await.unwrap().id
}

/// A reading of power and the total register.
fn reading(meter: MeterId, at: DateTime<Utc>, power: f64, total: f64) -> Reading {
    let values =
        Values { active_power_kw: Some(power), total_energy_kwh: Some(total), ..Values::default() };
    Reading { meter, at, quality: Quality::Good, source: Source::Api, values }
}

/// Waits until `look` finds something.
async fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..400 {
        if let Some(found) = look() {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("did not happen within 10 s: {what}");
}
