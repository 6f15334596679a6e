//! What devices announce of themselves for Home Assistant, on `homeassistant/sensor/…/config`.
//!
//! Names and their short forms: <https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery>.

use std::collections::BTreeMap;

use domain::Field;
use domain::device::{Communication, Protocol};
use serde_json::{Map, Value, json};

use super::template;

/// Where sensors announce themselves.
pub(crate) const FILTERS: [&str; 2] =
    ["homeassistant/sensor/+/config", "homeassistant/sensor/+/+/config"];

/// A device that could become a meter.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// Who made it, if it says so.
    pub maker: Option<String>,
    /// Its type, if it says so.
    pub model: Option<String>,
    /// Settings that read it, without the broker.
    pub communication: Value,
}

/// An announcement that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// Its topic.
    pub topic: String,
    /// Why, in words.
    pub reason: String,
}

/// What was announced so far.
#[derive(Debug, Default)]
pub(crate) struct Announcements {
    devices: BTreeMap<String, Found>,
    unusable: Vec<Unusable>,
}

impl Announcements {
    /// Takes an announcement. One of something that no meter measures is passed over.
    pub(crate) fn take(&mut self, topic: &str, payload: &[u8]) {
        // An empty one takes an announcement back.
        if payload.is_empty() {
            return;
        }
        if let Err(reason) = self.add(topic, payload) {
            self.unusable.push(Unusable { topic: topic.to_owned(), reason });
        }
    }

    fn add(&mut self, topic: &str, payload: &[u8]) -> Result<(), String> {
        let config: Value = serde_json::from_slice(payload)
            .map_err(|error| format!("the announcement is not JSON: {error}"))?;
        let config = Config(config.as_object().ok_or("the announcement is not a JSON object")?);
        let Some(class) = config.text("device_class", "dev_cla") else { return Ok(()) };
        let words = format!("{topic} {}", config.text("name", "name").unwrap_or_default());
        let Some(field) = field(class, &words) else { return Ok(()) };
        let value = config.value(field)?;
        let status = config.status();
        let device = config.device();
        let key = device.key.unwrap_or_else(|| topic.split('/').nth(2).unwrap_or(topic).to_owned());
        let found = self.devices.entry(key.clone()).or_insert_with(|| Found {
            name: device.name.unwrap_or(key),
            maker: device.maker,
            model: device.model,
            communication: json!({"values": []}),
        });
        let mut whole = found.communication.clone();
        let values = whole.get_mut("values").and_then(Value::as_array_mut);
        let values = values.ok_or("the device has no list of values")?;
        if values.iter().any(|known| known["field"] == field.json()) {
            return Err(format!("{} is announced already: choose between the two", field.json()));
        }
        values.push(value);
        if let Some(status) = status {
            whole["status"] = status;
        }
        Communication::parse(Protocol::Mqtt, &whole).map_err(|error| error.message)?;
        found.communication = whole;
        Ok(())
    }

    /// The devices, by name, and what cannot be followed.
    pub(crate) fn finish(self) -> (Vec<Found>, Vec<Unusable>) {
        let with_values = |found: &Found| {
            found.communication["values"].as_array().is_some_and(|values| !values.is_empty())
        };
        let mut found: Vec<_> = self.devices.into_values().filter(with_values).collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        (found, self.unusable)
    }
}

