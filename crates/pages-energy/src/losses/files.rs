//! The tables of the losses as data, for files.

use domain::losses::balance::Verdict;
use domain::losses::nature::Saving;
use domain::losses::view::{AreaLoss, LossesPage, NodeLoss};
use domain::view::PeriodContext;
use tables::{Column, Table, Value};
use texts::words::losses as words;
use ui::drawing::files::Downloads;
use ui::drawing::parts::{kwh, percent, verdict};

use super::headline::saving;
use super::ranking::{cause, verdict_text};

/// The nodes, ranked as on the page; the site as a whole is among the facts.
pub(super) fn nodes(page: &LossesPage) -> Table {
    let columns = vec![
        Column::new(words::NODE),
        Column::in_unit(words::IN, "kWh"),
        Column::in_unit(words::OUT, "kWh"),
        Column::in_unit(words::LOSS_HEAD, "kWh"),
        Column::in_unit(words::ERROR, "± kWh"),
        Column::in_unit(words::LOSS_HEAD, "%"),
        Column::new(words::VERDICT),
        saved(&page.shown),
        Column::in_unit(words::SAVING, "kg CO\u{2082}"),
        Column::in_unit(words::COVERAGE, "%"),
        Column::new(words::CAUSE),
    ];
    let row = |node: &NodeLoss| {
        let loss = &node.loss;
        let known = |value: f64| Value::number(loss.kwh.map(|_| value), 1);
        vec![
            Value::text(&node.name),
            known(loss.in_kwh),
            known(loss.out_kwh),
            Value::number(loss.kwh, 1),
            known(loss.error_kwh),
            Value::number(loss.percent, 1),
            Value::text(verdict_text(loss)),
            amount(loss.saving),
            Value::number(loss.saving.and_then(|saving| saving.co2_kg), 1),
            Value::percent(loss.coverage),
            cause(page, node).into(),
        ]
    };
    let rows = page.nodes.iter().map(row).collect();
    let mut table = Downloads::of(&page.shown).table(words::TITLE, columns, rows);
    table.facts.extend(whole(page));
    table
}

/// The loss of the site, the part of it that could be saved, and its coverage.
fn whole(page: &LossesPage) -> Vec<(String, String)> {
    let loss = &page.whole;
    let lost = loss.kwh.map_or_else(
        || String::from(words::NOT_KNOWN),
        |lost| format!("{} ± {} kWh", kwh(lost), kwh(loss.error_kwh)),
    );
    let saved = loss.saving.map(|of| (String::from(words::SAVING), saving(&page.shown, &of)));
    let coverage = (String::from(words::COVERAGE), format!("{} %", percent(loss.coverage)));
    std::iter::once((String::from(words::ALL_NODES), lost)).chain(saved).chain([coverage]).collect()
}

/// The column of the money that could be saved.
fn saved(shown: &PeriodContext) -> Column {
    Column::in_unit(words::SAVING, texts::figures::currency_sign(&shown.site.currency))
}

fn amount(saving: Option<Saving>) -> Value {
    saving.and_then(|saving| saving.cost).into()
}

pub(super) fn areas(page: &LossesPage) -> Table {
    let columns = vec![
        Column::new(words::AREA),
        Column::new(words::NODES),
        Column::in_unit(words::LOSS_HEAD, "kWh"),
        Column::in_unit(words::ERROR, "± kWh"),
        Column::new(words::VERDICT),
        saved(&page.shown),
        Column::in_unit(words::COVERAGE, "%"),
    ];
    let row = |area: &AreaLoss| {
        let (_, word) = verdict(Verdict::of(area.kwh, area.error_kwh));
        vec![
            Value::text(area.name.clone().unwrap_or_else(|| words::NO_AREA.into())),
            Value::count(area.nodes),
            Value::number(area.kwh, 1),
            Value::number(area.kwh.map(|_| area.error_kwh), 1),
            Value::text(word),
            amount(area.saving),
            Value::percent(area.coverage),
        ]
    };
    let rows = page.areas.iter().map(row).collect();
    Downloads::of(&page.shown).table(words::BY_AREA, columns, rows)
}
