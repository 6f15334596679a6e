//! Which times there can be.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

/// The earliest time that anything may have: where [`domain::period::FIRST_YEAR`] began first, 14 hours
/// east of Greenwich.
pub(crate) const EARLIEST: DateTime<Utc> = at_second(-14 * 3_600);
/// The earliest time of a reading: 1990, 14 hours east of Greenwich. What tells of an earlier one has a
/// clock that was never set.
pub(crate) const FIRST_READING: DateTime<Utc> = at_second(631_152_000 - 14 * 3_600);
/// The first instant that no reading may have any more: the year 10,000.
pub(crate) const FAR: DateTime<Utc> = at_second(253_402_300_800);
/// Clocks of sources may run ahead of a site's by this much.
pub(crate) const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// An instant as the database keeps it, in whole microseconds.
pub(crate) fn stored(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}

const fn at_second(seconds: i64) -> DateTime<Utc> {
    match DateTime::from_timestamp(seconds, 0) {
        Some(at) => at,
        None => DateTime::UNIX_EPOCH,
    }
}
