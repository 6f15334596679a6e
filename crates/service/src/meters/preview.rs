//! What becomes of balances when meters hang elsewhere: those of the nodes concerned over the last day,
//! as if they had hung so all day, before and after.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::window::Window;
use domain::energy::{QUARTER, floor};
use domain::losses::balance::{Balance, Verdict};
use domain::losses::unmetered::Unmetered;
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;
use domain::sites::Site;
use domain::{Kwh, MeterId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::energy::window_energy::unmetered_kwh;
use crate::energy::{self, Counted};
use crate::operation::clock;
use crate::{Core, Error};

/// Over how long balances are compared.
const OVER: TimeDelta = TimeDelta::hours(24);

/// Balances before and after.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// When the window begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// The nodes whose balance changes.
    pub nodes: Vec<NodeChange>,
}

/// The balance of a node before and after.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodeChange {
    /// The node.
    pub meter_id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// Its balance before; null where nothing hung below it.
    pub before: Option<BalanceView>,
    /// Its balance after; null where nothing hangs below it any more.
    pub after: Option<BalanceView>,
}

/// A balance.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BalanceView {
    /// Energy into the node.
    pub source_energy_kwh: f64,
    /// Energy out of it.
    pub destination_energy_kwh: f64,
    /// In less out; null where the balance is incomplete.
    pub loss_kwh: Option<f64>,
    /// The same as a percentage of what went in.
    pub loss_percent: Option<f64>,
    /// Half the error band.
    pub error_kwh: f64,
    /// What the balance says.
    pub verdict: Verdict,
    /// Share of the window backed by readings, 0 to 1.
    pub coverage: f64,
}

impl From<Balance> for BalanceView {
    fn from(balance: Balance) -> Self {
        Self {
            source_energy_kwh: balance.source.0,
            destination_energy_kwh: balance.destination.0,
            loss_kwh: balance.loss.map(|loss| loss.0),
            loss_percent: balance.loss_percent,
            error_kwh: balance.error.0,
            verdict: balance.verdict,
            coverage: balance.coverage,
        }
    }
}

/// Compares the balances of the nodes that two states of the tree are different at.
pub(super) async fn preview(
    core: &Core,
    site: &Site,
    before: Vec<Meter>,
    after: Vec<Meter>,
) -> Result<Preview, Error> {
    let now = clock::now(core, site);
    let to = floor(now, QUARTER).unwrap_or(now);
    let window = Window { from: to - OVER, to };
    let nodes = concerned(&before, &after);
    let (before, after) = (Tree::new(before), Tree::new(after));
    let mut needed: HashMap<MeterId, &Meter> = HashMap::new();
    for tree in [&before, &after] {
        for node in &nodes {
            let meters = tree.get(*node).into_iter().chain(tree.children(*node));
            needed.extend(meters.map(|meter| (meter.id, meter)));
        }
    }
    let needed: Vec<&Meter> = needed.into_values().collect();
    let mut compared = Vec::new();
    if !nodes.is_empty() {
        let counted = energy::counted(core, site, &needed, window).await?;
        let loads = storage::losses::unmetered::of(core.pool(), site.id).await?;
        let of = |tree: &Tree, node| balance(tree, node, &counted, &loads, window);
        compared = nodes
            .into_iter()
            .filter_map(|node| {
                let meter = after.get(node).or_else(|| before.get(node))?;
                Some(NodeChange {
                    meter_id: node,
                    meter_number: meter.number.clone(),
                    meter_name: meter.name.clone(),
                    before: of(&before, node),
                    after: of(&after, node),
                })
            })
            .collect();
        compared.retain(|node: &NodeChange| node.before != node.after);
    }
    Ok(Preview { from: window.from, to, nodes: compared })
}

/// Compares the balances of the nodes that a meter takes part in over a window in which its energy were
/// another by so much.
pub(crate) async fn with_energy(
    core: &Core,
    site: &Site,
    meter: MeterId,
    window: Window,
    (import, export): (Kwh, Kwh),
) -> Result<Vec<NodeChange>, Error> {
    let tree = Tree::new(storage::meters::list(core.pool(), site.id, true).await?);
    let nodes = [Some(meter), tree.get(meter).and_then(|meter| meter.parent)];
    let nodes: Vec<MeterId> = nodes.into_iter().flatten().filter(|id| tree.is_node(*id)).collect();
    let needed = nodes.iter().flat_map(|id| tree.get(*id).into_iter().chain(tree.children(*id)));
    let needed: HashMap<MeterId, &Meter> = needed.map(|meter| (meter.id, meter)).collect();
    let needed: Vec<&Meter> = needed.into_values().collect();
    let before = energy::counted(core, site, &needed, window).await?;
    let mut after = before.clone();
    if let Some(known) = after.get_mut(&meter).and_then(|counted| counted.known.as_mut()) {
        known.energy.import += import;
        known.energy.export += export;
    }
    let loads = storage::losses::unmetered::of(core.pool(), site.id).await?;
    let of = |counted, node| balance(&tree, node, counted, &loads, window);
    let compared = nodes.into_iter().filter_map(|node| {
        let meter = tree.get(node)?;
        Some(NodeChange {
            meter_id: node,
            meter_number: meter.number.clone(),
            meter_name: meter.name.clone(),
            before: of(&before, node),
            after: of(&after, node),
        })
    });
    Ok(compared.collect())
}

/// The nodes that a meter hung below before or hangs below after, where that or what it measures by is
/// different.
fn concerned(before: &[Meter], after: &[Meter]) -> BTreeSet<MeterId> {
    let now: HashMap<MeterId, &Meter> = after.iter().map(|meter| (meter.id, meter)).collect();
    let mut nodes = BTreeSet::new();
    for meter in before {
        let Some(changed) = now.get(&meter.id) else { continue };
        let rests_on = |meter: &Meter| {
            (meter.parent, meter.feeds_parent, meter.accuracy_class, meter.register_step_kwh)
        };
        if rests_on(meter) != rests_on(changed) {
            nodes.extend([Some(meter.id), meter.parent, changed.parent].into_iter().flatten());
        }
    }
    nodes
}

fn balance(
    tree: &Tree,
    node: MeterId,
    counted: &HashMap<MeterId, Counted>,
    loads: &[Unmetered],
    over: Window,
) -> Option<BalanceView> {
    let meter = tree.get(node).filter(|_| tree.is_node(node))?;
    let known = |id: MeterId| counted.get(&id).and_then(|counted| counted.known);
    let children = tree.children(node).map(|child| (child, known(child.id)));
    let balance = domain::losses::compared::balance((meter, known(node)), children);
    let load = unmetered_kwh(loads, node, over, known(node));
    let balance = balance.with_unmetered(load);
    Some(balance.into())
}
