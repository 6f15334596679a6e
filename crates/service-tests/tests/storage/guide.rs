//! The statements of the hierarchical metering guide, as written there.

use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row as _};
use storage::{meters, readings, sites};

const ADD_METERS: &str = include_str!("guide/add_meters.sql");
const RECORD_READING: &str = include_str!("guide/record_reading.sql");
const LOSS_REPORT: &str = include_str!("guide/loss_report.sql");
const CARBON: &str = include_str!("guide/carbon.sql");

fn close(row: &PgRow, column: &str, expected: f64) -> bool {
    (row.get::<f64, _>(column) - expected).abs() < 1e-6
}

pub(crate) async fn the_statements_of_the_guide_run_as_written(pool: &PgPool) {
    sqlx::raw_sql(ADD_METERS).execute(pool).await.unwrap();
    let tree = meters::list(pool, sites::DEFAULT, true).await.unwrap();
    let shape: Vec<_> =
        tree.iter().map(|meter| (meter.number.as_str(), meter.level, meter.parent)).collect();
    assert_eq!(shape, [("GRID-001", 0, None), ("PS-001", 1, Some(tree[0].id))]);

    sqlx::query(
        "INSERT INTO energy_meters (meter_number, meter_name, meter_type, level, parent_meter_id) \
         VALUES ('DG-001', 'Diesel', 'DG', 2, $1)",
    )
    .bind(tree[1].id.0)
    .execute(pool)
    .await
    .unwrap();
    sqlx::raw_sql(RECORD_READING).execute(pool).await.unwrap();
    let main = "INSERT INTO meter_readings (meter_id, timestamp, total_energy_kwh) \
                VALUES ((SELECT id FROM energy_meters WHERE meter_number = 'PS-001'), now(), 250000)";
    sqlx::query(main).execute(pool).await.unwrap();

    let generator = meters::by_number(pool, sites::DEFAULT, "DG-001").await.unwrap().unwrap();
    let stored = readings::newest(pool, &[generator.id]).await.unwrap();
    assert_eq!(stored[0].values.active_power_kw, Some(450.0));
    assert_eq!(stored[0].values.diesel_consumption_liters, Some(280.0));
    assert_eq!((stored[0].quality, stored[0].source), (domain::Quality::Good, domain::Source::Sql));

    let report = sqlx::raw_sql(LOSS_REPORT).fetch_all(pool).await.unwrap();
    assert_eq!(report.len(), 1);
    assert!(close(&report[0], "loss", 125_000.0));
    assert!(close(&report[0], "loss_percent", 50.0));
    let carbon = sqlx::raw_sql(CARBON).fetch_all(pool).await.unwrap();
    assert!(close(&carbon[0], "total_emissions", 750.4));
}
