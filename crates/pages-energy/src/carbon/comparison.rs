//! The carbon and the diesel of a period beside those of the period before.

use super::Unit;
use crate::picture::Points;
use crate::steps;
use domain::carbon::view::{CarbonPage, Diesel, Emission};
use domain::view::{COMPARABLE, PeriodContext};
use markup::{Html, html};
use tables::{Column, Rows, Table, Value};
use texts::figures;
use texts::language::Text;
use texts::time::hours_minutes;
use texts::words::alarms::UNIT;
use texts::words::carbon as words;
use texts::words::overview::{CHANGE, COMPARE, FIGURE};
use texts::words::period::capital;
use ui::components::chart::scale::Scale;
use ui::components::figure::{UNKNOWN, change_percent};
use ui::drawing::files::Downloads;
use ui::kit;

struct Row {
    name: &'static str,
    unit: String,
    text: fn(f64) -> String,
    now: Option<f64>,
    before: Option<f64>,
}

/// A part of the net carbon: its name, and its kg CO₂ of a sum.
type Term = (&'static str, fn(&Emission) -> f64);

fn rows(page: &CarbonPage, before: &Emission) -> Vec<Row> {
    let unit = Unit::of(&page.sum);
    let carbon: [Term; 4] = [
        (words::GRID.get(), |sum| sum.grid_kg),
        (words::DIESEL.get(), |sum| sum.diesel_kg),
        (words::OFFSET.get(), |sum| sum.offset_kg),
        (words::NET.get(), Emission::net_kg),
    ];
    let carbon = carbon.into_iter().map(|(name, of)| {
        let kg = |sum| Some(of(sum) / unit.kg);
        let unit = format!("{} CO\u{2082}", unit.name);
        Row { name, unit, text: places, now: kg(&page.sum), before: kg(before) }
    });
    let diesel = diesel(&page.diesel, page.diesel_before.as_ref());
    carbon.chain(diesel).collect()
}

/// The period and the one before, as they begin a label.
fn labels(shown: &PeriodContext) -> [String; 2] {
    [steps::label(shown), steps::before_label(shown)].map(|text| capital(&text))
}

/// The table; none where nothing is compared with.
pub(super) fn table(page: &CarbonPage) -> Option<Html> {
    let before = page.before.as_ref()?;
    let [label, label_before] = labels(&page.shown);
    let rows = rows(page, before);
    let name = |row: &Row| html! { {row.name} " " <span class="unit">{&row.unit}</span> };
    let text = |row: &Row, value: Option<f64>| value.map_or_else(|| UNKNOWN.to_owned(), row.text);
    let change = |row: &Row| {
        let change = change_percent(row.now, row.before).filter(|_| is_told(page, row));
        change.unwrap_or_else(|| UNKNOWN.to_owned())
    };
    let rows = kit::Rows::of(&rows)
        .column(FIGURE, name)
        .column(kit::Column::of_figures(label), |row| text(row, row.now))
        .column(kit::Column::of_figures(label_before), |row| text(row, row.before))
        .column(kit::Column::of_figures(CHANGE), change);
    Some(html! {
        <div class="scroll carbon-compared" tabindex="0" role="group" aria-label=COMPARE>
            {rows.table("")}
        </div>
        {Downloads::of(&page.shown).offer("carbon-compared", || data(page, before))}
    })
}

fn data(page: &CarbonPage, before: &Emission) -> Table {
    let [label, label_before] = labels(&page.shown);
    let number = |value: Option<f64>| Value::number(value, value.map_or(0, figures::places));
    let change = |row: &Row| {
        let both = row.now.zip(row.before).filter(|_| is_told(page, row));
        both.map(|(now, before)| (now / before - 1.0) * 100.0)
    };
    let rows = rows(page, before);
    let rows = Rows::of(&rows)
        .text(FIGURE, |row| row.name)
        .text(UNIT, |row| &row.unit)
        .cell(label, |row| number(row.now))
        .cell(label_before, |row| number(row.before))
        .figure(Column::in_unit(CHANGE, "%"), 1, change);
    Downloads::of(&page.shown).rows(words::TITLE, rows)
}

fn diesel(now: &Diesel, before: Option<&Diesel>) -> Vec<Row> {
    let hours: fn(&Diesel) -> Option<f64> = |of| of.runtime_hours;
    let litres: fn(&Diesel) -> Option<f64> = |of| of.runtime_hours.map(|_| of.litres);
    if hours(now).or(before.and_then(hours)).is_none() {
        return Vec::new();
    }
    let row =
        |name: Text, unit: &str, text: fn(f64) -> String, of: fn(&Diesel) -> Option<f64>| Row {
            name: name.get(),
            unit: unit.to_owned(),
            text,
            now: of(now),
            before: before.and_then(of),
        };
    vec![
        row(words::RUNTIME_ALONE, "h", hours_minutes, hours),
        row(words::DIESEL_TITLE, "L", places, litres),
    ]
}

/// Whether both periods were read, and a percentage says something: not across zero, nor against nothing.
fn is_told(page: &CarbonPage, row: &Row) -> bool {
    let is_read = page.coverage >= COMPARABLE && page.before_coverage >= COMPARABLE;
    is_read && row.now.is_some_and(|now| now >= 0.0) && row.before.is_some_and(|it| it > 0.0)
}

fn places(value: f64) -> String {
    figures::fixed(value, figures::places(value))
}

/// The net of the steps of the period before in kg, on its own axis.
pub(super) fn points_before(page: &CarbonPage) -> Points {
    steps::points_before(&page.shown, &page.steps_before, |step| {
        (step.from, step.to, step.emission.map(|emission| emission.net_kg()))
    })
}

pub(super) fn line_before(page: &CarbonPage, scale: Scale, unit: Unit) -> Option<Html> {
    let points = || steps::path_before(&points_before(page), |kg| scale.below_top(kg / unit.kg));
    (!page.steps_before.is_empty()).then(points)
}
