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
