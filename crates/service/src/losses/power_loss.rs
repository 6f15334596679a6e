//! The loss of each node in a window of time.

mod area;
mod cost;
mod month_use;
mod prices;
mod trend;
mod view;

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::carbon::FactorKind;
use domain::energy::window::Window;
use domain::meters::hierarchy::Tree;
use domain::meters::{Meter, MeterAddress};
use domain::period::Moment;
use domain::sites::Site;
use domain::{Kwh, MeterId, SiteSlug};
use rust_decimal::Decimal;

use crate::energy::window_energy::{Part, WindowEnergy};
use crate::operation::clock;
use crate::window::between;
use crate::{Action, Core, Error, Principal, resolve, sites};

pub(crate) use area::grouped;
pub use area::{AreaLoss, by_area};
pub(crate) use cost::{Cost, Lost, costs};
pub(crate) use month_use::{Drawn, meters_of};
use prices::LossPrices;
pub use trend::{findings, trend};
pub(crate) use trend::{findings_of, trend_of};
use view::Priced;
pub use view::{Child, CompleteLoss, Hotspot, LossView, hotspots};

/// Which losses are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct LossesQuery<'a> {
    /// Slug of the site; the default site unless stated.
    pub site: Option<&'a SiteSlug>,
    /// One node, as in an address; every node unless stated.
    pub parent: Option<&'a MeterAddress>,
    /// Begin of the window; today unless stated.
    pub from: Option<Moment>,
    /// End of the window; now unless stated.
    pub to: Option<Moment>,
    /// Whether each loss says what it was computed from.
    pub explain: bool,
}

/// The losses of a site's nodes, parents first.
pub async fn list(
    service: &Core,
    who: &Principal,
    asked: LossesQuery<'_>,
) -> Result<Vec<LossView>, Error> {
    who.require_somewhere(Action::See)?;
    let (site, parent) = match asked.parent {
        None => (sites::resolve(service, who, Action::See, asked.site).await?, None),
        Some(id) => {
            let parent = resolve::meter(service, who, Action::See, id).await?;
            who.require_on(Action::See, parent.site, || Error::no_meter(id))?;
            (sites::of(service, &parent).await?, Some(parent.id))
        }
    };
    let window = between(&site, asked.from, asked.to, clock::now(service, &site))?;
    let figures = WindowEnergy::load(service, site, window, parent).await?;
    views(service, &figures, parent, asked.explain).await
}

/// The losses of the nodes, or of one, over figures that are loaded already.
pub(crate) async fn views(
    service: &Core,
    figures: &WindowEnergy,
    only: Option<MeterId>,
    explain: bool,
) -> Result<Vec<LossView>, Error> {
    let nodes = figures.nodes().into_iter().filter(|node| only.is_none_or(|id| id == node.id));
    let nodes: Vec<&Meter> = nodes.collect();
    let ids: Vec<MeterId> = nodes.iter().map(|node| node.id).collect();
    let window = figures.window;
    let since = figures.site.today_start(window.from);
    let causes = async {
        let found = storage::losses::summed::findings(service.pool(), &ids, since, window.to);
        Ok::<_, Error>(found.await?)
    };
    let (priced, mut causes) = tokio::try_join!(priced(service, figures, &ids), causes)?;
    let mut priced = priced.into_iter();
    let views = nodes.into_iter().filter_map(|node| {
        let priced = priced.next()?;
        let balance = figures.balance(node.id)?;
        Some(LossView::new(figures, node, balance, priced, causes.remove(&node.id), explain))
    });
    Ok(views.collect())
}

/// Parts of the balance of a node, or of the boundary.
type Group<'a> = (Option<MeterId>, Vec<Part<'a>>);

/// The cost of groups together, in their order, with the prices.
async fn costs_of<'f>(
    service: &Core,
    figures: &'f WindowEnergy,
    groups: &[Group<'f>],
) -> Result<(LossPrices<'f>, Vec<Option<Cost>>), Error> {
    let lost: Vec<Lost<'_>> = groups
        .iter()
        .flat_map(|(node, parts)| parts.iter().map(|part| Lost::of(*node, part)))
        .collect();
    let book = service.prices(&figures.site).await?;
    let asked = lost.iter().map(|lost| (lost.tree, lost.node, lost.window));
    let prices = LossPrices::load(service.figures_pool(), (&figures.site, book), asked).await?;
    let (known, loads) = (service.registry().known(), figures.unmetered());
    let pool = (service.pool(), Some(service.passed_sums()));
    let costs = cost::priced(pool, &known, &prices, loads, &lost).await?;
    let mut costs = costs.into_iter();
    let sum = |(_, parts): &Group<'_>| Cost::sum(costs.by_ref().take(parts.len()));
    Ok((prices, groups.iter().map(sum).collect()))
}

