//! What whoever copies the whole database has to know of it.

use sqlx::PgPool;

use crate::Error;

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
