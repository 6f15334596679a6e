//! Values that come in parts on several topics, such as the tariffs of one counter.

use std::collections::{BTreeMap, BTreeSet};

use domain::Field;
use domain::devices::mqtt::{MqttSettings, Topic};

/// A part of a value: the topic that it came on, and its number.
pub(super) type Addend = (Field, String, f64);

/// The newest of each part.
#[derive(Debug, Default)]
pub(super) struct Sums {
    /// The topics whose numbers make up a value.
    expected: BTreeMap<Field, BTreeSet<String>>,
    heard: BTreeMap<(Field, String), f64>,
}

impl Sums {
    pub(super) fn of(settings: &MqttSettings) -> Self {
        let mut sums = Self::default();
        for (topic, meaning) in &settings.topics {
            let Topic::Values(picks) = meaning else { continue };
            for pick in picks.iter().filter(|pick| pick.is_addend) {
                sums.expected.entry(pick.field).or_default().insert(topic.clone());
            }
        }
        sums
    }

    /// Takes parts, and answers the values that they complete: of those not among them the newest holds. A value
    /// is there once each of its parts was heard.
    pub(super) fn add(&mut self, parts: Vec<Addend>) -> Vec<(Field, f64)> {
        let fields: BTreeSet<Field> = parts.iter().map(|(field, ..)| *field).collect();
        self.heard.extend(parts.into_iter().map(|(field, topic, number)| ((field, topic), number)));
        fields.into_iter().filter_map(|field| Some((field, self.total(field)?))).collect()
    }

    fn total(&self, field: Field) -> Option<f64> {
        let topics = self.expected.get(&field)?.iter();
        let parts = topics.map(|topic| self.heard.get(&(field, topic.clone())).copied());
        // As many digits as devices state.
        parts.sum::<Option<f64>>().map(|sum| (sum * 1e6).round() / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use domain::devices::{Communication, Protocol};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_sum_is_there_once_each_part_was_heard_and_goes_on_from_the_newest() {
        let tariff = |number: u8| json!({"topic": format!("m/t{number}"), "field": "energyImportKwh", "sum": true});
        let settings = json!({"values": [tariff(1), tariff(2)]});
        let Ok(Communication::Mqtt(settings)) = Communication::parse(Protocol::Mqtt, &settings)
        else {
            panic!("not MQTT")
        };
        let mut sums = Sums::of(&settings);
        let mut hear =
            |topic: &str, kwh| sums.add(vec![(Field::EnergyImportKwh, topic.to_owned(), kwh)]);
        assert_eq!(hear("m/t1", 861.264), []);
        assert_eq!(hear("m/t2", 1283.641), [(Field::EnergyImportKwh, 2144.905)]);
        assert_eq!(hear("m/t2", 1283.651), [(Field::EnergyImportKwh, 2144.915)]);
    }
}
