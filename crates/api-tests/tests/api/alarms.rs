//! Alarms: what is watched, what is raised, who knows of it, and who is told.

mod losses;
mod rule_recipients;

use chrono::Utc;
use serde_json::{Value, json};
use service::{Patch, Principal};
use sqlx::PgPool;

use crate::{World, has, in_one_world};

const RULES: &str = "/api/alarm-rules";
const RECIPIENTS: &str = "/api/alarm-recipients";

impl World {
    /// The path of the site's rule of a kind.
    async fn rule(&self, kind: &str) -> String {
        let rules = self.get(RULES).await.json();
        let rule = rules["data"].as_array().unwrap().iter().find(|rule| rule["kind"] == kind);
        format!("{RULES}/{}", rule.unwrap()["id"])
    }

    async fn grid_meter(&self) -> i64 {
        let body =
            json!({"meterNumber": "GRID-001", "meterName": "Main Grid", "meterType": "Grid"});
        self.meter(&body).await
    }

    /// A reading of the three phases of the grid meter, in kW.
    async fn phases(&self, [l1, l2, l3]: [f64; 3]) {
        let body = json!({"timestamp": Utc::now(), "activePowerL1Kw": l1, "activePowerL2Kw": l2,
            "activePowerL3Kw": l3});
        self.post("/api/Energy/meters/GRID-001/readings", &body).await.is(201);
    }
}

in_one_world! { alarms_of_a_site:
    the_grid_meter_of_the_channel_guide_raises_imbalance_and_export,
    an_alarm_is_acknowledged_once_with_a_note, each_site_begins_with_the_usual_rules,
    a_rule_is_made_changed_switched_off_and_removed, rules_that_cannot_be,
    losses::the_form_adds_rules_in_the_units_that_people_type, losses::rules_on_a_loss_that_cannot_be,
    rule_recipients::the_form_of_a_rule_says_who_is_told_all_of_it_or_nothing,
    the_history_is_filtered_and_paged, a_table_has_every_alarm_however_many_there_are,
    recipients_are_added_changed_and_removed,
}

async fn the_grid_meter_of_the_channel_guide_raises_imbalance_and_export(world: &World) {
    let id = world.grid_meter().await;
    // The site forbids export on each phase: somebody switches that rule on.
    let now = json!({"enabled": true, "delaySeconds": 0, "clearDelaySeconds": 0});
    for kind in ["phase_imbalance", "phase_export"] {
        world.send("PATCH", &world.rule(kind).await, &now).await.is(200);
    }
    world.phases([15.0, -3.0, -2.0]).await;
    let open = world.eventually("/api/alarms", |list| list["count"] == 2).await;
    let of = |kind: &str| {
        let alarms = open["data"].as_array().unwrap();
        alarms.iter().find(|alarm| alarm["kind"] == kind).unwrap().clone()
    };
    let (imbalance, export) = (of("phase_imbalance"), of("phase_export"));
    has!(imbalance, {"text": "L1 is 350 % off the mean of the phases, limit 20 %", "value": 350.0,
        "unit": "%", "meterId": id, "meterName": "Main Grid", "severity": "warning",
        "clearedAt": null});
    has!(export, {"text": "L2 exports 3,000 W, limit 50 W", "severity": "critical"});

    // Between the limits nothing changes; within them both are over.
    world.phases([5.0, 5.0, 5.0]).await;
    world.eventually("/api/alarms", |list| list["count"] == 0).await;
    let all = world.get("/api/alarms?state=all").await.json();
    assert_eq!(all["count"], 2);
    assert!(all["data"][0]["clearedAt"].is_string() && all["data"][1]["clearedAt"].is_string());
}

