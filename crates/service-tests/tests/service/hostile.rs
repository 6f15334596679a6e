//! Rows that plain SQL wrote past every check stop nothing else.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{MeterId, Reading};
use serde_json::json;
use service::operation::supervision::Condition;
use service::pages::{self, Query};
use sqlx::PgPool;

use crate::bench::{Bench, WHO, until};
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn rows_of_plain_sql_stop_nothing_else(pool: PgPool) {
    let bench = Bench::start(pool).await;
    a_reading_of_1900_in_india_stops_nothing(&bench).await;
    a_register_beyond_measure_stops_nothing(&bench).await;
    bench.stop().await;
}

/// A meter of a site in India.
async fn elsewhere(bench: &Bench, slug: &str) -> MeterId {
    let new = json!({"slug": slug, "name": slug, "timeZone": "Asia/Kolkata", "pricePerKwh": "9.5"});
    let site = bench.site(new).await.id;
    let main = bench.meter_on(site, "P-1", "Main", None).await;
    bench.meter_on(site, "P-2", "Main", Some(main)).await;
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
async fn goes_on(bench: &Bench, name: &str) {
    let main = bench.meter(&format!("{name} M"), "Main", None).await;
    let unit = bench.meter(&format!("{name} C"), "Unit", Some(main)).await;
    let now = Utc::now();
    let rows = |id| -> Vec<Reading> {
        let each = |n: i32| {
            let at = now - TimeDelta::minutes(180) + TimeDelta::minutes(5) * n;
            reading(id, at, 60.0, 5.0 * f64::from(n))
        };
        (0..=36).map(each).collect()
    };
    bench.submit([rows(main), rows(unit)].concat()).await;
    bench.balanced().await;
    let kwh = bench.total(unit).await;
    assert!((kwh - 180.0).abs() < 1e-6, "{kwh}");
    until("the other site is shown", async || {
        let snapshot = pages::snapshot(&bench.service, WHO, &Query::default()).await.unwrap();
        let power = snapshot.value(unit).and_then(|value| value.power_kw);
        power.filter(|kw| (kw - 60.0).abs() < 1e-6).ok_or(power)
    })
    .await;
    for report in bench.service.supervision().reports() {
        assert_eq!((report.condition, report.restarts), (Condition::Running, 0), "{report:?}");
    }
}

async fn a_reading_of_1900_in_india_stops_nothing(bench: &Bench) {
    let id = elsewhere(bench, "of-1900").await;
    for (at, kwh) in [("1900-06-01T00:00:00Z", 1.0), ("1900-06-01T00:20:00Z", 2.0)] {
        write(&bench.pool, id, at.parse().unwrap(), kwh).await;
    }
    write(&bench.pool, id, Utc::now() - TimeDelta::minutes(20), 3.0).await;
    goes_on(bench, "1900").await;
}

async fn a_register_beyond_measure_stops_nothing(bench: &Bench) {
    let id = elsewhere(bench, "beyond").await;
    for (minutes, kwh) in [(40, 1.0), (30, 6e27), (20, -6e27), (10, 1e308)] {
        write(&bench.pool, id, Utc::now() - TimeDelta::minutes(minutes), kwh).await;
    }
    goes_on(bench, "beyond").await;
}
