//! Meters and the tree they form. The rules of the tree are kept by triggers, so that they hold for
//! plain SQL too; their refusals are [`Error::Refused`].

mod removal;

use chrono::{DateTime, Utc};
use domain::meter::{DieselRegister, ImportRegister, LoadRole, Meter, MeterType, PhaseType};
use domain::{MeterId, SiteId};
use sqlx::{Acquire, FromRow, PgExecutor, PgPool, Postgres};
use uuid::Uuid;

use crate::Error;
pub use removal::{delete, was_read};

/// A meter to be added: a [`Meter`] without its id and its retirement.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMeter {
    /// Where it belongs.
    pub site: SiteId,
    /// Its number, unique in the site.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Its type.
    pub meter_type: MeterType,
    /// Its level; the parent's plus one, or 0, unless stated.
    pub level: Option<i16>,
    /// The meter above it.
    pub parent: Option<MeterId>,
    /// Whether it feeds its parent's bus instead of drawing from it.
    pub feeds_parent: bool,
    /// A named group of meters: unit, hall, building.
    pub area: Option<String>,
    /// Where it hangs, in words.
    pub location: Option<String>,
    /// What it counts as in the load status.
    pub load_role: LoadRole,
    /// How it is connected.
    pub phase_type: Option<PhaseType>,
    /// What its channels begin with: `grid` for the site's first grid meter and else its number in
    /// small letters, unless stated.
    pub channel_prefix: Option<String>,
    /// Rated power in kW.
    pub rated_power_kw: Option<f64>,
    /// Accuracy class in per cent.
    pub accuracy_class: Option<f64>,
    /// Where the register wraps, in kWh.
    pub register_modulus_kwh: Option<f64>,
    /// The smallest rise of the register, in kWh.
    pub register_step_kwh: Option<f64>,
    /// Which register holds its import.
    pub import_register: Option<ImportRegister>,
    /// How its fuel counter is read.
    pub diesel_register: DieselRegister,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Since when it measures.
    pub installed_at: Option<DateTime<Utc>>,
}

impl NewMeter {
    /// A meter with nothing but its name and type; the rest can be set in a struct update.
    pub fn named(site: SiteId, number: &str, name: &str, meter_type: &str) -> Self {
        Self {
            site,
            number: number.to_owned(),
            name: name.to_owned(),
            meter_type: MeterType::from(meter_type),
            level: None,
            parent: None,
            feeds_parent: false,
            area: None,
            location: None,
            load_role: LoadRole::None,
            phase_type: None,
            channel_prefix: None,
            rated_power_kw: None,
            accuracy_class: None,
            register_modulus_kwh: None,
            register_step_kwh: None,
            import_register: None,
            diesel_register: DieselRegister::default(),
            latitude: None,
            longitude: None,
            installed_at: None,
        }
    }
}

#[derive(FromRow)]
struct Row {
    id: i64,
    site_id: i64,
    meter_number: String,
    meter_name: String,
    meter_type: String,
    level: i16,
    parent_meter_id: Option<i64>,
    feeds_parent: bool,
    area: Option<String>,
    location: Option<String>,
    load_role: String,
    phase_type: Option<String>,
    channel_prefix: Option<String>,
    rated_power_kw: Option<f64>,
    accuracy_class: Option<f64>,
    register_modulus_kwh: Option<f64>,
    register_step_kwh: Option<f64>,
    import_register: Option<String>,
    diesel_register: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    installed_at: Option<DateTime<Utc>>,
    retired_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Meter {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let load_role = word("energy_meters.load_role", Some(row.load_role), LoadRole::parse)?;
        let diesel = Some(row.diesel_register);
        let diesel = word("energy_meters.diesel_register", diesel, DieselRegister::parse)?;
        Ok(Self {
            id: MeterId(row.id),
            site: SiteId(row.site_id),
            number: row.meter_number,
            name: row.meter_name,
            meter_type: MeterType(row.meter_type),
            level: row.level,
            parent: row.parent_meter_id.map(MeterId),
            feeds_parent: row.feeds_parent,
            area: row.area,
            location: row.location,
            load_role: load_role.unwrap_or(LoadRole::None),
            phase_type: word("energy_meters.phase_type", row.phase_type, PhaseType::parse)?,
            channel_prefix: row.channel_prefix,
            rated_power_kw: row.rated_power_kw,
            accuracy_class: row.accuracy_class,
            register_modulus_kwh: row.register_modulus_kwh,
            register_step_kwh: row.register_step_kwh,
            import_register: word(
                "energy_meters.import_register",
                row.import_register,
                ImportRegister::parse,
            )?,
            diesel_register: diesel.unwrap_or_default(),
            latitude: row.latitude,
            longitude: row.longitude,
            installed_at: row.installed_at,
            retired_at: row.retired_at,
        })
    }
}

