//! Meters with any mix of faults, read into the database in any order: the rows are those of one
//! fold over everything in order of time.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::interval::{Read, Rules, fold};
use domain::meters::{ImportRegister, Meter};
use domain::{MeterId, Quality, Reading, Source, Values};
use sqlx::PgPool;
use storage::meters::NewMeter;

use crate::rollup::settled;

/// Five of each way of giving.
const METERS: u64 = 20;
const BATCHES: usize = 20;
const QUARTER: TimeDelta = TimeDelta::minutes(15);
/// How often a meter without a device is taken to be read.
const POLL: TimeDelta = TimeDelta::minutes(5);

/// Numbers that look random and are the same in every run (Numerical Recipes, 32-bit).
pub(crate) struct Dice(pub(crate) u32);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % sides
    }
}

/// Which values a meter gives.
#[derive(Clone, Copy)]
pub(crate) enum Gives {
    /// Its total register and power, each time.
    All,
    /// Power each time, the register now and then.
    RegisterNowAndThen,
    /// Import and export registers, of which one is left out now and then.
    Both,
    /// Power only.
    Power,
}

/// All ways of giving.
pub(crate) const GIVES: [Gives; 4] =
    [Gives::All, Gives::RegisterNowAndThen, Gives::Both, Gives::Power];

pub(crate) fn life(dice: &mut Dice, meter: MeterId, gives: Gives) -> Vec<Reading> {
    let mut at: DateTime<Utc> = "2026-10-01T05:40:00Z".parse().unwrap();
    let (mut register, mut export) = (10_000.0 + f64::from(dice.roll(80_000)), 500.0);
    (0..40 + dice.roll(60))
        .map(|n| {
            let minutes = if dice.roll(12) == 0 { 20 + dice.roll(300) } else { 1 + dice.roll(9) };
            at += TimeDelta::minutes(i64::from(minutes));
            register += f64::from(dice.roll(100)) / 100.0 * f64::from(minutes);
            export += f64::from(dice.roll(10)) / 10.0;
            if dice.roll(40) == 0 {
                register = f64::from(dice.roll(5));
            }
            if dice.roll(40) == 0 {
                register += 250_000.0;
            }
            let shown = match dice.roll(30) {
                0 => register / 2.0,
                1 => register + 1e6,
                2 => register - 0.01,
                _ => register,
            };
            let power = Some(f64::from(dice.roll(80)) - 10.0);
            let values = match gives {
                Gives::All => Values {
                    active_power_kw: power,
                    total_energy_kwh: Some(shown),
                    ..Values::default()
                },
                Gives::RegisterNowAndThen => Values {
                    active_power_kw: power,
                    total_energy_kwh: (n % 7 == 0).then_some(shown),
                    ..Values::default()
                },
                Gives::Both => Values {
                    energy_import_kwh: (dice.roll(4) > 0).then_some(shown),
                    energy_export_kwh: (dice.roll(3) > 0).then_some(export),
                    ..Values::default()
                },
                Gives::Power => Values { active_power_kw: power, ..Values::default() },
            };
            let quality = if dice.roll(8) == 0 { Quality::Estimated } else { Quality::Good };
            Reading { meter, at, quality, source: Source::Api, values }
        })
        .collect()
}

pub(crate) async fn register(pool: &PgPool, number: u64, gives: Gives) -> Meter {
    let import_register = match gives {
        Gives::All | Gives::RegisterNowAndThen => Some(ImportRegister::Total),
        Gives::Both => Some(ImportRegister::Import),
        Gives::Power => None,
    };
    let new = NewMeter {
        rated_power_kw: Some(100.0),
        register_step_kwh: Some(0.01),
        register_modulus_kwh: number.is_multiple_of(2).then_some(100_000.0),
        import_register,
        ..NewMeter::named(storage::sites::DEFAULT, &format!("M-{number}"), "Any", "Unit")
    };
    storage::meters::insert(pool, &new).await.unwrap()
}

type Row = (DateTime<Utc>, f64, f64, f64, f32, i32, i32, f64);

