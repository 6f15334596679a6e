//! Rules on losses, demand and cost: by the form, and those that cannot be.

use serde_json::{Value, json};

use super::RULES;
use crate::forms::send;
use crate::{World, has};

/// A node, *Unit C*, with a load below it.
async fn unit_c(world: &World) -> i64 {
    let unit = json!({"meterNumber": "C-1", "meterName": "Unit C", "meterType": "Unit",
        "ratedPowerKw": 60});
    let unit = world.meter(&unit).await;
    let load = json!({"meterNumber": "C-2", "meterName": "Press", "meterType": "Unit",
        "parentMeterId": unit});
    world.meter(&load).await;
    unit
}

pub(super) async fn the_form_adds_rules_in_the_units_that_people_type(world: &World) {
    let unit = unit_c(world).await;
    let (action, site) = ("/act/alarm-add?next=/alarms", world.site());
    let fields = [
        ("site", site.as_str()),
        ("kind", "loss"),
        ("meterId", "C-1"),
        ("raise", "10"),
        ("clear", ""),
        ("direction", ""),
        ("delaySeconds", "300"),
        ("severity", "warning"),
    ];
    send(world, action, &fields).await.is(200);
    let with = |name: &str, value| {
        fields.map(|(field, typed)| (field, if field == name { value } else { typed }))
    };
    let mut power = with("kind", "ActivePower");
    power[3].1 = "12.5";
    send(world, action, &power).await.is(200);
    let rules = world.get(RULES).await.json();
    let [.., loss, power] = &rules["data"].as_array().unwrap()[..] else { panic!("{rules}") };
    has!(loss, {"kind": "loss", "meterId": unit, "raise": 10.0, "clear": 10.0, "unit": "kW",
        "delaySeconds": 300, "title": "Loss above 10 kW"});
    has!(power, {"kind": "threshold", "channel": "ActivePower", "raise": 12_500.0, "unit": "W",
        "title": "Active power above 12.5 kW"});

    // A fault in the form is said at its field, and nothing is added.
    for (name, value, field) in [
        ("raise", "", "raise"),
        ("raise", "10 kilos", "raise"),
        ("raise", "10000", "raise"),
        ("kind", "loss_in_horsepower", "kind"),
        ("kind", "loss_cost", "kind"),
        ("meterId", "C-2", "meterId"),
        ("direction", "below", "direction"),
        ("delaySeconds", "0.5", "delaySeconds"),
    ] {
        send(world, action, &with(name, value)).await.invalid(field);
    }
    assert_eq!(world.get(RULES).await.json()["count"], 10);
}

pub(super) async fn rules_on_a_loss_that_cannot_be(world: &World) {
    unit_c(world).await;
    let of_unit = |rule: Value| crate::with(&json!({"meterId": "C-1", "raise": 10}), &rule);
    for (rule, field, reason) in [
        (of_unit(json!({"kind": "loss_percent", "raise": 120})), "raise", "alarm_limit.input"),
        (of_unit(json!({"kind": "demand", "raise": 5000})), "raise", "alarm_limit.beyond_rated"),
        (of_unit(json!({"kind": "loss", "meterId": "C-2"})), "meterId", "alarm_rule.no_node"),
        (of_unit(json!({"kind": "cost"})), "kind", "alarm_rule.no_price"),
        (json!({"kind": "cost", "raise": 10}), "meterId", "alarm_rule.no_meter"),
        (json!({"kind": "demand"}), "raise", "alarm_limit.needed"),
    ] {
        let refused = world.post(RULES, &rule).await;
        assert_eq!(refused.json()["error"]["reason"], reason, "{rule}: {}", refused.text);
        refused.refused(422, "invalid_value", Some(field));
    }
    let solar = json!({"meterNumber": "PV-1", "meterName": "Roof", "meterType": "Solar"});
    world.meter(&solar).await;
    let roof = json!({"kind": "cost", "meterId": "PV-1", "raise": 10});
    let refused = world.post(RULES, &roof).await;
    assert_eq!(refused.json()["error"]["reason"], "alarm_rule.not_bought");
    assert_eq!(world.get(RULES).await.json()["count"], 8, "nothing was added");
}
