//! The energy of a period: bars, gaps hatched, what is placed by estimate outlined, coverage below.

use super::{alarms, outliers};
use crate::parts::{heading, upright, value, way_on};
use crate::picture::{self, Bar, Points};
use crate::steps::{self, tick};
use domain::figures::places_of_step;
use domain::meters::view::meter::{EnergyStep, MeterPage, MeterPeriod};
use domain::view::COMPARABLE;
use markup::{Html, html};
use tables::{Column, Table};
use texts::figures;
use texts::language::{self, Text};
use texts::words::energy as words;
use ui::components::chart::percent;
use ui::components::chart::scale::Scale;
use ui::components::figure::change_percent;
use ui::drawing::parts::plot::{Axis, column, gap, hint, plot, remark, ticks};
use ui::drawing::parts::{Clock, figure, kwh, percent as share};
use ui::drawing::{Downloads, link};

/// A step that is read to less than this is hatched.
const HATCHED: f64 = 0.5;
/// A step that is read to this much is whole.
const WHOLE: f64 = 0.995;

pub(super) fn draw(meter: &MeterPage, page: &MeterPeriod) -> Html {
    let (shown, step) = (&page.shown, page.shown.period.chart_step(page.shown.today()));
    let has_any = page.steps.iter().any(|step| step.kwh.is_some());
    let body = if has_any {
        chart(page)
    } else {
        html! {
            <p class="sheet-empty">{words::NOTHING}</p>
            <p class="note">{words::NOTHING_HELP}</p>
            {Downloads::of(shown).offer("energy", || table(page))}
        }
    };
    let note = words::energy_note(step.name(language::now()), &steps::label(shown));
    let history = link(shown, &format!("/history?series={0}.power_{0}.energy", page.id));
    html! {
        <section class="energy" aria-labelledby="energy">
            {heading(Some("energy"), words::energy(page.feeds_parent), note)}
            {body}
            {sums(page)}
            {way_on(history, texts::words::history::OF_METER)}
        </section>
        {outliers::table(page)}
        {alarms::draw(meter, page)}
        {alarms::reported(page)}
    }
}

fn chart(page: &MeterPeriod) -> Html {
    let (shown, step) = (&page.shown, page.shown.period.chart_step(page.shown.today()));
    let axis = Axis::new(shown.whole.from, shown.whole.to);
    let all = page.steps.iter().chain(&page.steps_before);
    let scale = Scale::nice(all.filter_map(|step| step.kwh), 4);
    let bounds: Vec<_> = page.steps.iter().map(|step| (step.from, step.to)).collect();
    let points = points_before(page);
    let steps = page.steps.iter().zip(&points);
    let bars =
        steps.map(|(step, before)| bar(page, axis, scale, (step, before.map(|(_, kwh)| kwh))));
    let before = (!page.steps_before.is_empty())
        .then(|| steps::path_before(&points, |kwh| scale.below_top(kwh)));
    let events = page.events.iter().map(|(at, flag)| {
        let x = axis.percent(*at);
        let (anchor, dx) = if x > 70.0 { ("end", -6) } else { ("start", 6) };
        let text = format!("{} {}", words::event(*flag), Clock(shown).within(*at));
        html! {
            {upright("plot-event", x)}
            {remark(x, 0.0, (dx, -4), anchor, "plot-event-text", text)}
        }
    });
    let now = shown.is_open().then(|| upright("plot-now", axis.percent(shown.now)));
    let content = html! { {bars.collect::<Html>()} {before} {events.collect::<Html>()} {outliers::rings(page, axis)} {now} };
    let total = page.import_kwh.map_or_else(String::new, kwh);
    let label = words::energy_label(&page.name, step.name(language::now()), &total);
    html! {
        {plot(label, scale, ticks(shown, axis, &bounds), content)}
        {strip(page, axis)}
        {legend(page)}
        {Downloads::of(shown).behind("energy", table(page), || picture(page))}
    }
}

