//! Where the pages that the server draws alone are found.

use std::sync::Arc;

use domain::overview::view::HotspotsPage;
use leptos::prelude::*;
use service::{Principal, Service};

use super::Hotspot;
use crate::components::layout::Parts;
use crate::drawing::Drawing;

/// The pages that the server draws alone. The application knows them all and puts this into
/// the context of a request; here nothing knows one.
pub trait Pages: Send + Sync {
    /// What stands at a path; none where nothing does.
    fn draw<'a>(
        &self,
        service: &'a Service,
        who: &'a Principal,
        path: &'a str,
        query: &'a str,
    ) -> Drawing<'a>;

    /// What of the frame around a page is drawn by the server.
    fn frame(&self, service: &Service, who: &Principal, path: &str, search: &str) -> Parts;

    /// What goes with the live balances of the nodes.
    fn hotspots(&self, page: &HotspotsPage) -> Vec<Hotspot>;
}

/// Puts the pages into the context of a request.
pub fn provide_pages(pages: impl Pages + 'static) {
    provide_context::<Arc<dyn Pages>>(Arc::new(pages));
}

/// The pages, of a request.
pub(crate) fn pages() -> Result<Arc<dyn Pages>, ServerFnError> {
    use_context().ok_or_else(|| ServerFnError::new("the server gave this page no other pages"))
}