async fn an_alarm_is_acknowledged_once_with_a_note(world: &World) {
    world.grid_meter().await;
    let now = json!({"delaySeconds": 0});
    world.send("PATCH", &world.rule("phase_imbalance").await, &now).await;
    world.phases([15.0, 1.0, 1.0]).await;
    let open = world.eventually("/api/alarms", |list| list["count"] == 1).await;
    let path = format!("/api/alarms/{}/acknowledge", open["data"][0]["id"]);
    world.post(&path, &json!({"remark": "x"})).await.refused(422, "unknown_field", Some("remark"));
    let known = world.post(&path, &json!({"note": "single-phase welder"})).await.is(200).data();
    assert_eq!(known["note"], "single-phase welder");
    assert!(known["acknowledgedAt"].is_string() && known["acknowledgedBy"].is_string());
    world.post(&path, &json!({})).await.refused(409, "alarm_acknowledged", None);
    assert_eq!(world.noted().await, ["alarm_rule.update", "alarm.acknowledge"]);
    for id in ["999", "x"] {
        let missing = world.post(&format!("/api/alarms/{id}/acknowledge"), &json!({})).await;
        missing.refused(404, "alarm_not_found", None);
    }
    assert_eq!(world.get("/api/alarms").await.json()["data"][0]["note"], "single-phase welder");
}

async fn each_site_begins_with_the_usual_rules(world: &World) {
    world.post("/api/sites", &json!({"slug": "works", "name": "Works"})).await.is(201);
    let on = async |site: &str| -> Vec<(String, bool)> {
        let rules = world.get(&format!("{RULES}?site={site}")).await.json();
        let rules = rules["data"].as_array().unwrap().clone();
        let pair = |rule: &Value| (rule["title"].as_str().unwrap().into(), rule["enabled"] == true);
        rules.iter().map(pair).collect()
    };
    let usual = [
        ("Silence: the device does not answer", true),
        ("Silence: no new readings", true),
        ("Phase imbalance above 20 %", true),
        ("Voltage off its nominal value above 10 %", true),
        ("Export on a phase above 50 W", false),
        ("Difference between energy register and power above 2 %", true),
        ("Jump in the meter's register, held back for review", true),
        ("Outliers of a day above 20", true),
    ];
    let usual = usual.map(|(title, is_on)| (title.to_owned(), is_on));
    assert_eq!(on("default").await, usual);
    assert_eq!(on("works").await, usual);
    // Of experiments nobody is told, but of what a meter of the world is made to report.
    let on_in_the_world: Vec<_> =
        on("world").await.into_iter().filter(|(_, is_on)| *is_on).collect();
    let reports = ["Tampering reported", "Error reported"].map(|title| (title.to_owned(), true));
    assert_eq!(on_in_the_world, reports);
}

async fn a_rule_is_made_changed_switched_off_and_removed(world: &World) {
    let id = world.grid_meter().await;
    let new = json!({"kind": "threshold", "meterId": "GRID-001", "channel": "ActivePower",
        "raise": 20_000, "clear": 18_000, "delaySeconds": 0, "severity": "critical"});
    let made = world.post(RULES, &new).await.is(201);
    let rule = made.data();
    has!(rule, {"meterId": id, "unit": "W", "direction": "above", "clearDelaySeconds": 0,
        "title": "Active power above 20 kW"});
    let path = format!("{RULES}/{}", rule["id"]);

    world.phases([8.0, 8.0, 8.0]).await;
    let open = world.eventually("/api/alarms", |list| list["count"] == 1).await;
    assert_eq!(open["data"][0]["text"], "Active power is 24 kW, above 20 kW");
    let off = world.send("PATCH", &path, &json!({"enabled": false})).await.json();
    assert_eq!((&off["data"]["enabled"], &off["data"]["raise"]), (&json!(false), &json!(20_000.0)));
    world.eventually("/api/alarms", |list| list["count"] == 0).await;

    // What GET shows can be sent back.
    let same = world.send("PATCH", &path, &off["data"]).await;
    assert_eq!((same.status, same.data()), (200, off["data"].clone()));
    world.delete(&path).await.is(200);
    world.delete(&path).await.refused(404, "alarm_rule_not_found", None);
    world.send("PATCH", &path, &json!({})).await.refused(404, "alarm_rule_not_found", None);
    let kept = world.get("/api/alarms?state=all").await.json();
    assert_eq!((&kept["count"], &kept["data"][0]["ruleId"]), (&json!(1), &Value::Null));
    let noted = world.noted().await;
    let updates = ["alarm_rule.update", "alarm_rule.update"];
    assert_eq!(noted, [&["alarm_rule.create"], &updates[..], &["alarm_rule.delete"]].concat());
}

