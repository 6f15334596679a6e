//! What the site takes in, today against yesterday.

use chrono::{DateTime, TimeDelta, Utc};
use domain::figures;
use domain::view::{DayProfile, OverviewPage};
use leptos::prelude::*;

use crate::components::chart::path::line;
use crate::components::chart::percent;
use crate::components::chart::scale::Scale;
use crate::components::chart::slots::{gaps, middles, runs};
use crate::components::figure;
use crate::components::lean::{AtOnce as _, piece, text};
use crate::components::plot::{Gap, Plot, Probe, Stretch, Window};
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
        let today = kw(self.today.quarters.get(slot));
        let yesterday = kw(self.yesterday.quarters.get(slot));
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
fn kw(value: Option<&Option<f64>>) -> String {
    figure::fixed(value.copied().flatten(), 1)
}

fn quarter(count: usize) -> TimeDelta {
    i32::try_from(count).map_or(TimeDelta::zero(), |count| TimeDelta::minutes(15) * count)
}

#[component]
pub(super) fn SiteInput(live: Live, page: RwSignal<OverviewPage>) -> impl IntoView {
    let start = Memo::new(move |_| live.site.read().today_start);
    let day = Memo::new(move |_| page.with(|page| Day::of(page, start.get())));
    let now = Memo::new(move |_| live.whole.with(|whole| whole.until.map(|at| (at, whole.in_kw))));
    let scale = Memo::new(move |_| day.with(|day| day.scale(now.get().map_or(0.0, |(_, kw)| kw))));
    let place = Memo::new(move |_| {
        now.get().map(|(at, kw)| (day.with(|day| day.window().percent(at)), kw))
    });
    let paths = Memo::new(move |_| day.with(|day| day.today(scale.get(), place.get())));
    let times = Memo::new(move |_| day.with(|day| day.window().ticks(live.clock())));
    let label = text(move || {
        let kw = |value| figures::fixed(value, 1);
        let most = day.with(|day| day.today.quarters.iter().flatten().copied().fold(0.0, f64::max));
        words::input_label(&now.get().map_or_else(String::new, |(_, v)| kw(v)), &kw(most))
    });
    let ask = Callback::new(move |x| day.with(|day| day.probe(x, live.clock())));
    view! {
        <section class="site-input">
            <h2>
                {words::INPUT} " " <span class="note">{words::INPUT_NOTE}</span>
            </h2>
            <Plot label scale times ask>
                <Gaps live day />
                <Stretch>
                    <path
                        class="line-before"
                        d=text(move || day.read().yesterday(scale.get()))
                    />
                    <path class="line-estimated" d=text(move || paths.read().1.clone()) />
                    <path class="line-today" d=text(move || paths.read().0.clone()) />
                </Stretch>
                <Runs live day />
                <Yesterday day scale />
                <Now live scale now place />
            </Plot>
        </section>
    }
    .at_once()
}

#[component]
fn Gaps(live: Live, day: Memo<Day>) -> impl IntoView {
    piece(move || {
        day.with(|day| {
            let window = day.window();
            let gap = |(start, end): (DateTime<Utc>, DateTime<Utc>)| {
                let (from, to) = (window.percent(start), window.percent(end));
                let text =
                    words::no_readings(&live.clock().minute(start), &live.clock().minute(end));
                let (x, anchor, dx) =
                    if from > 45.0 { (from, "end", "-8") } else { (to, "start", "8") };
                view! {
                    <Gap start=from end=to />
                    <text class="plot-remark" x=percent(x) dx=dx y="62%" text-anchor=anchor>
                        {text}
                    </text>
                }
            };
            let at = |i| day.start + quarter(i);
            gaps(&day.today.quarters)
                .into_iter()
                .map(|run| gap((at(run.start), at(run.end))))
                .collect_view()
        })
    })
}

/// When the diesel generators ran, along the foot of the chart.
#[component]
fn Runs(live: Live, day: Memo<Day>) -> impl IntoView {
    piece(move || {
        day.with(|day| {
            let window = day.window();
            let run = |&(start, end): &(DateTime<Utc>, DateTime<Utc>)| {
                let (from, to) = (window.percent(start), window.percent(end));
                let clock = live.clock();
                let text = words::dg_run(&clock.minute(start), &clock.minute(end));
                let (x, anchor) = if from > 60.0 { (to, "end") } else { (from, "start") };
                view! {
                    <rect
                        class="fill-diesel"
                        x=percent(from)
                        width=percent((to - from).max(0.4))
                        y="98%"
                        height="2%"
                    />
                    <text class="plot-remark" x=percent(x) y="95.5%" text-anchor=anchor>
                        {text}
                    </text>
                }
            };
            day.runs.iter().map(run).collect_view()
        })
    })
}

#[component]
fn Yesterday(day: Memo<Day>, scale: Memo<Scale>) -> impl IntoView {
    piece(move || {
        let last = day.with(|day| {
            middles(&day.yesterday.quarters, day.slots, |kw| kw).into_iter().flatten().last()
        });
        last.map(|(x, kw)| {
            let y = percent(scale.get().below_top(kw));
            view! {
                <text class="plot-remark line-label" x=percent(x) dx="6" y=y dy="0.34em">
                    {words::YESTERDAY}
                </text>
            }
        })
    })
}

/// The line of now with the newest value.
#[component]
fn Now(
    live: Live,
    scale: Memo<Scale>,
    now: Memo<Option<(DateTime<Utc>, f64)>>,
    place: Memo<Option<(f64, f64)>>,
) -> impl IntoView {
    piece(move || {
        let ((at, kw), (x, _)) = now.get().zip(place.get())?;
        let y = scale.get().below_top(kw);
        let (anchor, dx) = if x > 75.0 { ("end", "-8") } else { ("start", "8") };
        let x = percent(x);
        Some(view! {
            <line class="plot-now" x1=x.clone() x2=x.clone() y1="0" y2="100%" />
            <text class="plot-remark" x=x.clone() y="-5" text-anchor="middle">
                {live.clock().minute(at)}
            </text>
            <circle class="plot-dot" cx=x.clone() cy=percent(y) r="3" />
            <text
                class="plot-value"
                x=x
                dx=dx
                y=percent(y)
                dy=if y < 12.0 { "16" } else { "-10" }
                text-anchor=anchor
            >
                {words::today(&figures::fixed(kw, 1))}
            </text>
        })
    })
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
