//! Readings on their way into the database.

use chrono::{TimeDelta, Utc};
use domain::MeterId;
use domain::readings::refusal::RefusalReason;
use sqlx::{AssertSqlSafe, PgPool};

use crate::bench::{Bench, WHO};
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn readings_are_stored_refused_and_answered(pool: PgPool) {
    let id = crate::meter(&pool, "HELD", "Main", None).await;
    let bench = Bench::start(pool).await;
    readings_are_stored_while_all_other_connections_are_taken(&bench, id).await;
    what_is_acknowledged_is_stored(&bench).await;
    many_sources_at_once_get_their_own_answers(&bench).await;
    every_batch_of_a_trickle_is_answered(&bench).await;
    a_repeat_is_a_duplicate_and_another_value_a_conflict_that_is_kept(&bench).await;
    a_refused_reading_is_named_counted_and_kept_in_sight(&bench).await;
    a_meter_added_by_plain_sql_can_be_read_at_once(&bench).await;
    a_reading_that_the_database_refuses_holds_up_no_other(&bench).await;
    a_batch_that_was_given_up_leaves_nothing_in_the_queue(&bench).await;
    bench.stop().await;
}

async fn stored(bench: &Bench, id: MeterId) -> i64 {
    let count = "SELECT count(*) FROM meter_readings WHERE meter_id = $1";
    sqlx::query_scalar(count).bind(id.0).fetch_one(&bench.pool).await.unwrap()
}

/// How many readings were accepted so far, and how many refused.
fn counted(bench: &Bench) -> (u64, u64) {
    let ingest = bench.service.metrics().ingest;
    (ingest.accepted, ingest.refused.values().sum())
}

/// How many refusals are kept for a reason.
async fn kept(bench: &Bench, id: MeterId) -> Vec<(String, u32)> {
    let refused = storage::readings::refused::list(&bench.pool, 100).await.unwrap();
    let of_meter = refused.into_iter().filter(|refusal| refusal.meter == Some(id));
    let mut kept: Vec<_> = of_meter.map(|refusal| (refusal.reason, refusal.count)).collect();
    kept.sort_unstable();
    kept
}

async fn what_is_acknowledged_is_stored(bench: &Bench) {
    let id = bench.meter("M-11", "Grid", None).await;
    let now = Utc::now();
    let batch = (0..3000).map(|i| reading(id, now - TimeDelta::seconds(3000 - i), 1.0, i as f64));
    let outcome = bench.tasks.outbox.submit(batch.collect()).await.unwrap();
    assert_eq!(outcome.accepted, 3000);
    assert_eq!(stored(bench, id).await, 3000);
}

async fn many_sources_at_once_get_their_own_answers(bench: &Bench) {
    let id = bench.meter("M-21", "Grid", None).await;
    let (now, (before, _)) = (Utc::now(), counted(bench));
    let sources = (0..50).map(|source| {
        let rows =
            (0..20).map(|i| reading(id, now - TimeDelta::seconds(source * 20 + i), 1.0, 1.0));
        let rows: Vec<_> = rows.collect();
        let outbox = bench.tasks.outbox.clone();
        tokio::spawn(async move { outbox.submit(rows).await.unwrap().accepted })
    });
    for answer in sources.collect::<Vec<_>>() {
        assert_eq!(answer.await.unwrap(), 20);
    }
    assert_eq!(stored(bench, id).await, 1000);
    assert_eq!(counted(bench).0 - before, 1000);
}

