//! Dating readings anew that a wrong clock has dated.

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use sqlx::PgPool;

use super::{Span, ids};
use crate::{Error, rollup};

/// A meter, and the first and the last instant of its readings as they were dated.
type Dated = (i64, DateTime<Utc>, DateTime<Utc>, i64);

/// Dates readings of meters later than one instant and no later than another earlier by a time, and queues
/// what rests on them; answers how many these were. What people wrote by SQL stays as they dated it, and so does
/// a reading where its meter has one at that time already.
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
                 AND NOT EXISTS (SELECT FROM meter_readings AS there \
                     WHERE there.meter_id = ahead.meter_id \
                         AND there.\"timestamp\" = ahead.\"timestamp\" - $4) \
             RETURNING meter_id, \"timestamp\") \
         SELECT meter_id, min(\"timestamp\") + $4, max(\"timestamp\") + $4, count(*) FROM moved \
         GROUP BY meter_id ORDER BY meter_id",
    )
    .bind(ids(meters))
    .bind(after)
    .bind(until)
    .bind(by)
    .fetch_all(&mut *transaction)
    .await?;
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
