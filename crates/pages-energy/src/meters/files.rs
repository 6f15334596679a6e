//! All meters of a site as data, for files: each with what it counted, each node with its loss.

use domain::figures::places_of_step;
use domain::meters::view::flow::{FlowPage, Point, Sums};
use tables::{Column, Table, Value};
use texts::words::{flow as words, losses};
use ui::drawing::files::Downloads;
use ui::drawing::parts::verdict;

/// Every meter, below the one that it hangs under.
pub(crate) fn meters(page: &FlowPage) -> Table {
    let unit = if page.is_live { "kW" } else { "kWh" };
    let error = format!("± {unit}");
    let columns = vec![
        Column::new(words::METER),
        Column::new(words::BELOW),
        Column::in_unit(if page.is_live { words::POWER_NOW } else { words::ENERGY }, unit),
        Column::in_unit(words::RETURNED, unit),
        Column::in_unit(losses::ERROR, &error),
        Column::in_unit(losses::COVERAGE, "%"),
        Column::in_unit(losses::LOSS_HEAD, unit),
        Column::in_unit(words::ERROR_OF_LOSS, &error),
        Column::new(losses::VERDICT),
    ];
    let mut rows = Vec::new();
    for root in &page.flow.roots {
        add(&mut rows, root, None, page.is_live);
    }
    Downloads::of(&page.shown).table(words::TITLE, columns, rows)
}

fn add(rows: &mut Vec<Vec<Value>>, point: &Point, above: Option<&str>, is_live: bool) {
    // Power is a mean of what the register counted: its steps say nothing of it.
    let places = if is_live { 1 } else { places_of_step(point.step_kwh) };
    let known = |value: f64, places| Value::number(point.import.map(|_| value), places);
    let balance = point.balance.as_ref();
    let left = balance.filter(|sums| sums.missing.is_empty());
    rows.push(vec![
        Value::text(&point.name),
        above.map(str::to_owned).into(),
        Value::number(point.import, places),
        known(point.export, places),
        known(point.error, places.max(1)),
        Value::percent(point.coverage),
        Value::number(left.map(Sums::left), 1),
        Value::number(left.map(|sums| sums.error), 1),
        balance.map(|sums| String::from(verdict(sums.verdict).1)).into(),
    ]);
    for below in &point.below {
        add(rows, below, Some(&point.name), is_live);
    }
}
