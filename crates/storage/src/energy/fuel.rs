//! When the diesel of generators was read.

use chrono::{DateTime, NaiveDate, Utc};
use domain::MeterId;
use sqlx::{FromRow, PgPool};

use super::ids;
use crate::Error;

/// The first and the last reading of a day that count litres.
#[derive(Debug, Clone, Copy, PartialEq, FromRow)]
pub struct FuelDay {
    meter_id: i64,
    /// The day.
    pub day: NaiveDate,
    /// The first of them.
    pub first_at: DateTime<Utc>,
    /// The last of them.
    pub last_at: DateTime<Utc>,
}

impl FuelDay {
    /// The measuring point.
    pub fn meter(&self) -> MeterId {
        MeterId(self.meter_id)
    }
}

/// A day with its first instant and the first after it.
type Day = (NaiveDate, DateTime<Utc>, DateTime<Utc>);

/// Rows `reading` from a quarter-hour on that have litres: of corrections the newest counts.
macro_rules! read_in {
    ($which:literal, $bucket:literal) => {
        concat!(
            "(SELECT ",
            $which,
            "(reading.\"timestamp\") FROM meter_readings reading \
             WHERE reading.meter_id = meter.id AND reading.\"timestamp\" >= ",
            $bucket,
            " AND reading.\"timestamp\" < ",
            $bucket,
            " + interval '15 minutes' AND coalesce(( \
                 SELECT correction.value IS NOT NULL FROM reading_corrections correction \
                 WHERE correction.meter_id = reading.meter_id \
                     AND correction.\"timestamp\" = reading.\"timestamp\" \
                     AND correction.field = 'diesel_consumption_liters' \
                     AND correction.undone_at IS NULL \
                 ORDER BY correction.n DESC LIMIT 1), \
                 reading.diesel_consumption_liters IS NOT NULL))"
        )
    };
}

/// Of each meter the days on which litres were counted. Where the readings are gone, the quarter-hours
/// tell; where these are, a day with litres counts as read from its beginning to its end.
pub async fn fuel_days(
    pool: &PgPool,
    meters: &[MeterId],
    days: &[Day],
) -> Result<Vec<FuelDay>, Error> {
    let found = sqlx::query_as(concat!(
        "SELECT meter.id AS meter_id, asked.day, \
             coalesce(",
        read_in!("min", "span.first"),
        ", span.first, asked.start) AS first_at, \
             least(coalesce(",
        read_in!("max", "span.last"),
        ", span.last + interval '15 minutes', asked.stop), asked.stop) AS last_at \
         FROM UNNEST($1::bigint[]) AS meter (id) \
         CROSS JOIN UNNEST($2::date[], $3::timestamptz[], $4::timestamptz[]) \
             AS asked (day, start, stop) \
         CROSS JOIN LATERAL (SELECT min(bucket_start) AS first, max(bucket_start) AS last \
             FROM energy_intervals WHERE meter_id = meter.id AND bucket_start >= asked.start \
                 AND bucket_start < asked.stop AND diesel_l IS NOT NULL) AS span \
         WHERE span.first IS NOT NULL OR EXISTS (SELECT FROM energy_days \
             WHERE meter_id = meter.id AND day = asked.day AND diesel_l IS NOT NULL) \
         ORDER BY meter.id, asked.day"
    ))
    .bind(ids(meters))
    .bind(days.iter().map(|(day, ..)| *day).collect::<Vec<_>>())
    .bind(days.iter().map(|(_, start, _)| *start).collect::<Vec<_>>())
    .bind(days.iter().map(|(.., stop)| *stop).collect::<Vec<_>>())
    .fetch_all(pool)
    .await?;
    Ok(found)
}
