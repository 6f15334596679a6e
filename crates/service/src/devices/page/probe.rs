//! A look at a device for a page: what it says when it is read on trial, which units answer, and what
//! is announced on its broker.

use domain::MeterId;
use domain::devices::Protocol;
use domain::devices::reason::Trouble;
use domain::devices::refusal::table::CellRefusal;
use domain::devices::view::{
    Announced, AnnouncedDevice, NewDevicePage, Probe, Probed, RawReading, Scanned,
};
use domain::message::{English, Message, Sentences};
use domain::meters::MeterAddress;
use serde_json::Value;

use crate::devices::commissioning::{self, BrokerAsked, FoundUnit, Look, ScanAsked, TestRead};
use crate::devices::{self, Entry};
use crate::meters::energy_meters::EnergyMeterId;
use crate::{Error, Principal, Service};

/// Characters of a document that a page shows at most.
const SHOWN: usize = 4_000;

/// Reads the device of a meter as it is stored.
///
/// # Errors
/// Nothing reads such a meter; the caller may not.
pub async fn stored(
    service: &Service,
    who: &Principal,
    meter: &MeterAddress,
) -> Result<Probed, Error> {
    let device = devices::get(service, who, meter).await?.device;
    read(service, who, device.protocol, device.communication, Some(device.id)).await
}

/// Reads a device on trial as it was typed.
///
/// # Errors
/// What was typed does not fit; the caller may not.
pub async fn typed(
    service: &Service,
    who: &Principal,
    page: &NewDevicePage,
) -> Result<Probed, Error> {
    if let Some((field, message)) = &page.fault {
        return Err(Error::invalid(field, message.clone()));
    }
    let protocol =
        page.protocol.ok_or_else(|| Error::invalid("protocol", CellRefusal::NotChosen))?;
    read(service, who, protocol, settings(page)?, page.changes).await
}

fn settings(page: &NewDevicePage) -> Result<Value, Error> {
    Entry { texts: page.typed.clone(), ..Entry::default() }.settings()
}

/// Reads a device on trial. `of` is the meter whose stored secrets may be used.
async fn read(
    service: &Service,
    who: &Principal,
    protocol: Protocol,
    communication: Value,
    of: Option<MeterId>,
) -> Result<Probed, Error> {
    let asked = TestRead {
        protocol,
        communication,
        id: of.map(|meter| EnergyMeterId(meter).to_string()),
        name: None,
        location: None,
        meter_type: None,
        poll_interval: None,
        parent_meter_id: None,
        parent_meter_number: None,
    };
    match commissioning::test(service, who, asked).await {
        Ok(look) if look.reached => Ok(Ok(probe(protocol, look))),
        Ok(look) => Ok(Err(all(look.notes))),
        Err(error @ (Error::Unauthorized { .. } | Error::Forbidden { .. })) => Err(error),
        Err(error) => Ok(Err(error.message())),
    }
}

/// Asks which units of the typed line answer, or why none does.
///
/// # Errors
/// The caller may not.
pub async fn scan(
    service: &Service,
    who: &Principal,
    page: &NewDevicePage,
    from_unit: Option<u8>,
) -> Result<Result<Scanned, Message>, Error> {
    let communication = match settings(page) {
        Ok(communication) => communication,
        Err(error) => return Ok(Err(error.message())),
    };
    let asked = ScanAsked { communication, from_unit, to_unit: None };
    match commissioning::scan(service, who, asked).await {
        Ok(found) if found.reached => Ok(Ok(Scanned {
            units: found.units.into_iter().map(unit).collect(),
            next: found.next_unit,
        })),
        Ok(found) => Ok(Err(all(found.notes))),
        Err(error @ (Error::Unauthorized { .. } | Error::Forbidden { .. })) => Err(error),
        Err(error) => Ok(Err(error.message())),
    }
}

/// Listens to what devices announce on the typed broker, or says why nothing is heard.
///
/// # Errors
/// The caller may not.
pub async fn announced(
    service: &Service,
    who: &Principal,
    page: &NewDevicePage,
) -> Result<Result<Announced, Message>, Error> {
    let communication = match settings(page) {
        Ok(communication) => communication,
        Err(error) => return Ok(Err(error.message())),
    };
    let id = page.changes.map(|meter| EnergyMeterId(meter).to_string());
    match commissioning::announced(service, who, BrokerAsked { communication, id }).await {
        Ok(heard) if heard.reached => Ok(Ok(Announced {
            devices: heard.devices.into_iter().map(device).collect(),
            unusable: heard.unusable.into_iter().map(|it| (it.topic, it.reason.0)).collect(),
        })),
        Ok(heard) => Ok(Err(all(heard.notes))),
        Err(error @ (Error::Unauthorized { .. } | Error::Forbidden { .. })) => Err(error),
        Err(error) => Ok(Err(error.message())),
    }
}

