//! The table behind the flow: every band, and what each balance leaves over; and all meters of a site as data, for
//! files: each with what it counted, each node with its loss.

use domain::figures::places_of_step;
use domain::losses::balance::Verdict;
use domain::meters::view::flow::{Flow, FlowPage, Point, Sums, What};
use domain::meters::view::sankey::{Branch, Sankey};
use markup::Html;
use tables::{Column, Table, Value};
use texts::words::{flow as words, losses};
use ui::components::figure::UNKNOWN;
use ui::drawing::files::Downloads;
use ui::drawing::parts::plot::data_table;
use ui::drawing::parts::{kwh, percent, verdict};

/// The rows, and what all shares are of.
struct Rows {
    input: f64,
    rows: Vec<Vec<String>>,
}

pub(super) fn table(sankey: &Sankey<'_>, flow: &Flow, is_live: bool) -> Html {
    let mut rows = Rows { input: flow.input(), rows: Vec::new() };
    for branch in &sankey.branches {
        rows.branch(branch, words::INPUT.get(), true);
    }
    let unit = if is_live { "kW" } else { "kWh" };
    let heads = [words::FROM.get(), words::TO.get(), unit, words::SHARE.get(), words::ERROR.get()];
    let heads = heads.into_iter().chain([words::COVERAGE.get()]).map(str::to_owned);
    data_table(heads.collect(), rows.rows)
}

impl Rows {
    /// A band between a node and what belongs to it, then what belongs to that.
    fn branch(&mut self, branch: &Branch<'_>, node: &str, leaves: bool) {
        let name = match &branch.what {
            What::Meter(point, _) => point.name.clone(),
            What::Others(_, points) => words::others(points.len()),
            What::Untracked(_) => words::UNTRACKED.into(),
            What::Returned(_) => words::RETURNED.into(),
            // A balance is told of with its node, whether that is unfolded or not.
            What::Left(..) => return,
        };
        let point = match &branch.what {
            What::Meter(point, _) => Some(*point),
            _ => None,
        };
        let ends = if leaves { [node, &name] } else { [&name, node] };
        let is_known = point.is_none_or(|point| point.import.is_some());
        let value = is_known.then_some(branch.value);
        let (error, coverage) = point.map(|it| (it.error, it.coverage)).unzip();
        self.row(ends, value, error, coverage);
        for below in &branch.branches {
            let leaves = below.column > branch.column;
            self.branch(below, &name, leaves);
        }
        if let Some(point) = point {
            self.left(point);
        }
    }

    fn left(&mut self, point: &Point) {
        let Some(sums) = &point.balance else { return };
        let to = match sums.verdict {
            Verdict::Loss => words::LOSS,
            Verdict::Negative => words::NEGATIVE,
            Verdict::WithinError => words::WITHIN_ERROR,
            Verdict::Incomplete => words::NOT_READ,
        };
        let ends = [point.name.as_str(), to.get()];
        self.row(ends, Some(sums.left()), Some(sums.error), Some(sums.coverage));
    }

    fn row(&mut self, ends: [&str; 2], value: Option<f64>, error: Option<f64>, read: Option<f64>) {
        let share = value.filter(|_| self.input > 0.0).map(|value| percent(value / self.input));
        let known = [value.map(kwh), share, error.map(kwh), read.map(percent)];
        let cells = known.map(|cell| cell.unwrap_or_else(|| UNKNOWN.to_owned()));
        self.rows.push(ends.into_iter().map(str::to_owned).chain(cells).collect());
    }
}

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
