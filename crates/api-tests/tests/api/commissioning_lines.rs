//! Trying devices on real lines: a Modbus gateway, and an MQTT broker with what is announced on it.

mod broker;
mod gateway;

use gateway::{Table, Unit};
use serde_json::{Value, json};

use crate::{World, has, in_one_world};

const TEST: &str = "/api/energy-meters/test";
const DISCOVER: &str = "/api/energy-meters/discover";

/// The four ways in which a device may lay out 12,345,678 (`0x00BC_614E`), two registers each.
const LAID_OUT: [(&str, &str, [u16; 2]); 4] = [
    ("big", "big", [0x00BC, 0x614E]),
    ("little", "big", [0x614E, 0x00BC]),
    ("big", "little", [0xBC00, 0x4E61]),
    ("little", "little", [0x4E61, 0xBC00]),
];

/// The values that each stand for one of the layouts.
const FIELDS: [&str; 4] = ["activePowerKw", "voltageL1", "currentL1", "frequencyHz"];

fn table(words: impl IntoIterator<Item = u16>) -> Table {
    (0..).zip(words).collect()
}

async fn data(world: &World, path: &str, asked: &Value) -> Value {
    let answer = world.post(path, asked).await.is(200);
    answer.data()
}

in_one_world! { devices_on_lines_are_tried:
    registers_are_read_right_in_every_order,
    values_that_a_unit_lacks_are_named_and_the_others_are_read,
    the_units_of_a_line_and_their_registers_are_found, messages_are_shown_with_what_is_made_of_them,
    a_device_that_announces_itself_is_listed_and_can_be_connected,
    a_broker_that_cannot_be_heard_says_why,
}

async fn registers_are_read_right_in_every_order(world: &World) {
    let words = LAID_OUT.iter().flat_map(|(_, _, words)| *words);
    let port = gateway::start([(7, Unit { input: table(words), ..Unit::default() })]).await;
    let registers: serde_json::Map<_, _> = FIELDS
        .iter()
        .zip(LAID_OUT)
        .zip([0, 2, 4, 6])
        .map(|((field, (word, byte, _)), address)| {
            let register = json!({"address": address, "function": "input", "type": "u32",
                "wordOrder": word, "byteOrder": byte, "scale": 0.00001});
            ((*field).to_owned(), register)
        })
        .collect();
    let communication =
        json!({"host": "127.0.0.1", "port": port, "unitId": 7, "registers": registers});
    let asked = json!({"protocol": "modbus", "communication": communication});
    let look = data(world, TEST, &asked).await;
    assert_eq!((&look["reached"], &look["notes"]), (&json!(true), &json!([])), "{look}");
    assert!(look["latencyMs"].is_u64(), "{look}");
    for (field, (word, byte, words)) in FIELDS.iter().zip(LAID_OUT) {
        let value = look["values"][field].as_f64().unwrap();
        assert!((value - 123.456_78).abs() < 1e-9, "{field}: {value}");
        let points = look["raw"].as_array().unwrap();
        let point = points.iter().find(|point| point["field"] == *field).unwrap();
        let hex = words.map(|word| format!("0x{word:04x}"));
        assert_eq!(point["words"], json!(hex), "{field}");
        let ways = point["interpretations"].as_array().unwrap();
        let right = ways.iter().find(|way| {
            way["type"] == "u32" && way["wordOrder"] == word && way["byteOrder"] == byte
        });
        assert_eq!(right.unwrap()["value"], 12_345_678.0, "{field}: {ways:?}");
        let of_type = ways.iter().filter(|way| way["type"] == "u32").count();
        assert_eq!(of_type, 4, "{field} is told in every order: {ways:?}");
    }
    assert_eq!(world.count("devices").await, 0);
}

async fn values_that_a_unit_lacks_are_named_and_the_others_are_read(world: &World) {
    let float = 230.1_f32.to_bits();
    let words = [u16::try_from(float >> 16).unwrap(), u16::try_from(float & 0xFFFF).unwrap()];
    let port = gateway::start([(1, Unit { holding: table(words), ..Unit::default() })]).await;
    let asked = json!({"protocol": "modbus", "communication": {"host": "127.0.0.1", "port": port,
        "registers": {"voltage": {"address": 0, "type": "f32"}, "current": 400}}});
    let look = data(world, TEST, &asked).await;
    assert_eq!(look["values"].as_object().unwrap().len(), 1, "{look}");
    assert!((look["values"]["voltageL1"].as_f64().unwrap() - 230.1).abs() < 1e-4, "{look}");
    assert!(look["notes"][0].as_str().unwrap().contains("400"), "{look}");
}

async fn the_units_of_a_line_and_their_registers_are_found(world: &World) {
    let three = Unit { holding: table([0x08FD, 0x0001]), ..Unit::default() };
    let port = gateway::start([(3, three), (5, Unit::default())]).await;
    let line = json!({"host": "127.0.0.1", "port": port});
    let asked = json!({"communication": line, "toUnit": 6});
    let scan = data(world, "/api/energy-meters/scan", &asked).await;
    assert_eq!((&scan["reached"], &scan["nextUnit"]), (&json!(true), &Value::Null), "{scan}");
    let units = scan["units"].as_array().unwrap();
    let found: Vec<_> = units.iter().map(|unit| unit["unitId"].as_i64().unwrap()).collect();
    assert_eq!(found, [3, 5]);
    assert_eq!(units[0]["exception"], Value::Null);
    assert!(units[1]["exception"].as_str().unwrap().contains("address"), "{scan}");

    let asked = json!({"communication": {"host": "127.0.0.1", "port": port, "unitId": 3},
        "function": "holding", "address": 0, "count": 2});
    let read = data(world, "/api/energy-meters/registers", &asked).await;
    let words: Vec<_> =
        read["registers"].as_array().unwrap().iter().map(|it| it["word"].clone()).collect();
    assert_eq!(words, [json!("0x08fd"), json!("0x0001")]);
}

