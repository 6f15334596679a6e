//! The monthly partitions of `meter_readings` and `energy_intervals`.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Utc};
use sqlx::PgPool;

use crate::Error;

/// Makes sure that the month (UTC) of each instant has its partition, the newest months first. Rows of that
/// month that wait in the default partition are moved into it. Answers how many partitions were made.
///
/// A month whose partition cannot be locked within two seconds is left for the next call: its rows
/// go to the default partition meanwhile, where every query sees them.
pub async fn ensure(
    pool: &PgPool,
    instants: impl IntoIterator<Item = DateTime<Utc>>,
) -> Result<usize, Error> {
    make(pool, instants, &READINGS).await
}

/// The same for `energy_intervals`.
pub async fn ensure_intervals(
    pool: &PgPool,
    instants: impl IntoIterator<Item = DateTime<Utc>>,
) -> Result<usize, Error> {
    make(pool, instants, &INTERVALS).await
}

/// The statements of a partitioned table.
struct Statements {
    missing: &'static str,
    ensure: &'static str,
}

const READINGS: Statements = Statements {
    missing: "SELECT month FROM UNNEST($1::timestamptz[]) AS month \
              WHERE to_regclass(reading_partition(month)) IS NULL ORDER BY month DESC",
    ensure: "SELECT ensure_reading_partition($1)",
};

const INTERVALS: Statements = Statements {
    missing: "SELECT month FROM UNNEST($1::timestamptz[]) AS month \
              WHERE to_regclass(interval_partition(month)) IS NULL ORDER BY month DESC",
    ensure: "SELECT ensure_interval_partition($1)",
};

async fn make(
    pool: &PgPool,
    instants: impl IntoIterator<Item = DateTime<Utc>>,
    statements: &Statements,
) -> Result<usize, Error> {
    let months: BTreeSet<DateTime<Utc>> = instants.into_iter().filter_map(month_start).collect();
    let missing: Vec<(DateTime<Utc>,)> = sqlx::query_as(statements.missing)
        .bind(months.into_iter().collect::<Vec<_>>())
        .fetch_all(pool)
        .await?;
    let mut made = 0;
    for (month,) in missing {
        let answer = sqlx::query_as(statements.ensure).bind(month);
        match answer.fetch_one(pool).await {
            Ok((true,)) => made += 1,
            Ok((false,)) => {}
            Err(error) if is_lock_timeout(&error) => {
                tracing::warn!(%month, "partition not made: a transaction holds the default one");
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(made)
}

/// Moves the rows of the default partition into partitions of their months, making these. Answers how
/// many partitions were made.
pub async fn move_default_rows(pool: &PgPool) -> Result<usize, Error> {
    let months: Vec<(DateTime<Utc>,)> = sqlx::query_as(
        "SELECT DISTINCT date_trunc('month', \"timestamp\", 'UTC') FROM meter_readings_default",
    )
    .fetch_all(pool)
    .await?;
    ensure(pool, months.into_iter().map(|(month,)| month)).await
}

/// The first instant of the month (UTC) of an instant; none before year 1 or after year 9999, where
/// no reading can be stored.
fn month_start(at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let date = at.date_naive();
    let first = date.with_day(1).filter(|first| (1..=9999).contains(&first.year()))?;
    first.and_hms_opt(0, 0, 0).map(|midnight| midnight.and_utc())
}

fn is_lock_timeout(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|inner| inner.code().as_deref() == Some("55P03"))
}
