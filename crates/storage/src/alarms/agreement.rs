//! Registers held against the integral of power, for the alarm of data quality.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::alarms::Agreement;
use domain::energy::interval::Flags;
use sqlx::{FromRow, PgPool};

use crate::Error;

/// A quarter-hour counts from this coverage on.
const COVERED: f32 = 0.95;
/// In such quarter-hours the register or the power says something else than what passed.
const DOUBTFUL: Flags = Flags::RESET
    .with(Flags::EXCHANGE)
    .with(Flags::GLITCH)
    .with(Flags::QUARANTINED)
    .with(Flags::GAP)
    .with(Flags::CORRECTED)
    .with(Flags::DERIVED)
    .with(Flags::INTEGRATED);

/// Readings of power in a quarter-hour in which it is read once a minute.
const OFTEN: i64 = 15;

/// What the registers of meters and the integrals of their power say of a window, over the
/// quarter-hours that both cover well. Of the readings no more are looked at than tell how often power
/// was read. Power below zero counts where the register shows what flows back, or rises all the same:
/// many registers count one direction alone.
pub async fn of(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<HashMap<MeterId, Agreement>, Error> {
    #[derive(FromRow)]
    struct Found {
        meter: MeterId,
        #[sqlx(flatten)]
        agreement: Agreement,
    }
    let rows: Vec<Found> = sqlx::query_as(
        "SELECT asked.id AS meter, found.* FROM UNNEST($1::bigint[]) AS asked (id) \
         CROSS JOIN LATERAL (SELECT count(*) AS quarters, \
                 count(*) FILTER (WHERE readings < $6) AS seldom_read, sum(net) AS register_kwh, \
                 sum(integral_kwh) AS integral_kwh, sum(import_kwh + export_kwh) AS passed_kwh, \
                 sum(net * net) AS register_squares, \
                 sum(integral_kwh * integral_kwh) AS integral_squares, \
                 sum(net * integral_kwh) AS products \
             FROM energy_intervals, LATERAL (SELECT import_kwh - export_kwh AS net) AS difference, \
                 LATERAL (SELECT count(*) AS readings FROM (SELECT FROM meter_readings AS reading \
                     WHERE reading.meter_id = asked.id AND \"timestamp\" >= bucket_start \
                         AND \"timestamp\" < bucket_start + interval '15 minutes' \
                         AND \"timestamp\" >= $2 AND \"timestamp\" < $3 \
                         AND active_power_kw IS NOT NULL LIMIT $6) AS looked_at) AS power \
             WHERE meter_id = asked.id AND bucket_start >= $2 AND bucket_start < $3 \
                 AND integral_kwh IS NOT NULL AND coverage >= $4 AND flags & $5 = 0 \
                 AND (export_kwh > 0 OR min_power_kw >= 0 \
                     OR (max_power_kw <= 0 AND import_kwh > 0))) AS found \
         WHERE found.quarters > 0",
    )
    .bind(meters)
    .bind(from)
    .bind(to)
    .bind(COVERED)
    .bind(DOUBTFUL)
    .bind(OFTEN)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|found| (found.meter, found.agreement)).collect())
}
