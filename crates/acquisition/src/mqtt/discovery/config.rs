//! One announcement of a sensor.

use domain::Field;
use domain::devices::reason::look::Unusable;
use domain::devices::unit;
use serde_json::{Map, Value};

use crate::mqtt::template;

/// A sensor that measures what a meter does.
#[derive(Debug)]
pub(super) struct Sensor {
    /// By which its device knows it, wherever it announces it.
    pub(super) id: Option<String>,
    pub(super) device: DeviceOf,
    pub(super) quantity: Quantity,
    /// The last part of its topic.
    pub(super) object: String,
    pub(super) name: String,
    /// Whether it says of itself that it only rises.
    pub(super) rises: bool,
    pub(super) place: Place,
    /// Where the device says whether it is there.
    pub(super) status: Option<Value>,
}

/// The device of a sensor.
#[derive(Debug, Clone)]
pub(super) struct DeviceOf {
    pub(super) key: String,
    pub(super) name: Option<String>,
    pub(super) maker: Option<String>,
    pub(super) model: Option<String>,
}

/// The place of a value, as an entry of `values` states it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) topic: String,
    pub(super) path: Option<String>,
    pub(super) unit: Option<String>,
}

/// A quantity that meters measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantity {
    Power,
    ReactivePower,
    ApparentPower,
    PowerFactor,
    Energy,
    Voltage,
    Current,
    Frequency,
}

impl Quantity {
    /// The quantity of a sensor: its unit says more than its class, which some devices state wrongly. Without a class
    /// only kW and kWh are told from what is no meter's.
    fn of(class: Option<&str>, unit: Option<&str>) -> Option<Self> {
        let stated = match class {
            Some("power") => Some(Self::Power),
            Some("reactive_power") => Some(Self::ReactivePower),
            Some("apparent_power") => Some(Self::ApparentPower),
            Some("power_factor") => Some(Self::PowerFactor),
            Some("energy") => Some(Self::Energy),
            Some("voltage") => Some(Self::Voltage),
            Some("current") => Some(Self::Current),
            Some("frequency") => Some(Self::Frequency),
            Some(_) => return None,
            None => None,
        };
        let measured = match unit.and_then(unit::written).map(|(own, _)| own) {
            Some("kW") => Some(Self::Power),
            Some("kWh") => Some(Self::Energy),
            Some("kvar") => Some(Self::ReactivePower),
            Some("kVA") => Some(Self::ApparentPower),
            Some("V") => Some(Self::Voltage),
            Some("A") => Some(Self::Current),
            Some("Hz") => Some(Self::Frequency),
            Some("kvarh") => return None,
            _ => None,
        };
        match stated {
            Some(stated) => Some(measured.unwrap_or(stated)),
            None => measured.filter(|of| matches!(of, Self::Power | Self::Energy)),
        }
    }

    /// The field of it, of a meter with one phase.
    pub(super) const fn field(self) -> Field {
        match self {
            Self::Power => Field::ActivePowerKw,
            Self::ReactivePower => Field::ReactivePowerKvar,
            Self::ApparentPower => Field::ApparentPowerKva,
            Self::PowerFactor => Field::PowerFactor,
            Self::Energy => Field::EnergyImportKwh,
            Self::Voltage => Field::VoltageL1,
            Self::Current => Field::CurrentL1,
            Self::Frequency => Field::FrequencyHz,
        }
    }
}

/// Reads the announcement of one sensor; none of what no meter measures.
///
/// # Errors
/// Why it cannot be followed.
pub(super) fn sensor(topic: &str, payload: &[u8]) -> Result<Option<Sensor>, Unusable> {
    let config = object(payload)?;
    let object = topic.trim_end_matches("/config").rsplit('/').next().unwrap_or(topic);
    Config { own: &config, shared: None }.sensor(topic, object)
}

