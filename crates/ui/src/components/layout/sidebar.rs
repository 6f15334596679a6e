//! The rail at the left: beside the page where there is room, else in a drawer.

use chrono::{DateTime, Utc};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::components::erased_view::Erase as _;
use crate::components::load::with_live;
use crate::components::mark::{Mark, MeterState, Shape};
use crate::components::reactive::text;
use crate::live::{Link, Live};
use texts::console::log_refusal;
use texts::time::SiteClock;
use texts::words::frame as words;

/// Id of the rail, which opens as a drawer where there is no room for it.
pub(super) const SIDEBAR: &str = "rail";

/// Name, places, and at the foot the live state, help and the switches.
#[component]
pub(super) fn Sidebar(
    /// The places, as the server drew them.
    places: String,
    /// Help and the switches.
    foot: String,
) -> impl IntoView {
    view! {
        <nav class="rail" id=SIDEBAR popover="auto" aria-label=words::NAVIGATION on:click=|event| close(&event)>
            <div id="places" inner_html=places></div>
            <div class="rail-foot">
                {with_live(|live| view! { <LiveState live /> }.erased())}
                <div id="rail-foot" inner_html=foot></div>
            </div>
        </nav>
    }
    .erased()
}

/// A link closes the drawer; where the rail stands open anyway there is nothing to close.
fn close(event: &MouseEvent) {
    let clicked = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    if !clicked.is_some_and(|it| matches!(it.closest("a"), Ok(Some(_)))) {
        return;
    }
    let rail = document().get_element_by_id(SIDEBAR);
    if let Some(rail) = rail.and_then(|rail| rail.dyn_into::<web_sys::HtmlElement>().ok())
        && rail.matches(":popover-open") == Ok(true)
    {
        log_refusal(rail.hide_popover(), "the menu does not close");
    }
}

/// Whether the values are live, how many meters are good, and the site's time.
#[component]
fn LiveState(live: Live) -> impl IntoView {
    let good = Memo::new(move |_| {
        live.read(|s| s.values.iter().filter(|v| MeterState::of(v).shape == Shape::Good).count())
    });
    let shape = Signal::derive(move || match live.link.get() {
        Link::Open => Shape::Good,
        Link::Opening => Shape::Ring,
        Link::Lost(_) => Shape::Stale,
    });
    let said = text(move || match live.link.get() {
        Link::Open => match live.site.read().simulated {
            Some(clock) => words::simulated(clock).into(),
            None => words::live(good.get(), live.cards.read().len()),
        },
        Link::Opening => words::OPENING.into(),
        Link::Lost(_) => words::LOST.into(),
    });
    // The year of a world may be any, and its seconds pass too fast to be read.
    let is_simulated = move || live.site.read().simulated.is_some();
    let shown = move |simulated: fn(SiteClock, DateTime<Utc>) -> String,
                      real: fn(SiteClock, DateTime<Utc>) -> String| {
        move || (if is_simulated() { simulated } else { real })(live.clock(), live.now.get())
    };
    let day = shown(SiteClock::date, SiteClock::day);
    let time = shown(SiteClock::minute, SiteClock::second);
    view! {
        <p class="live-state">
            <Mark shape />
            <span class="live-words">{said}</span>
        </p>
        <p class="live-time">
            <span class="live-day">{text(day)} ", "</span>
            <time>{text(time)}</time>
        </p>
        <p class="live-zone">
            {text(move || live.site.read().time_zone.clone())} ", " {text(move || live.clock().zone())}
        </p>
    }
    .erased()
}
