use chrono::{TimeDelta, Utc};
use domain::readings::refusal::RefusalReason;
use sqlx::{AssertSqlSafe, PgPool};

use crate::{meter, reading};

async fn stored(pool: &PgPool) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM meter_readings").fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_is_acknowledged_is_stored(pool: PgPool) {
    let id = meter(&pool, "M-1", "Grid", None).await;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let now = Utc::now();
    let batch = (0..3000).map(|i| reading(id, now - TimeDelta::seconds(3000 - i), 1.0, i as f64));
    let outcome = tasks.outbox.submit(batch.collect()).await.unwrap();
    assert_eq!(outcome.accepted, 3000);
    assert_eq!(stored(&pool).await, 3000);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn many_sources_at_once_get_their_own_answers(pool: PgPool) {
    let id = meter(&pool, "M-1", "Grid", None).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let now = Utc::now();
    let sources = (0..50).map(|source| {
        let rows =
            (0..20).map(|i| reading(id, now - TimeDelta::seconds(source * 20 + i), 1.0, 1.0));
        let rows: Vec<_> = rows.collect();
        let outbox = tasks.outbox.clone();
        tokio::spawn(async move { outbox.submit(rows).await.unwrap().accepted })
    });
    for answer in sources.collect::<Vec<_>>() {
        assert_eq!(answer.await.unwrap(), 20);
    }
    assert_eq!(stored(&pool).await, 1000);
    assert_eq!(service.metrics().ingest.accepted, 1000);
    tasks.stop().await;
}

