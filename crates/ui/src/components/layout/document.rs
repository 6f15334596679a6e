//! The frame, as the server draws it.

use leptos::prelude::*;

use super::{LiveState, LostBanner};
use crate::components::erased_view::Erase as _;
use crate::components::island::{DONE, FAILED, LOST, SEARCH, STATUS, island};
use crate::components::search::Search;
use crate::drawing::Sheet;
use crate::live::Status;
use texts::words::frame as words;

/// Id of the rail, which opens as a drawer where there is no room for it.
const SIDEBAR: &str = "rail";

/// The parts of the frame that depend on the address, as HTML.
#[derive(Debug, Default)]
pub struct Parts {
    pub places: String,
    /// Help and the switches, at the rail's foot.
    pub foot: String,
    /// The places at the foot of a phone.
    pub phone: String,
    /// Whose meters these are, and the other sites.
    pub site: String,
    pub field: String,
    pub period: String,
    pub keys: String,
    /// The outcome of a form that a browser without script has sent.
    pub sent: String,
}

/// The frame around a page. Without a status nothing in it tells whether values are old.
pub fn frame(parts: Parts, status: Option<Status>, sheet: Sheet) -> AnyView {
    let alive = |name, view: fn(Status) -> AnyView| {
        status.map_or_else(|| ().into_any(), |status| island(name, view(status)))
    };
    view! {
        // The browser itself puts the focus there.
        <a class="skip" href="#main" rel="external">
            {words::SKIP}
        </a>
        {patterns()}
        <div class="frame">
            <nav class="rail" id=SIDEBAR popover="auto" aria-label=words::NAVIGATION>
                <div id="places" inner_html=parts.places></div>
                <div class="rail-foot">
                    {alive(STATUS, |status| view! { <LiveState status /> }.erased())}
                    <div id="rail-foot" inner_html=parts.foot></div>
                </div>
            </nav>
            {top(parts.site, parts.field, parts.period)}
            <main
                id="main"
                class="main"
                tabindex="-1"
                aria-busy="false"
                data-refresh=Some(sheet.refresh_s).filter(|&seconds| seconds > 0)
                data-live=sheet.is_live.then_some("")
            >
                {alive(LOST, |status| view! { <LostBanner status /> }.erased())}
                <div id="sent" inner_html=parts.sent></div>
                <p id="not-refreshed" class="banner" role="status" data-told="" hidden=true>
                    {words::NOT_REFRESHED}
                </p>
                <div class="sheet">
                    <div inner_html=sheet.html></div>
                    <div role="status">
                        <div id=DONE class="done" data-told="" hidden=true></div>
                    </div>
                    <div role="alert">
                        <p id=FAILED class="done" data-told="" hidden=true></p>
                    </div>
                </div>
            </main>
            <nav class="phone-bar" aria-label=words::SHORT_NAVIGATION>
                <div id="phone-places" class="phone-all" inner_html=parts.phone></div>
                <button type="button" popovertarget=SIDEBAR>
                    {words::MORE}
                </button>
            </nav>
            <div id="help-keys" inner_html=parts.keys></div>
        </div>
    }
    .into_any()
}

/// The bar over every page: whose meters these are, the search, and the period.
fn top(site: String, field: String, period: String) -> AnyView {
    view! {
        <header class="top">
            <button type="button" class="menu" popovertarget=SIDEBAR aria-label=words::MENU>
                <svg width="18" height="12" viewBox="0 0 18 12" aria-hidden="true">
                    <path d="M0 1h18M0 6h18M0 11h18" />
                </svg>
            </button>
            <details id="site-choice" class="sites" inner_html=site></details>
            {island(SEARCH, view! { <Search field /> }.erased())}
            <nav class="period" tabindex="-1" aria-label=words::PERIOD>
                <div id="period-bar" class="period-bar" inner_html=period></div>
            </nav>
        </header>
    }
    .into_any()
}

/// Patterns that fills refer to.
fn patterns() -> AnyView {
    let drawn = ["hatch-gap", "hatch-loss", "hatch-warn"].map(hatch).concat();
    view! { <svg class="patterns" width="0" height="0" aria-hidden="true" inner_html=drawn></svg> }
        .into_any()
}

fn hatch(name: &'static str) -> String {
    view! {
        <defs>
            <pattern
                id=name
                width="6"
                height="6"
                patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)"
            >
                <line class=name x1="0" x2="0" y1="0" y2="6" />
            </pattern>
        </defs>
    }
    .to_html()
}
