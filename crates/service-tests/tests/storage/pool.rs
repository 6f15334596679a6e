use std::time::Duration;

use sqlx::{ConnectOptions as _, PgPool};
use storage::readings::{self, partitions};
use storage::{Error, sites};

use crate::world::run_sql;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn each_fault_of_the_database_is_told_apart(pool: PgPool) {
    a_statement_that_takes_too_long_is_stopped_where_there_is_a_limit(&pool).await;
    a_connection_that_is_cut_off_may_be_tried_again(&pool).await;
    a_mistake_of_ours_is_not_to_be_tried_again(&pool).await;
    a_time_zone_that_is_none_is_named(&pool).await;
    a_database_of_another_version_is_left_as_it_is(&pool).await;
}

#[sqlx::test(migrations = false)]
async fn several_may_migrate_at_once(pool: PgPool) {
    // What tests are given may have the schema already; this one is empty.
    run_sql(&pool, "DROP DATABASE IF EXISTS migrated_at_once").await.unwrap();
    run_sql(&pool, "CREATE DATABASE migrated_at_once TEMPLATE template0").await.unwrap();
    let options = pool.connect_options().as_ref().clone();
    let url = options.database("migrated_at_once").to_url_lossy();
    let migrate = async || {
        let pool = storage::connect(url.as_str()).await.unwrap();
        storage::migrate(&pool).await.unwrap();
        sites::default(&pool).await.unwrap().slug
    };
    let slugs = tokio::join!(migrate(), migrate(), migrate());
    assert_eq!(slugs, ("default".to_owned(), "default".to_owned(), "default".to_owned()));
    assert_eq!(migrate().await, "default", "and once more changes nothing");
    run_sql(&pool, "DROP DATABASE migrated_at_once WITH (FORCE)").await.unwrap();
}

async fn a_database_of_another_version_is_left_as_it_is(pool: &PgPool) {
    storage::migrate_if_empty(pool).await.unwrap();
    let newer = "UPDATE _sqlx_migrations SET version = 9999 \
                 WHERE version = (SELECT max(version) FROM _sqlx_migrations)";
    run_sql(pool, newer).await.unwrap();
    let refused = storage::migrate_if_empty(pool).await.unwrap_err();
    assert!(matches!(refused, Error::OtherSchema { found: 9999, .. }), "{refused}");
}

async fn a_statement_that_takes_too_long_is_stopped_where_there_is_a_limit(pool: &PgPool) {
    let limited = storage::showing(pool, 1, Duration::from_millis(100));
    let stopped = run_sql(&limited, "SELECT pg_sleep(60)").await.unwrap_err();
    assert!(matches!(stopped, Error::TooLong), "{stopped}");
    limited.close().await;
}

#[tokio::test]
async fn a_server_that_is_not_there_may_be_there_later() {
    let url = "postgres://postgres@localhost/postgres?host=/nowhere";
    let absent = storage::connect(url).await.unwrap_err();
    assert!(absent.is_transient());
    assert!(absent.to_string().contains("No such file"), "{absent}");
    let senseless = storage::connect("mysql://localhost/").await.unwrap_err();
    assert!(!senseless.is_transient(), "{senseless}");
}

#[tokio::test]
async fn a_question_waits_for_a_connection_as_long_as_one_before_it_may_take() {
    let pool = PgPool::connect_lazy("postgres://database.example/plant").unwrap();
    for limit in [1, 20].map(Duration::from_secs) {
        let shown = storage::showing(&pool, 8, limit);
        assert!(shown.options().get_acquire_timeout() >= limit, "{limit:?}");
    }
}

#[tokio::test]
async fn few_readings_are_copied_over_a_socket_alone() {
    let fewest = |url: &str| readings::fewest_copied(&PgPool::connect_lazy(url).unwrap());
    for socket in ["postgres://%2Frun%2Fpg/plant", "postgres://root@localhost/plant?host=/run/pg"] {
        assert_eq!(fewest(socket), 1, "{socket}");
    }
    assert!(fewest("postgres://database.example/plant") > 1_000);
}

async fn a_connection_that_is_cut_off_may_be_tried_again(pool: &PgPool) {
    let cut = run_sql(pool, "SELECT pg_terminate_backend(pg_backend_pid())").await.unwrap_err();
    assert!(cut.is_transient(), "{cut}");
    assert_eq!(sites::default(pool).await.unwrap().slug, "default");
}

async fn a_mistake_of_ours_is_not_to_be_tried_again(pool: &PgPool) {
    let error = run_sql(pool, "SELECT nothing").await.unwrap_err();
    assert!(matches!(error, Error::Database(_)), "{error}");
}

async fn a_time_zone_that_is_none_is_named(pool: &PgPool) {
    run_sql(pool, "UPDATE sites SET time_zone = 'Mars/Olympus'").await.unwrap();
    let error = sites::default(pool).await.unwrap_err().to_string();
    assert!(error.contains("sites.time_zone") && error.contains("Mars/Olympus"), "{error}");
    assert_eq!(partitions::ensure(pool, []).await.unwrap(), 0);
}
