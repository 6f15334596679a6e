//! A look at a device for a page: what it says when it is read on trial, which units answer, and what
//! is announced on its broker.

use domain::MeterId;
use domain::devices::reason::Trouble;
use domain::devices::refusal::table::CellRefusal;
use domain::devices::register_table::ByteOrder;
use domain::devices::view::{
    Announced, AnnouncedDevice, NewDevicePage, Probe, Probed, RawRegisters, RawType, RawValue,
    Scanned,
};
use domain::devices::{Order, Protocol};
use domain::message::{English, Message, Sentences};
use domain::meters::MeterAddress;
use serde_json::Value;

use crate::devices::commissioning::{self, BrokerAsked, FoundUnit, Look, ScanAsked, TestRead};
use crate::devices::other_settings::{HEADERS, removed_headers};
use crate::devices::{self, DeviceForm};
use crate::meters::energy_meters::EnergyMeterId;
use crate::pages::Query;
use crate::{Core, Error, Principal, Service};

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

/// Reads a device on trial where its page asks for that and nothing typed is wrong.
///
/// # Errors
/// The caller may not.
pub async fn asked(
    service: &Service,
    who: &Principal,
    page: &NewDevicePage,
    query: &Query,
) -> Result<Option<Probed>, Error> {
    if query.get("preview").is_none() || !page.is_checked || page.fault.is_some() {
        return Ok(None);
    }
    typed(service, who, page).await.map(Some)
}

/// Reads a device on trial as it was typed.
///
/// # Errors
/// The typed settings do not fit; the caller may not.
async fn typed(service: &Service, who: &Principal, page: &NewDevicePage) -> Result<Probed, Error> {
    if let Some((field, message)) = &page.fault {
        return Err(Error::invalid(field, message.clone()));
    }
    let protocol =
        page.protocol.ok_or_else(|| Error::invalid("protocol", CellRefusal::NotChosen))?;
    read(service, who, protocol, settings(service, page).await?, page.changes).await
}

/// The settings that are typed, over those of the device that is changed.
async fn settings(core: &Core, page: &NewDevicePage) -> Result<Value, Error> {
    let stored = match page.changes {
        Some(meter) => storage::devices::by_meter(core.pool(), meter).await?,
        None => None,
    };
    let form = DeviceForm { texts: page.typed.clone(), ..DeviceForm::default() };
    let mut settings = form.settings(stored.as_ref())?;
    // A header that was taken out of the form is not lent.
    if let Some(Value::Object(headers)) = settings.get_mut(HEADERS) {
        headers.extend(removed_headers(&page.typed).into_iter().map(|name| (name, Value::Null)));
    }
    Ok(settings)
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
    let communication = match settings(service, page).await {
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
    let communication = match settings(service, page).await {
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
    let (raw, registers) = match (protocol, look.raw) {
        (Protocol::Modbus, Value::Array(points)) => {
            (Vec::new(), points.iter().map(registers).collect())
        }
        (_, Value::Null) => (Vec::new(), Vec::new()),
        (_, Value::Array(items)) => (items.iter().map(message).collect(), Vec::new()),
        (_, document) => (vec![(String::new(), short(&document))], Vec::new()),
    };
    let latency_ms = look.latency_ms.unwrap_or_default();
    Probe { latency_ms, values, raw, registers, notes: bare(look.notes) }
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
fn registers(point: &Value) -> RawRegisters {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let words = point["words"].as_array().into_iter().flatten().map(text).collect::<Vec<_>>();
    let ways = point["interpretations"].as_array().map(Vec::as_slice).unwrap_or_default();
    let read = |way: &Value| {
        let order = |name: &str| if way[name] == "little" { Order::Little } else { Order::Big };
        RawValue {
            order: ByteOrder::of(order("wordOrder"), order("byteOrder")),
            value: way["value"].as_f64(),
            is_plausible: way["plausible"] == true,
        }
    };
    let types = ways.chunk_by(|one, other| one["type"] == other["type"]);
    let types = types.filter_map(|ways| {
        let number = serde_json::from_value(ways.first()?["type"].clone()).ok()?;
        Some(RawType { number, values: ways.iter().map(read).collect() })
    });
    let address = point["address"].as_u64().and_then(|it| u16::try_from(it).ok());
    RawRegisters {
        address: address.unwrap_or_default(),
        field: text(&point["field"]),
        words: words.join(" "),
        types: types.collect(),
    }
}

#[cfg(test)]
mod tests {
    use domain::devices::NumberType;
    use serde_json::json;

    use super::*;

    #[test]
    fn registers_are_told_in_every_order_with_what_they_look_like() {
        let point = json!({
            "field": "voltageL1", "address": 20480, "words": ["0x08fd", "0x0000"], "value": 230.1,
            "interpretations": [
                {"type": "u16", "wordOrder": "big", "byteOrder": "big", "value": 2301.0,
                 "plausible": true, "hint": null},
                {"type": "i32", "wordOrder": "big", "byteOrder": "big", "value": 150_798_336.0,
                 "plausible": false, "hint": null},
                {"type": "i32", "wordOrder": "little", "byteOrder": "big", "value": 2301.0,
                 "plausible": true, "hint": {"field": "voltageL1", "scale": 0.1}},
            ],
        });
        let told = registers(&point);
        assert_eq!((told.address, told.words.as_str()), (20480, "0x08fd 0x0000"));
        let numbers: Vec<_> = told.types.iter().map(|it| (it.number, it.values.len())).collect();
        assert_eq!(numbers, [(NumberType::U16, 1), (NumberType::I32, 2)]);
        let [high, low] = [&told.types[1].values[0], &told.types[1].values[1]];
        assert_eq!((high.order, low.order), (ByteOrder::Abcd, ByteOrder::Cdab));
        assert_eq!((high.is_plausible, low.is_plausible), (false, true));
    }
}
