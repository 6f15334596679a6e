//! The bar over every page: whose meters these are, and the search. The period is chosen at its end.

use leptos::prelude::*;

use super::period::PeriodBar;
use super::rail::RAIL;
use crate::components::lean::text;
use crate::components::load::with_live;
use crate::components::search::Search;
use crate::components::whole::AtOnce as _;
use crate::live::Live;
use crate::words::frame as words;

#[component]
pub(super) fn Top() -> impl IntoView {
    view! {
        <header class="top">
            <button type="button" class="menu" popovertarget=RAIL aria-label=words::MENU>
                <svg width="18" height="12" viewBox="0 0 18 12" aria-hidden="true">
                    <path d="M0 1h18M0 6h18M0 11h18" />
                </svg>
            </button>
            <details class="sites">
                <summary class="site">
                    {with_live(|live| view! { <SiteName live /> }.at_once())}
                </summary>
                <ul class="sites-list" inner_html=sites()></ul>
            </details>
            {with_live(|live| view! { <Search live /> }.at_once())}
            <PeriodBar />
        </header>
    }
    .at_once()
}

#[component]
fn SiteName(live: Live) -> impl IntoView {
    view! {
        <strong>{text(move || live.site.read().name.clone())}</strong>
        <span class="site-note">{text(move || words::plant(live.cards.read().len()))}</span>
    }
}

/// Links to the sites. They load the page anew: another site is another live state.
#[cfg(feature = "ssr")]
fn sites() -> String {
    use_context::<service::Service>()
        .zip(use_context::<service::Principal>())
        .map(|(service, who)| crate::sheets::sites(&service, who))
        .unwrap_or_default()
}

/// What the server drew stays as it is.
#[cfg(not(feature = "ssr"))]
fn sites() -> String {
    String::new()
}
