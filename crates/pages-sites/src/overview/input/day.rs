//! Today and yesterday in quarter-hours, side by side.

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::QUARTER;
use domain::overview::view::TodayPage;
use markup::{Html, html};

use tables::{Column, Table, Value};
use texts::words::overview as words;
use ui::components::chart::path::line;
use ui::components::chart::percent;
use ui::components::chart::scale::Scale;
use ui::components::chart::slots::{middles, runs};
use ui::components::figure;
use ui::drawing::files::Downloads;
use ui::drawing::parts::time;

const QUARTERS: usize = 96;

pub(super) fn kw(value: Option<f64>) -> String {
    figure::fixed(value, 1)
}

/// The day as drawn: as many quarter-hours as the longer of the two days has.
pub(super) struct Day<'a> {
    pub(super) page: &'a TodayPage,
    pub(super) slots: usize,
}

impl<'a> Day<'a> {
    pub(super) fn of(page: &'a TodayPage) -> Self {
        let slots = QUARTERS.max(page.yesterday.quarters.len()).max(page.today.quarters.len());
        Self { page, slots }
    }

    pub(super) fn is_empty(&self) -> bool {
        let (today, yesterday) = (&self.page.today.quarters, &self.page.yesterday.quarters);
        self.page.now.is_none() && today.iter().chain(yesterday).all(Option::is_none)
    }

    pub(super) fn start_of(&self, slot: usize) -> DateTime<Utc> {
        self.page.start + i32::try_from(slot).map_or(TimeDelta::zero(), |slot| QUARTER * slot)
    }

    /// Where it begins, in per cent.
    pub(super) fn place(&self, slot: usize) -> f64 {
        slot as f64 / self.slots as f64 * 100.0
    }

    /// Where an instant lies, in per cent.
    pub(super) fn percent(&self, at: DateTime<Utc>) -> f64 {
        let whole = self.slots as f64 * QUARTER.as_seconds_f64();
        ((at - self.page.start).as_seconds_f64() / whole * 100.0).clamp(0.0, 100.0)
    }

    pub(super) fn minute(&self, at: DateTime<Utc>) -> String {
        time::minute(&self.page.site, at)
    }

    pub(super) fn scale(&self) -> Scale {
        let page = self.page;
        let values = page.today.quarters.iter().chain(&page.yesterday.quarters).flatten().copied();
        Scale::nice(values.chain(page.now.map(|(_, kw)| kw)), 4)
    }

    pub(super) fn yesterday(&self, scale: Scale) -> String {
        line(middles(&self.page.yesterday.quarters, self.slots, |kw| scale.below_top(kw)))
    }

    pub(super) fn end_of_yesterday(&self, scale: Scale) -> Option<(f64, f64)> {
        let quarters = &self.page.yesterday.quarters;
        middles(quarters, self.slots, |kw| scale.below_top(kw)).into_iter().flatten().last()
    }

    /// Today's measured line up to now, and its estimated stretches.
    pub(super) fn today(&self, scale: Scale) -> (String, String) {
        let page = self.page;
        let points = middles(&page.today.quarters, self.slots, |kw| scale.below_top(kw));
        let estimated = |i: &usize| page.today.estimated.contains(i);
        let measured = points.iter().enumerate().map(|(i, p)| p.filter(|_| !estimated(&i)));
        let end = page.now.map(|(at, kw)| (self.percent(at), scale.below_top(kw)));
        let all: Vec<usize> = (0..points.len()).collect();
        let dashed = runs(&all, estimated).into_iter().flat_map(|run| {
            let around = run.start.saturating_sub(1)..(run.end + 1).min(points.len());
            points[around].iter().copied().chain([None]).collect::<Vec<_>>()
        });
        (line(measured.chain([end])), line(dashed))
    }

    fn values(&self, slot: usize) -> (String, String) {
        let of = |quarters: &[Option<f64>]| kw(quarters.get(slot).copied().flatten());
        (of(&self.page.today.quarters), of(&self.page.yesterday.quarters))
    }

