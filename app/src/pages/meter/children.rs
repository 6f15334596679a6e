//! What hangs below the meter, with its balance.

use domain::MeterId;
use domain::figures;
use domain::live::{MeterCard, NodeLive};
use leptos::prelude::*;

use crate::components::chart::percent;
use crate::components::figure;
use crate::components::lean::{piece, text, text_if, word};
use crate::components::mark::{Mark, MeterState};
use crate::components::node_balance::NodeBalance;
use crate::components::whole::AtOnce as _;
use crate::live::Live;
use crate::period::link;
use crate::words::meter as words;
use crate::words::meters::FEEDS_PARENT;

#[component]
pub(super) fn Children(live: Live, id: MeterId) -> impl IntoView {
    let node = live.node(id)?;
    let children = Memo::new(move |_| {
        let mut children = live.cards.with(|cards| {
            cards.iter().filter(|card| card.parent == Some(id)).cloned().collect::<Vec<_>>()
        });
        let power = |card: &MeterCard| live.meter(card.id).with_untracked(|m| m.mean_kw);
        children.sort_by(|a, b| power(b).unwrap_or(0.0).total_cmp(&power(a).unwrap_or(0.0)));
        children
    });
    Some(
        view! {
            <section class="children">
                <h2>
                    {words::CHILDREN} " " <span class="note">{words::CHILDREN_NOTE}</span>
                </h2>
                <NodeBalance live node />
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words::METER}</th>
                            <th scope="col" class="num">
                                "kW"
                            </th>
                            <th scope="col" class="num">
                                "%"
                            </th>
                            <th scope="col" class="col-share">
                                <span class="sr">{words::SHARE}</span>
                            </th>
                            <th scope="col" class="num">
                                "kWh "
                                {words::TODAY}
                            </th>
                            <th scope="col" class="col-state">
                                <span class="sr">{words::STATE}</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        {piece(move || {
                            children
                                .get()
                                .into_iter()
                                .map(|card| view! { <Child live node card /> })
                                .collect_view()
                        })}
                    </tbody>
                </table>
            </section>
        }
        .at_once(),
    )
}

#[component]
fn Child(live: Live, node: RwSignal<NodeLive>, card: MeterCard) -> impl IntoView {
    let meter = live.meter(card.id);
    let state = Memo::new(move |_| MeterState::of(&meter.read()));
    let share = Memo::new(move |_| {
        let input = node.read().balance.in_kw;
        let kw = meter.read().mean_kw?;
        (input > 0.0).then(|| kw / input * 100.0)
    });
    let class = crate::pages::overview::source_class(card.kind);
    view! {
        <tr>
            <th scope="row">
                <a href=link(format!("/meters/{}", card.id))>{card.name}</a>
                {card.feeds_parent.then(|| view! { <span class="remark">" " {FEEDS_PARENT}</span> })}
            </th>
            <td class="num">{text(move || figure::fixed(meter.read().power_kw, 1))}</td>
            <td class="num">
                {text_if(move || share.get().map(|share| figures::fixed(share, 1)))}
            </td>
            <td class="col-share">
                <svg class="share" aria-hidden="true">
                    <rect
                        class=class
                        height="8"
                        width=text(move || percent(share.get().unwrap_or(0.0).clamp(0.0, 100.0)))
                    />
                </svg>
            </td>
            <td class="num">{text(move || figure::fixed(meter.read().today_kwh, 1))}</td>
            <td class="col-state">
                <Mark shape=Signal::derive(move || state.read().shape) />
                <span class="sr">{word(move || state.read().word)}</span>
            </td>
        </tr>
    }
    .at_once()
}
