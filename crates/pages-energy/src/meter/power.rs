//! Power over the last 24 hours: mean with minimum and maximum, gaps hatched.

use crate::parts::heading;
use chrono::TimeDelta;
use domain::alarms::Watch;
use domain::meters::view::meter::{MeterPage, PowerPoint, PowerSeries};
use domain::readings::channel::Name;
use markup::{Html, html};
use tables::{Column, Rows, Table, Value};
use texts::figures::{about, fixed};
use texts::time::duration;
use texts::words::energy::TIME;
use texts::words::meter as words;
use ui::components::chart::path::{band, line};
use ui::components::chart::percent;
use ui::components::chart::scale::Scale;
use ui::components::figure;
use ui::drawing::parts::plot::{Axis, gap, hours, paths, plot_in_hand, points, remark};
use ui::drawing::parts::time::minute;
use ui::drawing::{Downloads, Wording, alert, link};

const TICK_HOURS: u32 = 3;

pub(super) fn draw(page: &MeterPage, series: &PowerSeries) -> Html {
    let readings = fixed(series.readings as f64, 0);
    let coverage = match series.points.len() {
        0 => words::NO_POWER.into(),
        points => words::coverage(&readings, points, &fixed(covered(series), 1)),
    };
    let plot = plot_in_hand(
        words::power_label(&page.meter.name, &figure::about(page.value.power_kw)),
        scale(series, page.meter.rated_power_kw),
        hours(&page.shown.site.zone, (series.from, series.to), TICK_HOURS),
        content(page, series),
        probes(page, series),
    );
    let note = words::power_note(&fixed(f64::from(series.step_seconds) / 60.0, 0));
    let title = format!("{}: {}, {note}", page.meter.name, words::POWER);
    let files = downloads(page, series);
    let files = files.offer_chart("power", || table(page, series), || files.picture(&title, &plot));
    let watched = (page.meter.id, Watch::channel(Name::ActivePower));
    let address = |path: &str| link(&page.shown, path);
    let watch = alert(address, watched, page.value.power_kw, Wording::Sentence);
    html! {
        <section class="meter-power">
            {heading(None, words::POWER, note)}
            {plot}
            <p class="note plot-note">{coverage} ". " {watch}</p>
            {files}
        </section>
    }
}

fn downloads<'a>(page: &'a MeterPage, series: &PowerSeries) -> Downloads<'a> {
    Downloads::of_window(&page.shown.site, (series.from, series.to), page.shown.now)
}

fn table(page: &MeterPage, series: &PowerSeries) -> Table {
    let rows = Rows::of(&series.points)
        .cell(TIME, |point| Value::Time(point.start))
        .figure(Column::in_unit(words::MEAN, "kW"), 2, |point| point.mean_kw)
        .figure(Column::in_unit(words::MINIMUM, "kW"), 2, |point| point.min_kw)
        .figure(Column::in_unit(words::MAXIMUM, "kW"), 2, |point| point.max_kw);
    downloads(page, series).rows(format!("{}, {}", words::POWER, page.meter.name), rows)
}

/// The rated power is shown while it is not far above what is drawn.
fn scale(series: &PowerSeries, rated: Option<f64>) -> Scale {
    let values = series.points.iter().flat_map(|point| [point.min_kw, point.max_kw]);
    let most = values.clone().fold(0.0, f64::max);
    Scale::nice(values.chain(rated.filter(|&rated| rated <= 2.0 * most)), 4)
}

fn step(series: &PowerSeries) -> TimeDelta {
    TimeDelta::seconds(i64::from(series.step_seconds))
}

fn runs(series: &PowerSeries) -> impl Iterator<Item = &[PowerPoint]> {
    let longest = step(series) * 3 / 2;
    series.points.chunk_by(move |a, b| b.start - a.start <= longest)
}

fn covered(series: &PowerSeries) -> f64 {
    let window = (series.to - series.from).as_seconds_f64().max(1.0);
    let covered = series.points.len() as f64 * f64::from(series.step_seconds);
    (covered / window * 100.0).min(100.0)
}

