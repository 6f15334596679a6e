//! Data loggers and what they upload.

mod columns;
mod hostile;
mod lists;
mod missing;
mod points;
mod roles;
mod settings;

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use md5::{Digest as _, Md5};
use serde_json::{Value, json};

use crate::{Answer, Request, World, has, in_one_world, with};

const LOGGERS: &str = "/api/acquisuite/loggers";
const UPLOAD: &str = "/acquisuite/upload";
const SERIAL: &str = "001EC6000D80";
const PASSWORD: &str = "upload-secret";
const BOUNDARY: &str = "MIME_BOUNDRY_MIME_BOUNDRY";

/// The points of the device 7.
const POINTS: &str = "POINT00NAME=Energy Consumption\r\nPOINT00UNITS=kWh\r\nPOINT00LOW=0\r\n\
    POINT01NAME=Real Power\r\nPOINT01UNITS=kW\r\nPOINT02NAME=Average Demand\r\nPOINT02UNITS=kW\r\n\
    POINT03NAME=Voltage, Phase A - N\r\nPOINT03UNITS=Volts\r\n";
/// A log file of it: two readings, a device that was silent, a start, and a line that is none.
const LOG: &str = "'2026-05-01 00:00:00',160,,,,,,\r\n\
    '2026-05-01 00:15:00',0,0x00,0x00,100.5,2.25,9,230.1\r\n\
    '2026-05-01 00:30:00',139,,,,,,\r\n\
    '2026-05-01 00:45:00',0,0x00,0x02,101.5,NULL,,231\r\n\
    '2026-05-01 01:00:00',0,0,0,one,2,3,4\r\n";

/// A form of a logger.
struct Form {
    fields: Vec<(String, String)>,
    file: Option<(&'static str, String, Vec<u8>)>,
    path: String,
}

impl Form {
    fn new(mode: &str) -> Self {
        let fields = [("MODE", mode), ("SERIALNUMBER", SERIAL), ("PASSWORD", PASSWORD)];
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self { fields: fields.map(owned).into(), file: None, path: UPLOAD.to_owned() }
    }

    /// A log file of the device 7 with its checksum.
    fn log(bytes: &[u8]) -> Self {
        let form = Self::new("LOGFILEUPLOAD").with("MODBUSDEVICE", "7");
        let form = form.with("MD5CHECKSUM", &md5(bytes));
        form.file("LOGFILE", "modbus/mb-007.63BD5AFD_2.log.gz", bytes)
    }

    /// The list of points of the device 7.
    fn points(text: &str) -> Self {
        let form = Self::new("CONFIGFILEUPLOAD").with("FILETIME", "2026-04-30 12:00:00");
        form.file("CONFIGFILE", "modbus/mb-007.ini", text.as_bytes())
    }

    /// The same, with another value of a field, or without it where the value is empty.
    fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.fields.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    fn file(mut self, field: &'static str, name: &str, bytes: &[u8]) -> Self {
        self.file = Some((field, name.to_owned(), bytes.to_vec()));
        self
    }

