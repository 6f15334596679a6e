//! One meter of a site's stream, as far as somebody sees it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::live::MeterLive;
use domain::ownership::Seen;
use domain::sites::Site;
use serde::{Deserialize, Serialize};

use super::event::{Event, EventKind, encode};

/// The meter that a stream is about.
#[derive(Debug)]
pub(super) struct OneMeter {
    pub(super) meter: MeterId,
    pub(super) site: Site,
    pub(super) seen: Seen,
}

/// The values of a message.
#[derive(Serialize, Deserialize)]
struct OfMeters {
    id: u64,
    at: DateTime<Utc>,
    #[serde(default)]
    values: Vec<MeterLive>,
}

impl OneMeter {
    /// The message with the values of the meter alone; none where it is about others. A snapshot is told even then: what was
    /// known before does not hold any more.
    pub(super) fn of(&self, event: &Event) -> Option<Arc<Event>> {
        let mut told: OfMeters = serde_json::from_slice(&event.json)
            .inspect_err(|error| tracing::error!("a live message could not be read: {error}"))
            .ok()?;
        let is_seen = self.seen.has(&self.site, told.at);
        told.values.retain(|value| is_seen && value.id == self.meter);
        let is_told = event.kind == EventKind::Snapshot || !told.values.is_empty();
        is_told.then(|| encode(event.kind, event.id, &told)).flatten()
    }
}
