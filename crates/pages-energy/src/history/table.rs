//! The table behind the chart: the same figures, row by row.

use super::letter;
use domain::history::view::{HistoryPage, Line};
use tables::{Column, Table, Value};
use texts::words::history as words;
use texts::words::losses::COVERAGE;
use ui::drawing::files::Downloads;

pub(super) fn table(page: &HistoryPage) -> Table {
    let mut columns = vec![Column::new(words::TIME)];
    let mut values: Vec<Vec<Value>> = Vec::new();
    for (i, series) in page.series.iter().enumerate() {
        let (of, unit) = (series.channel, series.channel.unit());
        let name = words::series(&series.name, of);
        let mut add = |head: String, line: &Line| {
            columns.push(if unit.is_empty() {
                Column::new(head)
            } else {
                Column::in_unit(head, unit)
            });
            let value = |held: &Option<domain::history::reduce::ReducedPoint>| {
                held.map_or(Value::Unknown, |held| {
                    Value::Number(held.mean, words::places(of, held.mean))
                })
            };
            values.push(line.rows(&page.rows).iter().map(value).collect());
        };
        add(format!("{} {name}", letter(i)), &series.line);
        if let Some(before) = &series.before {
            add(format!("{} {}", letter(i), words::BEFORE), before);
        }
        if let Line::Counted(steps) = &series.line {
            columns.push(Column::in_unit(format!("{} {COVERAGE}", letter(i)), "%"));
            let coverage = steps.iter().map(|step| {
                if step.is_under_way {
                    Value::text(words::UNDER_WAY)
                } else {
                    Value::percent(step.coverage)
                }
            });
            values.push(coverage.collect());
        }
    }
    let rows = page.rows.iter().enumerate().filter_map(|(row, bound)| {
        let cell = |column: &Vec<Value>| column.get(row).cloned().unwrap_or(Value::Unknown);
        let cells: Vec<Value> = values.iter().map(cell).collect();
        let has_any = cells.iter().any(|cell| *cell != Value::Unknown);
        has_any.then(|| [vec![Value::Time(bound.from)], cells].concat())
    });
    Downloads::of(&page.shown).table(words::TITLE, columns, rows.collect())
}
