//! The live state: the newest of every meter, the trailing balance of every node, and the stream of
//! changes.
//!
//! One task ([`run`]) changes the state; everyone else reads it under a lock that is held briefly.

mod alarm;
pub(crate) mod committed;
mod event;
mod extent;
mod one;
mod site;
mod stored;
mod stream;
pub mod streams;
mod task;
pub(crate) mod watch;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::live::{MeterLive, Status};
use domain::meters::MeterAddress;
use domain::readings::channel::Latest;
use domain::sites::Site;
use domain::{MeterId, SiteId, SiteSlug};
use parking_lot::RwLock;

use crate::carbon::Directions;
use crate::losses::power_loss::Drawn;
use crate::{Action, Core, Error, Principal, resolve};
use extent::Extent;
use one::OneMeter;

pub use alarm::AlarmLive;
pub use event::{Event, EventKind};
pub(crate) use site::SiteLive;
pub(crate) use site::early::Early;
pub(crate) use site::normal;
pub(crate) use site::quarter::Quarter;
pub(crate) use stored::follow as follow_stored;
pub use stream::Subscription;
pub(crate) use task::{Inlets, Live, run};

/// A site or a meter, as a stream follows it.
#[derive(Debug, Clone)]
pub enum Followed {
    /// A site; the default site unless one is named.
    Site(Option<SiteSlug>),
    /// A site's clock and counts, without its meters.
    Status(Option<SiteSlug>),
    /// One meter.
    Meter(MeterAddress),
}

/// Follows a site or a meter from what is shown now, or from the message after `last_id`.
///
/// # Errors
/// The principal may not look, or the site or meter is not there.
pub(crate) async fn follow(
    core: &Core,
    live: &LiveState,
    who: &Principal,
    followed: &Followed,
    last_id: Option<u64>,
) -> Result<Subscription, Error> {
    let (id, told) = match followed {
        Followed::Site(site) | Followed::Status(site) => {
            let site = crate::sites::resolve(core, who, Action::See, site.as_ref()).await?;
            let is_status = matches!(followed, Followed::Status(_));
            (site.id, if is_status { Extent::Status } else { Extent::All })
        }
        Followed::Meter(address) => {
            let (meter, seen) = resolve::seen(core, who, Action::See, address).await?;
            let site = crate::sites::of(core, &meter).await?;
            (site.id, Extent::Meter(Box::new(OneMeter { meter: meter.id, site, seen })))
        }
    };
    live.subscribe(id, told, last_id).ok_or_else(|| Error::no_site(id))
}

/// The state of all sites.
#[derive(Clone, Default)]
pub(crate) struct LiveState {
    sites: Arc<RwLock<HashMap<SiteId, SiteLive>>>,
}

impl LiveState {
    /// The newest of a meter.
    pub(crate) fn meter(&self, id: MeterId) -> Option<MeterLive> {
        self.sites.read().values().find_map(|site| site.value(id).cloned())
    }

    /// The newest of each value of a meter.
    pub(crate) fn latest(&self, id: MeterId) -> Option<Latest> {
        self.sites.read().values().find_map(|site| site.latest(id).cloned())
    }

    /// Looks at a site's state.
    pub(crate) fn with<T>(&self, site: SiteId, look: impl FnOnce(&SiteLive) -> T) -> Option<T> {
        self.sites.read().get(&site).map(look)
    }

    /// Looks at a site's state by its clock, all under one lock.
    pub(crate) fn at<T>(
        &self,
        site: SiteId,
        now: impl FnOnce(&Site) -> DateTime<Utc>,
        look: impl FnOnce(&SiteLive, DateTime<Utc>) -> T,
    ) -> Option<T> {
        self.with(site, |live| look(live, now(&live.site)))
    }

    /// Follows a site from what is shown now, or from the message after `last_id`.
    fn subscribe(&self, site: SiteId, told: Extent, last_id: Option<u64>) -> Option<Subscription> {
        self.with(site, |site| site.subscribe(told, last_id))
    }

    /// Takes over the open alarms of a site.
    pub(crate) fn set_alarms(&self, site: SiteId, alarms: Vec<AlarmLive>) {
        if let Some(site) = self.sites.write().get_mut(&site) {
            site.set_alarms(alarms);
        }
    }

    /// Takes over how the generators of a site ran.
    fn set_ran(&self, site: SiteId, ran: Vec<site::ran::Ran>) {
        if let Some(site) = self.sites.write().get_mut(&site) {
            site.ran = ran;
        }
    }

    /// Takes over what the meters of a site counted since its midnight, what those drew this month whose
    /// prices go by blocks, and by which registers its sources deliver.
    fn set_today(
        &self,
        site: SiteId,
        today: site::today::Today,
        (drawn, directions): (Drawn, Directions),
    ) {
        if let Some(site) = self.sites.write().get_mut(&site) {
            site.today = Some(today);
            site.is_outdated = false;
            site.drawn = drawn;
            site.directions = directions;
        }
    }

    /// Takes over what is normal on a site.
    fn set_normal(&self, site: SiteId, normal: normal::Normal) {
        if let Some(site) = self.sites.write().get_mut(&site) {
            site.normal = normal;
        }
    }

    /// How many meters have each status.
    pub(crate) fn statuses(&self) -> Vec<(Status, usize)> {
        let sites = self.sites.read();
        let count = |status| {
            sites.values().flat_map(SiteLive::values).filter(|value| value.status == status).count()
        };
        [Status::Online, Status::Offline, Status::Error, Status::Stale, Status::None]
            .map(|status| (status, count(status)))
            .to_vec()
    }

    /// How many streams are open.
    pub(crate) fn subscribers(&self) -> usize {
        self.sites.read().values().map(SiteLive::subscribers).sum()
    }
}
