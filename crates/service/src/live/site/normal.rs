//! What is normal at this time of day: the range of the days before that are like today.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc, Weekday};
use domain::energy::window::{Known, Window};
use domain::energy::{QUARTER, floor};
use domain::live::NormalDays;
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;
use domain::{MeterId, SiteId};

use crate::carbon::Directions;
use crate::energy::window_energy::{self, Span};
use crate::energy::{self, Counted};
use crate::live::site::gauges::Figures;
use crate::live::site::ran;
use crate::window::stood_since;
use crate::{Core, Error, registry};

/// Days like today that make the range.
const DAYS: usize = 7;
/// How far back they are looked for, and all days without regard to their kind.
const BACK: u64 = 28;
const BACK_FOR_ALL: usize = 7;
/// Fewer known days than this give no range.
const FEWEST_DAYS: usize = 3;
/// How far beyond its ends a range still holds: a balance may be a little behind or ahead.
const TOLERANCE: TimeDelta = TimeDelta::minutes(3);

/// The figures of the days before, between two times of day.
#[derive(Debug, Clone, Default)]
pub(crate) struct Normal {
    /// The two times, on today's date.
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    of: NormalDays,
    days: Vec<Day>,
    yesterday: Option<Day>,
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
    pub(crate) fn days(&self, at: DateTime<Utc>) -> NormalDays {
        self.share(at).map_or(NormalDays::TooFew, |_| self.of)
    }

    /// Whether it is of the time of day of an instant.
    pub(crate) fn covers(&self, at: DateTime<Utc>) -> bool {
        (self.from..=self.to).contains(&at)
    }

    /// Whether there are enough days for a range.
    pub(crate) fn is_known(&self) -> bool {
        self.of != NormalDays::TooFew
    }

