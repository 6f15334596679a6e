//! Writing quarter-hours.

use domain::MeterId;
use domain::energy::interval::Interval;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::joined;
use crate::Error;
use crate::span::Key;

/// Rows of one statement.
const ROWS_PER_STATEMENT: usize = 2_000;

/// Demand says nothing where less of a quarter-hour is known than this.
const DEMAND_COVERAGE: f64 = 0.9;

/// A row that is there already with the same values is left alone, so that nothing that is computed
/// from it is computed again.
const UPSERT: &str = "\
    INSERT INTO energy_intervals AS stored (\
        meter_id, bucket_start, import_kwh, export_kwh, reactive_import_kvarh, \
        reactive_export_kvarh, diesel_l, runtime_s, starts, max_demand_kw, \
        min_power_kw, max_power_kw, min_voltage, mean_voltage, max_voltage, \
        min_power_factor, max_power_factor, coverage, estimated_kwh, integral_kwh, \
        quality, flags, carry, bridged_s, fuel) \
    SELECT UNNEST($1::bigint[]), UNNEST($2::timestamptz[]), UNNEST($3::float8[]), \
        UNNEST($4::float8[]), UNNEST($5::float8[]), UNNEST($6::float8[]), \
        UNNEST($7::float8[]), UNNEST($8::float8[]), UNNEST($9::int[]), \
        UNNEST($10::float8[]), UNNEST($11::float8[]), UNNEST($12::float8[]), \
        UNNEST($13::float8[]), UNNEST($14::float8[]), UNNEST($15::float8[]), \
        UNNEST($16::float8[]), UNNEST($17::float8[]), UNNEST($18::real[]), \
        UNNEST($19::float8[]), UNNEST($20::float8[]), UNNEST($21::text[]), \
        UNNEST($22::int[]), UNNEST($23::jsonb[]), UNNEST($24::float8[]), \
        UNNEST($25::jsonb[]) \
    ON CONFLICT (meter_id, bucket_start) DO UPDATE SET \
        import_kwh = excluded.import_kwh, export_kwh = excluded.export_kwh, \
        reactive_import_kvarh = excluded.reactive_import_kvarh, \
        reactive_export_kvarh = excluded.reactive_export_kvarh, \
        diesel_l = excluded.diesel_l, runtime_s = excluded.runtime_s, \
        starts = excluded.starts, max_demand_kw = excluded.max_demand_kw, \
        min_power_kw = excluded.min_power_kw, max_power_kw = excluded.max_power_kw, \
        min_voltage = excluded.min_voltage, mean_voltage = excluded.mean_voltage, \
        max_voltage = excluded.max_voltage, \
        min_power_factor = excluded.min_power_factor, \
        max_power_factor = excluded.max_power_factor, coverage = excluded.coverage, \
        estimated_kwh = excluded.estimated_kwh, integral_kwh = excluded.integral_kwh, \
        quality = excluded.quality, flags = excluded.flags, carry = excluded.carry, \
        bridged_s = excluded.bridged_s, fuel = excluded.fuel \
    WHERE NOT stored.frozen AND (\
        stored.import_kwh, stored.export_kwh, stored.reactive_import_kvarh, \
        stored.reactive_export_kvarh, stored.diesel_l, stored.runtime_s, stored.starts, \
        stored.max_demand_kw, stored.min_power_kw, stored.max_power_kw, \
        stored.min_voltage, stored.mean_voltage, stored.max_voltage, \
        stored.min_power_factor, stored.max_power_factor, stored.coverage, \
        stored.estimated_kwh, stored.integral_kwh, stored.quality, stored.flags, \
        stored.carry, stored.bridged_s, stored.fuel) \
        IS DISTINCT FROM (\
        excluded.import_kwh, excluded.export_kwh, excluded.reactive_import_kvarh, \
        excluded.reactive_export_kvarh, excluded.diesel_l, excluded.runtime_s, \
        excluded.starts, excluded.max_demand_kw, excluded.min_power_kw, \
        excluded.max_power_kw, excluded.min_voltage, excluded.mean_voltage, \
        excluded.max_voltage, excluded.min_power_factor, excluded.max_power_factor, \
        excluded.coverage, excluded.estimated_kwh, excluded.integral_kwh, \
        excluded.quality, excluded.flags, excluded.carry, excluded.bridged_s, \
        excluded.fuel) \
    RETURNING meter_id, bucket_start";

/// Writes quarter-hours, in the order of their keys, over those that are there, but never over frozen
/// ones. Answers which are new or changed.
pub async fn upsert(
    connection: &mut PgConnection,
    rows: &[(MeterId, &Interval)],
) -> Result<Vec<Key>, Error> {
    let mut changed = Vec::new();
    for rows in rows.chunks(ROWS_PER_STATEMENT) {
        changed.extend(write(connection, rows).await?);
    }
    Ok(changed)
}

async fn write(
    connection: &mut PgConnection,
    rows: &[(MeterId, &Interval)],
) -> Result<Vec<Key>, Error> {
    let each = || rows.iter().map(|(_, interval)| *interval);
    let number = |value: fn(&Interval) -> f64| each().map(value).collect::<Vec<f64>>();
    let maybe = |value: fn(&Interval) -> Option<f64>| each().map(value).collect::<Vec<_>>();
    let changed = sqlx::query_as(UPSERT)
        .bind(rows.iter().map(|(meter, _)| meter.0).collect::<Vec<_>>())
        .bind(each().map(|row| row.start).collect::<Vec<_>>())
        .bind(number(|row| row.import.0))
        .bind(number(|row| row.export.0))
        .bind(number(|row| row.reactive_import_kvarh))
        .bind(number(|row| row.reactive_export_kvarh))
        .bind(maybe(|row| row.diesel_litres))
        .bind(number(|row| row.runtime_seconds))
        .bind(each().map(|row| i32::try_from(row.starts).unwrap_or(i32::MAX)).collect::<Vec<_>>())
        .bind(maybe(|row| (row.coverage >= DEMAND_COVERAGE).then(|| row.demand().0)))
        .bind(maybe(|row| row.power.map(|(least, _)| least.0)))
        .bind(maybe(|row| row.power.map(|(_, most)| most.0)))
        .bind(maybe(|row| row.voltage.map(|voltage| voltage.min)))
        .bind(maybe(|row| row.voltage.map(|voltage| voltage.mean)))
        .bind(maybe(|row| row.voltage.map(|voltage| voltage.max)))
        .bind(maybe(|row| row.power_factor.map(|(least, _)| least)))
        .bind(maybe(|row| row.power_factor.map(|(_, most)| most)))
        .bind(each().map(|row| single(row.coverage)).collect::<Vec<f32>>())
        .bind(number(|row| row.estimated.0))
        .bind(maybe(|row| row.integral.map(|integral| integral.0)))
        .bind(each().map(|row| row.quality).collect::<Vec<_>>())
        .bind(each().map(|row| row.flags.0).collect::<Vec<_>>())
        .bind(each().map(|row| Json(&row.carry)).collect::<Vec<_>>())
        .bind(number(|row| row.bridged_seconds))
        .bind(each().map(|row| row.fuel.map(Json)).collect::<Vec<_>>())
        .fetch_all(connection)
        .await?;
    Ok(joined(changed))
}

#[expect(clippy::cast_possible_truncation, reason = "a share needs no more than seven digits")]
fn single(share: f64) -> f32 {
    share as f32
}
