//! What is normal at this time of day: the range of the days before that are like today.

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc, Weekday};
use domain::live::NormalDays;
use domain::meter::Meter;
use domain::trail::{QUARTER, floor};
use domain::window::{self, Bracket, Window};
use domain::{MeterId, SiteId};

use super::gauges::{Figures, Ground};
use super::ran::{self, Ran};
use super::{status, task};
use crate::registry::Known;
use crate::{Error, Service};

/// Days like today that make the range.
const DAYS: usize = 7;
/// How far back they are looked for, and all days without regard to their kind.
const BACK: u64 = 28;
const BACK_FOR_ALL: usize = 7;
/// Fewer known days than this give no range.
const FEWEST_DAYS: usize = 3;
/// How far from a day's ends a reading is looked for.
const REACH: TimeDelta = TimeDelta::hours(6);
/// How far beyond its ends a range still holds: a balance may be a little behind or ahead.
const TOLERANCE: TimeDelta = TimeDelta::minutes(3);

/// The figures of the days before, between two times of day.
#[derive(Debug, Clone, Default)]
pub(super) struct Normal {
    /// The two times, on today's date.
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    of: NormalDays,
    days: Vec<Day>,
}

/// The figures of a day up to two times of it; none up to its begin.
#[derive(Debug, Clone)]
struct Day {
    date: NaiveDate,
    before: Option<Figures>,
    after: Figures,
}

impl Normal {
    /// Which days make the range of an instant.
    pub(super) fn days(&self, at: DateTime<Utc>) -> NormalDays {
        self.share(at).map_or(NormalDays::TooFew, |_| self.of)
    }

    /// Whether there are enough days for a range, up to an instant.
    pub(super) fn covers(&self, at: DateTime<Utc>) -> bool {
        self.of != NormalDays::TooFew && (self.from..=self.to).contains(&at)
    }

