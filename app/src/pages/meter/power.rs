//! Power over the last 24 hours: mean with minimum and maximum, gaps hatched.

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::figures;
use domain::view::{MeterPage, PowerPoint, PowerSeries};
use leptos::prelude::*;

use crate::components::chart::path::{band, line};
use crate::components::chart::percent;
use crate::components::chart::scale::Scale;
use crate::components::figure;
use crate::components::lean::{AtOnce as _, piece, text};
use crate::components::plot::{Gap, Plot, Probe, Stretch, Window};
use crate::live::Live;
use crate::time::{SiteClock, duration};
use crate::words::meter as words;

/// The chart in per cent of its plot.
#[derive(Debug, Clone, PartialEq)]
struct Chart {
    window: Window,
    scale: Scale,
    mean: String,
    bands: Vec<String>,
    end: Option<(f64, f64)>,
}

fn chart(series: &PowerSeries, rated: Option<f64>) -> Chart {
    let window = Window::new(series.from, series.to);
    let values = series.points.iter().flat_map(|point| [point.min_kw, point.max_kw]);
    let most = values.clone().fold(0.0, f64::max);
    // The rated power is shown while it is not far above what is drawn.
    let limit = rated.filter(|&rated| rated <= 2.0 * most);
    let scale = Scale::nice(values.chain(limit), 4);
    let middle = |point: &PowerPoint| {
        window.percent(point.start + TimeDelta::seconds(i64::from(series.step_seconds)) / 2)
    };
    let runs = runs(series);
    let mean = runs.iter().flat_map(|run| {
        let points = run.iter().map(|p| Some((middle(p), scale.below_top(p.mean_kw))));
        points.chain([None])
    });
    let bands = runs.iter().map(|run| {
        let edge =
            |p: &PowerPoint| (middle(p), scale.below_top(p.min_kw), scale.below_top(p.max_kw));
        band(&run.iter().map(edge).collect::<Vec<_>>())
    });
    let end = series.points.last().map(|point| (middle(point), point.mean_kw));
    Chart { window, scale, mean: line(mean), bands: bands.collect(), end }
}

/// Stretches of steps that follow each other.
fn runs(series: &PowerSeries) -> Vec<&[PowerPoint]> {
    let step = TimeDelta::seconds(i64::from(series.step_seconds));
    let longest = step + step / 2;
    series.points.chunk_by(|a, b| b.start - a.start <= longest).collect()
}

/// The step nearest to a place in per cent.
fn probe(series: &PowerSeries, x: f64, clock: SiteClock) -> Option<Probe> {
    let window = Window::new(series.from, series.to);
    let half = TimeDelta::seconds(i64::from(series.step_seconds)) / 2;
    let place = |point: &PowerPoint| window.percent(point.start + half);
    let away = |point: &&PowerPoint| (place(point) - x).abs();
    let nearest = series.points.iter().min_by(|a, b| away(a).total_cmp(&away(b)))?;
    let kw = |value| figures::about(value);
    let text = words::probe(
        &clock.minute(nearest.start),
        &kw(nearest.mean_kw),
        &kw(nearest.min_kw),
        &kw(nearest.max_kw),
    );
    Some(Probe { x: place(nearest), text })
}

/// Share of the window that has points, in per cent.
fn covered(series: &PowerSeries) -> f64 {
    let window = (series.to - series.from).as_seconds_f64().max(1.0);
    let covered = series.points.len() as f64 * f64::from(series.step_seconds);
    (covered / window * 100.0).min(100.0)
}

