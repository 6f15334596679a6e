//! The balance of one node: its children laid end to end, closed by the loss.

use crate::figures;
use domain::balance::Verdict;
use domain::live::{MeterCard, NodeLive};
use leptos::prelude::*;

use super::balance_bar::{Part, bar, fold, short_names};
use super::lean::piece;
use super::whole::{AtOnce as _, Whole};
use crate::live::Live;
use crate::words::meters as words;
use crate::words::overview::others;

/// More pieces than this are not told apart.
const MOST: usize = 12;

/// What goes into the node against its children, with the loss and its error.
#[component]
pub(crate) fn NodeBalance(live: Live, node: RwSignal<NodeLive>) -> impl IntoView {
    piece(move || balance(live, &node.read()))
}

fn balance(live: Live, node: &NodeLive) -> Whole {
    let balance = &node.balance;
    let kw = |value: f64| figures::fixed(value, 1);
    let cards = live.cards.read();
    let children: Vec<_> = cards.iter().filter(|card| card.parent == Some(node.id)).collect();
    let part = |card: &&MeterCard| {
        let kw = live.meter(card.id).read().mean_kw?;
        Some(Part { name: card.name.clone(), kw, class: "fill-load1" })
    };
    let loads = children.iter().filter(|card| !card.feeds_parent);
    let mut parts: Vec<_> = loads.filter_map(part).collect();
    parts.sort_by(|a, b| b.kw.total_cmp(&a.kw));
    let mut parts = fold(short_names(parts), MOST, others);
    parts.extend(loss_part(node));
    let known = balance.verdict != Verdict::Incomplete;
    let whisker = known.then_some((balance.out_kw, balance.error_kw));
    let loss = if known {
        let percent = balance.loss_percent.map(kw);
        words::balance_loss(&kw(balance.loss_kw), percent.as_deref())
    } else {
        words::NO_BALANCE.into()
    };
    let class = match balance.verdict {
        Verdict::Loss => "is-loss",
        Verdict::Negative => "is-negative",
        Verdict::WithinError | Verdict::Incomplete => "is-quiet",
    };
    view! {
        <div class="node-balance">
            <p class="node-line">
                <span>{words::balance_in(&kw(balance.in_kw), children.len())}</span>
                <strong class=class>{loss}</strong>
            </p>
            {bar(&parts, balance.in_kw.max(balance.out_kw), whisker)}
            <p class="node-line note">
                <span></span>
                <span>{words::error_band(&kw(balance.error_kw))}</span>
            </p>
        </div>
    }
    .at_once()
}

fn loss_part(node: &NodeLive) -> Option<Part> {
    let class = match node.balance.verdict {
        Verdict::Loss => "fill-loss",
        Verdict::WithinError => "fill-within",
        Verdict::Negative | Verdict::Incomplete => return None,
    };
    let kw = node.balance.loss_kw;
    (kw > 0.0).then(|| Part { name: words::LOSS.into(), kw, class })
}
