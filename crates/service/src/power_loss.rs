//! The loss of each node in a window of time.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::balance::{Balance, Verdict};
use domain::hierarchy::Tree;
use domain::meter::Meter;
use domain::site::Site;
use domain::window::{self, Known, Window};
use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::Serialize;

use crate::energy::energies;
use crate::window::{parse, tree};
use crate::{Error, Principal, Role, Service, meters, sites};

/// The loss of one node.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LossView {
    /// Id of the node.
    pub parent_id: MeterId,
    /// Its meter number.
    pub parent_meter_number: String,
    /// Its name.
    pub parent_name: String,
    /// When the window begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// Energy into the node.
    pub source_energy_kwh: f64,
    /// Energy out of it.
    pub destination_energy_kwh: f64,
    /// In less out.
    pub loss_kwh: f64,
    /// The same as a percentage of what went in.
    pub loss_percent: Option<f64>,
    /// Half the error band.
    pub error_kwh: f64,
    /// What the loss costs, as a decimal string; none where the site has no price.
    pub cost: Option<Decimal>,
    /// ISO 4217 code of the cost.
    pub currency: String,
    /// What the balance says.
    pub verdict: Verdict,
    /// Why, where one cause explains it.
    pub cause: Option<Cause>,
    /// Share of the window backed by readings, 0 to 1: the least of the node's meters.
    pub coverage: f64,
    /// The meters below the node.
    pub children: Vec<Child>,
}

/// What explains a loss.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cause {
    /// Stable code.
    pub code: String,
    /// The meter at fault.
    pub meter_id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// The cause in words.
    pub text: String,
    /// What is left of the loss once it is mended.
    pub residual_kwh: f64,
}

/// A meter below a node.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Child {
    /// Its id.
    pub meter_id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// Whether it feeds the node instead of drawing from it.
    pub feeds_parent: bool,
    /// What it drew, or delivered where it feeds; none where that is not known.
    pub energy_kwh: Option<f64>,
    /// Share of the window backed by readings, 0 to 1.
    pub coverage: f64,
}

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
    let window = parse(&site, asked.from, asked.to, Utc::now())?;
    let tree = tree(service, &site, window).await?;
    let nodes: Vec<&Meter> =
        tree.nodes().filter(|node| parent.is_none_or(|parent| parent == node.id)).collect();
    let mut needed: HashMap<MeterId, &Meter> = HashMap::new();
    for node in &nodes {
        needed.insert(node.id, node);
        needed.extend(tree.children(node.id).map(|child| (child.id, child)));
    }
    let needed: Vec<&Meter> = needed.into_values().collect();
    let energies = energies(service, &site, &needed, window).await?;
    Ok(nodes.into_iter().map(|node| loss(&site, &tree, node, window, &energies)).collect())
}

/// Balance of a node over what its meters counted.
pub(crate) fn balance(tree: &Tree, node: &Meter, energies: &HashMap<MeterId, Known>) -> Balance {
    let of = |id| energies.get(&id).copied();
    let children = tree.children(node.id).map(|child| (child, of(child.id)));
    window::balance((node, of(node.id)), children)
}

fn loss(
    site: &Site,
    tree: &Tree,
    node: &Meter,
    window: Window,
    energies: &HashMap<MeterId, Known>,
) -> LossView {
    let balance = balance(tree, node, energies);
    let child = |meter: &Meter| {
        let known = energies.get(&meter.id);
        Child {
            meter_id: meter.id,
            meter_number: meter.number.clone(),
            meter_name: meter.name.clone(),
            feeds_parent: meter.feeds_parent,
            energy_kwh: known.map(|known| known.energy.import.0),
            coverage: known.map_or(0.0, |known| known.energy.coverage),
        }
    };
    LossView {
        parent_id: node.id,
        parent_meter_number: node.number.clone(),
        parent_name: node.name.clone(),
        from: window.from,
        to: window.to,
        source_energy_kwh: balance.source.0,
        destination_energy_kwh: balance.destination.0,
        loss_kwh: balance.loss.0,
        loss_percent: balance.loss_percent,
        error_kwh: balance.error.0,
        cost: cost(site, balance.loss.0),
        currency: site.currency.clone(),
        verdict: balance.verdict,
        cause: None,
        coverage: balance.coverage,
        children: tree.children(node.id).map(child).collect(),
    }
}

/// Energy × the site's price, half-even to the currency's minor unit.
pub(crate) fn cost(site: &Site, kwh: f64) -> Option<Decimal> {
    let amount = Decimal::from_f64_retain(kwh)?.checked_mul(site.price_per_kwh?)?;
    let places = domain::site::minor_digits(&site.currency);
    let mut rounded = amount.round_dp_with_strategy(places, RoundingStrategy::MidpointNearestEven);
    rounded.rescale(places);
    Some(rounded)
}
