use chrono::TimeDelta;
use domain::{MeterId, Reading, Values};
use sqlx::PgPool;
use storage::readings::{self, Bracket, brackets};

use crate::world::{at, reading, run_sql};

/// Minutes past ten of the samples next to an instant.
fn minutes(bracket: &Bracket) -> (Option<i64>, Option<i64>) {
    let ten = at("2026-11-20T10:00:00Z");
    let minute = |sample: &readings::RegisterSample| (sample.at - ten).num_minutes();
    (bracket.before.as_ref().map(minute), bracket.after.as_ref().map(minute))
}

pub(crate) async fn recent_samples_come_by_meter_and_time(pool: &PgPool) {
    let batch = [
        reading(2, "2026-11-20T10:05:00Z", 20.0, 2.0),
        reading(1, "2026-11-20T10:10:00Z", 11.0, 1.0),
        reading(1, "2026-11-20T10:05:00Z", 10.0, 1.0),
        reading(1, "2026-11-20T10:00:00Z", 9.0, 1.0),
        reading(3, "2026-11-20T10:05:00Z", 30.0, 1.0),
    ];
    readings::insert(pool, &batch).await.unwrap();
    let from = at("2026-11-20T10:05:00Z");
    let samples = readings::recent(pool, &[MeterId(2), MeterId(1)], from).await.unwrap();
    let totals: Vec<_> =
        samples.iter().map(|sample| (sample.meter.0, sample.total_energy_kwh)).collect();
    assert_eq!(totals, [(1, Some(10.0)), (1, Some(11.0)), (2, Some(20.0))]);
}

pub(crate) async fn an_instant_is_bracketed_by_the_nearest_registers_within_reach(pool: &PgPool) {
    let power_only = Reading {
        values: Values { active_power_kw: Some(1.0), ..Values::default() },
        ..reading(11, "2026-11-20T10:19:00Z", 0.0, 0.0)
    };
    let export_only = Reading {
        values: Values { energy_export_kwh: Some(1.0), ..Values::default() },
        ..reading(11, "2026-11-20T10:50:00Z", 0.0, 0.0)
    };
    let batch = [
        reading(11, "2026-11-20T10:00:00Z", 1.0, 1.0),
        reading(11, "2026-11-20T10:10:00Z", 2.0, 1.0),
        power_only,
        reading(11, "2026-11-20T10:30:00Z", 3.0, 1.0),
        export_only,
        reading(12, "2026-11-20T10:20:00Z", 7.0, 1.0),
    ];
    readings::insert(pool, &batch).await.unwrap();
    let instants = ["10:10", "10:20", "10:40", "09:00"].map(|t| at(&format!("2026-11-20T{t}:00Z")));
    let meters = [MeterId(12), MeterId(11), MeterId(19)];
    let found = brackets(pool, &meters, &instants, TimeDelta::minutes(10)).await.unwrap();

    let keys: Vec<_> = found.iter().map(|bracket| (bracket.meter, bracket.instant)).collect();
    let all: Vec<_> = meters.iter().flat_map(|&m| instants.iter().map(move |&t| (m, t))).collect();
    assert_eq!(keys, all);
    let expected = [
        // Meter 12.
        (None, Some(20)),
        (Some(20), Some(20)),
        (None, None),
        (None, None),
        // Meter 11.
        (Some(10), Some(10)),
        (Some(10), Some(30)),
        (Some(30), Some(50)),
        (None, None),
        // A meter without readings.
        (None, None),
        (None, None),
        (None, None),
        (None, None),
    ];
    assert_eq!(found.iter().map(minutes).collect::<Vec<_>>(), expected);
    let sample = found[4].before.as_ref().unwrap();
    assert_eq!((sample.total_energy_kwh, sample.active_power_kw), (Some(2.0), Some(1.0)));
}

pub(crate) async fn brackets_reach_over_the_end_of_a_month_and_into_the_default_partition(
    pool: &PgPool,
) {
    run_sql(
        pool,
        "INSERT INTO meter_readings (meter_id, timestamp, total_energy_kwh) VALUES \
             (21, '1970-01-31 23:50+00', 1), (21, '1970-02-01 00:10+00', 2)",
    )
    .await
    .unwrap();
    readings::partitions::ensure(pool, [at("1970-02-01T00:00:00Z")]).await.unwrap();
    let midnight = at("1970-02-01T00:00:00Z");
    let found = brackets(pool, &[MeterId(21)], &[midnight], TimeDelta::hours(1)).await.unwrap();
    let total = |sample: &Option<readings::RegisterSample>| {
        sample.as_ref().and_then(|sample| sample.total_energy_kwh)
    };
    assert_eq!((total(&found[0].before), total(&found[0].after)), (Some(1.0), Some(2.0)));
}

pub(crate) async fn a_register_that_is_not_a_number_is_no_register(pool: &PgPool) {
    run_sql(
        pool,
        "INSERT INTO meter_readings (meter_id, timestamp, total_energy_kwh, active_power_kw) \
         VALUES (31, '2026-11-20 10:00+00', 'NaN', 3)",
    )
    .await
    .unwrap();
    let samples = readings::recent(pool, &[MeterId(31)], at("2026-11-20T00:00:00Z")).await.unwrap();
    assert_eq!((samples[0].total_energy_kwh, samples[0].active_power_kw), (None, Some(3.0)));
    let newest = readings::newest(pool, &[MeterId(31)]).await.unwrap();
    assert_eq!(newest[0].values.total_energy_kwh, None);
    assert_eq!(newest[0].quality, domain::Quality::Error);
}
