//! What rests on the clock of a site: days of meters, and balances by hour and day. They are made anew
//! when the site's zone moves, as far back as there are quarter-hours.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{MeterId, SiteId};
use sqlx::{FromRow, PgConnection, PgExecutor, PgPool};

use crate::{Error, losses};

/// What is stored of a meter's past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Past {
    meter_id: MeterId,
    /// Its first quarter-hour.
    pub first: DateTime<Utc>,
    pub last: DateTime<Utc>,
    pub first_day: Option<NaiveDate>,
}

impl Past {
    /// The meter.
    pub fn meter(&self) -> MeterId {
        self.meter_id
    }
}

/// Every site with the name of its zone.
pub async fn all(pool: &PgPool) -> Result<Vec<(SiteId, String)>, Error> {
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT id, time_zone FROM sites").fetch_all(pool).await?;
    Ok(rows.into_iter().map(|(site, zone)| (SiteId(site), zone)).collect())
}

/// The pasts of a site's meters, retired ones too; without those that have no quarter-hour.
pub async fn pasts(db: impl PgExecutor<'_>, site: SiteId) -> Result<Vec<Past>, Error> {
    Ok(sqlx::query_as(
        "SELECT meter.id AS meter_id, quarters.first, quarters.last, \
             (SELECT min(day) FROM energy_days WHERE meter_id = meter.id) AS first_day \
         FROM energy_meters meter CROSS JOIN LATERAL (\
             SELECT (SELECT min(bucket_start) FROM energy_intervals WHERE meter_id = meter.id) AS first, \
                 (SELECT max(bucket_start) FROM energy_intervals WHERE meter_id = meter.id) AS last\
         ) AS quarters \
         WHERE meter.site_id = $1 AND quarters.first IS NOT NULL ORDER BY meter.id",
    )
    .bind(site)
    .fetch_all(db)
    .await?)
}

/// Deletes the days of a meter from a date on.
pub async fn delete_days(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    from: NaiveDate,
) -> Result<(), Error> {
    sqlx::query("DELETE FROM energy_days WHERE meter_id = $1 AND day >= $2")
        .bind(meter)
        .bind(from)
        .execute(db)
        .await?;
    Ok(())
}

/// How many balances of a site end after an instant, or at all.
pub async fn balances(
    db: impl PgExecutor<'_>,
    site: SiteId,
    after: Option<DateTime<Utc>>,
) -> Result<i64, Error> {
    Ok(sqlx::query_scalar(
        "SELECT count(*) FROM power_loss_analysis loss \
         JOIN energy_meters meter ON meter.id = loss.meter_id \
         WHERE meter.site_id = $1 AND loss.window_end > coalesce($2, '-infinity')",
    )
    .bind(site)
    .bind(after)
    .fetch_one(db)
    .await?)
}

/// Deletes the balances of a site that end after an instant, or all, and queues the hours of its new
/// clock in which a node or a meter that ever hung below it has quarter-hours.
pub async fn requeue_balances(
    connection: &mut PgConnection,
    site: SiteId,
    zone: chrono_tz::Tz,
    after: Option<DateTime<Utc>>,
) -> Result<(), Error> {
    losses::hold_off(connection).await?;
    sqlx::query(
        "DELETE FROM power_loss_analysis loss USING energy_meters meter \
         WHERE meter.id = loss.meter_id AND meter.site_id = $1 \
             AND loss.window_end > coalesce($2, '-infinity')",
    )
    .bind(site)
    .bind(after)
    .execute(&mut *connection)
    .await?;
    // Hours that wait already are those of the old clock.
    sqlx::query(
        "DELETE FROM loss_queue USING energy_meters meter \
         WHERE meter.id = loss_queue.meter_id AND meter.site_id = $1",
    )
    .bind(site)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "WITH node AS (\
             SELECT DISTINCT placement.parent_meter_id AS id, rests.on_meter \
             FROM meter_placements placement \
             JOIN energy_meters meter ON meter.id = placement.parent_meter_id \
             CROSS JOIN LATERAL (VALUES (placement.meter_id), (placement.parent_meter_id)) \
                 AS rests (on_meter) \
             WHERE meter.site_id = $1\
         ) \
         INSERT INTO loss_queue (meter_id, hour_start) \
         SELECT node.id, min(quarter.bucket_start) AS hour \
         FROM node JOIN energy_intervals quarter ON quarter.meter_id = node.on_meter \
         WHERE quarter.bucket_start >= coalesce($3, '-infinity') \
         GROUP BY node.id, date_trunc('hour', quarter.bucket_start, $2) \
         ORDER BY node.id, hour ON CONFLICT DO NOTHING",
    )
    .bind(site)
    .bind(zone.name())
    .bind(after)
    .execute(connection)
    .await?;
    Ok(())
}

