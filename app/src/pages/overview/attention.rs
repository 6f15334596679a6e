//! Meters that someone should look after, with the reason.

use domain::MeterId;
use leptos::prelude::*;

use crate::components::lean::{flag, piece, text, text_if};
use crate::components::mark::{Mark, MeterState, Shape, age};
use crate::components::whole::AtOnce as _;
use crate::live::Live;
use crate::period::link;
use crate::words::overview as words;

/// As many as fit beside the chart; the others are counted.
const MOST: usize = 6;

#[derive(Debug, Clone, PartialEq)]
struct Trouble {
    id: MeterId,
    name: String,
}

/// Meters in trouble, alarms first, then in the order of the tree.
fn troubles(snapshot: &domain::live::Snapshot) -> Vec<Trouble> {
    let mut found: Vec<_> = snapshot
        .values
        .iter()
        .map(|value| (MeterState::of(value), value.id))
        .filter(|(state, _)| state.is_trouble())
        .collect();
    found.sort_by_key(|(state, _)| state.shape != Shape::Alarm);
    found
        .into_iter()
        .filter_map(|(_, id)| snapshot.card(id).map(|card| Trouble { id, name: card.name.clone() }))
        .collect()
}

#[component]
pub(super) fn Attention(live: Live) -> impl IntoView {
    let troubles = Memo::new(move |_| live.read(troubles));
    let count = Memo::new(move |_| troubles.read().len());
    let note = text_if(move || {
        (count.get() > 0).then(|| words::in_trouble(count.get(), live.cards.read().len()))
    });
    let lines = piece(move || {
        let first = troubles.get().into_iter().take(MOST);
        first.map(|trouble| view! { <Line live trouble /> }).collect_view()
    });
    view! {
        <section class="attention">
            <h2>
                {words::ATTENTION} " " <span class="note">{note}</span>
            </h2>
            <ul class="lines">
                {lines}
            </ul>
            <p class="all-well" hidden=flag(move || count.get() != 0)>
                <Mark shape=Shape::Good />
                {words::ALL_WELL}
            </p>
            <p class="note" hidden=flag(move || count.get() <= MOST)>
                <a href=link("/meters")>{text(move || words::more(count.get().saturating_sub(MOST)))}</a>
            </p>
        </section>
    }
    .at_once()
}

#[component]
fn Line(live: Live, trouble: Trouble) -> impl IntoView {
    let meter = live.meter(trouble.id);
    let state = Memo::new(move |_| MeterState::of(&meter.read()));
    let said = text(move || {
        let word = state.read().word;
        match meter.read().reason.clone() {
            Some(reason) => format!("{word}: {reason}"),
            None => word.into(),
        }
    });
    view! {
        <li class="line">
            <Mark shape=Signal::derive(move || state.read().shape) />
            <a class="line-name" href=link(format!("/meters/{}", trouble.id))>
                {trouble.name}
            </a>
            <span class="line-text">{said}</span>
            <span class="line-age">{text(move || age(meter.read().at, live.now.get()))}</span>
        </li>
    }
}
