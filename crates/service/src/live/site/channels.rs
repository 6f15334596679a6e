//! The channels of a site's meters, all of one instant.

use acquisition::Health;
use chrono::{DateTime, Utc};
use domain::devices::DeviceState;
use domain::energy::staleness::stale_after;
use domain::readings::channel::{self, Connection, MeterChannels};
use domain::{MeterId, Quality};

use crate::live::SiteLive;

impl SiteLive {
    /// The channels of every meter, in the order of the tree.
    pub(crate) fn channels(&self, now: DateTime<Utc>) -> Vec<MeterChannels> {
        let of = |meter| channel::ChannelSource {
            meter,
            latest: self.latest.get(&meter.id),
            connection: connection(self.health.get(&meter.id)),
            limit: stale_after(self.polls.get(&meter.id).copied()),
            now,
        };
        self.tree.meters().iter().map(|meter| channel::channels(&of(meter))).collect()
    }

    /// Whether nothing is known against the device of a meter.
    pub(crate) fn is_connected(&self, meter: MeterId) -> bool {
        self.health.get(&meter).is_none_or(|health| health.state == DeviceState::Online)
    }

    /// The channels of every meter, and how far what it said last can be trusted.
    pub(crate) fn trusted(&self, now: DateTime<Utc>) -> Vec<(MeterChannels, Quality)> {
        let trust = |meter: MeterChannels| {
            let quality = self.quality(meter.meter, now);
            (meter, quality)
        };
        self.channels(now).into_iter().map(trust).collect()
    }
}

fn connection(health: Option<&Health>) -> Connection {
    let Some(health) = health else { return Connection::Works };
    let reason = || health.reason.clone();
    match health.state {
        DeviceState::Online => Connection::Works,
        DeviceState::Offline => Connection::Offline(reason()),
        DeviceState::Error => Connection::Failed(reason()),
    }
}