async fn rows(pool: &PgPool, meter: MeterId) -> Vec<Row> {
    sqlx::query_as(
        "SELECT bucket_start, import_kwh, export_kwh, estimated_kwh, coverage, flags, starts, \
             runtime_s \
         FROM energy_intervals WHERE meter_id = $1 ORDER BY bucket_start",
    )
    .bind(meter.0)
    .fetch_all(pool)
    .await
    .unwrap()
}

/// What one fold over a meter's whole life gives, at the cadences that were learned of it.
async fn expected(pool: &PgPool, meter: &Meter, life: &[Reading]) -> Vec<Row> {
    let mut cadences = storage::readings::cadences::of(pool, &[meter.id]).await.unwrap();
    let cadences = cadences.remove(&meter.id).unwrap_or_default();
    let reads: Vec<Read> = life
        .iter()
        .map(|r| Read {
            at: r.at,
            quality: r.quality,
            is_estimate: r.is_estimate(),
            values: r.values.clone(),
        })
        .collect();
    let first = domain::energy::floor(reads[0].at, QUARTER).unwrap();
    let last = reads.last().unwrap().at;
    let bounds: Vec<_> = std::iter::successors(Some(first), |at| Some(*at + QUARTER))
        .take_while(|at| *at <= last + QUARTER)
        .collect();
    fold(&Rules { cadences, ..Rules::of(meter, POLL) }, None, &reads, &bounds)
        .intervals
        .iter()
        .map(|i| {
            #[expect(clippy::cast_possible_truncation, reason = "as the column stores it")]
            let coverage = i.coverage as f32;
            (
                i.start,
                i.import.0,
                i.export.0,
                i.estimated.0,
                coverage,
                i.flags.0,
                i32::try_from(i.starts).unwrap(),
                i.runtime_seconds,
            )
        })
        .collect()
}

fn assert_same(meter: &Meter, expected: &[Row], found: &[Row]) {
    assert_eq!(expected.len(), found.len(), "{}", meter.number);
    for (a, b) in expected.iter().zip(found) {
        let near = |x: f64, y: f64| (x - y).abs() < 1e-6;
        assert!(
            a.0 == b.0
                && near(a.1, b.1)
                && near(a.2, b.2)
                && near(a.3, b.3)
                && (a.4 - b.4).abs() < 1e-5
                && (a.5, a.6) == (b.5, b.6)
                && near(a.7, b.7),
            "{}: one fold gives {a:?}, the database has {b:?}",
            meter.number
        );
    }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn any_faults_in_any_order_of_arrival_give_the_rows_of_one_fold(pool: PgPool) {
    let mut dice = Dice(92);
    let mut meters = HashMap::new();
    let mut all = Vec::new();
    for number in 0..METERS {
        let gives = GIVES[usize::try_from(number).unwrap() % GIVES.len()];
        let meter = register(&pool, number, gives).await;
        let life = life(&mut dice, meter.id, gives);
        all.extend(life.iter().cloned());
        meters.insert(meter.id, (meter, life));
    }
    for i in (1..all.len()).rev() {
        all.swap(i, dice.roll(u32::try_from(i + 1).unwrap()) as usize);
    }
    let (_service, tasks) =
        service::start_quick(pool.clone(), service::Vault::random()).await.unwrap();
    for batch in all.chunks(all.len().div_ceil(BATCHES)) {
        tasks.outbox.submit(batch.to_vec()).await.unwrap();
        if dice.roll(2) == 0 {
            settled(&pool).await;
        }
    }
    settled(&pool).await;
    for (meter, life) in meters.values() {
        assert_same(meter, &expected(&pool, meter, life).await, &rows(&pool, meter.id).await);
    }

    // Computing everything again changes nothing.
    sqlx::query(
        "INSERT INTO rollup_queue SELECT meter_id, bucket_start FROM energy_intervals \
         ON CONFLICT DO NOTHING",
    )
    .execute(&pool)
    .await
    .unwrap();
    settled(&pool).await;
    for (meter, life) in meters.values() {
        assert_same(meter, &expected(&pool, meter, life).await, &rows(&pool, meter.id).await);
    }
    tasks.stop().await;
}
