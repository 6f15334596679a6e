//! The bills of a month as data, for files.

use domain::bills::{BillSummary, Side};
use service::bills::page::{BillRow, BillsPage};
use tables::{Column, Table, Value};
use texts::figures;
use texts::words::bills as words;
use ui::drawing::files::Downloads;

use super::list::state;

pub(super) fn downloads(page: &BillsPage) -> Downloads<'_> {
    Downloads::of_month(&page.site, page.month, page.now)
}

pub(super) fn table(page: &BillsPage) -> Table {
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
