//! Dropping what is older than its site keeps, never before it is rolled up.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use domain::MeterId;
use sqlx::{PgConnection, PgPool};

use crate::rollup::Turn;
use crate::{Error, rollup};

/// What is stored by month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Monthly {
    Readings,
    /// Quarter-hours.
    Intervals,
}

/// Held by the one process that drops; chosen at random.
const RETENTION_LOCK: i64 = 2_645_751_311_064_590;

/// Becomes the one process that drops; none while another does.
pub async fn take_turn(pool: &PgPool) -> Result<Option<Turn>, Error> {
    Turn::take(pool, RETENTION_LOCK).await
}

/// A month (UTC) of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stored {
    /// Its first instant.
    pub begins: DateTime<Utc>,
    /// Whether it has a partition of its own; else its rows are in the default one.
    pub has_partition: bool,
}

/// The months that have a partition, or rows in the default one, ascending.
pub async fn months(pool: &PgPool, table: Monthly) -> Result<Vec<Stored>, Error> {
    let mut months = partitions(pool, table).await?;
    let statement = match table {
        Monthly::Readings => {
            "SELECT DISTINCT date_trunc('month', \"timestamp\", 'UTC') FROM meter_readings_default"
        }
        Monthly::Intervals => {
            "SELECT DISTINCT date_trunc('month', bucket_start, 'UTC') FROM energy_intervals_default"
        }
    };
    let others: Vec<(DateTime<Utc>,)> = sqlx::query_as(statement).fetch_all(pool).await?;
    months.extend(others.into_iter().map(|(begins,)| Stored { begins, has_partition: false }));
    months.sort_unstable();
    Ok(months)
}

async fn partitions(pool: &PgPool, table: Monthly) -> Result<Vec<Stored>, Error> {
    let parent = match table {
        Monthly::Readings => "meter_readings",
        Monthly::Intervals => "energy_intervals",
    };
    let names: Vec<(String,)> = sqlx::query_as(
        "SELECT relname::text FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid \
         WHERE inhparent = $1::text::regclass ORDER BY relname",
    )
    .bind(parent)
    .fetch_all(pool)
    .await?;
    let month = |(name,): (String,)| {
        let date = format!("{}_01", name.strip_prefix(parent)?.strip_prefix('_')?);
        let first = NaiveDate::parse_from_str(&date, "%Y_%m_%d").ok()?;
        let begins = first.and_hms_opt(0, 0, 0)?.and_utc();
        Some(Stored { begins, has_partition: true })
    };
    Ok(names.into_iter().filter_map(month).collect())
}

