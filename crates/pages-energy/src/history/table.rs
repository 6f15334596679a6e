//! The table behind the chart: the same figures, row by row.

use domain::history::view::{HistoryPage, Line};
use markup::Html;

use super::letter;
use texts::figures;
use texts::words::history as words;
use ui::drawing::parts::Clock;
use ui::drawing::parts::plot::data_table;

pub(super) fn draw(page: &HistoryPage) -> Html {
    if page.series.is_empty() {
        return Html::default();
    }
    let mut heads = vec![words::TIME.to_string()];
    let mut columns: Vec<Vec<String>> = Vec::new();
    for (i, series) in page.series.iter().enumerate() {
        let (of, unit) = (series.channel, series.channel.unit());
        let name = words::series(&series.name, of);
        let mut add = |head: String, line: &Line| {
            heads.push(head);
            let value = |held: &Option<domain::history::reduce::ReducedPoint>| {
                held.map(|held| words::value(of, held.mean)).unwrap_or_default()
            };
            columns.push(line.rows(&page.rows).iter().map(value).collect());
        };
        add(format!("{} {name} {unit}", letter(i)), &series.line);
        if let Some(before) = &series.before {
            add(format!("{} {}", letter(i), words::BEFORE), before);
        }
        if let Line::Counted(steps) = &series.line {
            heads.push(format!("{} {}", letter(i), words::COVERAGE));
            let coverage = steps.iter().map(|step| {
                if step.is_under_way {
                    words::UNDER_WAY.to_string()
                } else {
                    figures::fixed(step.coverage * 100.0, 1)
                }
            });
            columns.push(coverage.collect());
        }
    }
    let clock = Clock(&page.shown);
    let rows = page.rows.iter().enumerate().filter_map(|(row, bound)| {
        let cells: Vec<String> =
            columns.iter().map(|column| column.get(row).cloned().unwrap_or_default()).collect();
        let has_any = cells.iter().any(|cell| !cell.is_empty());
        has_any.then(|| [vec![clock.within(bound.from)], cells].concat())
    });
    data_table(heads, rows)
}
