//! Storing readings.

use std::collections::HashMap;

use chrono::{DateTime, SubsecRound as _, Utc};
use domain::{Field, MeterId, Reading, Values};
use sqlx::{PgConnection, PgPool};

use super::{Row, columns};
use crate::readings::conflicts;
use crate::{Error, rollup};

/// What became of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inserted {
    /// Indices of the readings that are now stored for the first time, ascending.
    pub accepted: Vec<usize>,
    /// Repeats of a stored reading, or of an earlier one of the batch, with the same values.
    pub duplicates: u64,
    /// Indices, ascending, of repeats with other values: kept among the conflicts, not stored as
    /// readings.
    pub conflicts: Vec<usize>,
}

/// Rows of one statement: beyond this it holds its locks longer and gains nothing.
const ROWS_PER_STATEMENT: usize = 5_000;

/// One statement of one shape for every batch. UNNEST stands in the select list, where Postgres walks
/// the arrays in step without a copy; in FROM it costs a third more.
///
/// The queue is filled after all readings are stored (the count waits for them) and only if one was:
/// statements that run side by side then take their locks in one order, and a replay queues nothing.
const INSERT: &str = concat!(
    "WITH stored AS ( \
         INSERT INTO meter_readings (",
    columns!(),
    ") \
         SELECT UNNEST($1::bigint[]), UNNEST($2::timestamptz[]), \
             UNNEST($3::text[]), UNNEST($4::text[]), \
             UNNEST($5::float8[]), UNNEST($6::float8[]), UNNEST($7::float8[]), \
             UNNEST($8::float8[]), UNNEST($9::float8[]), UNNEST($10::float8[]), \
             UNNEST($11::float8[]), UNNEST($12::float8[]), UNNEST($13::float8[]), \
             UNNEST($14::float8[]), UNNEST($15::float8[]), UNNEST($16::float8[]), \
             UNNEST($17::float8[]), UNNEST($18::float8[]), UNNEST($19::float8[]), \
             UNNEST($20::float8[]), UNNEST($21::float8[]), UNNEST($22::float8[]), \
             UNNEST($23::float8[]), UNNEST($24::float8[]), UNNEST($25::float8[]), \
             UNNEST($26::float8[]), UNNEST($27::float8[]), UNNEST($28::float8[]), \
             UNNEST($29::float8[]), UNNEST($30::float8[]), UNNEST($31::float8[]), \
             UNNEST($32::float8[]) \
         ON CONFLICT DO NOTHING \
         RETURNING meter_id, \"timestamp\" \
     ), queued AS ( \
         INSERT INTO rollup_queue (meter_id, bucket_start) \
         SELECT UNNEST($33::bigint[]), UNNEST($34::timestamptz[]) \
         WHERE (SELECT count(*) FROM stored) > 0 \
         ON CONFLICT DO NOTHING \
     ) \
     SELECT coalesce(array_agg(meter_id), '{}'), coalesce(array_agg(\"timestamp\"), '{}') FROM stored"
);

/// Key of a reading, at the resolution of the database.
pub(super) type Key = (MeterId, DateTime<Utc>);

fn key(reading: &Reading) -> Key {
    (reading.meter, reading.at.trunc_subsecs(6))
}

/// The readings by their keys: batches that run side by side then cannot deadlock, and neighbours in the index
/// are written together.
pub(super) fn in_order(readings: &[Reading]) -> Vec<(Key, usize)> {
    let mut order: Vec<(Key, usize)> =
        readings.iter().enumerate().map(|(index, reading)| (key(reading), index)).collect();
    order.sort_unstable();
    order
}

/// Stores a batch in one transaction, and queues the quarter-hours that it touches.
///
/// A reading whose key is stored already changes nothing: with the same values it is a duplicate, with
/// others a conflict. Of several readings of one key in the batch the first counts. The meters are not
/// looked up, the values not checked, and no partitions made: that is done before.
pub async fn insert(pool: &PgPool, readings: &[Reading]) -> Result<Inserted, Error> {
    let order = in_order(readings);
    let mut firsts = order.clone();
    firsts.dedup_by_key(|(key, _)| *key);

    let mut transaction = pool.begin().await?;
    rollup::hold_off_claims(&mut transaction).await?;
    let mut accepted = Vec::with_capacity(firsts.len());
    for rows in firsts.chunks(ROWS_PER_STATEMENT) {
        accepted.extend(insert_rows(&mut transaction, readings, rows).await?);
    }
    accepted.sort_unstable();
    let mut outcome = Inserted { accepted, ..Inserted::default() };
    if outcome.accepted.len() < readings.len() {
        judge_repeats(&mut transaction, readings, &order, &mut outcome).await?;
    }
    transaction.commit().await?;
    Ok(outcome)
}

