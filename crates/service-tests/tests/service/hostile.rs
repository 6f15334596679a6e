//! Rows that plain SQL wrote past every check stop nothing else.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::sites::{GridSettings, Retention, SiteKind};
use domain::{MeterId, Reading};
use service::operation::supervision::Condition;
use service::pages::{self, Query};
use service::{Principal, Service};
use sqlx::PgPool;

use crate::retention::balanced;
use crate::{meter, reading};

/// A meter of a site in India.
async fn elsewhere(pool: &PgPool) -> MeterId {
    let site = storage::sites::insert(
        pool,
        &domain::sites::Site {
            id: domain::SiteId(0),
            slug: "pune".into(),
            name: "Pune".into(),
            kind: SiteKind::Live,
            zone: chrono_tz::Asia::Kolkata,
            currency: "INR".into(),
            price_per_kwh: Some("9.5".parse().unwrap()),
            grid_capacity_kw: None,
            latitude: None,
            longitude: None,
            retention: Retention::default(),
            grid: GridSettings::default(),
        },
    )
    .await
    .unwrap();
    let named = |number| storage::meters::NewMeter::named(site.id, number, number, "Main");
    let main = storage::meters::insert(pool, &named("P-1")).await.unwrap().id;
    let below = storage::meters::NewMeter { parent: Some(main), ..named("P-2") };
    storage::meters::insert(pool, &below).await.unwrap();
    main
}

async fn write(pool: &PgPool, id: MeterId, at: DateTime<Utc>, kwh: f64) {
    sqlx::query(
        "INSERT INTO meter_readings (meter_id, \"timestamp\", total_energy_kwh, active_power_kw) \
         VALUES ($1, $2, $3, $3)",
    )
    .bind(id.0)
    .bind(at)
    .bind(kwh)
    .execute(pool)
    .await
    .unwrap();
}

/// Other sites are summed up and balanced, shown live, and nothing falls.
async fn goes_on(pool: &PgPool, service: &Service, tasks: &service::Tasks) {
    let main = meter(pool, "M", "Main", None).await;
    let unit = meter(pool, "C", "Unit", Some(main)).await;
    let now = Utc::now();
    let rows = |id| -> Vec<Reading> {
        let each = |n: i32| {
            let at = now - TimeDelta::minutes(180) + TimeDelta::minutes(5) * n;
            reading(id, at, 60.0, 5.0 * f64::from(n))
        };
        (0..=36).map(each).collect()
    };
    tasks.outbox.submit([rows(main), rows(unit)].concat()).await.unwrap();
    balanced(pool).await;
    let (kwh,): (f64,) =
        sqlx::query_as("SELECT sum(import_kwh) FROM energy_intervals WHERE meter_id = $1")
            .bind(unit.0)
            .fetch_one(pool)
            .await
            .unwrap();
    assert!((kwh - 180.0).abs() < 1e-6, "{kwh}");
    let query = Query::default();
    for n in 0.. {
        let snapshot = pages::snapshot(service, &Principal::Loopback, &query).await.unwrap();
        let value = snapshot.value(unit);
        if value.is_some_and(|value| value.power_kw.is_some_and(|kw| (kw - 60.0).abs() < 1e-6)) {
            break;
        }
        assert!(n < 400, "the other site is not shown: {value:?}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    for report in service.supervision().reports() {
        assert_eq!((report.condition, report.restarts), (Condition::Running, 0), "{report:?}");
    }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_reading_of_1900_in_india_stops_nothing(pool: PgPool) {
    let id = elsewhere(&pool).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    for (at, kwh) in [("1900-06-01T00:00:00Z", 1.0), ("1900-06-01T00:20:00Z", 2.0)] {
        write(&pool, id, at.parse().unwrap(), kwh).await;
    }
    write(&pool, id, Utc::now() - TimeDelta::minutes(20), 3.0).await;
    goes_on(&pool, &service, &tasks).await;
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_register_beyond_measure_stops_nothing(pool: PgPool) {
    let id = elsewhere(&pool).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    for (minutes, kwh) in [(40, 1.0), (30, 6e27), (20, -6e27), (10, 1e308)] {
        write(&pool, id, Utc::now() - TimeDelta::minutes(minutes), kwh).await;
    }
    goes_on(&pool, &service, &tasks).await;
    tasks.stop().await;
}
