//! Opening a database and bringing its schema up to date.

use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{Migrate as _, MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgConnection, PgPool};
use tokio::time::timeout;

use crate::Error;

mod steps;

/// The schema, embedded in the binary.
pub static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// Enough for two ingest statements, the workers and the requests of a two-core machine; each one is
/// a process in Postgres.
const CONNECTIONS: u32 = 12;

/// How long a caller waits for a connection before it is told that the database is not available.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection is tried each time that it is given back. Before it is used again it is tried once more where it has
/// rested for longer than this: the server may be gone.
const TRUSTED: Duration = Duration::from_secs(1);

/// Compiling a plan over many partitions costs more than running it, and so does planning: a statement is planned once
/// a connection, where Postgres by itself would plan it for the months of its parameters each time that it runs. A
/// statement whose caller has gone would run to its end, and hold its process and its locks meanwhile, if the database
/// did not look whether anybody is still there.
const SETTINGS: [(&str, &str); 3] = [
    ("jit", "off"),
    ("plan_cache_mode", "force_generic_plan"),
    ("client_connection_check_interval", "2s"),
];

/// Opens a pool and makes sure that the database answers.
///
/// A Unix socket is the better address on one machine: sqlx leaves Nagle's algorithm on for TCP, where
/// messages smaller than a packet can wait 40 ms. The statements here are therefore single
/// request-and-answer exchanges, but for the COPY of many readings.
pub async fn connect(url: &str) -> Result<PgPool, Error> {
    // sqlx takes any scheme.
    if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
        let message = "a database URL begins with postgres://";
        return Err(Error::Database(sqlx::Error::Configuration(message.into())));
    }
    let options = PgConnectOptions::from_str(url)?
        .application_name("wattlens")
        .statement_cache_capacity(200)
        .options(SETTINGS);
    // Alone, because the pool goes on trying and then only says that it timed out.
    let first = PgConnection::connect_with(&options);
    let first = timeout(PATIENCE, first).await.map_err(|_| sqlx::Error::PoolTimedOut)??;
    first.close().await?;
    Ok(of_its_own(options, CONNECTIONS, PATIENCE))
}

/// Other connections to the database of a pool, for work that shares none with the rest.
pub fn beside(pool: &PgPool, connections: u32) -> PgPool {
    of_its_own((*pool.connect_options()).clone(), connections, PATIENCE)
}

/// Other connections for the questions of people. A statement that takes longer than `limit` is stopped, and answered
/// with [`Error::TooLong`]. Lists have conditions that a parameter switches off, so each is planned for what is asked.
///
/// The parts of a page ask at once, and more of them than there are connections: each waits for one as long as a
/// statement before it may take.
pub fn showing(pool: &PgPool, connections: u32, limit: Duration) -> PgPool {
    asked_by_people(pool, connections, limit, "auto")
}

/// The same for statements about some readings and quarter-hours of each meter, which have one good plan: most of
/// what a page asks are these, and planning one takes longer than running it.
pub fn figures(pool: &PgPool, connections: u32, limit: Duration) -> PgPool {
    asked_by_people(pool, connections, limit, "force_generic_plan")
}

fn asked_by_people(pool: &PgPool, connections: u32, limit: Duration, plans: &str) -> PgPool {
    let patience = PATIENCE.max(limit);
    let limit = format!("{}ms", limit.as_millis());
    let settings = [("statement_timeout", limit.as_str()), ("plan_cache_mode", plans)];
    let options = (*pool.connect_options()).clone().options(settings);
    of_its_own(options, connections, patience)
}

fn of_its_own(options: PgConnectOptions, connections: u32, patience: Duration) -> PgPool {
    let pool = PgPoolOptions::new().max_connections(connections).acquire_timeout(patience);
    let pool = pool.test_before_acquire(false).before_acquire(|connection, rested| {
        Box::pin(async move {
            if rested.idle_for > TRUSTED {
                connection.ping().await?;
            }
            Ok(true)
        })
    });
    pool.connect_lazy_with(options)
}

/// Brings the schema up to date, and takes over what earlier programs left. Several processes may do so at once:
/// an advisory lock lets one go first.
///
/// # Errors
/// `Unfinished` where an earlier program left it with a schema that was not the last of that program.
pub async fn migrate(pool: &PgPool) -> Result<(), Error> {
    let mut connection = pool.acquire().await?;
    // The lock is held until its session ends, which this makes sure of wherever it stops.
    connection.close_on_drop();
    connection.lock().await.map_err(failed)?;
    connection.ensure_migrations_table("_sqlx_migrations").await.map_err(failed)?;
    steps::adopt(&mut connection).await?;
    MIGRATOR.run(&mut *connection).await.map_err(failed)
}

fn failed(error: MigrateError) -> Error {
    match error {
        MigrateError::Execute(inner) => inner.into(),
        other => Error::Migration(other),
    }
}

/// Brings an empty database to this version's schema, and leaves any other as it is: a server may be at work
/// on it.
///
/// # Errors
/// `OtherSchema` where it has the schema of another version, `Earlier` where an earlier program left it.
pub async fn migrate_if_empty(pool: &PgPool) -> Result<(), Error> {
    let is_empty: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NULL")
        .fetch_one(pool)
        .await?;
    if is_empty {
        return migrate(pool).await;
    }
    if steps::taken(pool).await?.is_some() {
        return Err(Error::Earlier);
    }
    let (found,): (Option<i64>,) =
        sqlx::query_as("SELECT max(version) FROM _sqlx_migrations").fetch_one(pool).await?;
    let found = found.unwrap_or_default();
    let wanted = MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or_default();
    if found == wanted { Ok(()) } else { Err(Error::OtherSchema { found, wanted }) }
}

/// Makes sure that the database answers.
pub async fn ping(pool: &PgPool) -> Result<(), Error> {
    sqlx::query("SELECT 1").execute(pool).await?;
    Ok(())
}
