//! The tables of the losses as data, for files.

use super::change;
use super::headline::saving;
use super::ranking::{area_verdict_text, cause, verdict_text};
use crate::steps;
use domain::losses::view::{AreaLoss, Loss, LossesPage};
use domain::view::PeriodContext;
use tables::{Column, Rows, Table, Value};
use texts::words::losses as words;
use ui::drawing::files::Downloads;
use ui::drawing::parts::{kwh, percent};

/// The nodes, ranked as on the page; the site as a whole is among the facts.
pub(super) fn nodes(page: &LossesPage) -> Table {
    let known = |loss: &Loss, value: f64| loss.kwh.map(|_| value);
    let rows = Rows::of(page.nodes.iter().map(|node| (node, &node.loss)))
        .text(words::NODE, |(node, _)| &node.name)
        .figure(Column::in_unit(words::IN, "kWh"), 1, |(_, loss)| known(loss, loss.in_kwh))
        .figure(Column::in_unit(words::OUT, "kWh"), 1, |(_, loss)| known(loss, loss.out_kwh))
        .figure(Column::in_unit(words::LOSS_HEAD, "kWh"), 1, |(_, loss)| loss.kwh)
        .figure(Column::in_unit(words::ERROR, "± kWh"), 1, |(_, loss)| known(loss, loss.error_kwh))
        .figure(Column::in_unit(words::LOSS_HEAD, "%"), 1, |(_, loss)| loss.percent)
        .text(words::VERDICT, |(_, loss)| verdict_text(loss));
    let rows = change::values(&page.shown, rows, |(node, _)| change::of_node(page, node))
        .cell(saved(&page.shown), |(_, loss)| loss.saving.and_then(|saving| saving.cost))
        .figure(Column::in_unit(words::SAVING, "kg CO\u{2082}"), 1, |(_, loss)| {
            loss.saving.and_then(|saving| saving.co2_kg)
        })
        .percent(Column::in_unit(words::COVERAGE, "%"), |(_, loss)| loss.coverage)
        .cell(words::CAUSE, |(node, _)| cause(page, node));
    let mut table = Downloads::of(&page.shown).rows(words::TITLE, rows);
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
        (format!("{}, {}", words::ALL_NODES, steps::before_label(&page.shown)), lost(before))
    });
    let now = (String::from(words::ALL_NODES), lost(loss));
    std::iter::once(now).chain(saved).chain([coverage]).chain(before).collect()
}

fn saved(shown: &PeriodContext) -> Column {
    Column::in_unit(words::SAVING, texts::figures::currency_sign(&shown.site.currency))
}

pub(super) fn areas(page: &LossesPage) -> Table {
    let name = |area: &AreaLoss| area.name.clone().unwrap_or_else(|| words::NO_AREA.into());
    let rows = Rows::of(&page.areas)
        .text(words::AREA, name)
        .cell(words::NODES, |area| Value::count(area.nodes))
        .figure(Column::in_unit(words::LOSS_HEAD, "kWh"), 1, |area| area.kwh)
        .figure(Column::in_unit(words::ERROR, "± kWh"), 1, |area| area.kwh.map(|_| area.error_kwh))
        .text(words::VERDICT, area_verdict_text);
    let rows = change::values(&page.shown, rows, |area| change::of_area(page, area))
        .cell(saved(&page.shown), |area| area.saving.and_then(|saving| saving.cost))
        .percent(Column::in_unit(words::COVERAGE, "%"), |area| area.coverage);
    Downloads::of(&page.shown).rows(words::BY_AREA, rows)
}
