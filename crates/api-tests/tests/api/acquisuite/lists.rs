//! The files that loggers have about themselves: lists of points, and how often they log.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use super::{
    Form, LOG, LOGGERS, POINTS, SERIAL, gzip, logger, md5, readings, succeeded, with_logger,
};
use crate::{World, in_one_world};

/// A file that a logger has about itself or a device.
fn list(name: &str, bytes: &[u8]) -> Form {
    let form = Form::new("CONFIGFILEUPLOAD").with("MD5CHECKSUM", &md5(bytes));
    form.file("CONFIGFILE", name, bytes)
}

in_one_world! { lists_of_points:
    a_list_of_points_may_come_compressed, a_register_without_a_direction_is_asked_about,
    a_logger_is_waited_for_as_long_as_it_says,
}

async fn a_list_of_points_may_come_compressed(world: &World) {
    with_logger(world).await;
    succeeded(&list("modbus/mb-007.ini.gz", &gzip(POINTS)).send(world).await);
    succeeded(&Form::log(&gzip(LOG)).send(world).await);
    assert_eq!(readings(world, "001EC6000D80_7").await[0]["totalEnergyKwh"], 100.5);
    // The logger compares what is kept with its own file, which is not compressed.
    let asked = Form::new("CONFIGFILEMANIFEST").send(world).await;
    let kept = format!("\nCONFIGFILE,modbus/mb-007.ini,{},", md5(POINTS.as_bytes()));
    assert!(asked.text.contains(&kept), "{}", asked.text);
}

async fn a_register_without_a_direction_is_asked_about(world: &World) {
    with_logger(world).await;
    let points = "POINT00NAME=ION6200\nPOINT00UNITS=KWh\nPOINT05NAME=ION6200Reactive\n\
        POINT05UNITS=KVARh\n";
    succeeded(&Form::points(points).send(world).await);
    succeeded(&Form::log(b"'2026-05-01 00:15:00',0,0,0,100.5,,,,,7\n").send(world).await);
    let question = async |place: usize| {
        let points = logger(world).await["devices"][0]["points"].clone();
        points[place]["question"].as_str().unwrap_or_default().to_owned()
    };
    assert!(question(1).await.contains("ReactiveEnergyImport"), "{}", question(1).await);
    assert_eq!(question(0).await, "");

    let columns = json!({"columns": {"7": {"ReactiveEnergyImport": 5}}});
    world.send("PUT", &format!("{LOGGERS}/{SERIAL}"), &columns).await.is(200);
    assert_eq!(question(1).await, "");
    succeeded(&Form::log(b"'2026-05-01 00:30:00',0,0,0,101,,,,,8\n").send(world).await);
    assert_eq!(readings(world, "001EC6000D80_7").await[1]["reactiveEnergyImportKvarh"], 8.0);
}

/// How far the channels of the device 7 can be trusted, as soon as they are there.
async fn quality(world: &World) -> Value {
    let channels = "/api/channels?prefix=001ec6000d80_7";
    let answered = async || world.get(channels).await.json();
    for _ in 0..200 {
        let channels = answered().await["data"]["channels"].clone();
        if channels.as_array().is_some_and(|all| all.len() > 1) {
            return channels[0]["quality"].clone();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no channels: {}", answered().await);
}

async fn a_logger_is_waited_for_as_long_as_it_says(world: &World) {
    with_logger(world).await;
    succeeded(&Form::points(POINTS).send(world).await);
    let at = (Utc::now() - TimeDelta::minutes(40)).format("%Y-%m-%d %H:%M:%S");
    let log = format!("'{at}',0,0,0,100.5,2.25,,230\n");
    succeeded(&Form::log(log.as_bytes()).send(world).await);
    assert_eq!(quality(world).await, "STALE", "five minutes are usual");
    assert_eq!(logger(world).await["uploads"]["logPeriodMinutes"], Value::Null);

    let own = b"LOOPNAME=Main\r\nLOGPERIOD=30\r\n";
    succeeded(&list("loggerconfig.ini", own).send(world).await);
    assert_eq!(logger(world).await["uploads"]["logPeriodMinutes"], 30);
    for _ in 0..200 {
        if quality(world).await == "GOOD" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(quality(world).await, "GOOD");

    succeeded(&Form::new("STATUS").with("LOGPERIOD", "5").send(world).await);
    assert_eq!(logger(world).await["uploads"]["logPeriodMinutes"], 5);
    succeeded(&Form::new("STATUS").with("LOGPERIOD", "900").send(world).await);
    assert_eq!(logger(world).await["uploads"]["logPeriodMinutes"], 5, "not from 1 to 60");
}
