//! Databases from before the schema was written anew.
//!
//! It had grown in 48 steps, the last of which was 49, before one file for each area took their place. A database
//! that has taken all of them has the schema that the files make: what changes is the list of what was run on it.

use sqlx::{Connection as _, PgConnection, PgExecutor};

use super::{MIGRATOR, failed};
use crate::Error;

/// The number of the last step. Files that are added have later ones.
const LAST: i64 = 49;

/// SHA-256 of the numbers and checksums of all steps.
const ALL: &str = "66b190b48cff681e031d3a6b2b95147002e0325f349a498c12b9e3c23e79087e";

/// The last of the files that took their place.
const WRITTEN_ANEW: i64 = 15;

/// What a database has taken of the steps.
pub(super) struct Taken {
    last: i64,
    digest: String,
}

/// What a database with a list of migrations has taken of the steps; none where it was made by the files.
pub(super) async fn taken(db: impl PgExecutor<'_>) -> Result<Option<Taken>, Error> {
    let row: Option<(i64, String)> = sqlx::query_as(
        "SELECT max(version), encode(sha256(string_agg(\
             int8send(version) || checksum, ''::bytea ORDER BY version)), 'hex') \
         FROM _sqlx_migrations WHERE version <= $1 \
         HAVING bool_or(version = 1 AND description = 'registry')",
    )
    .bind(LAST)
    .fetch_optional(db)
    .await?;
    Ok(row.map(|(last, digest)| Taken { last, digest }))
}

/// Replaces the steps in the list by the files. Nothing else is touched.
///
/// # Errors
/// `Unfinished` where it has not taken all of them.
pub(super) async fn adopt(connection: &mut PgConnection) -> Result<(), Error> {
    let Some(taken) = taken(&mut *connection).await? else { return Ok(()) };
    if taken.digest != ALL {
        return Err(Error::Unfinished { found: taken.last, last: LAST });
    }
    let mut transaction = connection.begin().await?;
    sqlx::query("DELETE FROM _sqlx_migrations WHERE version <= $1")
        .bind(LAST)
        .execute(&mut *transaction)
        .await?;
    MIGRATOR.skip(&mut *transaction, Some(WRITTEN_ANEW)).await.map_err(failed)?;
    transaction.commit().await?;
    Ok(())
}
