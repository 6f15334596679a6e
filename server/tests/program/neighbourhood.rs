//! The demonstration's neighbourhood: settled at the first start while the program serves, and as it
//! was after a restart.

use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgPool;

use super::{Program, client, database_url, ended};

/// Months are recorded, computed and billed, by a program that is not optimised.
const PATIENCE: Duration = Duration::from_mins(15);

/// Meters that are billed: households, offices and the block of flats.
const BILLED: i64 = 63;

async fn pool(data_dir: &Path) -> PgPool {
    PgPool::connect(&database_url(data_dir).unwrap()).await.unwrap()
}

async fn count(pool: &PgPool, of: &'static str) -> i64 {
    sqlx::query_scalar(of).fetch_one(pool).await.unwrap()
}

async fn time(program: &Program) -> DateTime<Utc> {
    let (status, body) =
        program.send(&client(), reqwest::Method::GET, "/simulation-time", None).await.unwrap();
    assert_eq!(status, 200, "{body}");
    body["current_datetime"].as_str().unwrap().parse().unwrap()
}

/// Number, import and export register of a meter.
type Stand = (String, f64, Option<f64>);

/// The newest registers of the world's meters.
async fn registers(pool: &PgPool) -> Vec<Stand> {
    sqlx::query_as(
        "SELECT meter_number, energy_import_kwh, energy_export_kwh FROM energy_meters \
         JOIN sites ON sites.id = site_id AND slug = 'world' \
         CROSS JOIN LATERAL (SELECT energy_import_kwh, energy_export_kwh FROM meter_readings \
             WHERE meter_id = energy_meters.id ORDER BY \"timestamp\" DESC LIMIT 1) AS newest \
         ORDER BY meter_number",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_neighbourhood_settles_and_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let mut program = Program::start_with(&data_dir, &["--demo"]);
    let began = Utc::now();
    let db = pool(&data_dir).await;
    let deadline = Instant::now() + PATIENCE;
    let issued = "SELECT count(*) FROM bills WHERE number IS NOT NULL";
    while count(&db, issued).await < 2 * BILLED {
        assert!(Instant::now() < deadline, "{} bills are issued", count(&db, issued).await);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert_eq!(count(&db, issued).await, 2 * BILLED);
    assert_eq!(count(&db, "SELECT count(*) FROM transformers").await, 2_000);
    assert!(count(&db, "SELECT count(*) FROM p2p_trades").await >= 2 * 36);
    let short = "SELECT count(*) FROM (\
                     SELECT meter_id FROM energy_days JOIN simulated_meters USING (meter_id) \
                     WHERE day < date_trunc('month', now() AT TIME ZONE 'America/Los_Angeles') \
                     GROUP BY meter_id HAVING count(*) < 59 OR min(coverage) < 0.99) AS short";
    assert_eq!(count(&db, short).await, 0, "every meter has two whole months");

    let page = program.send(&client(), reqwest::Method::GET, "/api/bills?site=world", None).await;
    assert_eq!(page.unwrap().0, 200);
    let before = time(&program).await;
    assert!(before > began, "the world began at the present");
    program.signal(nix::sys::signal::Signal::SIGTERM);
    assert_eq!(ended(&mut program.child, Duration::from_mins(1)), Some(0));

    let program = Program::start_with(&data_dir, &["--demo"]);
    let db = pool(&data_dir).await;
    let stood = registers(&db).await;
    let after = time(&program).await;
    assert!(after >= before, "the world went back from {before} to {after}");
    let deadline = Instant::now() + PATIENCE;
    loop {
        let stand = registers(&db).await;
        let rise = |(new, old): (&Stand, &Stand)| {
            assert_eq!(new.0, old.0);
            assert!(new.1 >= old.1 && new.2 >= old.2, "a register fell: {old:?}, {new:?}");
            new.1 > old.1
        };
        if stand.iter().zip(&stood).map(rise).filter(|rose| *rose).count() > stood.len() / 2 {
            break;
        }
        assert!(Instant::now() < deadline, "the world does not go on");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let (_, status) =
        program.send(&client(), reqwest::Method::GET, "/simulation-time", None).await.unwrap();
    assert_eq!(status["paused"], Value::Bool(false));
    assert_eq!(count(&db, issued).await, 2 * BILLED, "nothing is billed twice");
}
