//! Requests for connections, with what became of them.

use chrono::{DateTime, Utc};
use domain::grid::feasibility::{Bounds, ConnectionId, Kind, Place, Power, TransformerId, Voltage};
use domain::message::Message;
use rust_decimal::Decimal;
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{FromRow, PgExecutor, PgPool};
use uuid::Uuid;

use crate::Error;
use crate::grid::transformers::power;

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Not decided yet.
    Pending,
    /// Capacity is reserved.
    Approved,
    /// Refused.
    Rejected,
    /// Was approved; its capacity is free again.
    Withdrawn,
}

impl Status {
    /// The word as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Approved, Self::Rejected, Self::Withdrawn]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}

/// A request as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// Its id.
    pub id: ConnectionId,
    /// Order of creation.
    pub n: i64,
    /// Who asked.
    pub kind: Kind,
    /// Load, kW.
    pub consumption: Power,
    /// Generation, kW.
    pub production: Power,
    /// What became of it.
    pub status: Status,
    /// Why it was rejected.
    pub reason: Option<Message>,
    /// Its transformer.
    pub transformer: Option<TransformerId>,
    /// Label of its transformer.
    pub transformer_name: Option<String>,
    /// Where.
    pub place: Place,
    /// Metres to its transformer.
    pub distance_m: Option<f64>,
    /// The estimate on which it was approved.
    pub voltage: Option<Voltage>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

/// A request that is decided.
#[derive(Debug, Clone)]
pub struct New<'a> {
    /// Who asked.
    pub kind: Kind,
    /// Load, kW.
    pub consumption: Power,
    /// Generation, kW.
    pub production: Power,
    /// Where.
    pub place: Place,
    /// Why it is rejected; it is approved without.
    pub reason: Option<&'a Message>,
    /// Its transformer, where approved, with the metres to it and the voltage there.
    pub transformer: Option<(TransformerId, f64, &'a Voltage)>,
    /// As it was asked.
    pub request: &'a Value,
    /// The key under which it may be repeated.
    pub key: Option<&'a str>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    n: i64,
    #[sqlx(rename = "type")]
    kind: String,
    requested_consumption_kw: Decimal,
    requested_production_kw: Decimal,
    status: String,
    reason: Option<Json<Message>>,
    transformer_id: Option<Uuid>,
    transformer_name: Option<String>,
    latitude: f64,
    longitude: f64,
    distance_m: Option<f64>,
    voltage: Option<Json<Voltage>>,
    created_at: DateTime<Utc>,
    withdrawn_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Stored {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let unreadable =
            |column, value: &str| Error::Unreadable { column, value: value.to_owned() };
        Ok(Self {
            id: ConnectionId(row.id),
            n: row.n,
            kind: Kind::parse(&row.kind)
                .ok_or_else(|| unreadable("connections.type", &row.kind))?,
            consumption: power(
                "connections.requested_consumption_kw",
                row.requested_consumption_kw,
            )?,
            production: power("connections.requested_production_kw", row.requested_production_kw)?,
            status: Status::parse(&row.status)
                .ok_or_else(|| unreadable("connections.status", &row.status))?,
            reason: row.reason.map(|reason| reason.0),
            transformer: row.transformer_id.map(TransformerId),
            transformer_name: row.transformer_name,
            place: Place { latitude: row.latitude, longitude: row.longitude },
            distance_m: row.distance_m,
            voltage: row.voltage.map(|voltage| voltage.0),
            created_at: row.created_at,
            withdrawn_at: row.withdrawn_at,
        })
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT asked.id, asked.n, asked.type, asked.requested_consumption_kw, \
                 asked.requested_production_kw, asked.status, asked.reason, asked.transformer_id, \
                 given.name AS transformer_name, asked.latitude, asked.longitude, \
                 asked.distance_m, asked.voltage, asked.created_at, asked.withdrawn_at \
             FROM connections asked LEFT JOIN transformers given ON given.id = asked.transformer_id ",
            $rest
        )
    };
}

/// Those asked for before the one at `before`, newest first.
pub async fn page(pool: &PgPool, before: i64, limit: i64) -> Result<Vec<Stored>, Error> {
    let rows: Vec<Row> =
        sqlx::query_as(select!("WHERE asked.n < $1 ORDER BY asked.n DESC LIMIT $2"))
            .bind(before)
            .bind(limit)
            .fetch_all(pool)
            .await?;
    rows.into_iter().map(Stored::try_from).collect()
}

