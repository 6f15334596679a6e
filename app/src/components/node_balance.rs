//! The balance of one node: its children laid end to end, closed by the loss.

use domain::balance::Verdict;
use domain::figures;
use domain::live::{MeterCard, NodeLive};
use leptos::prelude::*;

use super::balance_bar::{Bar, Part, fold, short_names};
use crate::components::lean::{AtOnce as _, text, word};
use crate::live::Live;
use crate::words::meters as words;
use crate::words::overview::others;

/// More pieces than this are not told apart.
const MOST: usize = 12;

/// What goes into the node against its children, with the loss and its error.
#[component]
pub(crate) fn NodeBalance(live: Live, node: RwSignal<NodeLive>) -> impl IntoView {
    let id = node.with_untracked(|node| node.id);
    let children = Memo::new(move |_| {
        live.cards.with(|cards| {
            cards.iter().filter(|card| card.parent == Some(id)).cloned().collect::<Vec<_>>()
        })
    });
    let parts = Memo::new(move |_| {
        let loads = children.get().into_iter().filter(|card| !card.feeds_parent);
        let part = |card: MeterCard| {
            let kw = live.meter(card.id).read().mean_kw?;
            Some(Part { name: card.name, kw, class: "fill-load1" })
        };
        let mut parts: Vec<_> = loads.filter_map(part).collect();
        parts.sort_by(|a, b| b.kw.total_cmp(&a.kw));
        let mut parts = fold(short_names(parts), MOST, others);
        node.with(|node| parts.extend(loss_part(node)));
        parts
    });
    let total =
        Signal::derive(move || node.with(|node| node.balance.in_kw.max(node.balance.out_kw)));
    let whisker = Signal::derive(move || {
        node.with(|node| {
            let known = node.balance.verdict != Verdict::Incomplete;
            known.then_some((node.balance.out_kw, node.balance.error_kw))
        })
    });
    let kw = |value: f64| figures::fixed(value, 1);
    let input = text(move || {
        words::balance_in(&node.with(|node| kw(node.balance.in_kw)), children.read().len())
    });
    let loss = text(move || {
        node.with(|node| {
            if node.balance.verdict == Verdict::Incomplete {
                return words::NO_BALANCE.to_owned();
            }
            let percent = node.balance.loss_percent.map(kw);
            words::balance_loss(&kw(node.balance.loss_kw), percent.as_deref())
        })
    });
    let class = word(move || match node.read().balance.verdict {
        Verdict::Loss => "is-loss",
        Verdict::Negative => "is-negative",
        Verdict::WithinError | Verdict::Incomplete => "is-quiet",
    });
    view! {
        <div class="node-balance">
            <p class="node-line">
                <span>{input}</span>
                <strong class=class>{loss}</strong>
            </p>
            <Bar parts total whisker />
            <p class="node-line note">
                <span></span>
                <span>{text(move || words::error_band(&kw(node.read().balance.error_kw)))}</span>
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
    (kw > 0.0).then(|| Part { name: words::LOSS.to_owned(), kw, class })
}
