//! The log of changes: each write is in it once, nobody alters it, and who sees which rows.

mod writes;

use std::net::IpAddr;

use domain::people::Role;
use serde_json::{Value, json};
use sqlx::PgPool;

use self::writes::{Write, writes};
use crate::World;
use crate::people::{PASSWORD, ask, closed, cookies, create, sign_in};

/// Whether a value has what is expected of it.
fn includes(value: &Value, expected: &Value) -> bool {
    match expected {
        Value::Object(fields) => fields.iter().all(|(name, wanted)| {
            value.as_object().is_some_and(|has| has.contains_key(name))
                && includes(&value[name], wanted)
        }),
        _ => value == expected,
    }
}

async fn newest(pool: &PgPool) -> i64 {
    sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM audit_log").fetch_one(pool).await.unwrap()
}

/// A world with an administrator of all sites, and their cookies.
async fn signed_in(pool: &PgPool) -> (World, String) {
    let world = World::start(pool).await;
    create(pool, "asha", Role::Admin, None).await.unwrap();
    closed(&world).await;
    let admin = cookies(&sign_in(&world, "asha", PASSWORD).await);
    (world, admin)
}

async fn log(world: &World, cookies: &str, query: &str) -> Vec<Value> {
    let path = format!("/api/audit?{query}");
    let answer = ask(world, cookies, "GET", &path, None).await.done();
    answer.as_array().unwrap().clone()
}

