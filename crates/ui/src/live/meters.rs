//! The meters of a site as they are now, for the tree: what each measures, and how it is read.

use std::collections::HashMap;
use std::sync::Arc;

use domain::MeterId;
use domain::live::{MeterCard, MeterLive, Snapshot};
use leptos::prelude::*;
use serde::Deserialize;

use super::Status;
use super::stream::{self, Follower};
use crate::json::read;

/// The meters of a message: of a snapshot all of them, of a change the values that changed.
#[derive(Deserialize)]
struct MetersMessage {
    id: u64,
    #[serde(default)]
    meters: Vec<MeterCard>,
    #[serde(default)]
    values: Vec<MeterLive>,
}

/// The meters of a site. Copies share them.
#[derive(Clone, Copy)]
pub struct Meters {
    /// Whatever reads values tracks when its newest message was made.
    pub status: Status,
    /// The parts that do not change from second to second, in the order of the tree.
    pub cards: RwSignal<Arc<Vec<MeterCard>>>,
    values: StoredValue<HashMap<MeterId, MeterLive>>,
}

impl Meters {
    /// Those of the snapshot that a document is drawn from.
    pub fn of(snapshot: &Snapshot) -> Self {
        Self::new(Status::of(snapshot), snapshot.meters.clone(), snapshot.values.clone())
    }

    /// Those that the document was sent with, and the stream that goes on from there; none where they cannot be read.
    /// Only in the browser.
    pub fn of_document(status: Status) -> Option<Self> {
        let MetersMessage { meters, values, .. } = read(&crate::islands::live_text()?).ok()?;
        let live = Self::new(status, meters, values);
        stream::follow(live);
        Some(live)
    }

    fn new(status: Status, meters: Vec<MeterCard>, values: Vec<MeterLive>) -> Self {
        let values = StoredValue::new(by_id(values).collect());
        Self { status, cards: RwSignal::new(Arc::new(meters)), values }
    }

    /// Reads the newest of each meter; what runs inside an effect or a memo runs again with every message.
    pub fn read<T>(self, read: impl FnOnce(&HashMap<MeterId, MeterLive>) -> T) -> T {
        self.status.at.track();
        self.values.with_value(read)
    }
}

impl Follower for Meters {
    const SHOWS: &'static str = "";

    fn status(self) -> Status {
        self.status
    }

    fn take_snapshot(self, text: &str) -> Result<(), String> {
        let MetersMessage { meters, values, .. } = read(text)?;
        self.values.set_value(by_id(values).collect());
        if **self.cards.read_untracked() != meters {
            self.cards.set(Arc::new(meters));
        }
        self.status.take_snapshot(text)
    }

    fn take_delta(self, text: &str) -> Result<bool, String> {
        let MetersMessage { id, values, .. } = read(text)?;
        if id == self.status.last_id() + 1 {
            self.values.update_value(|all| all.extend(by_id(values)));
        }
        self.status.take_delta(text)
    }
}

fn by_id(values: Vec<MeterLive>) -> impl Iterator<Item = (MeterId, MeterLive)> {
    values.into_iter().map(|value| (value.id, value))
}
