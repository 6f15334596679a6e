//! What a change of meters does, to them and to the balances around them, before it is stored.

use markup::{Html, html};
use serde_json::Value;
use service::meters::page::settings::MetersPage;
use service::meters::{
    Arranged, BalanceView, ChangedField, ChangedMeter, MeterChange, NodeChange, Preview,
};

use super::here;
use crate::fields::{outcome, plain, store};
use texts::language::Text;
use texts::words::settings::{self as words, meters};
use ui::components::figure::{UNKNOWN, fixed};
use ui::drawing::parts::{kwh, verdict};
use ui::drawing::{Shape, draw_table, hidden, mark};
use ui::kit::Column;

const SHOWN: usize = 50;

pub(super) fn draw(this: &MetersPage, changes: &[MeterChange], asked: &Arranged) -> Html {
    if asked.meters.is_empty() {
        return html! {
            <section class="settings-preview" role="status">
                <p>{meters::NO_CHANGE}</p>
            </section>
        };
    }
    let columns = [Column::new(meters::METER), Column::new(words::CHANGES).class("col-reason")];
    let rows = asked.meters.iter().take(SHOWN).map(|meter| row(this, meter));
    let more = asked.meters.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| html! { <p class="note">{words::more(more)}</p> });
    let changes: Vec<_> = changes
        .iter()
        .map(|change| serde_json::json!({"id": change.id, "set": change.set}))
        .collect();
    let title = html! {
        {meters::would(asked.meters.len())} " " <span class="note">{words::NOTHING_STORED}</span>
    };
    let fields = html! {
        {hidden("site", &this.about.site.slug)} {hidden("changes", Value::from(changes).to_string())}
    };
    let content = html! {
        {draw_table(words::CHANGES, "settings-list", columns, rows)}
        {more}
        {balances(&asked.preview)}
        {store("settings-arrange", fields, meters::STORE, here(this, &[]))}
    };
    outcome(Shape::Good, title, content)
}

fn row(this: &MetersPage, meter: &ChangedMeter) -> Html {
    let changes: Vec<_> = meter.changes.iter().map(|change| said(this, change)).collect();
    html! {
        <tr>
            <th scope="row">
                {meter.meter_name.clone()} " "
                <span class="note">{meter.meter_number.clone()}</span>
            </th>
            <td class="col-reason">{changes.join("; ")}</td>
        </tr>
    }
}

fn said(this: &MetersPage, change: &ChangedField) -> String {
    let value = |value: &Value| match (change.field.as_str(), value.as_i64()) {
        ("parentMeterId", Some(id)) => {
            let found = this.tree.iter().find(|(_, meter)| meter.id.0 == id);
            found.map_or_else(|| plain(value), |(_, meter)| meter.name.clone())
        }
        _ => plain(value),
    };
    let name = meters::field(&change.field);
    format!("{name}: {} \u{2192} {}", value(&change.before), value(&change.after))
}

pub(super) fn balances(preview: &Preview) -> Html {
    if preview.nodes.is_empty() {
        return html! { <p class="note">{meters::SAME_BALANCES}</p> };
    }
    let columns = [
        Column::new(meters::NODE),
        Column::unnamed(format!("{}, {}", words::BEFORE, words::AFTER)),
        Column::of_figures(meters::IN),
        Column::of_figures(meters::OUT),
        Column::of_figures(meters::LOSS),
        Column::of_figures("%"),
        Column::of_figures(meters::BAND),
        Column::new(meters::VERDICT),
    ];
    let rows = preview.nodes.iter().map(node);
    html! {
        <h3>
            {meters::BALANCES} " " <span class="note">{meters::BALANCES_NOTE}</span>
        </h3>
        {draw_table(meters::BALANCES, "settings-list settings-balances", columns, rows)}
    }
}

fn node(node: &NodeChange) -> Html {
    let line = |name: Text, balance: Option<&BalanceView>| {
        let Some(balance) = balance else {
            return html! {
                <td>{name}</td>
                <td colspan="6">{meters::NO_NODE}</td>
            };
        };
        let (shape, word) = verdict(balance.verdict);
        let loss = balance.loss_kwh.map_or_else(|| UNKNOWN.to_owned(), kwh);
        html! {
            <td>{name}</td>
            <td class="num">{kwh(balance.source_energy_kwh)}</td>
            <td class="num">{kwh(balance.destination_energy_kwh)}</td>
            <td class="num">{loss}</td>
            <td class="num">{fixed(balance.loss_percent, 1)}</td>
            <td class="num">{kwh(balance.error_kwh)}</td>
            <td class="col-verdict">{mark(shape)} " " {word}</td>
        }
    };
    html! {
        <tr>
            <th scope="rowgroup" rowspan="2">
                {node.meter_name.clone()} " "
                <span class="note">{node.meter_number.clone()}</span>
            </th>
            {line(words::BEFORE, node.before.as_ref())}
        </tr>
        <tr>{line(words::AFTER, node.after.as_ref())}</tr>
    }
}
