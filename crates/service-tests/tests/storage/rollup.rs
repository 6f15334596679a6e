use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::energy::interval::{Carry, Flags, Interval, Read, Rules, fold};
use sqlx::PgPool;
use storage::energy::days;
use storage::energy::days::Day;
use storage::energy::intervals::{self, Ending};
use storage::energy::registers::{self, Learned};
use storage::span::{Key, Span};
use storage::{readings, rollup};

use crate::world::{add_meter, at, reading, run_sql};

const QUARTER: TimeDelta = TimeDelta::minutes(15);

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_waits_is_claimed_computed_and_written(pool: PgPool) {
    nothing_is_claimed_while_readings_for_it_are_being_stored(&pool).await;
    a_quarter_hour_is_claimed_until_it_is_finished(&pool).await;
    a_live_quarter_hour_waits_for_what_lies_far_behind_it(&pool).await;
    one_worker_at_a_time(&pool).await;
    spans_answer_in_their_order_and_are_half_open(&pool).await;
    only_what_changed_is_written(&pool).await;
    the_rows_before_an_instant_are_found_however_long_ago(&pool).await;
    a_change_goes_on_while_quarter_hours_end_otherwise_than_before(&pool).await;
    a_day_is_the_sum_of_its_quarter_hours_and_gone_without_them(&pool).await;
    what_was_learned_last_of_a_register_is_kept(&pool).await;
}

/// No quarter-hour rests.
fn none(_: &[Key]) -> HashSet<Key> {
    HashSet::new()
}

async fn queued(pool: &PgPool) -> Vec<Key> {
    let rows: Vec<(i64, DateTime<Utc>)> =
        sqlx::query_as("SELECT meter_id, bucket_start FROM rollup_queue ORDER BY 1, 2")
            .fetch_all(pool)
            .await
            .unwrap();
    rows.into_iter().map(|(meter, start)| (MeterId(meter), start)).collect()
}

/// Quarter-hours of a register that rises by `kwh` in each, from `start` on.
async fn quarters(pool: &PgPool, number: &str, start: &str, count: i32, kwh: f64) -> Vec<Interval> {
    let meter = add_meter(pool, number, None).await;
    let start = at(start);
    let reads: Vec<Read> = (0..=count)
        .map(|n| {
            let values = reading(1, "2026-01-01T00:00:00Z", f64::from(n) * kwh, kwh * 4.0).values;
            Read {
                at: start + QUARTER * n,
                quality: domain::Quality::Good,
                is_estimate: false,
                values,
            }
        })
        .collect();
    let bounds: Vec<_> = (0..=count).map(|n| start + QUARTER * n).collect();
    fold(&Rules::of(&meter, TimeDelta::minutes(5)), None, &reads, &bounds).intervals
}

async fn upsert(pool: &PgPool, meter: i64, rows: &[Interval]) -> Vec<Key> {
    let rows: Vec<_> = rows.iter().map(|row| (MeterId(meter), row)).collect();
    intervals::upsert(&mut pool.acquire().await.unwrap(), &rows).await.unwrap()
}

