//! The frame around every page: rail, top bar, and the bar at the foot of a phone. The server draws it; each part that
//! moves is an island.

#[cfg(feature = "ssr")]
mod document;
mod keys;
mod live_state;
mod switches;

use leptos::prelude::*;

use crate::components::reactive::{piece, text};
use crate::live::{Link, Status};
use texts::time::duration;
use texts::words::frame as words;

#[cfg(feature = "ssr")]
pub use document::{Parts, frame};
pub(crate) use live_state::LiveState;

/// Does what the keys and the switches of the frame say. Only in the browser.
pub(crate) fn follow() {
    keys::follow();
    switches::follow();
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
