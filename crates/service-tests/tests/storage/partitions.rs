use std::time::Duration;

use chrono::{DateTime, Months, Utc};
use domain::{MeterId, Reading};
use sqlx::PgPool;
use storage::operation::retention::{Monthly, drop_month};
use storage::readings;
use storage::readings::{Inserted, partitions};

use crate::world::{at, constraint, reading, run_sql};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn readings_lie_in_the_partition_of_their_month(pool: PgPool) {
    a_fresh_database_has_the_months_that_are_kept_and_three_ahead(&pool).await;
    ingest_makes_the_months_it_needs(&pool).await;
    plain_sql_stores_any_date_and_its_rows_find_their_month(&pool).await;
    a_forgotten_transaction_on_the_default_partition_does_not_stop_ingest(&pool).await;
    ingest_takes_the_rows_of_its_month_out_of_the_default_partition(&pool).await;
    many_may_make_the_same_month_at_once(&pool).await;
    a_moved_month_keeps_its_rules(&pool).await;
    a_query_sees_all_rows_while_they_move_into_their_month(&pool).await;
    dropping_a_month_gives_way_to_a_long_query_and_tries_again(&pool).await;
}

/// The tables that hold the rows of a meter.
async fn tables(pool: &PgPool, meter: i64) -> Vec<String> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT DISTINCT tableoid::regclass::text FROM meter_readings WHERE meter_id = $1 ORDER BY 1",
    )
    .bind(meter)
    .fetch_all(pool)
    .await
    .unwrap();
    rows.into_iter().map(|(table,)| table).collect()
}

/// Stores readings in partitions of their months.
async fn store(pool: &PgPool, batch: &[Reading]) -> Inserted {
    partitions::ensure(pool, batch.iter().map(|reading| reading.at)).await.unwrap();
    readings::insert(pool, batch).await.unwrap()
}

async fn insert_by_sql(pool: &PgPool, meter: i64, at: DateTime<Utc>) {
    sqlx::query(
        "INSERT INTO meter_readings (meter_id, timestamp, total_energy_kwh) VALUES ($1, $2, 1)",
    )
    .bind(meter)
    .bind(at)
    .execute(pool)
    .await
    .unwrap();
}

async fn a_fresh_database_has_the_months_that_are_kept_and_three_ahead(pool: &PgPool) {
    // Months are counted from when the database was made, which may be in the one before.
    let now: DateTime<Utc> = sqlx::query_scalar("SELECT max(installed_on) FROM _sqlx_migrations")
        .fetch_one(pool)
        .await
        .unwrap();
    let months: Vec<_> = (0..=4)
        .map(|back| now - Months::new(back))
        .chain((1..=3).map(|ahead| now + Months::new(ahead)))
        .collect();
    assert_eq!(partitions::ensure(pool, months).await.unwrap(), 0);
    assert_eq!(partitions::ensure(pool, [now + Months::new(4)]).await.unwrap(), 1);
    assert_eq!(partitions::ensure(pool, [now - Months::new(5)]).await.unwrap(), 1);
}

async fn ingest_makes_the_months_it_needs(pool: &PgPool) {
    let batch = [
        reading(1, "1999-12-31T23:59:59.999999Z", 1.0, 1.0),
        reading(1, "2000-01-01T00:00:00Z", 2.0, 1.0),
        reading(1, "2100-02-28T12:00:00Z", 3.0, 1.0),
        reading(1, "0001-01-01T00:00:00Z", 3.0, 1.0),
        reading(1, "9999-12-31T23:59:59Z", 3.0, 1.0),
    ];
    assert_eq!(store(pool, &batch).await.accepted.len(), 5);
    let expected = ["0001_01", "1999_12", "2000_01", "2100_02", "9999_12"]
        .map(|month| format!("meter_readings_{month}"));
    assert_eq!(tables(pool, 1).await, expected);
}

async fn plain_sql_stores_any_date_and_its_rows_find_their_month(pool: &PgPool) {
    let dates = ["1971-03-04T05:06:07Z", "1971-03-31T23:59:59Z", "2345-06-07T00:00:00Z"];
    for date in dates {
        insert_by_sql(pool, 2, at(date)).await;
    }
    insert_by_sql(pool, 2, Utc::now()).await;
    let this_month = format!("meter_readings_{}", Utc::now().format("%Y_%m"));
    assert_eq!(tables(pool, 2).await, [this_month.as_str(), "meter_readings_default"]);

    assert_eq!(readings::move_default_rows(pool).await.unwrap(), 2);
    assert_eq!(readings::move_default_rows(pool).await.unwrap(), 0);
    assert_eq!(
        tables(pool, 2).await,
        ["meter_readings_1971_03", this_month.as_str(), "meter_readings_2345_06"]
    );
}

async fn ingest_takes_the_rows_of_its_month_out_of_the_default_partition(pool: &PgPool) {
    insert_by_sql(pool, 3, at("1985-07-01T00:00:00Z")).await;
    insert_by_sql(pool, 3, at("1985-08-01T00:00:00Z")).await;
    let batch = [
        reading(3, "1985-07-01T00:00:00Z", 9.0, 9.0),
        reading(3, "1985-07-02T00:00:00Z", 9.0, 9.0),
    ];
    let inserted = store(pool, &batch).await;
    assert_eq!(
        (inserted.accepted, inserted.conflicts),
        (vec![1], vec![0]),
        "the stored row is seen"
    );
    assert_eq!(tables(pool, 3).await, ["meter_readings_1985_07", "meter_readings_default"]);
    let newest = readings::newest(pool, &[MeterId(3)]).await.unwrap();
    assert_eq!(newest[0].at, at("1985-08-01T00:00:00Z"));
}

