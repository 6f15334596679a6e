//! Puts back into the queues of the rollup what has to be computed again although no reading came in.

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::interval::Carry;
use domain::energy::{QUARTER, floor};
use domain::{Field, MeterId, SiteId};
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor, PgPool};

use crate::energy::intervals;
use crate::span::Span;
use crate::{Error, losses, readings, rollup};

/// The readings of a meter (`$1`) around an instant (`$2`); before it where the step began that a person decides on.
macro_rules! neighbours {
    () => {
        "SELECT least( \
             (SELECT \"timestamp\" FROM meter_readings \
              WHERE meter_id = $1 AND \"timestamp\" < $2 \
              ORDER BY \"timestamp\" DESC LIMIT 1), \
             (SELECT min(previous_at) FROM quarantine \
              WHERE meter_id = $1 AND \"timestamp\" = $2)) AS before, \
             (SELECT \"timestamp\" FROM meter_readings \
              WHERE meter_id = $1 AND \"timestamp\" > $2 \
              ORDER BY \"timestamp\" LIMIT 1) AS after"
    };
}

/// Queues the quarter-hours of a meter that an instant bears on: from the reading before it, or where the
/// step began that a person decides on, to the reading after it.
pub async fn around(
    connection: &mut PgConnection,
    meter: MeterId,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    rollup::hold_off_claims(connection).await?;
    sqlx::query(concat!(
        "WITH neighbours AS (",
        neighbours!(),
        ") \
         INSERT INTO rollup_queue (meter_id, bucket_start) \
         SELECT $1, bucket FROM ( \
             SELECT date_bin('15 minutes', $2, 'epoch') AS bucket \
             UNION \
             SELECT generate_series( \
                 date_bin('15 minutes', coalesce(before, after), 'epoch'), \
                 coalesce(after, $2), '15 minutes') \
             FROM neighbours WHERE coalesce(before, after) IS NOT NULL \
         ) buckets ORDER BY bucket ON CONFLICT DO NOTHING"
    ))
    .bind(meter)
    .bind(at)
    .execute(&mut *connection)
    .await?;
    next_of_each_register(connection, meter, at).await
}

/// The time that a value of a meter at an instant bears on: from the reading before it to the one after it, of each of
/// its registers. Readings further away than `far` move nothing.
pub async fn reach(
    pool: &PgPool,
    meter: MeterId,
    at: DateTime<Utc>,
    far: TimeDelta,
) -> Result<(DateTime<Utc>, DateTime<Utc>), Error> {
    let mut connection = pool.acquire().await?;
    let around: (Option<DateTime<Utc>>, Option<DateTime<Utc>>) =
        sqlx::query_as(neighbours!()).bind(meter).bind(at).fetch_one(&mut *connection).await?;
    let (fields, since) = read_since(&mut connection, meter, at).await?;
    let of_each = |span| fields.iter().map(move |field| (span, *field)).collect::<Vec<_>>();
    // Readings have times of whole microseconds.
    let later = Span { from: at + TimeDelta::microseconds(1), ..since };
    let next = readings::next_of(&mut *connection, &of_each(later)).await?;
    let earlier = Span { meter, from: at - far, to: at };
    let last = readings::last_of(&mut *connection, &of_each(earlier)).await?;
    let within = |found: &DateTime<Utc>| (*found - at).abs() <= far;
    let before = last.into_iter().chain([around.0]).flatten().filter(within).min();
    let after = next.into_iter().chain([around.1]).flatten().filter(within).max();
    Ok((before.unwrap_or(at), after.unwrap_or(at)))
}

/// The registers of a meter that were read at an instant or later, and the time up to the newest reading.
async fn read_since(
    connection: &mut PgConnection,
    meter: MeterId,
    at: DateTime<Utc>,
) -> Result<(Vec<Field>, Span), Error> {
    let newest: Option<(Option<Json<Carry>>,)> = sqlx::query_as(
        "SELECT carry FROM energy_intervals WHERE meter_id = $1 \
         ORDER BY bucket_start DESC LIMIT 1",
    )
    .bind(meter)
    .fetch_optional(connection)
    .await?;
    let carry = newest.and_then(|(carry,)| carry).map(|Json(carry)| carry).unwrap_or_default();
    let span = Span { meter, from: at, to: carry.last_at.map_or(at, |last| last + QUARTER) };
    let read = carry.registers.iter().filter(|base| base.last_read_at() >= at);
    Ok((read.map(|base| base.field.field()).collect(), span))
}

/// Queues the quarter-hours in which the registers of a meter are read again after an instant: one that is
/// read more seldom than the others may be far from it, and what it moved by across the instant is judged
/// there.
async fn next_of_each_register(
    connection: &mut PgConnection,
    meter: MeterId,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let (fields, span) = read_since(connection, meter, at).await?;
    let asked: Vec<_> = fields.into_iter().map(|field| (span, field)).collect();
    let found = readings::next_of(&mut *connection, &asked).await?;
    sqlx::query(
        "INSERT INTO rollup_queue (meter_id, bucket_start) \
         SELECT DISTINCT $1::bigint, date_bin('15 minutes', found, 'epoch') \
         FROM UNNEST($2::timestamptz[]) AS found ORDER BY 2 ON CONFLICT DO NOTHING",
    )
    .bind(meter)
    .bind(found.into_iter().flatten().collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// Queues the balances of a site's nodes from an instant on, for their costs; of one node, or of all.
pub async fn losses(
    connection: &mut PgConnection,
    site: SiteId,
    node: Option<MeterId>,
    from: DateTime<Utc>,
) -> Result<(), Error> {
    losses::hold_off(connection).await?;
    sqlx::query(
        "INSERT INTO loss_queue (meter_id, hour_start) \
         SELECT loss.meter_id, loss.window_start \
         FROM power_loss_analysis loss JOIN energy_meters meter ON meter.id = loss.meter_id \
         WHERE meter.site_id = $1 AND ($2::bigint IS NULL OR loss.meter_id = $2) \
             AND loss.resolution = '1h' AND loss.window_end > $3 \
         ORDER BY loss.meter_id, loss.window_start ON CONFLICT DO NOTHING",
    )
    .bind(site)
    .bind(node)
    .bind(from)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether the readings of the quarter-hour around an instant were dropped after they had been rolled
/// up: then it cannot be computed again.
pub async fn is_frozen(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    at: DateTime<Utc>,
) -> Result<bool, Error> {
    let quarter = floor(at, QUARTER).unwrap_or(at);
    Ok(!intervals::frozen(db, &[(meter, quarter)]).await?.is_empty())
}