fn word<T>(
    column: &'static str,
    stored: Option<String>,
    parse: fn(&str) -> Option<T>,
) -> Result<Option<T>, Error> {
    stored.map(|value| parse(&value).ok_or(Error::Unreadable { column, value })).transpose()
}

macro_rules! columns {
    () => {
        "id, site_id, meter_number, meter_name, meter_type, level, parent_meter_id, feeds_parent, \
         area, location, load_role, phase_type, channel_prefix, rated_power_kw, accuracy_class, \
         register_modulus_kwh, register_step_kwh, import_register, diesel_register, latitude, \
         longitude, installed_at, retired_at"
    };
}

macro_rules! select {
    ($condition:literal) => {
        concat!("SELECT ", columns!(), " FROM energy_meters ", $condition)
    };
}

/// The meters of a site, parents before children; only those not retired where `live_only`.
pub async fn list(
    db: impl PgExecutor<'_>,
    site: SiteId,
    live_only: bool,
) -> Result<Vec<Meter>, Error> {
    let rows: Vec<Row> = sqlx::query_as(select!(
        "WHERE site_id = $1 AND (retired_at IS NULL OR NOT $2) ORDER BY level, meter_number"
    ))
    .bind(site.0)
    .bind(live_only)
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Meter::try_from).collect()
}

/// The meter with this id.
pub async fn by_id(pool: &PgPool, id: MeterId) -> Result<Option<Meter>, Error> {
    let row: Option<Row> =
        sqlx::query_as(select!("WHERE id = $1")).bind(id.0).fetch_optional(pool).await?;
    row.map(Meter::try_from).transpose()
}

/// The meters with these ids that there are, retired ones too.
pub async fn by_ids(pool: &PgPool, ids: &[MeterId]) -> Result<Vec<Meter>, Error> {
    let rows: Vec<Row> = sqlx::query_as(select!("WHERE id = ANY($1)"))
        .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(Meter::try_from).collect()
}

/// The meter with this id, which nobody else changes until the transaction ends.
pub async fn lock(db: impl PgExecutor<'_>, id: MeterId) -> Result<Option<Meter>, Error> {
    let row: Option<Row> = sqlx::query_as(select!("WHERE id = $1 FOR NO KEY UPDATE"))
        .bind(id.0)
        .fetch_optional(db)
        .await?;
    row.map(Meter::try_from).transpose()
}

/// Lets one transaction at a time change the tree, as its triggers do. Whoever locks meters and then
/// changes the tree takes this first: else two of them could each wait for the other's meter.
pub async fn hold_tree(db: impl PgExecutor<'_>) -> Result<(), Error> {
    sqlx::query("SELECT pg_advisory_xact_lock(6283185307179586)").execute(db).await?;
    Ok(())
}

/// The meters with these ids, which nobody else changes until the transaction ends, in the order in
/// which everybody locks several of them.
pub async fn lock_all(db: impl PgExecutor<'_>, ids: &[MeterId]) -> Result<Vec<Meter>, Error> {
    let rows: Vec<Row> =
        sqlx::query_as(select!("WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE"))
            .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
            .fetch_all(db)
            .await?;
    rows.into_iter().map(Meter::try_from).collect()
}

/// The meter with this number in a site.
pub async fn by_number(pool: &PgPool, site: SiteId, number: &str) -> Result<Option<Meter>, Error> {
    let row: Option<Row> = sqlx::query_as(select!("WHERE site_id = $1 AND meter_number = $2"))
        .bind(site.0)
        .bind(number)
        .fetch_optional(pool)
        .await?;
    row.map(Meter::try_from).transpose()
}

/// The meter with this UUID.
pub async fn by_uuid(pool: &PgPool, uuid: Uuid) -> Result<Option<Meter>, Error> {
    let row: Option<Row> =
        sqlx::query_as(select!("WHERE uuid = $1")).bind(uuid).fetch_optional(pool).await?;
    row.map(Meter::try_from).transpose()
}

