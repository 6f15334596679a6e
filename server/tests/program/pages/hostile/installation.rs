//! An installation in which everything that takes words is called something hostile.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};

use super::Visitor;

/// A name of somebody who would rather run something in the browser of whoever reads it.
pub(super) const HOSTILE: &str = "=1+1\"'></textarea></title></td><img src=x \
    onerror=\"window.hostile=1\"><script>window.hostile=1</script>";

/// Part of every secret.
pub(super) const SECRET: &str = "told-to-nobody";

/// The ids of what was made.
pub(super) struct Installation {
    main: i64,
    load: i64,
    read: i64,
    topic: i64,
}

impl Installation {
    /// An address with the ids in place of the words for them.
    pub(super) fn path(&self, path: &str) -> String {
        let ids =
            [("MAIN", self.main), ("LOAD", self.load), ("READ", self.read), ("TOPIC", self.topic)];
        ids.iter().fold(path.to_owned(), |path, (word, id)| path.replace(word, &id.to_string()))
    }

    pub(super) async fn fill(visitor: &Visitor) -> Self {
        visitor.done(Method::PATCH, "/api/sites/default", &json!({"name": HOSTILE})).await;
        let (main, load) = meters(visitor).await;
        let begun = Utc::now() - TimeDelta::hours(3);
        for (number, power) in [("H-1", 12), ("H-2", 8)] {
            let path = format!("/api/Energy/meters/{number}/readings");
            visitor.done(Method::POST, &path, &readings(begun, power)).await;
        }
        corrections(visitor, begun).await;
        let read = json!({"url": "http://127.0.0.1:9/%22%3E%3Cimg%20src=x%3E",
            "authToken": format!("token-{SECRET}"),
            "headers": {"X-Api-Key": format!("key-{SECRET}")}});
        let read = device(visitor, "http", &read).await;
        let topic = json!({"host": "127.0.0.1", "port": 9, "username": "reader",
            "password": format!("password-{SECRET}"),
            "topicPower": HOSTILE.replace(['+', '#'], "")});
        let topic = device(visitor, "mqtt", &topic).await;
        logger(visitor).await;
        let rule = json!({"kind": "threshold", "channel": "ActivePower", "meterId": load,
            "raise": 1, "clear": 0.5, "delaySeconds": 0, "severity": "info"});
        visitor.done(Method::POST, "/api/alarm-rules", &rule).await;
        visitor.shown("/start", HOSTILE).await;
        visitor.shown(&format!("/devices/{topic}"), HOSTILE).await;
        Self { main, load, read, topic }
    }
}

async fn meters(visitor: &Visitor) -> (i64, i64) {
    let main = json!({"meterNumber": "H-1", "meterName": HOSTILE, "meterType": "Grid",
        "area": HOSTILE, "ratedPowerKw": 100});
    let load = json!({"meterNumber": "H-2", "meterName": HOSTILE, "meterType": "Machine",
        "area": HOSTILE, "parentMeterNumber": "H-1"});
    let main = visitor.done(Method::POST, "/api/Energy/meters", &main).await;
    let load = visitor.done(Method::POST, "/api/Energy/meters", &load).await;
    (main["id"].as_i64().unwrap(), load["id"].as_i64().unwrap())
}

fn readings(begun: DateTime<Utc>, power: i32) -> Value {
    let reading = |n: i32| {
        json!({"timestamp": moment(begun + TimeDelta::minutes(5) * n), "activePowerKw": power,
            "totalEnergyKwh": 1_000.0 + f64::from(power * n) / 12.0})
    };
    (0..36).map(reading).collect()
}

async fn corrections(visitor: &Visitor, begun: DateTime<Utc>) {
    let at = moment(begun + TimeDelta::hours(1));
    let exchange =
        json!({"timestamp": at, "oldFinalKwh": 1_008, "newInitialKwh": 1_008, "reason": HOSTILE});
    visitor.done(Method::POST, "/api/Energy/meters/H-2/exchanges", &exchange).await;
    let unmetered = json!({"validFrom": at, "powerKw": 1, "reason": HOSTILE});
    visitor.done(Method::POST, "/api/Energy/meters/H-1/unmetered", &unmetered).await;
    let correction = json!({"timestamp": moment(begun + TimeDelta::minutes(5)),
        "field": "activePowerKw", "value": 7, "reason": HOSTILE});
    visitor.done(Method::POST, "/api/Energy/meters/H-2/corrections", &correction).await;
}

async fn device(visitor: &Visitor, protocol: &str, communication: &Value) -> i64 {
    let body = json!({"name": HOSTILE, "meterType": "zone", "protocol": protocol,
        "communication": communication});
    let made = visitor.done(Method::POST, "/api/energy-meters", &body).await;
    made["id"].as_str().unwrap().trim_start_matches("meter_").parse().unwrap()
}

/// A logger that is known, and what one uploads under a hostile name.
async fn logger(visitor: &Visitor) {
    let serial = "001EC6000BAD";
    let known = json!({"serialNumber": serial, "password": format!("upload-{SECRET}"),
        "pointMeters": {"8": {"0": "EnergyImport"}}});
    visitor.done(Method::POST, "/api/acquisuite/loggers", &known).await;
    let part = |name: &str, value: &str| {
        format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let upload = [
        part("MODE", "LOGFILEUPLOAD"),
        part("SERIALNUMBER", serial),
        part("PASSWORD", &format!("upload-{SECRET}")),
        part("LOOPNAME", HOSTILE),
        part("MODBUSDEVICE", "7"),
        part("MODBUSDEVICENAME", HOSTILE),
        "--X\r\nContent-Disposition: form-data; name=\"LOGFILE\"; filename=\"%22><img src=x>\"\r\n\
         \r\n<img src=x>\r\n--X--\r\n"
            .to_owned(),
    ];
    let request = visitor.client.post(format!("{}/acquisuite/upload", visitor.program.address));
    let request = request.header("content-type", "multipart/form-data; boundary=X");
    request.body(upload.concat()).send().await.unwrap();
}

pub(super) fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
