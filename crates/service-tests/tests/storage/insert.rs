use chrono::{DateTime, TimeDelta, Utc};
use domain::{Field, MeterId, Quality, Reading, Source, Values};
use sqlx::{AssertSqlSafe, PgPool};
use storage::readings::{self, Inserted, conflicts};

use crate::world::{at, reading};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn readings_are_stored_once_and_queued(pool: PgPool) {
    a_repeat_is_a_duplicate_and_a_difference_a_conflict(&pool).await;
    a_full_and_an_empty_reading_come_back_as_they_were_stored(&pool).await;
    an_hour_keeps_a_hundred_conflicts_of_a_meter_and_old_ones_go(&pool).await;
    the_first_of_several_in_one_batch_counts(&pool).await;
    each_touched_quarter_hour_is_queued_once(&pool).await;
    a_batch_beyond_one_statement_is_stored_whole(&pool).await;
    batches_with_the_same_rows_can_run_side_by_side(&pool).await;
    new_readings_are_copied_all_or_none(&pool).await;
}

async fn queued(pool: &PgPool) -> Vec<(i64, DateTime<Utc>)> {
    sqlx::query_as(
        "SELECT meter_id, bucket_start FROM rollup_queue WHERE meter_id IN (41, 42, 71, 72) \
         ORDER BY meter_id, bucket_start",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn stored(pool: &PgPool, meter: i64) -> Vec<Reading> {
    let (from, to) = (at("0001-01-01T00:00:00Z"), at("9999-12-31T23:59:59Z"));
    readings::page(pool, MeterId(meter), from, to, None, 100_000).await.unwrap()
}

fn outcome(accepted: &[usize], duplicates: u64, conflicts: &[usize]) -> Inserted {
    Inserted { accepted: accepted.to_vec(), duplicates, conflicts: conflicts.to_vec() }
}

async fn a_full_and_an_empty_reading_come_back_as_they_were_stored(pool: &PgPool) {
    assert_eq!(readings::insert(pool, &[]).await.unwrap(), Inserted::default());
    let mut full = Values::default();
    for (number, &field) in (1_u8..).zip(Field::ALL) {
        full.set(field, Some(f64::from(number) + 0.1));
    }
    let base = reading(7, "2026-11-20T10:00:00Z", 0.0, 0.0);
    let batch = [
        Reading { values: full, quality: Quality::Estimated, source: Source::Api, ..base.clone() },
        Reading { meter: MeterId(8), values: Values::default(), ..base },
    ];
    assert_eq!(readings::insert(pool, &batch).await.unwrap(), outcome(&[0, 1], 0, &[]));
    assert_eq!(stored(pool, 7).await, batch[..1]);
    assert_eq!(stored(pool, 8).await, batch[1..]);
    // Each value stands in the column of its own field.
    for field in Field::ALL {
        let named = format!("SELECT {} FROM meter_readings WHERE meter_id = 7", field.column());
        let value: Option<f64> =
            sqlx::query_scalar(AssertSqlSafe(named)).fetch_one(pool).await.unwrap();
        assert_eq!(value, batch[0].values.get(*field), "{field:?}");
    }
}

async fn a_repeat_is_a_duplicate_and_a_difference_a_conflict(pool: &PgPool) {
    let first = reading(11, "2026-11-20T10:00:00Z", 100.0, 5.0);
    let other = reading(11, "2026-11-20T10:00:00Z", 101.0, 5.0);
    let later = reading(11, "2026-11-20T10:00:05Z", 102.0, 5.0);
    readings::insert(pool, std::slice::from_ref(&first)).await.unwrap();

    let replay = Reading { source: Source::Api, quality: Quality::Stale, ..first.clone() };
    let batch = [replay, other.clone(), later.clone(), first.clone()];
    assert_eq!(readings::insert(pool, &batch).await.unwrap(), outcome(&[2], 2, &[1]));
    assert_eq!(stored(pool, 11).await, [first, later]);

    // Delivered again, the conflict is counted again and kept once.
    assert_eq!(
        readings::insert(pool, std::slice::from_ref(&other)).await.unwrap(),
        outcome(&[], 0, &[0])
    );
    let kept = conflicts::list(pool, None, 10).await.unwrap();
    assert_eq!(kept.iter().map(|conflict| &conflict.reading).collect::<Vec<_>>(), [&other]);
    assert_eq!(conflicts::list(pool, Some(MeterId(12)), 10).await.unwrap(), []);
}

async fn an_hour_keeps_a_hundred_conflicts_of_a_meter_and_old_ones_go(pool: &PgPool) {
    let rows = |meter: i64, value: f64| -> Vec<_> {
        let start = at("2026-11-20T10:00:00Z");
        let row = |n: i64| Reading {
            at: start + TimeDelta::seconds(n),
            ..reading(meter, "2026-11-20T10:00:00Z", value, 1.0)
        };
        (0..150).map(row).collect()
    };
    for value in [1.0, 2.0, 3.0] {
        readings::insert(pool, &rows(21, value)).await.unwrap();
    }
    readings::insert(pool, &rows(22, 1.0)).await.unwrap();
    let other = readings::insert(pool, &rows(22, 2.0)[..1]).await.unwrap();
    assert_eq!(other.conflicts, [0]);
    let of = async |meter| conflicts::list(pool, Some(MeterId(meter)), 1_000).await.unwrap().len();
    assert_eq!((of(21).await, of(22).await), (100, 1));
    conflicts::delete_before(pool, &[MeterId(21)], Utc::now() + TimeDelta::days(1)).await.unwrap();
    assert_eq!((of(21).await, of(22).await), (0, 1));
}

async fn the_first_of_several_in_one_batch_counts(pool: &PgPool) {
    let batch = [
        reading(32, "2026-11-20T10:00:00Z", 1.0, 1.0),
        reading(31, "2026-11-20T10:00:00Z", 100.0, 5.0),
        reading(31, "2026-11-20T10:00:00Z", 100.0, 5.0),
        reading(31, "2026-11-20T10:00:00Z", 99.0, 5.0),
        // Below the resolution of the database: the same instant.
        reading(31, "2026-11-20T10:00:00.000000900Z", 100.0, 5.0),
        reading(31, "1969-12-31T23:59:59.999999999Z", 1.0, 5.0),
        reading(31, "1969-12-31T23:59:59.999999Z", 1.0, 5.0),
    ];
    assert_eq!(readings::insert(pool, &batch).await.unwrap(), outcome(&[0, 1, 5], 3, &[3]));
    assert_eq!(readings::insert(pool, &batch).await.unwrap(), outcome(&[], 6, &[3]));
    assert_eq!(stored(pool, 31).await[1], batch[1]);
}

async fn each_touched_quarter_hour_is_queued_once(pool: &PgPool) {
    let batch = [
        reading(42, "2026-11-20T10:14:59.999Z", 1.0, 1.0),
        reading(41, "2026-11-20T10:15:00Z", 2.0, 1.0),
        reading(41, "2026-11-20T10:29:59Z", 3.0, 1.0),
        reading(41, "1960-01-01T00:07:00Z", 3.0, 1.0),
    ];
    readings::insert(pool, &batch).await.unwrap();
    let expected = [
        (41, at("1960-01-01T00:00:00Z")),
        (41, at("2026-11-20T10:15:00Z")),
        (42, at("2026-11-20T10:00:00Z")),
    ];
    assert_eq!(queued(pool).await, expected);

    sqlx::query("DELETE FROM rollup_queue").execute(pool).await.unwrap();
    readings::insert(pool, &batch).await.unwrap();
    assert_eq!(queued(pool).await, [], "a replay changes nothing, so nothing is to be redone");
}

async fn a_batch_beyond_one_statement_is_stored_whole(pool: &PgPool) {
    let start = at("2026-10-31T20:00:00Z");
    let rows = |count: i32| -> Vec<Reading> {
        (0..count)
            .rev()
            .map(|number| Reading {
                at: start + TimeDelta::seconds(i64::from(number)),
                ..reading(
                    i64::from(number % 3) + 51,
                    "2026-11-20T10:00:00Z",
                    f64::from(number),
                    1.0,
                )
            })
            .collect()
    };
    let inserted = readings::insert(pool, &rows(11_000)).await.unwrap();
    assert_eq!(inserted, outcome(&(0..11_000).collect::<Vec<_>>(), 0, &[]));
    let again = readings::insert(pool, &rows(12_000)).await.unwrap();
    assert_eq!(again, outcome(&(0..1_000).collect::<Vec<_>>(), 11_000, &[]));
    assert_eq!(stored(pool, 51).await.len(), 4_000);
}

async fn batches_with_the_same_rows_can_run_side_by_side(pool: &PgPool) {
    let start = at("2026-11-20T10:00:00Z");
    let mut rows: Vec<Reading> = (0..2_000_i32)
        .map(|number| Reading {
            at: start + TimeDelta::seconds(i64::from(number)),
            ..reading(i64::from(number % 7) + 60, "2026-11-20T10:00:00Z", f64::from(number), 1.0)
        })
        .collect();
    let forwards = rows.clone();
    rows.reverse();
    let mut tasks = tokio::task::JoinSet::new();
    for batch in [forwards.clone(), rows.clone(), forwards, rows] {
        let pool = pool.clone();
        tasks.spawn(async move { readings::insert(&pool, &batch).await.unwrap() });
    }
    let outcomes = tasks.join_all().await;
    assert_eq!(outcomes.iter().map(|outcome| outcome.accepted.len()).sum::<usize>(), 2_000);
    assert_eq!(outcomes.iter().map(|outcome| outcome.duplicates).sum::<u64>(), 6_000);
    assert!(outcomes.iter().all(|outcome| outcome.conflicts.is_empty()));
}

async fn new_readings_are_copied_all_or_none(pool: &PgPool) {
    let mut full = Values::default();
    for (number, &field) in (1_u8..).zip(Field::ALL) {
        full.set(field, Some(f64::from(number) - 0.1));
    }
    let [base, empty] = ["2026-11-20T10:15:00Z", "1960-01-01T00:07:00Z"]
        .map(|time| Reading { values: Values::default(), ..reading(72, time, 0.0, 0.0) });
    let new = [
        Reading { values: full, quality: Quality::Estimated, source: Source::Http, ..base },
        reading(71, "2026-11-20T10:29:59.123456Z", -3.5, 1.0),
        Reading { meter: MeterId(71), ..empty },
    ];
    assert!(readings::insert_new(pool, &[]).await.unwrap());
    assert!(readings::insert_new(pool, &new).await.unwrap());
    let both = async || [stored(pool, 72).await, stored(pool, 71).await].concat();
    assert_eq!(both().await, [new[0].clone(), new[2].clone(), new[1].clone()]);
    let expected = [
        (71, at("1960-01-01T00:00:00Z")),
        (71, at("2026-11-20T10:15:00Z")),
        (72, at("2026-11-20T10:15:00Z")),
    ];
    assert_eq!(queued(pool).await, expected);

    let later = reading(71, "2026-11-20T12:00:00Z", 4.0, 1.0);
    for repeated in [&new[1], &later] {
        let batch = [later.clone(), repeated.clone()];
        assert!(!readings::insert_new(pool, &batch).await.unwrap());
    }
    assert_eq!((both().await.len(), queued(pool).await.len()), (3, 3));
}
