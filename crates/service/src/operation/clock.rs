//! What time it is on a site: real time where its meters are real, the world's time where they are
//! simulated.

mod boot;
mod note;
mod righted;

use chrono::{DateTime, Utc};
use domain::SiteId;
use domain::sites::Site;

use crate::Core;
pub use crate::registry::clocks::Simulated;
pub(crate) use righted::{Computer, run};
pub use righted::{Todo, right};

/// The present on a site's clock: "now", "today" and "future" of everything about it.
pub fn now(service: &Core, site: &Site) -> DateTime<Utc> {
    service.registry().now(site)
}

/// Sets the clock of a simulated site. Only a world without readings may be set back.
pub fn set(service: &Core, site: SiteId, simulated: Simulated) {
    service.registry().clocks().set(site, simulated);
}
