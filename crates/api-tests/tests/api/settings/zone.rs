//! A zone that moves leaves correct days and balances.

use serde_json::{Value, json};
use sqlx::PgPool;

use super::load;
use crate::{World, has, in_one_world};

/// When a window begins, and what went into the node in it.
type Balance = (String, f64);

/// The days on which a meter imported something, and how much.
async fn days(pool: &PgPool, meter: i64) -> Vec<(chrono::NaiveDate, f64)> {
    let statement = "SELECT day, import_kwh FROM energy_days \
        WHERE meter_id = $1 AND import_kwh > 0.000001 ORDER BY day";
    sqlx::query_as(statement).bind(meter).fetch_all(pool).await.unwrap()
}

fn about(found: &[(chrono::NaiveDate, f64)], wanted: &[(&str, f64)]) -> bool {
    found.len() == wanted.len()
        && found.iter().zip(wanted).all(|((day, kwh), (date, wanted))| {
            day.to_string() == *date && (kwh - wanted).abs() < 1e-6
        })
}

async fn eventually_days(pool: &PgPool, meter: i64, wanted: &[(&str, f64)]) {
    for _ in 0..400 {
        if about(&days(pool, meter).await, wanted) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("{:?} is not {wanted:?}", days(pool, meter).await);
}

in_one_world! { a_site_changes_its_zone_or_retention:
    days_are_summed_up_again_by_the_new_clock, balances_stand_on_the_hours_of_the_new_clock,
    what_a_shorter_retention_drops_is_said_before,
}

async fn days_are_summed_up_again_by_the_new_clock(world: &World) {
    let meter =
        world.meter(&json!({"meterNumber": "G", "meterName": "G", "meterType": "Grid"})).await;
    load(world, "G", 8.0, 0..24).await;
    eventually_days(&world.pool, meter, &[("2026-05-01", 192.0)]).await;

    let india = json!({"timeZone": "Asia/Kolkata"});
    let asked = world.post("/api/sites/default/preview", &india).await.is(200);
    let zone = asked.json()["data"]["zone"].clone();
    assert_eq!((&zone["days"], &zone["daysKept"]), (&json!(2), &json!(0)), "{zone}");
    assert_eq!(world.get("/api/sites/default").await.json()["data"]["timeZone"], "UTC");
    assert!(
        about(&days(&world.pool, meter).await, &[("2026-05-01", 192.0)]),
        "a preview changes nothing"
    );

    world.send("PATCH", "/api/sites/default", &india).await.is(200);
    // Midnight in India is half past six in the evening: 18.5 hours of the one day, 5.5 of the next.
    let halves = [("2026-05-01", 148.0), ("2026-05-02", 44.0)];
    assert!(
        about(&days(&world.pool, meter).await, &halves),
        "{:?}",
        days(&world.pool, meter).await
    );

    let back = json!({"timeZone": "UTC"});
    world.send("PATCH", "/api/sites/default", &back).await.is(200);
    assert!(about(&days(&world.pool, meter).await, &[("2026-05-01", 192.0)]));
    let mars = world.post("/api/sites/default/preview", &json!({"timeZone": "Mars"})).await;
    mars.invalid("timeZone");
    let world_site =
        world.send("PATCH", "/api/sites/world", &json!({"timeZone": "Asia/Tokyo"})).await;
    world_site.refused(409, "simulated_zone", Some("timeZone"));
}

async fn balances_stand_on_the_hours_of_the_new_clock(world: &World) {
    let new = |number: &str, parent: Option<&str>| {
        json!({"meterNumber": number, "meterName": number, "meterType": "Unit",
            "parentMeterNumber": parent})
    };
    let node = world.meter(&new("G", None)).await;
    world.meter(&new("A", Some("G"))).await;
    load(world, "G", 10.0, 0..24).await;
    load(world, "A", 8.0, 0..24).await;
    let balanced = async |resolution: &str, wanted: &dyn Fn(&[Balance]) -> bool| {
        let statement = "SELECT to_char(window_start AT TIME ZONE 'UTC', 'DD HH24:MI'), \
            source_energy_kwh FROM power_loss_analysis \
            WHERE meter_id = $1 AND resolution = $2 AND source_energy_kwh > 0.000001 \
            ORDER BY window_start";
        let mut rows: Vec<Balance> = Vec::new();
        for _ in 0..1_200 {
            let query = sqlx::query_as(statement).bind(node).bind(resolution);
            rows = query.fetch_all(&world.pool).await.unwrap();
            if wanted(&rows) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("{resolution}: {rows:?}");
    };
    balanced("1d", &|rows| rows.len() == 1 && (rows[0].1 - 240.0).abs() < 1e-6).await;
    let india = json!({"timeZone": "Asia/Kolkata"});
    world.send("PATCH", "/api/sites/default", &india).await.is(200);
    balanced("1d", &|rows| {
        rows.len() == 2 && (rows.iter().map(|row| row.1).sum::<f64>() - 240.0).abs() < 1e-6
    })
    .await;
    balanced("1h", &|rows| rows.len() == 25 && rows.iter().all(|row| row.0.ends_with(":30"))).await;
}

async fn what_a_shorter_retention_drops_is_said_before(world: &World) {
    world.meter(&json!({"meterNumber": "G", "meterName": "G", "meterType": "Grid"})).await;
    load(world, "G", 8.0, 0..1).await;
    let keeps = |days: u32| json!({"retention": {"rawDays": days}});
    let asked = world.post("/api/sites/default/preview", &keeps(10)).await.data();
    has!(asked["dropped"][0], {"resolution": "rawDays", "rows": 5});
    assert_eq!(asked["zone"], Value::Null);
    let longer = world.post("/api/sites/default/preview", &keeps(300)).await.json();
    assert_eq!(longer["data"]["dropped"], json!([]));
}
