//! The loss of each node in a window of time.

mod area;
mod cost;
mod trend;
mod view;

use domain::MeterId;
use domain::balance::Verdict;

use crate::figures::Figures;
use crate::window::parse;
use crate::{Error, Principal, Role, Service, clock, meters, sites};

pub(crate) use area::grouped;
pub use area::{AreaLoss, by_area};
pub(crate) use cost::Costs;
pub use trend::{Findings, Trend, findings, trend};
pub use view::{Child, Hotspot, LossView, hotspots};

/// Which losses are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Slug of the site; the default site unless stated.
    pub site: Option<&'a str>,
    /// One node, as in an address; every node unless stated.
    pub parent: Option<&'a str>,
    /// Begin of the window; today unless stated.
    pub from: Option<&'a str>,
    /// End of the window; now unless stated.
    pub to: Option<&'a str>,
    /// Whether each loss says what it was computed from.
    pub explain: bool,
}

/// The losses of a site's nodes, parents first.
pub async fn list(
    service: &Service,
    who: &Principal,
    asked: Asked<'_>,
) -> Result<Vec<LossView>, Error> {
    who.require(Role::Viewer)?;
    let (site, parent) = match asked.parent {
        None => (sites::named(service, asked.site).await?, None),
        Some(id) => {
            let parent = meters::find(service, asked.site, id).await?;
            let site = storage::sites::by_id(service.pool(), parent.site).await?;
            (site.ok_or_else(|| Error::no_site(parent.site))?, Some(parent.id))
        }
    };
    let window = parse(&site, asked.from, asked.to, clock::now(service, &site))?;
    let figures = Figures::load(service, site, window, parent).await?;
    views(service, &figures, parent, asked.explain).await
}

/// The losses of the nodes, or of one, over figures that are loaded already.
pub(crate) async fn views(
    service: &Service,
    figures: &Figures,
    only: Option<MeterId>,
    explain: bool,
) -> Result<Vec<LossView>, Error> {
    let nodes: Vec<_> =
        figures.nodes().into_iter().filter(|node| only.is_none_or(|id| id == node.id)).collect();
    let ids: Vec<MeterId> = nodes.iter().map(|node| node.id).collect();
    let window = figures.window;
    let costs = Costs::load(service, &figures.site, &ids, window).await?;
    let since = figures.site.today_start(window.from);
    let mut causes = storage::energy::findings(service.pool(), &ids, since, window.to).await?;
    let views = nodes.into_iter().filter_map(|node| {
        let balance = figures.balance(node.id)?;
        let found = causes
            .remove(&node.id)
            .filter(|_| matches!(balance.balance.verdict, Verdict::Loss | Verdict::Negative));
        let cause = found.and_then(|found| found.named);
        Some(LossView::new(figures, node, balance, &costs, cause, explain))
    });
    Ok(views.collect())
}
