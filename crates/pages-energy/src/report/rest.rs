//! Cost, diesel and solar energy, carbon with its factors.

use domain::carbon::FactorSource;
use domain::carbon::view::FactorRow;
use domain::reports::Report;
use domain::reports::view::ReportPage;
use markup::{Html, html};

use super::{downloads, section, table};
use tables::{Column, Value};
use texts::figures;
use texts::messages::told;
use texts::words::{carbon as carbon_words, report as words};
use ui::components::figure::UNKNOWN;
use ui::drawing::parts::kwh;
use ui::drawing::parts::money::with_sign;

pub(super) fn draw(page: &ReportPage) -> Html {
    let report = &page.report;
    html! {
        {section("cost", words::MONEY, cost(report))}
        {section("generation", words::GENERATION, generation(report))}
        {section("carbon", words::CARBON, carbon(page))}
    }
}

/// Names with a figure each, and what is to be said of it.
fn lines(lines: Vec<(String, String, String)>) -> Html {
    let line = |(name, value, note): (String, String, String)| {
        html! {
            <div class="report-line">
                <dt>{name}</dt>
                <dd>
                    {value} " " <span class="note">{note}</span>
                </dd>
            </div>
        }
    };
    html! { <dl class="report-lines">{lines.into_iter().map(line).collect::<Html>()}</dl> }
}

fn plain(name: impl Into<String>, value: String) -> (String, String, String) {
    (name.into(), value, String::new())
}

fn cost(report: &Report) -> Html {
    let price = |cost| match cost {
        Some(cost) => with_sign(cost, &report.currency),
        None => words::NO_PRICE.into(),
    };
    let saving = report.loss.saving;
    let saving = saving.map_or_else(|| UNKNOWN.to_owned(), |saving| price(saving.cost));
    html! {
        {lines(
            vec![
                plain(words::GRID_COST, price(report.grid_cost)),
                plain(words::LOSS_MONEY, saving),
            ],
        )}
        <p class="note">{words::GRID_COST_HELP}</p>
    }
}

fn generation(report: &Report) -> Html {
    let (diesel, solar) = (&report.diesel, &report.solar);
    let runtime =
        diesel.runtime_hours.map_or_else(|| UNKNOWN.to_owned(), |hours| figures::fixed(hours, 1));
    let litres = if diesel.litres <= 0.0 {
        String::new()
    } else if diesel.is_metered {
        words::LITRES_METERED.into()
    } else if diesel.metered_litres > 0.0 {
        let litres = |value: f64| figures::fixed(value, 1);
        carbon_words::in_part(&litres(diesel.metered_litres), &litres(diesel.estimated_litres))
    } else {
        words::LITRES_COMPUTED.into()
    };
    lines(vec![
        plain(words::DIESEL_KWH, kwh(diesel.kwh)),
        (words::LITRES.into(), figures::fixed(diesel.litres, 1), litres),
        diesel_cost(report),
        plain(words::RUNTIME, runtime),
        plain(words::STARTS, diesel.starts.to_string()),
        plain(words::PRODUCED, kwh(solar.kwh)),
        plain(words::USED, kwh(solar.used_kwh)),
        plain(words::EXPORTED, kwh(solar.exported_kwh)),
        plain(words::OFFSET, figures::fixed(report.carbon.offset_kg, 1)),
    ])
}

/// The cost of diesel with that of a kWh; where it has no price, why it is open.
fn diesel_cost(report: &Report) -> (String, String, String) {
    let (diesel, currency) = (&report.diesel, &report.currency);
    let name = words::DIESEL_COST.into();
    let Some(cost) = diesel.cost else {
        let note = if diesel.litres > 0.0 { words::NO_DIESEL_PRICE.into() } else { String::new() };
        return (name, UNKNOWN.to_owned(), note);
    };
    let per_kwh = domain::carbon::cost_per_kwh(Some(cost), Some(diesel.kwh));
    let per_kwh = per_kwh.map(|cost| carbon_words::per_kwh(&with_sign(cost, currency)));
    (name, with_sign(cost, currency), per_kwh.unwrap_or_default())
}

fn carbon(page: &ReportPage) -> Html {
    let report = &page.report;
    let kg = |value: f64| figures::fixed(value, 1);
    let sum = &report.carbon;
    let mut lines_of_carbon = vec![
        plain(words::CARBON_GRID, kg(sum.grid_kg)),
        plain(words::CARBON_DIESEL, kg(sum.diesel_kg)),
        plain(words::CARBON_OFFSET, kg(-sum.offset_kg)),
        plain(words::CARBON_NET, kg(sum.net_kg())),
    ];
    if report.before().is_some() {
        lines_of_carbon.push(plain(words::CARBON_BEFORE, kg(report.carbon_before.net_kg())));
    }
    let columns = vec![
        Column::new(words::FACTOR),
        Column::new(words::FACTOR_VALUE),
        Column::new(words::FACTOR_UNIT),
        Column::new(words::FACTOR_SOURCE),
    ];
    let row = |factor: &FactorRow| {
        vec![
            Value::text(words::factor(factor.kind)),
            Value::Number(factor.value, 3),
            Value::text(&factor.unit),
            Value::text(told(&FactorSource::told(&factor.source, factor.valid_from))),
        ]
    };
    let rows = report.factors.iter().map(row).collect();
    let factors = downloads(page).table(words::FACTORS, columns, rows);
    html! {
        {lines(lines_of_carbon)}
        <h3>{words::FACTORS}</h3>
        {table(page, "factors", factors, usize::MAX, None)}
    }
}
