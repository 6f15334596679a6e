//! Dating readings anew, or setting them aside, that a wrong clock has dated.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{MeterId, Reading};
use sqlx::{PgConnection, PgPool};

use super::{Row, columns};
use crate::readings::conflicts;
use crate::span::Span;
use crate::{Error, rollup};

/// A meter, and the first and the last instant of its readings as they were dated.
type Dated = (i64, DateTime<Utc>, DateTime<Utc>, i64);

/// Dates readings of meters later than one instant and no later than another earlier by a time, and queues
/// what rests on them; answers how many these were. What people wrote by SQL stays as they dated it, and so does
/// a reading where its meter has one at that time already. Corrections and exchanges that were entered for that time
/// go with them.
pub async fn redate(
    pool: &PgPool,
    meters: &[MeterId],
    after: DateTime<Utc>,
    until: DateTime<Utc>,
    by: TimeDelta,
) -> Result<u64, Error> {
    let mut transaction = pool.begin().await?;
    rollup::hold_off_claims(&mut transaction).await?;
    let dated: Vec<Dated> = sqlx::query_as(
        "WITH moved AS (\
             UPDATE meter_readings AS ahead SET \"timestamp\" = \"timestamp\" - $4 \
             WHERE meter_id = ANY($1) AND \"timestamp\" > $2 AND \"timestamp\" <= $3 AND source <> 'sql' \
                 AND (SELECT true FROM meter_readings AS there \
                     WHERE there.meter_id = ahead.meter_id \
                         AND there.\"timestamp\" = ahead.\"timestamp\" - $4 \
                         AND there.\"timestamp\" > $2::timestamptz - $4::interval \
                         AND there.\"timestamp\" <= $3::timestamptz - $4::interval) IS NULL \
             RETURNING meter_id, \"timestamp\") \
         SELECT meter_id, min(\"timestamp\") + $4, max(\"timestamp\") + $4, count(*) FROM moved \
         GROUP BY meter_id ORDER BY meter_id",
    )
    .bind(meters)
    .bind(after)
    .bind(until)
    .bind(by)
    .fetch_all(&mut *transaction)
    .await?;
    if !dated.is_empty() {
        follow(&mut transaction, meters, (after, until), by).await?;
    }
    let mut count = 0;
    for (meter, first, last, readings) in dated {
        // From where they are now to where they were: what lay between was energy of theirs.
        let meter = MeterId(meter);
        let span = Span { meter, from: first - by, to: last + TimeDelta::microseconds(1) };
        rollup::queue_span(&mut transaction, span).await?;
        let left = rollup::bucket_start(last);
        rollup::queue(&mut transaction, &[(meter, left)]).await?;
        count += readings.unsigned_abs();
    }
    transaction.commit().await?;
    Ok(count)
}

/// Dates what people entered for a time like the readings of that time.
async fn follow(
    connection: &mut PgConnection,
    meters: &[MeterId],
    (after, until): (DateTime<Utc>, DateTime<Utc>),
    by: TimeDelta,
) -> Result<(), Error> {
    for statement in [
        "UPDATE reading_corrections SET \"timestamp\" = \"timestamp\" - $4 \
         WHERE meter_id = ANY($1) AND \"timestamp\" > $2 AND \"timestamp\" <= $3",
        "UPDATE meter_exchanges AS ahead SET \"timestamp\" = \"timestamp\" - $4 \
         WHERE meter_id = ANY($1) AND \"timestamp\" > $2 AND \"timestamp\" <= $3 \
             AND NOT EXISTS (SELECT FROM meter_exchanges AS there \
                 WHERE there.meter_id = ahead.meter_id \
                     AND there.\"timestamp\" = ahead.\"timestamp\" - $4)",
    ] {
        sqlx::query(statement)
            .bind(meters)
            .bind(after)
            .bind(until)
            .bind(by)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Moves what devices told of meters later than one instant and no later than another from the readings to those that
/// differ, and queues what rested on them; answers how many these were.
pub async fn set_aside(
    pool: &PgPool,
    meters: &[MeterId],
    after: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<u64, Error> {
    let mut transaction = pool.begin().await?;
    rollup::hold_off_claims(&mut transaction).await?;
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "DELETE FROM meter_readings WHERE meter_id = ANY($1) AND \"timestamp\" > $2 \
             AND \"timestamp\" <= $3 AND source IN ('modbus', 'mqtt', 'http', 'simulator') RETURNING ",
        columns!()
    ))
    .bind(meters)
    .bind(after)
    .bind(until)
    .fetch_all(&mut *transaction)
    .await?;
    let mut readings: Vec<Reading> = rows.into_iter().map(|Row(reading)| reading).collect();
    readings.sort_unstable_by_key(|reading| (reading.meter, reading.at));
    conflicts::keep_all(&mut transaction, &readings.iter().collect::<Vec<_>>()).await?;
    let keys = readings.iter().map(|reading| (reading.meter, rollup::bucket_start(reading.at)));
    rollup::queue(&mut transaction, &keys.collect::<Vec<_>>()).await?;
    transaction.commit().await?;
    Ok(readings.len() as u64)
}
