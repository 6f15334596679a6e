//! Whether a meter is read, and how far its newest reading can be trusted.

use std::collections::{HashMap, HashSet};

use acquisition::Health;
use chrono::{DateTime, TimeDelta, Utc};
use domain::devices::DeviceState;
use domain::energy::staleness::{POLL_WITHOUT_DEVICE, patience, stale_after};
use domain::live::Status;
use domain::message::Message;
use domain::readings::unread::Unread;
use domain::{MeterId, Quality, Reading};

use crate::live::SiteLive;

/// A balance waits this long for its slowest meter before it goes without a verdict.
const BALANCE_PATIENCE: TimeDelta = TimeDelta::minutes(2);

/// How often a meter is read; a guess where it has no device.
pub(crate) fn poll(polls: &HashMap<MeterId, TimeDelta>, id: MeterId) -> TimeDelta {
    polls.get(&id).copied().unwrap_or(POLL_WITHOUT_DEVICE)
}

/// The connection of a meter, and why it is not online.
pub(crate) fn of(
    newest: Option<&Reading>,
    health: Option<&Health>,
    poll: Option<&TimeDelta>,
    now: DateTime<Utc>,
) -> (Status, Option<Message>) {
    let reason = || health.and_then(|health| health.reason.clone());
    match health.map(|health| health.state) {
        Some(DeviceState::Offline) => return (Status::Offline, reason()),
        Some(DeviceState::Error) => return (Status::Error, reason()),
        Some(DeviceState::Online) | None => {}
    }
    let Some(newest) = newest else {
        return (Status::None, Some(Unread::Never.into()));
    };
    if now - newest.at > stale_after(poll.copied()) {
        (Status::Stale, Some(Unread::NothingNew.into()))
    } else {
        (Status::Online, None)
    }
}

/// The quality that a screen shows: what the reading said, or worse by its age.
pub(crate) fn quality(newest: Option<&Reading>, status: Status) -> Quality {
    let read = newest.map_or(Quality::Stale, |reading| reading.quality);
    match status {
        Status::Online => read,
        Status::Stale | Status::Offline | Status::None => read.max(Quality::Stale),
        Status::Error => Quality::Error,
    }
}

/// Meters too far behind for a balance to wait for them.
pub(crate) fn silent(site: &SiteLive, now: DateTime<Utc>) -> HashSet<MeterId> {
    let mut ids = site.ids();
    ids.retain(|&id| {
        let limit = patience(site.poll(id)).max(BALANCE_PATIENCE);
        site.last_at(id).is_none_or(|last| now - last > limit)
    });
    ids
}