/// The energy of the period before, each step in the middle of the one that it stands beside.
fn points_before(page: &MeterPeriod) -> Points {
    let axis = Axis::new(page.shown.whole.from, page.shown.whole.to);
    let point = |(step, before): (&EnergyStep, Option<&EnergyStep>)| {
        let middle = f64::midpoint(axis.percent(step.from), axis.percent(step.to));
        before.and_then(|before| before.kwh).map(|kwh| (middle, kwh))
    };
    page.steps.iter().zip(page.pairs().beside).map(point).collect()
}

/// A step, with the energy of the one beside it in the period before.
fn bar(
    page: &MeterPeriod,
    axis: Axis,
    scale: Scale,
    (step, before): (&EnergyStep, Option<f64>),
) -> Option<Html> {
    let (from, to) = (axis.percent(step.from), axis.percent(step.to));
    let has_come = step.to <= page.shown.now;
    let silent = (has_come && step.coverage < HATCHED).then(|| gap(from, to));
    let Some(energy) = step.kwh else { return silent };
    let measured = (energy - step.estimated_kwh).max(0.0);
    let part = |class, ends| column(scale, (from, to), class, ends);
    let before = before.map(kwh);
    let text = words::hint(
        &Clock(&page.shown).within(step.from),
        &figures::about(energy),
        &share(step.coverage),
        before.as_deref(),
    );
    Some(html! {
        {silent}
        {part("bar-energy", (0.0, measured))}
        {part("bar-estimated", (measured, energy.max(measured)))}
        {hint(from, to, text)}
    })
}

/// One cell per step: filled as far as it was read.
fn strip(page: &MeterPeriod, axis: Axis) -> Html {
    let cells = page.steps.iter().filter(|step| step.from < page.shown.now).map(|step| {
        let (from, to) = (axis.percent(step.from), axis.percent(step.to));
        let gone = (to - from) * 0.12;
        let class = match step.coverage {
            c if c >= WHOLE => "cell-whole",
            c if c > 0.0 => "cell-part",
            _ => "cell-none",
        };
        let fill = (class == "cell-none").then_some("url(#hatch-gap)");
        html! { <rect class=class fill=fill x=percent(from) width=percent(to - from - gone) height="8" /> }
    });
    let come: Vec<_> = page.steps.iter().filter(|step| step.to <= page.shown.now).collect();
    let whole = come.iter().filter(|step| step.coverage >= WHOLE).count();
    let step = page.shown.period.chart_step(page.shown.today());
    html! {
        <svg class="strip" height="8" aria-hidden="true">
            {cells.collect::<Html>()}
        </svg>
        <p class="note plot-note">
            {words::strip(whole, come.len(), &share(page.coverage), step.name(language::now()))}
        </p>
    }
}

fn legend(page: &MeterPeriod) -> Html {
    let item = |sample: Html, name: Text| {
        html! {
            <span>
                <svg viewBox="0 0 10 10" aria-hidden="true">
                    {sample}
                </svg>
                {name}
            </span>
        }
    };
    let bar = |class: &'static str, fill: Option<&'static str>, name: Text| {
        let sample = html! { <rect class=class fill=fill x="0.5" y="0.5" width="9" height="9" /> };
        item(sample, name)
    };
    let estimated = page.estimated_kwh > 0.05;
    let gaps = page.steps.iter().any(|s| s.to <= page.shown.now && s.coverage < HATCHED);
    let before = (!page.steps_before.is_empty())
        .then(|| item(html! { <path class="legend-before" d="M0 5h10" /> }, words::LEGEND_BEFORE));
    let outliers = page.outliers.iter().any(|row| row.reading.is_left_out()).then(|| {
        let ring = html! { <circle class="plot-outlier" cx="5" cy="5" r="3" /> };
        item(ring, words::LEGEND_OUTLIER)
    });
    html! {
        <p class="legend-line plot-note">
            {bar("bar-energy", None, words::LEGEND_MEASURED)}
            {estimated.then(|| bar("bar-estimated", None, words::LEGEND_ESTIMATED))}
            {gaps.then(|| bar("", Some("url(#hatch-gap)"), words::LEGEND_GAP))} {before} {outliers}
        </p>
    }
}

