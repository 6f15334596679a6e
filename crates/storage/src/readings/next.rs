//! The nearest reading that holds a field.

use chrono::{DateTime, Utc};
use domain::Field;
use sqlx::PgExecutor;

use crate::Error;
use crate::span::Span;

macro_rules! nearest {
    ($bound:literal, $order:literal) => {
        concat!(
            "WITH standing AS MATERIALIZED (\
             SELECT DISTINCT ON (meter_id, \"timestamp\", field) meter_id, \"timestamp\", field, value \
             FROM reading_corrections WHERE meter_id = ANY($1) AND undone_at IS NULL \
             ORDER BY meter_id, \"timestamp\", field, n DESC) \
         SELECT asked.n, found.at \
         FROM UNNEST($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::text[]) \
             WITH ORDINALITY AS asked (id, from_at, to_at, field, n) \
         CROSS JOIN LATERAL (SELECT ",
            $bound,
            "(known.at) AS at FROM (\
             (SELECT reading.\"timestamp\" AS at FROM meter_readings reading \
              WHERE meter_id = asked.id \
                 AND \"timestamp\" >= asked.from_at AND \"timestamp\" < asked.to_at \
                 AND CASE asked.field \
                     WHEN 'active_power_kw' THEN active_power_kw \
                     WHEN 'total_energy_kwh' THEN total_energy_kwh \
                     WHEN 'energy_import_kwh' THEN energy_import_kwh \
                     WHEN 'energy_export_kwh' THEN energy_export_kwh \
                     WHEN 'reactive_energy_import_kvarh' THEN reactive_energy_import_kvarh \
                     WHEN 'reactive_energy_export_kvarh' THEN reactive_energy_export_kvarh \
                     WHEN 'diesel_consumption_liters' THEN diesel_consumption_liters \
                     WHEN 'runtime_hours' THEN runtime_hours END IS NOT NULL \
                 AND NOT EXISTS (SELECT FROM standing struck \
                     WHERE struck.meter_id = asked.id AND struck.field = asked.field \
                         AND struck.\"timestamp\" = reading.\"timestamp\" AND struck.value IS NULL) \
              ORDER BY reading.\"timestamp\" ",
            $order,
            " LIMIT 1) \
             UNION ALL \
             (SELECT ",
            $bound,
            "(typed.\"timestamp\") FROM standing typed \
              WHERE typed.meter_id = asked.id AND typed.field = asked.field \
                 AND typed.\"timestamp\" >= asked.from_at AND typed.\"timestamp\" < asked.to_at \
                 AND typed.value IS NOT NULL)) AS known) AS found \
         WHERE found.at IS NOT NULL"
        )
    };
}

/// When each field is first read in its span, as corrected: a value that was struck out was not read, one that
/// was typed in was. The answer stands in the order asked.
pub async fn next_of(
    db: impl PgExecutor<'_>,
    asked: &[(Span, Field)],
) -> Result<Vec<Option<DateTime<Utc>>>, Error> {
    nearest(db, nearest!("min", "ASC"), asked).await
}

/// The same, when it is last read.
pub async fn last_of(
    db: impl PgExecutor<'_>,
    asked: &[(Span, Field)],
) -> Result<Vec<Option<DateTime<Utc>>>, Error> {
    nearest(db, nearest!("max", "DESC"), asked).await
}

async fn nearest(
    db: impl PgExecutor<'_>,
    query: &'static str,
    asked: &[(Span, Field)],
) -> Result<Vec<Option<DateTime<Utc>>>, Error> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(i64, DateTime<Utc>)> = sqlx::query_as(query)
        .bind(asked.iter().map(|(span, _)| span.meter.0).collect::<Vec<_>>())
        .bind(asked.iter().map(|(span, _)| span.from).collect::<Vec<_>>())
        .bind(asked.iter().map(|(span, _)| span.to).collect::<Vec<_>>())
        .bind(asked.iter().map(|(_, field)| field.column()).collect::<Vec<_>>())
        .fetch_all(db)
        .await?;
    let mut found = vec![None; asked.len()];
    for (n, at) in rows {
        let index = usize::try_from(n - 1).unwrap_or(usize::MAX);
        if let Some(found) = found.get_mut(index) {
            *found = Some(at);
        }
    }
    Ok(found)
}
