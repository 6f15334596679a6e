//! Days of meters on their site's clock: the sums of their quarter-hours.

use chrono::{DateTime, NaiveDate, Utc};
use domain::MeterId;
use sqlx::{PgConnection, PgPool};

use crate::Error;

/// A day of a meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day {
    /// The measuring point.
    pub meter: MeterId,
    /// The date on the site's clock.
    pub date: NaiveDate,
    /// When the day begins.
    pub from: DateTime<Utc>,
    /// The first instant after it.
    pub to: DateTime<Utc>,
}

/// Coverage is taken of the whole day, of 23, 24 or 25 hours: what is not there is not covered.
const RECOMPUTE: &str = "\
    WITH touched AS (\
        SELECT id, day, from_at, to_at, quality_words \
        FROM UNNEST($1::bigint[], $2::date[], $3::timestamptz[], $4::timestamptz[]) \
            AS touched (id, day, from_at, to_at), \
            (VALUES (ARRAY['GOOD', 'DERIVED', 'CORRECTED', 'ESTIMATED', 'STALE', 'ERROR'])) \
                AS words (quality_words)\
    ), summed AS (\
        SELECT touched.*, sums.* FROM touched CROSS JOIN LATERAL (\
            SELECT count(*) AS quarters, \
                sum(import_kwh) AS import_kwh, sum(export_kwh) AS export_kwh, \
                sum(reactive_import_kvarh) AS reactive_import_kvarh, \
                sum(reactive_export_kvarh) AS reactive_export_kvarh, \
                sum(diesel_l) AS diesel_l, sum(runtime_s) AS runtime_s, sum(starts)::int AS starts, \
                max(max_demand_kw) AS max_demand_kw, min(min_power_kw) AS min_power_kw, \
                max(max_power_kw) AS max_power_kw, min(min_voltage) AS min_voltage, \
                avg(mean_voltage) AS mean_voltage, max(max_voltage) AS max_voltage, \
                min(min_power_factor) AS min_power_factor, \
                max(max_power_factor) AS max_power_factor, \
                least(1, sum(coverage::float8) \
                    / (extract(epoch FROM touched.to_at - touched.from_at)::float8 / 900)) AS coverage, \
                sum(estimated_kwh) AS estimated_kwh, sum(integral_kwh) AS integral_kwh, \
                CASE WHEN bool_and(bridged_s IS NOT NULL) THEN sum(bridged_s) END AS bridged_s, \
                touched.quality_words[max(array_position(touched.quality_words, quality))] AS quality, \
                bit_or(flags) AS flags \
            FROM energy_intervals WHERE meter_id = touched.id \
                AND bucket_start >= touched.from_at AND bucket_start < touched.to_at\
        ) AS sums\
    ), emptied AS (\
        DELETE FROM energy_days USING summed \
        WHERE meter_id = summed.id AND energy_days.day = summed.day AND summed.quarters = 0\
    ) \
    INSERT INTO energy_days (meter_id, day, import_kwh, export_kwh, reactive_import_kvarh, \
        reactive_export_kvarh, diesel_l, runtime_s, starts, max_demand_kw, min_power_kw, \
        max_power_kw, min_voltage, mean_voltage, max_voltage, min_power_factor, max_power_factor, \
        coverage, estimated_kwh, integral_kwh, quality, flags, bridged_s, fuel) \
    SELECT id, day, import_kwh, export_kwh, reactive_import_kvarh, reactive_export_kvarh, diesel_l, \
        runtime_s, starts, max_demand_kw, min_power_kw, max_power_kw, min_voltage, mean_voltage, \
        max_voltage, min_power_factor, max_power_factor, coverage, estimated_kwh, integral_kwh, \
        coalesce(quality, 'ERROR'), flags, bridged_s, \
        CASE WHEN diesel_l IS NOT NULL THEN fuel_of_day(id, from_at, to_at) END \
    FROM summed WHERE quarters > 0 \
    ON CONFLICT (meter_id, day) DO UPDATE SET \
        import_kwh = excluded.import_kwh, export_kwh = excluded.export_kwh, \
        reactive_import_kvarh = excluded.reactive_import_kvarh, \
        reactive_export_kvarh = excluded.reactive_export_kvarh, diesel_l = excluded.diesel_l, \
        runtime_s = excluded.runtime_s, starts = excluded.starts, \
        max_demand_kw = excluded.max_demand_kw, min_power_kw = excluded.min_power_kw, \
        max_power_kw = excluded.max_power_kw, min_voltage = excluded.min_voltage, \
        mean_voltage = excluded.mean_voltage, max_voltage = excluded.max_voltage, \
        min_power_factor = excluded.min_power_factor, \
        max_power_factor = excluded.max_power_factor, coverage = excluded.coverage, \
        estimated_kwh = excluded.estimated_kwh, integral_kwh = excluded.integral_kwh, \
        quality = excluded.quality, flags = excluded.flags, bridged_s = excluded.bridged_s, \
        fuel = excluded.fuel";

/// Tells what was computed of days of meters, from one date to another, from what was before and will be: it differs
/// once one of their quarter-hours was computed again, also to the same energy.
pub async fn version(
    pool: &PgPool,
    meters: &[MeterId],
    (first, last): (NaiveDate, NaiveDate),
) -> Result<String, Error> {
    // Each computation writes the row, by which the transaction that did is known.
    Ok(sqlx::query_scalar(
        "SELECT coalesce(sum(hashtextextended(concat_ws(' ', meter_id, day, xmin), 0)), 0)::text \
         FROM energy_days WHERE meter_id = ANY($1) AND day BETWEEN $2 AND $3",
    )
    .bind(meters)
    .bind(first)
    .bind(last)
    .fetch_one(pool)
    .await?)
}

/// Sums up days from their quarter-hours again; a day without any is gone.
pub async fn recompute(connection: &mut PgConnection, days: &[Day]) -> Result<(), Error> {
    if days.is_empty() {
        return Ok(());
    }
    sqlx::query(RECOMPUTE)
        .bind(days.iter().map(|day| day.meter).collect::<Vec<_>>())
        .bind(days.iter().map(|day| day.date).collect::<Vec<_>>())
        .bind(days.iter().map(|day| day.from).collect::<Vec<_>>())
        .bind(days.iter().map(|day| day.to).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}
