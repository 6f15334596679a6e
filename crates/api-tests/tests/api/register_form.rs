//! The form of a Modbus meter: a wrong register is refused at its row, and mended by the form alone.

use serde_json::{Value, json};

use crate::forms::send;
use crate::{Answer, World, in_one_world};

in_one_world! { forms_of_registers:
    a_meter_with_a_wrong_register_is_mended_by_the_form_alone,
    a_meter_that_was_never_billed_is_deleted_with_its_device,
}

type Fields<'a> = Vec<(&'a str, &'a str)>;

/// Posts the form of a device, with these rows of its table.
async fn save(world: &World, rows: &[(&str, &str)], meter: Option<&str>) -> Answer {
    let site = world.site();
    let mut fields: Fields<'_> = vec![
        ("site", site.as_str()),
        ("protocol", "modbus"),
        ("host", "127.0.0.1"),
        ("port", "9"),
        ("meterName", "Press"),
        ("meterNumber", "PRESS"),
        ("registers.shown", "1"),
    ];
    fields.extend(meter.map(|meter| ("meter", meter)));
    fields.extend(rows);
    send(world, "/act/device-save?next=/devices", &fields).await
}

async fn registers(world: &World) -> Value {
    let devices = world.get("/api/devices").await.json();
    let devices = devices["data"].as_array().cloned().unwrap_or_default();
    let press = devices.into_iter().find(|device| device["meterNumber"] == "PRESS");
    press.map(|device| device["communication"]["registers"].clone()).unwrap_or_default()
}

async fn a_meter_with_a_wrong_register_is_mended_by_the_form_alone(world: &World) {
    let power = [
        ("registers.0.channel", "activePowerKw"),
        ("registers.0.address", "10"),
        ("registers.0.type", "f32"),
    ];
    let voltage =
        |address| [("registers.2.channel", "voltageL1"), ("registers.2.address", address)];
    let wrong = [
        (voltage("10"), "registers.2.address"),
        (voltage("11"), "registers.2.address"),
        (voltage("eleven"), "registers.2.address"),
        (
            [("registers.2.channel", "activePowerKw"), ("registers.2.address", "20")],
            "registers.2.channel",
        ),
        (
            [("registers.2.channel", "voltageL1"), ("registers.3.address", "30")],
            "registers.2.address",
        ),
    ];
    for (rows, field) in wrong {
        let rows = [&power[..], &rows[..]].concat();
        let refused = save(world, &rows, None).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert_eq!(refused.json()["error"]["field"], field, "{}", refused.text);
        assert_eq!(registers(world).await, Value::Null, "nothing is half done");
    }
    let saved = save(world, &[&power[..], &voltage("12")[..]].concat(), None).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let stored = json!({"power": {"address": 10, "type": "f32"}, "voltage": {"address": 12}});
    assert_eq!(registers(world).await, stored);

    let id = world.get("/api/Energy/meters/PRESS").await.json()["data"]["id"].to_string();
    let mended = [
        ("registers.0.channel", "activePowerKw"),
        ("registers.0.address", "10"),
        ("registers.0.type", "f32"),
        ("registers.0.order", "cdab"),
        ("registers.0.scale", "0.001"),
    ];
    let saved = save(world, &mended, Some(&id)).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let power = json!({"address": 10, "type": "f32", "wordOrder": "little", "scale": 0.001});
    assert_eq!(registers(world).await, json!({"power": power}));
}

async fn a_meter_that_was_never_billed_is_deleted_with_its_device(world: &World) {
    let rows = [("registers.0.channel", "activePowerKw"), ("registers.0.address", "10")];
    assert_eq!(save(world, &rows, None).await.status, 200);
    let path = "/api/Energy/meters/PRESS";
    let id = world.get(path).await.json()["data"]["id"].to_string();
    let reading = json!({"timestamp": "2026-01-01T00:00:00Z", "activePowerKw": 1});
    world.post(&format!("{path}/readings"), &reading).await.is(201);
    let delete = async |name: &str| {
        send(world, "/act/delete-meter?next=/meters", &[("meter", &id), ("name", name)]).await
    };
    for other in ["", "PRESS", "Press 2"] {
        delete(other).await.invalid("name");
        assert_eq!(world.get(path).await.status, 200, "{other:?} is not its name");
    }
    let deleted = delete(" Press ").await;
    assert_eq!(deleted.status, 200, "{}", deleted.text);
    assert_eq!(world.get(path).await.status, 404);
    assert_eq!(registers(world).await, Value::Null);
    delete("Press").await.refused(404, "meter_not_found", None);
}
