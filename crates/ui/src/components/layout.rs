//! The frame around every page: rail, top bar, and the bar at the foot of a phone.
//!
//! Around a page that lives in the browser it does so too. Of a document that the server draws, only what moves in it
//! does: each such part is an island, taken over by itself.

#[cfg(feature = "ssr")]
mod document;
mod drawn;
mod keys;
mod sidebar;
mod switches;
mod top;

use leptos::html::Nav;
use leptos::prelude::*;

use crate::components::erased_view::{Erase as _, ErasedView};
use crate::components::load::with_live;
use crate::components::patterns::Patterns;
use crate::components::reactive::{piece, text};
use crate::components::search::Search;
use crate::components::waiting::PendingCount;
use crate::live::{Link, LiveHandle, Status};
use crate::period::Chosen;
use texts::time::duration;
use texts::words::frame as words;

#[cfg(feature = "ssr")]
pub use document::frame_of_document;
pub use drawn::Parts;
pub(crate) use {keys::follow as follow_keys, switches::follow as follow_switches};

pub(crate) use sidebar::LiveState;
use sidebar::{SIDEBAR, Sidebar};
use top::Top;

/// The frame around a page that lives in the browser.
#[component]
pub fn Frame(
    /// Whether the code of a page is being fetched, or a page before it is first drawn.
    is_routing: ReadSignal<bool>,
    children: Children,
) -> impl IntoView {
    provide_context(Chosen::new());
    let last = NodeRef::new();
    provide_context(LiveHandle::new(last));
    let awaited = PendingCount::new();
    provide_context(awaited);
    let mut parts = drawn::parts();
    drawn::follow();
    keys::follow();
    switches::follow();
    sidebar::follow();
    let field = std::mem::take(&mut parts.field);
    let moving = Moving {
        status: with_live(|live| view! { <LiveState status=live.status /> }.erased()),
        search: view! { <Search field /> }.erased(),
        lost: with_live(|live| view! { <LostBanner status=live.status /> }.erased()),
    };
    let main = Main {
        is_busy: text(move || (is_routing.get() || awaited.is_any()).to_string()),
        refresh_s: None,
        content: children(),
    };
    frame(parts, moving, main, last)
}

/// The parts of the frame that move.
struct Moving {
    /// The state of the live values.
    status: ErasedView,
    search: ErasedView,
    /// The banner over the page.
    lost: ErasedView,
}

/// The page in the frame.
struct Main {
    is_busy: Signal<String>,
    /// Seconds after which a document is drawn anew.
    refresh_s: Option<u32>,
    content: AnyView,
}

fn frame(parts: Parts, moving: Moving, main: Main, last: NodeRef<Nav>) -> impl IntoView + use<> {
    view! {
        // The browser itself puts the focus there.
        <a class="skip" href="#main" rel="external">
            {words::SKIP}
        </a>
        <Patterns />
        <div class="frame">
            <Sidebar places=parts.places foot=parts.foot status=moving.status />
            <Top site=parts.site search=moving.search period=parts.period />
            <main id="main" class="main" tabindex="-1" aria-busy=main.is_busy data-refresh=main.refresh_s>
                {moving.lost}
                <div id="sent" inner_html=parts.sent></div>
                {main.content}
            </main>
            <nav node_ref=last class="phone-bar" aria-label=words::SHORT_NAVIGATION>
                <div id="phone-places" class="phone-all" inner_html=parts.phone></div>
                <button type="button" popovertarget=SIDEBAR>
                    {words::MORE}
                </button>
            </nav>
            <div id="help-keys" inner_html=parts.keys></div>
        </div>
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
