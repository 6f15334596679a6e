//! Facts of sites that one answer reads once, though it rests on them for many windows of time.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use domain::carbon::Factors;
use domain::losses::unmetered::Unmetered;
use domain::sites::Site;
use domain::{MeterId, SiteId, SiteSlug};
use parking_lot::Mutex;
use tokio::sync::OnceCell;

use super::Core;
use crate::prices::PriceBook;
use crate::window::SiteTrees;
use crate::{Error, registry};

type Fact<K, T> = Mutex<HashMap<K, Arc<OnceCell<Arc<T>>>>>;

/// Facts of sites, as far as they were read.
#[derive(Default)]
pub(super) struct SiteFacts {
    by_slug: Fact<Option<SiteSlug>, Option<Site>>,
    exporters: Fact<SiteId, HashSet<MeterId>>,
    factors: Fact<SiteId, Factors>,
    prices: Fact<SiteId, PriceBook>,
    trees: Fact<SiteId, SiteTrees>,
    unmetered: Fact<SiteId, Vec<Unmetered>>,
}

impl Core {
    /// The site with this slug, or the default site; none where there is none.
    pub(crate) async fn site(&self, slug: Option<&SiteSlug>) -> Result<Arc<Option<Site>>, Error> {
        let read = async {
            match slug {
                Some(slug) => storage::sites::by_slug(self.pool(), slug.as_str()).await,
                None => storage::sites::default(self.pool()).await.map(Some),
            }
        };
        self.once(|facts| &facts.by_slug, slug.cloned(), read).await
    }

    /// The generators and solar panels of a site that deliver by their export register, unless they feed their
    /// parent.
    pub(crate) async fn exporters(&self, site: &Site) -> Result<Arc<HashSet<MeterId>>, Error> {
        let read = async {
            let found = storage::energy::exporters(self.pool(), site.id).await?;
            Ok::<HashSet<_>, storage::Error>(found.into_iter().collect())
        };
        self.once(|facts| &facts.exporters, site.id, read).await
    }

    /// The emission factors of a site.
    pub(crate) async fn factors(&self, site: &Site) -> Result<Arc<Factors>, Error> {
        self.once(|facts| &facts.factors, site.id, registry::factors(self.pool(), site)).await
    }

    /// The prices of a site.
    pub(crate) async fn prices(&self, site: &Site) -> Result<Arc<PriceBook>, Error> {
        self.once(|facts| &facts.prices, site.id, PriceBook::load(self.pool(), site)).await
    }

    /// The meters of a site, and where they hung when.
    pub(crate) async fn trees(&self, site: &Site) -> Result<Arc<SiteTrees>, Error> {
        self.once(|facts| &facts.trees, site.id, SiteTrees::load(self.pool(), site.id)).await
    }

    /// The declared loads of a site that no meter sees.
    pub(crate) async fn unmetered(&self, site: &Site) -> Result<Arc<Vec<Unmetered>>, Error> {
        let read = storage::losses::unmetered::of(self.pool(), site.id);
        self.once(|facts| &facts.unmetered, site.id, read).await
    }

    async fn once<K: Eq + Hash, T>(
        &self,
        fact: impl FnOnce(&SiteFacts) -> &Fact<K, T>,
        key: K,
        read: impl Future<Output = Result<T, storage::Error>>,
    ) -> Result<Arc<T>, Error> {
        let Some(facts) = &self.facts else { return Ok(Arc::new(read.await?)) };
        let cell = Arc::clone(fact(facts).lock().entry(key).or_default());
        let read = || async { Ok::<_, Error>(Arc::new(read.await?)) };
        cell.get_or_try_init(read).await.cloned()
    }
}