/// Batches that come while others are being written are gathered meanwhile: none is dropped.
async fn every_batch_of_a_trickle_is_answered(bench: &Bench) {
    let id = bench.meter("M-31", "Grid", None).await;
    let now = Utc::now();
    let sources = (0..4).map(|source| {
        let outbox = bench.tasks.outbox.clone();
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
    assert_eq!(stored(bench, id).await, 400);
}

async fn a_repeat_is_a_duplicate_and_another_value_a_conflict_that_is_kept(bench: &Bench) {
    let id = bench.meter("M-41", "Grid", None).await;
    let at = Utc::now() - TimeDelta::minutes(1);
    bench.submit(vec![reading(id, at, 1.0, 10.0)]).await;
    let again = bench.tasks.outbox.submit(vec![reading(id, at, 1.0, 10.0)]).await.unwrap();
    assert_eq!((again.accepted, again.duplicates, again.conflicts), (0, 1, 0));
    let other = bench.tasks.outbox.submit(vec![reading(id, at, 2.0, 10.0)]).await.unwrap();
    assert_eq!((other.accepted, other.duplicates, other.conflicts), (0, 0, 1));
    let kept = storage::readings::conflicts::list(&bench.pool, Some(id), 10).await.unwrap();
    assert_eq!((stored(bench, id).await, kept.len()), (1, 1));
}

/// A value that no meter can show is refused, counted and kept, and what comes with it is stored.
async fn a_refused_reading_is_named_counted_and_kept_in_sight(bench: &Bench) {
    let (id, (_, before)) = (bench.meter("REFUSED", "Grid", None).await, counted(bench));
    let (now, ghost) = (Utc::now(), MeterId(id.0 + 1_000_000));
    // 1990 begins 14 hours earlier in the farthest zone.
    let [before_1990, never_set] =
        ["1989-12-31T09:59:59Z", "1970-01-01T00:00:10Z"].map(|text| text.parse().unwrap());
    let rows = vec![
        reading(id, now, 60.0, 100.0),
        reading(id, now + TimeDelta::minutes(6), 60.0, 101.0),
        reading(id, now - TimeDelta::seconds(1), f64::NAN, 100.0),
        reading(ghost, now, 1.0, 1.0),
        reading(id, now - TimeDelta::seconds(2), 60.0, 6e27),
        reading(id, before_1990, 60.0, 99.0),
        reading(id, never_set, 60.0, 98.0),
    ];
    let outcome = bench.tasks.outbox.submit(rows).await.unwrap();
    let reasons: Vec<_> =
        outcome.refused.iter().map(|r| (r.index, r.reason.as_str().to_owned())).collect();
    let wanted = [
        (1, "future"),
        (2, "not_finite"),
        (3, "unknown_meter"),
        (4, "beyond_measure"),
        (5, "too_early"),
        (6, "too_early"),
    ];
    assert_eq!(reasons, wanted.map(|(index, reason)| (index, reason.to_owned())));
    let not_finite = RefusalReason::NotFinite { field: domain::Field::ActivePowerKw };
    assert_eq!(outcome.refused[1].reason, not_finite);
    assert_eq!((outcome.accepted, stored(bench, id).await), (1, 1));
    assert_eq!(counted(bench).1 - before, 6);
    let wanted = [("beyond_measure", 1), ("future", 1), ("not_finite", 1), ("too_early", 2)];
    assert_eq!(kept(bench, id).await, wanted.map(|(reason, count)| (reason.to_owned(), count)));
}

async fn a_meter_added_by_plain_sql_can_be_read_at_once(bench: &Bench) {
    let id = bench.meter("LATER-1", "Grid", None).await;
    let outcome = bench.tasks.outbox.submit(vec![reading(id, Utc::now(), 1.0, 1.0)]).await.unwrap();
    assert_eq!(outcome.accepted, 1);
}

async fn a_reading_that_the_database_refuses_holds_up_no_other(bench: &Bench) {
    let (good, bad) =
        (bench.meter("GOOD", "Main", None).await, bench.meter("BAD", "Main", None).await);
    let forbid = format!(
        "CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'this reading is poison'; END $$; \
         CREATE TRIGGER forbidden BEFORE INSERT ON meter_readings FOR EACH ROW \
             WHEN (NEW.meter_id = {bad} AND NEW.total_energy_kwh = 7) EXECUTE FUNCTION forbid()"
    );
    sqlx::raw_sql(AssertSqlSafe(forbid)).execute(&bench.pool).await.unwrap();
    let now = Utc::now() - TimeDelta::hours(1);
    let rows = |id| {
        let each = move |n: i32| reading(id, now + TimeDelta::minutes(n.into()), 6.0, f64::from(n));
        (0..10).map(each).collect::<Vec<_>>()
    };
    let outbox = &bench.tasks.outbox;
    let (one, other) = tokio::join!(outbox.submit(rows(good)), outbox.submit(rows(bad)));
    assert_eq!((one.unwrap().accepted, other.as_ref().unwrap().accepted), (10, 9));
    let refused: Vec<_> = other
        .unwrap()
        .refused
        .iter()
        .map(|refusal| (refusal.index, refusal.reason.clone()))
        .collect();
    assert_eq!(refused, [(7, RefusalReason::NotStorable)]);
    assert_eq!(bench.service.metrics().ingest.refused["not_storable"], 1);
    assert_eq!(kept(bench, bad).await, [("not_storable".to_owned(), 1)]);
}

async fn a_batch_that_was_given_up_leaves_nothing_in_the_queue(bench: &Bench) {
    let (one, other) =
        (bench.meter("ONE", "Main", None).await, bench.meter("OTHER", "Main", None).await);
    let now = Utc::now() - TimeDelta::hours(1);
    {
        let mut given_up = Box::pin(bench.tasks.outbox.submit(vec![reading(one, now, 6.0, 1.0)]));
        assert!(futures::poll!(given_up.as_mut()).is_pending());
    }
    let outcome = bench.tasks.outbox.submit(vec![reading(other, now, 6.0, 1.0)]).await.unwrap();
    assert_eq!(outcome.accepted, 1);
    assert_eq!((stored(bench, one).await, stored(bench, other).await), (0, 1));
}

async fn readings_are_stored_while_all_other_connections_are_taken(bench: &Bench, id: MeterId) {
    let mut held = Vec::new();
    for _ in 0..bench.pool.options().get_max_connections() {
        held.push(bench.pool.acquire().await.unwrap());
    }
    let outcome = bench.tasks.outbox.submit(vec![reading(id, Utc::now(), 1.0, 1.0)]).await.unwrap();
    assert_eq!(outcome.accepted, 1);
    // So are pages shown.
    let shown = service::sites::list(&bench.service.showing(), WHO).await;
    assert!(!shown.unwrap().is_empty());
    drop(held);
}
