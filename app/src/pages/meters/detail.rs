//! What is selected in the tree: its balance, its values, its last 24 hours.

use chrono::{DurationRound, TimeDelta};
use domain::MeterId;
use domain::live::MeterCard;
use domain::view::MetersPage;
use leptos::ev;
use leptos::prelude::*;

use super::selection::Selection;
use super::tree::Tree;
use crate::components::chart::path::line;
use crate::components::chart::scale::Scale;
use crate::components::chart::slots::middles;
use crate::components::figure;
use crate::components::lean::{flag, piece, text, word};
use crate::components::mark::{Mark, MeterState, Shape, age};
use crate::components::node_balance::NodeBalance;
use crate::components::plot::{Axes, Plot, Probe, Window, paths};
use crate::components::search::is_typing;
use crate::components::whole::AtOnce as _;
use crate::live::Live;
use crate::period::link;
use crate::words::meters as words;
use crate::words::state as state_words;

#[component]
pub(super) fn Detail(
    live: Live,
    page: RwSignal<MetersPage>,
    selection: Selection,
    tree: Memo<Tree>,
) -> impl IntoView {
    follow_escape(selection);
    let card = Memo::new(move |_| {
        let id = selection.selected.get()?;
        tree.with(|tree| tree.card(id).cloned())
    });
    view! {
        <aside
            class="meters-detail"
            class:is-open=flag(move || card.read().is_some())
            aria-label=words::DETAIL
            aria-live="off"
        >
            {piece(move || match card.get() {
                Some(card) => view! { <Selected live page selection tree card /> }.at_once(),
                None => view! { <Nothing /> }.at_once(),
            })}
            <Legend />
        </aside>
    }
    .at_once()
}

/// Escape clears the selection from anywhere but a field.
fn follow_escape(selection: Selection) {
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape" && !event.default_prevented() && !is_typing(&event) {
                selection.clear();
            }
        });
        on_cleanup(move || handle.remove());
    });
}

#[component]
fn Nothing() -> impl IntoView {
    let key = |(key, what): (&'static str, &'static str)| {
        view! {
            <dt>
                <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
        }
    };
    view! {
        <div class="detail-nothing">
            <h2>{words::NOTHING}</h2>
            <p class="note">{words::NOTHING_HELP}</p>
            <h2>{words::KEYS}</h2>
            <dl class="keys">{words::KEY_LINES.map(key).collect_view()}</dl>
        </div>
    }
    .at_once()
}

#[component]
fn Legend() -> impl IntoView {
    let item = |shape: Shape, word: &'static str| {
        view! {
            <span>
                <Mark shape />
                " "
                {word}
            </span>
        }
    };
    view! {
        <p class="legend note">
            {item(Shape::Good, state_words::GOOD.get())}
            {item(Shape::Ring, state_words::DERIVED.get())}
            {item(Shape::Stale, state_words::STALE_HERE_OR_BELOW.get())}
            {item(Shape::Alarm, state_words::ERROR_OR_OFFLINE.get())}
            <span>{words::LEGEND_NOTE}</span>
        </p>
    }
    .at_once()
}

#[component]
fn Selected(
    live: Live,
    page: RwSignal<MetersPage>,
    selection: Selection,
    tree: Memo<Tree>,
    card: MeterCard,
) -> impl IntoView {
    let id = card.id;
    let facts = {
        let card = card.clone();
        text(move || {
            let (parent, below) = tree.with(|tree| {
                let parent = card.parent.and_then(|parent| tree.card(parent));
                (parent.map(|parent| parent.name.clone()), tree.below(id).len())
            });
            let own = words::facts(&card.number, &card.meter_type, card.level, parent.as_deref());
            own + &words::meters_below(below)
        })
    };
    view! {
        <header class="detail-head">
            <h2>{card.name.clone()}</h2>
            <p class="note">{facts}</p>
            <a class="detail-open" href=link(format!("/meters/{id}"))>
                {words::OPEN}
            </a>
            <button
                type="button"
                class="button button-quiet"
                aria-label=words::CLOSE
                on:click=move |_| selection.clear()
            >
                "\u{d7}"
            </button>
        </header>
        {live.node(id).map(|node| view! { <NodeBalance live node /> })}
        <Now live id />
        <Line live page card />
    }
    .at_once()
}

/// Its values now.
#[component]
fn Now(live: Live, id: MeterId) -> impl IntoView {
    let meter = live.meter(id);
    let state = Memo::new(move |_| MeterState::of(&meter.read()));
    let line = |name: &'static str, value: Signal<String>, unit: &'static str| {
        view! {
            <dt>{name}</dt>
            <dd>
                <figure::Figure value unit />
            </dd>
        }
    };
    let power = Signal::derive(move || figure::about(meter.read().power_kw));
    let mean = Signal::derive(move || figure::about(meter.read().mean_kw));
    let today = Signal::derive(move || figure::fixed(meter.read().today_kwh, 1));
    let old = Signal::derive(move || age(meter.read().at, live.now.get()));
    let reason = piece(move || {
        meter.read().reason.clone().map(|reason| {
            view! {
                <dt>{words::REASON}</dt>
                <dd class="reason">{reason}</dd>
            }
        })
    });
    view! {
        <dl class="values">
            {line(words::NOW, power, "kW")}
            {line(words::MEAN, mean, "kW")}
            {line(words::ENERGY, today, "kWh")}
            <dt>{words::STATE}</dt>
            <dd>
                <Mark shape=Signal::derive(move || state.read().shape) />
                " "
                {word(move || state.read().word.get())}
            </dd>
            {line(words::AGE, old, "")}
            {reason}
        </dl>
    }
    .at_once()
}

/// Its power over the last 24 hours.
#[component]
fn Line(live: Live, page: RwSignal<MetersPage>, card: MeterCard) -> impl IntoView {
    let id = card.id;
    let points = move || points_of(&page.read(), id);
    let scale = move || Scale::nice(points().into_iter().flatten(), 3);
    let window = move || {
        let at = page.read().snapshot.at;
        let to = at.duration_trunc(TimeDelta::minutes(15)).unwrap_or(at);
        Window::new(to - TimeDelta::days(1), to)
    };
    let axes = Signal::derive(move || Axes { scale: scale(), times: window().ticks(live.clock()) });
    let content = piece(move || {
        let (points, scale) = (points(), scale());
        let middles = middles(&points, points.len(), |kw| scale.below_top(kw));
        paths([("line-today", line(middles))])
    });
    let ask = Callback::new(move |x: f64| {
        let points = points();
        let end = |i: usize| (i + 1) as f64 / points.len() as f64 * 100.0;
        let slot = (0..points.len()).find(|&i| end(i) >= x)?;
        let x = (slot as f64 + 0.5) / points.len() as f64 * 100.0;
        let text = words::probe(&live.clock().minute(window().at(x)), &figure::about(points[slot]));
        Some(Probe { x, text })
    });
    let label = text(move || words::line_label(&card.name));
    view! {
        <section class="detail-line">
            <h3>
                {words::LINE} " " <span class="note">{words::LINE_NOTE}</span>
            </h3>
            <Plot label axes content ask />
        </section>
    }
    .at_once()
}

/// The power of a meter over the last 24 hours; nothing where it is not known.
pub(super) fn points_of(page: &MetersPage, id: MeterId) -> Vec<Option<f64>> {
    let line = page.power_lines.iter().find(|line| line.meter == id);
    line.map(|line| line.points.clone()).unwrap_or_default()
}