async fn spans_answer_in_their_order_and_are_half_open(pool: &PgPool) {
    let mut batch = [
        reading(1, "2026-11-20T10:00:00Z", 1.0, 1.0),
        reading(1, "2026-11-20T10:10:00Z", 2.0, 1.0),
        reading(2, "2026-10-31T23:59:00Z", 3.0, 1.0),
        reading(2, "2026-11-01T00:00:00Z", 4.0, 1.0),
    ];
    (batch[3].quality, batch[3].source) = (domain::Quality::Estimated, domain::Source::Api);
    readings::insert(pool, &batch).await.unwrap();
    let span = |meter, from, to| Span { meter: MeterId(meter), from: at(from), to: at(to) };
    let spans = [
        span(2, "2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z"),
        span(3, "2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z"),
        span(1, "2026-11-20T10:00:00Z", "2026-11-20T10:10:00Z"),
    ];
    let found = readings::spans(pool, &spans).await.unwrap();
    let totals: Vec<Vec<_>> = found
        .iter()
        .map(|reads| reads.iter().map(|read| read.values.total_energy_kwh.unwrap()).collect())
        .collect();
    assert_eq!(totals, [vec![3.0, 4.0], vec![], vec![1.0]]);
    let said: Vec<_> = found[0].iter().map(|read| (read.quality, read.is_estimate)).collect();
    assert_eq!(said, [(domain::Quality::Good, false), (domain::Quality::Estimated, true)]);
    let first = readings::following(pool, &spans, 1).await.unwrap();
    assert_eq!(first.iter().map(Vec::len).collect::<Vec<_>>(), [1, 0, 1]);
    assert_eq!(first[0][0].values, found[0][0].values);
}

async fn only_what_changed_is_written(pool: &PgPool) {
    let mut rows = quarters(pool, "Q-1", "2026-11-20T10:00:00Z", 4, 2.0).await;
    assert_eq!(upsert(pool, 11, &rows).await.len(), 4);
    assert_eq!(upsert(pool, 11, &rows).await, []);
    rows[2].flags = Flags::GLITCH;
    assert_eq!(upsert(pool, 11, &rows).await, [(MeterId(11), at("2026-11-20T10:30:00Z"))]);
}

async fn the_rows_before_an_instant_are_found_however_long_ago(pool: &PgPool) {
    let old = quarters(pool, "Q-2", "2025-03-01T00:00:00Z", 2, 1.0).await;
    let new = quarters(pool, "Q-3", "2026-11-20T10:00:00Z", 4, 2.0).await;
    upsert(pool, 21, &old).await;
    upsert(pool, 22, &new).await;
    let later = at("2026-11-20T10:50:00Z");
    let asked = [21, 22, 23].map(|meter| (MeterId(meter), later));
    let found = intervals::last_before(pool, &asked, 2).await.unwrap();
    let starts: Vec<Vec<_>> =
        found.iter().map(|rows| rows.iter().map(|row| row.start).collect()).collect();
    assert_eq!(
        starts,
        [
            vec![at("2025-03-01T00:15:00Z"), at("2025-03-01T00:00:00Z")],
            vec![at("2026-11-20T10:45:00Z"), at("2026-11-20T10:30:00Z")],
            vec![],
        ]
    );
    let first = async |from, to| {
        intervals::first_within(pool, &[21, 22, 23].map(MeterId), from, to).await.unwrap()
    };
    assert_eq!(first(old[1].start, later).await, Some(old[1].start));
    assert_eq!(first(old[1].start + QUARTER, later).await, Some(new[0].start));
    assert_eq!(first(old[1].start + QUARTER, new[0].start).await, None);
    assert_eq!(found[1][0].carry.as_ref(), Some(&new[3].carry));
}

async fn a_change_goes_on_while_quarter_hours_end_otherwise_than_before(pool: &PgPool) {
    run_sql(pool, "DELETE FROM rollup_queue").await.unwrap();
    let rows = quarters(pool, "Q-4", "2026-11-20T10:00:00Z", 4, 2.0).await;
    upsert(pool, 31, &rows).await;
    let ending =
        |index: usize, carry| Ending { meter: MeterId(31), last: rows[index].start, carry };
    let mut db = pool.acquire().await.unwrap();
    intervals::queue_next(&mut db, &[ending(1, Some(&rows[1].carry))]).await.unwrap();
    assert_eq!(queued(pool).await, []);
    let other = Carry::default();
    intervals::queue_next(&mut db, &[ending(3, Some(&other))]).await.unwrap();
    assert_eq!(queued(pool).await, [], "nothing follows");
    intervals::queue_next(&mut db, &[ending(1, Some(&other))]).await.unwrap();
    assert_eq!(queued(pool).await, [(MeterId(31), rows[2].start)]);
}

