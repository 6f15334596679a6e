//! A visit to a page. Its parts are drawn side by side: they are all of one instant, and what the
//! meters counted, which more than one of them shows, is worked out once.

pub(crate) mod asked;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::energy::window::Window;
use domain::sites::Site;

use crate::energy::window_energy::WindowEnergy;
use crate::operation::clock;
use crate::{Error, Service, instants};

/// The present on a site's clock, the same throughout a visit.
pub(crate) fn present(service: &Service, site: &Site) -> DateTime<Utc> {
    let now = || instants::stored(clock::now(service, site));
    match service.request_cache() {
        Some(visit) => *visit.presents.lock().entry(site.id).or_insert_with(now),
        None => now(),
    }
}

/// What the meters of a site counted in a window.
pub(crate) async fn window_energy(
    service: &Service,
    site: &Site,
    window: Window,
) -> Result<Arc<WindowEnergy>, Error> {
    let load = async || {
        let counted = Box::pin(WindowEnergy::load(service, site.clone(), window, None)).await;
        counted.map(Arc::new)
    };
    let Some(visit) = service.request_cache() else { return load().await };
    let cell = Arc::clone(visit.figures.lock().entry((site.id, window)).or_default());
    cell.get_or_try_init(load).await.cloned()
}
