//! Since when, and at which hours of day and week, a loss arises that no cause explains.

use chrono::{Datelike as _, NaiveDate, Weekday};

use crate::losses::balance::Verdict;

/// Share of a loss that hours must hold to be told as its hours.
const MOST: f64 = 0.9;
/// More hours than this are no particular ones.
const FEW_HOURS: u32 = 14;
/// Days of one kind lose less than this share of what the others lose, for the loss to be theirs.
const QUIET: f64 = 0.25;

/// The loss of a node on a day, kWh, with half its error band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayLoss {
    pub date: NaiveDate,
    /// None where the balance is incomplete.
    pub kwh: Option<f64>,
    pub error_kwh: f64,
}

/// The loss of a node in an hour of the site's clock, kWh.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HourLoss {
    pub date: NaiveDate,
    /// 0 to 23.
    pub hour: u32,
    pub kwh: f64,
}

/// Since when a loss is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// From this day on; the day before had none.
    Day(NaiveDate),
    /// Since this day, the first of which a balance is known.
    First(NaiveDate),
}

impl Since {
    /// The first day of the loss that is known.
    pub fn date(self) -> NaiveDate {
        match self {
            Self::Day(date) | Self::First(date) => date,
        }
    }
}

/// The days of the week on which a loss arises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    Every,
    Working,
    Weekend,
}

/// Begin of the loss: the first day of the unbroken run of days with a loss up to the last one. Days whose
/// balance is incomplete do not break it. `days` stand in order of time; none where the last known one has
/// no loss.
pub fn since(days: &[DayLoss]) -> Option<Since> {
    let known: Vec<&DayLoss> = days.iter().filter(|day| day.kwh.is_some()).collect();
    let is_loss = |day: &&&DayLoss| Verdict::of(day.kwh, day.error_kwh) == Verdict::Loss;
    let run = known.iter().rev().take_while(is_loss).count();
    let first = known[known.len() - run..].first()?.date;
    Some(if run == known.len() { Since::First(first) } else { Since::Day(first) })
}

/// The shortest stretch of hours of the day, from its first hour to the one in which it ends, that holds
/// most of the loss; it may pass midnight. None where no few hours do.
pub fn hours(losses: &[HourLoss]) -> Option<(u32, u32)> {
    let mut by_hour = [0.0; 24];
    for loss in losses {
        by_hour[loss.hour as usize % 24] += loss.kwh.max(0.0);
    }
    let all: f64 = by_hour.iter().sum();
    let held = |from: u32, count: u32| -> f64 {
        (from..from + count).map(|hour| by_hour[hour as usize % 24]).sum()
    };
    let stretches = (1..=FEW_HOURS).flat_map(|count| (0..24).map(move |from| (from, count)));
    let holds = |&(from, count): &(u32, u32)| held(from, count) >= MOST * all;
    let found = stretches.filter(|_| all > 0.0).find(holds)?;
    Some((found.0, (found.0 + found.1) % 24))
}

/// The days of the week on which the loss arises; none where not both kinds of days are known.
pub fn days(losses: &[HourLoss]) -> Option<Days> {
    let is_weekend = |date: NaiveDate| matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let mean = |weekend: bool| {
        let of_kind = losses.iter().filter(|loss| is_weekend(loss.date) == weekend);
        let (count, sum) = of_kind.fold((0_u32, 0.0), |(n, sum), loss| (n + 1, sum + loss.kwh));
        (count >= 24).then(|| sum / f64::from(count))
    };
    let (working, weekend) = (mean(false)?, mean(true)?);
    Some(if weekend < QUIET * working {
        Days::Working
    } else if working < QUIET * weekend {
        Days::Weekend
    } else {
        Days::Every
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    #[test]
    fn a_loss_begins_after_the_last_day_without_one() {
        let day = |day, kwh| DayLoss { date: date(day), kwh, error_kwh: 2.0 };
        let all = [day(1, Some(1.0)), day(2, Some(9.0)), day(3, None), day(4, Some(8.0))];
        assert_eq!(since(&all), Some(Since::Day(date(2))), "an unknown day does not end it");
        assert_eq!(since(&all[1..]), Some(Since::First(date(2))));
        assert_eq!(since(&all[..1]), None);
        assert_eq!(since(&[]), None);
    }

    #[test]
    fn hours_and_days_are_told_where_the_loss_is_theirs() {
        // 2 to 15 November 2026: two weeks from Monday on.
        let week = |kwh: fn(u32, bool) -> f64| -> Vec<HourLoss> {
            let hours = (2..16).flat_map(|day| (0..24).map(move |hour| (date(day), hour)));
            let loss = |(date, hour): (NaiveDate, u32)| HourLoss {
                date,
                hour,
                kwh: kwh(hour, matches!(date.weekday(), Weekday::Sat | Weekday::Sun)),
            };
            hours.map(loss).collect()
        };
        let night = week(|hour, _| if (6..22).contains(&hour) { 0.0 } else { 2.0 });
        assert_eq!((hours(&night), days(&night)), (Some((22, 6)), Some(Days::Every)));
        let shift =
            week(|hour, weekend| if !weekend && (6..14).contains(&hour) { 4.0 } else { 0.1 });
        assert_eq!((hours(&shift), days(&shift)), (Some((6, 14)), Some(Days::Working)));
        let even = week(|_, _| 1.0);
        assert_eq!((hours(&even), days(&even)), (None, Some(Days::Every)));
        assert_eq!((hours(&[]), days(&shift[..48])), (None, None));
    }
}
