//! The recipients that the form of a rule names.

use domain::people::Role;
use serde_json::{Value, json};
use service::Principal;
use service::alarms::page;
use service::pages::Query;
use service::people::accounts::{self, NewRole, NewUser};
use sqlx::PgPool;

use super::{RECIPIENTS, RULES};
use crate::forms::send;
use crate::people::with;
use crate::{World, has};

const ACTION: &str = "/act/alarm-add?next=/alarms";

/// Sends the form of a rule on power with these recipients.
async fn add(world: &World, recipient: &str, address: &str) -> crate::Answer {
    let site = world.site();
    let fields = [
        ("site", site.as_str()),
        ("kind", "ActivePower"),
        ("raise", "10"),
        ("delaySeconds", "60"),
        ("severity", "warning"),
        ("recipient", recipient),
        ("address", address),
    ];
    send(world, ACTION, &fields).await
}

async fn counts(world: &World) -> [Value; 2] {
    let count = async |path: &str| world.get(path).await.json()["count"].clone();
    [count(RULES).await, count(RECIPIENTS).await]
}

pub(super) async fn the_form_of_a_rule_says_who_is_told_all_of_it_or_nothing(world: &World) {
    for address in ["nobody", "a@b.example, c@d.example"] {
        add(world, "", address).await.invalid("address");
    }
    let unknown = add(world, "999999", "asha@plant.example").await;
    unknown.refused(404, "alarm_recipient_not_found", None);
    assert_eq!(counts(world).await, [json!(8), json!(0)], "nothing is half done");

    add(world, "", "asha@plant.example").await.is(200);
    let told = world.get(RECIPIENTS).await.json()["data"][0].clone();
    has!(told, {"kind": "email", "address": "asha@plant.example", "minSeverity": "warning",
        "enabled": true});
    assert_eq!(counts(world).await, [json!(9), json!(1)]);
    assert_eq!(world.noted().await, ["alarm_recipient.create", "alarm_rule.create"]);

    // One that is told of graver alarms alone, or of none, is told of these from now on.
    let path = format!("{RECIPIENTS}/{}", told["id"]);
    let id = told["id"].to_string();
    for (recipient, address) in [(id.as_str(), ""), ("", "asha@plant.example")] {
        let graver = json!({"minSeverity": "critical", "enabled": false});
        world.send("PATCH", &path, &graver).await.is(200);
        add(world, recipient, address).await.is(200);
        let told = world.get(RECIPIENTS).await.json()["data"][0].clone();
        has!(told, {"minSeverity": "warning", "enabled": true});
    }
    let milder = json!({"minSeverity": "info"});
    world.send("PATCH", &path, &milder).await.is(200);
    add(world, &id, "").await.is(200);
    assert_eq!(world.get(RECIPIENTS).await.json()["data"][0]["minSeverity"], "info");
    assert_eq!(counts(world).await, [json!(12), json!(1)]);
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_form_of_a_rule_begins_with_the_mailbox_of_its_reader(pool: PgPool) {
    let new = NewUser {
        name: "ravi".to_owned(),
        display_name: None,
        email: Some("ravi@plant.example".to_owned()),
        password: None,
        roles: vec![NewRole { site: None, role: Role::Admin }],
        meters: Vec::new(),
    };
    accounts::create(&pool, &Principal::Loopback, new).await.unwrap();
    let (service, tasks) = service::start(pool, service::Vault::random()).await.unwrap();
    let mailbox = async |role: Role, query: &str| {
        let who = with(&[role], None);
        page::alarms(&service, &who, &Query::parse(query)).await.unwrap().own_mailbox
    };
    assert_eq!(mailbox(Role::Admin, "watch=loss").await.as_deref(), Some("ravi@plant.example"));
    assert_eq!(mailbox(Role::Admin, "").await, None, "there is no form");
    assert_eq!(mailbox(Role::Operator, "watch=loss").await, None, "an operator adds no recipient");
    tasks.stop().await;
}
