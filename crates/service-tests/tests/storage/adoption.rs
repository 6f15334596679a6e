//! What an earlier program left is taken over as it is.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool};
use storage::readings::partitions;
use storage::{Error, MIGRATOR, sites};

use crate::world::{at, run_sql};

const LEFT: &str = include_str!("adoption/steps.dump");
const CATALOG: &str = include_str!("adoption/catalog.sql");

/// The number of the last step that the earlier program took …
const LAST_STEP: i64 = 49;
/// … and of the last file that took the place of the steps.
const LAST_FILE: i64 = 15;

#[sqlx::test(migrations = false)]
async fn a_database_of_an_earlier_program_is_taken_over_or_refused(pool: PgPool) {
    a_finished_database_is_taken_over_without_loss(&pool).await;
    what_was_added_since_comes_on_top(&pool).await;
    Box::pin(of_several_programs_one_takes_over(&pool)).await;
    an_unfinished_database_is_refused_as_it_is(&pool).await;
    an_earlier_database_is_left_alone_where_nothing_is_migrated(&pool).await;
}

/// Takes away the schema that the databases of tests have from the start.
async fn empty(pool: &PgPool) {
    let empty = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
    sqlx::raw_sql(empty).execute(pool).await.unwrap();
}

/// Makes the database what the earlier program left. What was added since counts as run, so that to take it over is
/// all that there is to do.
async fn left(pool: &PgPool) {
    empty(pool).await;
    let mut connection = PgConnection::connect_with(&pool.connect_options()).await.unwrap();
    sqlx::raw_sql(LEFT).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    for added in MIGRATOR.iter().filter(|migration| migration.version > LAST_STEP) {
        let run = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                   VALUES ($1, $2, true, $3, 0)";
        let run = sqlx::query(run).bind(added.version).bind(&*added.description);
        run.bind(&*added.checksum).execute(pool).await.unwrap();
    }
}

async fn lines(pool: &PgPool, query: &'static str) -> Vec<String> {
    sqlx::query_scalar(query).fetch_all(pool).await.unwrap()
}

/// What was run on the database.
async fn history(pool: &PgPool) -> Vec<String> {
    let query = "SELECT format('%s %s %s %s', version, description, encode(checksum, 'hex'), success) \
                 FROM _sqlx_migrations ORDER BY version";
    lines(pool, query).await
}

/// The rows of every table, and where sequences stand.
async fn rows(pool: &PgPool) -> BTreeMap<String, Vec<String>> {
    let tables = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace \
                  AND relkind IN ('r', 'S') AND relname <> '_sqlx_migrations'";
    let mut rows = BTreeMap::new();
    for table in lines(pool, tables).await {
        let query = format!("SELECT row(held.*)::text FROM {table} AS held ORDER BY 1");
        let held = sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(pool).await.unwrap();
        rows.insert(table, held);
    }
    rows
}

async fn a_finished_database_is_taken_over_without_loss(pool: &PgPool) {
    empty(pool).await;
    MIGRATOR.run_to(LAST_FILE, pool).await.unwrap();
    let (fresh, files) = (lines(pool, CATALOG).await, history(pool).await);

    left(pool).await;
    let before = rows(pool).await;
    let counted = |table: &str| before[table].len();
    assert_eq!((counted("sites"), counted("energy_meters"), counted("bills")), (2, 8, 2));
    assert_eq!((counted("meter_readings_2026_10"), counted("energy_intervals_2026_10")), (15, 12));
    assert_eq!((counted("alarms"), counted("audit_log"), counted("alarm_rules")), (1, 21, 16));

    for _ in 0..2 {
        storage::migrate(pool).await.unwrap();
        assert_eq!(rows(pool).await, before);
        assert_eq!(lines(pool, CATALOG).await, fresh);
        assert_eq!(history(pool).await[..files.len()], files);
    }
}

async fn what_was_added_since_comes_on_top(pool: &PgPool) {
    empty(pool).await;
    storage::migrate(pool).await.unwrap();
    let (fresh, files) = (lines(pool, CATALOG).await, history(pool).await);

    left(pool).await;
    run_sql(pool, "DELETE FROM _sqlx_migrations WHERE version > 49").await.unwrap();
    storage::migrate(pool).await.unwrap();
    assert_eq!((lines(pool, CATALOG).await, history(pool).await), (fresh, files));
    storage::migrate_if_empty(pool).await.unwrap();
    assert_eq!(sites::default(pool).await.unwrap().zone.name(), "Europe/Berlin");
    assert_eq!(partitions::ensure(pool, [at("2026-11-01T00:00:00Z")]).await.unwrap(), 1);
}

async fn of_several_programs_one_takes_over(pool: &PgPool) {
    left(pool).await;
    let before = rows(pool).await;
    let taken =
        tokio::join!(storage::migrate(pool), storage::migrate(pool), storage::migrate(pool));
    assert!(matches!(taken, (Ok(()), Ok(()), Ok(()))), "{taken:?}");
    assert_eq!(rows(pool).await, before);
    assert_eq!(history(pool).await.len(), MIGRATOR.iter().count());
}

async fn an_unfinished_database_is_refused_as_it_is(pool: &PgPool) {
    left(pool).await;
    run_sql(pool, "DELETE FROM _sqlx_migrations WHERE version BETWEEN 31 AND 49").await.unwrap();
    let before = (rows(pool).await, history(pool).await);
    for _ in 0..2 {
        let refused = storage::migrate(pool).await.unwrap_err();
        assert!(matches!(refused, Error::Unfinished { found: 30, last: 49 }), "{refused}");
        assert!(refused.to_string().contains("run `wattlens migrate` of the last"), "{refused}");
    }
    assert_eq!((rows(pool).await, history(pool).await), before);
}

async fn an_earlier_database_is_left_alone_where_nothing_is_migrated(pool: &PgPool) {
    left(pool).await;
    let before = history(pool).await;
    let refused = storage::migrate_if_empty(pool).await.unwrap_err();
    assert!(matches!(refused, Error::Earlier), "{refused}");
    assert_eq!(history(pool).await, before);
}
