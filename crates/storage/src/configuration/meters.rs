//! Meters with where they hung since when.

use domain::{MeterId, meter_settings};
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};

use crate::Error;

macro_rules! select {
    ([$({$(
        $name:ident $json:literal $column:ident $type:tt $help:tt $rest:tt
    )*})*]) => {
        concat!(
            "SELECT jsonb_build_object('site', site.slug, 'uuid', meter.uuid, 'level', meter.level, \
                 'parent', parent.meter_number, 'feedsParent', meter.feeds_parent, \
                 'city', meter.city, 'state', meter.state, 'pincode', meter.pincode, \
                 'retiredAt', meter.retired_at, 'placedBy', meter.placed_by, \
                 'placements', coalesce((SELECT jsonb_agg(jsonb_build_object( \
                     'parent', above.meter_number, 'feedsParent', placement.feeds_parent, \
                     'placed', placement.was_placed, 'meterType', placement.was_type, \
                     'validFrom', nullif(placement.valid_from, '-infinity')) \
                     ORDER BY placement.valid_from) \
                     FROM meter_placements placement \
                     LEFT JOIN energy_meters above ON above.id = placement.parent_meter_id \
                     WHERE placement.meter_id = meter.id), '[]'))",
            $($(" || jsonb_build_object('", $json, "', meter.", stringify!($column), ")",)*)*
            " FROM energy_meters meter JOIN sites site ON site.id = meter.site_id \
              LEFT JOIN energy_meters parent ON parent.id = meter.parent_meter_id \
              ORDER BY meter.level, site.slug, meter.meter_number"
        )
    };
}

macro_rules! put {
    ([$({$(
        $name:ident $json:literal $column:ident $type:tt $help:tt $rest:tt
    )*})*]) => {
        concat!(
            "INSERT INTO energy_meters AS kept (",
            $($(stringify!($column), ", ",)*)*
            "site_id, uuid, level, parent_meter_id, feeds_parent, city, state, pincode, placed_by) SELECT ",
            $($("meter.", stringify!($column), ", ",)*)*
            "site.id, meter.uuid, meter.level, parent.id, meter.feeds_parent, meter.city, meter.state, \
                 meter.pincode, coalesce(meter.placed_by, 'person') \
             FROM jsonb_array_elements($1) WITH ORDINALITY AS given (entry, place) \
             CROSS JOIN LATERAL jsonb_populate_record(NULL::energy_meters, jsonb_build_object(\
                 'uuid', given.entry->'uuid', 'level', given.entry->'level', 'feeds_parent', given.entry->'feedsParent', \
                 'city', given.entry->'city', 'state', given.entry->'state', 'pincode', given.entry->'pincode', \
                 'placed_by', given.entry->'placedBy')",
            $($(" || jsonb_build_object('", stringify!($column), "', given.entry->'", $json, "')",)*)*
            ") AS meter JOIN sites site ON site.slug = given.entry->>'site' \
             LEFT JOIN energy_meters parent \
                 ON parent.site_id = site.id AND parent.meter_number = given.entry->>'parent' \
             ORDER BY given.place \
             ON CONFLICT (site_id, meter_number) DO UPDATE SET ",
            $($(stringify!($column), " = excluded.", stringify!($column), ", ",)*)*
            "uuid = excluded.uuid, level = excluded.level, \
             parent_meter_id = excluded.parent_meter_id, feeds_parent = excluded.feeds_parent, \
             city = excluded.city, state = excluded.state, pincode = excluded.pincode, \
             placed_by = excluded.placed_by \
             RETURNING (SELECT slug FROM sites WHERE sites.id = kept.site_id), meter_number, id"
        )
    };
}

/// The meters, those above before those below.
pub async fn meters(db: impl PgExecutor<'_>) -> Result<Vec<Value>, Error> {
    let rows: Vec<(Value,)> = sqlx::query_as(meter_settings!(select!)).fetch_all(db).await?;
    Ok(rows.into_iter().map(|(row,)| row).collect())
}

