//! What the site takes in, today against yesterday.

use crate::figures;
use chrono::{DateTime, TimeDelta, Utc};
use domain::view::{DayProfile, OverviewPage};
use leptos::prelude::*;

use crate::components::chart::path::line;
use crate::components::chart::percent;
use crate::components::chart::scale::Scale;
use crate::components::chart::slots::{gaps, middles, runs};
use crate::components::figure;
use crate::components::lean::{piece, text};
use crate::components::plot::{Axes, Plot, Probe, Remark, Window, gap, newest, paths};
use crate::components::whole::{AtOnce as _, Whole};
use crate::live::Live;
use crate::time::SiteClock;
use crate::words::overview as words;

const QUARTERS: usize = 96;

/// The day as drawn: as many quarter-hours as the longer of the two days has.
#[derive(Debug, Clone, PartialEq)]
struct Day {
    start: DateTime<Utc>,
    slots: usize,
    today: DayProfile,
    yesterday: DayProfile,
    runs: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Day {
    fn of(page: &OverviewPage, start: DateTime<Utc>) -> Self {
        let slots = QUARTERS.max(page.yesterday.quarters.len()).max(page.today.quarters.len());
        let is_today = page.today.start.is_none_or(|day| day == start);
        Self {
            start,
            slots,
            today: if is_today { page.today.clone() } else { DayProfile::default() },
            yesterday: page.yesterday.clone(),
            runs: page.dg_runs.clone(),
        }
    }

    fn window(&self) -> Window {
        Window::new(self.start, self.start + quarter(self.slots))
    }

    fn scale(&self, now_kw: f64) -> Scale {
        let values = self.today.quarters.iter().chain(&self.yesterday.quarters).flatten();
        Scale::nice(values.copied().chain([now_kw]), 4)
    }

    fn yesterday(&self, scale: Scale) -> String {
        line(middles(&self.yesterday.quarters, self.slots, |kw| scale.below_top(kw)))
    }

    /// Both days in the quarter-hour at a place in per cent.
    fn probe(&self, x: f64, clock: SiteClock) -> Option<Probe> {
        let slot = (0..self.slots).find(|&i| (i + 1) as f64 / self.slots as f64 * 100.0 >= x)?;
        let from = clock.minute(self.start + quarter(slot));
        let today = kw(self.today.quarters.get(slot).copied().flatten());
        let yesterday = kw(self.yesterday.quarters.get(slot).copied().flatten());
        let text = words::probe(&from, &today, &yesterday);
        Some(Probe { x: (slot as f64 + 0.5) / self.slots as f64 * 100.0, text })
    }

    /// Today's measured line up to now, and its estimated stretches.
    fn today(&self, scale: Scale, now: Option<(f64, f64)>) -> (String, String) {
        let points = middles(&self.today.quarters, self.slots, |kw| scale.below_top(kw));
        let estimated = |i: &usize| self.today.estimated.contains(i);
        let measured = points.iter().enumerate().map(|(i, p)| p.filter(|_| !estimated(&i)));
        let end = now.map(|(x, kw)| (x, scale.below_top(kw)));
        let all: Vec<usize> = (0..points.len()).collect();
        let dashed = runs(&all, estimated).into_iter().flat_map(|run| {
            let around = run.start.saturating_sub(1)..(run.end + 1).min(points.len());
            points[around].iter().copied().chain([None]).collect::<Vec<_>>()
        });
        (line(measured.chain([end])), line(dashed))
    }
}

/// One decimal, or a dash.
fn kw(value: Option<f64>) -> String {
    figure::fixed(value, 1)
}

fn quarter(count: usize) -> TimeDelta {
    i32::try_from(count).map_or(TimeDelta::zero(), |count| TimeDelta::minutes(15) * count)
}

#[component]
pub(super) fn SiteInput(live: Live, page: RwSignal<OverviewPage>) -> impl IntoView {
    let drawn = Memo::new(move |_| {
        let now = live.whole.with(|whole| whole.until.map(|at| (at, whole.in_kw)));
        let start = live.site.with(|site| site.today_start);
        (page.with(|page| Day::of(page, start)), now)
    });
    let axes = Signal::derive(move || {
        let (day, now) = &*drawn.read();
        let kw = now.map_or(0.0, |(_, kw)| kw);
        Axes { scale: day.scale(kw), times: day.window().ticks(live.clock()) }
    });
    let content = piece(move || {
        let (day, now) = &*drawn.read();
        draw(day, *now, live.clock())
    });
    let label = text(move || {
        let (day, now) = &*drawn.read();
        let most = day.today.quarters.iter().flatten().copied().fold(0.0, f64::max);
        words::input_label(&kw(now.map(|(_, kw)| kw)), &kw(Some(most)))
    });
    let ask = Callback::new(move |x| drawn.read().0.probe(x, live.clock()));
    view! {
        <section class="site-input">
            <h2>
                {words::INPUT} " " <span class="note">{words::INPUT_NOTE}</span>
            </h2>
            <Plot label axes content ask />
        </section>
    }
    .at_once()
}

/// Gaps, both days' lines, the runs of the generators, and now.
fn draw(day: &Day, now: Option<(DateTime<Utc>, f64)>, clock: SiteClock) -> Whole {
    let (window, scale) = (day.window(), day.scale(now.map_or(0.0, |(_, kw)| kw)));
    let place = now.map(|(at, kw)| (window.percent(at), kw));
    let (measured, estimated) = day.today(scale, place);
    let lines = paths([
        ("line-before", day.yesterday(scale)),
        ("line-estimated", estimated),
        ("line-today", measured),
    ]);
    let at = |i| day.start + quarter(i);
    let gaps = gaps(&day.today.quarters).into_iter().map(|run| {
        let (from, to) = (at(run.start), at(run.end));
        let text = words::no_readings(&clock.minute(from), &clock.minute(to));
        gap(window.percent(from), window.percent(to), text)
    });
    let runs = day.runs.iter().map(|&(from, to)| {
        let text = words::dg_run(&clock.minute(from), &clock.minute(to));
        generator_run(window.percent(from), window.percent(to), text)
    });
    let now = now.zip(place).map(|((at, kw), (x, _))| draw_now(at, kw, x, scale, clock));
    view! {
        {gaps.collect_view()}
        {lines}
        {runs.collect_view()}
        {label_of_yesterday(day, scale)}
        {now}
    }
    .at_once()
}

/// A run of a generator, along the foot of the chart.
fn generator_run(from: f64, to: f64, text: String) -> Whole {
    let (x, anchor) = if from > 60.0 { (to, "end") } else { (from, "start") };
    let remark = Remark { x, y: 95.5, dx: 0, dy: 0, anchor, class: "plot-remark", text };
    let width = percent((to - from).max(0.4));
    view! {
        <rect class="fill-diesel" x=percent(from) width=width y="98%" height="2%" />
        {remark.draw()}
    }
    .at_once()
}

fn label_of_yesterday(day: &Day, scale: Scale) -> Option<Whole> {
    let points = middles(&day.yesterday.quarters, day.slots, |kw| scale.below_top(kw));
    let (x, y) = points.into_iter().flatten().last()?;
    let text = words::YESTERDAY.into();
    let class = "plot-remark line-label";
    Some(Remark { x, y, dx: 6, dy: 4, anchor: "start", class, text }.draw())
}

/// The line of now with the newest value.
fn draw_now(at: DateTime<Utc>, kw: f64, x: f64, scale: Scale, clock: SiteClock) -> Whole {
    let anchor = if x > 75.0 { "end" } else { "start" };
    let time = Remark {
        x,
        y: 0.0,
        dx: 0,
        dy: -5,
        anchor: "middle",
        class: "plot-remark",
        text: clock.minute(at),
    };
    let line = percent(x);
    view! {
        <line class="plot-now" x1=line.clone() x2=line y1="0" y2="100%" />
        {time.draw()}
        {newest(x, scale.below_top(kw), anchor, words::today(&figures::fixed(kw, 1)))}
    }
    .at_once()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(quarters: Vec<Option<f64>>, estimated: Vec<usize>) -> Day {
        let start = "2026-11-18T18:30:00Z".parse().unwrap();
        Day {
            start,
            slots: QUARTERS,
            today: DayProfile { start: Some(start), quarters, estimated },
            yesterday: DayProfile::default(),
            runs: Vec::new(),
        }
    }

    #[test]
    fn an_estimated_stretch_is_dashed_and_joined_to_what_was_measured() {
        let day = day(vec![Some(1.0), Some(2.0), Some(3.0)], vec![1]);
        let (measured, dashed) = day.today(Scale::new(0.0, 4.0), None);
        assert_eq!(measured.matches('M').count(), 2);
        assert_eq!(dashed.matches('L').count(), 2);
    }

    #[test]
    fn the_crosshair_says_both_days_and_a_dash_for_what_is_missing() {
        let day = day(vec![Some(310.0), None], Vec::new());
        let at = |x| day.probe(x, SiteClock::east(330)).unwrap().text;
        assert_eq!(at(0.2), "00:00 today 310.0 kW, yesterday \u{2013} kW");
        assert_eq!(at(1.5), "00:15 today \u{2013} kW, yesterday \u{2013} kW");
    }

    #[test]
    fn the_line_ends_at_the_live_value() {
        let day = day(vec![Some(1.0), Some(2.0)], Vec::new());
        let (measured, dashed) = day.today(Scale::new(0.0, 4.0), Some((3.0, 4.0)));
        assert!(measured.ends_with("L3 0"), "{measured}");
        assert!(dashed.is_empty());
    }
}