/// The cost of the losses of nodes, in their order: over the window, and over the time for which an
/// incomplete one is complete.
async fn priced(
    service: &Core,
    figures: &WindowEnergy,
    nodes: &[MeterId],
) -> Result<Vec<Priced>, Error> {
    let of_node = |&node: &MeterId| {
        [(Some(node), figures.parts(node)), (Some(node), figures.complete_parts(node))]
    };
    let groups: Vec<Group<'_>> = nodes.iter().flat_map(of_node).collect();
    let (prices, costs) = costs_of(service, figures, &groups).await?;
    let grid_kg_per_kwh = grid_factor(service, figures);
    let priced = |(&node, &[whole, complete]): (&MeterId, &[Option<Cost>; 2])| {
        let tariff = prices.explain(figures.tree(), node, figures.window);
        Priced { whole, complete, tariff, grid_kg_per_kwh }
    };
    Ok(nodes.iter().zip(costs.as_chunks().0).map(priced).collect())
}

/// Carbon of a kWh from the grid, the mean of the days of the window.
fn grid_factor(service: &Core, figures: &WindowEnergy) -> Option<f64> {
    let (site, window) = (&figures.site, figures.window);
    let known = service.registry().known();
    let factors = known.factors.get(&site.id).cloned().unwrap_or_default();
    let last = site.date_at(window.to - TimeDelta::milliseconds(1));
    factors.mean(FactorKind::Grid, site.date_at(window.from), last)
}

/// What the loss of the site costs: where its boundary is known, what its nodes lost, or the boundary
/// itself where one of them is not complete; else what the complete nodes lost. With the kWh in it that have
/// no price.
pub(crate) async fn cost_of_site(
    service: &Core,
    figures: &WindowEnergy,
    views: &[LossView],
) -> Result<Option<(Decimal, f64)>, Error> {
    let is_open = views.iter().any(|view| view.loss_kwh.is_none());
    if is_open && figures.boundary().loss.is_some() {
        let (_, costs) = costs_of(service, figures, &[(None, figures.boundary_parts())]).await?;
        let cost = Cost::sum(costs).map(|cost| cost.rounded(&figures.site.currency));
        return Ok(cost.map(|cost| (cost.amount, cost.unpriced_kwh)));
    }
    let complete = views.iter().filter(|view| view.loss_kwh.is_some());
    let cost = complete.map(|view| Some((view.cost?, view.unpriced_kwh)));
    Ok(cost.reduce(|a, b| Some((a?.0.checked_add(b?.0)?, a?.1 + b?.1))).flatten())
}

/// What each node lost, and the site at its boundary, with what that cost, not rounded; those of which either is not
/// known are absent.
pub(crate) async fn priced_losses(
    service: &Core,
    figures: &WindowEnergy,
) -> Result<HashMap<Option<MeterId>, (Kwh, Decimal)>, Error> {
    let of_node = |node: &Meter| (Some(node.id), figures.parts(node.id));
    let mut groups: Vec<Group<'_>> = figures.nodes().into_iter().map(of_node).collect();
    groups.push((None, figures.boundary_parts()));
    let (_, costs) = costs_of(service, figures, &groups).await?;
    let known = groups.iter().zip(costs).filter_map(|((node, parts), cost)| {
        let loss: Option<Kwh> = parts.iter().map(|part| part.balance.loss).sum();
        Some((*node, (loss?, cost?.amount)))
    });
    Ok(known.collect())
}

/// What those drew up to an instant of whose price it depends what is lost after it, on the same day.
pub(crate) async fn drawn(
    service: &Core,
    site: &Site,
    tree: &Tree,
    at: DateTime<Utc>,
) -> Result<Drawn, Error> {
    let window = Window { from: at, to: at + TimeDelta::days(1) };
    let book = service.prices(site).await?;
    let nodes = tree.nodes().map(|node| Some(node.id)).chain([None]);
    let asked = nodes.map(|node| (tree, node, window));
    Ok(LossPrices::load(service.figures_pool(), (site, book), asked).await?.drawn)
}
