//! The overview: the state in words, today's gauges, the balance, the hotspots, which live in the browser; and what the
//! server alone draws below them.

mod balance;
mod gauges;
mod hotspots;
mod ranking;

use domain::MeterId;
use domain::overview::{facts, state};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use texts::words::overview as words;
use ui::components::erased_view::Erase as _;
use ui::components::reactive::text;
use ui::live::Live;
#[cfg(feature = "ssr")]
use {
    service::pages::Query,
    service::{Error, Principal, Service},
    ui::drawing::Sheet,
    ui::drawing::alive,
};

/// Name of the island.
const OVERVIEW: &str = "overview";

/// What goes with the live balance of a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Hotspot {
    node: MeterId,
    /// Its loss over the last 24 hours: what is drawn in its small chart.
    line: String,
    /// What was found about it; empty where nothing was.
    found: String,
}

#[cfg(feature = "ssr")]
pub(crate) async fn draw(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<Sheet, Error> {
    let snapshot = service::pages::snapshot(service, who, query).await?;
    if snapshot.meters.is_empty() {
        return Ok(super::empty::draw(words::TITLE.get(), query));
    }
    let below = pages_sites::overview(service, who, query).await?;
    let page = service::overview::hotspots(service, who, query).await?;
    let drawn = alive::page(words::TITLE.get(), snapshot, |live| {
        let island = alive::island(OVERVIEW, hotspots::of_page(&page), move |hotspots| {
            view! { <Overview live hotspots /> }.erased()
        });
        view! {
            <article class="page overview">
                {island} <div class="overview-below" inner_html=below.html></div>
            </article>
        }
    });
    Ok(Sheet { refresh_s: below.refresh_s, ..drawn })
}

/// Takes the island over.
#[cfg(feature = "hydrate")]
pub(crate) fn take_over(live: Live) {
    ui::islands::hydrate_page(OVERVIEW, |hotspots| view! { <Overview live hotspots /> }.erased());
}

#[component]
fn Overview(live: Live, hotspots: RwSignal<Vec<Hotspot>>) -> impl IntoView {
    view! {
        <State live />
        <gauges::Gauges live />
        <balance::Balance live />
        <hotspots::Hotspots live hotspots />
    }
    .erased()
}

/// The state of the site in words, what it costs, and how sure that is.
#[component]
fn State(live: Live) -> impl IntoView {
    let headline =
        text(move || live.read(|snapshot| words::headline(&state(snapshot), snapshot.at)));
    let read = move |say: fn(&domain::live::Snapshot) -> String| text(move || live.read(say));
    let cost = read(|all| words::price(&facts(all), &all.site).unwrap_or_default());
    let detail = read(|all| words::detail(&facts(all), &all.site));
    view! {
        <header class="state">
            <h1>{headline}</h1>
            <p class="state-detail">
                <strong>{cost}</strong>
                " "
                {detail}
            </p>
        </header>
    }
    .erased()
}
