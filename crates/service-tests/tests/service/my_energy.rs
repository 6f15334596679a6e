//! The page of a household.

use chrono::{DateTime, TimeDelta, Utc};
use domain::SiteId;
use domain::live::SimulatedClock;
use service::bills::page::my_energy::{Mine, my_energy};
use service::operation::clock::{self, Simulated};
use service::pages::Query;
use sqlx::PgPool;

use crate::bench::{Bench, WHO, until};
use crate::moved::{at, near};
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_day_is_no_zero_before_it_is_read_and_says_up_to_when_it_is_known(pool: PgPool) {
    let home = "INSERT INTO sites (slug, name, kind, time_zone, price_per_kwh) \
        VALUES ('home', 'home', 'simulated', 'UTC', 2)";
    sqlx::query(home).execute(&pool).await.unwrap();
    let bench = Bench::start(pool).await;
    let home = storage::sites::by_slug(&bench.pool, "home").await.unwrap().unwrap().id;
    let meter = bench.meter_on(home, "H", "Unit", None).await;

    set_clock(&bench, home, at(10, 11) + TimeDelta::minutes(5));
    let unread = shown(&bench).await;
    assert_eq!((unread.today, unread.known_until), (None, None));

    let read = |n: i32| {
        let at = at(10, 8) + TimeDelta::minutes(5) * n;
        reading(meter, at, 2.0, 100.0 + f64::from(n) / 6.0)
    };
    bench.submit((0..=36).map(read).collect()).await;
    bench.settled().await;
    let read = shown(&bench).await;
    near("used", read.today.unwrap().0, 6.0);
    assert_eq!((read.known_until, read.curve.len()), (None, 12));

    set_clock(&bench, home, at(10, 12));
    let silent = shown(&bench).await;
    near("used", silent.today.unwrap().0, 6.0);
    assert_eq!(silent.known_until, Some(at(10, 11)));
    bench.stop().await;
}

fn set_clock(bench: &Bench, home: SiteId, now: DateTime<Utc>) {
    let (goes, record) = (SimulatedClock::Asked, TimeDelta::minutes(5));
    clock::set(&bench.service, home, Simulated { at: now, goes, recorded: now, record });
}

async fn shown(bench: &Bench) -> Mine {
    let query = Query::parse("site=home");
    until("the meter is known", async || {
        let page = my_energy(&bench.service, WHO, &query).await.unwrap();
        page.mine.ok_or("no meter to choose")
    })
    .await
}
