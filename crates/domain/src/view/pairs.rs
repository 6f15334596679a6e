//! The steps of a period, each beside the one at the same place in the period before.

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc};

use super::PeriodContext;
use crate::period::Step;

/// Steps of the period before, as they stand beside those of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairs<'a, T> {
    /// One for each step of the period; none where the period before has no such step.
    pub beside: Vec<Option<&'a T>>,
    /// Those beside which no step stands, in order of time.
    pub rest: Vec<&'a T>,
}

/// A step within its period.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Place {
    /// Days since the first of the period, or months.
    since: i64,
    /// Of a part of a day its time on the clock, and whether that shows it for the second time.
    time: Option<(NaiveTime, bool)>,
}

impl PeriodContext {
    /// Pairs the steps of the chart with those of the whole period before: hours and their quarters by the day
    /// of the period and the time on the clock, days and months by their place in it. Steps that are missing
    /// from either, or that the clock left out or showed twice, shift no others.
    pub fn pair<'a, T>(
        &self,
        steps: &[T],
        before: &'a [T],
        from: impl Fn(&T) -> DateTime<Utc>,
    ) -> Pairs<'a, T> {
        let today = self.today();
        let (first, _) = self.period.days(today);
        let (first_before, _) = self.period.previous(today).days(today);
        let places = before.iter().map(|step| self.place(first_before, from(step)));
        let mut places: HashMap<Place, usize> = places.zip(0..).collect();
        let beside = steps.iter().map(|step| places.remove(&self.place(first, from(step))));
        let beside: Vec<Option<usize>> = beside.collect();
        let rest = before.iter().enumerate().filter(|(i, _)| !beside.contains(&Some(*i)));
        Pairs {
            rest: rest.map(|(_, step)| step).collect(),
            beside: beside.iter().map(|i| before.get((*i)?)).collect(),
        }
    }

    fn place(&self, first: NaiveDate, at: DateTime<Utc>) -> Place {
        let local = self.site.local(at);
        let days = (local.date() - first).num_days();
        match self.period.chart_step(self.today()) {
            Step::Quarter | Step::Hour => {
                Place { since: days, time: Some((local.time(), self.site.is_repeated(at))) }
            }
            Step::Day => Place { since: days, time: None },
            Step::Month => Place { since: months(local.date()) - months(first), time: None },
        }
    }
}

fn months(date: NaiveDate) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SiteId;
    use crate::period::{Kind, Period};
    use crate::sites::{GridSettings, Retention, Site, SiteKind};
    use crate::window::Window;

    /// A period that is over, on Berlin's clock, beside the one before.
    fn shown(period: Period) -> PeriodContext {
        let site = Site {
            id: SiteId(1),
            slug: "s".into(),
            name: "S".into(),
            kind: SiteKind::Live,
            zone: chrono_tz::Europe::Berlin,
            currency: "EUR".into(),
            price_per_kwh: None,
            grid_capacity_kw: None,
            latitude: None,
            longitude: None,
            retention: Retention::default(),
            grid: GridSettings::default(),
        };
        let now = "2026-12-31T12:00:00Z".parse().unwrap();
        let period = period.comparing(true);
        let window = period.window(&site, now).unwrap();
        let (before, whole) = (period.previous_window(&site, now), period.whole(&site, now));
        PeriodContext { site, slug: None, period, now, window, before, whole }
    }

    fn starts(shown: &PeriodContext, window: Window) -> Vec<DateTime<Utc>> {
        let step = shown.period.chart_step(shown.today());
        let next = |at: &DateTime<Utc>| Some(shown.site.step_end(step, *at));
        let starts = std::iter::successors(Some(window.from), next);
        starts.take_while(|at| *at < window.to).collect()
    }

    #[test]
    fn steps_stand_beside_the_same_time_whatever_the_clock_did() {
        // First and last day; steps, of these alone, and beside which none stands; a step and the one beside it.
        type Case = (&'static str, &'static str, [usize; 3], Option<(&'static str, &'static str)>);
        let cases: [Case; 8] = [
            ("2026-11-19", "2026-11-19", [96, 0, 0], Some(("11-19 12:00", "11-18 12:00"))),
            ("2026-03-29", "2026-03-29", [92, 0, 4], Some(("03-29 12:00", "03-28 12:00"))),
            ("2026-03-30", "2026-03-30", [96, 4, 0], Some(("03-30 12:00", "03-29 12:00"))),
            ("2026-10-25", "2026-10-25", [100, 4, 0], Some(("10-25 12:00", "10-24 12:00"))),
            ("2026-10-26", "2026-10-26", [96, 0, 4], Some(("10-26 12:00", "10-25 12:00"))),
            ("2026-10-26", "2026-11-01", [168, 0, 1], Some(("10-27 12:00", "10-20 12:00"))),
            ("2026-10-01", "2026-10-31", [31, 0, 0], Some(("10-31 00:00", "09-30 00:00"))),
            ("2026-03-01", "2026-06-30", [4, 0, 1], None),
        ];
        for (first, last, wanted, pair) in cases {
            let shown = shown(Period::between(first.parse().unwrap(), last.parse().unwrap()));
            let steps = starts(&shown, shown.whole);
            let before = starts(&shown, shown.previous().whole);
            let pairs = shown.pair(&steps, &before, |at| *at);
            let alone = pairs.beside.iter().filter(|before| before.is_none()).count();
            assert_eq!([pairs.beside.len(), alone, pairs.rest.len()], wanted, "{first} to {last}");
            let local =
                |at: &DateTime<Utc>| shown.site.local(*at).format("%m-%d %H:%M").to_string();
            if let Some((step, beside)) = pair {
                let place = steps.iter().position(|at| local(at) == step).unwrap();
                assert_eq!(pairs.beside[place].map(local).as_deref(), Some(beside), "{first}");
            }
        }
    }

    #[test]
    fn the_last_days_of_a_longer_month_stand_beside_none() {
        let period = Period::of(Kind::Month);
        let shown = shown(period.previous("2026-12-31".parse().unwrap()));
        let (steps, before) = (starts(&shown, shown.whole), starts(&shown, shown.previous().whole));
        // A step that is missing shifts no others.
        let pairs = shown.pair(&steps[1..], &before, |at| *at);
        assert_eq!(pairs.beside, before[1..30].iter().map(Some).collect::<Vec<_>>());
        assert_eq!(pairs.rest, [&before[0], &before[30]]);
    }
}
