//! A message of the live stream.

use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;

/// The kinds of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// Everything.
    Snapshot,
    /// The changes since the message before.
    Delta,
}

impl EventKind {
    /// The name of the event.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::Delta => "delta",
        }
    }
}

/// One message, ready to be sent.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its number; later messages have higher ones.
    pub id: u64,
    /// Its kind.
    pub kind: EventKind,
    /// The JSON document.
    pub json: Bytes,
}

/// A message in the forms in which it is told, each encoded once for all who listen.
#[derive(Debug, Clone)]
pub(super) struct Message {
    /// All of the site.
    pub(super) all: Arc<Event>,
    /// The site without its meters.
    pub(super) status: Arc<Event>,
}

impl Message {
    pub(super) fn bytes(&self) -> usize {
        self.all.json.len() + self.status.json.len()
    }
}

pub(super) fn encode(kind: EventKind, id: u64, message: &impl Serialize) -> Option<Arc<Event>> {
    match crate::json::to_vec(message) {
        // Without the room to spare that it was written with.
        Ok(json) => Some(Arc::new(Event { id, kind, json: json.into_boxed_slice().into() })),
        Err(error) => {
            tracing::error!("a live message could not be encoded: {error}");
            None
        }
    }
}