/// The sensors of a device that announces all of them at once, by their names there.
///
/// # Errors
/// Why it cannot be followed.
pub(super) fn components(topic: &str, payload: &[u8]) -> Result<Vec<Component>, Unusable> {
    let config = object(payload)?;
    let whole = Config { own: &config, shared: None };
    let Some(components) = whole.get("components", "cmps").and_then(Value::as_object) else {
        return Err(Unusable::NoComponents);
    };
    let found = components.iter().filter_map(|(name, own)| {
        let component = Config { own: own.as_object()?, shared: Some(&config) };
        (component.own_text("platform", "p") == Some("sensor")).then_some(())?;
        Some((name.clone(), component.sensor(topic, name).transpose()?))
    });
    Ok(found.collect())
}

/// A sensor of a device, by its name there.
pub(super) type Component = (String, Result<Sensor, Unusable>);

fn object(payload: &[u8]) -> Result<Map<String, Value>, Unusable> {
    match serde_json::from_slice(payload) {
        Ok(Value::Object(config)) => Ok(config),
        Ok(_) => Err(Unusable::NotObject),
        Err(error) => Err(Unusable::NotJson { why: error.to_string() }),
    }
}

/// An announcement, whose names have long and short forms.
struct Config<'a> {
    own: &'a Map<String, Value>,
    /// The settings of the device, for all of its sensors that do not say otherwise.
    shared: Option<&'a Map<String, Value>>,
}

impl<'a> Config<'a> {
    fn sensor(&self, topic: &str, object: &str) -> Result<Option<Sensor>, Unusable> {
        let unit = self.own_text("unit_of_measurement", "unit_of_meas");
        let class = self.own_text("device_class", "dev_cla");
        let Some(quantity) = Quantity::of(class, unit) else { return Ok(None) };
        let state = self.own_text("state_class", "stat_cla");
        Ok(Some(Sensor {
            id: self.own_text("unique_id", "uniq_id").map(str::to_owned),
            device: self.device(topic),
            quantity,
            object: object.to_owned(),
            name: self.own_text("name", "name").unwrap_or_default().to_owned(),
            rises: matches!(state, Some("total_increasing" | "total")),
            place: self.place(quantity, unit)?,
            status: self.status(),
        }))
    }

    fn get(&self, long: &str, short: &str) -> Option<&'a Value> {
        let of = |config: &'a Map<String, Value>| config.get(long).or_else(|| config.get(short));
        of(self.own).or_else(|| of(self.shared?))
    }

    /// A text that is its own: the name of a device is none of its sensors.
    fn own_text(&self, long: &str, short: &str) -> Option<&'a str> {
        self.own.get(long).or_else(|| self.own.get(short))?.as_str()
    }

    fn text(&self, long: &str, short: &str) -> Option<&'a str> {
        self.get(long, short)?.as_str()
    }

    /// A topic; `~` at its beginning or end stands for the base that the announcement states.
    fn topic(&self, topic: &str) -> String {
        let base = self.get("~", "~").and_then(Value::as_str).unwrap_or_default();
        if let Some(rest) = topic.strip_prefix('~') {
            format!("{base}{rest}")
        } else if let Some(rest) = topic.strip_suffix('~') {
            format!("{rest}{base}")
        } else {
            topic.to_owned()
        }
    }

    /// The place of its value.
    fn place(&self, quantity: Quantity, unit: Option<&str>) -> Result<Place, Unusable> {
        let topic = self.text("state_topic", "stat_t").ok_or(Unusable::NoTopic)?;
        let path = self.own_text("value_template", "val_tpl").map(template::path).transpose()?;
        let field = quantity.field();
        if unit.is_none() && !field.unit().is_empty() {
            return Err(Unusable::NoUnit { field: field.json() });
        }
        let (topic, unit) = (self.topic(topic), unit.map(str::to_owned));
        Ok(Place { topic, path: path.flatten(), unit })
    }

    /// Where and how the device says that it is there. Of several places the last is its own.
    fn status(&self) -> Option<Value> {
        let list = self.get("availability", "avty").and_then(Value::as_array);
        let own = list.and_then(|list| list.last()).and_then(Value::as_object);
        let own = own.map(|own| Config { own, shared: None });
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
        let device = Config { own: device, shared: None };
        let text = |long, short| device.text(long, short).map(str::to_owned);
        let ids = device.get("identifiers", "ids").or_else(|| device.get("connections", "cns"));
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