async fn rules_that_cannot_be(world: &World) {
    world.grid_meter().await;
    let threshold = json!({"kind": "threshold", "channel": "ActivePower", "raise": 10, "clear": 9});
    let with = |change: Value| crate::with(&threshold, &change);
    let cases = [
        (json!({}), "missing_field", "kind"),
        (json!({"kind": "flood"}), "invalid_value", "kind"),
        (json!({"kind": "threshold", "raise": 1}), "invalid_value", "channel"),
        (json!({"kind": "threshold", "channel": "ActivePower"}), "invalid_value", "raise"),
        (with(json!({"channel": "grid/Colour"})), "invalid_value", "channel"),
        (with(json!({"clear": 11})), "invalid_value", "clear"),
        (with(json!({"direction": "below"})), "invalid_value", "clear"),
        (with(json!({"direction": "beside"})), "invalid_value", "direction"),
        (with(json!({"raise": "10"})), "invalid_value", "raise"),
        (with(json!({"delaySeconds": -1})), "invalid_value", "delaySeconds"),
        (with(json!({"delaySeconds": 86_401})), "invalid_value", "delaySeconds"),
        (with(json!({"clearDelaySeconds": -5})), "invalid_value", "clearDelaySeconds"),
        (with(json!({"severity": "fatal"})), "invalid_value", "severity"),
        (with(json!({"meterId": "NOPE"})), "invalid_value", "meterId"),
        (with(json!({"nominal": 230})), "invalid_value", "nominal"),
        (with(json!({"colour": "red"})), "unknown_field", "colour"),
        (json!({"kind": "voltage", "direction": "below"}), "invalid_value", "direction"),
        (json!({"kind": "voltage", "raise": -1, "clear": -2}), "invalid_value", "raise"),
        (json!({"kind": "voltage", "nominal": 0}), "invalid_value", "nominal"),
        (json!({"kind": "offline", "raise": 1}), "invalid_value", "raise"),
        (json!({"kind": "offline", "channel": "ActivePower"}), "invalid_value", "channel"),
        (json!({"kind": "power_factor", "raise": 1.5}), "invalid_value", "raise"),
        (json!({"kind": "diesel_low"}), "invalid_value", "tankLitres"),
        (json!({"kind": "diesel_low", "tankLitres": 500}), "invalid_value", "meterId"),
        (
            json!({"kind": "diesel_low", "meterId": "GRID-001", "tankLitres": 500,
                "filledAt": "2999-01-01T00:00:00Z"}),
            "invalid_value",
            "filledAt",
        ),
    ];
    for (body, code, field) in cases {
        world.post(RULES, &body).await.refused(422, code, Some(field));
    }
    let elsewhere = with(json!({"site": "nowhere"}));
    world.post(RULES, &elsewhere).await.refused(404, "site_not_found", None);
    let path = world.rule("phase_imbalance").await;
    for (change, code, field) in [
        (json!({"clear": 21}), "invalid_value", "clear"),
        (json!({"kind": "voltage"}), "read_only", "kind"),
        (json!({"delaySeconds": 0.5}), "invalid_value", "delaySeconds"),
    ] {
        world.send("PATCH", &path, &change).await.refused(422, code, Some(field));
    }
    assert_eq!(world.get(RULES).await.json()["count"], 8);
}

