//! The trailing 15-minute balance of each node and of the whole site.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::energy::register_history::GRAIN;
use domain::energy::window::Window;
use domain::energy::{Energy, QUARTER, floor};
use domain::figures::thousandths;
use domain::live::{BalanceLive, NodeLive};
use domain::losses::balance::{self, Balance, Verdict};
use domain::meters::Meter;
use domain::{Kwh, MeterId};
use rust_decimal::Decimal;

use crate::energy::window_energy::{WindowEnergy, unmetered_of_site};
use crate::live::SiteLive;

/// All balances of a site at one look.
pub(crate) struct Balances {
    pub(crate) nodes: Vec<NodeLive>,
    pub(crate) whole: BalanceLive,
    /// Up to when the day is counted; none before anything is known.
    pub(crate) counted_to: Option<DateTime<Utc>>,
    /// The day up to then; none before it began, and before what is stored of it was read.
    pub(crate) day: Option<WindowEnergy>,
    flows: HashMap<MeterId, Flow>,
}

/// Mean power that passed a meter in the window of the site's balance, kW.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Flow {
    /// Drawn less returned.
    pub(crate) net: f64,
    pub(crate) returned: f64,
}

/// Which meters a balance needs.
#[derive(Clone, Copy)]
enum BalanceOf<'a> {
    Node(&'a Meter),
    Site,
}

impl Balances {
    pub(crate) fn of(site: &SiteLive, silent: &HashSet<MeterId>, now: DateTime<Utc>) -> Self {
        let mut flows = HashMap::new();
        let whole = whole(site, silent);
        let from = site.site.today_start(now);
        let counted_to = site.counted_to(from, now);
        let to = counted_to.filter(|&to| to > from);
        let day = to.and_then(|to| site.day(Window { from, to }));
        let balanced = site.tree.nodes();
        let nodes: Vec<NodeLive> =
            balanced.map(|meter| node(site, silent, meter, day.as_ref())).collect();
        let whole = BalanceLive { cost_per_hour: cost_of_site(&nodes, &whole), ..whole };
        if let Some(until) = whole.until {
            for meter in site.tree.meters() {
                let energy =
                    site.trails.get(&meter.id).and_then(|t| t.told(until - QUARTER, until));
                if let Some(energy) = energy.filter(|_| !silent.contains(&meter.id)) {
                    let flow = Flow { net: kw(energy.net()), returned: kw(energy.export) };
                    flows.insert(meter.id, flow);
                }
            }
        }
        Self { nodes, whole, counted_to, day, flows }
    }

    pub(crate) fn flow(&self, id: MeterId) -> Option<Flow> {
        self.flows.get(&id).copied()
    }

    /// Nodes with a loss beyond their error, the most expensive first.
    pub(crate) fn hotspots(&self) -> Vec<MeterId> {
        let mut lossy: Vec<_> =
            self.nodes.iter().filter(|node| node.balance.verdict == Verdict::Loss).collect();
        let size = |node: &NodeLive| node.balance.loss_kw.unwrap_or(0.0);
        lossy.sort_by(|a, b| {
            let dearer = b.balance.cost_per_hour.cmp(&a.balance.cost_per_hour);
            dearer.then(size(b).total_cmp(&size(a)))
        });
        lossy.iter().map(|node| node.id).collect()
    }
}

impl SiteLive {
    pub(crate) fn name(&self, id: MeterId) -> Option<String> {
        self.tree.get(id).map(|meter| meter.name.clone())
    }

    /// The balance of each node.
    pub(crate) fn nodes(&self) -> &[NodeLive] {
        &self.shown.nodes
    }

    /// Nodes with a loss beyond their error, the most expensive first.
    pub(crate) fn hotspots(&self) -> impl Iterator<Item = &NodeLive> {
        let node = |id: &MeterId| self.shown.nodes.iter().find(|node| node.id == *id);
        self.shown.hotspots.iter().filter_map(node)
    }
}