/// Stores meters by their numbers, and answers each one's site, number and id; those above them must be stored already.
/// It is left as it is whether a meter is retired, and where it hung before. One statement for many, since the tree is
/// checked after each.
pub async fn put_meters(
    db: &mut PgConnection,
    rows: &Value,
) -> Result<Vec<(String, String, MeterId)>, Error> {
    let stored: Vec<(String, String, i64)> =
        sqlx::query_as(meter_settings!(put!)).bind(rows).fetch_all(&mut *db).await?;
    // A new parent with the old level reads as "level not stated" to the trigger; here it is stated.
    sqlx::query(
        "UPDATE energy_meters meter SET level = entry.level \
         FROM jsonb_to_recordset($1) AS entry (site text, \"meterNumber\" text, level smallint) \
         JOIN sites site ON site.slug = entry.site \
         WHERE meter.site_id = site.id AND meter.meter_number = entry.\"meterNumber\" \
             AND meter.level <> entry.level",
    )
    .bind(rows)
    .execute(&mut *db)
    .await?;
    Ok(stored.into_iter().map(|(site, number, id)| (site, number, MeterId(id))).collect())
}

/// Stores where meters hung, in place of what is known of that where something is said of it.
pub async fn place(db: &mut PgConnection, rows: &Value) -> Result<(), Error> {
    sqlx::query(
        "DELETE FROM meter_placements USING jsonb_to_recordset($1) AS entry \
             (site text, \"meterNumber\" text, placements jsonb), sites site, energy_meters meter \
         WHERE site.slug = entry.site AND meter.site_id = site.id \
             AND meter.meter_number = entry.\"meterNumber\" AND meter_placements.meter_id = meter.id \
             AND jsonb_array_length(entry.placements) > 0",
    )
    .bind(rows)
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "INSERT INTO meter_placements \
             (meter_id, parent_meter_id, feeds_parent, was_placed, was_type, valid_from) \
         SELECT meter.id, parent.id, placement.\"feedsParent\", placement.placed, \
             placement.\"meterType\", coalesce(placement.\"validFrom\", '-infinity') \
         FROM jsonb_to_recordset($1) AS entry (site text, \"meterNumber\" text, placements jsonb) \
         CROSS JOIN jsonb_to_recordset(entry.placements) AS placement \
             (parent text, \"feedsParent\" boolean, placed boolean, \"meterType\" text, \
                 \"validFrom\" timestamptz) \
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

/// Gives the meters of these rows other UUIDs for a while where the rows do, so that they may exchange theirs.
/// Answers the number of a row whose UUID another meter keeps, and that of the other.
pub async fn free_uuids(
    db: &mut PgConnection,
    rows: &Value,
) -> Result<Option<(String, String)>, Error> {
    sqlx::query(
        "UPDATE energy_meters meter SET uuid = gen_random_uuid() \
         FROM jsonb_to_recordset($1) AS entry (site text, \"meterNumber\" text, uuid uuid) \
         JOIN sites site ON site.slug = entry.site \
         WHERE meter.site_id = site.id AND meter.meter_number = entry.\"meterNumber\" \
             AND meter.uuid <> entry.uuid",
    )
    .bind(rows)
    .execute(&mut *db)
    .await?;
    Ok(sqlx::query_as(
        "SELECT entry.\"meterNumber\", other.meter_number \
         FROM jsonb_to_recordset($1) AS entry (site text, \"meterNumber\" text, uuid uuid) \
         JOIN energy_meters other ON other.uuid = entry.uuid \
         JOIN sites site ON site.id = other.site_id \
         WHERE (site.slug, other.meter_number) <> (entry.site, entry.\"meterNumber\") LIMIT 1",
    )
    .bind(rows)
    .fetch_optional(db)
    .await?)
}

/// Lets meters have the prefixes of others for a while, until [`part_prefixes`]: rows are stored level
/// by level, and may exchange theirs.
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
