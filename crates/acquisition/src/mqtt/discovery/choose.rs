//! The choice of the sensors of a device that a meter is read by.

use std::collections::BTreeMap;

use domain::Field;
use domain::devices::reason::look::Unusable as Why;
use domain::devices::{Communication, Protocol};
use serde_json::{Map, Value, json};

use super::config::{Place, Quantity, Sensor};
use super::words::{self, Hints};
use super::{Candidate, Unusable};

/// A sensor of the device, with the topic that it was announced on.
struct Announced {
    topic: String,
    sensor: Sensor,
    hints: Hints,
}

/// The meter that a device could become; none where it measures nothing that can be taken. Sensors that are not taken
/// are named with their reasons.
pub(super) fn meter(
    mut sensors: Vec<(String, Sensor)>,
    unusable: &mut Vec<Unusable>,
) -> Option<Candidate> {
    sensors.sort_by(|one, other| one.0.cmp(&other.0));
    let device = sensors.first()?.1.device.clone();
    let status = sensors.iter().find_map(|(_, sensor)| sensor.status.clone());
    let hints = words::hints(sensors.iter().map(|(_, sensor)| sensor));
    let announced = sensors.into_iter().zip(hints);
    let mut choice = Choice { values: Vec::new(), left: unusable };
    let (mut power, mut energy, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for ((topic, sensor), hints) in announced {
        let of = Announced { topic, sensor, hints };
        match of.sensor.quantity {
            _ if of.hints.is_direct_current => choice.leave(of, Why::DirectCurrent),
            Quantity::Power => power.push(of),
            Quantity::Energy => energy.push(of),
            _ => others.push(of),
        }
    }
    choice.take_power(power);
    choice.take_energy(energy);
    choice.take_others(others);
    let mut values = choice.values;
    values.retain(|(entries, of)| {
        let settings = json!({"values": entries});
        let refused = Communication::parse(Protocol::Mqtt, &settings).err();
        if let Some(error) = &refused {
            let reason = error.message.clone();
            unusable.extend(
                of.iter().map(|topic| Unusable { topic: topic.clone(), reason: reason.clone() }),
            );
        }
        refused.is_none()
    });
    let entries: Vec<Value> =
        values.into_iter().flat_map(|(entries, _)| entries).map(Value::Object).collect();
    if entries.is_empty() {
        return None;
    }
    let mut communication = Map::from_iter([("values".to_owned(), entries.into())]);
    communication.extend(status.map(|status| ("status".to_owned(), status)));
    Some(Candidate {
        name: device.name.unwrap_or(device.key),
        maker: device.maker,
        model: device.model,
        communication: communication.into(),
    })
}

/// An entry of `values`.
type Entry = Map<String, Value>;

struct Choice<'a> {
    /// The entries of `values` for each value, and the topics on which its sensors were announced.
    values: Vec<(Vec<Entry>, Vec<String>)>,
    left: &'a mut Vec<Unusable>,
}

