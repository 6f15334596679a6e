//! When the export registers of meters were read last.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use sqlx::PgExecutor;

use crate::Error;

/// Quarter-hours of late are no older than this.
const LATE: TimeDelta = TimeDelta::hours(1);

/// The newest quarter-hour of a meter since an instant.
macro_rules! newest {
    ($since:literal) => {
        concat!(
            "(SELECT carry FROM energy_intervals WHERE meter_id = asked.id AND bucket_start >= ",
            $since,
            " ORDER BY bucket_start DESC LIMIT 1)"
        )
    };
}

/// When the export register of each of the meters was last read and believed, as far as is computed; of
/// those that rose once, and that counted anything since an instant.
pub async fn export_read(
    db: impl PgExecutor<'_>,
    meters: &[MeterId],
    since: DateTime<Utc>,
) -> Result<HashMap<MeterId, DateTime<Utc>>, Error> {
    if meters.is_empty() {
        return Ok(HashMap::new());
    }
    // Most meters have a quarter-hour of late, which lies in few partitions.
    let late = since.max(Utc::now() - LATE);
    let rows: Vec<(MeterId, DateTime<Utc>)> = sqlx::query_as(concat!(
        "SELECT asked.id, (base ->> 't')::timestamptz \
         FROM UNNEST($1::bigint[]) AS asked (id) \
         CROSS JOIN LATERAL (",
        newest!("$3"),
        " UNION ALL ",
        newest!("$2"),
        " LIMIT 1) AS newest \
         CROSS JOIN LATERAL jsonb_array_elements(newest.carry -> 'r') AS base \
         WHERE newest.carry @> '{\"r\": [{\"f\": \"e\"}]}' AND base ->> 'f' = 'e' \
             AND (base ? 'b' OR base ? 'h' OR (base ->> 's')::float8 > 0)",
    ))
    .bind(meters)
    .bind(since)
    .bind(late)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().collect())
}
