//! Points of a device that are meters of their own.

use serde_json::{Value, json};

use super::{Form, LOGGERS, SERIAL, logger, readings, succeeded, with_logger};
use crate::forms::send;
use crate::{World, has, in_one_world};

/// A pulse counter with two inputs that are flats, and the power of the whole.
const INPUTS: &str = "POINT00NAME=Flat 1\nPOINT00UNITS=Wh\nPOINT01NAME=Flat 2\nPOINT01UNITS=kWh\n\
    POINT02NAME=Real Power\nPOINT02UNITS=kW\n";

async fn split(world: &World, points: Value) {
    let change = json!({"pointMeters": points});
    world.send("PUT", &format!("{LOGGERS}/{SERIAL}"), &change).await.is(200);
}

in_one_world! { points_of_loggers:
    inputs_of_a_pulse_counter_are_meters, what_is_left_of_a_device_is_its_own_meter,
    points_are_named_in_a_form,
}

async fn inputs_of_a_pulse_counter_are_meters(world: &World) {
    with_logger(world).await;
    succeeded(&Form::points(INPUTS).send(world).await);
    split(world, json!({"7": {"0": "EnergyImport", "1": "energyImportKwh"}})).await;
    let meter = world.get("/api/Energy/meters/001EC6000D80_7_0").await.data();
    has!(meter, {"parentMeterId": null, "meterName": "Flat 1"});

    let log = b"'2026-05-01 00:15:00',0,0,0,100500,20.25,\n'2026-05-01 00:30:00',139,,,,,\n\
        '2026-05-01 00:45:00',0,0,0,101500,NULL,\n";
    succeeded(&Form::log(log).send(world).await);
    let first = readings(world, "001EC6000D80_7_0").await;
    let energy: Vec<_> = first.iter().map(|reading| &reading["energyImportKwh"]).collect();
    assert_eq!(energy, [&json!(100.5), &json!(101.5)]);
    let second = readings(world, "001EC6000D80_7_1").await;
    assert_eq!((second.len(), &second[0]["energyImportKwh"]), (1, &json!(20.25)));

    let shown = logger(world).await;
    let device = &shown["devices"][0];
    has!(device, {"address": "7", "meterId": null, "meterNumber": null});
    let numbers: Vec<_> =
        device["points"].as_array().unwrap().iter().map(|point| &point["meterNumber"]).collect();
    let expected = [json!("001EC6000D80_7_0"), json!("001EC6000D80_7_1"), Value::Null];
    assert_eq!(numbers, expected.iter().collect::<Vec<_>>());
    let uploads = &shown["uploads"];
    assert_eq!((&uploads["stored"], &uploads["silent"]), (&json!(3), &json!(1)), "{uploads}");
    let asked = Form::new("CONFIGFILEMANIFEST").send(world).await;
    assert_eq!(asked.text.matches("mb-007.ini").count(), 1, "{}", asked.text);
}

async fn what_is_left_of_a_device_is_its_own_meter(world: &World) {
    with_logger(world).await;
    split(world, json!({"7": {"0": "EnergyImport"}})).await;
    let name = &world.get("/api/Energy/meters/001EC6000D80_7_0").await.data()["meterName"];
    assert_eq!(name, "001EC6000D80 device 7 point 0");
    succeeded(&Form::points(INPUTS).send(world).await);
    let log =
        |minute: u8| Form::log(format!("'2026-05-01 00:{minute}:00',0,0,0,1000,20,3\n").as_bytes());
    succeeded(&log(15).send(world).await);
    let whole = readings(world, "001EC6000D80_7").await;
    has!(whole[0], {"totalEnergyKwh": 20.0, "activePowerKw": 3.0});
    assert_eq!(readings(world, "001EC6000D80_7_0").await[0]["energyImportKwh"], 1.0);

    // A point that is no meter any more is a value of the device again; its meter keeps what it has.
    split(world, json!({})).await;
    succeeded(&log(30).send(world).await);
    assert_eq!(readings(world, "001EC6000D80_7").await[1]["totalEnergyKwh"], 1.0);
    assert_eq!(readings(world, "001EC6000D80_7_0").await.len(), 1);

    // The same as XML, where a point says its unit by itself.
    split(world, json!({"7": {"0": "EnergyImport"}})).await;
    let xml = "<DAS><devices><device><address>7</address><records><record>\
        <time zone=\"UTC\">2026-05-01 00:45:00</time><error text=\"Ok\">0</error>\
        <point number=\"0\" name=\"Flat 1\" units=\"Wh\" value=\"2000\" />\
        </record></records></device></devices></DAS>";
    succeeded(&Form::log(xml.as_bytes()).send(world).await);
    assert_eq!(readings(world, "001EC6000D80_7_0").await[1]["energyImportKwh"], 2.0);
}

async fn points_are_named_in_a_form(world: &World) {
    with_logger(world).await;
    let change = async |points: &str| {
        let fields = [("serial", SERIAL), ("pointMeters", points)];
        send(world, "/act/change-logger", &fields).await
    };
    let refused = change("0").await;
    refused.invalid("pointMeters");
    let refused = change(r#"{"7": {"0": "EnergyImport"}"#).await;
    refused.invalid("pointMeters");
    assert_eq!(refused.json()["error"]["reason"], "typed.no_point_meters");
    assert_eq!(change(r#"{"7": {"0": "EnergyImport"}}"#).await.status, 200);
    assert_eq!(logger(world).await["pointMeters"], json!({"7": {"0": "EnergyImport"}}));
    let twice = json!({"columns": {"7": {"ActivePower": 0}}});
    let refused = world.send("PUT", &format!("{LOGGERS}/{SERIAL}"), &twice).await;
    refused.invalid("pointMeters");
    let error = &refused.json()["error"];
    assert_eq!(error["reason"], "logger_setting.point_twice", "{error}");
    assert_eq!(change("").await.status, 200);
    assert_eq!(logger(world).await["pointMeters"], json!({}));
}
