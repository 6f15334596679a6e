//! Transformers of the distribution grid.

use domain::grid::feasibility::{Loading, Need, Place, Power, Transformer, TransformerId};
use rust_decimal::Decimal;
use sqlx::{FromRow, PgConnection, PgExecutor, PgPool};

use crate::Error;

/// A transformer as it is stored.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Stored {
    /// Order of creation.
    pub n: i64,
    /// Counts changes: of two states of one transformer, that with the higher one is newer.
    pub version: i64,
    #[sqlx(flatten)]
    pub transformer: Transformer,
}

/// A transformer to be added.
#[derive(Debug, Clone, PartialEq)]
pub struct New {
    /// Its label.
    pub name: String,
    /// The city that it stands in.
    pub city: String,
    /// Where it stands.
    pub place: Place,
    /// What it carries, and what is connected.
    pub loading: Loading,
}

macro_rules! columns {
    () => {
        "id, n, name, city, latitude, longitude, capacity_kva AS capacity, \
         connected_consumption_kw AS consumption, connected_production_kw AS production, version"
    };
}

/// Those created after the one at `after`, in order of creation.
pub async fn page(db: impl PgExecutor<'_>, after: i64, limit: i64) -> Result<Vec<Stored>, Error> {
    Ok(sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM transformers WHERE n > $1 ORDER BY n LIMIT $2"
    ))
    .bind(after)
    .bind(limit)
    .fetch_all(db)
    .await?)
}

/// One transformer.
pub async fn by_id(db: impl PgExecutor<'_>, id: TransformerId) -> Result<Option<Stored>, Error> {
    Ok(sqlx::query_as(concat!("SELECT ", columns!(), " FROM transformers WHERE id = $1"))
        .bind(id)
        .fetch_optional(db)
        .await?)
}

/// How many there are.
pub async fn count(pool: &PgPool) -> Result<i64, Error> {
    Ok(sqlx::query_scalar("SELECT count(*) FROM transformers").fetch_one(pool).await?)
}

/// Where a reader of changes stands: every transaction before this one had ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(i64);

/// The present mark. Taken before reading, so that what changes in between is read again.
pub async fn mark(pool: &PgPool) -> Result<Mark, Error> {
    let xmin = sqlx::query_scalar("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint");
    Ok(Mark(xmin.fetch_one(pool).await?))
}

/// Those that transactions changed which had not ended at the mark.
pub async fn changed_since(pool: &PgPool, mark: Mark) -> Result<Vec<Stored>, Error> {
    // The upper end keeps out numbers of another server's transactions, in a restored database.
    Ok(sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM transformers WHERE changed_in >= $1 \
           AND changed_in < pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    ))
    .bind(mark.0)
    .fetch_all(pool)
    .await?)
}

/// Adds transformers, in one statement. They come back in the order in which they were given.
pub async fn insert(db: impl PgExecutor<'_>, new: &[New]) -> Result<Vec<Stored>, Error> {
    let column = |of: fn(&New) -> Decimal| new.iter().map(of).collect::<Vec<_>>();
    let text = |of: fn(&New) -> &str| new.iter().map(of).collect::<Vec<_>>();
    let degrees = |of: fn(&New) -> f64| new.iter().map(of).collect::<Vec<_>>();
    Ok(sqlx::query_as(concat!(
        "WITH added AS ( \
             INSERT INTO transformers (name, city, latitude, longitude, capacity_kva, \
                 connected_consumption_kw, connected_production_kw) \
             SELECT name, city, latitude, longitude, capacity, consumption, production \
             FROM UNNEST($1::text[], $2::text[], $3::float8[], $4::float8[], $5::numeric[], \
                 $6::numeric[], $7::numeric[]) WITH ORDINALITY AS given (name, city, latitude, \
                 longitude, capacity, consumption, production, place) \
             ORDER BY place RETURNING ",
        columns!(),
        ") SELECT * FROM added ORDER BY n"
    ))
    .bind(text(|new| &new.name))
    .bind(text(|new| &new.city))
    .bind(degrees(|new| new.place.latitude))
    .bind(degrees(|new| new.place.longitude))
    .bind(column(|new| new.loading.capacity.decimal()))
    .bind(column(|new| new.loading.consumption.decimal()))
    .bind(column(|new| new.loading.production.decimal()))
    .fetch_all(db)
    .await?)
}

/// Adds to what is connected, if neither limit is passed then: one statement, so that of any number
/// at once none passes a limit. None where it does not fit, or the transformer is gone.
pub async fn reserve(
    db: impl PgExecutor<'_>,
    id: TransformerId,
    need: Need,
) -> Result<Option<Stored>, Error> {
    Ok(sqlx::query_as(concat!(
        "UPDATE transformers SET connected_consumption_kw = connected_consumption_kw + $2, \
             connected_production_kw = connected_production_kw + coalesce($3, 0) \
         WHERE id = $1 AND connected_consumption_kw + $2 <= capacity_kva * 0.8 \
           AND ($3 IS NULL OR connected_production_kw + $3 <= capacity_kva * 0.3) RETURNING ",
        columns!()
    ))
    .bind(id)
    .bind(need.consumption)
    .bind(need.production)
    .fetch_optional(db)
    .await?)
}

/// Takes from what is connected.
pub async fn release(
    db: impl PgExecutor<'_>,
    id: TransformerId,
    consumption: Power,
    production: Power,
) -> Result<Option<Stored>, Error> {
    Ok(sqlx::query_as(concat!(
        "UPDATE transformers SET connected_consumption_kw = connected_consumption_kw - $2, \
             connected_production_kw = connected_production_kw - $3 WHERE id = $1 RETURNING ",
        columns!()
    ))
    .bind(id)
    .bind(consumption)
    .bind(production)
    .fetch_optional(db)
    .await?)
}

/// Deletes a transformer that no approved connection hangs on. None where there is no such
/// transformer; false where there are connections.
pub async fn delete(db: &mut PgConnection, id: TransformerId) -> Result<Option<bool>, Error> {
    let there: Option<(bool,)> =
        sqlx::query_as("SELECT true FROM transformers WHERE id = $1 FOR UPDATE")
            .bind(id)
            .fetch_optional(&mut *db)
            .await?;
    if there.is_none() {
        return Ok(None);
    }
    // A statement of its own: it sees what was reserved while the one above waited.
    let done = sqlx::query(
        "DELETE FROM transformers WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM connections \
             WHERE transformer_id = $1 AND status = 'approved')",
    )
    .bind(id)
    .execute(db)
    .await?;
    Ok(Some(done.rows_affected() > 0))
}
