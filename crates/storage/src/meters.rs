//! Meters and the tree they form. The rules of the tree are kept by triggers, so that they hold for
//! plain SQL too; their refusals are [`Error::Refused`].

pub mod exchanges;
mod new;
pub mod placements;
pub mod removal;
pub mod virtual_meters;

use chrono::{DateTime, Utc};
use domain::meters::Meter;
use domain::{MeterId, SiteId, meter_settings};
use sqlx::{Acquire, PgExecutor, PgPool, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::Error;
pub use new::NewMeter;
pub use removal::{delete, has_history, was_read};

macro_rules! columns {
    ([$({$(
        $name:ident $json:literal $column:ident $type:tt $help:tt $rest:tt
    )*})*]) => {
        concat!(
            "id, site_id AS site, level, parent_meter_id AS parent, feeds_parent, retired_at, placed_by, ",
            $($(stringify!($column), " AS ", stringify!($name), ", ",)*)*
            "ARRAY(SELECT DISTINCT term.input_id FROM virtual_meters term \
                 WHERE term.meter_id = energy_meters.id AND term.factor > 0) AS adds"
        )
    };
}

macro_rules! insert {
    ($meter:ident [$({$(
        $name:ident $json:literal $column:ident $type:tt $help:tt $rest:tt
    )*})*]) => {{
        let mut query = QueryBuilder::<Postgres>::new(concat!(
            "INSERT INTO energy_meters (",
            $($(stringify!($column), ", ",)*)*
            "site_id, level, parent_meter_id, feeds_parent, placed_by) VALUES ("
        ));
        let mut values = query.separated(", ");
        $($(values.push_bind(&$meter.$name);)*)*
        values.push_bind($meter.site).push_bind($meter.level).push_bind($meter.parent);
        values.push_bind($meter.feeds_parent).push_bind($meter.placed_by);
        query
    }};
}

macro_rules! update {
    ($meter:ident [$({$(
        $name:ident $json:literal $column:ident $type:tt $help:tt $rest:tt
    )*})*]) => {{
        let mut query = QueryBuilder::<Postgres>::new("UPDATE energy_meters SET level = ");
        query.push_bind($meter.level);
        $($(query.push(concat!(", ", stringify!($column), " = ")).push_bind(&$meter.$name);)*)*
        query
    }};
}

macro_rules! select {
    ($condition:literal) => {
        concat!("SELECT ", meter_settings!(columns!), " FROM energy_meters ", $condition)
    };
}

/// The meters of a site, parents before children; only those not retired where `live_only`.
pub async fn list(
    db: impl PgExecutor<'_>,
    site: SiteId,
    live_only: bool,
) -> Result<Vec<Meter>, Error> {
    Ok(sqlx::query_as(select!(
        "WHERE site_id = $1 AND (retired_at IS NULL OR NOT $2) ORDER BY level, meter_number"
    ))
    .bind(site)
    .bind(live_only)
    .fetch_all(db)
    .await?)
}

/// The meter with this id.
pub async fn by_id(db: impl PgExecutor<'_>, id: MeterId) -> Result<Option<Meter>, Error> {
    Ok(sqlx::query_as(select!("WHERE id = $1")).bind(id).fetch_optional(db).await?)
}

/// The meters with these ids that there are, retired ones too.
pub async fn by_ids(pool: &PgPool, ids: &[MeterId]) -> Result<Vec<Meter>, Error> {
    Ok(sqlx::query_as(select!("WHERE id = ANY($1)")).bind(ids).fetch_all(pool).await?)
}

/// The meter with this id, which nobody else changes until the transaction ends.
pub async fn lock(db: impl PgExecutor<'_>, id: MeterId) -> Result<Option<Meter>, Error> {
    Ok(sqlx::query_as(select!("WHERE id = $1 FOR NO KEY UPDATE"))
        .bind(id)
        .fetch_optional(db)
        .await?)
}

/// Lets one transaction at a time change the tree, as its triggers do. Whoever locks meters and then
/// changes the tree takes this first: else two of them could each wait for the other's meter.
pub async fn lock_tree(db: impl PgExecutor<'_>) -> Result<(), Error> {
    sqlx::query("SELECT pg_advisory_xact_lock(6283185307179586)").execute(db).await?;
    Ok(())
}

/// The meters with these ids, which nobody else changes until the transaction ends, in the order in
/// which everybody locks several of them.
pub async fn lock_all(db: impl PgExecutor<'_>, ids: &[MeterId]) -> Result<Vec<Meter>, Error> {
    Ok(sqlx::query_as(select!("WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE"))
        .bind(ids)
        .fetch_all(db)
        .await?)
}

/// The meter with this number in a site.
pub async fn by_number(
    db: impl PgExecutor<'_>,
    site: SiteId,
    number: &str,
) -> Result<Option<Meter>, Error> {
    Ok(sqlx::query_as(select!("WHERE site_id = $1 AND meter_number = $2"))
        .bind(site)
        .bind(number)
        .fetch_optional(db)
        .await?)
}

/// The meter with this UUID.
pub async fn by_uuid(pool: &PgPool, uuid: Uuid) -> Result<Option<Meter>, Error> {
    Ok(sqlx::query_as(select!("WHERE uuid = $1")).bind(uuid).fetch_optional(pool).await?)
}

/// The UUID of a meter.
pub async fn uuid_of(pool: &PgPool, id: MeterId) -> Result<Option<Uuid>, Error> {
    let row: Option<(Uuid,)> = sqlx::query_as("SELECT uuid FROM energy_meters WHERE id = $1")
        .bind(id)
        .fetch_optional(pool)
        .await?;
    Ok(row.map(|(uuid,)| uuid))
}

/// A number that no meter of a site has: `prefix` and one more than the highest such number.
pub async fn free_number(
    db: impl PgExecutor<'_>,
    site: SiteId,
    prefix: &str,
) -> Result<String, Error> {
    let next: i64 = sqlx::query_scalar(
        "SELECT coalesce(max(substring(meter_number FROM length($2) + 1)::bigint), 0) + 1 \
         FROM energy_meters \
         WHERE site_id = $1 AND starts_with(meter_number, $2) \
             AND substring(meter_number FROM length($2) + 1) ~ '^[0-9]{1,15}$'",
    )
    .bind(site)
    .bind(prefix)
    .fetch_one(db)
    .await?;
    Ok(format!("{prefix}{next}"))
}

/// Adds a meter. A number that the site has already is `energy_meters_number_key`, a prefix
/// `energy_meters_channel_prefix_key`, an unknown parent
/// `energy_meters_parent_fk`; a parent that does not fit is refused with `parent_other_site`,
/// `parent_retired` or `level_not_below_parent`.
pub async fn insert(db: impl PgExecutor<'_>, meter: &NewMeter) -> Result<Meter, Error> {
    let mut query = meter_settings!(insert! meter);
    query.push(concat!(") RETURNING ", meter_settings!(columns!)));
    Ok(query.build_query_as().fetch_one(db).await?)
}

/// Stores a meter; its site and its retirement stay as they are. `None` where there is no such meter.
///
/// A change of type, parent or direction holds from `effective_from` on, so that figures before it stay;
/// without a date it is a correction for all time. A change of level moves everything below along.
/// Whoever changes a meter has placed it, but one that its logger placed stays so as long as nobody says
/// otherwise of what it measures and where it hangs.
/// Refused with `parent_cycle` and the codes of [`insert`].
pub async fn update(
    db: impl Acquire<'_, Database = Postgres>,
    meter: &Meter,
    effective_from: Option<DateTime<Utc>>,
) -> Result<Option<Meter>, Error> {
    let mut transaction = db.begin().await?;
    sqlx::query("SELECT set_config('wattlens.effective_from', $1, true)")
        .bind(effective_from.map(|at| at.to_rfc3339()).unwrap_or_default())
        .execute(&mut *transaction)
        .await?;
    let mut query = meter_settings!(update! meter);
    query.push(", parent_meter_id = ").push_bind(meter.parent);
    query.push(", feeds_parent = ").push_bind(meter.feeds_parent);
    query.push(
        ", placed_by = CASE WHEN placed_by = 'logger' \
             AND (meter_type, parent_meter_id, feeds_parent, load_role) IS NOT DISTINCT FROM (",
    );
    let mut placed = query.separated(", ");
    placed.push_bind(&meter.meter_type).push_bind(meter.parent);
    placed.push_bind(meter.feeds_parent).push_bind(meter.load_role);
    query.push(") THEN placed_by ELSE 'person' END WHERE id = ").push_bind(meter.id);
    query.push(concat!(" RETURNING ", meter_settings!(columns!)));
    let mut stored: Option<Meter> =
        query.build_query_as().fetch_optional(&mut *transaction).await?;
    // A new parent with the old level reads as "level not stated" to the trigger; here it is stated.
    if let Some(stored) = stored.as_mut().filter(|stored| stored.level != meter.level) {
        sqlx::query("UPDATE energy_meters SET level = $2 WHERE id = $1")
            .bind(meter.id)
            .bind(meter.level)
            .execute(&mut *transaction)
            .await?;
        stored.level = meter.level;
    }
    transaction.commit().await?;
    Ok(stored)
}

/// Ends a meter's time at an instant; its history stays. One that still has live meters below it is
/// refused with `has_children`. `None` where there is no such meter.
pub async fn retire(
    db: impl PgExecutor<'_>,
    id: MeterId,
    at: DateTime<Utc>,
) -> Result<Option<Meter>, Error> {
    Ok(sqlx::query_as(concat!(
        "UPDATE energy_meters SET retired_at = $2 WHERE id = $1 RETURNING ",
        meter_settings!(columns!)
    ))
    .bind(id)
    .bind(at)
    .fetch_optional(db)
    .await?)
}
