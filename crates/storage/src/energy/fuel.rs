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

/// The instants in a quarter-hour at which litres were read, its end included, since litres count in the
/// quarter-hour that ends with their reading: of corrections the newest counts. OFFSET 0
/// keeps the planner from looking for the least and the greatest in each partition by itself, which
/// takes it longer than all the rest.
macro_rules! read_in {
    ($which:literal, $bucket:literal) => {
        concat!(
            "LEFT JOIN LATERAL (SELECT ",
            $which,
            "(read.\"timestamp\") AS at FROM (\
                 SELECT reading.\"timestamp\" FROM meter_readings reading \
                 WHERE reading.meter_id = meter.id AND reading.\"timestamp\" >= ",
            $bucket,
            " AND reading.\"timestamp\" <= ",
            $bucket,
            " + interval '15 minutes' AND coalesce(( \
                     SELECT correction.value IS NOT NULL FROM reading_corrections correction \
                     WHERE correction.meter_id = reading.meter_id \
                         AND correction.\"timestamp\" = reading.\"timestamp\" \
                         AND correction.field = 'diesel_consumption_liters' \
                         AND correction.undone_at IS NULL \
                     ORDER BY correction.n DESC LIMIT 1), \
                     reading.diesel_consumption_liters IS NOT NULL) OFFSET 0\
             ) AS read) AS "
        )
    };
}

const DAYS: &str = concat!(
    "WITH span AS MATERIALIZED (\
         SELECT meter_id, width_bucket(bucket_start, $3::timestamptz[]) AS n, \
             min(bucket_start) AS first, max(bucket_start) AS last \
         FROM energy_intervals WHERE meter_id = ANY($1) AND diesel_l IS NOT NULL \
             AND bucket_start >= ($3::timestamptz[])[1] \
             AND bucket_start < ($4::timestamptz[])[array_length($4::timestamptz[], 1)] \
         GROUP BY 1, 2\
     ) \
     SELECT meter.id AS meter_id, asked.day, \
         coalesce(first.at, span.first, asked.start) AS first_at, \
         least(coalesce(last.at, span.last + interval '15 minutes', asked.stop), asked.stop) \
             AS last_at \
     FROM UNNEST($1::bigint[]) AS meter (id) \
     CROSS JOIN UNNEST($2::date[], $3::timestamptz[], $4::timestamptz[]) \
         WITH ORDINALITY AS asked (day, start, stop, n) \
     LEFT JOIN span ON span.meter_id = meter.id AND span.n = asked.n ",
    read_in!("min", "span.first"),
    "first ON true ",
    read_in!("max", "span.last"),
    "last ON true \
     WHERE span.n IS NOT NULL OR EXISTS (SELECT FROM energy_days \
         WHERE meter_id = meter.id AND day = asked.day AND diesel_l IS NOT NULL) \
     ORDER BY meter.id, asked.day"
);

/// Of each meter the days on which litres were counted, of `days` that follow each other. Where the
/// readings are gone, the quarter-hours tell; where these are, a day with litres counts as read from its
/// beginning to its end.
pub async fn fuel_days(
    pool: &PgPool,
    meters: &[MeterId],
    days: &[Day],
) -> Result<Vec<FuelDay>, Error> {
    let found = sqlx::query_as(DAYS)
        .bind(ids(meters))
        .bind(days.iter().map(|(day, ..)| *day).collect::<Vec<_>>())
        .bind(days.iter().map(|(_, start, _)| *start).collect::<Vec<_>>())
        .bind(days.iter().map(|(.., stop)| *stop).collect::<Vec<_>>())
        .fetch_all(pool)
        .await?;
    Ok(found)
}
