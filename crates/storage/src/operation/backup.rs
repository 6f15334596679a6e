//! What whoever copies the whole database has to know of it.

use sqlx::PgPool;

use crate::Error;
use crate::people::accounts;

/// A database as a copy sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// Major version of the server, such as 15.
    pub major: u32,
    /// How many tables it has, each partition counted.
    pub tables: usize,
}

/// Looks at a database, whatever its schema is.
///
/// # Errors
/// The database failed.
pub async fn look(pool: &PgPool) -> Result<Contents, Error> {
    let (version, tables): (i32, i64) = sqlx::query_as(
        "SELECT current_setting('server_version_num')::int, count(*) FROM pg_tables \
         WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    )
    .fetch_one(pool)
    .await?;
    let major = u32::try_from(version / 10_000).unwrap_or_default();
    Ok(Contents { major, tables: usize::try_from(tables).unwrap_or_default() })
}

/// Ends the sessions and links of a database that was restored: they may have ended since it was copied. Answers
/// whether it has users.
///
/// # Errors
/// The database failed.
pub async fn end_sessions(pool: &PgPool) -> Result<bool, Error> {
    sqlx::query("DELETE FROM sessions").execute(pool).await?;
    sqlx::query("UPDATE invitations SET used_at = now() WHERE used_at IS NULL")
        .execute(pool)
        .await?;
    accounts::is_any(pool).await
}