/// Batches that come while others are being written are gathered meanwhile: none is dropped.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn every_batch_of_a_trickle_is_answered(pool: PgPool) {
    let id = meter(&pool, "M-1", "Grid", None).await;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let now = Utc::now();
    let sources = (0..4).map(|source| {
        let outbox = tasks.outbox.clone();
        tokio::spawn(async move {
            for i in 0..100 {
                let at = now - TimeDelta::seconds(source * 100 + i);
                outbox.submit(vec![reading(id, at, 1.0, 1.0)]).await.unwrap();
                tokio::task::yield_now().await;
            }
        })
    });
    for source in sources.collect::<Vec<_>>() {
        source.await.unwrap();
    }
    assert_eq!(stored(&pool).await, 400);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_repeat_is_a_duplicate_and_another_value_a_conflict_that_is_kept(pool: PgPool) {
    let id = meter(&pool, "M-1", "Grid", None).await;
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let at = Utc::now() - TimeDelta::minutes(1);
    tasks.outbox.submit(vec![reading(id, at, 1.0, 10.0)]).await.unwrap();
    let again = tasks.outbox.submit(vec![reading(id, at, 1.0, 10.0)]).await.unwrap();
    assert_eq!((again.accepted, again.duplicates, again.conflicts), (0, 1, 0));
    let other = tasks.outbox.submit(vec![reading(id, at, 2.0, 10.0)]).await.unwrap();
    assert_eq!((other.accepted, other.duplicates, other.conflicts), (0, 0, 1));
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM reading_conflicts")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!((stored(&pool).await, kept), (1, 1));
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_refused_reading_is_named_counted_and_kept_in_sight(pool: PgPool) {
    let id = meter(&pool, "M-1", "Grid", None).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let now = Utc::now();
    let ghost = domain::MeterId(id.0 + 1000);
    let outcome = tasks
        .outbox
        .submit(vec![
            reading(id, now, 1.0, 1.0),
            reading(id, now + TimeDelta::minutes(6), 1.0, 1.0),
            reading(id, now - TimeDelta::seconds(1), f64::NAN, 1.0),
            reading(ghost, now, 1.0, 1.0),
        ])
        .await
        .unwrap();
    let reasons: Vec<_> = outcome.refused.iter().map(|r| (r.index, r.reason.clone())).collect();
    let not_finite = RefusalReason::NotFinite { field: domain::Field::ActivePowerKw };
    assert_eq!(
        reasons,
        [(1, RefusalReason::Future), (2, not_finite), (3, RefusalReason::UnknownMeter)]
    );
    assert_eq!(outcome.accepted, 1);
    assert_eq!(service.metrics().ingest.refused.values().sum::<u64>(), 3);
    let listed = storage::readings::refused::list(&pool, 10).await.unwrap();
    assert_eq!(listed.iter().map(|refusal| refusal.count).sum::<u32>(), 3);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_meter_added_by_plain_sql_can_be_read_at_once(pool: PgPool) {
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let id = meter(&pool, "LATER-1", "Grid", None).await;
    let outcome = tasks.outbox.submit(vec![reading(id, Utc::now(), 1.0, 1.0)]).await.unwrap();
    assert_eq!(outcome.accepted, 1);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_reading_that_the_database_refuses_holds_up_no_other(pool: PgPool) {
    let (good, bad) =
        (meter(&pool, "GOOD", "Main", None).await, meter(&pool, "BAD", "Main", None).await);
    let forbid = format!(
        "CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'this reading is poison'; END $$; \
         CREATE TRIGGER forbidden BEFORE INSERT ON meter_readings FOR EACH ROW \
             WHEN (NEW.meter_id = {bad} AND NEW.total_energy_kwh = 7) EXECUTE FUNCTION forbid()"
    );
    sqlx::raw_sql(AssertSqlSafe(forbid)).execute(&pool).await.unwrap();
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let now = Utc::now() - TimeDelta::hours(1);
    let rows = |id| {
        let each = move |n: i32| reading(id, now + TimeDelta::minutes(n.into()), 6.0, f64::from(n));
        (0..10).map(each).collect::<Vec<_>>()
    };
    let (one, other) =
        tokio::join!(tasks.outbox.submit(rows(good)), tasks.outbox.submit(rows(bad)));
    assert_eq!((one.unwrap().accepted, other.as_ref().unwrap().accepted), (10, 9));
    let refused: Vec<_> = other
        .unwrap()
        .refused
        .iter()
        .map(|refusal| (refusal.index, refusal.reason.clone()))
        .collect();
    assert_eq!(refused, [(7, RefusalReason::NotStorable)]);
    assert_eq!(service.metrics().ingest.refused["not_storable"], 1);
    let kept: i64 =
        sqlx::query_scalar("SELECT count(*) FROM refused_readings WHERE reason = 'not_storable'")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(kept, 1);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn whoever_gave_up_waiting_has_nothing_left_in_the_queue(pool: PgPool) {
    let (one, other) =
        (meter(&pool, "ONE", "Main", None).await, meter(&pool, "OTHER", "Main", None).await);
    let (_service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let now = Utc::now() - TimeDelta::hours(1);
    {
        let mut given_up = Box::pin(tasks.outbox.submit(vec![reading(one, now, 6.0, 1.0)]));
        assert!(futures::poll!(given_up.as_mut()).is_pending());
    }
    let stored = tasks.outbox.submit(vec![reading(other, now, 6.0, 1.0)]).await.unwrap();
    assert_eq!(stored.accepted, 1);
    let rows: Vec<(i64,)> =
        sqlx::query_as("SELECT meter_id FROM meter_readings").fetch_all(&pool).await.unwrap();
    assert_eq!(rows, [(other.0,)]);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn readings_are_stored_while_all_other_connections_are_taken(pool: PgPool) {
    let id = meter(&pool, "M-1", "Main", None).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let mut held = Vec::new();
    for _ in 0..pool.options().get_max_connections() {
        held.push(pool.acquire().await.unwrap());
    }
    let outcome = tasks.outbox.submit(vec![reading(id, Utc::now(), 1.0, 1.0)]).await.unwrap();
    assert_eq!(outcome.accepted, 1);
    // So are pages shown.
    let shown = service::sites::list(&service.showing(), &service::Principal::Loopback).await;
    assert!(!shown.unwrap().is_empty());
    drop(held);
    tasks.stop().await;
}

/// What no meter can show is refused, counted and kept, and what comes with it is stored.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_lies_outside_all_bounds_is_refused_and_kept_for_a_look(pool: PgPool) {
    let id = meter(&pool, "M-1", "Grid", None).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let now = Utc::now();
    // 1990 begins 14 hours earlier in the farthest zone.
    let [before_1990, never_set] =
        ["1989-12-31T09:59:59Z", "1970-01-01T00:00:10Z"].map(|text| text.parse().unwrap());
    let rows = vec![
        reading(id, now, 60.0, 100.0),
        reading(id, now - TimeDelta::seconds(1), 60.0, 6e27),
        reading(id, before_1990, 60.0, 99.0),
        reading(id, never_set, 60.0, 98.0),
        reading(id, now + TimeDelta::minutes(6), 60.0, 101.0),
    ];
    tasks.outbox.submit(rows).await.unwrap();
    let mut refused: Vec<(String, u32)> = storage::readings::refused::list(&pool, 10)
        .await
        .unwrap()
        .into_iter()
        .map(|refusal| (refusal.reason, refusal.count))
        .collect();
    refused.sort_unstable();
    let expected = [("beyond_measure", 1), ("future", 1), ("too_early", 2)];
    assert_eq!(refused, expected.map(|(reason, count)| (reason.to_owned(), count)));
    assert_eq!(stored(&pool).await, 1);
    assert_eq!(service.metrics().ingest.refused.values().sum::<u64>(), 4);
    tasks.stop().await;
}
