//! What a change of meters does, to them and to the balances around them, before it is stored.

use markup::{Html, html};
use serde_json::Value;
use service::meters::page::settings::MetersPage;
use service::meters::{
    Arranged, BalanceView, ChangedField, ChangedMeter, MeterChange, NodeChange, Preview,
};

use super::here;
use crate::settings::fields::plain;
use texts::figures::fixed;
use texts::words::settings::{self as words, meters};
use ui::components::figure::UNKNOWN;
use ui::components::mark::Shape;
use ui::drawing::parts::{kwh, mark, verdict};
use ui::drawing::{hidden, send};

/// Meters that are listed.
const SHOWN: usize = 50;

pub(super) fn draw(this: &MetersPage, changes: &[MeterChange], asked: &Arranged) -> Html {
    if asked.meters.is_empty() {
        return html! {
            <section class="settings-preview" role="status">
                <p>{meters::NO_CHANGE}</p>
            </section>
        };
    }
    let rows = asked.meters.iter().take(SHOWN).map(|meter| row(this, meter)).collect::<Html>();
    let more = asked.meters.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| html! { <p class="note">{words::more(more)}</p> });
    let changes: Vec<_> = changes
        .iter()
        .map(|change| serde_json::json!({"id": change.id, "set": change.set}))
        .collect();
    html! {
        <section class="settings-preview" role="status">
            <h2>
                {mark(Shape::Good)} " " {meters::would(asked.meters.len())} " "
                <span class="note">{words::NOTHING_STORED}</span>
            </h2>
            <div class="scroll" tabindex="0" role="group" aria-label=words::CHANGES>
                <table class="table settings-list">
                    <thead>
                        <tr>
                            <th scope="col">{meters::METER}</th>
                            <th scope="col" class="col-reason">
                                {words::CHANGES}
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {more}
            {balances(&asked.preview)}
            <div class="actions">
                <form action=send("settings-arrange")>
                    {hidden("site", this.about.site.slug.clone())}
                    {hidden("changes", Value::from(changes).to_string())}
                    <button type="submit" class="button button-main">
                        {meters::STORE}
                    </button>
                </form>
                <a class="button" href=here(this, &[])>
                    {words::CANCEL}
                </a>
            </div>
        </section>
    }
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

/// A field, what it says before, and what it says after; meters by their numbers.
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
    let rows = preview.nodes.iter().map(node).collect::<Html>();
    html! {
        <h3>
            {meters::BALANCES} " " <span class="note">{meters::BALANCES_NOTE}</span>
        </h3>
        <div class="scroll" tabindex="0" role="group" aria-label=meters::BALANCES>
            <table class="table settings-list settings-balances">
                <thead>
                    <tr>
                        <th scope="col">{meters::NODE}</th>
                        <th scope="col">
                            <span class="sr">{words::BEFORE} ", " {words::AFTER}</span>
                        </th>
                        <th scope="col" class="num">
                            {meters::IN}
                        </th>
                        <th scope="col" class="num">
                            {meters::OUT}
                        </th>
                        <th scope="col" class="num">
                            {meters::LOSS}
                        </th>
                        <th scope="col" class="num">
                            "%"
                        </th>
                        <th scope="col" class="num">
                            {meters::BAND}
                        </th>
                        <th scope="col">{meters::VERDICT}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn node(node: &NodeChange) -> Html {
    let line = |name: texts::language::Text, balance: Option<&BalanceView>| {
        let Some(balance) = balance else {
            return html! {
                <td>{name}</td>
                <td colspan="6">{meters::NO_NODE}</td>
            };
        };
        let (shape, word) = verdict(balance.verdict);
        let percent = balance.loss_percent.map_or_else(|| UNKNOWN.to_owned(), |it| fixed(it, 1));
        let loss = balance.loss_kwh.map_or_else(|| UNKNOWN.to_owned(), kwh);
        html! {
            <td>{name}</td>
            <td class="num">{kwh(balance.source_energy_kwh)}</td>
            <td class="num">{kwh(balance.destination_energy_kwh)}</td>
            <td class="num">{loss}</td>
            <td class="num">{percent}</td>
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
