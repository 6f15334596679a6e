//! The live state of a document, fed by one stream: the status of a site, and of its meters where the document shows
//! them.

mod meters;
mod status;
pub(crate) mod stream;

use chrono::{DateTime, Utc};

pub use meters::Meters;
pub use status::Status;

/// How the browser and the server are connected now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The page's own values stand; the stream is not open yet.
    Opening,
    Open,
    Lost(DateTime<Utc>),
}
