//! Cost, diesel and solar energy, carbon with its factors.

use super::{downloads, section, table};
use domain::carbon::FactorSource;
use domain::reports::Report;
use domain::reports::view::ReportPage;
use markup::{Html, html};
use rust_decimal::Decimal;
use tables::{Column, Rows, Table, Value};
use texts::figures;
use texts::language::Text;
use texts::messages::told;
use texts::words::alarms::NOTE;
use texts::words::overview::FIGURE;
use texts::words::{carbon as carbon_words, report as words};
use ui::components::figure::UNKNOWN;
use ui::drawing::parts::money::with_sign;
use ui::drawing::parts::shared::SharedFigures;

pub(super) fn draw(page: &ReportPage) -> Html {
    let report = &page.report;
    let cost = html! {
        {drawn(page, lines_of_cost(report))}
        <p class="note">{words::GRID_COST_HELP}</p>
    };
    html! {
        {section("cost", words::MONEY, cost)}
        {section("generation", words::GENERATION, drawn(page, lines_of_generation(report)))}
        {section("carbon", words::CARBON, carbon(page))}
    }
}

/// A figure with its name, and what is to be said of it.
struct Line {
    name: String,
    value: Value,
    /// Of an amount of money.
    currency: Option<String>,
    note: String,
    /// Of a figure that stands on other pages.
    key: Option<&'static str>,
}

impl Line {
    fn new(name: Text, value: Value) -> Self {
        Self { name: name.into(), value, currency: None, note: String::new(), key: None }
    }

    fn tenths(name: Text, value: f64) -> Self {
        Self::new(name, Value::Number(value, 1))
    }

    /// An amount of money; where there is none, the note says why.
    fn money(name: Text, amount: Option<Decimal>, report: &Report) -> Self {
        Self { currency: Some(report.currency.clone()), ..Self::new(name, amount.into()) }
    }

    fn noted(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    fn keyed(self, key: &'static str) -> Self {
        Self { key: Some(key), ..self }
    }

    fn draw(self, shared: SharedFigures<'_>) -> Html {
        let text = match (&self.value, &self.currency) {
            (Value::Exact(amount), Some(currency)) => with_sign(*amount, currency),
            (Value::Number(value, places), _) => figures::fixed(*value, *places),
            _ => UNKNOWN.to_owned(),
        };
        let text = if let Some(key) = self.key {
            shared.mark(key, text)
        } else {
            html! { {text} }
        };
        html! {
            <div class="report-line">
                <dt>{self.name}</dt>
                <dd>
                    {text} " " <span class="note">{self.note}</span>
                </dd>
            </div>
        }
    }

    fn row(self, section: Text) -> Vec<Value> {
        let name = match &self.currency {
            Some(currency) => Column::in_unit(self.name, figures::currency_sign(currency)),
            None => Column::of_head(&self.name),
        };
        let note = Some(self.note).filter(|note| !note.is_empty());
        vec![Value::text(section), Value::text(name.head()), self.value, note.into()]
    }
}

fn drawn(page: &ReportPage, lines: Vec<Line>) -> Html {
    let shared = SharedFigures::of_month(&page.site, page.report.month);
    let lines = lines.into_iter().map(|line| line.draw(shared)).collect::<Html>();
    html! { <dl class="report-lines">{lines}</dl> }
}

/// The figures of the three sections, for the workbook.
pub(super) fn table_of_figures(page: &ReportPage) -> Table {
    let report = &page.report;
    let columns = [words::SECTION, FIGURE, carbon_words::VALUE, NOTE].map(Column::new);
    let sections = [
        (words::MONEY, lines_of_cost(report)),
        (words::GENERATION, lines_of_generation(report)),
        (words::CARBON, lines_of_carbon(report)),
    ];
    let rows =
        |(section, lines): (Text, Vec<Line>)| lines.into_iter().map(move |line| line.row(section));
    let rows = sections.into_iter().flat_map(rows).collect();
    downloads(page).table(words::COST_AND_CARBON, columns.into(), rows)
}

fn lines_of_cost(report: &Report) -> Vec<Line> {
    let money = |name: Text, cost: Option<Decimal>| {
        let line = Line::money(name, cost, report);
        if cost.is_some() { line } else { line.noted(words::NO_PRICE) }
    };
    let saved = match report.loss.saving {
        Some(saving) => money(words::LOSS_MONEY, saving.cost),
        None => Line::money(words::LOSS_MONEY, None, report),
    };
    vec![money(words::GRID_COST, report.grid_cost), saved]
}

fn lines_of_generation(report: &Report) -> Vec<Line> {
    let (diesel, solar) = (&report.diesel, &report.solar);
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
    let cost = Line::money(words::DIESEL_COST, diesel.cost, report).keyed("diesel.cost");
    let is_open = diesel.cost.is_none() && diesel.litres > 0.0;
    let per_kwh = domain::carbon::cost_per_kwh(diesel.cost, Some(diesel.kwh));
    vec![
        Line::tenths(words::DIESEL_KWH, diesel.kwh),
        Line::tenths(words::LITRES, diesel.litres).noted(litres).keyed("diesel.litres"),
        if is_open { cost.noted(words::NO_DIESEL_PRICE) } else { cost },
        Line::money(words::DIESEL_COST_PER_KWH, per_kwh, report).keyed("diesel.cost_per_kwh"),
        Line::new(words::RUNTIME, Value::number(diesel.runtime_hours, 1)),
        Line::new(words::STARTS, Value::Number(f64::from(diesel.starts), 0)),
        Line::tenths(words::PRODUCED, solar.kwh),
        Line::tenths(words::USED, solar.used_kwh),
        Line::tenths(words::EXPORTED, solar.exported_kwh),
        Line::tenths(words::OFFSET, report.carbon.offset_kg),
    ]
}

fn lines_of_carbon(report: &Report) -> Vec<Line> {
    let sum = &report.carbon;
    let before =
        report.before().map(|_| Line::tenths(words::CARBON_BEFORE, report.carbon_before.net_kg()));
    let lines = [
        Line::tenths(words::CARBON_GRID, sum.grid_kg),
        Line::tenths(words::CARBON_DIESEL, sum.diesel_kg),
        Line::tenths(words::CARBON_OFFSET, -sum.offset_kg),
        Line::tenths(words::CARBON_NET, sum.net_kg()),
    ];
    lines.into_iter().chain(before).collect()
}

pub(super) fn table_of_factors(page: &ReportPage) -> Table {
    let rows = Rows::of(&page.report.factors)
        .text(words::FACTOR, |factor| words::factor(factor.kind))
        .figure(words::FACTOR_VALUE, 3, |factor| factor.value)
        .text(words::FACTOR_UNIT, |factor| &factor.unit)
        .text(words::FACTOR_SOURCE, |factor| {
            told(&FactorSource::told(&factor.source, factor.valid_from))
        });
    downloads(page).rows(words::FACTORS, rows)
}

fn carbon(page: &ReportPage) -> Html {
    html! {
        {drawn(page, lines_of_carbon(&page.report))}
        <h3>{words::FACTORS}</h3>
        {table(page, "factors", table_of_factors(page), usize::MAX, None)}
    }
}