/// What meters drew from the outside in a window, by their quarter-hours: import, kWh.
pub async fn imported(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<f64, Error> {
    let (kwh,): (Option<f64>,) = sqlx::query_as(
        "SELECT sum(import_kwh) FROM energy_intervals \
         WHERE meter_id = ANY($1) AND bucket_start >= $2 AND bucket_start < $3",
    )
    .bind(meters)
    .bind(from)
    .bind(to)
    .fetch_one(pool)
    .await?;
    Ok(kwh.unwrap_or_default())
}

/// Most rows that are counted: it is enough to know that there are many.
pub const MOST: i64 = 1_000_000;

/// How many readings of a site are older than an instant, up to [`MOST`].
pub async fn readings_before(
    pool: &PgPool,
    site: SiteId,
    before: DateTime<Utc>,
) -> Result<i64, Error> {
    Ok(sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT FROM energy_meters meter \
             JOIN meter_readings reading ON reading.meter_id = meter.id \
             WHERE meter.site_id = $1 AND reading.\"timestamp\" < $2 LIMIT $3) AS old",
    )
    .bind(site)
    .bind(before)
    .bind(MOST)
    .fetch_one(pool)
    .await?)
}

/// How many quarter-hours of a site are older than an instant, up to [`MOST`].
pub async fn quarters_before(
    pool: &PgPool,
    site: SiteId,
    before: DateTime<Utc>,
) -> Result<i64, Error> {
    Ok(sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT FROM energy_meters meter \
             JOIN energy_intervals quarter ON quarter.meter_id = meter.id \
             WHERE meter.site_id = $1 AND quarter.bucket_start < $2 LIMIT $3) AS old",
    )
    .bind(site)
    .bind(before)
    .bind(MOST)
    .fetch_one(pool)
    .await?)
}

/// How many days of a site's meters are before a day, up to [`MOST`].
pub async fn days_before(pool: &PgPool, site: SiteId, before: NaiveDate) -> Result<i64, Error> {
    Ok(sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT FROM energy_meters meter \
             JOIN energy_days kept ON kept.meter_id = meter.id \
             WHERE meter.site_id = $1 AND kept.day < $2 LIMIT $3) AS old",
    )
    .bind(site)
    .bind(before)
    .bind(MOST)
    .fetch_one(pool)
    .await?)
}

/// The losses of a site's nodes by hour since an instant, where they are beyond their error: node, when
/// the hour begins, kWh.
pub async fn lost(
    pool: &PgPool,
    site: SiteId,
    since: DateTime<Utc>,
) -> Result<Vec<(MeterId, DateTime<Utc>, f64)>, Error> {
    Ok(sqlx::query_as(
        "SELECT loss.meter_id, loss.window_start, loss.loss_kwh FROM power_loss_analysis loss \
         JOIN energy_meters meter ON meter.id = loss.meter_id \
         WHERE meter.site_id = $1 AND loss.resolution = '1h' AND loss.window_start >= $2 \
             AND loss.verdict = 'loss'",
    )
    .bind(site)
    .bind(since)
    .fetch_all(pool)
    .await?)
}
