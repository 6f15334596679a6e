//! What the quarter-hours of a derived meter's inputs tell.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{Kwh, MeterId};
use sqlx::PgPool;

use crate::Error;
use crate::span::Key;

/// A quarter-hour of which fewer seconds are known has a minute that is not.
const KNOWN_S: f64 = 899.95;

/// What some meters counted between two bounds of quarter-hours, import less export in kWh; a meter of which a
/// part of that is not known, or not computed, is absent.
pub async fn counted(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<HashMap<MeterId, f64>, Error> {
    let rows: Vec<(MeterId, f64)> = sqlx::query_as(
        "SELECT meter_id, sum(import_kwh - export_kwh) FROM energy_intervals \
         WHERE meter_id = ANY($1) AND bucket_start >= $2 AND bucket_start < $3 \
         GROUP BY meter_id \
         HAVING bool_and(bridged_s IS NOT NULL AND coverage::float8 * 900 + bridged_s >= $4) \
             AND count(*) * 900 >= extract(epoch FROM $3::timestamptz - $2::timestamptz)",
    )
    .bind(meters)
    .bind(from)
    .bind(to)
    .bind(KNOWN_S)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().collect())
}

/// What a quarter-hour tells that is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quarter {
    /// Import less export.
    pub net: Kwh,
    /// Whether a part of it lies in a gap.
    pub is_gap: bool,
}

/// The quarter-hours of some meters between two bounds of them that are known.
pub async fn quarters(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<HashMap<Key, Quarter>, Error> {
    let rows: Vec<(i64, DateTime<Utc>, f64, bool)> = sqlx::query_as(
        "SELECT meter_id, bucket_start, import_kwh - export_kwh, bridged_s > 0 FROM energy_intervals \
         WHERE meter_id = ANY($1) AND bucket_start >= $2 AND bucket_start < $3 \
             AND bridged_s IS NOT NULL AND coverage::float8 * 900 + bridged_s >= $4",
    )
    .bind(meters)
    .bind(from)
    .bind(to)
    .bind(KNOWN_S)
    .fetch_all(pool)
    .await?;
    let quarter = |(meter, start, net, is_gap): (i64, DateTime<Utc>, f64, bool)| {
        ((MeterId(meter), start), Quarter { net: Kwh(net), is_gap })
    };
    Ok(rows.into_iter().map(quarter).collect())
}

/// Whether quarter-hours of some meters up to an instant are still to be computed.
pub async fn are_awaited(
    pool: &PgPool,
    meters: &[MeterId],
    until: DateTime<Utc>,
) -> Result<bool, Error> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM rollup_queue WHERE meter_id = ANY($1) AND bucket_start <= $2) \
             OR EXISTS (SELECT FROM rollup_claims WHERE meter_id = ANY($1) AND bucket_start <= $2)",
    )
    .bind(meters)
    .bind(until)
    .fetch_one(pool)
    .await?)
}
