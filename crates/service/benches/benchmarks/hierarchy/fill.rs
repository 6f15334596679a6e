//! A month of energy, as the rollup leaves it: days of all meters, quarter-hours of the nodes in its first and last
//! week and of all meters on its last day, with the one that is under way, readings around both ends.

use benchmark::{Progress, Result};
use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::{QUARTER, floor};
use sqlx::PgPool;

use crate::plant::{self, Plant};

/// Readings around each end: how long, and how far apart.
const AROUND: TimeDelta = TimeDelta::minutes(20);
const STEP: TimeDelta = TimeDelta::minutes(1);

/// Fills the month that ends at `now`.
pub(crate) async fn month(
    pool: &PgPool,
    plant: &Plant,
    from: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<()> {
    let progress = Progress::of(format!("parts of a month of {} meters", plant.ids.len()), 6);
    days(pool, plant, from, now).await?;
    progress.add(1);
    let before = |days: i64| floor(now - TimeDelta::days(days), QUARTER).ok_or("no instant");
    let (week, day) = (before(7)?, before(1)?);
    quarters(pool, plant, plant::is_node, from, from + TimeDelta::days(7)).await?;
    progress.add(1);
    quarters(pool, plant, plant::is_node, week, day).await?;
    progress.add(1);
    quarters(pool, plant, |_| true, day, now).await?;
    progress.add(1);
    for (begin, end) in [(from - AROUND, from + AROUND), (now - AROUND, now)] {
        plant.read(pool, begin, end, STEP).await?;
        progress.add(1);
    }
    sqlx::query("VACUUM (ANALYZE) energy_days, energy_intervals, meter_readings, energy_meters")
        .execute(pool)
        .await?;
    Ok(())
}

async fn days(pool: &PgPool, plant: &Plant, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<()> {
    sqlx::query(
        "INSERT INTO energy_days (meter_id, day, import_kwh, export_kwh, reactive_import_kvarh, \
             reactive_export_kvarh, runtime_s, starts, max_demand_kw, coverage, estimated_kwh, \
             quality, flags) \
         SELECT id, day::date, kw * 24, 0, kw * 8, 0, 0, 0, kw, 1, 0, 'GOOD', 0 \
         FROM UNNEST($1::bigint[], $2::float8[]) AS meter (id, kw), \
             generate_series($3::timestamptz, $4, interval '1 day') AS day ORDER BY id, day",
    )
    .bind(plant.numbers())
    .bind(&plant.kw)
    .bind(from)
    .bind(to)
    .execute(pool)
    .await?;
    Ok(())
}

async fn quarters(
    pool: &PgPool,
    plant: &Plant,
    wanted: impl Fn(usize) -> bool,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<()> {
    let all = plant.numbers().into_iter().zip(plant.kw.iter().copied()).enumerate();
    let (meters, kw): (Vec<i64>, Vec<f64>) =
        all.filter(|(number, _)| wanted(*number)).map(|(_, meter)| meter).unzip();
    sqlx::query(
        "INSERT INTO energy_intervals (meter_id, bucket_start, import_kwh, export_kwh, \
             reactive_import_kvarh, reactive_export_kvarh, runtime_s, starts, max_demand_kw, \
             coverage, estimated_kwh, quality, flags, carry) \
         SELECT id, start, kw * hours, 0, kw * hours / 3, 0, 0, 0, kw * hours * 4, hours * 4, 0, \
             'GOOD', 0, \
             jsonb_build_object('t', last, 'r', jsonb_build_array(jsonb_build_object( \
                 'f', 'i', 't', last, 'v', kw * (extract(epoch FROM last) - 1700000000) / 3600))) \
         FROM UNNEST($1::bigint[], $2::float8[]) AS meter (id, kw), \
             generate_series($3::timestamptz, $4::timestamptz - interval '1 microsecond', \
                 interval '15 minutes') AS start, \
             LATERAL (SELECT least(start + interval '15 minutes', $4) AS until) AS quarter, \
             LATERAL (SELECT greatest(until - interval '1 minute', start) AS last, \
                 extract(epoch FROM until - start)::float8 / 3600 AS hours) AS reading \
         ORDER BY id, start",
    )
    .bind(meters)
    .bind(kw)
    .bind(from)
    .bind(to)
    .execute(pool)
    .await?;
    Ok(())
}