async fn a_day_is_the_sum_of_its_quarter_hours_and_gone_without_them(pool: &PgPool) {
    let rows = quarters(pool, "Q-5", "2026-10-25T10:00:00Z", 10, 2.0).await;
    upsert(pool, 41, &rows).await;
    // Twenty-five hours in Berlin.
    let day = Day {
        meter: MeterId(41),
        date: "2026-10-25".parse().unwrap(),
        from: at("2026-10-24T22:00:00Z"),
        to: at("2026-10-25T23:00:00Z"),
    };
    let mut db = pool.acquire().await.unwrap();
    days::recompute(&mut db, &[day]).await.unwrap();
    let (import, coverage, demand, quality): (f64, f32, f64, String) =
        sqlx::query_as("SELECT import_kwh, coverage, max_demand_kw, quality FROM energy_days")
            .fetch_one(pool)
            .await
            .unwrap();
    assert!((import - 20.0).abs() < 1e-9);
    assert!((coverage - 0.1).abs() < 1e-6, "{coverage}");
    assert!((demand - 8.0).abs() < 1e-9);
    assert_eq!(quality, "GOOD");
    let span = Span { meter: MeterId(41), from: day.from, to: day.to };
    assert_eq!(intervals::delete(&mut db, &[span]).await.unwrap().len(), 10);
    days::recompute(&mut db, &[day]).await.unwrap();
    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM energy_days").fetch_one(pool).await.unwrap();
    assert_eq!(left, 0);
}

async fn a_quarter_hour_is_claimed_until_it_is_finished(pool: &PgPool) {
    run_sql(pool, "DELETE FROM rollup_queue").await.unwrap();
    let live = at("2026-11-20T10:00:00Z");
    let about = rollup::Live::about([live], TimeDelta::minutes(30));
    let batch = [
        reading(51, "2026-11-20T10:00:00Z", 1.0, 1.0),
        reading(51, "2026-11-18T10:00:00Z", 1.0, 1.0),
        reading(51, "2026-11-18T10:15:00Z", 1.0, 1.0),
        reading(52, "2026-11-17T10:15:00Z", 1.0, 1.0),
    ];
    readings::insert(pool, &batch).await.unwrap();
    assert_eq!(rollup::waiting(pool).await.unwrap(), 4);
    let first = rollup::claim(pool, &about, 2, none).await.unwrap();
    let expected = [
        (MeterId(51), at("2026-11-18T10:00:00Z")),
        (MeterId(51), live),
        (MeterId(52), at("2026-11-17T10:15:00Z")),
    ];
    assert_eq!(first, expected, "what is live, and the oldest");
    let mut db = pool.acquire().await.unwrap();
    rollup::finish(&mut db, &first[..2]).await.unwrap();
    drop(db);
    let second = rollup::claim(pool, &about, 2, none).await.unwrap();
    assert_eq!(second, [(MeterId(51), at("2026-11-18T10:15:00Z")), expected[2]]);
    readings::insert(pool, &[reading(51, "2026-11-20T10:00:05Z", 2.0, 1.0)]).await.unwrap();
    let all = |chosen: &[Key]| chosen.iter().copied().collect::<HashSet<_>>();
    let third = rollup::claim(pool, &about, 2, all).await.unwrap();
    assert_eq!((third, queued(pool).await), (second, vec![(MeterId(51), live)]), "it rests");
    assert!(!rollup::is_idle(pool).await.unwrap());
}

