//! The rail at the left: beside the page where there is room, else in a drawer.

use chrono::{DateTime, Utc};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

use crate::components::erased_view::{Erase as _, ErasedView};
use crate::components::island::on_window;
use crate::components::mark::{Mark, Shape};
use crate::components::reactive::text;
use crate::live::{Link, Status};
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
    /// The state of the live values.
    status: ErasedView,
) -> impl IntoView {
    view! {
        <nav class="rail" id=SIDEBAR popover="auto" aria-label=words::NAVIGATION>
            <div id="places" inner_html=places></div>
            <div class="rail-foot">
                {status}
                <div id="rail-foot" inner_html=foot></div>
            </div>
        </nav>
    }
    .erased()
}

/// A link closes the drawer, where it is followed without leaving the document.
pub(super) fn follow() {
    on_window("click", close);
}

fn close(event: &MouseEvent) {
    let clicked = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = clicked.and_then(|it| it.closest(".rail a").ok().flatten());
    let rail = link.and_then(|_| document().get_element_by_id(SIDEBAR));
    if let Some(rail) = rail.and_then(|rail| rail.dyn_into::<HtmlElement>().ok())
        && rail.matches(":popover-open") == Ok(true)
    {
        log_refusal(rail.hide_popover(), "the menu does not close");
    }
}

/// Whether the values are live, how many meters are good, and the site's time.
#[component]
pub(crate) fn LiveState(status: Status) -> impl IntoView {
    let shape = Signal::derive(move || match status.link.get() {
        Link::Open => Shape::Good,
        Link::Opening => Shape::Ring,
        Link::Lost(_) => Shape::Stale,
    });
    let said = text(move || match status.link.get() {
        Link::Open => match status.site.read().simulated {
            Some(clock) => words::simulated(clock).into(),
            None => status.counts.with(|counts| words::live(counts.good, counts.meters)),
        },
        Link::Opening => words::OPENING.into(),
        Link::Lost(_) => words::LOST.into(),
    });
    // The year of a world may be any, and its seconds pass too fast to be read.
    let is_simulated = move || status.site.read().simulated.is_some();
    let shown = move |simulated: fn(SiteClock, DateTime<Utc>) -> String,
                      real: fn(SiteClock, DateTime<Utc>) -> String| {
        move || (if is_simulated() { simulated } else { real })(status.clock(), status.now.get())
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
            {text(move || status.site.read().time_zone.clone())} ", " {text(move || status.clock().zone())}
        </p>
    }
    .erased()
}