#[component]
pub(super) fn Power(live: Live, page: RwSignal<MeterPage>, id: MeterId) -> impl IntoView {
    let meter = live.meter(id);
    let chart = Memo::new(move |_| page.with(|page| chart(&page.power, page.rated_power_kw)));
    let times = Memo::new(move |_| chart.with(|chart| chart.window.ticks(live.clock())));
    let scale = Memo::new(move |_| chart.read().scale);
    let name = move || live.card(id).map(|card| card.name).unwrap_or_default();
    let label = text(move || words::power_label(&name(), &figure::about(meter.read().power_kw)));
    let note = text(move || {
        let minutes = page.with(|page| f64::from(page.power.step_seconds) / 60.0);
        words::power_note(&minutes.to_string())
    });
    let coverage = text(move || {
        page.with(|page| {
            let series = &page.power;
            #[expect(clippy::cast_precision_loss, reason = "a count of readings in a day")]
            let readings = figures::fixed(series.readings as f64, 0);
            match series.points.len() {
                0 => words::NO_POWER.to_owned(),
                points => words::coverage(&readings, points, &figures::fixed(covered(series), 1)),
            }
        })
    });
    let ask = Callback::new(move |x| page.with(|page| probe(&page.power, x, live.clock())));
    view! {
        <section class="meter-power">
            <h2>
                {words::POWER} " " <span class="note">{note}</span>
            </h2>
            <Plot label scale times ask>
                <Gaps page chart />
                <Stretch>
                    {piece(move || {
                        let path = |d: String| view! { <path class="line-band" d=d /> };
                        chart.with(|chart| chart.bands.iter().cloned().map(path).collect_view())
                    })}
                    <path class="line-today" d=text(move || chart.read().mean.clone()) />
                </Stretch>
                <Limit page chart />
                <End live page chart />
            </Plot>
            <p class="note plot-note">{coverage}</p>
        </section>
    }
    .at_once()
}

#[component]
fn Gaps(page: RwSignal<MeterPage>, chart: Memo<Chart>) -> impl IntoView {
    piece(move || {
        let window = chart.read().window;
        let gap = |&(from, to): &(DateTime<Utc>, DateTime<Utc>)| {
            let (start, end) = (window.percent(from), window.percent(to));
            let (x, anchor, dx) =
                if start > 45.0 { (start, "end", "-8") } else { (end, "start", "8") };
            view! {
                <Gap start end />
                <text class="plot-remark" x=percent(x) dx=dx y="88%" text-anchor=anchor>
                    {words::gap(&duration(to - from))}
                </text>
            }
        };
        page.with(|page| page.power.gaps.iter().map(gap).collect_view())
    })
}

/// The rated power, where it is on the scale.
#[component]
fn Limit(page: RwSignal<MeterPage>, chart: Memo<Chart>) -> impl IntoView {
    piece(move || {
        let scale = chart.read().scale;
        let rated = page.read().rated_power_kw.filter(|&kw| kw <= scale.high())?;
        let y = percent(scale.below_top(rated));
        Some(view! {
            <line class="plot-limit" x1="0" x2="100%" y1=y.clone() y2=y.clone() />
            <text class="plot-remark" x="100%" y=y dy="-4" text-anchor="end">
                {words::rated(&figures::about(rated))}
            </text>
        })
    })
}

/// The newest step, with its value.
#[component]
fn End(live: Live, page: RwSignal<MeterPage>, chart: Memo<Chart>) -> impl IntoView {
    piece(move || {
        let (x, kw) = chart.read().end?;
        let y = chart.with(|chart| chart.scale.below_top(kw));
        let at = page.with(|page| page.power.points.last().map(|point| point.start))?;
        Some(view! {
            <circle class="plot-dot" cx=percent(x) cy=percent(y) r="3" />
            <text
                class="plot-value"
                x=percent(x)
                y=percent(y)
                dx="-8"
                dy=if y < 15.0 { "20" } else { "-12" }
                text-anchor="end"
            >
                {words::end_value(&figures::about(kw), &live.clock().minute(at))}
            </text>
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(starts: &[i64]) -> PowerSeries {
        let from = DateTime::from_timestamp(0, 0).unwrap();
        let point = |&minute: &i64| PowerPoint {
            start: from + TimeDelta::minutes(minute),
            min_kw: 1.0,
            mean_kw: 2.0,
            max_kw: 3.0,
        };
        PowerSeries {
            from,
            to: from + TimeDelta::minutes(100),
            step_seconds: 600,
            points: starts.iter().map(point).collect(),
            gaps: Vec::new(),
            readings: 10,
        }
    }

    #[test]
    fn a_gap_parts_line_and_band() {
        let chart = chart(&series(&[0, 10, 20, 60, 70]), None);
        assert_eq!(chart.bands.len(), 2);
        assert_eq!(chart.mean.matches('M').count(), 2);
    }

    #[test]
    fn coverage_counts_what_is_there() {
        assert!((covered(&series(&[0, 10, 20, 60, 70])) - 50.0).abs() < 1e-9);
    }

    #[test]
    fn a_distant_rated_power_does_not_flatten_the_chart() {
        assert!(chart(&series(&[0, 10]), Some(500.0)).scale.high() < 10.0);
        assert!(chart(&series(&[0, 10]), Some(5.0)).scale.high() >= 5.0);
    }
}
