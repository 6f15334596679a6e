//! Carbon step by step: grid and diesel above zero, the solar offset below, net as a line across.

use chrono::{DateTime, Utc};
use domain::carbon::view::{CarbonPage, Emission, EmissionStep};
use domain::view::GridMeter;
use markup::{Html, html};
use texts::language::Text;
use texts::{figures, language};

use super::{Unit, comparison};
use crate::picture::{self, Bar};
use crate::steps::{self, tick};
use tables::{Column, Table, Value};
use texts::words::carbon as words;
use ui::components::chart::percent;
use ui::components::chart::scale::Scale;
use ui::drawing::files::Downloads;
use ui::drawing::parts::Clock;
use ui::drawing::parts::plot::{Axis, gap, hint, legend_entry, plot, ticks};
use ui::drawing::{alert_of_demand, link};

/// The part of a step's width that its bar takes.
const BAR: f64 = 0.8;

/// A step that is read to less than this is hatched behind its bar.
const COMPLETE: f64 = 0.9;

pub(super) fn draw(page: &CarbonPage, grid: Option<&GridMeter>) -> Html {
    let (shown, unit) = (&page.shown, Unit::of(&page.sum));
    let step = shown.period.chart_step(shown.today());
    let largest = page.steps.iter().filter_map(|step| step.emission);
    let in_tonnes = largest.map(|e| e.gross_kg()).fold(0.0, f64::max) >= 1000.0;
    let chart = if in_tonnes {
        Unit { name: "t", kg: 1000.0, places: 2 }
    } else {
        Unit { name: "kg", kg: 1.0, places: 1 }
    };
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
    let before = page
        .before
        .as_ref()
        .map(|_| words::steps_before(&shown.period.before_label(shown.today(), language::now())));
    let bars = html! { {bars} {comparison::line_before(page, scale, chart)} };
    let label = words::steps_label(step.name(language::now()), &unit.amount(page.sum.net_kg()));
    html! {
        <section class="carbon-steps">
            <h2>
                {words::steps(step.name(language::now()))} " "
                <span class="note">
                    {words::steps_note(chart.name, &shown.period.label(shown.today(), language::now()))}
                    {before}
                </span>
            </h2>
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
    let (x, width) = (percent(from + margin), percent((to - from) * BAR));
    let rect = |class: &'static str, low: f64, high: f64| {
        let (top, bottom) = (scale.below_top(high / unit.kg), scale.below_top(low / unit.kg));
        (high - low > 0.0).then(|| {
            html! {
                <rect
                    class=format!("{class} bar-part")
                    x=x.clone()
                    width=width.clone()
                    y=percent(top)
                    height=percent(bottom - top)
                />
            }
        })
    };
    let net = percent(scale.below_top(emission.net_kg() / unit.kg));
    let text = said(page, step.from, &emission);
    Some(html! {
        {silent}
        {rect("fill-grid", 0.0, emission.grid_kg)}
        {rect("fill-diesel", emission.grid_kg, emission.gross_kg())}
        {rect("fill-solar", -emission.offset_kg, 0.0)}
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
    let kg = |name: Text| Column::in_unit(name, "kg CO\u{2082}");
    let mut columns = vec![
        steps::column(&page.shown),
        kg(words::GRID),
        kg(words::DIESEL),
        kg(words::OFFSET),
        kg(words::NET),
        Column::in_unit(texts::words::losses::COVERAGE, "%"),
    ];
    let before = steps::column_before(&page.shown, words::NET, "kg CO\u{2082}");
    let compares = before.is_some();
    columns.extend(before);
    let has_any = page.steps.iter().any(|step| step.emission.is_some());
    let pairs = page.shown.pair(&page.steps, &page.steps_before, |step| step.from);
    let net = |step: &EmissionStep| step.emission.map(|emission| emission.net_kg());
    let rest = steps::rows_before(&page.shown, &pairs.rest, 5, |step| {
        (step.from, Value::number(net(step), 1))
    });
    let steps = page.steps.iter().zip(&pairs.beside);
    let come = steps.filter(|(step, _)| step.from < page.shown.now);
    let rows = come.map(|(step, before)| {
        let kg = |of: fn(&Emission) -> f64| Value::number(step.emission.as_ref().map(of), 1);
        let mut row = vec![
            steps::start(&page.shown, step.from),
            kg(|emission| emission.grid_kg),
            kg(|emission| emission.diesel_kg),
            kg(|emission| emission.offset_kg),
            kg(Emission::net_kg),
            Value::percent(step.coverage),
        ];
        row.extend(compares.then(|| Value::number(before.and_then(net), 1)));
        row
    });
    let rows = rows.chain(rest).filter(|_| has_any).collect();
    Downloads::of(&page.shown).table(words::TITLE, columns, rows)
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
    let title = words::steps_note("kg", &shown.period.label(shown.today(), language::now()));
    let title = format!("{} {title}", words::TITLE);
    let bars: Vec<_> = page.steps.iter().map(bar).collect();
    let line = steps::line_before(shown, comparison::points_before(page));
    picture::columns(&title, &legend, &bars, line.as_ref())
}
