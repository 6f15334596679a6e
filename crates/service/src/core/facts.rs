//! Facts of sites that one answer reads once, though it rests on them for many windows of time.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::carbon::Factors;
use domain::losses::unmetered::Unmetered;
use domain::sites::Site;
use domain::{MeterId, SiteId};
use parking_lot::Mutex;
use tokio::sync::OnceCell;

use super::Core;
use crate::prices::PriceBook;
use crate::{Error, registry};

type Fact<T> = Mutex<HashMap<SiteId, Arc<OnceCell<Arc<T>>>>>;

/// Facts of sites, as far as they were read.
#[derive(Default)]
pub(super) struct SiteFacts {
    exporters: Fact<HashSet<MeterId>>,
    factors: Fact<Factors>,
    prices: Fact<PriceBook>,
    unmetered: Fact<Vec<Unmetered>>,
}

impl Core {
    /// The generators and solar panels of a site that deliver by their export register, unless they feed their
    /// parent.
    pub(crate) async fn exporters(&self, site: &Site) -> Result<Arc<HashSet<MeterId>>, Error> {
        let read = async {
            let found = storage::energy::exporters(self.pool(), site.id).await?;
            Ok::<HashSet<_>, storage::Error>(found.into_iter().collect())
        };
        self.once(|facts| &facts.exporters, site, read).await
    }

    /// The emission factors of a site.
    pub(crate) async fn factors(&self, site: &Site) -> Result<Arc<Factors>, Error> {
        self.once(|facts| &facts.factors, site, registry::factors(self.pool(), site)).await
    }

    /// The prices of a site.
    pub(crate) async fn prices(&self, site: &Site) -> Result<Arc<PriceBook>, Error> {
        self.once(|facts| &facts.prices, site, PriceBook::load(self.pool(), site)).await
    }

    /// The declared loads of a site that no meter sees.
    pub(crate) async fn unmetered(&self, site: &Site) -> Result<Arc<Vec<Unmetered>>, Error> {
        let read = storage::losses::unmetered::of(self.pool(), site.id);
        self.once(|facts| &facts.unmetered, site, read).await
    }

    async fn once<T>(
        &self,
        fact: impl FnOnce(&SiteFacts) -> &Fact<T>,
        site: &Site,
        read: impl Future<Output = Result<T, storage::Error>>,
    ) -> Result<Arc<T>, Error> {
        let Some(facts) = &self.facts else { return Ok(Arc::new(read.await?)) };
        let cell = Arc::clone(fact(facts).lock().entry(site.id).or_default());
        let read = || async { Ok::<_, Error>(Arc::new(read.await?)) };
        cell.get_or_try_init(read).await.cloned()
    }
}
