//! The application: its context, its frame and its routes.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{Lazy, SsrMode, path};

use crate::pages::{
    grid::GridPage,
    history::HistoryPage,
    meter::{MeterPage, MeterTabPage},
    meters::{Folded, MetersPage},
    overview::OverviewPage,
    server_page::DrawnPage,
};
use ui::components::layout::Frame;

/// The whole application. Pages are sent when they are complete, so that they are useful without
/// WASM and carry the right status. Every address without a route of its own is a page that the server
/// draws, or none.
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
                    <Route path=path!("/meters/:id") view={Lazy::<MeterPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/meters/:id/:tab") view={Lazy::<MeterTabPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/history") view={Lazy::<HistoryPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/grid") view={Lazy::<GridPage>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/*any") view={Lazy::<DrawnPage>::new()} ssr=SsrMode::Async />
                </FlatRoutes>
            </Frame>
        </Router>
    }
}
