//! Meters with where they hung since when.

use domain::MeterId;
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};

use crate::Error;

/// The meters, those above before those below.
pub async fn meters(db: impl PgExecutor<'_>) -> Result<Vec<Value>, Error> {
    let rows: Vec<(Value,)> = sqlx::query_as(
        "SELECT jsonb_build_object('site', site.slug, 'meterNumber', meter.meter_number, \
             'uuid', meter.uuid, 'meterName', meter.meter_name, 'meterType', meter.meter_type, \
             'level', meter.level, 'parent', parent.meter_number, \
             'feedsParent', meter.feeds_parent, 'area', meter.area, 'location', meter.location, \
             'loadRole', meter.load_role, 'phaseType', meter.phase_type, \
             'channelPrefix', meter.channel_prefix, 'ratedPowerKw', meter.rated_power_kw, \
             'accuracyClass', meter.accuracy_class, \
             'registerModulusKwh', meter.register_modulus_kwh, \
             'registerStepKwh', meter.register_step_kwh, \
             'importRegister', meter.import_register, 'dieselRegister', meter.diesel_register) \
             || jsonb_build_object('latitude', meter.latitude, 'longitude', meter.longitude, \
             'city', meter.city, 'state', meter.state, 'pincode', meter.pincode, \
             'installedAt', meter.installed_at, 'retiredAt', meter.retired_at, \
             'placedBy', meter.placed_by, \
             'placements', coalesce((SELECT jsonb_agg(jsonb_build_object( \
                 'parent', above.meter_number, 'feedsParent', placement.feeds_parent, \
                 'placed', placement.was_placed, \
                 'validFrom', nullif(placement.valid_from, '-infinity')) \
                 ORDER BY placement.valid_from) \
                 FROM meter_placements placement \
                 LEFT JOIN energy_meters above ON above.id = placement.parent_meter_id \
                 WHERE placement.meter_id = meter.id), '[]')) \
         FROM energy_meters meter JOIN sites site ON site.id = meter.site_id \
         LEFT JOIN energy_meters parent ON parent.id = meter.parent_meter_id \
         ORDER BY meter.level, site.slug, meter.meter_number",
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(row,)| row).collect())
}

/// Stores a meter by its number; one above it must be stored already. It is left as it is whether the
/// meter is retired, and where it hung before.
pub async fn put_meter(db: &mut PgConnection, row: &Value) -> Result<MeterId, Error> {
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO energy_meters AS kept (site_id, meter_number, uuid, meter_name, meter_type, \
             level, parent_meter_id, feeds_parent, area, location, load_role, phase_type, \
             channel_prefix, rated_power_kw, accuracy_class, register_modulus_kwh, \
             register_step_kwh, import_register, diesel_register, latitude, longitude, city, \
             state, pincode, installed_at, placed_by) \
         SELECT site.id, meter.\"meterNumber\", meter.uuid, meter.\"meterName\", \
             meter.\"meterType\", meter.level, parent.id, meter.\"feedsParent\", meter.area, \
             meter.location, meter.\"loadRole\", meter.\"phaseType\", meter.\"channelPrefix\", \
             meter.\"ratedPowerKw\", meter.\"accuracyClass\", meter.\"registerModulusKwh\", \
             meter.\"registerStepKwh\", meter.\"importRegister\", meter.\"dieselRegister\", \
             meter.latitude, meter.longitude, meter.city, meter.state, meter.pincode, \
             meter.\"installedAt\", coalesce(meter.\"placedBy\", 'person') \
         FROM jsonb_to_record($1) AS meter (site text, \"meterNumber\" text, uuid uuid, \
             \"meterName\" text, \"meterType\" text, level smallint, parent text, \
             \"feedsParent\" boolean, area text, location text, \"loadRole\" text, \
             \"phaseType\" text, \"channelPrefix\" text, \"ratedPowerKw\" float8, \
             \"accuracyClass\" float8, \"registerModulusKwh\" float8, \"registerStepKwh\" float8, \
             \"importRegister\" text, \"dieselRegister\" text, latitude float8, longitude float8, \
             city text, state text, pincode text, \"installedAt\" timestamptz, \
             \"placedBy\" text) \
         JOIN sites site ON site.slug = meter.site \
         LEFT JOIN energy_meters parent \
             ON parent.site_id = site.id AND parent.meter_number = meter.parent \
         ON CONFLICT (site_id, meter_number) DO UPDATE SET uuid = excluded.uuid, \
             meter_name = excluded.meter_name, meter_type = excluded.meter_type, \
             level = excluded.level, parent_meter_id = excluded.parent_meter_id, \
             feeds_parent = excluded.feeds_parent, area = excluded.area, \
             location = excluded.location, load_role = excluded.load_role, \
             phase_type = excluded.phase_type, channel_prefix = excluded.channel_prefix, \
             rated_power_kw = excluded.rated_power_kw, accuracy_class = excluded.accuracy_class, \
             register_modulus_kwh = excluded.register_modulus_kwh, \
             register_step_kwh = excluded.register_step_kwh, \
             import_register = excluded.import_register, \
             diesel_register = excluded.diesel_register, latitude = excluded.latitude, \
             longitude = excluded.longitude, city = excluded.city, state = excluded.state, \
             pincode = excluded.pincode, installed_at = excluded.installed_at, \
             placed_by = excluded.placed_by \
         RETURNING id",
    )
    .bind(row)
    .fetch_one(&mut *db)
    .await?;
    // A new parent with the old level reads as "level not stated" to the trigger; here it is stated.
    sqlx::query("UPDATE energy_meters SET level = $2 WHERE id = $1 AND level <> $2")
        .bind(id)
        .bind(row.get("level").and_then(Value::as_i64))
        .execute(&mut *db)
        .await?;
    Ok(MeterId(id))
}