async fn the_history_is_filtered_and_paged(world: &World) {
    let grid = world.grid_meter().await;
    let other = json!({"meterNumber": "A-1", "meterName": "=A", "meterType": "Unit"});
    let other = world.meter(&other).await;
    for (meter, day) in [(grid, 1), (grid, 2), (other, 3)] {
        sqlx::query(
            "INSERT INTO alarms (site_id, meter_id, kind, severity, about, unit, raised_at, cleared_at) \
             SELECT $3, $1, 'offline', 'critical', \
                 jsonb_build_object('code', 'alarm.offline', 'message', 'Offline'), '', day, day + interval '1 hour' \
             FROM make_timestamptz(2026, 11, $2, 12, 0, 0, 'UTC') day",
        )
        .bind(meter)
        .bind(day)
        .bind(world.site_id())
        .execute(&world.pool)
        .await
        .unwrap();
    }
    let count = async |query: &str| {
        world.get(&format!("/api/alarms?state=all&{query}")).await.json()["count"].clone()
    };
    assert_eq!(world.get("/api/alarms").await.json()["count"], 0);
    assert_eq!(count("meter=GRID-001").await, 2);
    assert_eq!(count(&format!("meter={other}")).await, 1);
    assert_eq!(count("from=2026-11-02").await, 2);
    assert_eq!(count("to=2026-11-02").await, 1);
    assert_eq!(count("from=2026-11-01T13:00:00Z&to=2026-11-02T12:00:00Z").await, 1, "half-open");
    assert_eq!(count("site=world").await, 0);

    let page = world.get("/api/alarms?state=all&limit=2").await.json();
    let days = |page: &Value| -> Vec<String> {
        let alarms = page["data"].as_array().unwrap();
        alarms.iter().map(|alarm| alarm["raisedAt"].as_str().unwrap()[8..10].into()).collect()
    };
    assert_eq!(days(&page), ["03", "02"]);
    let cursor = page["nextCursor"].as_str().unwrap();
    let rest = world.get(&format!("/api/alarms?state=all&limit=2&cursor={cursor}")).await.json();
    assert_eq!((days(&rest), &rest["nextCursor"]), (vec!["01".to_owned()], &Value::Null));
    let csv = world.get("/api/alarms?state=all&format=csv").await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    let lines: Vec<_> = csv.text.lines().collect();
    assert!(lines[0].starts_with("id,site,ruleId,meterId,meterNumber,meterName,kind"), "{lines:?}");
    assert!(lines[1].contains(",A-1,'=A,offline,critical,Offline,"), "{lines:?}");

    for (query, status, code, field) in [
        ("state=some", 422, "invalid_value", Some("state")),
        ("from=noon", 422, "invalid_value", Some("from")),
        ("from=2026-11-02&to=2026-11-01", 422, "invalid_value", Some("to")),
        ("cursor=zz", 422, "invalid_cursor", Some("cursor")),
        ("limit=0", 422, "invalid_value", Some("limit")),
        ("meter=NOPE", 404, "meter_not_found", None),
        ("site=nowhere", 404, "site_not_found", None),
    ] {
        world.get(&format!("/api/alarms?{query}")).await.refused(status, code, field);
    }
}

async fn a_table_has_every_alarm_however_many_there_are(world: &World) {
    let grid = world.grid_meter().await;
    sqlx::query(
        "INSERT INTO alarms (site_id, meter_id, kind, severity, about, unit, raised_at, cleared_at) \
         SELECT $2, $1, 'offline', 'critical', \
                 jsonb_build_object('code', 'alarm.offline', 'message', 'Offline'), '', at, at + interval '1 second' \
         FROM generate_series(1, 10500) AS n, \
             LATERAL (SELECT timestamptz '2026-11-01 00:00+00' + make_interval(secs => n)) AS t (at)",
    )
    .bind(grid)
    .bind(world.site_id())
    .execute(&world.pool)
    .await
    .unwrap();
    let table = world.get("/api/alarms?state=all&format=csv").await;
    assert_eq!(table.headers["content-type"], "text/csv; charset=utf-8");
    let ids: Vec<i64> = table
        .text
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(ids.len(), 10_500);
    assert!(ids.windows(2).all(|pair| pair[0] > pair[1]), "raised last first, each once");
    let page = world.get("/api/alarms?state=all&format=csv&limit=5").await;
    assert_eq!(page.text.lines().count(), 6);
    assert!(page.headers.contains_key("x-next-cursor"), "a page says that others follow");
    let none = world.get("/api/alarms?format=csv").await;
    assert_eq!(none.text.lines().count(), 1, "the header alone: none is open");
    world.get("/api/alarms?format=csv&meter=NOPE").await.refused(404, "meter_not_found", None);
}

