//! Announcements of devices for Home Assistant: of each sensor on `homeassistant/sensor/…/config`, or of a whole
//! device on `homeassistant/device/…/config`.
//!
//! Names and their short forms: <https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery>.

mod choose;
mod config;
mod words;

use std::collections::BTreeMap;

use domain::devices::reason::look::Unusable as Why;
use domain::message::Message;
use serde_json::Value;

use self::config::Sensor;

/// The topics of announcements.
pub(crate) const FILTERS: [&str; 4] = [
    "homeassistant/sensor/+/config",
    "homeassistant/sensor/+/+/config",
    "homeassistant/device/+/config",
    "homeassistant/device/+/+/config",
];
/// The topics on which a device announces all of its sensors at once.
const OF_DEVICES: &str = "homeassistant/device/";

/// A device that could become a meter.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
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
    pub topic: String,
    /// Why.
    pub reason: Message,
}

/// Announcements that are kept of a broker: more than a large house has, and less than somebody can make a
/// broker say.
const MOST: usize = 2_000;
/// Bytes of an announcement that is read: several times what the longest of real devices have.
const LONGEST: usize = 16 << 10;
/// The same where a device announces all that it has at once.
const LONGEST_OF_DEVICE: usize = 256 << 10;

/// What was announced so far.
#[derive(Debug, Default)]
pub(crate) struct Announcements {
    kept: Vec<Announcement>,
    /// The topic of the first that was left out, and how many were.
    left_out: Option<(String, usize)>,
}

/// What stands on a topic.
#[derive(Debug)]
struct Announcement {
    topic: String,
    /// The name of a component in the announcement of a whole device.
    component: Option<String>,
    sensor: Result<Sensor, Message>,
}

impl Announcement {
    fn id(&self) -> Option<&str> {
        self.sensor.as_ref().ok()?.id.as_deref()
    }

    /// Whether a later one is of the same sensor.
    fn is_replaced_by(&self, later: &Self) -> bool {
        let is_there = self.topic == later.topic && self.component == later.component;
        is_there || (self.id().is_some() && self.id() == later.id())
    }

    /// The topic, with the component where there is one.
    fn place(&self) -> String {
        match &self.component {
            Some(component) => format!("{} {component}", self.topic),
            None => self.topic.clone(),
        }
    }
}

impl Announcements {
    /// Takes an announcement, in place of an earlier one on its topic or of the same sensor. One of something that
    /// no meter measures is passed over, and an empty one takes back what stood on its topic.
    pub(crate) fn take(&mut self, topic: &str, payload: &[u8]) {
        let is_device = topic.starts_with(OF_DEVICES);
        let most = if is_device { LONGEST_OF_DEVICE } else { LONGEST };
        let one = |sensor| vec![(None, sensor)];
        let read = match payload.len() {
            0 => Vec::new(),
            bytes if bytes > most => one(Err(Why::TooLong { bytes, most })),
            _ if is_device => match config::components(topic, payload) {
                Ok(all) => all.into_iter().map(|(name, sensor)| (Some(name), sensor)).collect(),
                Err(why) => one(Err(why)),
            },
            _ => config::sensor(topic, payload).transpose().map(one).unwrap_or_default(),
        };
        if is_device || read.is_empty() {
            self.kept.retain(|known| known.topic != topic);
        }
        for (component, sensor) in read {
            let sensor = sensor.map_err(Message::from);
            let announced = Announcement { topic: topic.to_owned(), component, sensor };
            // Most are new: a broker that announces without end is looked through once for each.
            if self.kept.iter().any(|known| known.is_replaced_by(&announced)) {
                self.kept.retain(|known| !known.is_replaced_by(&announced));
            } else if self.kept.len() >= MOST {
                self.left_out.get_or_insert((announced.place(), 0)).1 += 1;
                continue;
            }
            self.kept.push(announced);
        }
    }

