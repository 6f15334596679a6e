//! The tables of a period as data, for files.

use chrono::{DateTime, Utc};
use domain::losses::view::Loss;
use domain::overview::comparison::{
    Change, Compared, ComparedNode, Figure, InputStep, PeriodOverview,
};
use domain::period::Step;
use tables::{Column, Table, Value};
use texts::figures::{currency_sign, places};
use texts::words::alarms::{NOTE, UNIT};
use texts::words::losses::{COVERAGE, NOT_KNOWN, SAVING, VERDICT};
use texts::words::overview as words;
use ui::drawing::files::Downloads;
use ui::drawing::parts::{kwh, verdict};

use super::nodes::remark;
use super::sums::unit;
use super::{label, label_before, name_before};

/// The figures beside those of the period before.
pub(super) fn figures(page: &PeriodOverview) -> Table {
    let columns = vec![
        Column::new(words::FIGURE),
        Column::new(UNIT),
        Column::new(label(page)),
        Column::new(label_before(page)),
        Column::in_unit(words::CHANGE, "%"),
        Column::in_unit(words::CHANGE, words::POINTS),
    ];
    let row = |figure: Figure| {
        let Compared { value, before, change } = page.compare(figure);
        let number = |value: Option<f64>| {
            let places = if figure.is_share() { 1 } else { value.map_or(0, places) };
            Value::number(value, places)
        };
        let (percent, points) = match change {
            Some(Change::Percent(percent)) => (Some(percent), None),
            Some(Change::Points(points)) => (None, Some(points)),
            None => (None, None),
        };
        (value.is_some() || before.is_some()).then(|| {
            vec![
                Value::text(words::figure(figure)),
                Value::text(unit(page, figure)),
                number(value),
                number(before),
                Value::number(percent, 1),
                Value::number(points, 1),
            ]
        })
    };
    let rows = Figure::ALL.into_iter().filter_map(row).collect();
    Downloads::of(&page.shown).table(words::TITLE, columns, rows)
}

/// The input step by step: those that have come, and with the period before all of them, at the end those of it
/// that stand beside none.
pub(super) fn steps(page: &PeriodOverview) -> Table {
    let (shown, compares) = (&page.shown, page.before.is_some());
    let kwh_of = |period: String| Column::in_unit(period, "kWh");
    let mut columns =
        vec![Column::new(words::FROM), kwh_of(label(page)), Column::in_unit(COVERAGE, "%")];
    columns.extend(compares.then(|| kwh_of(label_before(page))));
    let has_any = page.steps.iter().chain(&page.steps_before).any(|step| step.kwh.is_some());
    let is_by_time = matches!(shown.period.chart_step(shown.today()), Step::Quarter | Step::Hour);
    let start = |at: DateTime<Utc>| {
        if is_by_time { Value::Time(at) } else { Value::Day(shown.site.date_at(at)) }
    };
    let row = |(step, before): (&InputStep, Option<&InputStep>)| {
        let has_come = step.from < shown.now;
        (has_come || compares).then(|| {
            let coverage = has_come.then_some(step.coverage * 100.0);
            let mut row =
                vec![start(step.from), Value::number(step.kwh, 1), Value::number(coverage, 1)];
            let before = before.and_then(|before| before.kwh);
            row.extend(compares.then(|| Value::number(before, 1)));
            row
        })
    };
    let row_before = |step: &&InputStep| {
        vec![start(step.from), Value::Unknown, Value::Unknown, Value::number(step.kwh, 1)]
    };
    let pairs = page.pairs();
    let rows = page.steps.iter().zip(pairs.beside).filter_map(row);
    let rows = rows.chain(pairs.rest.iter().map(row_before)).filter(|_| has_any).collect();
    Downloads::of(shown).table(words::INPUT, columns, rows)
}

/// The nodes, the costliest first; the site as a whole is among the facts.
pub(super) fn nodes(page: &PeriodOverview) -> Table {
    let compares = page.before.is_some();
    let mut columns = vec![
        Column::new(words::NODE),
        Column::in_unit(words::LOSS, "kWh"),
        Column::in_unit(words::ERROR, "± kWh"),
        Column::in_unit(words::LOSS, "%"),
        Column::new(VERDICT),
        Column::in_unit(SAVING, currency_sign(&page.shown.site.currency)),
    ];
    if compares {
        columns.extend([
            Column::in_unit(format!("{}, {}", words::LOSS, name_before(page)), "kWh"),
            Column::in_unit(words::CHANGE, "kWh"),
            Column::in_unit(words::CHANGE, "± kWh"),
        ]);
    }
    columns.push(Column::new(NOTE));
    let row = |compared: ComparedNode<'_>| {
        let (loss, change) = (&compared.node.loss, compared.change);
        let mut row = vec![
            Value::text(&compared.node.name),
            Value::number(loss.kwh, 1),
            Value::number(loss.kwh.map(|_| loss.error_kwh), 1),
            Value::number(loss.percent, 1),
            Value::text(verdict(loss.verdict).1),
            loss.saving.filter(|_| loss.kwh.is_some()).and_then(|saving| saving.cost).into(),
        ];
        if compares {
            row.extend([
                Value::number(compared.before.and_then(|before| before.kwh), 1),
                Value::number(change.map(|change| change.kwh), 1),
                Value::number(change.map(|change| change.error_kwh), 1),
            ]);
        }
        row.push(remark(page, &compared).into());
        row
    };
    let rows = page.nodes().map(row).collect();
    let mut table = Downloads::of(&page.shown).table(words::HOTSPOTS, columns, rows);
    table.facts.push((words::ALL_NODES.into(), lost(&page.now.loss)));
    table.facts.extend(page.before.as_ref().map(|before| {
        (format!("{}, {}", words::ALL_NODES, name_before(page)), lost(&before.loss))
    }));
    table
}

/// The loss of the site with its error.
fn lost(loss: &Loss) -> String {
    let text = |lost: f64| format!("{} ± {} kWh", kwh(lost), kwh(loss.error_kwh));
    loss.kwh.map_or_else(|| NOT_KNOWN.into(), text)
}
