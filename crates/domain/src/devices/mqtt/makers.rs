//! Topics on which makers publish in units of their own, as the profiles know them.

use std::sync::LazyLock;

use super::values::RawValue;
use super::{filter, placeholder};
use crate::devices::Protocol;
use crate::devices::profile::{self, Profile};

/// How the devices of a profile publish plain numbers on topics of one form.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Habit {
    /// Id of the profile.
    pub(super) profile: &'static str,
    topics: String,
    /// What the numbers are multiplied by to be in the field's own unit and direction.
    pub(super) scale: f64,
}

static HABITS: LazyLock<Vec<Habit>> = LazyLock::new(|| {
    let profiles = profile::all().iter();
    profiles.filter(|profile| profile.protocol == Protocol::Mqtt).flat_map(of).collect()
});

fn of(profile: &'static Profile) -> Vec<Habit> {
    let values = profile.communication.get("values").cloned().unwrap_or_default();
    // The test of the profiles reads each of them strictly.
    let values: Vec<RawValue> = serde_json::from_value(values).unwrap_or_default();
    let plain = values.iter().filter_map(|value| {
        let (topic, scale) = value.plain()?;
        Some(Habit { profile: &profile.id, topics: placeholder::filter_of(topic)?, scale })
    });
    plain.collect()
}

/// How plain numbers on a topic are published, if a profile knows topics of this form.
pub(super) fn habit(topic: &str) -> Option<&'static Habit> {
    HABITS.iter().find(|habit| filter::covers(&habit.topics, topic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shelly_publishes_watts_watt_hours_and_watt_minutes() {
        let near = |topic: &str, unit: f64| {
            let scale = habit(topic).map(|habit| habit.scale);
            assert!(scale.is_some_and(|scale| (scale - unit).abs() < 1e-9), "{topic}: {scale:?}");
        };
        near("shellies/shellyem-abc123/emeter/0/power", 1e-3);
        near("shellies/shellyem-abc123/emeter/1/total", 1e-3);
        near("shellies/+/emeter/0/power", 1e-3);
        near("shellies/shelly1pm-1/relay/0/energy", 1e-3 / 60.0);
        assert_eq!(habit("building/energy/power"), None);
        assert_eq!(habit("homeassistant/sensor/energy/power/state"), None);
    }
}
