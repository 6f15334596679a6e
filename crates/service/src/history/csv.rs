//! The figures of a chart as rows, for spreadsheets and programs.

use chrono::SecondsFormat;
use domain::history::reduce::ReducedPoint;
use domain::history::view::{HistoryPage, Line, Series};
use serde_json::{Value, json};

use super::strict;
use crate::pages::Query;
use crate::{Error, Principal, Service};

/// A row of names, then one for each step: when it begins and ends, and what each series has in it.
pub async fn csv(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<Vec<Vec<Value>>, Error> {
    let page = strict(service, who, query).await?;
    let mut names = vec![json!("start"), json!("end")];
    let mut columns: Vec<Vec<Value>> = Vec::new();
    for series in &page.series {
        let (own, cells) = columns_of(&page, series);
        names.extend(own.into_iter().map(Value::String));
        columns.extend(cells);
    }
    let rows = page.rows.iter().enumerate().filter_map(|(i, row)| {
        let cells: Vec<Value> =
            columns.iter().map(|column| column.get(i).cloned().unwrap_or_default()).collect();
        if cells.iter().all(Value::is_null) {
            return None;
        }
        let instant = |at: chrono::DateTime<chrono::Utc>| {
            json!(at.to_rfc3339_opts(SecondsFormat::Secs, true))
        };
        Some([vec![instant(row.from), instant(row.to)], cells].concat())
    });
    Ok(std::iter::once(names).chain(rows).collect())
}

fn columns_of(page: &HistoryPage, series: &Series) -> (Vec<String>, Vec<Vec<Value>>) {
    let unit = series.channel.unit();
    let name = format!("{} {}", series.number, series.channel.word());
    let name = if unit.is_empty() { name } else { format!("{name} {unit}") };
    let of = |line: &Line, value: fn(&ReducedPoint) -> f64| -> Vec<Value> {
        line.rows(&page.rows).iter().map(|held| json!(held.as_ref().map(value))).collect()
    };
    let (mut names, mut cells) = match &series.line {
        Line::Instant { .. } => {
            let names = ["mean", "min", "max"].map(|what| format!("{name} {what}"));
            let of = |value| of(&series.line, value);
            (names.to_vec(), vec![of(|held| held.mean), of(|held| held.min), of(|held| held.max)])
        }
        Line::Counted(steps) => {
            let coverage = steps.iter().map(|step| json!(step.coverage)).collect();
            let is_whole = steps.iter().map(|step| json!(!step.is_under_way)).collect();
            let names = [name.clone(), format!("{name} coverage"), format!("{name} whole")];
            (names.to_vec(), vec![of(&series.line, |held| held.mean), coverage, is_whole])
        }
    };
    if let Some(before) = &series.before {
        names.push(format!("{name} before"));
        cells.push(of(before, |held| held.mean));
    }
    (names, cells)
}
