//! Opening a database and bringing its schema up to date.

use std::str::FromStr;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::Error;

/// The schema, embedded in the binary.
pub static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// Enough for two ingest statements, the workers and the requests of a two-core machine; each one is
/// a process in Postgres.
const CONNECTIONS: u32 = 12;

/// Opens a pool and makes sure that the database answers.
///
/// A Unix socket is the better address on one machine: sqlx leaves Nagle's algorithm on for TCP, where
/// messages smaller than a packet can wait 40 ms. The statements here are therefore single
/// request-and-answer exchanges, and none uses COPY.
pub async fn connect(url: &str) -> Result<PgPool, Error> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("wattlens")
        .statement_cache_capacity(200)
        // Compiling a plan over many partitions costs more than running it.
        .options([("jit", "off")]);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(Duration::from_secs(5))
        .connect_with(options)
        .await?;
    Ok(pool)
}

/// Brings the schema up to date. Several processes may do so at once: an advisory lock lets one go
/// first.
pub async fn migrate(pool: &PgPool) -> Result<(), Error> {
    MIGRATOR.run(pool).await?;
    Ok(())
}

/// Makes sure that the database answers.
pub async fn ping(pool: &PgPool) -> Result<(), Error> {
    sqlx::query("SELECT 1").execute(pool).await?;
    Ok(())
}