async fn many_may_make_the_same_month_at_once(pool: &PgPool) {
    let mut tasks = tokio::task::JoinSet::new();
    for meter in 11..=16 {
        let pool = pool.clone();
        tasks.spawn(async move {
            let batch = [
                reading(meter, "1990-01-15T00:00:00Z", 1.0, 1.0),
                reading(meter, "1990-02-15T00:00:00Z", 2.0, 1.0),
            ];
            store(&pool, &batch).await.accepted.len()
        });
    }
    assert_eq!(tasks.join_all().await, [2; 6]);
    assert_eq!(tables(pool, 13).await, ["meter_readings_1990_01", "meter_readings_1990_02"]);
}

async fn a_forgotten_transaction_on_the_default_partition_does_not_stop_ingest(pool: &PgPool) {
    let mut forgotten = pool.begin().await.unwrap();
    sqlx::query("INSERT INTO meter_readings (meter_id, timestamp) VALUES (22, '1975-05-05')")
        .execute(&mut *forgotten)
        .await
        .unwrap();
    let batch = [reading(21, "1975-05-06T00:00:00Z", 1.0, 1.0)];
    assert_eq!(store(pool, &batch).await.accepted, [0]);
    assert_eq!(tables(pool, 21).await, ["meter_readings_default"]);
    forgotten.commit().await.unwrap();
    assert_eq!(readings::move_default_rows(pool).await.unwrap(), 1);
    assert_eq!(tables(pool, 21).await, ["meter_readings_1975_05"]);
    assert_eq!(tables(pool, 22).await, ["meter_readings_1975_05"]);
}

async fn a_moved_month_keeps_its_rules(pool: &PgPool) {
    insert_by_sql(pool, 7, at("1986-07-01T00:00:00Z")).await;
    readings::move_default_rows(pool).await.unwrap();
    let twice =
        "INSERT INTO meter_readings (meter_id, timestamp) VALUES (7, '1986-07-01 00:00+00')";
    assert!(constraint(run_sql(pool, twice).await).ends_with("pkey"));
    let beyond = "INSERT INTO meter_readings (meter_id, timestamp) VALUES (7, 'infinity')";
    assert_eq!(constraint(run_sql(pool, beyond).await), "meter_readings_timestamp_range");
    let source = "INSERT INTO meter_readings (meter_id, timestamp, source) \
                  VALUES (7, '1986-07-02', 'scada')";
    assert_eq!(constraint(run_sql(pool, source).await), "meter_readings_source_known");
}

async fn waits_for_a_lock(pool: &PgPool, statement: &str) -> bool {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
         AND datname = current_database() AND query LIKE '%' || $1 || '%')",
    )
    .bind(statement)
    .fetch_one(pool)
    .await
    .unwrap()
}

/// Planned before rows move and run after it, a statement would look for them where they are no more: the
/// rollup would count what it did not find as not there.
async fn a_query_sees_all_rows_while_they_move_into_their_month(pool: &PgPool) {
    for day in 1..=9 {
        insert_by_sql(pool, 31, at(&format!("1987-07-0{day}T00:00:00Z"))).await;
    }
    let mut moving = pool.begin().await.unwrap();
    let (made,): (bool,) = sqlx::query_as("SELECT ensure_reading_partition('1987-07-01')")
        .fetch_one(&mut *moving)
        .await
        .unwrap();
    assert!(made);
    let read = "SELECT count(*) FROM meter_readings \
                WHERE timestamp >= '1987-07-01' AND timestamp < '1987-08-01' AND meter_id = 31";
    let reading = tokio::spawn({
        let pool = pool.clone();
        async move { sqlx::query_scalar::<_, i64>(read).fetch_one(&pool).await.unwrap() }
    });
    while !waits_for_a_lock(pool, "SELECT count").await {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    moving.commit().await.unwrap();
    assert_eq!(reading.await.unwrap(), 9);
}

async fn dropping_a_month_gives_way_to_a_long_query_and_tries_again(pool: &PgPool) {
    let row = reading(41, "2001-01-01T00:00:00Z", 1.0, 1.0);
    store(pool, &[row]).await;
    let mut reader = pool.begin().await.unwrap();
    let read = sqlx::query("SELECT FROM meter_readings");
    read.execute(&mut *reader).await.unwrap();

    let dropping = tokio::spawn({
        let pool = pool.clone();
        async move { drop_month(&pool, Monthly::Readings, at("2001-01-01T00:00:00Z")).await }
    });
    let gave_way = async {
        for waits in [true, false] {
            while waits_for_a_lock(pool, "drop_month").await != waits {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), gave_way).await.unwrap();
    reader.commit().await.unwrap();
    assert!(dropping.await.unwrap().unwrap());
    assert_eq!(tables(pool, 41).await, [] as [&str; 0]);
}
