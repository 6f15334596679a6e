//! One look at a device by its settings.

use std::time::Duration;

use acquisition::{ConnectPolicy, probe};
use domain::Values;
use domain::devices::mqtt::Broker;
use domain::devices::reason::look::Remark;
use domain::devices::refusal::SecretRefusal;
use domain::devices::{Communication, HttpSettings, ModbusSettings, MqttSettings, Protocol};
use domain::message::{English, Message};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::milliseconds;
use crate::meters::energy_meters::{self, MeterRole, settings};
use crate::resolve::MeterRef;
use crate::{Action, Error, Principal, Service};

/// How long messages of an MQTT meter are waited for; short of what a look may take.
const LISTENING: Duration = Duration::from_secs(8);

/// A device to try. The body of a meter to connect can be tried as it is: what is not about its
/// device is passed over.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TestRead {
    /// How it is spoken to.
    pub protocol: Protocol,
    /// Settings of the protocol.
    pub communication: Value,
    /// A meter whose stored secrets stand in for those that are not sent, `meter_12`: only where the
    /// settings lead to the same address.
    pub id: Option<String>,
    /// Passed over.
    pub name: Option<String>,
    /// Passed over.
    pub location: Option<String>,
    /// Passed over.
    pub meter_type: Option<MeterRole>,
    /// Passed over.
    pub poll_interval: Option<i64>,
    /// Passed over.
    pub parent_meter_id: Option<MeterRef>,
    /// Passed over.
    pub parent_meter_number: Option<String>,
}

/// What a device answered.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Look {
    /// Whether it answered at all; if not, the notes say why.
    pub reached: bool,
    /// The values as they would be stored.
    pub values: Values,
    /// What it sent. Over HTTP the document. Over Modbus the registers of each value, with what they
    /// mean in every type and order. Over MQTT the messages and what was made of each.
    pub raw: Value,
    /// How long the answer took, in milliseconds.
    pub latency_ms: Option<u64>,
    /// What was wrong, and what to know besides.
    pub notes: Vec<English>,
}

/// All that a look needs to know of a device.
enum Settings {
    Modbus(ModbusSettings),
    Mqtt(MqttSettings, Broker),
    Http(HttpSettings),
}

/// Tries a device.
///
/// # Errors
/// A setting that is refused, a meter that is not there, or too many looks at once. A device that does
/// not answer is no error: the notes say why.
pub async fn test(service: &Service, who: &Principal, asked: TestRead) -> Result<Look, Error> {
    who.require_somewhere(Action::Configure)?;
    let TestRead { protocol, communication, id, .. } = asked;
    let mut notes = Vec::new();
    let communication = match id {
        None => communication,
        Some(id) => {
            let stored = energy_meters::find(service, who, Action::Configure, &id).await?.1;
            let lent = settings::lent(service.vault(), protocol, &stored, communication)?;
            notes.extend(lent.withheld.then(|| SecretRefusal::Withheld.into()));
            lent.settings
        }
    };
    settings::check(protocol, &communication)?;
    let settings = match Communication::parse(protocol, &communication)? {
        Communication::Modbus(settings) => Settings::Modbus(settings),
        Communication::Http(settings) => Settings::Http(settings),
        Communication::Mqtt(settings) => {
            let broker =
                super::ready(service, service.first_broker(), settings.broker.clone()).await?;
            Settings::Mqtt(settings, broker)
        }
    };
    let bench = service.device_trials();
    let looked = bench.run(once(settings, bench.reach())).await?;
    let mut look = looked.unwrap_or_else(|reason| Look {
        reached: false,
        values: Values::default(),
        raw: Value::Null,
        latency_ms: None,
        notes: vec![reason.into()],
    });
    look.notes.extend(notes);
    Ok(look)
}

async fn once(settings: Settings, reach: ConnectPolicy) -> Result<Look, Message> {
    match settings {
        Settings::Mqtt(mqtt, broker) => {
            let seen = probe::mqtt::test_read(&mqtt, &broker, reach.outbound, LISTENING).await?;
            let mut notes = told(seen.notes);
            notes.extend((seen.more > 0).then(|| Remark::More { count: seen.more }.into()));
            Ok(Look {
                reached: true,
                values: seen.values,
                raw: seen.messages.iter().map(message).collect(),
                latency_ms: seen.latency.map(milliseconds),
                notes,
            })
        }
        Settings::Http(http) => {
            let seen = probe::http::test_read(&http, reach.outbound).await?;
            let mut notes = told(seen.problems);
            notes.extend(seen.at.map(|at| Remark::Time { at }.into()));
            Ok(Look {
                reached: true,
                values: seen.values,
                raw: seen.document,
                latency_ms: Some(milliseconds(seen.latency)),
                notes,
            })
        }
        Settings::Modbus(modbus) => {
            let seen = probe::modbus::test_read(&modbus, &reach).await?;
            Ok(Look {
                reached: true,
                values: seen.values,
                raw: seen.points.iter().map(point).collect(),
                latency_ms: Some(milliseconds(seen.latency)),
                notes: told(seen.problems),
            })
        }
    }
}

fn told(said: Vec<Message>) -> Vec<English> {
    said.into_iter().map(English).collect()
}

fn message(heard: &probe::mqtt::Heard) -> Value {
    json!({
        "topic": heard.topic,
        "payload": heard.payload,
        "retained": heard.retained,
        "timestamp": heard.at,
        "measured": heard.measured,
        "values": heard.values,
        "remark": heard.remark.clone().map(English),
    })
}

fn point(point: &probe::modbus::PointProbe) -> Value {
    json!({
        "field": point.field.json(),
        "function": point.function,
        "address": point.address,
        "words": super::registers::hex(&point.words),
        "value": point.value,
        "interpretations": point.interpretations,
    })
}
