//! The evidence of a cause as data, for files.

use domain::losses::diagnosis::Candidate;
use domain::losses::view::{CauseCard, EvidenceStep, LossesPage};
use tables::{Column, Table, Value};
use texts::messages::told;
use texts::words::losses as words;
use ui::drawing::files::Downloads;

use super::said;

/// The steps of the chart.
pub(super) fn evidence(files: Downloads<'_>, title: String, steps: &[EvidenceStep]) -> Table {
    let heads = [words::TIME, words::METERED_KW, words::AFTER_KW, words::ERROR_KW];
    let row = |step: &EvidenceStep| {
        vec![
            Value::Time(step.at),
            Value::Number(step.metered_kw, 2),
            Value::number(step.after_kw, 2),
            Value::Number(step.error_kw, 2),
        ]
    };
    let columns = heads.iter().map(|head| Column::of_head(head)).collect();
    files.table(title, columns, steps.iter().map(row).collect())
}

/// The hypotheses that were tested.
pub(super) fn hypotheses(page: &LossesPage, card: &CauseCard) -> Table {
    let columns = vec![
        Column::new(words::HYPOTHESIS),
        Column::in_unit(words::BALANCE_AFTER, "kWh"),
        Column::in_unit(words::BAND_FROM, "kWh"),
        Column::in_unit(words::BAND_TO, "kWh"),
        Column::new(words::CLOSES),
    ];
    let row = |hypothesis: &Candidate| {
        let band = hypothesis.band.as_ref();
        vec![
            Value::text(told(&hypothesis.cause.text.clone().into())),
            Value::Number(hypothesis.cause.residual_kwh, 1),
            Value::number(band.map(|band| band.low_kwh), 1),
            Value::number(band.map(|band| band.high_kwh), 1),
            Value::text(said(hypothesis)),
        ]
    };
    let rows = card.hypotheses.iter().map(row).collect();
    Downloads::of(&page.shown).table(words::HYPOTHESIS, columns, rows)
}
