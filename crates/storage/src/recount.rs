//! What of a meter's energy is computed again when a rule of it changes, and what stays.

pub mod requeue;
pub mod zones;

use chrono::{DateTime, NaiveDate, Utc};
use domain::MeterId;
use sqlx::{PgExecutor, PgPool};

use crate::Error;
use crate::energy::day_start;

/// Energy of a meter in a stretch of time, as stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, sqlx::FromRow)]
pub struct Stored {
    /// Drawn by a load, or delivered by a meter that feeds its parent, kWh.
    pub import_kwh: f64,
    /// Returned by a load, or drawn by a meter that feeds its parent, kWh.
    pub export_kwh: f64,
    /// Litres of the meter's own fuel counter; none where it has none.
    pub diesel_l: Option<f64>,
}

impl Stored {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let litres = self.diesel_l.into_iter().chain(other.diesel_l);
        Self {
            import_kwh: self.import_kwh + other.import_kwh,
            export_kwh: self.export_kwh + other.export_kwh,
            diesel_l: litres.reduce(|sum, more| sum + more),
        }
    }
}

/// Sums of a meter's quarter-hours between each two of `bounds`, ascending instants.
pub async fn stored(
    pool: &PgPool,
    meter: MeterId,
    bounds: &[DateTime<Utc>],
) -> Result<Vec<Stored>, Error> {
    let to = bounds.get(1..).unwrap_or_default();
    Ok(sqlx::query_as(
        "SELECT coalesce(sum(import_kwh), 0) AS import_kwh, \
             coalesce(sum(export_kwh), 0) AS export_kwh, sum(diesel_l) AS diesel_l \
         FROM UNNEST($2::timestamptz[], $3::timestamptz[]) WITH ORDINALITY \
             AS span (from_at, to_at, n) \
         LEFT JOIN energy_intervals ON meter_id = $1 \
             AND bucket_start >= from_at AND bucket_start < to_at \
         GROUP BY n ORDER BY n",
    )
    .bind(meter)
    .bind(&bounds[..to.len()])
    .bind(to)
    .fetch_all(pool)
    .await?)
}

/// When the reading was taken that as many newer ones of a meter follow; none where there are fewer.
pub async fn newer_than(
    pool: &PgPool,
    meter: MeterId,
    count: u32,
) -> Result<Option<DateTime<Utc>>, Error> {
    let row: Option<(DateTime<Utc>,)> = sqlx::query_as(
        "SELECT \"timestamp\" FROM meter_readings WHERE meter_id = $1 \
         ORDER BY \"timestamp\" DESC OFFSET $2 LIMIT 1",
    )
    .bind(meter)
    .bind(i64::from(count))
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|(at,)| at))
}

/// First days of the months with days of a meter that are computed no more: none of their quarter-hours
/// has its readings still. Days are those of the clock of `zone`, an IANA name.
pub async fn kept_months(
    db: impl PgExecutor<'_>,
    meter: MeterId,
    zone: &str,
) -> Result<Vec<NaiveDate>, Error> {
    let rows: Vec<(NaiveDate,)> = sqlx::query_as(concat!(
        "SELECT DISTINCT date_trunc('month', day)::date FROM energy_days AS counted \
         WHERE meter_id = $1 AND NOT EXISTS (SELECT FROM energy_intervals AS quarter \
             WHERE quarter.meter_id = $1 AND NOT frozen \
                 AND bucket_start >= ",
        day_start!("counted.day", "$2"),
        " AND bucket_start < ",
        day_start!("(counted.day + 1)", "$2"),
        ") ORDER BY 1",
    ))
    .bind(meter)
    .bind(zone)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(month,)| month).collect())
}

/// Bills of a meter that are issued and not taken back: the first days of their months, and numbers.
pub async fn issued_bills(
    db: impl PgExecutor<'_>,
    meter: MeterId,
) -> Result<Vec<(NaiveDate, String)>, Error> {
    Ok(sqlx::query_as(
        "SELECT month, number FROM bills bill \
         WHERE meter_id = $1 AND kind = 'bill' AND number IS NOT NULL \
             AND NOT EXISTS (SELECT FROM bills note WHERE note.credits = bill.id) \
         ORDER BY month",
    )
    .bind(meter)
    .fetch_all(db)
    .await?)
}
