//! The table of a month's bills, in order of their meters.

use domain::bills::{BillState, BillSummary, Side};
use leptos::prelude::*;
use service::bills::page::{BillRow, BillsPage};
use texts::figures;
use texts::language::Text;
use texts::words::bills as words;
use ui::components::figure::UNKNOWN;
use ui::components::mark::Shape;
use ui::drawing::files::Downloads;
use ui::drawing::parts::money::{amount, decimal};
use ui::kit::{Cell, Column, Draw as _, Row, Table};

pub(super) fn draw(page: &BillsPage) -> AnyView {
    if page.rows.is_empty() {
        return view! {
            <section class="notice">
                <h2>{words::NO_METERS}</h2>
                <p>{words::NO_METERS_HELP}</p>
            </section>
        }
        .drawn();
    }
    let sign = figures::currency_sign(&page.site.currency);
    let columns = vec![
        Column::new(words::METER),
        Column::new(words::NAME).class("col-name"),
        Column::new(words::NUMBER).class("col-number"),
        Column::new(words::STATE).cells("col-verdict"),
        Column::of_figures(words::CONSUMED).class("col-consumed"),
        Column::of_figures(words::PRODUCED).class("col-produced"),
        Column::of_figures(words::COVERAGE).class("col-coverage"),
        Column::of_figures(format!("{} {sign}", words::AMOUNT)).cells("total"),
    ];
    let rows = page.rows.iter().map(|of| row(page, of)).collect();
    view! { <Table label=words::TITLE class="ranking bill-list" columns rows /> }.drawn()
}

pub(super) fn downloads(page: &BillsPage) -> Downloads<'_> {
    Downloads::of_month(&page.site, page.month, page.now)
}

pub(super) fn table(page: &BillsPage) -> tables::Table {
    use tables::{Column, Value};
    let columns = vec![
        Column::new(words::METER),
        Column::new(words::NAME),
        Column::new(words::NUMBER),
        Column::new(words::STATE),
        Column::of_head(&words::CONSUMED),
        Column::of_head(&words::PRODUCED),
        Column::of_head(&words::COVERAGE),
        Column::in_unit(words::AMOUNT, figures::currency_sign(&page.site.currency)),
    ];
    let row = |row: &BillRow| {
        let bill = row.bill.as_ref();
        let produced = bill.filter(|bill| bill.side == Side::Prosumer).map(|bill| bill.produced);
        vec![
            Value::text(&row.meter_number),
            Value::text(&row.meter_name),
            bill.and_then(|bill| bill.number.clone()).into(),
            Value::text(state(row).1),
            bill.map(|bill| bill.consumed).into(),
            produced.into(),
            bill.map_or(Value::Unknown, |bill| Value::percent(bill.coverage)),
            bill.map(|bill: &BillSummary| bill.amount_due).into(),
        ]
    };
    downloads(page).table(words::TITLE, columns, page.rows.iter().map(row).collect())
}

/// The state of a meter's bill: its shape and its word.
pub(super) fn state(row: &BillRow) -> (Shape, Text) {
    let Some(bill) = &row.bill else { return (Shape::Ring, words::NOT_COMPUTED) };
    match bill.state {
        BillState::Issued if bill.changed == Some(true) => (Shape::Warn, words::STALE),
        BillState::Issued => (Shape::Good, words::ISSUED),
        BillState::Draft => (Shape::Ring, words::DRAFT),
        BillState::Credited => (Shape::Stale, words::CREDITED),
        BillState::CreditNote => (Shape::Warn, words::CREDIT_NOTE),
    }
}

fn row(page: &BillsPage, row: &BillRow) -> Row {
    let (shape, said) = state(row);
    let bill = row.bill.as_ref();
    let text = |text: Option<String>| text.unwrap_or_else(|| UNKNOWN.to_owned());
    let href = format!("/bills/{}?site={}", row.id, page.site.slug);
    let produced =
        bill.filter(|bill| bill.side == Side::Prosumer).map(|bill| decimal(bill.produced, 1));
    let coverage = bill.map_or_else(|| UNKNOWN.into(), |bill| coverage(page, bill));
    Row {
        is_quiet: bill.is_some_and(|bill| bill.state == BillState::Credited),
        cells: vec![
            Cell::RowLink(row.meter_number.clone(), href),
            row.meter_name.clone().into(),
            text(bill.and_then(|bill| bill.number.clone())).into(),
            Cell::State(shape, said.into()),
            text(bill.map(|bill| decimal(bill.consumed, 1))).into(),
            text(produced).into(),
            coverage,
            text(bill.map(|bill| amount(bill.amount_due, &page.site.currency))).into(),
        ],
        ..Row::default()
    }
}

/// With a mark where it is too low to be issued.
fn coverage(page: &BillsPage, bill: &BillSummary) -> Cell {
    let text = figures::fixed(bill.coverage * 100.0, 1);
    if bill.coverage < page.least_coverage { Cell::State(Shape::Warn, text) } else { text.into() }
}
