use domain::SiteId;
use domain::grid::feasibility::Conductor;
use domain::sites::{GridSettings, Retention, Site, SiteKind};
use rust_decimal::Decimal;
use sqlx::PgPool;
use storage::sites;

use crate::world::constraint;

fn plant() -> Site {
    Site {
        id: SiteId(0),
        slug: "pune-2".into(),
        name: "Pune 2".into(),
        kind: SiteKind::Live,
        zone: "Asia/Kolkata".parse().unwrap(),
        currency: "INR".into(),
        price_per_kwh: Some(Decimal::new(825, 2)),
        grid_capacity_kw: Some(1_500.0),
        latitude: Some(18.52),
        longitude: Some(73.85),
        retention: Retention { raw_days: 30, hourly_days: 400, daily_days: 3_650 },
        grid: GridSettings {
            distance_limit_m: Some(400.0),
            voltage_binding: true,
            conductor: Conductor::named("2/0-al").unwrap(),
        },
    }
}

pub(crate) async fn a_fresh_database_has_the_default_site_and_the_simulated_world(pool: &PgPool) {
    let site = sites::default(pool).await.unwrap();
    assert_eq!((site.slug.as_str(), site.name.as_str()), ("default", "Default site"));
    assert_eq!((site.kind, site.zone), (SiteKind::Live, chrono_tz::UTC));
    assert_eq!(site.retention, Retention::default());
    let all = sites::list(pool).await.unwrap();
    let world = sites::by_slug(pool, "world").await.unwrap().unwrap();
    assert_eq!((world.kind, world.currency.as_str()), (SiteKind::Simulated, "INR"));
    assert_eq!(world.zone, chrono_tz::America::Los_Angeles);
    assert_eq!(all, [site, world]);
}

pub(crate) async fn a_site_comes_back_as_it_was_stored(pool: &PgPool) {
    let stored = sites::insert(pool, &plant()).await.unwrap();
    assert_eq!(stored.price_per_kwh, Some(Decimal::new(825, 2)));
    assert_eq!(stored.retention, plant().retention);
    assert_eq!(stored.grid, plant().grid);
    assert_eq!(sites::by_slug(pool, "pune-2").await.unwrap().as_ref(), Some(&stored));
    assert_eq!(sites::by_id(pool, stored.id).await.unwrap().as_ref(), Some(&stored));
    assert_eq!(sites::by_slug(pool, "pune-3").await.unwrap(), None);

    let changed = Site { name: "Pune West".into(), price_per_kwh: None, ..stored };
    assert_eq!(sites::update(pool, &changed).await.unwrap().as_ref(), Some(&changed));
    assert_eq!(sites::by_id(pool, changed.id).await.unwrap().as_ref(), Some(&changed));
    let unknown = Site { id: SiteId(99), slug: "x".into(), ..changed };
    assert_eq!(sites::update(pool, &unknown).await.unwrap(), None);
}

pub(crate) async fn a_site_that_makes_no_sense_is_refused_by_the_name_of_the_rule(pool: &PgPool) {
    let refused = async |site: Site| constraint(sites::insert(pool, &site).await);
    assert_eq!(refused(plant()).await, "sites_slug_key");
    assert_eq!(refused(Site { slug: "A b".into(), ..plant() }).await, "sites_slug_form");
    let slug = || "other".to_owned();
    let currency = Site { slug: slug(), currency: "rupees".into(), ..plant() };
    assert_eq!(refused(currency).await, "sites_currency_form");
    let retention = Retention { raw_days: 0, ..Retention::default() };
    assert_eq!(refused(Site { slug: slug(), retention, ..plant() }).await, "sites_raw_days_range");
    let latitude = Site { slug: slug(), latitude: Some(f64::NAN), ..plant() };
    assert_eq!(refused(latitude).await, "sites_latitude_range");
}
