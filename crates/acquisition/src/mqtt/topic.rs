//! Which meters a message concerns.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::DeviceId;
use domain::devices::mqtt::Topic;
use domain::devices::mqtt::filter::{covers, is_wild, matches};

/// From topics to the devices that follow them.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    plain: HashMap<String, Vec<(DeviceId, Arc<Topic>)>>,
    wild: Vec<(String, DeviceId, Arc<Topic>)>,
}

impl Routes {
    pub(crate) fn add(&mut self, device: DeviceId, filter: &str, meaning: &Topic) {
        let meaning = Arc::new(meaning.clone());
        if is_wild(filter) {
            self.wild.push((filter.to_owned(), device, meaning));
        } else {
            self.plain.entry(filter.to_owned()).or_default().push((device, meaning));
        }
    }

    /// The devices that follow a topic, and what it means to each. For one that follows it by
    /// several filters, the exact one counts, then the first.
    pub(crate) fn of(&self, topic: &str) -> Vec<(DeviceId, Arc<Topic>)> {
        let plain = self.plain.get(topic).into_iter().flatten();
        let wild = self.wild.iter().filter(|(filter, ..)| matches(filter, topic));
        let mut found: Vec<(DeviceId, Arc<Topic>)> = Vec::new();
        let all = plain.map(|(device, meaning)| (device, meaning));
        for (device, meaning) in all.chain(wild.map(|(_, device, meaning)| (device, meaning))) {
            if !found.iter().any(|(of, _)| of == device) {
                found.push((*device, Arc::clone(meaning)));
            }
        }
        found
    }

    /// The filters to subscribe to. One that another covers is left out: some brokers send a
    /// message once for each filter it matches, and it would count twice.
    pub(crate) fn filters(&self) -> BTreeSet<String> {
        let wild: BTreeSet<_> = self.wild.iter().map(|(filter, ..)| filter).collect();
        let covered =
            |filter: &String| wild.iter().any(|wide| *wide != filter && covers(wide, filter));
        self.plain.keys().chain(wild.iter().copied()).filter(|of| !covered(of)).cloned().collect()
    }

    /// The devices that a subscription to `filter` serves.
    pub(crate) fn followers(&self, filter: &str) -> Vec<DeviceId> {
        let plain = self.plain.iter().filter(|(topic, _)| covers(filter, topic));
        let wild = self.wild.iter().filter(|(narrow, ..)| covers(filter, narrow));
        let plain = plain.flat_map(|(_, devices)| devices).map(|(device, _)| *device);
        plain.chain(wild.map(|(_, device, _)| *device)).collect()
    }
}

#[cfg(test)]
mod tests {
    use domain::Field;
    use domain::devices::mqtt::StatusWords;

    use super::*;

    #[test]
    fn a_topic_reaches_each_follower_once() {
        let power = Topic::Value(Field::ActivePowerKw);
        let status = Topic::Status(StatusWords::default());
        let mut routes = Routes::default();
        routes.add(DeviceId(1), "hall/power", &power);
        routes.add(DeviceId(1), "hall/+", &power);
        routes.add(DeviceId(2), "+/power", &power);
        routes.add(DeviceId(3), "hall/power", &status);
        let (power, status) = (Arc::new(power), Arc::new(status));
        let hall =
            [(DeviceId(1), power.clone()), (DeviceId(3), status), (DeviceId(2), power.clone())];
        assert_eq!(routes.of("hall/power"), hall);
        assert_eq!(routes.of("roof/power"), [(DeviceId(2), power)]);
        assert_eq!(routes.followers("hall/power"), [DeviceId(1), DeviceId(3)]);
    }

    #[test]
    fn a_filter_that_another_covers_is_not_subscribed_to() {
        let mut routes = Routes::default();
        let status = Topic::Status(StatusWords::default());
        for filter in ["a/b", "a/+", "a/#", "b/+/c", "b/x/+", "b/x/c", "c"] {
            routes.add(DeviceId(1), filter, &status);
        }
        let filters: Vec<_> = routes.filters().into_iter().collect();
        assert_eq!(filters, ["a/#", "b/+/c", "b/x/+", "c"]);
    }
}
