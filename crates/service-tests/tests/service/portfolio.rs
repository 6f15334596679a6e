//! Sites and buildings side by side over a period.

use chrono::{TimeDelta, Utc};
use domain::overview::portfolio::{Column, Key, PortfolioPage};
use domain::{MeterId, SiteId};
use service::overview::portfolio::page;
use service::pages::Query;
use service::sites::NewSite;
use service::{Principal, Service, Tasks};
use sqlx::PgPool;
use storage::meters::NewMeter;

use crate::reading;

const WHO: Principal = Principal::Loopback;

struct Campus {
    service: Service,
    tasks: Tasks,
    main: MeterId,
    building: MeterId,
    mill: MeterId,
}

async fn on(pool: &PgPool, site: SiteId, number: &str, parent: Option<MeterId>) -> MeterId {
    let kind = if parent.is_some() { "Building" } else { "Grid" };
    let new = NewMeter { parent, ..NewMeter::named(site, number, number, kind) };
    storage::meters::insert(pool, &new).await.unwrap().id
}

/// A campus with a building, and a mill, both since an hour before yesterday's midnight.
async fn campus(pool: &PgPool) -> Campus {
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let new = serde_json::json!({"slug": "mill", "name": "Mill"});
    let new: NewSite = serde_json::from_value(new).unwrap();
    service::sites::create(&service, &WHO, new).await.unwrap();
    tasks.stop().await;
    let mill = storage::sites::by_slug(pool, "mill").await.unwrap().unwrap().id;
    let default = storage::sites::DEFAULT;
    let main = on(pool, default, "MAIN", None).await;
    let building = on(pool, default, "A", Some(main)).await;
    let mill = on(pool, mill, "MILL", None).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    Campus { service, tasks, main, building, mill }
}

impl Campus {
    /// Readings each five minutes over yesterday, from an hour of it on.
    async fn run(&self, id: MeterId, power: f64, from_hour: i64) {
        let today = Utc::now().date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
        let start = today - TimeDelta::hours(24) + TimeDelta::hours(from_hour);
        let rows = (0..=(24 - from_hour) * 12).map(|i| {
            let at = start + TimeDelta::minutes(i * 5);
            reading(id, at, power, power * (at - start).as_seconds_f64() / 3600.0)
        });
        self.tasks.outbox.submit(rows.collect()).await.unwrap();
    }

    async fn page(&self, query: &str) -> PortfolioPage {
        page::portfolio(&self.service, &WHO, &Query::parse(query)).await.unwrap()
    }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_was_read_long_enough_is_compared_and_the_rest_is_not(pool: PgPool) {
    let campus = campus(&pool).await;
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
    campus.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_choice_that_is_not_there_is_said_and_the_same_one_counts_once(pool: PgPool) {
    let campus = campus(&pool).await;
    let page = campus.page("with=mill,mill,atlantis,meter:999&sort=power&order=turned").await;
    assert_eq!(page.compared.len(), 1);
    assert_eq!(page.gone, ["atlantis", "meter:999"]);
    assert_eq!((page.order.by, page.order.turned), (Column::Power, true));
    assert!(page.may_add);
    campus.tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn nobody_sees_it(pool: PgPool) {
    let campus = campus(&pool).await;
    let refused = page::portfolio(&campus.service, &Principal::Anonymous, &Query::default()).await;
    assert!(matches!(refused, Err(service::Error::Unauthorized { .. })));
    assert!(service::overview::portfolio::list(&campus.service, &Principal::Anonymous).is_err());
    campus.tasks.stop().await;
}

#[test]
fn a_name_makes_its_short_name() {
    for (name, slug) in [("Mühle Süd", "muehle-sued"), ("  Hall 7 / B ", "hall-7-b"), ("工場", "")]
    {
        assert_eq!(service::sites::slug_of(name), slug);
    }
}