/// Which of some meters have rows from an instant on and before another.
pub async fn present(
    pool: &PgPool,
    table: Monthly,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<MeterId>, Error> {
    let statement = match table {
        Monthly::Readings => {
            "SELECT id FROM UNNEST($1::bigint[]) AS meter (id) WHERE EXISTS (\
                 SELECT FROM meter_readings WHERE meter_id = id \
                     AND \"timestamp\" >= $2 AND \"timestamp\" < $3)"
        }
        Monthly::Intervals => {
            "SELECT id FROM UNNEST($1::bigint[]) AS meter (id) WHERE EXISTS (\
                 SELECT FROM energy_intervals WHERE meter_id = id \
                     AND bucket_start >= $2 AND bucket_start < $3)"
        }
    };
    Ok(sqlx::query_scalar(statement).bind(meters).bind(from).bind(to).fetch_all(pool).await?)
}

/// Freezes meters' time before an instant, in one transaction with the proof that all of it is rolled
/// up: nothing of it waits, and quarter-hours reach its last reading. Answers which were not ready;
/// these stay as they are.
pub async fn freeze(
    pool: &PgPool,
    meters: &[MeterId],
    before: DateTime<Utc>,
) -> Result<Vec<MeterId>, Error> {
    let mut transaction = pool.begin().await?;
    rollup::stop_the_queue(&mut transaction).await?;
    let late = not_rolled_up(&mut transaction, meters, before).await?;
    let ready: Vec<MeterId> =
        meters.iter().copied().filter(|meter| !late.contains(meter)).collect();
    sqlx::query(
        "INSERT INTO meter_registers AS known (meter_id, frozen_to) \
         SELECT UNNEST($1::bigint[]), $2 \
         ON CONFLICT (meter_id) DO UPDATE SET \
             frozen_to = greatest(known.frozen_to, excluded.frozen_to)",
    )
    .bind(&ready)
    .bind(before)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    for meter in ready {
        freeze_rows(pool, meter, before).await?;
    }
    Ok(late)
}

async fn not_rolled_up(
    connection: &mut PgConnection,
    meters: &[MeterId],
    before: DateTime<Utc>,
) -> Result<Vec<MeterId>, Error> {
    Ok(sqlx::query_scalar(
        "SELECT id FROM UNNEST($1::bigint[]) AS meter (id) WHERE \
             EXISTS (SELECT FROM rollup_queue WHERE meter_id = id AND bucket_start < $2) \
             OR EXISTS (SELECT FROM rollup_claims WHERE meter_id = id AND bucket_start < $2) \
             OR EXISTS (SELECT FROM loss_queue WHERE meter_id = id AND hour_start < $2) \
             OR EXISTS (SELECT FROM set_aside \
                 WHERE meter_id = id AND work <> 'bill' AND start < $2) \
             OR EXISTS (SELECT FROM meter_readings WHERE meter_id = id AND \"timestamp\" < $2 \
                 AND source = 'sql' AND received_at > now() - $3) \
             OR (SELECT max(\"timestamp\") FROM meter_readings \
                 WHERE meter_id = id AND \"timestamp\" < $2) \
                 >= coalesce((SELECT max(bucket_start) + $4 FROM energy_intervals \
                     WHERE meter_id = id AND bucket_start < $2), '-infinity')",
    )
    .bind(meters)
    .bind(before)
    .bind(TimeDelta::minutes(10))
    .bind(TimeDelta::minutes(15))
    .fetch_all(connection)
    .await?)
}

/// The last frozen row keeps what was known at its end: the first that is not goes on from there.
async fn freeze_rows(pool: &PgPool, meter: MeterId, before: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query(
        "WITH last AS (\
             SELECT max(bucket_start) AS start FROM energy_intervals \
             WHERE meter_id = $1 AND bucket_start < $2\
         ) \
         UPDATE energy_intervals SET frozen = true, \
             carry = CASE WHEN bucket_start = last.start THEN carry END \
         FROM last WHERE meter_id = $1 AND bucket_start < $2 \
             AND (NOT frozen OR (carry IS NOT NULL AND bucket_start < last.start))",
    )
    .bind(meter)
    .bind(before)
    .execute(pool)
    .await?;
    Ok(())
}

/// Up to when each meter's time is frozen; meters that never were are absent.
pub async fn frozen(pool: &PgPool) -> Result<HashMap<MeterId, DateTime<Utc>>, Error> {
    let rows: Vec<(MeterId, DateTime<Utc>)> = sqlx::query_as(
        "SELECT meter_id, frozen_to FROM meter_registers WHERE frozen_to IS NOT NULL",
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().collect())
}

/// Drops the partition of the month (UTC) that begins at an instant where nothing is stored in it; whether
/// it was dropped.
pub async fn drop_empty_month(
    pool: &PgPool,
    table: Monthly,
    month: DateTime<Utc>,
) -> Result<bool, Error> {
    let (is_empty, drop) = match table {
        Monthly::Readings => (
            "SELECT NOT EXISTS (SELECT FROM meter_readings WHERE \"timestamp\" >= $1 \
                 AND \"timestamp\" < $2)",
            "SELECT drop_empty_month('meter_readings', reading_partition($1))",
        ),
        Monthly::Intervals => (
            "SELECT NOT EXISTS (SELECT FROM energy_intervals WHERE bucket_start >= $1 \
                 AND bucket_start < $2)",
            "SELECT drop_empty_month('energy_intervals', interval_partition($1))",
        ),
    };
    // Asked first without the lock, which stops every reader.
    let next = month.checked_add_months(Months::new(1)).unwrap_or(month);
    let is_empty: bool =
        sqlx::query_scalar(is_empty).bind(month).bind(next).fetch_one(pool).await?;
    if !is_empty {
        return Ok(false);
    }
    Ok(sqlx::query_scalar(drop).bind(month).fetch_one(pool).await?)
}

/// How often a drop tries to get its locks, for two seconds each time …
const TRIES: u32 = 4;
/// … and how long it lets the readers go on that queued behind it.
const PAUSE: Duration = Duration::from_millis(500);

/// Drops the partition of the month (UTC) that begins at an instant; whether there was one. Gives way
/// to whoever uses the table for long, and tries again a few times.
///
/// # Errors
/// `Unavailable` where others kept it locked all that time; it is still there for the next time.
pub async fn drop_month(
    pool: &PgPool,
    table: Monthly,
    month: DateTime<Utc>,
) -> Result<bool, Error> {
    for _ in 1..TRIES {
        match try_drop_month(pool, table, month).await {
            Err(error) if error.is_transient() => tokio::time::sleep(PAUSE).await,
            done => return done,
        }
    }
    try_drop_month(pool, table, month).await
}

async fn try_drop_month(
    pool: &PgPool,
    table: Monthly,
    month: DateTime<Utc>,
) -> Result<bool, Error> {
    let statement = match table {
        Monthly::Readings => "SELECT drop_month('meter_readings', reading_partition($1))",
        Monthly::Intervals => "SELECT drop_month('energy_intervals', interval_partition($1))",
    };
    Ok(sqlx::query_scalar(statement).bind(month).fetch_one(pool).await?)
}

/// Rows of one statement.
const BATCH: i64 = 20_000;

/// Deletes a meter's rows before an instant, a batch at a time; answers how many there were.
pub async fn delete(
    pool: &PgPool,
    table: Monthly,
    meter: MeterId,
    before: DateTime<Utc>,
) -> Result<u64, Error> {
    let statement = match table {
        Monthly::Readings => {
            "DELETE FROM meter_readings WHERE meter_id = $1 AND \"timestamp\" < $2 \
                 AND \"timestamp\" <= (SELECT max(batch.at) FROM (\
                     SELECT \"timestamp\" AS at FROM meter_readings \
                     WHERE meter_id = $1 AND \"timestamp\" < $2 \
                     ORDER BY \"timestamp\" LIMIT $3) AS batch) \
             RETURNING 1"
        }
        Monthly::Intervals => {
            "DELETE FROM energy_intervals WHERE meter_id = $1 AND bucket_start < $2 \
                 AND bucket_start <= (SELECT max(batch.at) FROM (\
                     SELECT bucket_start AS at FROM energy_intervals \
                     WHERE meter_id = $1 AND bucket_start < $2 \
                     ORDER BY bucket_start LIMIT $3) AS batch) \
             RETURNING 1"
        }
    };
    let mut deleted = 0;
    loop {
        let rows: Vec<(i32,)> =
            sqlx::query_as(statement).bind(meter).bind(before).bind(BATCH).fetch_all(pool).await?;
        deleted += rows.len() as u64;
        if rows.is_empty() {
            return Ok(deleted);
        }
    }
}

/// Deletes the hourly balances of meters before an instant.
pub async fn delete_hours(
    pool: &PgPool,
    meters: &[MeterId],
    before: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query(
        "DELETE FROM power_loss_analysis \
         WHERE meter_id = ANY($1) AND resolution = '1h' AND window_start < $2 AND window_end <= $2",
    )
    .bind(meters)
    .bind(before)
    .execute(pool)
    .await?;
    Ok(())
}

/// Deletes the days of meters, and their daily balances, before a day that begins at an instant.
pub async fn delete_days(
    pool: &PgPool,
    meters: &[MeterId],
    day: NaiveDate,
    begins: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query("DELETE FROM energy_days WHERE meter_id = ANY($1) AND day < $2")
        .bind(meters)
        .bind(day)
        .execute(pool)
        .await?;
    sqlx::query(
        "DELETE FROM power_loss_analysis \
         WHERE meter_id = ANY($1) AND resolution = '1d' AND window_start < $2 AND window_end <= $2",
    )
    .bind(meters)
    .bind(begins)
    .execute(pool)
    .await?;
    Ok(())
}