/// One request.
pub async fn by_id(db: impl PgExecutor<'_>, id: ConnectionId) -> Result<Option<Stored>, Error> {
    let row: Option<Row> =
        sqlx::query_as(select!("WHERE asked.id = $1")).bind(id.0).fetch_optional(db).await?;
    row.map(Stored::try_from).transpose()
}

/// Stores a request that is decided. A key that was used before is `connections_idempotency_key`.
pub async fn insert(
    db: impl PgExecutor<'_>,
    id: ConnectionId,
    new: &New<'_>,
    answer: Option<&Value>,
) -> Result<(), Error> {
    let status = if new.reason.is_some() { Status::Rejected } else { Status::Approved };
    sqlx::query(
        "INSERT INTO connections (id, type, requested_consumption_kw, requested_production_kw, \
             status, reason, transformer_id, latitude, longitude, distance_m, voltage, request, \
             idempotency_key, answer) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(id.0)
    .bind(new.kind.as_str())
    .bind(new.consumption.decimal())
    .bind(new.production.decimal())
    .bind(status.as_str())
    .bind(new.reason.map(Json))
    .bind(new.transformer.map(|(transformer, ..)| transformer.0))
    .bind(new.place.latitude)
    .bind(new.place.longitude)
    .bind(new.transformer.map(|(_, distance_m, _)| distance_m))
    .bind(new.transformer.map(|(.., voltage)| Json(voltage)))
    .bind(new.request)
    .bind(new.key)
    .bind(answer)
    .execute(db)
    .await?;
    Ok(())
}

/// What was asked under a key, and what was answered.
pub async fn under_key(pool: &PgPool, key: &str) -> Result<Option<(Value, Value)>, Error> {
    Ok(sqlx::query_as("SELECT request, answer FROM connections WHERE idempotency_key = $1")
        .bind(key)
        .fetch_optional(pool)
        .await?)
}

/// Marks an approved connection as withdrawn. Whether it was approved until now.
pub async fn withdraw(db: impl PgExecutor<'_>, id: ConnectionId) -> Result<bool, Error> {
    let done = sqlx::query(
        "UPDATE connections SET status = 'withdrawn', withdrawn_at = now() \
         WHERE id = $1 AND status = 'approved'",
    )
    .bind(id.0)
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Those in one state asked for before the one at `before`, newest first.
pub async fn page_of(
    pool: &PgPool,
    status: Status,
    before: i64,
    limit: i64,
) -> Result<Vec<Stored>, Error> {
    let rows: Vec<Row> = sqlx::query_as(select!(
        "WHERE asked.status = $1 AND asked.n < $2 ORDER BY asked.n DESC LIMIT $3"
    ))
    .bind(status.as_str())
    .bind(before)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Stored::try_from).collect()
}

/// How many requests are in each state.
pub async fn counts(pool: &PgPool) -> Result<Vec<(Status, i64)>, Error> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT status, count(*) FROM connections GROUP BY status")
            .fetch_all(pool)
            .await?;
    let read = |(word, count): (String, i64)| {
        let unreadable = || Error::Unreadable { column: "connections.status", value: word.clone() };
        Ok((Status::parse(&word).ok_or_else(unreadable)?, count))
    };
    rows.into_iter().map(read).collect()
}

/// Approved connections in a part of the map, each with the place of its transformer; the newest, at
/// most `limit`.
pub async fn approved_within(
    pool: &PgPool,
    bounds: &Bounds,
    limit: i64,
) -> Result<Vec<(Place, Place)>, Error> {
    let rows: Vec<(f64, f64, f64, f64)> = sqlx::query_as(
        "SELECT asked.latitude, asked.longitude, given.latitude, given.longitude \
         FROM connections asked JOIN transformers given ON given.id = asked.transformer_id \
         WHERE asked.status = 'approved' AND asked.latitude BETWEEN $1 AND $2 \
             AND asked.longitude BETWEEN $3 AND $4 \
         ORDER BY asked.n DESC LIMIT $5",
    )
    .bind(bounds.south)
    .bind(bounds.north)
    .bind(bounds.west)
    .bind(bounds.east)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    let place = |latitude, longitude| Place { latitude, longitude };
    Ok(rows.into_iter().map(|(a, b, c, d)| (place(a, b), place(c, d))).collect())
}
