//! Sites and buildings side by side over a period.

use chrono::{TimeDelta, Utc};
use domain::MeterId;
use domain::overview::portfolio::{Column, Key, PortfolioPage};
use service::Principal;
use service::overview::portfolio::page;
use service::pages::Query;
use sqlx::PgPool;

use crate::bench::{Bench, WHO};
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn sites_stand_side_by_side(pool: PgPool) {
    let bench = Bench::start(pool).await;
    let campus = campus(&bench).await;
    meters_that_were_read_long_enough_are_compared_and_others_are_not(&campus).await;
    a_choice_that_is_not_there_is_said_and_the_same_one_counts_once(&campus).await;
    nobody_sees_it(&bench).await;
    bench.stop().await;
}

struct Campus<'a> {
    bench: &'a Bench,
    main: MeterId,
    building: MeterId,
    mill: MeterId,
}

/// A campus with a building, and a mill.
async fn campus(bench: &Bench) -> Campus<'_> {
    let mill = bench.site(serde_json::json!({"slug": "mill", "name": "Mill"})).await.id;
    let main = bench.meter("MAIN", "Grid", None).await;
    let building = bench.meter("A", "Building", Some(main)).await;
    let mill = bench.meter_on(mill, "MILL", "Grid", None).await;
    Campus { bench, main, building, mill }
}

impl Campus<'_> {
    /// Readings each five minutes over yesterday, from an hour of it on.
    async fn run(&self, id: MeterId, power: f64, from_hour: i64) {
        let today = Utc::now().date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
        let start = today - TimeDelta::hours(24) + TimeDelta::hours(from_hour);
        let rows = (0..=(24 - from_hour) * 12).map(|i| {
            let at = start + TimeDelta::minutes(i * 5);
            reading(id, at, power, power * (at - start).as_seconds_f64() / 3600.0)
        });
        self.bench.submit(rows.collect()).await;
    }

    async fn page(&self, query: &str) -> PortfolioPage {
        page::portfolio(&self.bench.service, WHO, &Query::parse(query)).await.unwrap()
    }
}

async fn meters_that_were_read_long_enough_are_compared_and_others_are_not(campus: &Campus<'_>) {
    campus.run(campus.main, 100.0, 0).await;
    campus.run(campus.building, 90.0, 0).await;
    campus.run(campus.mill, 50.0, 12).await;
    let with = format!("default,mill,meter:{}", campus.building);
    let page = campus.page(&format!("period=yesterday&with={with}")).await;
    let [site, mill, building] = page.compared.as_slice() else { panic!("three are compared") };
    assert!(site.is_comparable() && building.is_comparable() && !mill.is_comparable());
    let (energy, coverage) = site.energy.unwrap();
    assert!((energy - 2400.0).abs() < 0.5 && coverage > 0.99, "{energy} {coverage}");
    assert!((site.loss.as_ref().unwrap().percent.unwrap() - 10.0).abs() < 0.01);
    assert!((mill.energy.unwrap().1 - 0.5).abs() < 0.01);
    assert_eq!((&mill.loss, building.site.as_deref()), (&None, Some("Default site")));
    assert_eq!(building.key, Key::Building(campus.building));
}

async fn a_choice_that_is_not_there_is_said_and_the_same_one_counts_once(campus: &Campus<'_>) {
    let page = campus.page("with=mill,mill,atlantis,meter:999&sort=power&order=turned").await;
    assert_eq!(page.compared.len(), 1);
    assert_eq!(page.gone, ["atlantis", "meter:999"]);
    assert_eq!((page.order.by, page.order.turned), (Column::Power, true));
    assert!(page.may_add);
}

async fn nobody_sees_it(bench: &Bench) {
    let refused = page::portfolio(&bench.service, &Principal::Anonymous, &Query::default()).await;
    assert!(matches!(refused, Err(service::Error::Unauthorized { .. })));
    assert!(service::overview::portfolio::list(&bench.service, &Principal::Anonymous).is_err());
}

#[test]
fn a_name_makes_its_short_name() {
    for (name, slug) in [("Mühle Süd", "muehle-sued"), ("  Hall 7 / B ", "hall-7-b"), ("工場", "")]
    {
        assert_eq!(service::sites::slug_of(name), slug);
    }
}