    /// Lowest and highest of a figure up to an instant; none while too few days are known.
    pub(super) fn range(
        &self,
        at: DateTime<Utc>,
        figure: impl Fn(&Figures) -> Option<f64>,
    ) -> Option<(f64, f64)> {
        let share = self.share(at)?;
        let up_to = |day: &Day| Figures::within(day.before.as_ref(), &day.after, share);
        let known: Vec<_> = self.days.iter().filter_map(|day| figure(&up_to(day))).collect();
        (known.len() >= FEWEST_DAYS).then(|| {
            known.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| {
                (low.min(value), high.max(value))
            })
        })
    }

    /// Where an instant lies between the two times; none where it is too far from both.
    fn share(&self, at: DateTime<Utc>) -> Option<f64> {
        let is_near = at >= self.from - TOLERANCE && at <= self.to + TOLERANCE;
        let whole = (self.to - self.from).as_seconds_f64();
        let share = (at - self.from).as_seconds_f64() / whole;
        (is_near && whole > 0.0).then(|| share.clamp(0.0, 1.0))
    }

    /// Keeps the days of today's kind where enough of them are known, else the last ones of any.
    fn choose(mut self, today: NaiveDate) -> Self {
        self.days.retain(|day| day.after.consumption_kwh.is_some());
        let like = |day: &&Day| is_weekend(day.date) == is_weekend(today);
        let count = self.days.iter().filter(like).count();
        if count >= FEWEST_DAYS {
            self.days.retain(|day| like(&day));
            self.of = if is_weekend(today) { NormalDays::Weekend } else { NormalDays::Working };
        } else if self.days.len() >= FEWEST_DAYS {
            self.of = NormalDays::All;
        }
        self
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Works the days out from the readings at their ends, for times of day from the quarter-hour before
/// `at` to the one after `until`.
pub(super) async fn read(
    service: &Service,
    known: &Known,
    site: SiteId,
    at: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Normal, Error> {
    let (Some(tree), Some(site)) = (known.trees.get(&site), known.sites.get(&site)) else {
        return Ok(Normal::default());
    };
    let loads = known.unmetered.get(&site.id).map(Vec::as_slice).unwrap_or_default();
    let ids: Vec<_> = tree.meters().iter().map(|meter| meter.id).collect();
    if ids.is_empty() {
        return Ok(Normal::default());
    }
    let today = site.date_at(at);
    let midnight = today.succ_opt().map_or(until, |next| site.day_start(next));
    let from = floor(at, QUARTER).unwrap_or(at);
    let to = floor(until, QUARTER).map_or(until, |quarter| quarter + QUARTER).min(midnight);
    let passed = |time: DateTime<Utc>| (time - site.day_start(today)).max(TimeDelta::zero());
    let windows: Vec<_> = days_before(today)
        .into_iter()
        .map(|date| {
            let start = site.day_start(date);
            let up_to = |time| Window { from: start, to: start + passed(time) };
            (date, up_to(from), up_to(to))
        })
        .collect();
    let instants: Vec<_> =
        windows.iter().flat_map(|(_, first, second)| [first.from, first.to, second.to]).collect();
    let brackets: HashMap<(MeterId, DateTime<Utc>), Bracket> =
        storage::readings::brackets(service.pool(), &ids, &instants, REACH)
            .await?
            .into_iter()
            .map(|row| {
                let before = row.before.as_ref().map(task::sample);
                let after = row.after.as_ref().map(task::sample);
                ((row.meter, row.instant), Bracket { before, after })
            })
            .collect();
    let mut generators = Vec::new();
    for window in windows.iter().flat_map(|(_, first, second)| [*first, *second]) {
        if window.from < window.to {
            generators.extend(ran::read(service, site, tree, window).await?);
        }
    }
    let factors = known.factors.get(&site.id).cloned().unwrap_or_default();
    let figures = |window: Window| {
        let ends = |id| Some((brackets.get(&(id, window.from))?, brackets.get(&(id, window.to))?));
        let energy = |id| {
            let (start, end) = ends(id)?;
            let every = status::poll(&known.polls, id);
            let ends = window::ends(tree.get(id)?, every, window, start, end)?;
            let (import, export) = ends.difference?;
            Some(ends.with(import, export, TimeDelta::zero()).energy)
                .filter(|energy| energy.coverage > 0.99)
        };
        let ran = |meter: &Meter| {
            let is_of = |ran: &&Ran| {
                ran.meter == meter.id && (ran.from, ran.to) == (window.from, window.to)
            };
            generators.iter().find(is_of).copied()
        };
        let ground =
            Ground { tree, factors: &factors, date: site.date_at(window.from), loads, window };
        Figures::of(&ground, energy, ran)
    };
    let day = |(date, first, second): (NaiveDate, Window, Window)| Day {
        date,
        before: (first.to > first.from).then(|| figures(first)),
        after: figures(second),
    };
    let days = windows.into_iter().map(day).collect();
    Ok(Normal { from, to, of: NormalDays::TooFew, days }.choose(today))
}

/// The last days like today, and the last days of any kind, the newest first.
fn days_before(today: NaiveDate) -> Vec<NaiveDate> {
    let mut like = 0;
    (1..=BACK)
        .filter_map(|days| today.checked_sub_days(Days::new(days)))
        .enumerate()
        .filter(|(place, date)| {
            let is_like = is_weekend(*date) == is_weekend(today);
            like += usize::from(is_like);
            *place < BACK_FOR_ALL || (is_like && like <= DAYS)
        })
        .map(|(_, date)| date)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-11-19T{text}Z").parse().unwrap()
    }

    fn day(date: NaiveDate, before: f64, after: f64) -> Day {
        let figures = |kwh| Figures { consumption_kwh: Some(kwh), ..Figures::default() };
        Day { date, before: Some(figures(before)), after: figures(after) }
    }

    fn normal(days: Vec<Day>) -> Normal {
        let (from, to) = (at("12:30:00"), at("12:45:00"));
        Normal { from, to, of: NormalDays::TooFew, days }.choose(date("2026-11-19"))
    }

    #[test]
    fn a_weekend_is_held_against_weekends() {
        let dates = days_before(date("2026-11-21"));
        assert_eq!(dates.iter().filter(|date| is_weekend(**date)).count(), DAYS);
        assert!(dates.contains(&date("2026-11-20")), "a week of any days stands in for too few");
        assert_eq!(days_before(date("2026-11-19")).len(), 9);
    }

    #[test]
    fn the_range_is_that_of_the_same_minute() {
        let days = ["2026-11-16", "2026-11-17", "2026-11-18"].map(date);
        let normal = normal(days.map(|date| day(date, 100.0, 130.0)).to_vec());
        assert_eq!(normal.days(at("12:40:00")), NormalDays::Working);
        let (low, high) = normal.range(at("12:40:00"), |f| f.consumption_kwh).unwrap();
        assert!((low - 120.0).abs() < 1e-9 && (high - 120.0).abs() < 1e-9);
    }

    #[test]
    fn too_few_days_give_no_range_and_days_of_another_kind_say_so() {
        let few = normal(vec![day(date("2026-11-18"), 1.0, 2.0)]);
        assert_eq!(few.days(at("12:40:00")), NormalDays::TooFew);
        assert_eq!(few.range(at("12:40:00"), |f| f.consumption_kwh), None);
        let mixed = ["2026-11-14", "2026-11-15", "2026-11-18"].map(date);
        let mixed = normal(mixed.map(|date| day(date, 1.0, 2.0)).to_vec());
        assert_eq!(mixed.days(at("12:40:00")), NormalDays::All);
    }

    #[test]
    fn a_range_of_another_hour_is_none() {
        let days = ["2026-11-16", "2026-11-17", "2026-11-18"].map(date);
        let normal = normal(days.map(|date| day(date, 100.0, 130.0)).to_vec());
        assert_eq!(normal.days(at("14:00:00")), NormalDays::TooFew);
        assert!(normal.range(at("14:00:00"), |f| f.consumption_kwh).is_none());
    }
}
