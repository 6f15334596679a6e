//! One announcement of a sensor.

use domain::Field;
use domain::devices::reason::look::Unusable;
use serde_json::{Map, Value};

use crate::mqtt::template;

/// A sensor that measures what a meter does.
#[derive(Debug)]
pub(super) struct Sensor {
    /// By which its device knows it, wherever it announces it.
    pub(super) id: Option<String>,
    pub(super) device: DeviceOf,
    /// What it measures.
    pub(super) field: Field,
    /// The entry of `values` that reads it.
    pub(super) value: Value,
    /// Where the device says whether it is there.
    pub(super) status: Option<Value>,
}

/// The device of a sensor.
#[derive(Debug)]
pub(super) struct DeviceOf {
    pub(super) key: String,
    pub(super) name: Option<String>,
    pub(super) maker: Option<String>,
    pub(super) model: Option<String>,
}

impl Sensor {
    /// Reads an announcement; none of what no meter measures.
    ///
    /// # Errors
    /// Why it cannot be followed.
    pub(super) fn read(topic: &str, payload: &[u8]) -> Result<Option<Self>, Unusable> {
        let config: Value = serde_json::from_slice(payload)
            .map_err(|error| Unusable::NotJson { why: error.to_string() })?;
        let config = Config(config.as_object().ok_or(Unusable::NotObject)?);
        let Some(class) = config.text("device_class", "dev_cla") else { return Ok(None) };
        let words = format!("{topic} {}", config.text("name", "name").unwrap_or_default());
        let Some(field) = field(class, &words) else { return Ok(None) };
        Ok(Some(Self {
            id: config.text("unique_id", "uniq_id").map(str::to_owned),
            device: config.device(topic),
            field,
            value: config.value(field)?,
            status: config.status(),
        }))
    }
}

/// What a sensor measures, by the class it states and the words it is named with.
fn field(class: &str, words: &str) -> Option<Field> {
    use Field as F;
    let words = words.to_lowercase();
    let words: Vec<_> = words.split(|c: char| !c.is_alphanumeric()).collect();
    let after = |first: &str, names: [&str; 2]| {
        let pairs = words.iter().zip(words.iter().skip(1));
        pairs.into_iter().any(|(word, next)| *word == first && names.contains(next))
    };
    let phase = [("l1", ["a", "1"]), ("l2", ["b", "2"]), ("l3", ["c", "3"])]
        .iter()
        .position(|(line, names)| words.contains(line) || after("phase", *names));
    let of_phase = |whole: F, phases: [F; 3]| {
        phase.and_then(|phase| phases.get(phase)).copied().unwrap_or(whole)
    };
    let exported = ["export", "exported", "returned", "production", "produced", "injection"]
        .iter()
        .any(|word| words.contains(word));
    match class {
        "power" => Some(of_phase(
            F::ActivePowerKw,
            [F::ActivePowerL1Kw, F::ActivePowerL2Kw, F::ActivePowerL3Kw],
        )),
        "voltage" => Some(of_phase(F::VoltageL1, [F::VoltageL1, F::VoltageL2, F::VoltageL3])),
        "current" => Some(of_phase(F::CurrentL1, [F::CurrentL1, F::CurrentL2, F::CurrentL3])),
        "energy" if phase.is_some() => None,
        "energy" if exported => Some(F::EnergyExportKwh),
        "energy" => Some(F::EnergyImportKwh),
        "frequency" => Some(F::FrequencyHz),
        "power_factor" => Some(F::PowerFactor),
        "apparent_power" => Some(F::ApparentPowerKva),
        "reactive_power" => Some(F::ReactivePowerKvar),
        _ => None,
    }
}

/// An announcement, whose names have long and short forms.
struct Config<'a>(&'a Map<String, Value>);

impl<'a> Config<'a> {
    fn get(&self, long: &str, short: &str) -> Option<&'a Value> {
        self.0.get(long).or_else(|| self.0.get(short))
    }

    fn text(&self, long: &str, short: &str) -> Option<&'a str> {
        self.get(long, short)?.as_str()
    }

    /// A topic; `~` at its beginning or end stands for the base that the announcement states.
    fn topic(&self, topic: &str) -> String {
        let base = self.0.get("~").and_then(Value::as_str).unwrap_or_default();
        if let Some(rest) = topic.strip_prefix('~') {
            format!("{base}{rest}")
        } else if let Some(rest) = topic.strip_suffix('~') {
            format!("{rest}{base}")
        } else {
            topic.to_owned()
        }
    }

    /// The entry of `values` that reads the sensor.
    fn value(&self, field: Field) -> Result<Value, Unusable> {
        let topic = self.text("state_topic", "stat_t").ok_or(Unusable::NoTopic)?;
        let mut value = Map::new();
        value.insert("topic".to_owned(), self.topic(topic).into());
        value.insert("field".to_owned(), field.json().into());
        let path = self.text("value_template", "val_tpl").map(template::path).transpose()?;
        value.extend(path.map(|path| ("path".to_owned(), path.into())));
        match self.text("unit_of_measurement", "unit_of_meas") {
            Some(unit) => value.extend([("unit".to_owned(), unit.into())]),
            None if field.unit().is_empty() => {}
            None => return Err(Unusable::NoUnit { field: field.json() }),
        }
        Ok(value.into())
    }

    /// Where and how the device says that it is there. Of several places the last is its own.
    fn status(&self) -> Option<Value> {
        let list = self.get("availability", "avty").and_then(Value::as_array);
        let own = list.and_then(|list| list.last()).and_then(Value::as_object).map(Config);
        let at = own.as_ref().unwrap_or(self);
        let topic = match &own {
            Some(own) => own.text("topic", "t"),
            None => self.text("availability_topic", "avty_t"),
        }?;
        let text = match &own {
            Some(own) => own.text("value_template", "val_tpl"),
            None => self.text("availability_template", "avty_tpl"),
        };
        let path = text.map(template::path).transpose().ok()?.flatten();
        let word = |long, short, usual: &str| at.text(long, short).unwrap_or(usual).to_owned();
        let mut status = Map::new();
        let online = word("payload_available", "pl_avail", "online");
        let offline = word("payload_not_available", "pl_not_avail", "offline");
        status.insert("topic".to_owned(), self.topic(topic).into());
        status.insert("online".to_owned(), vec![online].into());
        status.insert("offline".to_owned(), vec![offline].into());
        status.extend(path.map(|path| ("path".to_owned(), path.into())));
        Some(status.into())
    }

    /// The device; without one that it states, the third part of its topic stands for it.
    fn device(&self, topic: &str) -> DeviceOf {
        let of_topic = || topic.split('/').nth(2).unwrap_or(topic).to_owned();
        let Some(device) = self.get("device", "dev").and_then(Value::as_object) else {
            return DeviceOf { key: of_topic(), name: None, maker: None, model: None };
        };
        let device = Config(device);
        let text = |long, short| device.text(long, short).map(str::to_owned);
        let ids = device.get("identifiers", "ids");
        let first = ids.and_then(|ids| ids.as_array().map_or(Some(ids), |ids| ids.first()));
        let key = first.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        DeviceOf {
            key: key.unwrap_or_else(of_topic),
            name: text("name", "name"),
            maker: text("manufacturer", "mf"),
            model: text("model", "mdl"),
        }
    }
}
