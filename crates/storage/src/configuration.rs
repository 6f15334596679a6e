//! Everything people entered, table by table, as JSON rows that name things by their natural keys
//! instead of ids; and back.

macro_rules! reads {
    ($($(#[$doc:meta])* $name:ident $statement:literal;)*) => {$(
        $(#[$doc])*
        pub async fn $name(db: impl PgExecutor<'_>) -> Result<Vec<Value>, Error> {
            let rows: Vec<(Value,)> = sqlx::query_as($statement).fetch_all(db).await?;
            Ok(rows.into_iter().map(|(row,)| row).collect())
        }
    )*};
}

macro_rules! writes {
    ($($(#[$doc:meta])* $name:ident $statement:literal;)*) => {$(
        $(#[$doc])*
        pub async fn $name(db: impl PgExecutor<'_>, rows: &Value) -> Result<(), Error> {
            sqlx::query($statement).bind(rows).execute(db).await?;
            Ok(())
        }
    )*};
}

pub mod alarms;
pub mod changes;
mod meters;
pub mod reports;
pub mod sources;

use serde_json::Value;
use sqlx::{PgConnection, PgExecutor, PgPool, Postgres, Transaction};

use crate::Error;

pub use meters::{
    free_uuids, meters, mix_prefixes, part_prefixes, place, put_meters, retire, unretire,
};

/// A view of the tables as they stand at one moment.
pub async fn snapshot(pool: &PgPool) -> Result<Transaction<'static, Postgres>, Error> {
    let mut snapshot = pool.begin().await?;
    sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .execute(&mut *snapshot)
        .await?;
    Ok(snapshot)
}

reads! {
    /// The sites, by slug.
    sites
        "SELECT jsonb_build_object('slug', slug, 'isDefault', id = 1, 'name', name, 'kind', kind, \
             'timeZone', time_zone, 'currency', currency, 'pricePerKwh', price_per_kwh::text, \
             'gridCapacityKw', grid_capacity_kw, 'latitude', latitude, 'longitude', longitude, \
             'retention', jsonb_build_object('rawDays', raw_days, 'hourlyDays', hourly_days, \
                 'dailyDays', daily_days), \
             'grid', jsonb_build_object('distanceLimitM', grid_distance_limit_m, \
                 'voltageBinding', grid_voltage_binding, 'conductor', grid_conductor)) \
         FROM sites ORDER BY slug";

    /// The devices, by meter.
    devices
        "SELECT jsonb_build_object('site', site.slug, 'meterNumber', meter.meter_number, \
             'protocol', device.protocol, 'pollInterval', device.poll_interval_ms, \
             'communication', device.communication, 'enabled', device.enabled) \
         FROM devices device JOIN energy_meters meter ON meter.id = device.meter_id \
         JOIN sites site ON site.id = meter.site_id ORDER BY site.slug, meter.meter_number";

    /// The versions of tariffs, by name and validity.
    tariffs
        "SELECT jsonb_build_object('site', site.slug, 'name', tariff.name, \
             'currency', tariff.currency, 'validFrom', tariff.valid_from, \
             'validTo', tariff.valid_to, 'isDefault', tariff.is_default, 'terms', tariff.terms) \
         FROM tariffs tariff JOIN sites site ON site.id = tariff.site_id \
         ORDER BY site.slug, tariff.name, tariff.valid_from";

    /// Which meters have tariffs of their own, by meter and validity.
    meter_tariffs
        "SELECT jsonb_build_object('site', site.slug, 'meterNumber', meter.meter_number, \
             'tariff', given.tariff_name, 'validFrom', given.valid_from) \
         FROM meter_tariffs given JOIN energy_meters meter ON meter.id = given.meter_id \
         JOIN sites site ON site.id = meter.site_id \
         ORDER BY site.slug, meter.meter_number, given.valid_from";

    /// The factors, by kind, meter and validity.
    factors
        "SELECT jsonb_build_object('site', site.slug, 'kind', factor.kind, \
             'meterNumber', meter.meter_number, 'value', factor.value, 'source', factor.source, \
             'validFrom', factor.valid_from) \
         FROM emission_factors factor JOIN sites site ON site.id = factor.site_id \
         LEFT JOIN energy_meters meter ON meter.id = factor.meter_id \
         ORDER BY site.slug, factor.kind, meter.meter_number NULLS FIRST, factor.valid_from";

    /// The terms of virtual meters, by meter, time and input.
    virtual_meters
        "SELECT jsonb_build_object('site', site.slug, 'meterNumber', meter.meter_number, \
             'terms', jsonb_agg(jsonb_build_object('meterNumber', input.meter_number, \
                 'factor', term.factor, 'validFrom', nullif(term.valid_from, '-infinity'), \
                 'validTo', nullif(term.valid_to, 'infinity')) \
                 ORDER BY term.valid_from, input.meter_number)) \
         FROM virtual_meters term JOIN energy_meters meter ON meter.id = term.meter_id \
         JOIN energy_meters input ON input.id = term.input_id \
         JOIN sites site ON site.id = meter.site_id \
         GROUP BY site.slug, meter.meter_number ORDER BY site.slug, meter.meter_number";

    /// The unmetered loads, by node and time.
    unmetered_loads
        "SELECT jsonb_build_object('site', site.slug, 'meterNumber', meter.meter_number, \
             'validFrom', load.valid_from, 'powerKw', load.power_kw, 'reason', load.reason) \
         FROM unmetered_loads load JOIN energy_meters meter ON meter.id = load.meter_id \
         JOIN sites site ON site.id = meter.site_id \
         ORDER BY site.slug, meter.meter_number, load.valid_from";
}

writes! {
    /// Stores the tariffs that meters have of their own.
    put_meter_tariffs
        "INSERT INTO meter_tariffs (meter_id, tariff_name, valid_from) \
         SELECT meter.id, given.tariff, given.\"validFrom\" \
         FROM jsonb_to_recordset($1) AS given \
             (site text, \"meterNumber\" text, tariff text, \"validFrom\" date) \
         JOIN sites site ON site.slug = given.site \
         JOIN energy_meters meter \
             ON meter.site_id = site.id AND meter.meter_number = given.\"meterNumber\" \
         ON CONFLICT (meter_id, valid_from) DO UPDATE SET tariff_name = excluded.tariff_name";

    /// Stores versions of tariffs.
    put_tariffs
        "INSERT INTO tariffs (site_id, name, currency, valid_from, valid_to, terms, is_default) \
         SELECT site.id, tariff.name, tariff.currency, tariff.\"validFrom\", tariff.\"validTo\", \
             tariff.terms, tariff.\"isDefault\" \
         FROM jsonb_to_recordset($1) AS tariff (site text, name text, currency text, \
             \"validFrom\" date, \"validTo\" date, terms jsonb, \"isDefault\" boolean) \
         JOIN sites site ON site.slug = tariff.site \
         ON CONFLICT (site_id, name, valid_from) DO UPDATE \
             SET currency = excluded.currency, valid_to = excluded.valid_to, \
                 terms = excluded.terms, is_default = excluded.is_default";

    /// Stores factors.
    put_factors
        "INSERT INTO emission_factors (site_id, kind, meter_id, value, unit, source, valid_from) \
         SELECT site.id, factor.kind, meter.id, factor.value, \
             CASE factor.kind WHEN 'diesel' THEN 'kg/L' WHEN 'sfc' THEN 'L/kWh' ELSE 'kg/kWh' END, \
             factor.source, factor.\"validFrom\" \
         FROM jsonb_to_recordset($1) AS factor (site text, kind text, \"meterNumber\" text, \
             value float8, source text, \"validFrom\" date) \
         JOIN sites site ON site.slug = factor.site \
         LEFT JOIN energy_meters meter \
             ON meter.site_id = site.id AND meter.meter_number = factor.\"meterNumber\" \
         ON CONFLICT ON CONSTRAINT emission_factors_version_key DO UPDATE \
             SET value = excluded.value, source = excluded.source";

    /// Stores unmetered loads.
    put_unmetered_loads
        "INSERT INTO unmetered_loads (meter_id, valid_from, power_kw, reason) \
         SELECT meter.id, load.\"validFrom\", load.\"powerKw\", load.reason \
         FROM jsonb_to_recordset($1) AS load (site text, \"meterNumber\" text, \
             \"validFrom\" timestamptz, \"powerKw\" float8, reason text) \
         JOIN sites site ON site.slug = load.site \
         JOIN energy_meters meter \
             ON meter.site_id = site.id AND meter.meter_number = load.\"meterNumber\" \
         ON CONFLICT (meter_id, valid_from) DO UPDATE \
             SET power_kw = excluded.power_kw, reason = excluded.reason";
}

/// Stores sites by slug; the default site keeps its place and takes the slug that the rows give it.
pub async fn put_sites(db: &mut PgConnection, rows: &Value) -> Result<(), Error> {
    sqlx::query(
        "UPDATE sites SET slug = site.slug \
         FROM jsonb_to_recordset($1) AS site (slug text, \"isDefault\" boolean) \
         WHERE sites.id = 1 AND site.\"isDefault\"",
    )
    .bind(rows)
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "INSERT INTO sites (slug, name, kind, time_zone, currency, price_per_kwh, \
             grid_capacity_kw, latitude, longitude, raw_days, hourly_days, daily_days, \
             grid_distance_limit_m, grid_voltage_binding, grid_conductor) \
         SELECT slug, name, kind, \"timeZone\", currency, \"pricePerKwh\", \"gridCapacityKw\", \
             latitude, longitude, (retention ->> 'rawDays')::integer, \
             (retention ->> 'hourlyDays')::integer, (retention ->> 'dailyDays')::integer, \
             (grid ->> 'distanceLimitM')::float8, (grid ->> 'voltageBinding')::boolean, \
             grid ->> 'conductor' \
         FROM jsonb_to_recordset($1) AS site (slug text, name text, kind text, \"timeZone\" text, \
             currency text, \"pricePerKwh\" numeric, \"gridCapacityKw\" float8, latitude float8, \
             longitude float8, retention jsonb, grid jsonb) \
         ON CONFLICT (slug) DO UPDATE SET name = excluded.name, kind = excluded.kind, \
             time_zone = excluded.time_zone, currency = excluded.currency, \
             price_per_kwh = excluded.price_per_kwh, \
             grid_capacity_kw = excluded.grid_capacity_kw, latitude = excluded.latitude, \
             longitude = excluded.longitude, raw_days = excluded.raw_days, \
             hourly_days = excluded.hourly_days, daily_days = excluded.daily_days, \
             grid_distance_limit_m = excluded.grid_distance_limit_m, \
             grid_voltage_binding = excluded.grid_voltage_binding, \
             grid_conductor = excluded.grid_conductor",
    )
    .bind(rows)
    .execute(&mut *db)
    .await?;
    Ok(())
}

/// Stores the terms of virtual meters, in place of those they have.
pub async fn put_virtual_meters(db: &mut PgConnection, rows: &Value) -> Result<(), Error> {
    crate::meters::virtual_meters::lock(db).await?;
    sqlx::query(
        "DELETE FROM virtual_meters USING jsonb_to_recordset($1) AS sum \
             (site text, \"meterNumber\" text), sites site, energy_meters meter \
         WHERE site.slug = sum.site AND meter.site_id = site.id \
             AND meter.meter_number = sum.\"meterNumber\" AND virtual_meters.meter_id = meter.id",
    )
    .bind(rows)
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "INSERT INTO virtual_meters (meter_id, input_id, factor, valid_from, valid_to) \
         SELECT meter.id, input.id, term.factor, coalesce(term.\"validFrom\", '-infinity'), \
             coalesce(term.\"validTo\", 'infinity') \
         FROM jsonb_to_recordset($1) AS sum (site text, \"meterNumber\" text, terms jsonb) \
         CROSS JOIN jsonb_to_recordset(sum.terms) AS term (\"meterNumber\" text, factor float8, \
             \"validFrom\" timestamptz, \"validTo\" timestamptz) \
         JOIN sites site ON site.slug = sum.site \
         JOIN energy_meters meter \
             ON meter.site_id = site.id AND meter.meter_number = sum.\"meterNumber\" \
         JOIN energy_meters input \
             ON input.site_id = site.id AND input.meter_number = term.\"meterNumber\"",
    )
    .bind(rows)
    .execute(&mut *db)
    .await?;
    Ok(())
}
