//! Windows of time, and the steps that they are cut into.

use chrono::{DateTime, Utc};

/// A half-open window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// The first instant after it.
    pub to: DateTime<Utc>,
}

/// The steps that a chart of a period shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Quarter-hours, for a day.
    Quarter,
    /// Hours, for up to eight days.
    Hour,
    /// Days, for up to a quarter of a year.
    Day,
    Month,
}