/// What the losses of the site cost per hour: those of its nodes, each at the price of whose bill pays,
/// or that of its boundary where that is known and one of them is not complete.
fn cost_of_site(nodes: &[NodeLive], whole: &BalanceLive) -> Option<Decimal> {
    whole.loss_kw?;
    let is_complete = |node: &&NodeLive| node.balance.loss_kw.is_some();
    let complete: Vec<&NodeLive> = nodes.iter().filter(is_complete).collect();
    if complete.is_empty() || (whole.left_out.is_empty() && complete.len() < nodes.len()) {
        return whole.cost_per_hour;
    }
    let costs = complete.iter().map(|node| node.balance.cost_per_hour);
    costs.into_iter().try_fold(Decimal::ZERO, |sum, cost| sum.checked_add(cost?))
}

fn node(
    site: &SiteLive,
    silent: &HashSet<MeterId>,
    meter: &Meter,
    day: Option<&WindowEnergy>,
) -> NodeLive {
    let today = day.and_then(|day| day.balance(meter.id)).map(|node| node.balance);
    NodeLive {
        id: meter.id,
        today_loss_kwh: today.as_ref().and_then(|today| today.loss).map(|loss| thousandths(loss.0)),
        today_loss_percent: today.as_ref().and_then(|today| today.loss_percent).map(thousandths),
        today_verdict: today.as_ref().map_or(Verdict::Incomplete, |today| today.verdict),
        balance: live(site, silent, BalanceOf::Node(meter)),
    }
}

/// The balance of the whole site: its boundary, or where a meter there is silent the loss of the nodes that
/// are complete, with the coverage of all nodes.
fn whole(site: &SiteLive, silent: &HashSet<MeterId>) -> BalanceLive {
    let whole = live(site, silent, BalanceOf::Site);
    let Some(until) = whole.until else { return whole };
    let energy = |id: MeterId| told(site, silent, id, until - QUARTER, until);
    let of =
        |node: &Meter| (node.id, sum(site, silent, BalanceOf::Node(node), until - QUARTER, until));
    let balances: Vec<(MeterId, Balance)> = site.tree.nodes().map(of).collect();
    let of_nodes = balance::coverage(balances.iter().map(|(_, balance)| balance));
    let coverage = of_nodes.map_or(whole.coverage, thousandths);
    let whole = BalanceLive { coverage, ..whole };
    if whole.loss_kw.is_some() {
        return whole;
    }
    let (complete, left_out): (Vec<_>, Vec<_>) =
        balances.iter().partition(|(_, balance)| balance.loss.is_some());
    let ids: HashSet<MeterId> = complete.iter().map(|(id, _)| *id).collect();
    let passed_on = complete.iter().flat_map(|(node, _)| {
        site.tree.children(*node).filter(|child| !child.feeds_parent && ids.contains(&child.id))
    });
    let inner = passed_on.filter_map(|child| energy(child.id)).map(|it| it.import + it.export);
    let complete: Vec<&Balance> = complete.iter().map(|(_, balance)| balance).collect();
    let Some(together) = balance::together(&complete, inner.sum()) else { return whole };
    BalanceLive {
        loss_kw: together.loss.map(kw),
        error_kw: kw(together.error),
        loss_percent: together.loss_percent.map(thousandths),
        verdict: together.verdict,
        left_out: left_out.iter().map(|(id, _)| *id).collect(),
        ..whole
    }
}

