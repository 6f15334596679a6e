//! Stretches of a meter's time.

use chrono::{DateTime, Utc};
use domain::MeterId;

/// A quarter-hour of a meter, by its first instant.
pub type Key = (MeterId, DateTime<Utc>);

/// A half-open stretch of one meter's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The measuring point.
    pub meter: MeterId,
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// The first instant after it.
    pub to: DateTime<Utc>,
}
