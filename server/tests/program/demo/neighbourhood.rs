//! The demonstration's neighbourhood: settled at the first start while the program serves, and as it
//! was after a restart.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::Demo;
use crate::{Program, client};

/// Weeks are recorded, computed and billed, by a program that is not optimised.
const PATIENCE: Duration = Duration::from_mins(15);

/// Meters that are billed: households, offices and the block of flats.
const BILLED: i64 = 63;

async fn count(pool: &PgPool, of: &'static str) -> i64 {
    sqlx::query_scalar(of).fetch_one(pool).await.unwrap()
}

async fn time(program: &Program) -> DateTime<Utc> {
    let (status, body) =
        program.send(&client(), Method::GET, "/simulation-time", None).await.unwrap();
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

const ISSUED: &str = "SELECT count(*) FROM bills WHERE number IS NOT NULL";

/// The month that is over is recorded, computed and billed; the time on the clock of the world.
pub(super) async fn settles(demo: &Demo) -> DateTime<Utc> {
    let db = &demo.pool;
    demo.until("the bills are issued", PATIENCE, async || count(db, ISSUED).await >= BILLED).await;
    assert_eq!(count(db, ISSUED).await, BILLED);
    assert_eq!(count(db, "SELECT count(*) FROM transformers").await, 2_000);
    assert!(count(db, "SELECT count(*) FROM p2p_trades").await >= 36);
    let traded =
        "SELECT number FROM bills WHERE number IS NOT NULL AND content -> 'trades' <> '[]' LIMIT 1";
    let traded: String = sqlx::query_scalar(traded).fetch_one(db).await.unwrap();
    let file = format!("/bills/{traded}?site=world&file=trades.csv");
    let trades = demo.visitor.get(&file).await.text;
    assert!(trades.contains(",Fulfilled (kWh),"), "{trades}");
    let short = "SELECT count(*) FROM (\
                     SELECT meter_id FROM energy_days JOIN simulated_meters USING (meter_id) \
                     WHERE day < date_trunc('month', now() AT TIME ZONE 'America/Los_Angeles') \
                     GROUP BY meter_id HAVING min(coverage) < 0.99 OR count(*) < extract(day FROM \
                         date_trunc('month', now() AT TIME ZONE 'America/Los_Angeles') - interval '1 day') \
                 ) AS short";
    assert_eq!(count(db, short).await, 0, "every meter has a whole month");

    assert_eq!(demo.visitor.get("/api/bills?site=world").await.status, 200);
    let now = time(&demo.visitor.program).await;
    assert!(now > demo.began, "the world began at the present");
    now
}

/// Lets the world stand still, or go on.
pub(super) async fn pause(demo: &Demo, paused: bool) {
    let (program, change) = (&demo.visitor.program, json!({"paused": paused}));
    let sent = program.send(&client(), Method::POST, "/simulation-time", Some(&change)).await;
    let (status, body) = sent.unwrap();
    assert_eq!((status, &body["paused"]), (200, &change["paused"]), "{body}");
}

/// After a restart: from where it was.
pub(super) async fn goes_on(demo: &Demo, before: DateTime<Utc>) {
    let (db, program) = (&demo.pool, &demo.visitor.program);
    let stood = registers(db).await;
    let after = time(program).await;
    assert!(after >= before, "the world went back from {before} to {after}");
    let deadline = Instant::now() + PATIENCE;
    loop {
        let stand = registers(db).await;
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
    let (_, status) = program.send(&client(), Method::GET, "/simulation-time", None).await.unwrap();
    assert_eq!(status["paused"], Value::Bool(false));
    assert_eq!(count(db, ISSUED).await, BILLED, "nothing is billed twice");
}