async fn a_live_quarter_hour_waits_for_what_lies_far_behind_it(pool: &PgPool) {
    for emptied in ["DELETE FROM rollup_queue", "DELETE FROM rollup_claims"] {
        run_sql(pool, emptied).await.unwrap();
    }
    let rows = quarters(pool, "Q-6", "2026-11-10T10:00:00Z", 1, 2.0).await;
    upsert(pool, 71, &rows).await;
    upsert(pool, 72, &rows).await;
    let live = at("2026-11-20T10:00:00Z");
    let about = rollup::Live::about([live], TimeDelta::minutes(30));
    let batch = [
        reading(71, "2026-11-15T10:00:00Z", 1.0, 1.0),
        reading(71, "2026-11-20T10:00:00Z", 1.0, 1.0),
        // Of this one only what is computed already waits, and a part of the last day.
        reading(72, "2026-11-10T10:00:00Z", 1.0, 1.0),
        reading(72, "2026-11-20T09:00:00Z", 1.0, 1.0),
        reading(72, "2026-11-20T10:00:00Z", 1.0, 1.0),
    ];
    readings::insert(pool, &batch).await.unwrap();
    let first = rollup::claim(pool, &about, 2, none).await.unwrap();
    let expected = [
        (MeterId(71), at("2026-11-15T10:00:00Z")),
        (MeterId(72), at("2026-11-10T10:00:00Z")),
        (MeterId(72), live),
    ];
    assert_eq!(first, expected);
    let again = rollup::claim(pool, &about, 2, none).await.unwrap();
    assert_eq!(again, expected, "what is claimed and not computed yet is waited for, too");
    rollup::finish(&mut pool.acquire().await.unwrap(), &first).await.unwrap();
    let second = rollup::claim(pool, &about, 2, none).await.unwrap();
    assert_eq!(second, [(MeterId(71), live), (MeterId(72), at("2026-11-20T09:00:00Z"))]);
    rollup::finish(&mut pool.acquire().await.unwrap(), &second).await.unwrap();
}

async fn nothing_is_claimed_while_readings_for_it_are_being_stored(pool: &PgPool) {
    run_sql(pool, "DELETE FROM rollup_queue").await.unwrap();
    readings::insert(pool, &[reading(61, "2026-11-20T10:00:00Z", 1.0, 1.0)]).await.unwrap();
    let mut storing = pool.begin().await.unwrap();
    rollup::hold_off_claims(&mut storing).await.unwrap();
    let claiming = tokio::spawn({
        let pool = pool.clone();
        async move { rollup::claim(&pool, &rollup::Live::default(), 10, none).await.unwrap() }
    });
    let waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(pool).await.unwrap() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!claiming.is_finished());
    storing.commit().await.unwrap();
    let claimed = claiming.await.unwrap();
    assert_eq!(claimed.len(), 1);
    rollup::finish(&mut pool.acquire().await.unwrap(), &claimed).await.unwrap();
}

async fn one_worker_at_a_time(pool: &PgPool) {
    let first = rollup::take_turn(pool).await.unwrap();
    assert!(first.is_some());
    assert!(rollup::take_turn(pool).await.unwrap().is_none());
    drop(first);
    let mut again = rollup::take_turn(pool).await.unwrap();
    while again.is_none() {
        tokio::time::sleep(Duration::from_millis(5)).await;
        again = rollup::take_turn(pool).await.unwrap();
    }
}

async fn what_was_learned_last_of_a_register_is_kept(pool: &PgPool) {
    use domain::meters::ImportRegister::Total;
    let mut db = pool.acquire().await.unwrap();
    let first = Learned {
        step_kwh: Some(0.5),
        step_at: Some(at("2026-05-01T10:00:00Z")),
        ..Learned::default()
    };
    let second = Learned {
        import_register: Some(Total),
        register_at: Some(at("2026-05-01T09:00:00Z")),
        ..Learned::default()
    };
    for learned in [first, second] {
        registers::learn(&mut db, &[(MeterId(71), learned)]).await.unwrap();
        let known = registers::of(pool, &[MeterId(71), MeterId(72)]).await.unwrap();
        assert_eq!((known.len(), known[&MeterId(71)]), (1, learned));
    }
}
