//! The next reading that holds a field.

use chrono::{DateTime, Utc};
use domain::Field;
use sqlx::PgExecutor;

use super::Span;
use crate::Error;

/// When each field is first read in its span; the answer stands in the order asked.
pub async fn next_of(
    db: impl PgExecutor<'_>,
    asked: &[(Span, Field)],
) -> Result<Vec<Option<DateTime<Utc>>>, Error> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(i64, DateTime<Utc>)> = sqlx::query_as(
        "SELECT asked.n, found.\"timestamp\" \
         FROM UNNEST($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::text[]) \
             WITH ORDINALITY AS asked (id, from_at, to_at, field, n) \
         CROSS JOIN LATERAL (SELECT \"timestamp\" FROM meter_readings WHERE meter_id = asked.id \
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
             ORDER BY \"timestamp\" LIMIT 1) AS found",
    )
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
