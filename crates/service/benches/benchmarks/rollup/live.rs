//! How far the quarter-hour that is under way lags behind its readings.

use std::time::{Duration, Instant};

use benchmark::{Progress, Result, Times};
use chrono::{DateTime, Utc};
use domain::energy::{QUARTER, floor};
use domain::{MeterId, Quality, Reading, Source, Values};
use sqlx::PgPool;

use crate::plant::Plant;
use crate::rollup::{LOOK, PATIENCE};

/// All meters are read again and again; of one of them the time is taken from the acknowledgement of
/// its reading to the moment at which its quarter-hour knows it.
pub(crate) async fn lags(
    pool: &PgPool,
    tasks: &service::Tasks,
    plant: &Plant,
    readings: u32,
) -> Result<Times> {
    let progress = Progress::of("readings, each until its quarter-hour knows it", readings.into());
    let watched = plant.ids[plant.ids.len() / 2];
    let mut lags = Times::default();
    for step in 0..readings {
        let at = Utc::now();
        let rows = plant.ids.iter().map(|&meter| reading(meter, at, f64::from(step))).collect();
        tasks.outbox.submit(rows).await.map_err(|_| "the readings were not stored")?;
        let stored = Instant::now();
        while !knows(pool, watched, at).await? {
            if stored.elapsed() > PATIENCE {
                return Err("a reading does not reach its quarter-hour".into());
            }
            tokio::time::sleep(LOOK).await;
        }
        lags.add(stored);
        progress.add(1);
        // Readings come at any time, not in step with the worker.
        tokio::time::sleep(Duration::from_millis(137) * (step % 7)).await;
    }
    Ok(lags)
}

fn reading(meter: MeterId, at: DateTime<Utc>, step: f64) -> Reading {
    let values = Values {
        active_power_kw: Some(3.0),
        total_energy_kwh: Some(5_000_000.0 + step / 1000.0),
        ..Values::default()
    };
    Reading { meter, at, quality: Quality::Good, source: Source::Modbus, values }
}

async fn knows(pool: &PgPool, meter: MeterId, at: DateTime<Utc>) -> sqlx::Result<bool> {
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
