//! The time axis of any stretch, on the clock of the site.

use chrono::{DateTime, Datelike as _, Months, TimeDelta, Utc};
use domain::history::view::HistoryPage;
use ui::drawing::parts::Clock;
use ui::drawing::parts::plot::{Axis, Tick};

/// At most so many ticks stand under a chart, and on a phone.
const MOST: i64 = 9;
const MOST_ON_A_PHONE: usize = 5;
/// Lengths between ticks within days, in minutes, and between days.
const MINUTES: [i64; 11] = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720];
const DAYS: [u64; 5] = [1, 2, 4, 7, 14];
const LONGEST_DAYS: i64 = 14 * MOST;

pub(super) fn ticks(page: &HistoryPage, axis: Axis) -> Vec<Tick> {
    let clock = Clock(&page.shown);
    let is_day = page.drawn.to - page.drawn.from <= TimeDelta::hours(25);
    let text = |at: DateTime<Utc>| match clock.minute(at).as_str() {
        "00:00" if !is_day => clock.day(at),
        minute => minute.to_owned(),
    };
    let starts = starts(page);
    let every = starts.len().div_ceil(MOST_ON_A_PHONE).max(1);
    let tick = |(i, at): (usize, &DateTime<Utc>)| Tick {
        x: axis.percent(*at),
        text: text(*at),
        minor: i % every != 0,
    };
    starts.iter().enumerate().map(tick).collect()
}

fn starts(page: &HistoryPage) -> Vec<DateTime<Utc>> {
    let (site, drawn) = (&page.shown.site, page.drawn);
    let length = drawn.to - drawn.from;
    let first = site.date_at(drawn.from);
    let fits = |minutes: &&i64| length.num_minutes() <= **minutes * MOST;
    let mut found = Vec::new();
    if let Some(minutes) = MINUTES.iter().find(fits) {
        let mut at = site.day_start(first);
        while at < drawn.to {
            found.push(at);
            let next = at + TimeDelta::minutes(*minutes);
            // A day of 23 or 25 hours begins its hours anew.
            let midnight = site.day_start(site.date_at(at).succ_opt().unwrap_or_default());
            at = if next > midnight { midnight } else { next };
        }
    } else if length.num_days() <= LONGEST_DAYS {
        let days = DAYS
            .into_iter()
            .find(|days| length.num_days() <= i64::try_from(*days).unwrap_or(1) * MOST);
        let days = usize::try_from(days.unwrap_or(14)).unwrap_or(14);
        let dates = first.iter_days().step_by(days).map(|date| site.day_start(date));
        found.extend(dates.take_while(|at| *at < drawn.to));
    } else {
        let months = u32::try_from(length.num_days() / 30 / MOST + 1).unwrap_or(12);
        let months = if months > 6 { months.div_ceil(12) * 12 } else { months };
        let mut date = first.with_day(1).unwrap_or(first);
        while site.day_start(date) < drawn.to {
            found.push(site.day_start(date));
            date = date + Months::new(months);
        }
    }
    found.retain(|at| *at >= drawn.from);
    found
}
