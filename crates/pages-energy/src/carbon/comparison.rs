//! The carbon and the diesel of a period beside those of the period before.

use domain::carbon::view::{CarbonPage, Diesel, Emission};
use domain::view::{COMPARABLE, PeriodContext};
use markup::{Html, html};
use texts::{figures, language};

use super::Unit;
use crate::picture::Points;
use crate::steps;
use tables::{Column, Table, Value};
use texts::time::hours_minutes;
use texts::words::alarms::UNIT;
use texts::words::carbon as words;
use texts::words::overview::{CHANGE, COMPARE, FIGURE};
use texts::words::period::capital;
use ui::components::chart::path::line;
use ui::components::chart::scale::Scale;
use ui::components::figure::{UNKNOWN, change_percent};
use ui::drawing::files::Downloads;
use ui::drawing::parts::plot::paths;

/// A figure: its name, its unit, how it is written, and its two values.
type Row = (&'static str, String, fn(f64) -> String, Option<f64>, Option<f64>);

/// A part of the net carbon: its name, and its kg CO₂ of a sum.
type Term = (&'static str, fn(&Emission) -> f64);

/// The terms of carbon, then those of diesel.
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
        (
            name,
            format!("{} CO\u{2082}", unit.name),
            places as fn(f64) -> String,
            kg(&page.sum),
            kg(before),
        )
    });
    let diesel = diesel(&page.diesel, page.diesel_before.as_ref());
    carbon.chain(diesel).collect()
}

/// The period and the one before, as they begin a label.
fn labels(shown: &PeriodContext) -> [String; 2] {
    let (today, language) = (shown.today(), language::now());
    [shown.period.label(today, language), shown.period.before_label(today, language)]
        .map(|text| capital(&text))
}

/// The table; none where nothing is compared with.
pub(super) fn table(page: &CarbonPage) -> Option<Html> {
    let before = page.before.as_ref()?;
    let [label, label_before] = labels(&page.shown);
    let rows = rows(page, before).into_iter().map(|of| row(page, of)).collect::<Html>();
    Some(html! {
        <div class="scroll carbon-compared" tabindex="0" role="group" aria-label=COMPARE>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{FIGURE}</th>
                        <th scope="col" class="num">
                            {label}
                        </th>
                        <th scope="col" class="num">
                            {label_before}
                        </th>
                        <th scope="col" class="num">
                            {CHANGE}
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {Downloads::of(&page.shown).offer("carbon-compared", || data(page, before))}
    })
}

/// The table as data, for files.
fn data(page: &CarbonPage, before: &Emission) -> Table {
    let [label, label_before] = labels(&page.shown);
    let columns = vec![
        Column::new(FIGURE),
        Column::new(UNIT),
        Column::new(label),
        Column::new(label_before),
        Column::in_unit(CHANGE, "%"),
    ];
    let number = |value: Option<f64>| Value::number(value, value.map_or(0, figures::places));
    let row = |(name, unit, _, now, before): Row| {
        let change = now.zip(before).filter(|_| is_told(page, now, before));
        let change = change.map(|(now, before)| (now / before - 1.0) * 100.0);
        let change = Value::number(change, 1);
        vec![Value::text(name), Value::text(unit), number(now), number(before), change]
    };
    let rows = rows(page, before).into_iter().map(row).collect();
    Downloads::of(&page.shown).table(words::TITLE, columns, rows)
}

/// Running hours and litres; nothing without a generator in either period.
fn diesel(now: &Diesel, before: Option<&Diesel>) -> Vec<Row> {
    let hours = |of: &Diesel| of.runtime_hours;
    let litres = |of: &Diesel| of.runtime_hours.map(|_| of.litres);
    if hours(now).or(before.and_then(hours)).is_none() {
        return Vec::new();
    }
    let runtime = words::RUNTIME_ALONE.get();
    let fuel = words::DIESEL_TITLE.get();
    let rows: [Row; 2] = [
        (runtime, "h".to_owned(), hours_minutes, hours(now), before.and_then(hours)),
        (fuel, "L".to_owned(), places, litres(now), before.and_then(litres)),
    ];
    rows.into()
}

/// Whether both periods were read, and a percentage says something: not across zero, nor against nothing.
fn is_told(page: &CarbonPage, now: Option<f64>, before: Option<f64>) -> bool {
    let is_read = page.coverage >= COMPARABLE && page.before_coverage >= COMPARABLE;
    is_read && now.is_some_and(|now| now >= 0.0) && before.is_some_and(|it| it > 0.0)
}

fn row(page: &CarbonPage, (name, unit, format, now, before): Row) -> Html {
    let change = change_percent(now, before).filter(|_| is_told(page, now, before));
    let text = |value: Option<f64>| value.map_or_else(|| UNKNOWN.to_owned(), format);
    html! {
        <tr>
            <th scope="row">
                {name} " " <span class="unit">{unit}</span>
            </th>
            <td class="num">{text(now)}</td>
            <td class="num">{text(before)}</td>
            <td class="num">{change.unwrap_or_else(|| UNKNOWN.to_owned())}</td>
        </tr>
    }
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
    let points = points_before(page).into_iter();
    let points = points.map(|point| point.map(|(x, kg)| (x, scale.below_top(kg / unit.kg))));
    (!page.steps_before.is_empty()).then(|| paths(vec![("line-before", line(points))]))
}
