//! The tables of the losses as data, for files.

use domain::losses::nature::Saving;
use domain::losses::view::{AreaLoss, Loss, LossesPage, NodeLoss};
use domain::view::PeriodContext;
use tables::{Column, Table, Value};
use texts::words::losses as words;
use ui::drawing::files::Downloads;
use ui::drawing::parts::{kwh, percent};

use super::change;
use super::headline::saving;
use super::ranking::{area_verdict_text, cause, verdict_text};

/// The nodes, ranked as on the page; the site as a whole is among the facts.
pub(super) fn nodes(page: &LossesPage) -> Table {
    let mut columns = vec![
        Column::new(words::NODE),
        Column::in_unit(words::IN, "kWh"),
        Column::in_unit(words::OUT, "kWh"),
        Column::in_unit(words::LOSS_HEAD, "kWh"),
        Column::in_unit(words::ERROR, "± kWh"),
        Column::in_unit(words::LOSS_HEAD, "%"),
        Column::new(words::VERDICT),
    ];
    columns.extend(change::columns(&page.shown));
    columns.extend([
        saved(&page.shown),
        Column::in_unit(words::SAVING, "kg CO\u{2082}"),
        Column::in_unit(words::COVERAGE, "%"),
        Column::new(words::CAUSE),
    ]);
    let row = |node: &NodeLoss| {
        let loss = &node.loss;
        let known = |value: f64| Value::number(loss.kwh.map(|_| value), 1);
        let mut row = vec![
            Value::text(&node.name),
            known(loss.in_kwh),
            known(loss.out_kwh),
            Value::number(loss.kwh, 1),
            known(loss.error_kwh),
            Value::number(loss.percent, 1),
            Value::text(verdict_text(loss)),
        ];
        row.extend(change::values_of_node(page, node));
        row.extend([
            amount(loss.saving),
            Value::number(loss.saving.and_then(|saving| saving.co2_kg), 1),
            Value::percent(loss.coverage),
            cause(page, node).into(),
        ]);
        row
    };
    let rows = page.nodes.iter().map(row).collect();
    let mut table = Downloads::of(&page.shown).table(words::TITLE, columns, rows);
    table.facts.extend(whole(page));
    table
}

/// The loss of the site, the part of it that is probably real, its coverage, and its loss in the period before.
fn whole(page: &LossesPage) -> Vec<(String, String)> {
    let loss = &page.whole;
    let lost = |loss: &Loss| {
        loss.kwh.map_or_else(
            || String::from(words::NOT_KNOWN),
            |lost| format!("{} ± {} kWh", kwh(lost), kwh(loss.error_kwh)),
        )
    };
    let saved = loss.saving.map(|of| (String::from(words::SAVING), saving(&page.shown, &of)));
    let coverage = (String::from(words::COVERAGE), format!("{} %", percent(loss.coverage)));
    let before = page.before.as_ref().map(|before| {
        (format!("{}, {}", words::ALL_NODES, change::name(&page.shown)), lost(before))
    });
    let now = (String::from(words::ALL_NODES), lost(loss));
    std::iter::once(now).chain(saved).chain([coverage]).chain(before).collect()
}

/// The column of the cost of real losses.
fn saved(shown: &PeriodContext) -> Column {
    Column::in_unit(words::SAVING, texts::figures::currency_sign(&shown.site.currency))
}

fn amount(saving: Option<Saving>) -> Value {
    saving.and_then(|saving| saving.cost).into()
}

pub(super) fn areas(page: &LossesPage) -> Table {
    let mut columns = vec![
        Column::new(words::AREA),
        Column::new(words::NODES),
        Column::in_unit(words::LOSS_HEAD, "kWh"),
        Column::in_unit(words::ERROR, "± kWh"),
        Column::new(words::VERDICT),
    ];
    columns.extend(change::columns(&page.shown));
    columns.extend([saved(&page.shown), Column::in_unit(words::COVERAGE, "%")]);
    let row = |area: &AreaLoss| {
        let mut row = vec![
            Value::text(area.name.clone().unwrap_or_else(|| words::NO_AREA.into())),
            Value::count(area.nodes),
            Value::number(area.kwh, 1),
            Value::number(area.kwh.map(|_| area.error_kwh), 1),
            Value::text(area_verdict_text(area)),
        ];
        row.extend(change::values_of_area(page, area));
        row.extend([amount(area.saving), Value::percent(area.coverage)]);
        row
    };
    let rows = page.areas.iter().map(row).collect();
    Downloads::of(&page.shown).table(words::BY_AREA, columns, rows)
}
