//! The frame around every page: rail, top bar, and the bar at the foot of a phone.

mod drawn;
mod keys;
mod sidebar;
mod switches;
mod top;

use leptos::prelude::*;

use crate::components::erased_view::Erase as _;
use crate::components::load::with_live;
use crate::components::plot::Patterns;
use crate::components::reactive::{piece, text};
use crate::components::waiting::PendingCount;
use crate::live::{Link, Live, LiveHandle};
use crate::period::Chosen;
use texts::time::duration;
use texts::words::frame as words;

#[cfg(feature = "ssr")]
pub use drawn::Parts;
use sidebar::{SIDEBAR, Sidebar};
use top::Top;

/// The frame around every page.
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
    let is_busy = text(move || (is_routing.get() || awaited.is_any()).to_string());
    let parts = drawn::parts();
    drawn::follow();
    keys::follow();
    view! {
        // The browser itself puts the focus there.
        <a class="skip" href="#main" rel="external">
            {words::SKIP}
        </a>
        <Patterns />
        <div class="frame" on:change=|event| switches::choose(&event)>
            <Sidebar places=parts.places foot=parts.foot />
            <Top site=parts.site field=parts.field period=parts.period />
            <main id="main" class="main" tabindex="-1" aria-busy=is_busy>
                {with_live(|live| view! { <LostBanner live /> }.erased())}
                <div id="sent" inner_html=parts.sent></div>
                {children()}
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
fn LostBanner(live: Live) -> impl IntoView {
    let lost = Memo::new(move |_| match live.link.get() {
        Link::Lost(since) if (live.now.get() - since).num_seconds() >= 3 => Some(since),
        _ => None,
    });
    let is_old = Memo::new(move |_| lost.get().is_some() || live.old_since.get().is_some());
    let said = text(move || match (lost.get(), live.old_since.get()) {
        (Some(since), _) => {
            let at = live.clock().second(live.at.get());
            words::stream_lost(&duration(live.now.get() - since), &at)
        }
        (None, Some(since)) => words::not_refreshed(&live.clock().minute(since)),
        (None, None) => String::new(),
    });
    view! {
        <div role="status">
            {piece(move || is_old.get().then(|| view! { <p class="banner">{said}</p> }))}
        </div>
    }
}
