//! Power over the last 24 hours: mean with minimum and maximum, gaps hatched.

use chrono::TimeDelta;
use domain::MeterId;
use domain::meters::view::meter::{MeterPage, PowerPoint, PowerSeries};
use leptos::prelude::*;
use texts::figures;

use texts::time::{SiteClock, duration};
use texts::words::meter as words;
use ui::components::chart::path::{band, line};
use ui::components::chart::percent;
use ui::components::chart::scale::Scale;
use ui::components::erased_view::{Erase as _, ErasedView};
use ui::components::figure;
use ui::components::plot::{Axes, Plot, Probe, Remark, Window, gap, newest, paths};
use ui::components::reactive::{piece, text};
use ui::live::Live;

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
    let chart = move || page.with(|page| chart(&page.power, page.rated_power_kw));
    let axes = Signal::derive(move || {
        let chart = chart();
        Axes { scale: chart.scale, times: chart.window.ticks(live.clock()) }
    });
    let content = piece(move || page.with(|page| draw(&chart(), page, live.clock())));
    let label = text(move || {
        let name = live.card(id).map(|card| card.name).unwrap_or_default();
        words::power_label(&name, &figure::about(meter.read().power_kw))
    });
    let note = text(move || {
        let minutes = f64::from(page.read().power.step_seconds) / 60.0;
        words::power_note(&figures::fixed(minutes, 0))
    });
    let coverage = text(move || {
        let series = &page.read().power;
        let readings = figures::fixed(series.readings as f64, 0);
        match series.points.len() {
            0 => words::NO_POWER.into(),
            points => words::coverage(&readings, points, &figures::fixed(covered(series), 1)),
        }
    });
    let ask = Callback::new(move |x| page.with(|page| probe(&page.power, x, live.clock())));
    view! {
        <section class="meter-power">
            <h2>
                {words::POWER} " " <span class="note">{note}</span>
            </h2>
            <Plot label axes content ask />
            <p class="note plot-note">{coverage}</p>
        </section>
    }
    .erased()
}

/// Gaps, band and mean, the rated power and the newest step.
fn draw(chart: &Chart, page: &MeterPage, clock: SiteClock) -> ErasedView {
    let Chart { window, scale, .. } = *chart;
    let ends = |(from, to)| (window.percent(from), window.percent(to));
    let gaps: Vec<_> = page.power.gaps.iter().copied().map(ends).collect();
    let said = said(&gaps);
    let gaps =
        page.power.gaps.iter().zip(gaps.iter().zip(said)).map(|(&(from, to), (ends, said))| {
            gap(ends.0, ends.1, said.then(|| words::gap(&duration(to - from))))
        });
    let bands = chart.bands.iter().map(|band| ("line-band", band.clone()));
    let lines = paths(bands.chain([("line-today", chart.mean.clone())]));
    let limit = page.rated_power_kw.filter(|&kw| kw <= scale.high()).map(|kw| limit(kw, scale));
    let end = chart.end.zip(page.power.points.last()).map(|((x, kw), point)| {
        let text = words::end_value(&figures::about(kw), &clock.minute(point.start));
        newest(x, scale.below_top(kw), "end", text)
    });
    view! {
        {gaps.collect_view()}
        {lines}
        {limit}
        {end}
    }
    .erased()
}

/// The gaps whose length is said, the longest first, as far as there is room for it on a phone.
fn said(gaps: &[(f64, f64)]) -> Vec<bool> {
    const ROOM: f64 = 50.0;
    let mut longest: Vec<usize> = (0..gaps.len()).collect();
    longest.sort_by(|a, b| (gaps[*b].1 - gaps[*b].0).total_cmp(&(gaps[*a].1 - gaps[*a].0)));
    let mut said: Vec<usize> = Vec::new();
    for n in longest {
        let is_far = |other: &usize| (gaps[*other].0 - gaps[n].0).abs() >= ROOM;
        if said.iter().all(is_far) {
            said.push(n);
        }
    }
    (0..gaps.len()).map(|n| said.contains(&n)).collect()
}

fn limit(kw: f64, scale: Scale) -> ErasedView {
    let y = scale.below_top(kw);
    let text = words::rated(&figures::about(kw));
    let remark = Remark { x: 100.0, y, dx: 0, dy: -4, anchor: "end", class: "plot-remark", text };
    let line = percent(y);
    view! {
        <line class="plot-limit" x1="0" x2="100%" y1=line.clone() y2=line />
        {remark.draw()}
    }
    .erased()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

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
    fn of_gaps_beside_each_other_the_longest_is_said() {
        assert_eq!(said(&[(0.0, 5.0), (10.0, 30.0), (70.0, 72.0)]), [false, true, true]);
        assert_eq!(said(&[]), [false; 0]);
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
