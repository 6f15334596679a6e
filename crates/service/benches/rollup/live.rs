//! How far the quarter-hour that is under way lags behind its readings.

use std::error::Error;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use domain::energy::{QUARTER, floor};
use domain::{MeterId, Quality, Reading, Source, Values};
use sqlx::PgPool;

use crate::plant::Plant;

const LOOK: Duration = Duration::from_millis(20);
const READINGS: usize = 25;

/// In seconds.
pub(crate) struct Lag {
    pub(crate) half: f64,
    pub(crate) most: f64,
}

/// All meters are read again and again; of one of them the time is taken from the acknowledgement of
/// its reading to the moment at which its quarter-hour knows it.
pub(crate) async fn lag(
    pool: &PgPool,
    tasks: &service::Tasks,
    plant: &Plant,
) -> Result<Lag, Box<dyn Error>> {
    let watched = plant.ids[plant.ids.len() / 2];
    let mut lags = Vec::with_capacity(READINGS);
    for step in 0..READINGS {
        let at = Utc::now();
        let rows = plant.ids.iter().map(|&meter| reading(meter, at, step as f64)).collect();
        tasks.outbox.submit(rows).await.map_err(|_| "the readings were not stored")?;
        let stored = Instant::now();
        while !knows(pool, watched, at).await? {
            tokio::time::sleep(LOOK).await;
        }
        lags.push(stored.elapsed().as_secs_f64());
        // Readings come at any time, not in step with the worker.
        tokio::time::sleep(Duration::from_millis(137 * (step as u64 % 7))).await;
    }
    lags.sort_by(f64::total_cmp);
    Ok(Lag { half: lags[lags.len() / 2], most: lags[lags.len() - 1] })
}

fn reading(meter: MeterId, at: DateTime<Utc>, step: f64) -> Reading {
    let values = Values {
        active_power_kw: Some(3.0),
        total_energy_kwh: Some(5_000_000.0 + step / 1000.0),
        ..Values::default()
    };
    Reading { meter, at, quality: Quality::Good, source: Source::Modbus, values }
}

async fn knows(pool: &PgPool, meter: MeterId, at: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let known: Option<Option<DateTime<Utc>>> = sqlx::query_scalar(
        "SELECT (carry ->> 't')::timestamptz FROM energy_intervals \
         WHERE meter_id = $1 AND bucket_start = $2",
    )
    .bind(meter.0)
    .bind(floor(at, QUARTER))
    .fetch_optional(pool)
    .await?;
    Ok(known.flatten().is_some_and(|last| last.timestamp_micros() >= at.timestamp_micros()))
}
