//! Requests for connections, with what became of them.

use chrono::{DateTime, Utc};
use domain::grid::RequestState;
use domain::grid::feasibility::{Bounds, ConnectionId, Kind, Place, Power, TransformerId, Voltage};
use domain::message::Message;
use serde_json::Value;
use sqlx::{FromRow, PgExecutor, PgPool};

use crate::Error;

/// A request as it is stored.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Stored {
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
    pub status: RequestState,
    /// Why it was rejected.
    pub reason: Option<Message>,
    pub transformer: Option<TransformerId>,
    /// Label of its transformer.
    pub transformer_name: Option<String>,
    /// Where.
    #[sqlx(flatten)]
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

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT asked.id, asked.n, asked.type AS kind, \
                 asked.requested_consumption_kw AS consumption, \
                 asked.requested_production_kw AS production, asked.status, asked.reason, \
                 asked.transformer_id AS transformer, \
                 given.name AS transformer_name, asked.latitude, asked.longitude, \
                 asked.distance_m, asked.voltage, asked.created_at, asked.withdrawn_at \
             FROM connections asked LEFT JOIN transformers given ON given.id = asked.transformer_id ",
            $rest
        )
    };
}

/// Those asked for before the one at `before`, newest first: all, or those in one state.
pub async fn page(
    pool: &PgPool,
    status: Option<RequestState>,
    before: i64,
    limit: i64,
) -> Result<Vec<Stored>, Error> {
    Ok(sqlx::query_as(select!(
        "WHERE asked.n < $1 AND ($3::text IS NULL OR asked.status = $3) ORDER BY asked.n DESC LIMIT $2"
    ))
    .bind(before)
    .bind(limit)
    .bind(status)
    .fetch_all(pool)
    .await?)
}

/// One request.
pub async fn by_id(db: impl PgExecutor<'_>, id: ConnectionId) -> Result<Option<Stored>, Error> {
    Ok(sqlx::query_as(select!("WHERE asked.id = $1")).bind(id).fetch_optional(db).await?)
}

/// Stores a request that is decided. A key that was used before is `connections_idempotency_key`.
pub async fn insert(
    db: impl PgExecutor<'_>,
    id: ConnectionId,
    new: &New<'_>,
    answer: Option<&Value>,
) -> Result<(), Error> {
    let status = if new.reason.is_some() { RequestState::Rejected } else { RequestState::Approved };
    sqlx::query(
        "INSERT INTO connections (id, type, requested_consumption_kw, requested_production_kw, \
             status, reason, transformer_id, latitude, longitude, distance_m, voltage, request, \
             idempotency_key, answer) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(id)
    .bind(new.kind)
    .bind(new.consumption)
    .bind(new.production)
    .bind(status)
    .bind(new.reason)
    .bind(new.transformer.map(|(transformer, ..)| transformer))
    .bind(new.place.latitude)
    .bind(new.place.longitude)
    .bind(new.transformer.map(|(_, distance_m, _)| distance_m))
    .bind(new.transformer.map(|(.., voltage)| voltage))
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
    .bind(id)
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// How many requests are in each state.
pub async fn counts(pool: &PgPool) -> Result<Vec<(RequestState, i64)>, Error> {
    Ok(sqlx::query_as("SELECT status, count(*) FROM connections GROUP BY status")
        .fetch_all(pool)
        .await?)
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