/// What a sensor measures, by the class it states and the words it is named with.
fn field(class: &str, words: &str) -> Option<Field> {
    use Field as F;
    let words = words.to_lowercase();
    let words: Vec<_> = words.split(|c: char| !c.is_alphanumeric()).collect();
    let after = |first: &str, names: [&str; 2]| {
        words.windows(2).any(|pair| pair[0] == first && names.contains(&pair[1]))
    };
    let phase = [("l1", ["a", "1"]), ("l2", ["b", "2"]), ("l3", ["c", "3"])]
        .iter()
        .position(|(line, names)| words.contains(line) || after("phase", *names));
    let of_phase = |whole: F, phases: [F; 3]| phase.map_or(whole, |phase| phases[phase]);
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

#[derive(Default)]
struct DeviceOf {
    key: Option<String>,
    name: Option<String>,
    maker: Option<String>,
    model: Option<String>,
}

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
    fn value(&self, field: Field) -> Result<Value, String> {
        let topic = self.text("state_topic", "stat_t").ok_or("it states no state_topic")?;
        let mut value = json!({"topic": self.topic(topic), "field": field.json()});
        if let Some(path) =
            self.text("value_template", "val_tpl").map(template::path).transpose()?
        {
            value["path"] = path.into();
        }
        match self.text("unit_of_measurement", "unit_of_meas") {
            Some(unit) => value["unit"] = unit.into(),
            None if field.unit().is_empty() => {}
            None => return Err(format!("it states no unit for {}", field.json())),
        }
        Ok(value)
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
        let mut status = json!({
            "topic": self.topic(topic),
            "online": [word("payload_available", "pl_avail", "online")],
            "offline": [word("payload_not_available", "pl_not_avail", "offline")],
        });
        if let Some(path) = path {
            status["path"] = path.into();
        }
        Some(status)
    }

    fn device(&self) -> DeviceOf {
        let Some(device) = self.get("device", "dev").and_then(Value::as_object) else {
            return DeviceOf::default();
        };
        let device = Config(device);
        let text = |long, short| device.text(long, short).map(str::to_owned);
        let ids = device.get("identifiers", "ids");
        let first = ids.and_then(|ids| ids.as_array().map_or(Some(ids), |ids| ids.first()));
        DeviceOf {
            key: first.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned)),
            name: text("name", "name"),
            maker: text("manufacturer", "mf"),
            model: text("model", "mdl"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn announced(messages: &[(&str, Value)]) -> (Vec<Found>, Vec<Unusable>) {
        let mut all = Announcements::default();
        for (topic, payload) in messages {
            all.take(topic, payload.to_string().as_bytes());
        }
        all.finish()
    }

    #[test]
    fn sensors_of_one_device_become_one_meter() {
        let device = json!({"identifiers": ["zigbee2mqtt_0x1"], "name": "Plug",
            "manufacturer": "Maker", "model": "TS011F"});
        let availability = json!([{"topic": "zigbee2mqtt/bridge/state"},
            {"topic": "zigbee2mqtt/Plug/availability", "value_template": "{{ value_json.state }}"}]);
        let sensor = |class: &str, unit: &str| {
            json!({"device_class": class, "unit_of_measurement": unit, "device": device,
                "availability": availability, "state_topic": "zigbee2mqtt/Plug",
                "value_template": format!("{{{{ value_json.{class} }}}}")})
        };
        let (found, unusable) = announced(&[
            ("homeassistant/sensor/0x1/power/config", sensor("power", "W")),
            ("homeassistant/sensor/0x1/energy/config", sensor("energy", "kWh")),
            ("homeassistant/sensor/0x1/linkquality/config", sensor("signal_strength", "lqi")),
        ]);
        assert_eq!(unusable, []);
        let [plug] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((plug.name.as_str(), plug.model.as_deref()), ("Plug", Some("TS011F")));
        assert_eq!(
            plug.communication,
            json!({"values": [
                {"topic": "zigbee2mqtt/Plug", "field": "activePowerKw", "unit": "W",
                    "path": "$['power']"},
                {"topic": "zigbee2mqtt/Plug", "field": "energyImportKwh", "unit": "kWh",
                    "path": "$['energy']"}],
                "status": {"topic": "zigbee2mqtt/Plug/availability", "path": "$['state']",
                    "online": ["online"], "offline": ["offline"]}})
        );
    }

    #[test]
    fn short_names_a_base_topic_and_phases_are_understood() {
        let sensor = |name: &str| {
            json!({"~": "em/roof", "name": name, "dev_cla": "power", "unit_of_meas": "W",
                "stat_t": format!("~/{}", name.replace(' ', "_")), "avty_t": "~/status",
                "dev": {"ids": "em", "name": "Roof"}})
        };
        let (found, _) = announced(&[
            ("homeassistant/sensor/em_p/config", sensor("Total power")),
            ("homeassistant/sensor/em_p2/config", sensor("Phase B power")),
        ]);
        let values = &found[0].communication["values"];
        assert_eq!(values[0]["topic"], "em/roof/Total_power");
        assert_eq!(values[1]["field"], "activePowerL2Kw");
        assert_eq!(found[0].communication["status"]["topic"], "em/roof/status");
    }

    #[test]
    fn what_cannot_be_followed_is_named_with_the_reason() {
        let with = |extra: Value| {
            let mut sensor = json!({"device_class": "power", "unit_of_measurement": "W",
                "state_topic": "t"});
            for (name, value) in extra.as_object().unwrap() {
                sensor[name] = value.clone();
            }
            sensor
        };
        for (wrong, reason) in [
            (with(json!({"value_template": "{{ value_json.a * 2 }}"})), "value_json.a * 2"),
            (with(json!({"unit_of_measurement": "BTU/h"})), "BTU/h"),
            (with(json!({"unit_of_measurement": null})), "no unit"),
            (with(json!({"state_topic": null})), "state_topic"),
        ] {
            let (found, unusable) = announced(&[("homeassistant/sensor/x/config", wrong)]);
            assert_eq!(found, []);
            assert!(unusable[0].reason.contains(reason), "{unusable:?}");
        }
        let twice = with(json!({}));
        let (found, unusable) = announced(&[
            ("homeassistant/sensor/x/a/config", twice.clone()),
            ("homeassistant/sensor/x/b/config", twice),
        ]);
        assert_eq!((found.len(), unusable.len()), (1, 1));
    }
}
