//! The demonstration's history: each planted fault is found, and named where a balance shows it.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::interval::Flags;
use serde_json::Value;
use simulator::plant::faults::Planted;

use super::Demo;

/// A whole week is computed, by a program that is not optimised.
const PATIENCE: Duration = Duration::from_mins(4);

impl Demo {
    async fn computed(&self) -> bool {
        let past = self.anchor - TimeDelta::minutes(15);
        sqlx::query_scalar(
            "WITH plant AS (SELECT id FROM energy_meters WHERE site_id = 1) \
             SELECT NOT EXISTS (SELECT FROM rollup_queue \
                     WHERE bucket_start < $1 AND meter_id IN (SELECT id FROM plant)) \
                AND NOT EXISTS (SELECT FROM rollup_claims \
                     WHERE bucket_start < $1 AND meter_id IN (SELECT id FROM plant)) \
                AND NOT EXISTS (SELECT FROM loss_queue \
                     WHERE hour_start < $1 - interval '1 hour' AND meter_id IN (SELECT id FROM plant)) \
                AND EXISTS (SELECT FROM power_loss_analysis)",
        )
        .bind(past)
        .fetch_one(&self.pool)
        .await
        .unwrap()
    }

    fn fault(&self, number: &str) -> Planted {
        let of = |fault: &&Planted| self.plant.meters()[fault.meter].number == number;
        *self.plant.faults().iter().find(of).unwrap()
    }

