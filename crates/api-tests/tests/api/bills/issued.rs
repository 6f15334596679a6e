//! Bills that are issued, and taken back.

use chrono::{DateTime, Utc};
use chrono_tz::America::Los_Angeles;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{MIDDLE, Street};
use crate::{World, has};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn bills_are_issued_and_credited(pool: PgPool) {
    let street = read(&pool).await;
    an_issued_bill_has_a_number_and_never_changes(&street).await;
    a_bill_as_table_green_button_and_picture(&street).await;
    a_number_that_two_sites_have_is_asked_for_with_its_site(&street).await;
    street.end().await;
}

/// A street whose May is read every quarter-hour.
async fn read(pool: &PgPool) -> Street {
    let street = Street::start(pool).await;
    street.at_every_quarter(street.prosumer, 100.0, 120.0).await;
    street.at_every_quarter(street.consumer, 150.0, 0.0).await;
    street.trade(30.0, 5.0).await;
    street.consumed(street.prosumer, 100.0).await;
    street.consumed(street.consumer, 150.0).await;
    street
}

pub(crate) async fn an_issued_bill_has_a_number_and_never_changes(street: &Street) {
    let world = &street.world;
    let draft = street.draft(street.consumer).await;
    assert_eq!(street.draft(street.consumer).await, draft, "refreshed, not doubled");
    let other = json!({"digest": "0".repeat(64)});
    let other = world.post(&format!("/api/bills/{draft}/issue"), &other).await;
    other.refused(409, "changed_meanwhile", None);
    let shown = world.get(&format!("/api/bills/{draft}")).await.data();
    let seen = json!({"digest": shown["digest"]});
    let issued = world.post(&format!("/api/bills/{draft}/issue"), &seen).await.is(201).data();
    has!(issued, {"number": "2025-05-0001", "state": "issued", "id": draft, "amountDue": "870.00"});
    assert_eq!(
        (&issued["changed"], issued["digest"].as_str().map(str::len)),
        (&json!(false), Some(64))
    );
    let again = world.post(&format!("/api/bills/{draft}/issue"), &json!({})).await;
    again.refused(409, "already_issued", None);
    let body = json!({"meterId": "HH-2", "month": "2025-05"});
    world.post("/api/bills", &body).await.refused(409, "already_issued", None);
    for statement in ["UPDATE bills SET amount_due = 0", "DELETE FROM bills"] {
        assert!(sqlx::query(statement).execute(&street.world.pool).await.is_err(), "{statement}");
    }

    let note = format!("/api/bills/{}/credit", issued["number"].as_str().unwrap());
    let nothing = world.post(&note, &json!({"reason": "a whim"})).await;
    nothing.refused(409, "cannot_credit", None);
    street.correct(street.consumer, 160.0).await;
    let path = "/api/bills/2025-05-0001";
    let changed = world.eventually(path, |bill| bill["data"]["changed"] == true).await;
    assert_eq!(changed["data"]["amountDue"], "870.00", "it stays as it was issued");
    let listed = world.get("/api/bills?month=2025-05").await.json();
    assert_eq!((&listed["count"], &listed["data"][0]["changed"]), (&json!(1), &json!(true)));
    let as_issued = world.get("/bill?meter_id=HH-2&month=2025-05").await.json();
    assert_eq!(as_issued["amount_due"], 870.0);
    credited(street, &note).await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_was_corrected_before_a_bill_is_issued_is_in_it(pool: PgPool) {
    let street = read(&pool).await;
    let world = &street.world;
    let draft = street.draft(street.consumer).await;
    street.correct(street.consumer, 160.0).await;
    let issued = world.post(&format!("/api/bills/{draft}/issue"), &json!({})).await.is(201).data();
    assert_eq!((&issued["consumed"], &issued["amountDue"]), (&json!("160"), &json!("930.00")));

    street.correct(street.consumer, 170.0).await;
    let path = format!("/api/bills/{}/credit", issued["number"].as_str().unwrap());
    let credited = world.post(&path, &json!({"reason": "read wrongly"})).await.is(201);
    assert_eq!(credited.json()["data"]["bill"]["amountDue"], "990.00");

    street.correct(street.prosumer, 110.0).await;
    let run = json!({"site": "world", "month": "2025-05", "issue": true});
    world.post("/api/bills/run", &run).await.is(202);
    let path = "/api/bills?month=2025-05&meter_id=HH-1";
    let listed = world.eventually(path, |bills| bills["data"][0]["state"] == "issued").await;
    assert_eq!(listed["data"][0]["consumed"], "110", "{listed}");
    street.end().await;
}

async fn credited(street: &Street, path: &str) {
    let world = &street.world;
    world.post(path, &json!({"reason": " "})).await.invalid("reason");
    let answer = world.post(path, &json!({"reason": "read wrongly"})).await.is(201).data();
    let (note, bill) = (&answer["creditNote"], &answer["bill"]);
    has!(note, {"number": "2025-05-0002", "amountDue": "-870.00", "credits": "2025-05-0001",
        "reason": "read wrongly"});
    assert_eq!(
        (&note["consumed"], &note["lines"][0]["quantity"]),
        (&json!("-150"), &json!("-120"))
    );
    assert_eq!((&bill["number"], &bill["amountDue"]), (&json!("2025-05-0003"), &json!("930.00")));
    let old = world.get("/api/bills/2025-05-0001").await.data();
    assert_eq!((&old["state"], &old["creditedBy"]), (&json!("credited"), &json!("2025-05-0002")));
    world.post(path, &json!({"reason": "twice"})).await.refused(409, "cannot_credit", None);
    let now = world.get("/bill?meter_id=HH-2&month=2025-05").await.json();
    assert_eq!(now["amount_due"], 930.0);
    let listed = world.get("/api/bills?month=2025-05&meter_id=HH-2").await.json();
    let states: Vec<&Value> =
        listed["data"].as_array().unwrap().iter().map(|bill| &bill["state"]).collect();
    assert_eq!(states, ["credited", "creditNote", "issued"]);
    let log = world.get("/api/audit?limit=10").await.json();
    let actions: Vec<&Value> =
        log["data"].as_array().unwrap().iter().map(|entry| &entry["action"]).collect();
    assert!(actions.contains(&&json!("bill.issue")) && actions.contains(&&json!("bill.credit")));
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_month_known_for_its_first_half_is_issued_by_someone_with_a_name(pool: PgPool) {
    let street = Street::start(&pool).await;
    let world = &street.world;
    street.twice(street.consumer, MIDDLE, 150.0, 0.0).await;
    street.consumed(street.consumer, 150.0).await;
    let path = format!("/api/bills/{}/issue", street.draft(street.consumer).await);
    world.post(&path, &json!({})).await.refused(409, "low_coverage", None);
    let nameless = json!({"override": {"who": "", "reason": "x"}});
    world.post(&path, &nameless).await.invalid("override.who");
    let incomplete = json!({"override": {"who": "Mira"}});
    world.post(&path, &incomplete).await.refused(422, "missing_field", Some("override.reason"));
    let given = json!({"override": {"who": "Mira Rao", "reason": "empty since then"}});
    let issued = world.post(&path, &given).await.is(201);
    assert_eq!(issued.json()["data"]["override"], given["override"]);
    let log = world.get("/api/audit?limit=1").await.json();
    assert_eq!(log["data"][0]["action"], "bill.issue");
    assert_eq!(log["data"][0]["after"]["override"], given["override"]);
    street.end().await;
}

/// The month under way where the meters are, which may still be the one before that of UTC.
async fn month_at_the_site(world: &World) -> String {
    let time = world.get("/simulation-time").await.json();
    let now: DateTime<Utc> = time["current_datetime"].as_str().unwrap().parse().unwrap();
    now.with_timezone(&Los_Angeles).format("%Y-%m").to_string()
}

pub(crate) async fn a_running_month_stays_a_draft(street: &Street) {
    let world = &street.world;
    let month = month_at_the_site(world).await;
    let stored = world.post("/api/bills", &json!({"meterId": "HH-1", "month": month})).await.json();
    assert_eq!(stored["data"]["running"], true, "{stored}");
    let path = format!("/api/bills/{}/issue", stored["data"]["id"].as_str().unwrap());
    let forced = json!({"override": {"who": "Mira", "reason": "now"}});
    world.post(&path, &forced).await.refused(409, "month_running", None);
    let run = json!({"site": "world", "month": month, "issue": true});
    world.post("/api/bills/run", &run).await.refused(409, "month_running", Some("issue"));
}

pub(crate) async fn a_bill_as_table_green_button_and_picture(street: &Street) {
    let world = &street.world;
    let draft = street.draft(street.prosumer).await;
    let table = world.get(&format!("/api/bills/{draft}.csv")).await;
    assert_eq!(table.headers["content-type"], "text/csv; charset=utf-8");
    let lines: Vec<&str> = table.text.lines().collect();
    assert_eq!(
        lines[0],
        "number,meterNumber,month,line,quantity,unit,price,amount,currency,credits"
    );
    assert_eq!(lines[1], ",HH-1,2025-05,Consumption,100.0,kWh,6.0,600.0,INR,");
    assert_eq!(lines.last(), Some(&",HH-1,2025-05,Total,,,,90.0,INR,"));

    let feed = world.get(&format!("/api/bills/{draft}.xml")).await;
    assert_eq!(feed.headers["content-type"], "application/atom+xml; charset=utf-8");
    assert_eq!(feed.text.matches("<IntervalReading>").count(), 2 * 2_976);

    let picture = world.get(&format!("/api/bills/{draft}.svg")).await;
    assert_eq!(picture.headers["content-type"], "image/svg+xml");
    assert!(picture.text.starts_with("<svg role=\"img\" aria-label=\"Energy of HH-1"));
    assert!(!picture.text.contains("style="), "what styles itself is refused by the pages' policy");

    let lines = world.get(&format!("/api/bills/{draft}/lines/0")).await.json();
    assert_eq!(lines["data"].as_array().unwrap().len(), 2_976);
    assert_eq!(lines["data"][0]["quality"], "GOOD");
    let none = world.get(&format!("/api/bills/{draft}/lines/99")).await;
    none.refused(404, "line_not_found", None);
}

pub(crate) async fn a_number_that_two_sites_have_is_asked_for_with_its_site(street: &Street) {
    let world = &street.world;
    world.post("/api/sites", &json!({"slug": "b", "name": "B"})).await.is(201);
    let copied = "INSERT INTO bills SELECT (jsonb_populate_record(bills, jsonb_build_object( \
        'id', gen_random_uuid(), 'site_id', (SELECT id FROM sites WHERE slug = 'b')))).* FROM bills \
        WHERE number = '2025-05-0001'";
    sqlx::query(copied).execute(&street.world.pool).await.unwrap();
    let path = "/api/bills/2025-05-0001";
    world.get(path).await.refused(409, "ambiguous_number", Some("site"));
}
