//! The pages that live in the browser: their context, their frame and their routes.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{Lazy, SsrMode, path};

use crate::pages::{
    grid::GridPage,
    meters::{Folded, MetersPage},
    overview::OverviewPage,
};
use ui::components::layout::Frame;

/// Whether a page that lives in the browser stands at a path. Every other one is loaded.
pub fn lives_in_browser(path: &str) -> bool {
    let mut parts = path.trim_matches('/').split('/');
    match parts.next() {
        Some("" | "grid" | "meters") => parts.next().is_none(),
        _ => false,
    }
}

/// These pages. They are sent when they are complete, so that they are useful without WASM and carry the right status.
#[component]
pub fn App() -> impl IntoView {
    #[cfg(feature = "ssr")]
    leptos_meta::provide_meta_context();
    provide_context(Folded::new());
    let (is_routing, set_is_routing) = signal(false);
    view! {
        <Router set_is_routing>
            <Frame is_routing>
                <FlatRoutes fallback=|| ()>
                    <Route path=path!("/") view={Lazy::<OverviewPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/meters") view={Lazy::<MetersPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/grid") view={Lazy::<GridPage>::new()} ssr=SsrMode::Async />
                </FlatRoutes>
            </Frame>
        </Router>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_the_browser_are_told_from_the_others() {
        for path in ["/", "/grid", "/meters"] {
            assert!(lives_in_browser(path), "{path}");
        }
        for path in
            ["/losses", "/history", "/bills/3", "/meters/3", "/meters/3/raw", "/grid/x", "/kit"]
        {
            assert!(!lives_in_browser(path), "{path}");
        }
    }
}
