use chrono::{DateTime, TimeDelta, Utc};
use domain::{MeterId, Reading, Source, Values};
use sqlx::PgPool;
use storage::readings;

use crate::registers;
use crate::world::{at, reading, run_sql};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn readings_are_found(pool: PgPool) {
    rows_of_plain_sql_are_found_by_when_they_were_stored(&pool).await;
    the_newest_reading_of_each_meter_is_found_in_whichever_month_it_lies(&pool).await;
    pages_follow_each_other_without_a_gap_or_a_repeat(&pool).await;
    steps_are_counted_from_the_start_and_leave_gaps_out(&pool).await;
    registers::recent_samples_come_by_meter_and_time(&pool).await;
    registers::an_instant_is_bracketed_by_the_nearest_registers_within_reach(&pool).await;
    registers::brackets_reach_over_the_end_of_a_month_and_into_the_default_partition(&pool).await;
    registers::a_register_that_is_not_a_number_is_no_register(&pool).await;
}

fn ten_and(seconds: i64) -> DateTime<Utc> {
    at("2026-11-20T10:00:00Z") + TimeDelta::seconds(seconds)
}

async fn the_newest_reading_of_each_meter_is_found_in_whichever_month_it_lies(pool: &PgPool) {
    let batch = [
        reading(41, "2026-11-20T10:00:00Z", 1.0, 1.0),
        reading(41, "2026-11-20T10:00:05Z", 2.0, 1.0),
        reading(42, "2025-01-20T10:00:00Z", 3.0, 1.0),
        reading(43, "1980-01-20T10:00:00Z", 4.0, 1.0),
    ];
    readings::insert(pool, &batch).await.unwrap();
    let mut newest = readings::newest(pool, &[41, 42, 43, 44].map(MeterId)).await.unwrap();
    newest.sort_by_key(|reading| reading.meter);
    assert_eq!(newest, batch[1..]);
}

async fn pages_follow_each_other_without_a_gap_or_a_repeat(pool: &PgPool) {
    let batch: Vec<Reading> = (0..25)
        .map(|n| Reading { at: ten_and(n), ..reading(51, "2026-11-20T10:00:00Z", 1.0, 1.0) })
        .collect();
    readings::insert(pool, &batch).await.unwrap();
    let (from, to) = (ten_and(2), ten_and(23));
    let mut seen: Vec<Reading> = Vec::new();
    loop {
        let after = seen.last().map(|reading| reading.at);
        let page = readings::page(pool, MeterId(51), from, to, after, 8).await.unwrap();
        assert!(page.len() <= 8);
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    assert_eq!(seen, batch[2..23], "half-open");
}

async fn steps_are_counted_from_the_start_and_leave_gaps_out(pool: &PgPool) {
    let power = |seconds, power_kw| Reading {
        at: ten_and(seconds),
        values: Values { active_power_kw: power_kw, ..Values::default() },
        ..reading(61, "2026-11-20T10:00:00Z", 0.0, 0.0)
    };
    let batch = [
        power(6, Some(99.0)),
        power(7, Some(1.0)),
        power(16, Some(3.0)),
        power(17, Some(-5.0)),
        power(18, None),
        power(40, Some(8.0)),
        power(41, Some(606.0)),
        power(47, Some(99.0)),
    ];
    readings::insert(pool, &batch).await.unwrap();
    run_sql(
        pool,
        "INSERT INTO meter_readings (meter_id, timestamp, active_power_kw) \
         VALUES (61, '2026-11-20 10:00:20+00', 'NaN')",
    )
    .await
    .unwrap();
    // An outlier is in no chart, unless somebody says that it counts.
    run_sql(
        pool,
        "INSERT INTO outliers (meter_id, timestamp, register, value, decision, decided_at) \
         SELECT 61, timestamp, 'active_power_kw', active_power_kw, decision, now() \
         FROM meter_readings JOIN (VALUES (41, 'reject'), (40, 'accept')) AS said (second, decision) \
             ON timestamp = '2026-11-20 10:00:00+00'::timestamptz + second * interval '1 second'",
    )
    .await
    .unwrap();
    let steps =
        readings::power_steps(pool, MeterId(61), ten_and(7), ten_and(47), 10).await.unwrap();
    let shown: Vec<_> = steps
        .iter()
        .map(|step| (step.start, [step.min, step.mean, step.max], step.count))
        .collect();
    let expected = [
        (ten_and(7), [1.0, 2.0, 3.0], 2),
        (ten_and(17), [-5.0, -5.0, -5.0], 1),
        (ten_and(37), [8.0, 8.0, 8.0], 1),
    ];
    assert_eq!(shown, expected);
}

async fn rows_of_plain_sql_are_found_by_when_they_were_stored(pool: &PgPool) {
    let before = Utc::now() - TimeDelta::minutes(1);
    let ingested = reading(71, "2026-11-20T10:00:00Z", 1.0, 1.0);
    assert_eq!(ingested.source, Source::Modbus);
    readings::insert(pool, &[ingested]).await.unwrap();
    assert_eq!(readings::written_by_sql_since(pool, before).await.unwrap(), []);
    run_sql(
        pool,
        "INSERT INTO meter_readings (meter_id, timestamp) VALUES \
             (72, '2026-11-01 00:00+00'), (72, '1950-11-01 00:00+00'), (71, '2026-11-02 00:00+00')",
    )
    .await
    .unwrap();
    let found = readings::written_by_sql_since(pool, before).await.unwrap();
    let (first, last) = (at("1950-11-01T00:00:00Z"), at("2026-11-01T00:00:00Z"));
    let only = at("2026-11-02T00:00:00Z");
    assert_eq!(found, [(MeterId(71), only, only), (MeterId(72), first, last)]);
    let later = Utc::now() + TimeDelta::minutes(1);
    assert_eq!(readings::written_by_sql_since(pool, later).await.unwrap(), []);
}
