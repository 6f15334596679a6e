//! The bar over every page: whose meters these are, the search, and the period.

use leptos::prelude::*;

use super::sidebar::SIDEBAR;
use crate::components::erased_view::{Erase as _, ErasedView};
use texts::words::frame as words;

#[component]
pub(super) fn Top(
    /// Whose meters these are, as the server drew it.
    site: String,
    search: ErasedView,
    /// The period bar.
    period: String,
) -> impl IntoView {
    view! {
        <header class="top">
            <button type="button" class="menu" popovertarget=SIDEBAR aria-label=words::MENU>
                <svg width="18" height="12" viewBox="0 0 18 12" aria-hidden="true">
                    <path d="M0 1h18M0 6h18M0 11h18" />
                </svg>
            </button>
            <details id="site-choice" class="sites" inner_html=site></details>
            {search}
            <nav class="period" tabindex="-1" aria-label=words::PERIOD>
                <div id="period-bar" class="period-bar" inner_html=period></div>
            </nav>
        </header>
    }
    .erased()
}
