//! The clock of a site: from dates and times of day to instants, and back.
//!
//! A day begins at the first instant of its date and ends where the next one begins. It has 23, 24 or
//! 25 hours; 23.5 or 24.5 where the clock is put by half an hour; none at all where the clock leaves the
//! date out, as Samoa did with 30 December 2011.

use std::ops::Range;

use chrono::{
    DateTime, DurationRound as _, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeDelta,
    TimeZone as _, Timelike as _, Utc,
};
use chrono_tz::Tz;

use super::Site;
use crate::month::Month;
use crate::window::{Step, Window};

/// Clocks differ from UTC, and are put, by multiples of it.
const CLOCKS: TimeDelta = TimeDelta::minutes(15);
/// The longest jump, in the same: islands that change sides of the date line leave out a day.
const LONGEST_JUMP: i32 = 96;

/// The first instant at which a clock shows a time; where it jumps over it, the one after the jump.
pub fn instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let shown = |quarters| zone.from_local_datetime(&(local + CLOCKS * quarters)).earliest();
    (0..=LONGEST_JUMP).find_map(shown).map_or_else(|| local.and_utc(), |at| at.to_utc())
}

impl Site {
    /// The time that the clock shows at an instant. A day that has begun does not come back: where the
    /// clock is put from 00:01 to 23:01, as in St. John's until 2011, that hour is its first midnight.
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        let shown = at.with_timezone(&self.zone).naive_local();
        let tomorrow = shown.date().succ_opt().unwrap_or(NaiveDate::MAX);
        let has_begun = shown.hour() == 23 && self.day_start(tomorrow) <= at;
        if has_begun { tomorrow.and_time(NaiveTime::MIN) } else { shown }
    }

    /// The site's calendar date at an instant.
    pub fn date_at(&self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date()
    }

    /// The instant at which a calendar day begins here. Where the clock jumps over midnight, the day
    /// begins at the first instant after the jump; a day that is left out, where the next one does.
    pub fn day_start(&self, date: NaiveDate) -> DateTime<Utc> {
        instant(self.zone, date.and_time(NaiveTime::MIN))
    }

    /// Whether the clock shows a date at all.
    pub fn has_day(&self, date: NaiveDate) -> bool {
        self.days(date..date.succ_opt().unwrap_or(date)).next().is_some()
    }

    /// The days of a range that there are, each from its beginning to its end.
    pub fn days(&self, dates: Range<NaiveDate>) -> impl Iterator<Item = (NaiveDate, Window)> {
        let mut from = self.day_start(dates.start);
        let day = move |date: NaiveDate| {
            let to = self.day_start(date.succ_opt().unwrap_or(date));
            let day = Window { from: std::mem::replace(&mut from, to), to };
            (date, day)
        };
        let dates = dates.start.iter_days().take_while(move |date| *date < dates.end);
        dates.map(day).filter(|(_, day)| day.from < day.to)
    }

    /// The beginning of the step, on this clock, that contains an instant.
    pub fn step_start(&self, step: Step, at: DateTime<Utc>) -> DateTime<Utc> {
        match step {
            Step::Quarter => at.duration_trunc(CLOCKS).unwrap_or(at),
            Step::Hour => self.hour_start(at),
            Step::Day => self.today_start(at),
            Step::Month => self.day_start(Month::of(self.date_at(at)).first()),
        }
    }

    /// The first instant after the step, on this clock, that contains an instant.
    pub fn step_end(&self, step: Step, at: DateTime<Utc>) -> DateTime<Utc> {
        match step {
            Step::Quarter => self.step_start(step, at) + CLOCKS,
            Step::Hour => self.hour_end(at),
            Step::Day => self.day_start(self.date_at(at).succ_opt().unwrap_or(NaiveDate::MAX)),
            Step::Month => self.day_start(Month::of(self.date_at(at)).next().first()),
        }
    }

    /// The beginning of the first step, on this clock, that begins at an instant or after.
    pub fn step_from(&self, step: Step, at: DateTime<Utc>) -> DateTime<Utc> {
        if self.step_start(step, at) == at { at } else { self.step_end(step, at) }
    }

    /// The beginning of the hour, on this clock, that contains an instant. Where the clock is put by a part of
    /// an hour, as on Lord Howe, one hour ends early and the next begins.
    pub fn hour_start(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let quarter = at.duration_trunc(CLOCKS).unwrap_or(at);
        (0..4).map(|n| quarter - CLOCKS * n).find(|at| self.begins_hour(*at)).unwrap_or(quarter)
    }

    /// The first instant after the hour, on this clock, that contains an instant.
    pub fn hour_end(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let next = at.duration_trunc(CLOCKS).unwrap_or(at) + CLOCKS;
        (0..4).map(|n| next + CLOCKS * n).find(|at| self.begins_hour(*at)).unwrap_or(next)
    }

    fn begins_hour(&self, quarter: DateTime<Utc>) -> bool {
        quarter.with_timezone(&self.zone).minute() == 0
            || self.part_of_hour(quarter) != self.part_of_hour(quarter - CLOCKS)
    }

    /// By how much of an hour this clock differs from UTC at an instant.
    pub fn part_of_hour(&self, at: DateTime<Utc>) -> TimeDelta {
        let offset = self.zone.offset_from_utc_datetime(&at.naive_utc()).fix();
        TimeDelta::seconds(i64::from(offset.local_minus_utc().rem_euclid(3600)))
    }

    /// The instant of another day at which the clock shows the same time as at this one: the first where it shows
    /// it twice, and where it jumps over it the first after the jump. Not after the end of that day.
    pub fn same_time_on(&self, date: NaiveDate, at: DateTime<Utc>) -> DateTime<Utc> {
        let local = date.and_time(self.local(at).time());
        let shown = self.zone.from_local_datetime(&local).earliest();
        // Clocks jump to a full quarter-hour.
        let found = shown.map_or_else(
            || instant(self.zone, local.duration_trunc(CLOCKS).unwrap_or(local)),
            |shown| shown.to_utc(),
        );
        let end = self.day_start(date.succ_opt().unwrap_or(date));
        found.max(self.day_start(date)).min(end)
    }

    /// Whether the clock shows the time of an instant for the second time, after it was put back.
    pub fn is_repeated(&self, at: DateTime<Utc>) -> bool {
        instant(self.zone, at.with_timezone(&self.zone).naive_local()) < at
    }

    /// The beginning of the site's day that contains an instant.
    pub fn today_start(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.day_start(self.date_at(at))
    }

    /// The beginning of the day before the one that contains an instant.
    pub fn yesterday_start(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.today_start(self.today_start(at) - CLOCKS)
    }
}

#[cfg(test)]
mod tests;