impl Write {
    /// Whether a row of the log tells of this write, and nothing that is secret.
    fn is_in(&self, row: &Value) -> bool {
        let text = row.to_string();
        let subject = row["subject"].as_str().unwrap();
        let is_subject = match self.subject.strip_suffix(':') {
            Some(kind) => subject.split(':').next() == Some(kind),
            None => subject == self.subject,
        };
        let address = row["address"].as_str().unwrap().parse::<IpAddr>();
        row["action"] == self.action
            && row["who"] == "asha"
            && row["userId"] == 1
            && row["site"] == json!(self.site)
            && row["reason"] == self.body["reason"]
            && is_subject
            && includes(&row["before"], &self.before)
            && includes(&row["after"], &self.after)
            && address.unwrap().is_loopback()
            && !text.contains("s3cret")
            && !text.contains("example.org")
    }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn each_write_is_noted_once_with_what_differs_and_refused_to_other_sites(pool: PgPool) {
    let (world, admin) = signed_in(&pool).await;
    create(&pool, "ravi", Role::Admin, Some("default")).await.unwrap();
    let of_another_site = cookies(&sign_in(&world, "ravi", PASSWORD).await);
    let (mut last, mut wrong) = (String::new(), Vec::new());
    for write in writes() {
        let before = newest(&pool).await;
        let path = write.path.replace("{last}", &last);
        let body = Some(write.body.clone()).filter(|body| !body.is_null());
        let refused = ask(&world, &of_another_site, write.method, &path, body.clone()).await;
        // A trade names meters, and says at its field that there is none.
        let is_unknown = refused.text.contains("bill.unknown_meter");
        if ![403, 404].contains(&refused.status) && !is_unknown {
            wrong.push(format!("of another site: {} {path}: {}", write.method, refused.text));
        }
        let answer = ask(&world, &admin, write.method, &path, body).await;
        let is_done = [200, 201, 202].contains(&answer.status);
        let answer = answer.json();
        if write.method == "POST" {
            let made = if answer["data"].is_object() { &answer["data"] } else { &answer };
            let id = ["id", "n"].iter().map(|id| &made[*id]).find(|id| !id.is_null());
            last = id.map_or(last, |id| id.to_string().trim_matches('"').to_owned());
        }
        let rows = log(&world, &admin, "limit=20").await;
        let new: Vec<_> = rows.iter().filter(|row| row["id"].as_i64() > Some(before)).collect();
        let is_noted = match new[..] {
            [] => write.action.is_empty(),
            [row] => is_done && write.is_in(row),
            _ => false,
        };
        if !is_noted {
            wrong.push(format!("{} {path}: {answer}\n    {new:?}", write.method));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_log_only_grows(pool: PgPool) {
    let world = World::start(&pool).await;
    world.post("/api/sites", &json!({"slug": "works", "name": "Works"})).await.is(201);
    for statement in [
        "UPDATE audit_log SET who = 'nobody'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log, audit_addresses",
    ] {
        let refused = sqlx::query(statement).execute(&pool).await.unwrap_err().to_string();
        assert!(refused.contains("only ever added"), "{statement}: {refused}");
    }
    assert_eq!(newest(&pool).await, 1);
    let before = chrono::Utc::now() + chrono::TimeDelta::minutes(1);
    service::retention::once(&pool, before).await.unwrap();
    assert_eq!(world.count("audit_addresses").await, 1);
    service::retention::once(&pool, before + chrono::TimeDelta::days(90)).await.unwrap();
    assert_eq!(world.count("audit_addresses").await, 0);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_log_is_filtered_and_an_administrator_of_a_site_sees_that_site(pool: PgPool) {
    let (world, admin) = signed_in(&pool).await;
    let made = async |slug: &str, name: &str| {
        let body = json!({"slug": slug, "name": name});
        ask(&world, &admin, "POST", "/api/sites", Some(body)).await.is(201);
    };
    made("works", "=1+1").await;
    made("mill", "Mill").await;
    create(&pool, "ravi", Role::Admin, Some("mill")).await.unwrap();
    let ravi = cookies(&sign_in(&world, "ravi", PASSWORD).await);
    let name = Some(json!({"name": "New mill"}));
    ask(&world, &admin, "PATCH", "/api/sites/mill", name).await.is(200);

    let subjects = async |who: &str, query: &str| {
        let rows = log(&world, who, query).await;
        let of = |row: &Value| format!("{} {}", row["action"], row["subject"]).replace('"', "");
        rows.iter().map(of).collect::<Vec<_>>()
    };
    let works = ["site.create site:works"];
    let mill = ["site.update site:mill", "site.create site:mill"];
    assert_eq!(subjects(&admin, "site=works").await, works);
    assert_eq!(subjects(&admin, "action=site.update").await, mill[..1]);
    assert_eq!(subjects(&admin, "subject=site:mill").await, mill);
    assert_eq!(subjects(&admin, "user=asha&site=mill&limit=1").await, mill[..1]);
    assert_eq!(subjects(&admin, "user=1&subject=site:works").await, works);
    assert_eq!(subjects(&admin, "user=ravi&action=site.update").await, [""; 0]);
    assert_eq!(subjects(&admin, "to=2026-01-01").await, [""; 0]);
    assert_eq!(subjects(&admin, "from=2026-01-01&site=works").await, works);
    let refused =
        ask(&world, &admin, "GET", "/api/audit?from=2026-02-01&to=2026-01-01", None).await;
    refused.refused(422, "invalid_value", Some("to"));

    assert_eq!(subjects(&ravi, "").await, mill);
    let other = ask(&world, &ravi, "GET", "/api/audit?site=works", None).await;
    other.refused(404, "site_not_found", None);
    let meter = json!({"meterNumber": "M-1", "meterName": "Main", "meterType": "Main"});
    let meter = ask(&world, &admin, "POST", "/api/Energy/meters?site=works", Some(meter)).await;
    let load = json!({"validFrom": "2026-11-01", "powerKw": 1, "reason": "=1+1"});
    let path = format!("/api/Energy/meters/{}/unmetered", meter.done()["id"]);
    ask(&world, &admin, "POST", &path, Some(load)).await.is(201);
    let text = ask(&world, &admin, "GET", "/api/audit.csv?site=works", None).await.text;
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines[0],
        "id,timestamp,who,userId,tokenId,address,site,action,subject,before,after,reason"
    );
    assert!(lines[1].ends_with(",'=1+1"), "{text}");
    assert!(lines[3].contains(",asha,1,,127.0.0.1,works,site.create,site:works,,"), "{text}");
    assert_eq!(lines.len(), 4);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn refused_sign_ins_are_counted_by_address_and_hour(pool: PgPool) {
    let (world, _) = signed_in(&pool).await;
    for name in ["asha", "nobody"] {
        sign_in(&world, name, "turbine lamp 5 river").await.refused(401, "sign_in_failed", None);
    }
    let counted: Vec<i32> =
        sqlx::query_scalar("SELECT count FROM audit_refusals").fetch_all(&pool).await.unwrap();
    assert_eq!(counted.iter().sum::<i32>(), 2);
    world.end().await;
}
