//! Which meters a message concerns.

use std::collections::{BTreeSet, HashMap};

use domain::DeviceId;
use domain::device::Topic;

/// Whether a topic matches a filter (MQTT 3.1.1, section 4.7).
fn matches(filter: &str, topic: &str) -> bool {
    // Wildcards at the beginning leave out the broker's own topics.
    if topic.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    let mut levels = topic.split('/');
    for part in filter.split('/') {
        if part == "#" {
            return true;
        }
        match levels.next() {
            Some(level) if part == "+" || part == level => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

/// Whether every topic that matches `narrow` also matches `wide`.
fn covers(wide: &str, narrow: &str) -> bool {
    let mut levels = narrow.split('/');
    for part in wide.split('/') {
        if part == "#" {
            return true;
        }
        match levels.next() {
            Some(level) if part == level || (part == "+" && level != "#") => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

pub(super) fn is_wild(filter: &str) -> bool {
    filter.contains(['+', '#'])
}

/// From topics to the devices that follow them.
#[derive(Debug, Default)]
pub(super) struct Routes {
    plain: HashMap<String, Vec<(DeviceId, Topic)>>,
    wild: Vec<(String, DeviceId, Topic)>,
}

impl Routes {
    pub(super) fn add(&mut self, device: DeviceId, filter: &str, meaning: &Topic) {
        if is_wild(filter) {
            self.wild.push((filter.to_owned(), device, meaning.clone()));
        } else {
            self.plain.entry(filter.to_owned()).or_default().push((device, meaning.clone()));
        }
    }

    /// The devices that follow a topic, and what it means to each. For one that follows it by
    /// several filters, the exact one counts, then the first.
    pub(super) fn of(&self, topic: &str) -> Vec<(DeviceId, Topic)> {
        let plain = self.plain.get(topic).into_iter().flatten();
        let wild = self.wild.iter().filter(|(filter, ..)| matches(filter, topic));
        let mut found: Vec<(DeviceId, Topic)> = Vec::new();
        let all = plain.map(|(device, meaning)| (device, meaning));
        for (device, meaning) in all.chain(wild.map(|(_, device, meaning)| (device, meaning))) {
            if !found.iter().any(|(of, _)| of == device) {
                found.push((*device, meaning.clone()));
            }
        }
        found
    }

    /// The filters to subscribe to. One that another covers is left out: some brokers send a
    /// message once for each filter it matches, and it would count twice.
    pub(super) fn filters(&self) -> BTreeSet<String> {
        let wild: BTreeSet<_> = self.wild.iter().map(|(filter, ..)| filter).collect();
        let covered =
            |filter: &String| wild.iter().any(|wide| *wide != filter && covers(wide, filter));
        self.plain.keys().chain(wild.iter().copied()).filter(|of| !covered(of)).cloned().collect()
    }

    /// The devices that a subscription to `filter` serves.
    pub(super) fn followers(&self, filter: &str) -> Vec<DeviceId> {
        let plain = self.plain.iter().filter(|(topic, _)| covers(filter, topic));
        let wild = self.wild.iter().filter(|(narrow, ..)| covers(filter, narrow));
        let plain = plain.flat_map(|(_, devices)| devices).map(|(device, _)| *device);
        plain.chain(wild.map(|(_, device, _)| *device)).collect()
    }
}

/// kW or kWh per unit of a plain value on a topic whose maker publishes in other units.
///
/// Shelly's first generation: `power` in W, `total` in Wh, `energy` in watt-minutes
/// (<https://shelly-api-docs.shelly.cloud/gen1/#shelly-em-mqtt>).
pub(super) fn unit_of(topic: &str) -> f64 {
    const WATT: f64 = 1e-3;
    const WATT_MINUTE: f64 = 1e-3 / 60.0;
    const PATTERNS: [(&str, f64); 6] = [
        ("shellies/+/emeter/+/power", WATT),
        ("shellies/+/emeter/+/total", WATT),
        ("shellies/+/emeter/+/total_returned", WATT),
        ("shellies/+/emeter/+/energy", WATT_MINUTE),
        ("shellies/+/relay/+/power", WATT),
        ("shellies/+/relay/+/energy", WATT_MINUTE),
    ];
    PATTERNS.iter().find(|(pattern, _)| matches(pattern, topic)).map_or(1.0, |(_, unit)| *unit)
}

#[cfg(test)]
mod tests {
    use domain::Field;

    use super::*;

    #[test]
    fn filters_match_as_the_standard_says() {
        for (filter, topic) in [
            ("a/b", "a/b"),
            ("a/+/c", "a/b/c"),
            ("a/#", "a"),
            ("a/#", "a/b/c"),
            ("#", "a/b"),
            ("+/+", "/finance"),
            ("ä/+", "ä/ö"),
        ] {
            assert!(matches(filter, topic), "{filter} {topic}");
        }
        for (filter, topic) in [("a/b", "a/B"), ("a/+", "a"), ("a/+", "a/b/c"), ("#", "$SYS/x")] {
            assert!(!matches(filter, topic), "{filter} {topic}");
        }
    }

    #[test]
    fn a_topic_reaches_each_follower_once() {
        let power = Topic::Value(Field::ActivePowerKw);
        let mut routes = Routes::default();
        routes.add(DeviceId(1), "hall/power", &power);
        routes.add(DeviceId(1), "hall/+", &power);
        routes.add(DeviceId(2), "+/power", &power);
        routes.add(DeviceId(3), "hall/power", &Topic::Status);
        assert_eq!(
            routes.of("hall/power"),
            [
                (DeviceId(1), power.clone()),
                (DeviceId(3), Topic::Status),
                (DeviceId(2), power.clone())
            ]
        );
        assert_eq!(routes.of("roof/power"), [(DeviceId(2), power)]);
        assert_eq!(routes.followers("hall/power"), [DeviceId(1), DeviceId(3)]);
    }

    #[test]
    fn a_filter_that_another_covers_is_not_subscribed_to() {
        let mut routes = Routes::default();
        for filter in ["a/b", "a/+", "a/#", "b/+/c", "b/x/+", "b/x/c", "c"] {
            routes.add(DeviceId(1), filter, &Topic::Status);
        }
        let filters: Vec<_> = routes.filters().into_iter().collect();
        assert_eq!(filters, ["a/#", "b/+/c", "b/x/+", "c"]);
    }

    #[test]
    fn shelly_topics_carry_watts() {
        assert!((unit_of("shellies/shellyem-abc123/emeter/0/power") - 0.001).abs() < 1e-12);
        assert!((unit_of("shellies/shellyem-abc123/emeter/0/total") - 0.001).abs() < 1e-12);
        assert!((unit_of("shellies/shelly1pm-1/relay/0/energy") * 60_000.0 - 1.0).abs() < 1e-12);
        assert!((unit_of("building/energy/power") - 1.0).abs() < 1e-12);
    }
}
