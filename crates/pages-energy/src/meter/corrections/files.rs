//! The tables of corrections as data, for files.

use domain::Field;
use domain::alarms::view::HeldRow;
use domain::energy::interval::Decision;
use markup::Html;
use service::energy::quarantine::{StepState, StepView};
use service::meters::exchanges::ExchangeView;
use service::meters::page::CorrectionsPage;
use service::readings::corrections::CorrectionView;
use tables::{Column, Value};
use texts::language::Text;
use texts::words::alarms::UNIT;
use texts::words::energy as words;
use ui::drawing::files::Downloads;

use super::{answer, name, time};

/// Decimal places of what a person entered, as on the page.
const ENTERED: usize = 3;

pub(super) fn exchanges(page: &CorrectionsPage) -> Option<Html> {
    let columns = vec![
        Column::new(words::TIME),
        Column::in_unit(words::OLD_FINAL, "kWh"),
        Column::in_unit(words::NEW_INITIAL, "kWh"),
        Column::new(words::REASON),
        Column::new(words::STATE),
    ];
    let row = |row: &ExchangeView| {
        vec![
            Value::Time(row.timestamp),
            Value::Number(row.old_final_kwh, ENTERED),
            Value::Number(row.new_initial_kwh, ENTERED),
            Value::text(&row.reason),
            row.undone_at.map(|at| words::undone(&time(page, at))).into(),
        ]
    };
    offer(page, "exchanges", words::EXCHANGES, columns, page.exchanges.iter().map(row).collect())
}

pub(super) fn corrections(page: &CorrectionsPage) -> Option<Html> {
    let heads = [words::TIME, words::FIELD, words::VALUE, UNIT, words::REASON, words::STATE];
    let row = |row: &CorrectionView| {
        let value = row.value.map(|value| Value::Number(value, ENTERED));
        vec![
            Value::Time(row.timestamp),
            Value::text(name(&row.field)),
            value.unwrap_or_else(|| Value::text(words::STRUCK_OUT)),
            unit(&row.field),
            Value::text(&row.reason),
            row.undone_at.map(|at| words::undone(&time(page, at))).into(),
        ]
    };
    let rows = page.corrections.iter().map(row).collect();
    offer(page, "corrections", words::READING_CORRECTIONS, heads.map(Column::new).into(), rows)
}

pub(super) fn quarantine(page: &CorrectionsPage) -> Option<Html> {
    let heads = [
        words::TIME,
        words::FIELD,
        words::REGISTER_KWH,
        words::STEP,
        words::PLAUSIBLE,
        UNIT,
        words::STATE,
    ];
    let row = |row: &StepView| {
        let decision = match row.state {
            StepState::Open => None,
            StepState::Accepted => Some(Decision::Accept),
            StepState::Rejected => Some(Decision::Reject),
        };
        let figure = |value: f64| Value::Number(value, ENTERED);
        vec![
            Value::Time(row.timestamp),
            Value::text(name(&row.field)),
            figure(row.value),
            figure(row.delta),
            figure(row.plausible),
            unit(&row.field),
            decision.and_then(|decision| answer(&HeldRow::from(row), decision)).into(),
        ]
    };
    let rows = page.quarantine.iter().map(row).collect();
    offer(page, "questions", words::QUARANTINE, heads.map(Column::new).into(), rows)
}

fn unit(field: &str) -> Value {
    Field::parse(field).map(|field| field.unit().to_owned()).into()
}

fn offer(
    page: &CorrectionsPage,
    name: &str,
    title: Text,
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
) -> Option<Html> {
    let files = Downloads::of_site(&page.shown.site, page.shown.now);
    files.offer(name, || files.table(title, columns, rows))
}
