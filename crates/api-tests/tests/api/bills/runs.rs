//! Whole sites, in the background.

use serde_json::{Value, json};
use sqlx::PgPool;

use super::{MIDDLE, Street};
use crate::{World, has};

async fn begin(world: &World, body: &Value) -> String {
    let begun = world.post("/api/bills/run", body).await.is(202);
    begun.json()["data"]["id"].as_str().unwrap().to_owned()
}

async fn ended(world: &World, id: &str) -> Value {
    let path = format!("/api/bills/run/{id}");
    let ended = world.eventually(&path, |run| run["data"]["state"] != "running").await;
    ended["data"].clone()
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_run_makes_the_drafts_of_a_site_and_issues_what_is_covered(pool: PgPool) {
    let street = Street::start(&pool).await;
    let world = &street.world;
    street.at_every_quarter(street.prosumer, 100.0, 120.0).await;
    street.twice(street.consumer, MIDDLE, 150.0, 0.0).await;
    street.trade(30.0, 5.0).await;
    street.consumed(street.prosumer, 100.0).await;
    street.consumed(street.consumer, 150.0).await;

    let drafts = json!({"site": "world", "month": "2025-05"});
    let run = ended(world, &begin(world, &drafts).await).await;
    has!(run, {"state": "done", "done": 2, "total": 2});
    let listed = world.get("/api/bills?month=2025-05").await.json();
    let due = |n: usize| &listed["data"][n]["amountDue"];
    assert_eq!((due(0), due(1)), (&json!("90.00"), &json!("870.00")), "{listed}");

    let issue = json!({"site": "world", "month": "2025-05", "issue": true});
    let run = ended(world, &begin(world, &issue).await).await;
    assert_eq!((&run["issued"], &run["heldBack"]), (&json!(1), &json!(1)), "{run}");
    let listed = world.get("/api/bills?month=2025-05&format=csv").await.text;
    assert!(listed.contains("2025-05-0001,issued") && listed.contains(",draft,"), "{listed}");
    let again = ended(world, &begin(world, &issue).await).await;
    assert_eq!((&again["issued"], &again["heldBack"]), (&json!(0), &json!(2)), "{again}");
    assert_eq!(world.count("bills").await, 2);
    assert_eq!(world.get("/api/bills/run").await.json()["count"], 3);
    street.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_run_goes_on_where_it_was_when_the_process_was_killed(pool: PgPool) {
    let street = Street::start(&pool).await;
    let (site, first) = (site(&pool).await, street.prosumer);
    street.end().await;
    let run: (String,) = sqlx::query_as(
        "INSERT INTO bill_runs (site_id, month, issue, who, total, done, last_meter) \
         VALUES ($1, '2025-05-01', false, 'loopback', 2, 1, $2) RETURNING id::text",
    )
    .bind(site)
    .bind(first)
    .fetch_one(&pool)
    .await
    .unwrap();
    let world = World::start(&pool).await;
    let run = ended(&world, &run.0).await;
    assert_eq!((&run["state"], &run["done"]), (&json!("done"), &json!(2)), "{run}");
    let listed = world.get("/api/bills?month=2025-05").await.json();
    assert_eq!((&listed["count"], &listed["data"][0]["meterNumber"]), (&json!(1), &json!("HH-2")));
    world.end().await;
}

async fn site(pool: &PgPool) -> i64 {
    let site: (i64,) =
        sqlx::query_as("SELECT id FROM sites WHERE slug = 'world'").fetch_one(pool).await.unwrap();
    site.0
}

pub(crate) async fn runs_that_cannot_begin_or_end(street: &Street) {
    let world = &street.world;
    let elsewhere = json!({"site": "mars", "month": "2025-05"});
    world.post("/api/bills/run", &elsewhere).await.refused(404, "site_not_found", None);
    let future = json!({"site": "world", "month": "2999-01"});
    world.post("/api/bills/run", &future).await.refused(422, "future_month", Some("month"));
    let never = json!({"site": "world", "month": "2025-13"});
    world.post("/api/bills/run", &never).await.invalid("month");
    world.get("/api/bills/run/7").await.refused(404, "run_not_found", None);

    let id = begin(world, &json!({"site": "world", "month": "2025-05"})).await;
    ended(world, &id).await;
    let path = format!("/api/bills/run/{id}");
    world.delete(&path).await.refused(409, "run_ended", None);
    // Held by a lock on its table, a run is under way for as long as it takes to cancel it.
    let mut held = world.pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE bills IN ACCESS EXCLUSIVE MODE").execute(&mut *held).await.unwrap();
    let id = begin(world, &json!({"site": "world", "month": "2025-05"})).await;
    let twice = world.post("/api/bills/run", &json!({"site": "world", "month": "2025-05"})).await;
    twice.refused(409, "run_under_way", None);
    let cancelled = world.delete(&format!("/api/bills/run/{id}")).await;
    assert_eq!(cancelled.json()["data"]["state"], "cancelled", "{}", cancelled.text);
    held.rollback().await.unwrap();
    assert_eq!(ended(world, &id).await["done"], 0);
}
