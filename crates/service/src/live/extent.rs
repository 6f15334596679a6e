//! The extent of a site's stream that somebody follows.

use std::sync::Arc;

use super::event::{Event, Message};
use super::one::OneMeter;

/// The extent of a stream.
#[derive(Debug)]
pub(super) enum Extent {
    /// All of the site.
    All,
    /// Its clock and counts, without its meters.
    Status,
    /// One meter of it.
    Meter(Box<OneMeter>),
}

impl Extent {
    /// The form of a message that is told, or that what is told is taken from.
    pub(super) fn form(&self, message: &Message) -> Arc<Event> {
        match self {
            Self::Status => Arc::clone(&message.status),
            Self::All | Self::Meter(_) => Arc::clone(&message.all),
        }
    }

    /// The message of a form; none where it is about other meters alone. The status tells each message, since its
    /// reader looks whether numbers follow each other.
    pub(super) fn of(&self, form: Arc<Event>) -> Option<Arc<Event>> {
        match self {
            Self::All | Self::Status => Some(form),
            Self::Meter(one) => one.of(&form),
        }
    }
}
