//! The overview: the state in words, today's gauges, the balance, the input, the hotspots.

mod attention;
mod balance;
mod gauges;
mod hotspots;
mod input;
mod ranking;

pub(crate) use balance::source_class;

use std::time::Duration;

use domain::overview::sentence;
use domain::view;
use leptos::prelude::*;
use leptos_meta::Title;

use super::empty::Empty;
use crate::api::get_overview;
use crate::components::load::loaded;
use crate::live::{Live, use_refreshed};
use crate::words::overview as words;

/// Series change every quarter-hour; a minute late is early enough.
const REFRESH: Duration = Duration::from_mins(1);

#[component]
pub(crate) fn OverviewPage() -> impl IntoView {
    let page = Resource::new(|| (), |()| get_overview());
    view! {
        <Title text=words::TITLE />
        {loaded(words::PAGE, page, |live, page| view! { <Overview live page /> })}
    }
}

#[component]
fn Overview(live: Live, page: view::OverviewPage) -> impl IntoView {
    let page = use_refreshed(page, REFRESH, || async { get_overview().await.ok() });
    let empty = Memo::new(move |_| live.cards.with(|cards| cards.is_empty()));
    move || {
        if empty.get() {
            view! { <Empty /> }.into_any()
        } else {
            view! {
                <article class="page overview">
                    <State live />
                    <gauges::Gauges live />
                    <balance::Balance live />
                    <hotspots::Hotspots live page />
                    <input::SiteInput live page />
                    <attention::Attention live />
                </article>
            }
            .into_any()
        }
    }
}

/// The state of the site in words, what it costs, and how sure that is.
#[component]
fn State(live: Live) -> impl IntoView {
    let state = Memo::new(move |_| live.read(sentence));
    let cost = move || {
        state.with(|state| {
            let cost = state.cost.clone()?;
            Some(view! { <strong>{cost}"."</strong> })
        })
    };
    view! {
        <header class="state">
            <h1>{move || state.with(|state| state.headline.clone())}</h1>
            <p class="state-detail">{cost} " " {move || state.with(|s| s.detail.clone())}</p>
        </header>
    }
    .into_any()
}