async fn messages_are_shown_with_what_is_made_of_them(world: &World) {
    let port = broker::start().await;
    let object = json!({"power": 30.2, "energy": 125.5, "timestamp": "2026-01-01T00:00:00Z"});
    broker::retain(port, &[("hall/all", object.to_string()), ("hall/u", "high".to_owned())]).await;
    let asked = json!({"protocol": "mqtt", "communication": {"host": "127.0.0.1", "port": port,
        "topicPower": "hall/all", "topicVoltage": "hall/u"}});
    let look = data(world, TEST, &asked).await;
    has!(look, {"reached": true, "values": {"activePowerKw": 30.2, "totalEnergyKwh": 125.5}});
    let messages = look["raw"].as_array().unwrap();
    let of = |topic: &str| messages.iter().find(|message| message["topic"] == topic).unwrap();
    assert_eq!(of("hall/all")["measured"], "2026-01-01T00:00:00Z");
    assert_eq!(of("hall/u")["payload"], "high");
    assert!(of("hall/u")["remark"].as_str().unwrap().contains("not a number"), "{look}");
    assert_eq!((world.count("devices").await, world.count("meter_readings").await), (0, 0));
}

/// What a plug announces of one of its sensors.
fn sensor(class: &str, unit: &str, template: &str) -> String {
    json!({"device_class": class, "unit_of_measurement": unit, "value_template": template,
        "state_topic": "zigbee2mqtt/Plug",
        "device": {"identifiers": ["0x1"], "name": "Plug", "manufacturer": "Maker", "model": "TS1"}})
    .to_string()
}

async fn a_device_that_announces_itself_is_listed_and_can_be_connected(world: &World) {
    let port = broker::start().await;
    broker::retain(
        port,
        &[
            ("homeassistant/sensor/0x1/p/config", sensor("power", "W", "{{ value_json.power }}")),
            ("homeassistant/sensor/0x1/e/config", sensor("energy", "kWh", "{{ value_json.e }}")),
            ("homeassistant/sensor/0x1/u/config", sensor("voltage", "V", "{{ value * 2 }}")),
            ("zigbee2mqtt/Plug", json!({"power": 1500, "e": 7}).to_string()),
        ],
    )
    .await;
    let direct = json!({"host": "127.0.0.1", "port": port});
    let heard = data(world, DISCOVER, &json!({"communication": direct})).await;
    assert_eq!((&heard["reached"], &heard["notes"]), (&json!(true), &json!([])), "{heard}");
    let devices = heard["devices"].as_array().unwrap();
    assert_eq!(devices.len(), 1, "{heard}");
    let plug = &devices[0];
    assert_eq!([&plug["name"], &plug["maker"], &plug["model"]], ["Plug", "Maker", "TS1"]);
    assert_eq!(plug["topics"], json!(["zigbee2mqtt/Plug"]));
    assert_eq!(heard["unusable"][0]["topic"], "homeassistant/sensor/0x1/u/config");
    assert!(heard["unusable"][0]["reason"].as_str().unwrap().contains("value * 2"), "{heard}");

    let url = format!("mqtt://127.0.0.1:{port}");
    world.send("PUT", "/api/mqtt/brokers/hall", &json!({ "url": url })).await.is(200);
    let by_name = json!({"communication": {"broker": "hall", "topicPower": "passed/over"}});
    assert_eq!(data(world, DISCOVER, &by_name).await["devices"], heard["devices"]);

    let mut communication = plug["communication"].clone();
    communication["broker"] = json!("hall");
    let asked = json!({"protocol": "mqtt", "communication": communication});
    let look = data(world, TEST, &asked).await;
    assert_eq!(look["values"], json!({"activePowerKw": 1.5, "energyImportKwh": 7.0}), "{look}");
    let body = json!({"name": plug["name"], "meterType": "zone", "protocol": "mqtt",
        "communication": communication});
    world.post("/api/energy-meters", &body).await.is(201);
}

async fn a_broker_that_cannot_be_heard_says_why(world: &World) {
    let closed = json!({"communication": {"host": "127.0.0.1", "port": 1}});
    let heard = data(world, DISCOVER, &closed).await;
    assert_eq!((&heard["reached"], &heard["devices"]), (&json!(false), &json!([])));
    assert!(!heard["notes"][0].as_str().unwrap().is_empty(), "{heard}");
    let guarded = json!({"communication": {"host": "169.254.169.254"}});
    let heard = data(world, DISCOVER, &guarded).await;
    assert_eq!(heard["reached"], false, "{heard}");

    let of = |communication: Value| json!({ "communication": communication });
    for (asked, code, field) in [
        (of(json!({"port": 1883})), "invalid_value", "communication.port"),
        (of(json!({"colour": 1})), "unknown_field", "communication.colour"),
        (of(json!({"host": "a", "broker": "b"})), "invalid_value", "communication.broker"),
        (json!({}), "missing_field", "communication"),
    ] {
        world.post(DISCOVER, &asked).await.refused(422, code, Some(field));
    }
    let unknown = of(json!({"broker": "nowhere"}));
    world.post(DISCOVER, &unknown).await.refused(404, "broker_not_found", None);
}