    /// Import and export between two quarter-hours.
    async fn energy(&self, number: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> (f64, f64) {
        sqlx::query_as(
            "SELECT sum(import_kwh), sum(export_kwh) \
             FROM energy_intervals JOIN energy_meters ON id = meter_id \
             WHERE meter_number = $1 AND bucket_start >= $2 AND bucket_start < $3",
        )
        .bind(number)
        .bind(from)
        .bind(to)
        .fetch_one(&self.pool)
        .await
        .unwrap()
    }

    /// The quarter-hours of a meter with a flag: when they begin, and their coverage.
    async fn flagged(&self, number: &str, flag: Flags) -> Vec<(DateTime<Utc>, f32, f64)> {
        sqlx::query_as(
            "SELECT bucket_start, coverage, estimated_kwh \
             FROM energy_intervals JOIN energy_meters ON id = meter_id \
             WHERE meter_number = $1 AND flags & $2 <> 0 AND bucket_start < $3 \
             ORDER BY bucket_start",
        )
        .bind(number)
        .bind(flag.0)
        .bind(self.anchor - TimeDelta::hours(1))
        .fetch_all(&self.pool)
        .await
        .unwrap()
    }

    /// Verdict and cause of a node on the day that begins at `start`.
    async fn day(&self, node: &str, start: DateTime<Utc>) -> (String, Value) {
        let (verdict, cause): (String, Option<Value>) = sqlx::query_as(
            "SELECT verdict, cause FROM power_loss_analysis JOIN energy_meters ON id = meter_id \
             WHERE meter_number = $1 AND resolution = '1d' AND window_start = $2",
        )
        .bind(node)
        .bind(start)
        .fetch_one(&self.pool)
        .await
        .unwrap();
        (verdict, cause.unwrap_or_default())
    }

    /// The same once the cause has this code: a day is looked into again when its balance changed, but
    /// not more than once a minute. What it is at last, where it never gets it.
    async fn cause(&self, node: &str, start: DateTime<Utc>, code: &str) -> (String, Value) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (verdict, cause) = self.day(node, start).await;
            if cause["named"]["code"] == code || Instant::now() > deadline {
                return (verdict, cause);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Energy that passed the meters of faults, each between two instants.
    fn passed<const N: usize>(
        &self,
        asked: [(Planted, DateTime<Utc>, DateTime<Utc>); N],
    ) -> [f64; N] {
        let ends = asked.map(|(fault, from, to)| [(fault.meter, from), (fault.meter, to)]);
        let counted = self.plant.counted_kwh(ends.as_flattened());
        std::array::from_fn(|i| counted[2 * i + 1] - counted[2 * i])
    }
}

/// Energy came in through the grid in each quarter-hour from the day on which the meters were installed.
async fn five_weeks_are_known(demo: &Demo) {
    let (first, count): (DateTime<Utc>, i64) = sqlx::query_as(
        "SELECT min(bucket_start), count(*) FROM energy_intervals JOIN energy_meters ON id = meter_id \
         WHERE meter_number = 'GRID-001' AND import_kwh > 0 AND bucket_start < $1",
    )
    .bind(demo.anchor)
    .fetch_one(&demo.pool)
    .await
    .unwrap();
    let installed = demo.anchor - TimeDelta::days(35);
    assert!(first < installed + TimeDelta::hours(1), "{first} is later than {installed}");
    assert!(count >= 35 * 96 - 4, "{count} quarter-hours");
}

pub(super) async fn each_fault_is_found_and_named(demo: &Demo) {
    demo.until("the history is computed", PATIENCE, async || demo.computed().await).await;
    five_weeks_are_known(demo).await;
    let quarter = domain::energy::QUARTER;
    let first = domain::energy::floor(demo.anchor - TimeDelta::days(7), quarter).unwrap() + quarter;
    let last = domain::energy::floor(demo.anchor - TimeDelta::hours(1), quarter).unwrap();

    for (number, flag) in [("A-03", Flags::RESET), ("SM-003", Flags::ROLLOVER)] {
        let fault = demo.fault(number);
        let flagged = demo.flagged(number, flag).await;
        assert_eq!(flagged.len(), 1, "{number}: {flagged:?}");
        assert_eq!(Some(flagged[0].0), domain::energy::floor(fault.from, quarter), "{number}");
    }
    let faulty = ["A-03", "SM-003", "AD-005", "B-01", "B-02"];
    let passed = demo.passed(faulty.map(|number| (demo.fault(number), first, last)));
    for (number, passed) in faulty.into_iter().zip(passed) {
        let (import, export) = demo.energy(number, first, last).await;
        let off = (import + export - passed).abs();
        assert!(off < 0.01, "{number}: {import} + {export} for {passed} kWh");
    }

    let (gap, reversed) = (demo.fault("AD-005"), demo.fault("B-01"));
    let [in_gap, turned] = demo.passed([gap, reversed].map(|fault| (fault, fault.from, fault.to)));
    let hatched = demo.flagged("AD-005", Flags::GAP).await;
    assert!(hatched.iter().all(|(start, ..)| *start + quarter > gap.from && *start < gap.to));
    assert!(hatched.len() >= 5 && hatched.iter().all(|(_, coverage, _)| *coverage < 0.99));
    let estimated: f64 = hatched.iter().map(|(.., kwh)| kwh).sum();
    assert!((estimated - in_gap).abs() < 0.01, "{estimated} for {in_gap} kWh");

    let (_, export) = demo.energy("B-01", reversed.from, reversed.to).await;
    assert!((export - turned).abs() < 0.01);
    let (verdict, cause) =
        demo.cause("PB-001", reversed.from - TimeDelta::hours(9), "sign_inverted").await;
    assert_eq!(verdict, "loss");
    assert_eq!(cause["named"]["code"], "sign_inverted", "{cause}");
    assert_eq!(cause["named"]["meterNumber"], "B-01", "{cause}");

    let moved = demo.fault("B-02").to;
    for days in [1, 2] {
        for (node, expected) in [("PA-001", "negative"), ("PB-001", "loss")] {
            let (verdict, cause) =
                demo.cause(node, moved - TimeDelta::days(days), "wrong_parent").await;
            assert_eq!(verdict, expected, "{node}");
            assert_eq!(cause["named"]["code"], "wrong_parent", "{node}: {cause}");
            assert_eq!(cause["named"]["meterNumber"], "B-02", "{node}: {cause}");
        }
    }
    let negative: Vec<(String, DateTime<Utc>)> = sqlx::query_as(
        "SELECT DISTINCT meter_number, window_start \
         FROM power_loss_analysis JOIN energy_meters ON id = meter_id \
         WHERE verdict = 'negative' AND NOT (meter_number = 'PA-001' AND window_start < $1)",
    )
    .bind(moved)
    .fetch_all(&demo.pool)
    .await
    .unwrap();
    assert!(negative.is_empty(), "gains without a fault: {negative:?}");
}