/// Runs the statement for rows sorted by key, and answers the indices of those that were stored.
async fn insert_rows(
    connection: &mut PgConnection,
    readings: &[Reading],
    rows: &[(Key, usize)],
) -> Result<Vec<usize>, Error> {
    let of_rows = || rows.iter().map(|&(_, index)| &readings[index]);
    let mut buckets: Vec<Key> =
        rows.iter().map(|&((meter, at), _)| (meter, rollup::bucket_start(at))).collect();
    buckets.dedup();

    let mut query = sqlx::query_as::<_, (Vec<i64>, Vec<DateTime<Utc>>)>(INSERT)
        .bind(rows.iter().map(|((meter, _), _)| meter.0).collect::<Vec<_>>())
        .bind(rows.iter().map(|((_, at), _)| *at).collect::<Vec<_>>())
        .bind(of_rows().map(|reading| reading.quality).collect::<Vec<_>>())
        .bind(of_rows().map(|reading| reading.source).collect::<Vec<_>>());
    for &field in Field::ALL {
        // A column without any value goes as an empty array, which UNNEST fills up with nulls.
        let present = of_rows().any(|reading| reading.values.get(field).is_some());
        let column: Vec<Option<f64>> = if present {
            of_rows().map(|reading| reading.values.get(field)).collect()
        } else {
            Vec::new()
        };
        query = query.bind(column);
    }
    let (meters, instants) = query
        .bind(buckets.iter().map(|(meter, _)| meter.0).collect::<Vec<_>>())
        .bind(buckets.iter().map(|(_, start)| *start).collect::<Vec<_>>())
        .fetch_one(connection)
        .await?;
    if meters.len() == rows.len() {
        return Ok(rows.iter().map(|&(_, index)| index).collect());
    }
    let index = |(meter, at)| {
        let found = rows.binary_search_by_key(&(MeterId(meter), at), |(key, _)| *key);
        found.ok().map(|position| rows[position].1)
    };
    Ok(meters.into_iter().zip(instants).filter_map(index).collect())
}

/// Tells duplicates from conflicts among the readings that were not stored, and keeps the conflicts.
async fn judge_repeats(
    connection: &mut PgConnection,
    readings: &[Reading],
    order: &[(Key, usize)],
    outcome: &mut Inserted,
) -> Result<(), Error> {
    let mut is_stored = vec![false; readings.len()];
    for &index in &outcome.accepted {
        is_stored[index] = true;
    }
    let repeats: Vec<(Key, usize)> =
        order.iter().copied().filter(|&(_, index)| !is_stored[index]).collect();
    let stored = stored_values(connection, &repeats).await?;
    let mut differing = Vec::new();
    for (key, index) in repeats {
        if stored.get(&key) == Some(&readings[index].values) {
            outcome.duplicates += 1;
        } else {
            outcome.conflicts.push(index);
            differing.push(&readings[index]);
        }
    }
    outcome.conflicts.sort_unstable();
    conflicts::keep(connection, &differing).await
}

async fn stored_values(
    connection: &mut PgConnection,
    repeats: &[(Key, usize)],
) -> Result<HashMap<Key, Values>, Error> {
    // One index look-up per key: LIMIT keeps the planner from reading whole partitions instead.
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM UNNEST($1::bigint[], $2::timestamptz[]) AS wanted (id, at) \
          CROSS JOIN LATERAL (SELECT ",
        columns!(),
        " FROM meter_readings WHERE meter_id = wanted.id AND \"timestamp\" = wanted.at \
              LIMIT 1) AS stored",
    ))
    .bind(repeats.iter().map(|((meter, _), _)| meter.0).collect::<Vec<_>>())
    .bind(repeats.iter().map(|((_, at), _)| *at).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|Row(reading)| (key(&reading), reading.values)).collect())
}