fn sums(page: &MeterPeriod) -> Html {
    let energy = page.import_kwh.map(|energy| value(words::TOTAL, figure(kwh(energy), "kWh")));
    let export_before = page.export_before_kwh.unwrap_or_default();
    let returned = (page.export_kwh.max(export_before) > 0.05).then(|| {
        let before =
            page.export_before_kwh.map(|kwh_before| words::before(&kwh(kwh_before), "kWh"));
        value(words::RETURNED, html! { {figure(kwh(page.export_kwh), "kWh")} {before} })
    });
    let before = page.before_kwh.map(|before| {
        let comparable = page.before_coverage >= COMPARABLE;
        let is_read = comparable && page.coverage >= COMPARABLE;
        let change = change_percent(page.import_kwh, Some(before)).filter(|_| is_read);
        let change = change.unwrap_or_else(|| words::read(&share(page.before_coverage)));
        let change = format!(" ({change})");
        let name = if page.shown.is_before_cut() { words::BEFORE_CUT } else { words::BEFORE };
        value(name, html! { {figure(kwh(before), "kWh")} {change} })
    });
    let peak = page.peak.map(|(kw, at)| {
        let at = Clock(&page.shown).within(at);
        let before = page.peak_before.map(|(kw, _)| words::before(&figures::about(kw), "kW"));
        value(words::PEAK, html! { {figure(figures::about(kw), "kW")} ", " {at} {before} })
    });
    let coverage = value(words::COVERAGE, figure(share(page.coverage), "%"));
    let estimated = (page.estimated_kwh > 0.05)
        .then(|| value(words::ESTIMATED, figure(kwh(page.estimated_kwh), "kWh")));
    html! { <dl class="values">{energy} {returned} {before} {peak} {coverage} {estimated}</dl> }
}

fn table(page: &MeterPeriod) -> Table {
    let (shown, places) = (&page.shown, places_of_step(page.step_kwh));
    let both = (&page.steps[..], &page.steps_before[..]);
    let rows = steps::rows(shown, both, |step| step.from, |step| step.kwh)
        .figure(Column::in_unit(words::TOTAL, "kWh"), places, |(step, _)| step?.kwh)
        .figure(Column::in_unit(words::ESTIMATED, "kWh"), places, |(step, _)| {
            step?.kwh.and(step).map(|step| step.estimated_kwh)
        })
        .percent(Column::in_unit(words::COVERAGE, "%"), |(step, _)| step.map(|it| it.coverage));
    let head = (words::TOTAL, "kWh", places);
    let rows = steps::beside_before(shown, rows, head, |step| step.kwh);
    Downloads::of(shown).rows(&page.name, rows)
}

fn picture(page: &MeterPeriod) -> Option<String> {
    let shown = &page.shown;
    let bar = |step: &EnergyStep| {
        let measured = step.kwh.map_or(0.0, |kwh| (kwh - step.estimated_kwh).max(0.0));
        let estimated = step.kwh.map_or(0.0, |kwh| kwh - measured);
        Bar {
            name: tick(shown, step.from),
            parts: vec![(measured, picture::GRID), (estimated, picture::QUIET)],
            error: None,
        }
    };
    let legend = [
        (words::LEGEND_MEASURED.into(), picture::GRID),
        (words::LEGEND_ESTIMATED.into(), picture::QUIET),
    ];
    let title = format!("{}, {}, kWh", page.name, steps::label(shown));
    let line = steps::line_before(shown, points_before(page));
    picture::columns(&title, &legend, page.steps.iter().map(bar), line)
}