async fn recipients_are_added_changed_and_removed(world: &World) {
    let hook = json!({"kind": "webhook", "address": "https://hooks.example/T0/secret"});
    let made = world.post(RECIPIENTS, &hook).await.is(201).data();
    has!(made, {"minSeverity": "warning", "enabled": true, "waiting": 0, "problem": null});
    world.post(RECIPIENTS, &hook).await.refused(409, "recipient_exists", Some("address"));
    for (body, code, field) in [
        (json!({"kind": "webhook", "address": "ftp://x"}), "invalid_value", "address"),
        (json!({"kind": "webhook", "address": "http://a:b@x/"}), "invalid_value", "address"),
        (json!({"kind": "email", "address": "nobody"}), "invalid_value", "address"),
        (
            json!({"kind": "email", "address": "a@b.example, c@d.example"}),
            "invalid_value",
            "address",
        ),
        (json!({"kind": "pigeon", "address": "x"}), "invalid_value", "kind"),
        (json!({"kind": "email"}), "missing_field", "address"),
    ] {
        world.post(RECIPIENTS, &body).await.refused(422, code, Some(field));
    }
    let path = format!("{RECIPIENTS}/{}", made["id"]);
    let changed = world.send("PATCH", &path, &json!({"minSeverity": "critical"})).await.json();
    assert_eq!(changed["data"]["minSeverity"], "critical");
    assert_eq!(changed["data"]["address"], "https://hooks.example/T0/secret");
    assert_eq!(world.get(RECIPIENTS).await.json()["count"], 1);
    let audit = world.get("/api/audit").await.text;
    assert!(audit.contains("alarm_recipient.create") && !audit.contains("secret"), "{audit}");
    world.delete(&path).await.is(200);
    world.delete(&path).await.refused(404, "alarm_recipient_not_found", None);
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn each_use_case_of_alarms_turns_nobody_away_by_itself(pool: PgPool) {
    use domain::alarms::{AlarmId, RecipientId, RuleId};
    use service::alarms;
    let (service, tasks) = service::start(pool, service::Vault::random()).await.unwrap();
    let (s, nobody) = (&service, &Principal::Anonymous);
    let query = service::pages::Query::default();
    let rule = serde_json::from_value(json!({"kind": "offline"})).unwrap();
    let recipient = json!({"kind": "email", "address": "a@b.example"});
    let recipient = serde_json::from_value(recipient).unwrap();
    let refusals = [
        alarms::list(s, nobody, alarms::AlarmsRequest::default()).await.err(),
        alarms::acknowledge(s, nobody, AlarmId(1), alarms::Acknowledgement::default()).await.err(),
        alarms::rules(s, nobody, None).await.err(),
        alarms::create(s, nobody, rule).await.err(),
        alarms::update(s, nobody, RuleId(1), Patch::from_iter([])).await.err(),
        alarms::remove(s, nobody, RuleId(1)).await.err(),
        alarms::recipients(s, nobody, None).await.err(),
        alarms::add(s, nobody, recipient).await.err(),
        alarms::update_recipient(s, nobody, RecipientId(1), Patch::from_iter([])).await.err(),
        alarms::remove_recipient(s, nobody, RecipientId(1)).await.err(),
        alarms::page::alarms(s, nobody, &query).await.err(),
        alarms::page::open_alarms(s, nobody, &query).err(),
    ];
    for (i, refusal) in refusals.into_iter().enumerate() {
        assert!(matches!(refusal, Some(service::Error::Unauthorized { .. })), "{i}: {refusal:?}");
    }
    tasks.stop().await;
}
