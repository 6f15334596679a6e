//! The columns of the heat map, and how much of each has come.

use chrono::{Datelike as _, Days as Count, Months, NaiveDate, Timelike as _};
use domain::energy::QUARTER;
use domain::energy::window::Window;
use domain::meters::view::heatmap::{By, Column, Grain};
use domain::sites::Site;
use domain::view::PeriodContext;

/// The columns of a period.
pub(super) fn of(shown: &PeriodContext, by: By) -> (Grain, Vec<Column>) {
    let (first, last) = shown.period.days(shown.today());
    let grain = Grain::of_days((last - first).num_days() + 1);
    let columns = match by {
        By::Hour => (0..24).map(Column::Hour).collect(),
        By::Week => (0..168).map(Column::WeekHour).collect(),
        By::Day => {
            let next = |from: &NaiveDate| Some(end(grain, *from) + Count::new(1));
            let starts = std::iter::successors(Some(first), next).take_while(|from| *from <= last);
            starts.map(|from| Column::Days(from, end(grain, from).min(last))).collect()
        }
    };
    (grain, columns)
}

/// The last day of the column that a day lies in.
fn end(grain: Grain, day: NaiveDate) -> NaiveDate {
    match grain {
        Grain::Day => day,
        Grain::Week => day + Count::new(u64::from(6 - day.weekday().num_days_from_monday())),
        Grain::Month => {
            let first = day.with_day(1).unwrap_or(day);
            first + Months::new(1) - Count::new(1)
        }
    }
}

/// The columns of days.
pub(super) struct Days {
    starts: Vec<NaiveDate>,
    last: Option<NaiveDate>,
    /// Seconds of each that have come.
    pub(super) seconds: Vec<f64>,
}

impl Days {
    pub(super) fn of(shown: &PeriodContext, columns: &[Column]) -> Self {
        let days = columns.iter().filter_map(|column| match column {
            Column::Days(from, to) => Some((*from, *to)),
            Column::Hour(_) | Column::WeekHour(_) => None,
        });
        let days: Vec<_> = days.collect();
        let seconds = |(from, to): &(NaiveDate, NaiveDate)| {
            let from = shown.site.day_start(*from);
            let to = shown.site.day_start(*to + Count::new(1)).min(shown.window.to);
            (to - from).as_seconds_f64().max(0.0)
        };
        Self {
            starts: days.iter().map(|(from, _)| *from).collect(),
            last: days.last().map(|(_, to)| *to),
            seconds: days.iter().map(seconds).collect(),
        }
    }

    /// The column of a day; none where the day lies outside.
    pub(super) fn column(&self, day: NaiveDate) -> Option<usize> {
        let inside = self.last.is_some_and(|last| day <= last);
        self.starts.partition_point(|start| *start <= day).checked_sub(1).filter(|_| inside)
    }
}

/// How many quarter-hours of each hour of the day, or of the week, lie in a window.
pub(super) fn quarters(site: &Site, window: Window, of_week: bool, columns: usize) -> Vec<u32> {
    let mut found = vec![0; columns];
    let mut at = window.from;
    while at < window.to {
        let local = at.with_timezone(&site.zone);
        let day = if of_week { local.weekday().num_days_from_monday() } else { 0 };
        if let Some(count) = found.get_mut((day * 24 + local.hour()) as usize) {
            *count += 1;
        }
        at += QUARTER;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn columns_end_with_their_week_and_their_month() {
        assert_eq!(end(Grain::Day, day("2026-11-19")), day("2026-11-19"));
        assert_eq!(end(Grain::Week, day("2026-11-19")), day("2026-11-22"));
        assert_eq!(end(Grain::Week, day("2026-11-22")), day("2026-11-22"));
        assert_eq!(end(Grain::Month, day("2026-12-31")), day("2026-12-31"));
        assert_eq!(end(Grain::Month, day("2024-02-01")), day("2024-02-29"));
    }

    #[test]
    fn a_day_is_found_in_its_column_and_none_outside() {
        let days = Days {
            starts: vec![day("2026-11-01"), day("2026-11-02"), day("2026-11-09")],
            last: Some(day("2026-11-15")),
            seconds: Vec::new(),
        };
        let found = ["2026-10-31", "2026-11-01", "2026-11-08", "2026-11-15", "2026-11-16"];
        let columns = found.map(|at| days.column(day(at)));
        assert_eq!(columns, [None, Some(0), Some(1), Some(2), None]);
    }
}