    /// Columns that say both days' values while the pointer is over them.
    pub(super) fn probes(&self) -> Html {
        let probe = |slot| {
            let (today, yesterday) = self.values(slot);
            let text = words::probe(&self.minute(self.start_of(slot)), &today, &yesterday);
            html! {
                <g>
                    <rect x=percent(self.place(slot)) width=percent(self.place(1)) />
                    <text>{text}</text>
                </g>
            }
        };
        (0..self.slots).map(probe).collect::<Html>()
    }

    pub(super) fn downloads(&self) -> Downloads<'_> {
        let (site, start) = (&self.page.site, self.page.start);
        let today = site.date_at(start);
        Downloads::of_days(site, (today, today), self.page.made_at)
    }

    /// The table behind the chart; without rows where there is nothing to draw.
    pub(super) fn table(&self) -> Table {
        let columns = vec![
            Column::new(words::FROM),
            Column::in_unit(words::TODAY, "kW"),
            Column::in_unit(words::YESTERDAY, "kW"),
        ];
        let (today, yesterday) = (&self.page.today.quarters, &self.page.yesterday.quarters);
        let row = |slot: usize| {
            let kw =
                |quarters: &[Option<f64>]| Value::number(quarters.get(slot).copied().flatten(), 1);
            vec![Value::Time(self.start_of(slot)), kw(today), kw(yesterday)]
        };
        let slots = if self.is_empty() { 0 } else { self.slots };
        let rows = (0..slots).map(row).collect();
        self.downloads().table(words::INPUT, columns, rows)
    }
}

#[cfg(test)]
mod tests {
    use domain::SiteId;
    use domain::overview::view::DayProfile;
    use domain::sites::{GridSettings, Retention, Site, SiteKind};

    use super::*;

    fn site() -> Site {
        Site {
            id: SiteId(1),
            slug: "plant".to_owned(),
            name: "Plant".to_owned(),
            kind: SiteKind::Live,
            zone: "Asia/Kolkata".parse().unwrap(),
            currency: "INR".to_owned(),
            price_per_kwh: None,
            grid_capacity_kw: None,
            latitude: None,
            longitude: None,
            retention: Retention::default(),
            grid: GridSettings::default(),
        }
    }

    fn page(quarters: Vec<Option<f64>>, estimated: Vec<usize>) -> TodayPage {
        TodayPage {
            site: site(),
            start: "2026-11-18T18:30:00Z".parse().unwrap(),
            made_at: "2026-11-19T06:30:00Z".parse().unwrap(),
            today: DayProfile { quarters, estimated },
            yesterday: DayProfile::default(),
            now: None,
            silences: Vec::new(),
            dg_runs: Vec::new(),
            alarms: Vec::new(),
            unwatched: None,
            cleared: 0,
            troubled: (0, 0),
            behind: Vec::new(),
            aside: 0,
            has_leapt: false,
            disk: None,
        }
    }

    #[test]
    fn an_estimated_stretch_is_dashed_and_joined_to_what_was_measured() {
        let page = page(vec![Some(1.0), Some(2.0), Some(3.0)], vec![1]);
        let (measured, dashed) = Day::of(&page).today(Scale::new(0.0, 4.0));
        assert_eq!(measured.matches('M').count(), 2);
        assert_eq!(dashed.matches('l').count(), 2);
    }

    #[test]
    fn the_table_has_both_days_and_nothing_for_what_is_missing() {
        let page = page(vec![Some(310.0), None], Vec::new());
        let day = Day::of(&page);
        let (first, second) = (Value::Time(page.start), Value::Time(page.start + QUARTER));
        let rows = [
            [first, Value::Number(310.0, 1), Value::Unknown],
            [second, Value::Unknown, Value::Unknown],
        ];
        assert_eq!(day.table().rows[..2], rows);
        assert_eq!(day.downloads().texts(&day.table().rows[0]), ["00:00", "310.0", "\u{2013}"]);
    }

    #[test]
    fn the_line_ends_at_the_live_value() {
        let mut page = page(vec![Some(1.0), Some(2.0)], Vec::new());
        page.now = Some((page.start + QUARTER * 3, 4.0));
        let (measured, dashed) = Day::of(&page).today(Scale::new(0.0, 4.0));
        assert!(measured.ends_with("l1.57-50"), "{measured}");
        assert!(dashed.is_empty());
    }
}