    /// Lowest and highest of a figure up to an instant; none while too few days are known.
    pub(crate) fn range(
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

    /// Yesterday's figures up to the time of day of an instant.
    pub(crate) fn yesterday(&self, at: DateTime<Utc>) -> Figures {
        let known = self.yesterday.as_ref().zip(self.share(at));
        known.map_or_else(Figures::default, |(day, share)| {
            Figures::within(day.before.as_ref(), &day.after, share)
        })
    }

    /// Where an instant lies between the two times; none where it is too far from both.
    fn share(&self, at: DateTime<Utc>) -> Option<f64> {
        let is_near = at >= self.from - TOLERANCE && at <= self.to + TOLERANCE;
        let whole = (self.to - self.from).as_seconds_f64();
        let share = (at - self.from).as_seconds_f64() / whole;
        (is_near && whole > 0.0).then(|| share.clamp(0.0, 1.0))
    }

    /// Keeps yesterday, and the days of today's kind where enough of them are known, else the last ones
    /// of any.
    fn choose(mut self, today: NaiveDate) -> Self {
        self.yesterday = self.days.iter().find(|day| day.date.succ_opt() == Some(today)).cloned();
        self.days.retain(|day| day.after.consumption_kwh.is_some());
        self.of = keep_like(&mut self.days, today, |day| day.date);
        self
    }
}

/// Keeps the days that are like today where enough of them are there, else those of any kind; answers which.
pub(crate) fn keep_like<D>(
    days: &mut Vec<D>,
    today: NaiveDate,
    date: impl Fn(&D) -> NaiveDate,
) -> NormalDays {
    let is_like = |day: &D| is_weekend(date(day)) == is_weekend(today);
    let count = days.iter().filter(|day| is_like(day)).count();
    if count >= FEWEST_DAYS {
        days.retain(is_like);
        if is_weekend(today) { NormalDays::Weekend } else { NormalDays::Working }
    } else if days.len() >= FEWEST_DAYS {
        NormalDays::All
    } else {
        NormalDays::TooFew
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Works the days out from what is stored of them, for times of day from the quarter-hour before
/// `at` to the one after `until`.
pub(crate) async fn read(
    service: &Core,
    known: &registry::Known,
    site: SiteId,
    at: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Normal, Error> {
    let (Some(tree), Some(site)) = (known.trees.get(&site), known.sites.get(&site)) else {
        return Ok(Normal::default());
    };
    let loads = known.unmetered.get(&site.id).map(Vec::as_slice).unwrap_or_default();
    if tree.meters().is_empty() {
        return Ok(Normal::default());
    }
    let today = site.date_at(at);
    let midnight = today.succ_opt().map_or(until, |next| site.day_start(next));
    let from = floor(at, QUARTER).unwrap_or(at);
    let to = floor(until, QUARTER).map_or(until, |quarter| quarter + QUARTER).min(midnight);
    let same_time = |date: NaiveDate, time: DateTime<Utc>| {
        if time < midnight {
            site.same_time_on(date, time)
        } else {
            site.day_start(date.succ_opt().unwrap_or(date))
        }
    };
    let windows: Vec<_> = days_before(today)
        .into_iter()
        .map(|date| {
            let start = site.day_start(date);
            let up_to = |end| Window { from: start, to: end };
            let first = same_time(date, from);
            // On the day the clock is put back, the later time of day is the earlier.
            (date, up_to(first), up_to(same_time(date, to).max(first)))
        })
        // The clock may jump over all of a day up to that time.
        .filter(|(_, _, second)| second.from < second.to)
        .collect();
    let windows = without_empty(service, tree, windows).await?;
    let factors = known.factors.get(&site.id).cloned().unwrap_or_default();
    let directions = Directions::load(service, site).await?;
    let figures = async |window: Window| {
        let mut stood = Vec::new();
        for (stretch, tree) in stood_since(service.pool(), site, tree, window).await? {
            let meters: Vec<&Meter> = tree.meters().iter().collect();
            let counted = energy::counted(service, site, &meters, stretch).await?;
            stood.push((stretch, tree, counted));
        }
        let spans = stood.iter().map(|(window, tree, counted)| Span {
            window: *window,
            tree: tree.as_ref(),
            counted,
        });
        let spans: Vec<Span<'_>> = spans.collect();
        let generators = ran::of(service, site, window, &spans).await?;
        let is_whole = |known: &Known| known.energy.coverage > 0.99;
        let whole = |(stretch, tree, counted): (Window, Arc<Tree>, HashMap<MeterId, Counted>)| {
            let known =
                |(id, counted): (MeterId, Counted)| Some((id, counted.known.filter(is_whole)?));
            (stretch, tree, counted.into_iter().filter_map(known).collect())
        };
        let stood: Vec<_> = stood.into_iter().map(whole).collect();
        let day = window_energy::WindowEnergy::of(site, window, &stood, loads);
        let ran = |meter: &Meter| generators.iter().find(|ran| ran.meter == meter.id).copied();
        Ok::<_, Error>(Figures::of(&day, (&factors, &directions), ran))
    };
    let mut days = Vec::with_capacity(windows.len());
    for (date, first, second) in windows {
        let before = if first.from < first.to { Some(figures(first).await?) } else { None };
        days.push(Day { date, before, after: figures(second).await? });
    }
    Ok(Normal { from, to, of: NormalDays::TooFew, days, yesterday: None }.choose(today))
}

/// The windows without those that end before the first stored quarter-hour: on a new site that spares dozens of
/// statements over all meters, each time that its range is looked for.
async fn without_empty(
    service: &Core,
    tree: &Tree,
    mut windows: Vec<(NaiveDate, Window, Window)>,
) -> Result<Vec<(NaiveDate, Window, Window)>, Error> {
    let from = windows.iter().map(|(_, _, window)| window.from).min();
    let to = windows.iter().map(|(_, _, window)| window.to).max();
    let Some((from, to)) = from.zip(to) else { return Ok(windows) };
    let meters: Vec<MeterId> = tree.meters().iter().map(|meter| meter.id).collect();
    let first = storage::energy::intervals::first_within(service.pool(), &meters, from, to).await?;
    windows.retain(|(_, _, window)| first.is_some_and(|first| first < window.to));
    Ok(windows)
}

/// The last days like today, and the last days of any kind, the newest first.
pub(crate) fn days_before(today: NaiveDate) -> Vec<NaiveDate> {
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
        let of = NormalDays::TooFew;
        Normal { from, to, of, days, yesterday: None }.choose(date("2026-11-19"))
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
    fn yesterday_is_known_however_few_days_are() {
        let few = normal(vec![day(date("2026-11-18"), 100.0, 130.0)]);
        let up_to = few.yesterday(at("12:40:00")).consumption_kwh.unwrap();
        assert!((up_to - 120.0).abs() < 1e-9, "{up_to}");
        let none = normal(vec![day(date("2026-11-17"), 100.0, 130.0)]);
        assert_eq!(none.yesterday(at("12:40:00")), Figures::default());
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