/// Stores where meters hung, in place of what is known of that.
pub async fn place(db: &mut PgConnection, rows: &Value) -> Result<(), Error> {
    sqlx::query(
        "DELETE FROM meter_placements USING jsonb_to_recordset($1) AS entry \
             (site text, \"meterNumber\" text), sites site, energy_meters meter \
         WHERE site.slug = entry.site AND meter.site_id = site.id \
             AND meter.meter_number = entry.\"meterNumber\" AND meter_placements.meter_id = meter.id",
    )
    .bind(rows)
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "INSERT INTO meter_placements \
             (meter_id, parent_meter_id, feeds_parent, was_placed, valid_from) \
         SELECT meter.id, parent.id, placement.\"feedsParent\", placement.placed, \
             coalesce(placement.\"validFrom\", '-infinity') \
         FROM jsonb_to_recordset($1) AS entry (site text, \"meterNumber\" text, placements jsonb) \
         CROSS JOIN jsonb_to_recordset(entry.placements) AS placement \
             (parent text, \"feedsParent\" boolean, placed boolean, \"validFrom\" timestamptz) \
         JOIN sites site ON site.slug = entry.site \
         JOIN energy_meters meter \
             ON meter.site_id = site.id AND meter.meter_number = entry.\"meterNumber\" \
         LEFT JOIN energy_meters parent \
             ON parent.site_id = site.id AND parent.meter_number = placement.parent",
    )
    .bind(rows)
    .execute(&mut *db)
    .await?;
    Ok(())
}

/// Lets the meters of these rows that are there already measure again, so that others may hang below
/// them until [`retire`] sets what the rows say.
pub async fn unretire(db: impl PgExecutor<'_>, rows: &Value) -> Result<(), Error> {
    sqlx::query(
        "UPDATE energy_meters meter SET retired_at = NULL \
         FROM jsonb_to_recordset($1) AS entry (site text, \"meterNumber\" text) \
         JOIN sites site ON site.slug = entry.site \
         WHERE meter.site_id = site.id AND meter.meter_number = entry.\"meterNumber\" \
             AND meter.retired_at IS NOT NULL",
    )
    .bind(rows)
    .execute(db)
    .await?;
    Ok(())
}

/// Lets meters have the prefixes of others for a while, until [`part_prefixes`]: rows are stored one by
/// one, and may exchange theirs.
pub async fn mix_prefixes(db: impl PgExecutor<'_>) -> Result<(), Error> {
    let statement = "SET CONSTRAINTS energy_meters_channel_prefix_key DEFERRED";
    sqlx::query(statement).execute(db).await?;
    Ok(())
}

/// Refuses prefixes that two meters of a site have, with `energy_meters_channel_prefix_key`.
pub async fn part_prefixes(db: impl PgExecutor<'_>) -> Result<(), Error> {
    let statement = "SET CONSTRAINTS energy_meters_channel_prefix_key IMMEDIATE";
    sqlx::query(statement).execute(db).await?;
    Ok(())
}

/// Retires those of the meters that the rows say are retired.
pub async fn retire(db: impl PgExecutor<'_>, rows: &Value) -> Result<(), Error> {
    sqlx::query(
        "UPDATE energy_meters meter SET retired_at = entry.\"retiredAt\" \
         FROM jsonb_to_recordset($1) AS entry \
             (site text, \"meterNumber\" text, \"retiredAt\" timestamptz) \
         JOIN sites site ON site.slug = entry.site \
         WHERE meter.site_id = site.id AND meter.meter_number = entry.\"meterNumber\" \
             AND entry.\"retiredAt\" IS NOT NULL",
    )
    .bind(rows)
    .execute(db)
    .await?;
    Ok(())
}
