//! The frame around every page: rail, top bar, and the bar at the foot of a phone. The server draws it; each part that
//! moves is an island.

#[cfg(feature = "ssr")]
mod document;
mod keys;

use chrono::{DateTime, Utc};
use leptos::ev::Event;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;

use crate::components::erased_view::Erase as _;
use crate::components::island::on_window;
use crate::components::mark::{Mark, Shape};
use crate::components::reactive::{piece, text};
use crate::live::{Link, Status};
use crate::theme::Theme;
use texts::language;
use texts::time::{SiteClock, duration};
use texts::words::frame as words;

#[cfg(feature = "ssr")]
pub use document::{Parts, frame};

/// Does what the keys and the switches of the frame say. Only in the browser.
pub(crate) fn follow() {
    keys::follow();
    on_window("change", choose);
}

/// Does what a switch says; those of a page have no `data-choice`.
fn choose(event: &Event) {
    let switch = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
    let Some(switch) = switch else { return };
    match switch.get_attribute("data-choice").as_deref() {
        Some("theme") => Theme::parse(Some(&switch.value())).apply(),
        Some("language") => language::choose(&switch.value()),
        Some("keys") => crate::keys::switch(switch.checked()),
        _ => {}
    }
}

/// Says that the values are old; they stay, dimmed, while it is shown.
#[component]
pub(crate) fn LostBanner(status: Status) -> impl IntoView {
    let lost = Memo::new(move |_| match status.link.get() {
        Link::Lost(since) if (status.now.get() - since).num_seconds() >= 3 => Some(since),
        _ => None,
    });
    let is_old = Memo::new(move |_| lost.get().is_some() || status.old_since.get().is_some());
    let said = text(move || match (lost.get(), status.old_since.get()) {
        (Some(since), _) => {
            let at = status.clock().second(status.at.get());
            words::stream_lost(&duration(status.now.get() - since), &at)
        }
        (None, Some(since)) => words::not_refreshed(&status.clock().minute(since)),
        (None, None) => String::new(),
    });
    view! {
        <div role="status">
            {piece(move || is_old.get().then(|| view! { <p class="banner">{said}</p> }))}
        </div>
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
