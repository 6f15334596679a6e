//! The log of changes: each write is in it once, nobody alters it, and who sees which rows.

use std::net::IpAddr;

use domain::people::Role;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::World;
use crate::people::{PASSWORD, ask, closed, cookies, create, sign_in};

/// A write, and the row that it leaves.
struct Write {
    method: &'static str,
    /// With `{last}` for the id that the last POST answered.
    path: &'static str,
    body: Value,
    action: &'static str,
    /// A trailing `:` stands for any id.
    subject: &'static str,
    site: Option<&'static str>,
    before: Value,
    after: Value,
}

macro_rules! writes {
    ($($site:tt: { $($method:ident $path:literal $body:tt
        => $action:literal $subject:literal $before:tt $after:tt;)+ })+) => {
        vec![$($(Write {
            method: stringify!($method),
            path: $path,
            body: json!($body),
            action: $action,
            subject: $subject,
            site: writes!(@site $site),
            before: json!($before),
            after: json!($after),
        },)+)+]
    };
    (@site installation) => { None };
    (@site $site:literal) => { Some($site) };
}

/// One write of each kind, in an order in which each is possible.
#[expect(clippy::too_many_lines, reason = "a table")]
fn writes() -> Vec<Write> {
    writes! {
        "works": {
            POST "/api/sites" {"slug": "works", "name": "Works"}
                => "site.create" "site:works" null {"name": "Works"};
            PATCH "/api/sites/works" {"name": "Mill", "retention": {"rawDays": 30}}
                => "site.update" "site:works"
                {"name": "Works", "retention": {"rawDays": 90}}
                {"name": "Mill", "retention": {"rawDays": 30}};
            POST "/api/Energy/meters?site=works"
                {"meterNumber": "M-1", "meterName": "Main", "meterType": "Main"}
                => "meter.create" "meter:" null {"meterNumber": "M-1"};
            PATCH "/api/Energy/meters/M-1?site=works" {"meterName": "Hall"}
                => "meter.update" "meter:" {"meterName": "Main"} {"meterName": "Hall"};
            PATCH "/api/Energy/meters?site=works" {"changes": [{"id": 1, "set": {"area": "Hall 2"}}]}
                => "meters.arrange" "site:works"
                {"meters": {"M-1": {"area": null}}}
                {"meters": {"M-1": {"area": "Hall 2"}}, "count": 1};
            POST "/api/Energy/meters/M-1/readings?site=works"
                {"timestamp": "2026-11-01T10:00:00Z", "totalEnergyKwh": 100}
                => "" "" null null;
            POST "/api/Energy/meters/M-1/exchanges?site=works"
                {"timestamp": "2026-11-01T10:05:00Z", "oldFinalKwh": 100, "newInitialKwh": 0,
                    "reason": "display failed"}
                => "meter_exchange.create" "meter:" null {"oldFinalKwh": 100.0};
            DELETE "/api/Energy/meters/M-1/exchanges/{last}?site=works" null
                => "meter_exchange.undo" "meter:" {"n": 1} null;
            POST "/api/Energy/meters/M-1/corrections?site=works"
                {"timestamp": "2026-11-01T10:00:00Z", "field": "totalEnergyKwh", "value": 90,
                    "reason": "misread"}
                => "reading_correction.create" "meter:" null {"value": 90.0};
            DELETE "/api/Energy/meters/M-1/corrections/{last}?site=works" null
                => "reading_correction.undo" "meter:" {"n": 1} null;
            PUT "/api/Energy/meters/M-1/unmetered?site=works"
                {"validFrom": "2026-11-01", "powerKw": 1, "reason": "lamps"}
                => "unmetered_load.put" "meter:" null {"powerKw": 1.0};
            PUT "/api/Energy/meters/M-1/unmetered?site=works"
                {"validFrom": "2026-11-01", "powerKw": 2, "reason": "lamps"}
                => "unmetered_load.put" "meter:" {"powerKw": 1.0} {"powerKw": 2.0};
            POST "/api/set-aside/M-1/again?site=works" {}
                => "set_aside.again" "meter:" null {"parts": 0};
            POST "/api/virtual-meters?site=works"
                {"meterNumber": "V-1", "meterName": "Sum", "terms": [{"meterId": "M-1", "factor": 1}]}
                => "virtual_meter.create" "meter:" null {"meterNumber": "V-1"};
            DELETE "/api/virtual-meters/V-1?site=works" null
                => "virtual_meter.remove" "meter:" {"meterNumber": "V-1"} null;
            POST "/api/energy-meters?site=works"
                {"name": "Roof", "protocol": "http", "meterType": "solar",
                    "communication": {"url": "http://10.0.0.5/energy", "authToken": "s3cret"}}
                => "meter.create" "meter:" null {"name": "Roof"};
            PUT "/api/energy-meters/{last}?site=works"
                {"pollInterval": 60_000, "communication": {"authToken": "s3cret too"}}
                => "meter.update" "meter:"
                {"pollInterval": 30_000, "communication": {"authToken": {"sealed": "(hidden)"}}}
                {"pollInterval": 60_000, "communication": {"authToken": {"sealed": "(hidden)"}}};
            PATCH "/api/devices/EM-1?site=works" {"enabled": false}
                => "device.switch" "meter:" {"enabled": true} {"enabled": false};
            DELETE "/api/devices/EM-1?site=works" null
                => "device.remove" "meter:" {"protocol": "http"} null;
            DELETE "/api/Energy/meters/EM-1?site=works" null
                => "meter.remove" "meter:" {"meterNumber": "EM-1"} null;
            POST "/api/acquisuite/loggers"
                {"serialNumber": "001EC6051A2B", "site": "works", "password": "s3cret one"}
                => "logger.create" "logger:001EC6051A2B" null {"password": "(hidden)"};
            PUT "/api/acquisuite/loggers/001EC6051A2B" {"password": "s3cret too"}
                => "logger.update" "logger:001EC6051A2B"
                {"password": "(hidden)"} {"password": "(hidden)"};
            DELETE "/api/acquisuite/loggers/001EC6051A2B" null
                => "logger.remove" "logger:001EC6051A2B" {"serialNumber": "001EC6051A2B"} null;
            POST "/api/tariffs" {"site": "works", "name": "HT", "currency": "EUR",
                    "validFrom": "2026-01-01", "energy": [{"direction": "import", "price": "8.25"}]}
                => "tariff.create" "tariff:" null {"name": "HT"};
            PATCH "/api/tariffs/{last}" {"taxPercent": "5"}
                => "tariff.update" "tariff:" {"taxPercent": "0"} {"taxPercent": "5"};
            DELETE "/api/tariffs/{last}" null
                => "tariff.delete" "tariff:" {"name": "HT"} null;
            POST "/api/emission-factors"
                {"site": "works", "kind": "grid", "value": 0.71, "unit": "kg/kWh", "source": "CEA",
                    "validFrom": "2026-04-01"}
                => "factor.create" "factor:" null {"value": 0.71};
            DELETE "/api/emission-factors/{last}" null
                => "factor.delete" "factor:" {"value": 0.71} null;
            POST "/api/alarm-rules"
                {"site": "works", "kind": "threshold", "meterId": "M-1", "channel": "ActivePower",
                    "raise": 20_000}
                => "alarm_rule.create" "alarm_rule:" null {"raise": 20_000.0};
            PATCH "/api/alarm-rules/{last}" {"enabled": false}
                => "alarm_rule.update" "alarm_rule:" {"enabled": true} {"enabled": false};
            DELETE "/api/alarm-rules/{last}" null
                => "alarm_rule.delete" "alarm_rule:" {"kind": "threshold"} null;
            POST "/api/alarm-recipients"
                {"site": "works", "kind": "email", "address": "ana@example.org"}
                => "alarm_recipient.create" "alarm_recipient:" null {"address": "(hidden)"};
            PATCH "/api/alarm-recipients/{last}" {"address": "ben@example.org"}
                => "alarm_recipient.update" "alarm_recipient:"
                {"address": "(hidden)"} {"address": "(hidden)"};
            DELETE "/api/alarm-recipients/{last}" null
                => "alarm_recipient.delete" "alarm_recipient:" {"kind": "email"} null;
            POST "/api/bills?site=works" {"meterId": "M-1", "month": "2026-05"}
                => "bill.draft" "meter:" null {"month": "2026-05"};
            POST "/api/bills/run" {"site": "works", "month": "2026-05"}
                => "bills.run" "site:works" null {"month": "2026-05"};
            POST "/api/report-schedules" {"site": "works", "addresses": ["ana@example.org"]}
                => "report_schedule.create" "report_schedule:" null {"addresses": "(hidden)"};
            PATCH "/api/report-schedules/{last}" {"day": 2}
                => "report_schedule.update" "report_schedule:" {"day": 1} {"day": 2};
            DELETE "/api/report-schedules/{last}" null
                => "report_schedule.delete" "report_schedule:" {"day": 2} null;
        }
        installation: {
            PUT "/api/mqtt/brokers/roof"
                {"url": "mqtt://10.0.0.5", "username": "u", "password": "s3cret"}
                => "mqtt_broker.put" "mqtt_broker:roof" null {"password": "(hidden)"};
            PUT "/api/mqtt/brokers/roof" {"url": "mqtt://10.0.0.5", "password": "s3cret too"}
                => "mqtt_broker.put" "mqtt_broker:roof"
                {"password": "(hidden)"} {"password": "(hidden)"};
            POST "/api/retention-clock/confirm" {}
                => "retention.confirm_clock" "retention" {} {};
            POST "/api/users"
                {"name": "ravi", "password": "turbine lamp 4 river",
                    "roles": [{"site": "works", "role": "admin"}]}
                => "user.create" "user:" null {"roles": [{"site": "works", "role": "admin"}]};
            PATCH "/api/users/{last}" {"displayName": "Ravi of example.org"}
                => "user.update" "user:" {} {"displayName": "(hidden)"};
            PATCH "/api/users/{last}" {"isDisabled": true}
                => "user.update" "user:" {"isDisabled": false} {"isDisabled": true};
            DELETE "/api/users/{last}" null
                => "user.erase" "user:" {"roles": [{"site": "works", "role": "admin"}]} null;
            POST "/api/configuration" {"version": 1}
                => "configuration.import" "configuration" null {"meters": 0};
        }
        "world": {
            POST "/api/simulation-time" {"paused": true}
                => "simulation.set_time" "simulation" {"paused": false} {"paused": true};
            POST "/api/admin/er" {"name": "Home", "type": "prosumer", "appliance_type": []}
                => "resource.create" "resource:" null {"name": "Home"};
            PATCH "/api/admin/er/{last}" {"name": "House"}
                => "resource.update" "resource:" {"name": "Home"} {"name": "House"};
            POST "/api/admin/meter" {"meter_id": "W-1"}
                => "simulation.create_meter" "meter:" null {"meterNumber": "W-1"};
            POST "/api/admin/meter/link" {"meter_id": "W-1", "er_id": 1}
                => "simulation.link" "meter:" {"er": null} {"er": 1};
            POST "/api/meter/control" {"meter_id": "W-1", "load_factor": 2}
                => "simulation.control" "meter:" null {"loadFactor": 2.0, "count": 1};
            POST "/api/toggle-der-status" {"meter_id": "W-1"}
                => "simulation.toggle" "meter:" {"status": "ON"} {"status": "OFF"};
            POST "/api/meter/spike"
                {"meter_id": "W-1", "kind": "load", "magnitude_kW": 2, "duration_minutes": 5}
                => "simulation.spike" "meter:" null {"kind": "load", "count": 1};
            POST "/api/meter/event" {"meter_id": "W-1", "kind": "cover_opened"}
                => "simulation.event" "meter:" null {"kind": "cover_opened", "count": 1};
            POST "/api/transformers"
                [{"name": "TX-1", "latitude": 37.77, "longitude": -122.42, "capacity_kVA": 1000},
                    {"name": "TX-2", "latitude": 37.79, "longitude": -122.42, "capacity_kVA": 1000}]
                => "transformers.create" "transformers" null {"count": 2, "first": ["TX-1", "TX-2"]};
            POST "/api/transformers"
                {"name": "TX-3", "latitude": 37.77, "longitude": -122.42, "capacity_kVA": 1000}
                => "transformers.create" "transformer:" null {"count": 1};
            DELETE "/api/transformers/{last}" null
                => "transformer.remove" "transformer:" {"name": "TX-3"} null;
            POST "/api/admin/meter" {"meter_id": "W-2"}
                => "simulation.create_meter" "meter:" null {"meterNumber": "W-2"};
            POST "/api/p2p-trade"
                {"buyer_meter_id": "W-2", "seller_meter_id": "W-1", "units_kWh": 1,
                    "price_per_kWh": 2}
                => "trade.post" "trade:" null {"units": "1"};
            POST "/api/connection"
                {"type": "consumer", "latitude": 37.77, "longitude": -122.42,
                    "requested_consumption_kW": 5, "requested_production_kW": 0}
                => "connection.create" "connection:" null {"outcome": {"status": "approved"}};
            DELETE "/api/connection/{last}" null
                => "connection.withdraw" "connection:"
                {"status": "approved"} {"status": "withdrawn"};
        }
    }
}

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
async fn each_write_is_noted_once_with_what_differs(pool: PgPool) {
    let (world, admin) = signed_in(&pool).await;
    let (mut last, mut wrong) = (String::new(), Vec::new());
    for write in writes() {
        let before = newest(&pool).await;
        let path = write.path.replace("{last}", &last);
        let body = Some(write.body.clone()).filter(|body| !body.is_null());
        let answer = ask(&world, &admin, write.method, &path, body).await;
        let is_done = [200, 201, 202].contains(&answer.status);
        let answer = answer.json();
        if write.method == "POST" {
            let made = if answer["data"].is_object() { &answer["data"] } else { &answer };
            let id = ["id", "n"].iter().map(|id| &made[*id]).find(|id| !id.is_null());
            last = id.map_or(String::new(), |id| id.to_string().trim_matches('"').to_owned());
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