    /// The devices, by name, and what cannot be followed. The order in which they were announced decides nothing.
    pub(crate) fn finish(self) -> (Vec<Candidate>, Vec<Unusable>) {
        let mut devices: BTreeMap<String, Vec<(String, Sensor)>> = BTreeMap::new();
        let mut unusable = Vec::new();
        for announced in self.kept {
            let topic = announced.place();
            match announced.sensor {
                Ok(sensor) => {
                    devices.entry(sensor.device.key.clone()).or_default().push((topic, sensor));
                }
                Err(reason) => unusable.push(Unusable { topic, reason }),
            }
        }
        let mut found = Vec::new();
        for sensors in devices.into_values() {
            found.extend(choose::meter(sensors, &mut unusable));
        }
        unusable.sort_by(|a, b| a.topic.cmp(&b.topic));
        unusable.extend(self.left_out.map(|(topic, more)| Unusable {
            topic,
            reason: Why::LeftOut { more, most: MOST }.into(),
        }));
        found.sort_by(|a, b| a.name.cmp(&b.name));
        (found, unusable)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;
    use serde_json::json;

    use super::*;

    fn announced(messages: &[(&str, Value)]) -> (Vec<Candidate>, Vec<Unusable>) {
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
            (with(json!({"device": {"ids": "x", "name": "x".repeat(20_000)}})), "more than 16384"),
        ] {
            let (found, unusable) = announced(&[("homeassistant/sensor/x/config", wrong)]);
            assert_eq!(found, []);
            assert!(unusable[0].reason.message.contains(reason), "{unusable:?}");
        }
        let twice = with(json!({}));
        let (found, unusable) = announced(&[
            ("homeassistant/sensor/x/a/config", twice.clone()),
            ("homeassistant/sensor/x/b/config", twice),
        ]);
        assert_eq!((found.len(), unusable.len()), (1, 1));
    }

    fn power(path: &str, unique: Option<&str>) -> Value {
        let mut sensor = json!({"device_class": "power", "unit_of_measurement": "W",
            "state_topic": "t", "value_template": format!("{{{{ value_json.{path} }}}}"),
            "device": {"ids": ["plug"], "name": path}});
        if let Some(unique) = unique {
            sensor["uniq_id"] = unique.into();
        }
        sensor
    }

    #[test]
    fn an_announcement_made_again_takes_the_place_of_the_former() {
        let here = "homeassistant/sensor/x/config";
        let moved = "homeassistant/sensor/plug/x/config";
        let broken = json!({"device_class": "power", "state_topic": "t"});
        for messages in [
            [(here, power("old", None)), (here, power("new", None))],
            [(here, power("old", Some("1"))), (moved, power("new", Some("1")))],
            [(here, broken), (here, power("new", None))],
        ] {
            let (found, unusable) = announced(&messages);
            assert_eq!(unusable, []);
            let [plug] = found.as_slice() else { panic!("{found:?}") };
            assert_eq!(plug.name, "new");
            let values = plug.communication["values"].as_array().unwrap();
            assert_eq!((values.len(), &values[0]["path"]), (1, &json!("$['new']")));
        }
    }

    #[test]
    fn a_broker_that_announces_without_end_is_cut_off_and_it_is_said() {
        let plug = |n: usize, name: &str| {
            let sensor = json!({"device_class": "power", "unit_of_measurement": "W",
                "state_topic": format!("plugs/{n}"), "value_template": "{{ value_json.power }}",
                "device": {"ids": [format!("plug {n}")], "name": name}});
            (format!("homeassistant/sensor/{n}/config"), sensor.to_string())
        };
        let mut all = Announcements::default();
        for n in 0..MOST + 500 {
            let (topic, payload) = plug(n, "plug");
            all.take(&topic, payload.as_bytes());
        }
        // One that is known may still say something else.
        let (topic, payload) = plug(0, "again");
        all.take(&topic, payload.as_bytes());
        let (found, unusable) = all.finish();
        assert_eq!((found.len(), found[0].name.as_str()), (MOST, "again"));
        let [rest] = unusable.as_slice() else { panic!("{unusable:?}") };
        assert_eq!(rest.topic, format!("homeassistant/sensor/{MOST}/config"));
        assert_eq!(rest.reason.message, "500 announcements beyond the first 2000 are left out");
    }

    #[test]
    fn an_announcement_taken_back_is_gone() {
        let mut all = Announcements::default();
        let topic = "homeassistant/sensor/x/config";
        all.take(topic, power("p", None).to_string().as_bytes());
        all.take(topic, b"");
        assert_eq!(all.finish(), (Vec::new(), Vec::new()));
    }

    proptest! {
        #[test]
        fn an_announcement_that_is_damaged_is_followed_or_named(
            at in any::<Index>(), byte in any::<u8>(), cut in proptest::option::of(any::<Index>()),
        ) {
            let mut payload = power("p", Some("1")).to_string().into_bytes();
            let place = at.index(payload.len());
            payload[place] = byte;
            payload.truncate(cut.map_or(payload.len(), |cut| cut.index(payload.len())));
            let mut all = Announcements::default();
            all.take("homeassistant/sensor/x/config", &payload);
            let (found, unusable) = all.finish();
            prop_assert!(found.len() + unusable.len() <= 1);
            prop_assert!(unusable.iter().all(|of| (1..500).contains(&of.reason.message.len())));
        }
    }
}
