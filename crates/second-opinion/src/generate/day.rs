//! Which days, and which instants in them.

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike as _, Utc};
use chrono_tz::Tz;
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

use super::{Kind, Range};
use crate::model::carbon::midnight;
use crate::model::flow::Window;
use crate::scenario::Reading;

/// Zones with the first of the days that are interesting in them: changes of the clock, half hours, a
/// month's end, a leap day.
const PLACES: &[(Tz, &str)] = &[
    (Tz::UTC, "2026-03-30"),
    (Tz::Asia__Kolkata, "2026-01-31"),
    (Tz::Asia__Kathmandu, "2026-02-27"),
    (Tz::Europe__Berlin, "2026-03-28"),
    (Tz::Europe__Berlin, "2025-10-25"),
    (Tz::America__New_York, "2026-03-07"),
    (Tz::Pacific__Auckland, "2025-12-31"),
];

/// Days of 23.5 and 24.5 hours, and such as begin at one o'clock or have two midnights.
const ODD: &[(Tz, &str)] = &[
    (Tz::Australia__Lord_Howe, "2025-10-04"),
    (Tz::Australia__Lord_Howe, "2026-04-04"),
    (Tz::America__Havana, "2026-03-07"),
    (Tz::America__Havana, "2025-11-01"),
];

/// The days of a scenario.
#[derive(Debug, Clone)]
pub(super) struct Day {
    pub(super) zone: Tz,
    /// The first of them.
    pub(super) first: NaiveDate,
    /// When the first begins.
    pub(super) from: DateTime<Utc>,
    /// When the last ends.
    pub(super) to: DateTime<Utc>,
}

impl Day {
    pub(super) fn choose(random: &mut StdRng, range: &Range) -> Self {
        let is_odd = range.has(Kind::OddClock) && random.random_bool(0.3);
        let places = if is_odd { ODD } else { PLACES };
        let &(zone, first) = places.choose(random).unwrap_or(&PLACES[0]);
        let first: NaiveDate = first.parse().unwrap_or_default();
        let days = random.random_range(1..=3);
        let last = first + TimeDelta::days(days);
        Self { zone, first, from: midnight(zone, first), to: midnight(zone, last) }
    }

    /// The one that is under way at an instant, in a zone where it is six hours old at least.
    pub(super) fn until(random: &mut StdRng, now: DateTime<Utc>) -> Self {
        let zones = [Tz::UTC, Tz::Asia__Kolkata, Tz::Pacific__Auckland, Tz::America__New_York];
        let hour = |zone: &Tz| now.with_timezone(zone).hour();
        let old: Vec<Tz> = zones.into_iter().filter(|zone| hour(zone) >= 6).collect();
        // Some of these zones always lies in the later part of its day.
        let zone = old.choose(random).copied().unwrap_or(Tz::UTC);
        let first = now.with_timezone(&zone).date_naive();
        Self { zone, first, from: midnight(zone, first), to: now }
    }

    /// Any second of them.
    pub(super) fn second(&self, random: &mut StdRng) -> DateTime<Utc> {
        self.from + TimeDelta::seconds(random.random_range(0..(self.to - self.from).num_seconds()))
    }

    /// Windows that are asked for: a day, and one that is cut in two.
    pub(super) fn windows(&self, random: &mut StdRng, readings: &[Reading]) -> Vec<Window> {
        let mut ends = [self.end(random, readings), self.end(random, readings)];
        ends.sort_unstable();
        let [from, mut to] = ends;
        if to - from < TimeDelta::minutes(2) {
            to = from + TimeDelta::hours(3);
        }
        let cut = from + (to - from) / random.random_range(2..5);
        let cut = cut - TimeDelta::nanoseconds(i64::from(cut.timestamp_subsec_nanos()));
        let next = midnight(self.zone, self.first + TimeDelta::days(1));
        vec![(self.from, next), (from, to), (from, cut), (cut, to)]
    }

    /// An instant that a window may end at: any second, a quarter-hour, an hour, that of a reading.
    fn end(&self, random: &mut StdRng, readings: &[Reading]) -> DateTime<Utc> {
        let at = self.second(random);
        let floor = |minutes: i64| {
            let past = at.timestamp().rem_euclid(minutes * 60);
            at - TimeDelta::seconds(past)
        };
        match random.random_range(0..4) {
            0 => at,
            1 => floor(15),
            2 => floor(60),
            _ => readings.choose(random).map_or(at, |reading| reading.at),
        }
    }
}