/// What was said, as one sentence.
fn all(notes: Vec<English>) -> Message {
    Trouble::Several { all: Sentences(bare(notes)) }.into()
}

fn bare(notes: Vec<English>) -> Vec<Message> {
    notes.into_iter().map(|note| note.0).collect()
}

fn unit(found: FoundUnit) -> (u8, Option<Message>) {
    (found.unit_id, found.exception.map(|said| said.0))
}

fn device(found: commissioning::AnnouncedDevice) -> AnnouncedDevice {
    let made = [found.maker, found.model].into_iter().flatten().collect::<Vec<_>>();
    AnnouncedDevice {
        name: found.name,
        made: made.join(" "),
        topics: found.topics,
        communication: found.communication.to_string(),
    }
}

fn probe(protocol: Protocol, look: Look) -> Probe {
    let values = look.values.present().map(|(field, value)| (field.json().to_owned(), value));
    let values = values.collect();
    let (raw, readings) = match (protocol, look.raw) {
        (Protocol::Modbus, Value::Array(points)) => {
            (Vec::new(), points.iter().flat_map(readings).collect())
        }
        (_, Value::Null) => (Vec::new(), Vec::new()),
        (_, Value::Array(items)) => (items.iter().map(message).collect(), Vec::new()),
        (_, document) => (vec![(String::new(), short(&document))], Vec::new()),
    };
    let latency_ms = look.latency_ms.unwrap_or_default();
    Probe { latency_ms, values, raw, readings, notes: bare(look.notes) }
}

/// A message of a broker: its topic, and what came.
fn message(item: &Value) -> (String, String) {
    let topic = item["topic"].as_str().unwrap_or_default().to_owned();
    let payload = item.get("payload").unwrap_or(item);
    (topic, payload.as_str().map_or_else(|| short(payload), str::to_owned))
}

fn short(document: &Value) -> String {
    let text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.chars().take(SHOWN).collect()
}

/// The registers of a value, in every type and order.
fn readings(point: &Value) -> Vec<RawReading> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let words = point["words"].as_array().into_iter().flatten().map(text).collect::<Vec<_>>();
    let address = point["address"].as_u64().and_then(|it| u16::try_from(it).ok());
    let reading = |way: &Value| {
        let order = |name: &str| if way[name] == "little" { "low" } else { "high" };
        let form = if words.len() > 1 {
            let (first, byte) = (order("wordOrder"), order("byteOrder"));
            format!("{}, {first} word and {byte} byte first", text(&way["type"]))
        } else {
            format!("{}, {} byte first", text(&way["type"]), order("byteOrder"))
        };
        RawReading {
            address: address.unwrap_or_default(),
            field: text(&point["field"]),
            words: words.join(" "),
            form,
            value: way["value"].as_f64(),
            is_plausible: way["plausible"] == true,
            hint: hint(&way["hint"]),
        }
    };
    point["interpretations"].as_array().into_iter().flatten().map(reading).collect()
}

/// What a number looks like, in words.
fn hint(hint: &Value) -> Option<String> {
    let field = hint["field"].as_str()?;
    match hint["scale"].as_f64() {
        Some(scale) if (scale - 1.0).abs() > f64::EPSILON => Some(format!("{field} × {scale}")),
        _ => Some(field.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn registers_are_told_in_every_order_with_what_they_look_like() {
        let point = json!({
            "field": "voltageL1", "address": 20480, "words": ["0x08fd", "0x0000"], "value": 230.1,
            "interpretations": [
                {"type": "i32", "wordOrder": "big", "byteOrder": "big", "value": 150_798_336.0,
                 "plausible": true, "hint": null},
                {"type": "i32", "wordOrder": "little", "byteOrder": "big", "value": 2301.0,
                 "plausible": true, "hint": {"field": "voltageL1", "scale": 0.1}},
            ],
        });
        let told = readings(&point);
        assert_eq!(told[0].form, "i32, high word and high byte first");
        assert_eq!((told[1].address, told[1].words.as_str()), (20480, "0x08fd 0x0000"));
        assert_eq!(told[1].hint.as_deref(), Some("voltageL1 × 0.1"));
        assert_eq!(told[0].hint, None);
    }
}
