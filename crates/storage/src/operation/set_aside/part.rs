//! A part of the work, and whose it is.

use std::fmt;

use chrono::{DateTime, NaiveTime, Utc};
use domain::MeterId;
use domain::month::Month;
use domain::operation::task::Work;

/// Whose a part of the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    Meter(MeterId),
    /// That of a schedule by which reports are sent.
    Schedule(i64),
}

impl Subject {
    pub(super) fn meter(self) -> Option<i64> {
        match self {
            Self::Meter(meter) => Some(meter.0),
            Self::Schedule(_) => None,
        }
    }

    pub(super) fn schedule(self) -> Option<i64> {
        match self {
            Self::Meter(_) => None,
            Self::Schedule(schedule) => Some(schedule),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Meter(meter) => write!(f, "meter {meter}"),
            Self::Schedule(schedule) => write!(f, "schedule {schedule}"),
        }
    }
}

/// A part of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Part {
    /// What.
    pub work: Work,
    /// Whose.
    pub of: Subject,
    /// Since when: the start of its quarter-hour, hour or day, or of what a derived meter lacks; of a month
    /// midnight UTC, wherever the site lies.
    pub start: DateTime<Utc>,
}

impl Part {
    /// What is computed of a meter.
    pub fn of_meter(work: Work, meter: MeterId, start: DateTime<Utc>) -> Self {
        Self { work, of: Subject::Meter(meter), start }
    }

    /// The bill of a meter's month.
    pub fn bill(meter: MeterId, month: Month) -> Self {
        Self::of_meter(Work::Bill, meter, begin(month))
    }

    /// The report of a month that a schedule sends.
    pub fn report(schedule: i64, month: Month) -> Self {
        Self { work: Work::Report, of: Subject::Schedule(schedule), start: begin(month) }
    }
}

/// Where a month begins, wherever the site lies.
pub(super) fn begin(month: Month) -> DateTime<Utc> {
    month.first().and_time(NaiveTime::MIN).and_utc()
}
