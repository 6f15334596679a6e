//! Exchanges of meters, and corrections of readings, as far as they count.

use chrono::{DateTime, Utc};
use domain::MeterId;
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};

use crate::Error;

reads! {
    /// The exchanges, by meter and time.
    exchanges
        "SELECT jsonb_build_object('site', site.slug, 'meterNumber', meter.meter_number, \
             'timestamp', exchange.\"timestamp\", 'oldFinalKwh', exchange.old_final_kwh, \
             'newInitialKwh', exchange.new_initial_kwh, \
             'importRegister', exchange.import_register, 'reason', exchange.reason) \
         FROM meter_exchanges exchange JOIN energy_meters meter ON meter.id = exchange.meter_id \
         JOIN sites site ON site.id = meter.site_id WHERE exchange.undone_at IS NULL \
         ORDER BY site.slug, meter.meter_number, exchange.\"timestamp\"";

    /// The corrections, by meter, time and column: of several for one value the newest.
    corrections
        "SELECT DISTINCT ON (site.slug, meter.meter_number, fix.\"timestamp\", fix.field) \
             jsonb_build_object('site', site.slug, 'meterNumber', meter.meter_number, \
             'timestamp', fix.\"timestamp\", 'field', fix.field, 'value', fix.value, \
             'reason', fix.reason) \
         FROM reading_corrections fix JOIN energy_meters meter ON meter.id = fix.meter_id \
         JOIN sites site ON site.id = meter.site_id WHERE fix.undone_at IS NULL \
         ORDER BY site.slug, meter.meter_number, fix.\"timestamp\", fix.field, fix.n DESC";
}

/// A meter, and an instant around which its energy has to be computed again.
type Touched = Vec<(MeterId, DateTime<Utc>)>;

async fn add(
    db: &mut PgConnection,
    statement: &'static str,
    rows: &Value,
) -> Result<Touched, Error> {
    let rows: Vec<(MeterId, DateTime<Utc>)> =
        sqlx::query_as(statement).bind(rows).fetch_all(db).await?;
    Ok(rows.into_iter().collect())
}

/// Adds the exchanges that are not there. Another one of the same meter and time that counts is
/// `meter_exchanges_time_key`.
pub async fn add_exchanges(db: &mut PgConnection, rows: &Value) -> Result<Touched, Error> {
    let statement = "INSERT INTO meter_exchanges \
             (meter_id, \"timestamp\", old_final_kwh, new_initial_kwh, import_register, reason) \
         SELECT meter.id, entry.\"timestamp\", entry.\"oldFinalKwh\", entry.\"newInitialKwh\", \
             entry.\"importRegister\", entry.reason \
         FROM jsonb_to_recordset($1) AS entry (site text, \"meterNumber\" text, \
             \"timestamp\" timestamptz, \"oldFinalKwh\" float8, \"newInitialKwh\" float8, \
             \"importRegister\" text, reason text) \
         JOIN sites site ON site.slug = entry.site \
         JOIN energy_meters meter \
             ON meter.site_id = site.id AND meter.meter_number = entry.\"meterNumber\" \
         WHERE NOT EXISTS (SELECT FROM meter_exchanges kept WHERE kept.meter_id = meter.id \
             AND kept.\"timestamp\" = entry.\"timestamp\" AND kept.undone_at IS NULL \
             AND kept.old_final_kwh = entry.\"oldFinalKwh\" \
             AND kept.new_initial_kwh = entry.\"newInitialKwh\") \
         RETURNING meter_id, \"timestamp\"";
    add(db, statement, rows).await
}

/// Adds the corrections that do not count already.
pub async fn add_corrections(db: &mut PgConnection, rows: &Value) -> Result<Touched, Error> {
    let statement = "INSERT INTO reading_corrections (meter_id, \"timestamp\", field, value, reason) \
         SELECT meter.id, entry.\"timestamp\", entry.field, entry.value, entry.reason \
         FROM jsonb_to_recordset($1) AS entry (site text, \"meterNumber\" text, \
             \"timestamp\" timestamptz, field text, value float8, reason text) \
         JOIN sites site ON site.slug = entry.site \
         JOIN energy_meters meter \
             ON meter.site_id = site.id AND meter.meter_number = entry.\"meterNumber\" \
         LEFT JOIN LATERAL (SELECT true AS counts, kept.value FROM reading_corrections kept \
             WHERE kept.meter_id = meter.id AND kept.\"timestamp\" = entry.\"timestamp\" \
                 AND kept.field = entry.field AND kept.undone_at IS NULL \
             ORDER BY kept.n DESC LIMIT 1) newest ON true \
         WHERE newest.counts IS NULL OR newest.value IS DISTINCT FROM entry.value \
         RETURNING meter_id, \"timestamp\"";
    add(db, statement, rows).await
}
