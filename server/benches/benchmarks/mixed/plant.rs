//! The thousand meters, as they are registered.

use std::time::Duration;

use benchmark::{Progress, Result};
use domain::devices::Protocol;
use serde_json::{Value, json};
use service::devices::acquisuite;
use service::{Principal, Service};
use sqlx::PgPool;
use storage::devices::NewDevice;
use storage::meters::NewMeter;

use crate::mixed::meter;
use crate::mixed::peers::Doors;

/// All of them.
pub(crate) const METERS: i64 = 1_000;
/// Modbus gateways, and the units of each.
pub(crate) const GATEWAYS: usize = 50;
pub(crate) const UNITS: u8 = 12;
/// Meters that publish over MQTT.
pub(crate) const PUBLISHING: u32 = 250;
/// Meters that are asked over HTTP.
pub(crate) const FETCHED: u32 = 100;
/// Loggers, and the meters that each records.
pub(crate) const LOGGERS: u16 = 5;
pub(crate) const RECORDED: u16 = 10;
/// What each logger authenticates itself with.
pub(crate) const PASSWORD: &str = "upload-secret";

/// How often units are asked, and how often meters publish.
pub(crate) const OFTEN: Duration = Duration::from_secs(5);
/// How often documents are fetched.
const SELDOM: Duration = Duration::from_secs(10);

/// Serial number of a logger.
pub(crate) fn serial(logger: u16) -> String {
    format!("001EC600{logger:04}")
}

/// Registers every meter that has a device.
pub(crate) async fn register(pool: &PgPool, doors: &Doors) -> Result<()> {
    let _progress = Progress::new("register the devices");
    for (port, gateway) in doors.modbus.iter().zip(1..) {
        for unit in 1..=UNITS {
            let settings = json!({"host": "127.0.0.1", "port": port, "unitId": unit,
                "registers": meter::registers()});
            add(pool, &format!("M-{gateway:02}-{unit:02}"), Protocol::Modbus, OFTEN, settings)
                .await?;
        }
    }
    for n in 0..PUBLISHING {
        let settings =
            json!({"host": "127.0.0.1", "port": doors.mqtt, "topicPower": format!("meters/{n}")});
        add(pool, &format!("Q-{n:03}"), Protocol::Mqtt, OFTEN, settings).await?;
    }
    for n in 0..FETCHED {
        let settings = json!({"url": format!("http://127.0.0.1:{}/meters/{n}", doors.http)});
        add(pool, &format!("H-{n:03}"), Protocol::Http, SELDOM, settings).await?;
    }
    Ok(())
}

async fn add(
    pool: &PgPool,
    number: &str,
    protocol: Protocol,
    every: Duration,
    communication: Value,
) -> Result<()> {
    let new = NewMeter::named(storage::sites::DEFAULT, number, number, "Machine");
    let meter = storage::meters::insert(pool, &new).await?.id;
    let device = NewDevice { meter, protocol, poll: every, communication, enabled: true };
    storage::devices::insert(pool, &device).await?;
    Ok(())
}

/// Adds the loggers. Their meters are made when they first upload.
pub(crate) async fn add_loggers(service: &Service) -> Result<()> {
    let points = json!({"energyImportKwh": 0, "activePowerKw": 1, "voltageL1": 2});
    let columns: serde_json::Map<String, Value> =
        (1..=RECORDED).map(|address| (address.to_string(), points.clone())).collect();
    for logger in 0..LOGGERS {
        let new = serde_json::from_value(json!({
            "serialNumber": serial(logger), "password": PASSWORD, "columns": columns}))?;
        acquisuite::create(service, &Principal::Loopback, new).await?;
    }
    Ok(())
}
