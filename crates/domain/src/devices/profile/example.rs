//! What a device of a type sent, and what it means.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Function, Protocol};
use crate::{Field, Values};

/// What a device of a type sent, and what it means.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Which source has it; `constructed` where it only guards order and scale.
    pub from: String,
    /// What was sent.
    pub observed: Observed,
    /// What it means.
    pub values: Values,
}

/// What a device sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Observed {
    /// Registers of a table, by the address of the first of each value.
    Registers {
        /// The table.
        function: Function,
        /// Words by address.
        words: BTreeMap<u16, Vec<u16>>,
    },
    /// A message over MQTT.
    Message {
        /// Its topic.
        topic: String,
        /// What it said.
        payload: String,
    },
    /// A JSON document over HTTP.
    Document(Value),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExample {
    from: String,
    registers: Option<BTreeMap<String, Vec<String>>>,
    function: Option<Function>,
    topic: Option<String>,
    payload: Option<Value>,
    document: Option<Value>,
    values: BTreeMap<String, f64>,
}

impl RawExample {
    /// The example, if it is one of this protocol.
    pub(super) fn checked(self, protocol: Protocol) -> Result<Example, String> {
        let observed = match (protocol, self.registers, self.topic, self.payload, self.document) {
            (Protocol::Modbus, Some(registers), None, None, None) => Observed::Registers {
                function: self.function.unwrap_or_default(),
                words: words(registers)?,
            },
            (Protocol::Mqtt, None, Some(topic), Some(payload), None) => {
                let payload = payload.as_str().map_or_else(|| payload.to_string(), str::to_owned);
                Observed::Message { topic, payload }
            }
            (Protocol::Http, None, None, None, Some(document)) => Observed::Document(document),
            _ => return Err("Modbus has registers, MQTT topic and payload, HTTP a document".into()),
        };
        let mut values = Values::default();
        for (name, value) in self.values {
            let field = Field::ALL.iter().copied().find(|field| field.json() == name);
            values.set(field.ok_or_else(|| format!("unknown field `{name}`"))?, Some(value));
        }
        if values.present().next().is_none() {
            return Err("values: give at least one".to_owned());
        }
        Ok(Example { from: self.from, observed, values })
    }
}

fn words(registers: BTreeMap<String, Vec<String>>) -> Result<BTreeMap<u16, Vec<u16>>, String> {
    let word = |text: &String| {
        let digits = text.strip_prefix("0x").filter(|digits| digits.len() == 4);
        digits
            .and_then(|digits| u16::from_str_radix(digits, 16).ok())
            .ok_or_else(|| format!("`{text}` is not a register, such as 0x00FF"))
    };
    registers
        .into_iter()
        .map(|(address, texts)| {
            let first = address.parse().map_err(|_| format!("`{address}` is not an address"))?;
            Ok((first, texts.iter().map(word).collect::<Result<_, _>>()?))
        })
        .collect()
}