/// The balance of the last quarter-hour that every meter in it has reached.
fn live(site: &SiteLive, silent: &HashSet<MeterId>, of: BalanceOf<'_>) -> BalanceLive {
    let reached = members(site, of)
        .filter(|meter| !silent.contains(&meter.id))
        .filter_map(|meter| site.told_at(meter.id))
        .min();
    let Some(until) = reached.and_then(|at| floor(at, GRAIN)) else {
        return BalanceLive {
            missing: members(site, of).map(|meter| meter.id).collect(),
            ..BalanceLive::nothing()
        };
    };
    let balance = sum(site, silent, of, until - QUARTER, until);
    let before = sum(site, silent, of, until - QUARTER * 2, until - QUARTER);
    let trend = balance.loss.zip(before.loss).map(|(loss, before)| kw(loss - before));
    let loss_kw = balance.loss.map(kw);
    let node = match of {
        BalanceOf::Node(meter) => Some(meter.id),
        BalanceOf::Site => None,
    };
    let price = site.price(node, until);
    BalanceLive {
        until: Some(until),
        in_kw: kw(balance.source),
        out_kw: kw(balance.destination),
        unmetered_kw: kw(unmetered(site, of, until - QUARTER, until)),
        loss_kw,
        error_kw: kw(balance.error),
        loss_percent: balance.loss_percent.map(thousandths),
        verdict: balance.verdict,
        cost_per_hour: loss_kw.zip(price).and_then(|(kw, price)| site.cost(kw, price)),
        trend_kw: trend,
        coverage: thousandths(balance.coverage),
        missing: balance.missing,
        left_out: Vec::new(),
    }
}

fn members<'a>(site: &'a SiteLive, of: BalanceOf<'a>) -> Box<dyn Iterator<Item = &'a Meter> + 'a> {
    match of {
        BalanceOf::Node(meter) => {
            Box::new(std::iter::once(meter).chain(site.tree.children(meter.id)))
        }
        BalanceOf::Site if balance::boundary(&site.tree).next().is_none() => {
            Box::new(site.tree.counted())
        }
        BalanceOf::Site => Box::new(balance::boundary(&site.tree).map(|(meter, _)| meter)),
    }
}

fn sum(
    site: &SiteLive,
    silent: &HashSet<MeterId>,
    of: BalanceOf<'_>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Balance {
    let energy = |id: MeterId| told(site, silent, id, from, to);
    let balance = match of {
        BalanceOf::Node(meter) => balance::of_node(
            (meter, energy(meter.id)),
            site.tree.children(meter.id).map(|child| (child, energy(child.id))),
        ),
        BalanceOf::Site => balance::of_site(&site.tree, energy),
    };
    let load = unmetered(site, of, from, to);
    balance.with_unmetered(load)
}

/// A meter's reading of a time; none of one that is silent.
fn told(
    site: &SiteLive,
    silent: &HashSet<MeterId>,
    id: MeterId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Option<Energy> {
    site.trails.get(&id).filter(|_| !silent.contains(&id))?.told(from, to)
}

/// Declared load among what goes out.
fn unmetered(site: &SiteLive, of: BalanceOf<'_>, from: DateTime<Utc>, to: DateTime<Utc>) -> Kwh {
    match of {
        BalanceOf::Node(meter) => site.unmetered(meter.id, from, to),
        BalanceOf::Site => unmetered_of_site(&site.unmetered, &site.tree, Window { from, to }),
    }
}

/// Loss of a node in a quarter-hour that has passed, as mean power, with half its error band; none where
/// it is not known.
pub(crate) fn past_loss(
    site: &SiteLive,
    meter: &Meter,
    start: DateTime<Utc>,
) -> Option<(f64, f64)> {
    let balance = sum(site, &HashSet::new(), BalanceOf::Node(meter), start, start + QUARTER);
    balance.loss.map(|loss| (kw(loss), kw(balance.error)))
}

/// What the site took in, in a quarter-hour that has passed, as mean power; none where it is not known.
pub(crate) fn past_input_kw(site: &SiteLive, start: DateTime<Utc>) -> Option<f64> {
    let balance = sum(site, &HashSet::new(), BalanceOf::Site, start, start + QUARTER);
    let lets_in = |id: &MeterId| {
        site.tree.get(*id).is_some_and(|meter| meter.feeds_parent || site.tree.is_root(meter))
    };
    let is_known = !site.tree.meters().is_empty() && !balance.missing.iter().any(lets_in);
    is_known.then(|| kw(balance.source))
}

/// Mean power of an energy that took a quarter-hour, as it is shown.
fn kw(energy: Kwh) -> f64 {
    thousandths(energy.0 * 4.0)
}
