//! The first steps: what is due, and the first loss figure before its quarter-hour is full.

use chrono::{SubsecRound as _, TimeDelta, Utc};
use domain::MeterId;
use domain::losses::balance::Verdict;
use domain::overview::start::{FirstLoss, StartPage};
use service::pages::Query;
use service::pages::start::start_progress;
use service::{Principal, Service, Tasks};
use sqlx::PgPool;

use crate::{eventually, meter, reading};

const WHO: Principal = Principal::Loopback;

struct First {
    service: Service,
    tasks: Tasks,
}

impl First {
    async fn start(pool: &PgPool) -> Self {
        let (service, tasks) =
            service::start(pool.clone(), service::Vault::random()).await.unwrap();
        Self { service, tasks }
    }

    fn page(&self) -> StartPage {
        service::pages::start::start(&self.service, &WHO, &Query::default()).unwrap()
    }

    /// Reads meters every five seconds over the last so many of each, at constant power.
    async fn read(&self, meters: &[(MeterId, f64, i64)]) {
        let now = Utc::now().trunc_subsecs(0);
        let rows = meters.iter().flat_map(|&(id, power, seconds)| {
            (0..=seconds / 5).map(move |i| {
                let past = TimeDelta::seconds(i * 5);
                let energy = 500.0 + power * past.as_seconds_f64() / 3600.0;
                reading(id, now - TimeDelta::seconds(seconds) + past, power, energy)
            })
        });
        self.tasks.outbox.submit(rows.collect()).await.unwrap();
    }

    async fn loss(&self, what: &str, is_it: fn(&FirstLoss) -> bool) -> FirstLoss {
        eventually(what, || Some(self.page().loss).filter(is_it)).await
    }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_empty_site_has_every_step_before_it(pool: PgPool) {
    let first = First::start(&pool).await;
    let page = first.page();
    assert_eq!(page.done(), [false; 4]);
    assert_eq!((page.main, page.below, page.loss), (None, None, FirstLoss::NoMeters));
    first.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn two_minutes_of_both_meters_give_an_early_figure_with_a_wide_band(pool: PgPool) {
    let grid = meter(&pool, "GRID", "Grid", None).await;
    let hall = meter(&pool, "HALL", "Unit", Some(grid)).await;
    let first = First::start(&pool).await;
    first.read(&[(grid, 100.0, 300), (hall, 60.0, 120)]).await;
    let early = first.loss("an early figure", |loss| matches!(loss, FirstLoss::Early { .. })).await;
    let FirstLoss::Early { from, to, left, balance } = early else { panic!("it is early") };
    assert_eq!((to - from).num_seconds(), 120, "the time that both were read, not one alone");
    assert_eq!((left + (to - from)).num_minutes(), 15);
    let lost = 40.0 * 120.0 / 3600.0;
    assert!((balance.loss.unwrap().0 - lost).abs() <= balance.error.0, "{balance:?}");
    assert!(balance.error.0 > 0.01 * balance.source.0, "a poll more or less counts: {balance:?}");
    assert_eq!(balance.verdict, Verdict::Loss);
    assert_eq!(first.page().done(), [false, true, true, true]);
    assert!(start_progress(&first.service, &WHO, &Query::default()).unwrap().is_some());
    first.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn half_a_minute_is_too_early_and_says_how_much_is_lacking(pool: PgPool) {
    let grid = meter(&pool, "GRID", "Grid", None).await;
    let hall = meter(&pool, "HALL", "Unit", Some(grid)).await;
    let first = First::start(&pool).await;
    first.read(&[(grid, 100.0, 40), (hall, 90.0, 40)]).await;
    let soon = first.loss("a wait", |loss| matches!(loss, FirstLoss::Soon(_))).await;
    assert_eq!(soon, FirstLoss::Soon(TimeDelta::seconds(20)));
    first.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_meter_whose_register_stands_still_is_named(pool: PgPool) {
    let grid = meter(&pool, "GRID", "Grid", None).await;
    let hall = meter(&pool, "HALL", "Unit", Some(grid)).await;
    let first = First::start(&pool).await;
    first.read(&[(grid, 100.0, 120), (hall, 0.0, 120)]).await;
    let held = first.loss("a wait", |loss| matches!(loss, FirstLoss::Held(_))).await;
    assert_eq!(held, FirstLoss::Held(vec!["HALL".to_owned()]));
    first.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn after_a_quarter_hour_it_is_the_balance_that_stands_everywhere(pool: PgPool) {
    let grid = meter(&pool, "GRID", "Grid", None).await;
    let hall = meter(&pool, "HALL", "Unit", Some(grid)).await;
    let first = First::start(&pool).await;
    first.read(&[(grid, 100.0, 1200), (hall, 60.0, 1200)]).await;
    let known = first.loss("the balance", |loss| matches!(loss, FirstLoss::Known { .. })).await;
    let FirstLoss::Known { loss_kw, .. } = known else { panic!("it is known") };
    assert!((loss_kw - 40.0).abs() < 0.01, "{loss_kw}");
    assert!(start_progress(&first.service, &WHO, &Query::default()).unwrap().is_none());
    first.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_generator_below_the_main_meter_is_no_load_to_balance_with(pool: PgPool) {
    let grid = meter(&pool, "GRID", "Grid", None).await;
    let solar = storage::meters::NewMeter {
        parent: Some(grid),
        feeds_parent: true,
        ..storage::meters::NewMeter::named(storage::sites::DEFAULT, "PV", "PV", "Solar")
    };
    storage::meters::insert(&pool, &solar).await.unwrap();
    let first = First::start(&pool).await;
    let page = first.page();
    assert_eq!((page.main.map(|main| main.id), page.below), (Some(grid), None));
    first.tasks.stop().await;
}