/// The values of each step from its begin on, and nothing in a gap.
fn probes(page: &MeterPage, series: &PowerSeries) -> String {
    let site = &page.shown.site;
    let said = |point: &PowerPoint| {
        let [mean, min, max] = [point.mean_kw, point.min_kw, point.max_kw].map(about);
        (point.start, words::probe(&minute(site, point.start), &mean, &min, &max))
    };
    let end =
        |run: &[PowerPoint]| run.last().map(|last| (last.start + step(series), String::new()));
    let all = runs(series).flat_map(|run| run.iter().map(said).chain(end(run)));
    points(Axis::new(series.from, series.to), all)
}

/// Gaps, band and mean, the rated power and the newest step.
fn content(page: &MeterPage, series: &PowerSeries) -> Html {
    let axis = Axis::new(series.from, series.to);
    let scale = scale(series, page.meter.rated_power_kw);
    let limit = page.meter.rated_power_kw.filter(|&kw| kw <= scale.high()).map(|kw| {
        let (y, text) = (scale.below_top(kw), words::rated(&about(kw)));
        html! {
            <line class="plot-limit" x1="0" x2="100%" y1=percent(y) y2=percent(y) />
            {remark(100.0, y, (0, -4), "end", "plot-remark", text)}
        }
    });
    let end = series.points.last().map(|point| {
        let (x, y) = (axis.percent(point.start + step(series) / 2), scale.below_top(point.mean_kw));
        let text = words::end_value(&about(point.mean_kw), &minute(&page.shown.site, point.start));
        let dy = if y < 12.0 { 18 } else { -10 };
        html! {
            <circle class="plot-dot" cx=percent(x) cy=percent(y) r="3" />
            {remark(x, y, (-8, dy), "end", "plot-value", text)}
        }
    });
    html! { {gaps(series, axis)} {paths(strokes(series, axis, scale))} {limit} {end} }
}

fn strokes(series: &PowerSeries, axis: Axis, scale: Scale) -> Vec<(&'static str, String)> {
    let middle = |point: &PowerPoint| axis.percent(point.start + step(series) / 2);
    let edge = |p: &PowerPoint| (middle(p), scale.below_top(p.min_kw), scale.below_top(p.max_kw));
    let bands =
        runs(series).map(|run| ("line-band", band(&run.iter().map(edge).collect::<Vec<_>>())));
    let mean = runs(series).flat_map(|run| {
        let points = run.iter().map(|p| Some((middle(p), scale.below_top(p.mean_kw))));
        points.chain([None])
    });
    bands.chain([("line-today", line(mean))]).collect()
}

/// The gaps, with their length beside them where there is room.
fn gaps(series: &PowerSeries, axis: Axis) -> Html {
    let ends = |(from, to)| (axis.percent(from), axis.percent(to));
    let gaps: Vec<_> = series.gaps.iter().copied().map(ends).collect();
    let drawn =
        gaps.iter().zip(said(&gaps)).zip(&series.gaps).map(|((&(from, to), said), ends)| {
            let (x, anchor, dx) = match (from, to) {
                (from, _) if from > 45.0 => (from, "end", -8),
                (_, to) if to < 70.0 => (to, "start", 8),
                _ => (f64::midpoint(from, to), "middle", 0),
            };
            let text = || words::gap(&duration(ends.1 - ends.0));
            let length = said.then(|| remark(x, 84.0, (dx, 0), anchor, "plot-remark", text()));
            html! { {gap(from, to)} {length} }
        });
    drawn.collect::<Html>()
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
        let series = series(&[0, 10, 20, 60, 70]);
        let drawn = strokes(&series, Axis::new(series.from, series.to), scale(&series, None));
        assert_eq!(drawn.iter().filter(|(class, _)| *class == "line-band").count(), 2);
        assert_eq!(drawn[2].1.matches('M').count(), 2);
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
        assert!(scale(&series(&[0, 10]), Some(500.0)).high() < 10.0);
        assert!(scale(&series(&[0, 10]), Some(5.0)).high() >= 5.0);
    }
}