/// The UUID of a meter.
pub async fn uuid_of(pool: &PgPool, id: MeterId) -> Result<Option<Uuid>, Error> {
    let row: Option<(Uuid,)> = sqlx::query_as("SELECT uuid FROM energy_meters WHERE id = $1")
        .bind(id.0)
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
    let (next,): (i64,) = sqlx::query_as(
        "SELECT coalesce(max(substring(meter_number FROM length($2) + 1)::bigint), 0) + 1 \
         FROM energy_meters \
         WHERE site_id = $1 AND starts_with(meter_number, $2) \
             AND substring(meter_number FROM length($2) + 1) ~ '^[0-9]{1,15}$'",
    )
    .bind(site.0)
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
    let row: Row = sqlx::query_as(concat!(
        "INSERT INTO energy_meters (site_id, meter_number, meter_name, meter_type, level, \
             parent_meter_id, feeds_parent, area, location, load_role, phase_type, \
             rated_power_kw, accuracy_class, register_modulus_kwh, register_step_kwh, \
             import_register, diesel_register, latitude, longitude, installed_at, \
             channel_prefix) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
             $18, $19, $20, $21) RETURNING ",
        columns!()
    ))
    .bind(meter.site.0)
    .bind(&meter.number)
    .bind(&meter.name)
    .bind(&meter.meter_type.0)
    .bind(meter.level)
    .bind(meter.parent.map(|parent| parent.0))
    .bind(meter.feeds_parent)
    .bind(&meter.area)
    .bind(&meter.location)
    .bind(meter.load_role.as_str())
    .bind(meter.phase_type.map(PhaseType::as_str))
    .bind(meter.rated_power_kw)
    .bind(meter.accuracy_class)
    .bind(meter.register_modulus_kwh)
    .bind(meter.register_step_kwh)
    .bind(meter.import_register.map(ImportRegister::as_str))
    .bind(meter.diesel_register.as_str())
    .bind(meter.latitude)
    .bind(meter.longitude)
    .bind(meter.installed_at)
    .bind(&meter.channel_prefix)
    .fetch_one(db)
    .await?;
    row.try_into()
}

/// Stores a meter; its site and its retirement stay as they are. `None` where there is no such meter.
///
/// A change of parent or direction holds from `effective_from` on, so that losses before it stay;
/// without a date it is a correction for all time. A change of level moves everything below along.
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
    let row: Option<Row> = sqlx::query_as(concat!(
        "UPDATE energy_meters SET meter_number = $2, meter_name = $3, meter_type = $4, \
             level = $5, parent_meter_id = $6, feeds_parent = $7, area = $8, location = $9, \
             load_role = $10, phase_type = $11, rated_power_kw = $12, accuracy_class = $13, \
             register_modulus_kwh = $14, register_step_kwh = $15, import_register = $16, \
             diesel_register = $17, latitude = $18, longitude = $19, installed_at = $20, \
             channel_prefix = $21 \
         WHERE id = $1 RETURNING ",
        columns!()
    ))
    .bind(meter.id.0)
    .bind(&meter.number)
    .bind(&meter.name)
    .bind(&meter.meter_type.0)
    .bind(meter.level)
    .bind(meter.parent.map(|parent| parent.0))
    .bind(meter.feeds_parent)
    .bind(&meter.area)
    .bind(&meter.location)
    .bind(meter.load_role.as_str())
    .bind(meter.phase_type.map(PhaseType::as_str))
    .bind(meter.rated_power_kw)
    .bind(meter.accuracy_class)
    .bind(meter.register_modulus_kwh)
    .bind(meter.register_step_kwh)
    .bind(meter.import_register.map(ImportRegister::as_str))
    .bind(meter.diesel_register.as_str())
    .bind(meter.latitude)
    .bind(meter.longitude)
    .bind(meter.installed_at)
    .bind(&meter.channel_prefix)
    .fetch_optional(&mut *transaction)
    .await?;
    let mut stored = row.map(Meter::try_from).transpose()?;
    // A new parent with the old level reads as "level not stated" to the trigger; here it is stated.
    if let Some(stored) = stored.as_mut().filter(|stored| stored.level != meter.level) {
        sqlx::query("UPDATE energy_meters SET level = $2 WHERE id = $1")
            .bind(meter.id.0)
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
    let row: Option<Row> = sqlx::query_as(concat!(
        "UPDATE energy_meters SET retired_at = $2 WHERE id = $1 RETURNING ",
        columns!()
    ))
    .bind(id.0)
    .bind(at)
    .fetch_optional(db)
    .await?;
    row.map(Meter::try_from).transpose()
}
