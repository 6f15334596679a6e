//! Carbon step by step: grid and diesel above zero, the solar offset below, net as a line across.

use super::{Unit, comparison};
use crate::parts::heading;
use crate::picture::{self, Bar};
use crate::steps::{self, tick};
use chrono::{DateTime, Utc};
use domain::carbon::view::{CarbonPage, Emission, EmissionStep};
use domain::view::GridMeter;
use markup::{Html, html};
use tables::{Column, Table};
use texts::language::Text;
use texts::words::carbon as words;
use texts::words::losses::COVERAGE;
use texts::{figures, language};
use ui::components::chart::percent;
use ui::components::chart::scale::Scale;
use ui::drawing::parts::Clock;
use ui::drawing::parts::plot::{Axis, column, gap, hint, legend_entry, plot, ticks};
use ui::drawing::{Downloads, alert_of_demand, link};

/// The part of a step's width that its bar takes.
const BAR: f64 = 0.8;

/// A step that is read to less than this is hatched behind its bar.
const COMPLETE: f64 = 0.9;

pub(super) fn draw(page: &CarbonPage, grid: Option<&GridMeter>) -> Html {
    let (shown, unit) = (&page.shown, Unit::of(&page.sum));
    let step = shown.period.chart_step(shown.today());
    let largest = page.steps.iter().filter_map(|step| step.emission);
    let in_tonnes = largest.map(|e| e.gross_kg()).fold(0.0, f64::max) >= 1000.0;
    let chart = if in_tonnes { Unit::TONNES } else { Unit::KILOGRAMS };
    let ends = page
        .steps
        .iter()
        .chain(&page.steps_before)
        .filter_map(|step| step.emission)
        .flat_map(|emission| [emission.gross_kg() / chart.kg, -emission.offset_kg / chart.kg]);
    let scale = Scale::nice(ends, 4);
    let axis = Axis::new(shown.whole.from, shown.whole.to);
    let starts: Vec<_> = page.steps.iter().map(|step| (step.from, step.to)).collect();
    let bars = page.steps.iter().map(|step| bar(page, axis, scale, chart, step)).collect::<Html>();
    let before = page.before.as_ref().map(|_| words::steps_before(&steps::before_label(shown)));
    let bars = html! { {bars} {comparison::line_before(page, scale, chart)} };
    let note = words::steps_note(chart.name, &steps::label(shown));
    let label = words::steps_label(step.name(language::now()), &unit.amount(page.sum.net_kg()));
    html! {
        <section class="carbon-steps">
            {heading(None, words::steps(step.name(language::now())), html! { {note} {before} })}
            {legend()}
            {plot(label, scale, ticks(shown, axis, &starts), bars)}
            {alert_of_demand(|path| link(shown, path), grid)}
            {Downloads::of(shown).behind("carbon", table(page), || picture(page))}
        </section>
    }
}

fn legend() -> Html {
    html! {
        <p class="legend-line">
            {legend_entry("fill-grid", words::LEGEND_GRID.get())} {legend_entry("fill-diesel", words::LEGEND_DIESEL.get())}
            {legend_entry("fill-solar", words::LEGEND_OFFSET.get())}
            <span>
                <svg viewBox="0 0 10 10" aria-hidden="true">
                    <path class="net-line" d="M0 5h10" />
                </svg>
                {words::NET}
            </span>
        </p>
    }
}

fn bar(
    page: &CarbonPage,
    axis: Axis,
    scale: Scale,
    unit: Unit,
    step: &EmissionStep,
) -> Option<Html> {
    let (from, to) = (axis.percent(step.from), axis.percent(step.to));
    let has_come = step.from < page.shown.now;
    let silent = (has_come && step.coverage < COMPLETE).then(|| gap(from, to));
    let Some(emission) = step.emission else { return silent };
    let margin = (to - from) * (1.0 - BAR) / 2.0;
    let part = |class, low: f64, high: f64| {
        column(scale, (from, to), class, (low / unit.kg, high / unit.kg))
    };
    let net = percent(scale.below_top(emission.net_kg() / unit.kg));
    let text = said(page, step.from, &emission);
    Some(html! {
        {silent}
        {part("fill-grid bar-part", 0.0, emission.grid_kg)}
        {part("fill-diesel bar-part", emission.grid_kg, emission.gross_kg())}
        {part("fill-solar bar-part", -emission.offset_kg, 0.0)}
        <line
            class="net-line"
            x1=percent(from + margin / 2.0)
            x2=percent(to - margin / 2.0)
            y1=net.clone()
            y2=net
        />
        {hint(from, to, text)}
    })
}

fn name(page: &CarbonPage, at: DateTime<Utc>) -> String {
    use domain::period::Step;
    let clock = Clock(&page.shown);
    match page.shown.period.chart_step(page.shown.today()) {
        Step::Quarter | Step::Hour => clock.within(at),
        Step::Day => clock.day(at),
        step @ Step::Month => clock.tick(at, step),
    }
}

fn said(page: &CarbonPage, at: DateTime<Utc>, emission: &Emission) -> String {
    let kg = |value: f64| figures::fixed(value, 1);
    words::step_hint(
        &name(page, at),
        &kg(emission.grid_kg),
        &kg(emission.diesel_kg),
        &kg(emission.offset_kg),
        &kg(emission.net_kg()),
    )
}

/// The steps as files where there is no chart.
pub(super) fn download(page: &CarbonPage) -> Option<Html> {
    Downloads::of(&page.shown).offer("carbon", || table(page))
}

fn table(page: &CarbonPage) -> Table {
    const UNIT: &str = "kg CO\u{2082}";
    let shown = &page.shown;
    let kg = |name: Text| Column::in_unit(name, UNIT);
    let net = |step: &EmissionStep| step.emission.map(|emission| emission.net_kg());
    let both = (&page.steps[..], &page.steps_before[..]);
    let rows = steps::rows(shown, both, |step| step.from, net)
        .figure(kg(words::GRID), 1, |(step, _)| Some(step?.emission?.grid_kg))
        .figure(kg(words::DIESEL), 1, |(step, _)| Some(step?.emission?.diesel_kg))
        .figure(kg(words::OFFSET), 1, |(step, _)| Some(step?.emission?.offset_kg))
        .figure(kg(words::NET), 1, |(step, _)| step.and_then(net))
        .percent(Column::in_unit(COVERAGE, "%"), |(step, _)| step.map(|step| step.coverage));
    let rows = steps::beside_before(shown, rows, (words::NET, UNIT, 1), net);
    Downloads::of(shown).rows(words::TITLE, rows)
}

fn picture(page: &CarbonPage) -> Option<String> {
    let shown = &page.shown;
    let bar = |step: &EmissionStep| {
        let emission = step.emission.unwrap_or_default();
        Bar {
            name: tick(shown, step.from),
            parts: vec![
                (emission.grid_kg, picture::GRID),
                (emission.diesel_kg, picture::DIESEL),
                (-emission.offset_kg, picture::SOLAR),
            ],
            error: None,
        }
    };
    let legend = [
        (words::LEGEND_GRID.into(), picture::GRID),
        (words::LEGEND_DIESEL.into(), picture::DIESEL),
        (words::LEGEND_OFFSET.into(), picture::SOLAR),
    ];
    let title = words::steps_note("kg", &steps::label(shown));
    let title = format!("{} {title}", words::TITLE);
    let line = steps::line_before(shown, comparison::points_before(page));
    picture::columns(&title, &legend, page.steps.iter().map(bar), line)
}