    fn to(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    fn request(self) -> Request {
        let mut body = Vec::new();
        for (name, value) in &self.fields {
            let part = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        if let Some((field, name, bytes)) = &self.file {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; \
                 filename=\"{name}\"\r\nContent-Type: application/octet-stream;\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        Request::new("POST", &self.path).header("Content-Type", &kind).body(body)
    }

    async fn send(self, world: &World) -> Answer {
        self.request().send(world.address).await
    }
}

fn md5(bytes: &[u8]) -> String {
    let digits =
        |byte: &u8| [byte >> 4, byte & 15].map(|n| char::from_digit(n.into(), 16).unwrap());
    Md5::digest(bytes).iter().flat_map(digits).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[track_caller]
fn succeeded(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(answer.text.lines().any(|line| line == "SUCCESS"), "{}", answer.text);
}

#[track_caller]
fn failed(answer: &Answer, status: u16, why: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert!(answer.text.starts_with("FAILURE: "), "{}", answer.text);
    assert!(answer.text.contains(why), "{why:?} is not in {:?}", answer.text);
}

/// Adds the logger to the site of the step, with more settings; no other site has it any more.
async fn add_logger(world: &World, more: Value) {
    for serial in [SERIAL, "AB"] {
        world.delete(&format!("{LOGGERS}/{serial}")).await;
    }
    sqlx::query("DELETE FROM acquisuite_refusals").execute(&world.pool).await.unwrap();
    let logger = json!({"serialNumber": SERIAL, "password": PASSWORD});
    world.post(LOGGERS, &with(&logger, &more)).await.is(201);
}

async fn with_logger(world: &World) {
    add_logger(world, json!({})).await;
}

async fn logger(world: &World) -> Value {
    world.get(&format!("{LOGGERS}/{SERIAL}")).await.data()
}

async fn readings(world: &World, meter: &str) -> Vec<Value> {
    let path = format!("/api/Energy/meters/{meter}/readings");
    world.get(&path).await.json()["data"].as_array().cloned().unwrap_or_default()
}

in_one_world! { log_files_of_loggers:
    a_log_file_becomes_readings_of_an_unplaced_meter, a_file_waits_until_its_columns_are_known,
    the_settings_name_columns_that_the_logger_does_not, uploads_come_in_many_forms,
    each_site_has_an_address_of_its_own,
}

async fn a_log_file_becomes_readings_of_an_unplaced_meter(world: &World) {
    with_logger(world).await;
    succeeded(&Form::points(POINTS).send(world).await);
    let log = gzip(LOG);
    let form = || Form::log(&log).with("MODBUSDEVICENAME", "Main switchboard");
    succeeded(&form().send(world).await);

    let meter = world.get("/api/Energy/meters/001EC6000D80_7").await.data();
    has!(meter, {"parentMeterId": null, "meterName": "Main switchboard"});
    let stored = readings(world, "001EC6000D80_7").await;
    let expected = json!([
        {"timestamp": "2026-05-01T00:15:00Z", "quality": "GOOD", "source": "api",
            "totalEnergyKwh": 100.5, "activePowerKw": 2.25, "voltageL1": 230.1},
        {"timestamp": "2026-05-01T00:45:00Z", "quality": "GOOD", "source": "api",
            "totalEnergyKwh": 101.5, "voltageL1": 231.0},
    ]);
    assert_eq!(Value::from(stored.clone()), expected);

    let uploads = logger(world).await["uploads"].clone();
    has!(uploads, {"files": 1, "stored": 2, "refused": 1, "silent": 1});
    let why = uploads["lastRefused"].as_str().unwrap();
    assert!(why.contains("device 7, line 5: point 0"), "{why}");
    assert!(uploads["lastEvent"].as_str().unwrap().contains("139"), "{uploads}");

    succeeded(&form().send(world).await);
    assert_eq!(readings(world, "001EC6000D80_7").await, stored);
    let uploads = logger(world).await["uploads"].clone();
    assert_eq!((&uploads["stored"], &uploads["repeated"]), (&json!(2), &json!(2)), "{uploads}");
    assert_eq!(world.count("reading_conflicts").await, 0);
}

async fn a_file_waits_until_its_columns_are_known(world: &World) {
    with_logger(world).await;
    let log = gzip(LOG);
    failed(&Form::log(&log).send(world).await, 406, "the points of device 7 are not known");
    assert_eq!(world.count("meter_readings").await, 0);

    let manifest = || Form::new("CONFIGFILEMANIFEST").send(world);
    let asked = manifest().await;
    succeeded(&asked);
    assert!(asked.text.contains("\nCONFIGFILE,loggerconfig.ini,,\n"), "{}", asked.text);
    assert!(asked.text.contains("\nCONFIGFILE,modbus/mb-007.ini,,\n"), "{}", asked.text);

    succeeded(&Form::points(POINTS).send(world).await);
    let asked = manifest().await;
    let sum = md5(POINTS.as_bytes());
    let kept = format!("\nCONFIGFILE,modbus/mb-007.ini,{sum},2026-04-30 12:00:00\n");
    assert!(asked.text.contains(&kept), "{}", asked.text);
    succeeded(&Form::log(&log).send(world).await);
    assert_eq!(world.count("meter_readings").await, 2);

    let points = logger(world).await["devices"][0]["points"].clone();
    assert_eq!(points[0]["field"], "totalEnergyKwh", "{points}");
    assert_eq!(
        points[2],
        json!({"number": 2, "name": "Average Demand", "unit": "kW", "field": null})
    );
}

async fn the_settings_name_columns_that_the_logger_does_not(world: &World) {
    with_logger(world).await;
    let columns = json!({"columns": {"7": {"EnergyImport": 0, "ActivePower": 1}}});
    world.send("PUT", &format!("{LOGGERS}/{SERIAL}"), &columns).await.is(200);
    let log = "'2026-05-01 00:15:00',0,0x00,0x00,100.5,2250\n";
    succeeded(&Form::log(log.as_bytes()).send(world).await);
    let stored = readings(world, "001EC6000D80_7").await;
    has!(stored[0], {"energyImportKwh": 100.5, "activePowerKw": 2.25});
}

async fn uploads_come_in_many_forms(world: &World) {
    with_logger(world).await;
    for mode in ["TEST", "STATUS", "status"] {
        succeeded(&Form::new(mode).send(world).await);
    }
    let xml = r#"<?xml version="1.0"?><DAS><mode>LOGFILEUPLOAD</mode><devices><device>
        <address>12</address><records><record><time zone="UTC">2026-05-01 00:15:00</time>
        <error text="Ok">0</error><point number="1" name="Real Power" units="W" value="6219"/>
        </record></records></device></devices></DAS>"#;
    let form = Form::new("LOGFILEUPLOAD").with("SERIALNUMBER", "").with("PASSWORD", "");
    let form = form.with("MODE", "").with("mode", "logfileupload");
    // 001EC6000D80:upload-secret
    let basic = "Basic MDAxRUM2MDAwRDgwOnVwbG9hZC1zZWNyZXQ=";
    let sent =
        form.file("LOGFILE", "log.xml", xml.as_bytes()).request().header("Authorization", basic);
    succeeded(&sent.send(world.address).await);
    assert_eq!(readings(world, "001EC6000D80_12").await[0]["activePowerKw"], 6.219);

    succeeded(&Form::points(POINTS).send(world).await);
    let named = Form::log(&gzip(LOG)).with("MODBUSDEVICE", "").with("MD5CHECKSUM", "");
    succeeded(&named.send(world).await);
    assert_eq!(readings(world, "001EC6000D80_7").await.len(), 2);
}

async fn each_site_has_an_address_of_its_own(world: &World) {
    with_logger(world).await;
    world.post("/api/sites", &json!({"slug": "b", "name": "B"})).await;
    succeeded(
        &Form::new("TEST").to(&format!("/acquisuite/{}/upload", world.site())).send(world).await,
    );
    let elsewhere = Form::new("TEST").to("/acquisuite/b/upload").send(world).await;
    failed(&elsewhere, 401, "serial number or the password");
    let nowhere = Form::new("TEST").to("/acquisuite/nowhere/upload").send(world).await;
    failed(&nowhere, 401, "serial number or the password");
}