impl Choice<'_> {
    fn leave(&mut self, announced: Announced, why: Why) {
        self.left.push(Unusable { topic: announced.topic, reason: why.into() });
    }

    /// The plainest of several sensors of one value: one that says it only rises, with the fewest words.
    fn one(&mut self, mut alike: Vec<Announced>, field: Field) -> Option<Announced> {
        alike.sort_by_key(|of| (!of.sensor.rises, of.hints.count, of.topic.clone()));
        let mut alike = alike.into_iter();
        let first = alike.next();
        for other in alike {
            self.leave(other, Why::Again { field: field.json() });
        }
        first
    }

    fn take(&mut self, field: Field, alike: Vec<Announced>) {
        if let Some(one) = self.one(alike, field) {
            self.values.push((vec![entry(field, &one.sensor.place)], vec![one.topic]));
        }
    }

    /// Power that is drawn, less what is returned where the device tells the two apart.
    fn take_power(&mut self, sensors: Vec<Announced>) {
        const PHASES: [Field; 3] =
            [Field::ActivePowerL1Kw, Field::ActivePowerL2Kw, Field::ActivePowerL3Kw];
        let field = Field::ActivePowerKw;
        let (mut drawn, mut returned) = (Vec::new(), Vec::new());
        let mut phases: BTreeMap<usize, Vec<Announced>> = BTreeMap::new();
        for of in sensors {
            match (of.hints.phase, of.hints.is_exported) {
                (Some(_), true) => self.leave(of, Why::ExportedPhase),
                (Some(phase), false) => phases.entry(phase).or_default().push(of),
                (None, true) => returned.push(of),
                (None, false) => drawn.push(of),
            }
        }
        let (drawn, returned) = (self.one(drawn, field), self.one(returned, field));
        let topics = drawn.iter().chain(&returned).map(|of| of.topic.clone()).collect();
        let entries = match (drawn, returned) {
            (Some(drawn), Some(returned)) => {
                both(field, &drawn.sensor.place, &returned.sensor.place)
            }
            (Some(drawn), None) => vec![entry(field, &drawn.sensor.place)],
            (None, Some(returned)) => {
                vec![with(entry(field, &returned.sensor.place), "invert", true)]
            }
            (None, None) => Vec::new(),
        };
        if !entries.is_empty() {
            self.values.push((entries, topics));
        }
        for (field, alike) in
            phases.into_iter().filter_map(|(phase, of)| Some((*PHASES.get(phase)?, of)))
        {
            self.take(field, alike);
        }
    }

    /// The register of each direction: the one that counts all energy, else the sum of its tariffs.
    fn take_energy(&mut self, sensors: Vec<Announced>) {
        let (mut import, mut export) = (Vec::new(), Vec::new());
        for of in sensors {
            if of.hints.is_of_period {
                self.leave(of, Why::Period);
            } else if of.hints.phase.is_some() {
                self.leave(of, Why::OfPhase);
            } else if of.hints.is_exported {
                export.push(of);
            } else {
                import.push(of);
            }
        }
        self.take_register(Field::EnergyImportKwh, import);
        self.take_register(Field::EnergyExportKwh, export);
    }

    fn take_register(&mut self, field: Field, sensors: Vec<Announced>) {
        let (tariffs, whole): (Vec<_>, Vec<_>) =
            sensors.into_iter().partition(|of| of.hints.tariff.is_some());
        if !whole.is_empty() {
            for of in tariffs {
                self.leave(of, Why::TariffBeside);
            }
            return self.take(field, whole);
        }
        let mut by_tariff: BTreeMap<Option<String>, Vec<Announced>> = BTreeMap::new();
        for of in tariffs {
            by_tariff.entry(of.hints.tariff.clone()).or_default().push(of);
        }
        let each: Vec<_> =
            by_tariff.into_values().filter_map(|alike| self.one(alike, field)).collect();
        if each.len() < 2 {
            return each.into_iter().for_each(|of| self.leave(of, Why::Tariff));
        }
        let places: Vec<_> = each.iter().map(|of| &of.sensor.place).collect();
        let entries = sum(field, &places);
        self.values.push((entries, each.iter().map(|of| of.topic.clone()).collect()));
    }

    fn take_others(&mut self, sensors: Vec<Announced>) {
        const VOLTAGES: [Field; 3] = [Field::VoltageL1, Field::VoltageL2, Field::VoltageL3];
        const CURRENTS: [Field; 3] = [Field::CurrentL1, Field::CurrentL2, Field::CurrentL3];
        let mut by_field: BTreeMap<Field, Vec<Announced>> = BTreeMap::new();
        for of in sensors {
            let phase = of.hints.phase;
            let field = match of.sensor.quantity {
                Quantity::Voltage => VOLTAGES.get(phase.unwrap_or(0)).copied(),
                Quantity::Current => CURRENTS.get(phase.unwrap_or(0)).copied(),
                other => Some(other.field()).filter(|_| phase.is_none()),
            };
            match field {
                Some(field) => by_field.entry(field).or_default().push(of),
                None => self.leave(of, Why::OfPhase),
            }
        }
        for (field, alike) in by_field {
            self.take(field, alike);
        }
    }
}

/// The entry of `values` for the value of a place.
fn entry(field: Field, place: &Place) -> Entry {
    let mut entry = Entry::new();
    entry.insert("topic".to_owned(), place.topic.as_str().into());
    entry.insert("field".to_owned(), field.json().into());
    let stated = [("path", &place.path), ("unit", &place.unit)];
    for (name, text) in stated {
        entry.extend(text.as_ref().map(|text| (name.to_owned(), text.as_str().into())));
    }
    entry
}

fn with(mut entry: Entry, name: &str, value: impl Into<Value>) -> Entry {
    entry.insert(name.to_owned(), value.into());
    entry
}

/// The power that is drawn less what is returned: in one entry where both stand in one document.
fn both(field: Field, drawn: &Place, returned: &Place) -> Vec<Entry> {
    let is_one = drawn.topic == returned.topic && drawn.unit == returned.unit;
    let (first, second) = (entry(field, drawn), entry(field, returned));
    match &returned.path {
        Some(path) if is_one && drawn.path.is_some() => vec![with(first, "minus", path.as_str())],
        _ => vec![with(first, "sum", true), with(with(second, "invert", true), "sum", true)],
    }
}

/// The sum of the values of places: in one entry for each document that they stand in.
fn sum(field: Field, places: &[&Place]) -> Vec<Entry> {
    let mut documents: BTreeMap<(&str, Option<&str>), Vec<&Place>> = BTreeMap::new();
    for place in places {
        documents.entry((&place.topic, place.unit.as_deref())).or_default().push(place);
    }
    let is_one = documents.len() == 1;
    let of_document = |places: Vec<&Place>| {
        let paths: Vec<&str> = places.iter().filter_map(|place| place.path.as_deref()).collect();
        let entry = entry(field, places.first()?);
        let entry = if paths.len() > 1 { with(entry, "path", paths) } else { entry };
        Some(if is_one { entry } else { with(entry, "sum", true) })
    };
    documents.into_values().filter_map(of_document).collect()
}
