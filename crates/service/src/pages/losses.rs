//! The losses of a period, and what the tree shows of them.

use std::collections::HashMap;

use domain::MeterId;
use domain::balance::{self, Verdict};
use domain::carbon;
use domain::hierarchy::Tree;
use domain::meter::{Meter, SourceKind};
use domain::view::Shown;
use domain::view::losses::{AreaLoss, Chosen, Flow, Loss, LossesPage, NodeLoss};
use domain::view::meters::{Counted, CountedLoss};
use domain::window::{Known, Window};

use super::{Query, shown};
use crate::power_loss::{self, Asked, LossView};
use crate::{Error, Principal, Role, Service, window};

/// A node that lost at least this part of all losses is set off from the others.
const MAJOR_SHARE: f64 = 0.25;

/// The losses of the nodes, and one node looked into.
pub async fn losses(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<LossesPage, Error> {
    who.require(Role::Viewer)?;
    let shown = shown(service, query).await?;
    let figures = Figures::load(service, who, &shown, shown.window).await?;
    let before = match shown.period.compares() {
        true => Some(Figures::load(service, who, &shown, shown.before).await?.whole(&shown)),
        false => None,
    };
    let mut nodes: Vec<NodeLoss> =
        figures.nodes.iter().map(|view| node_loss(view, &figures)).collect();
    nodes.sort_by(|a, b| rank(a).0.cmp(&rank(b).0).then(rank(b).1.total_cmp(&rank(a).1)));
    let asked = query.number("node").map(MeterId);
    let chosen = asked
        .filter(|id| nodes.iter().any(|node| node.id == *id))
        .or(nodes.first().map(|node| node.id))
        .and_then(|id| figures.chosen(id));
    Ok(LossesPage {
        whole: figures.whole(&shown),
        before,
        areas: figures.areas(),
        nodes,
        chosen,
        trend: Vec::new(),
        found: Vec::new(),
        shown,
    })
}

/// What each meter counted in a period.
pub(super) async fn counted(
    service: &Service,
    who: &Principal,
    shown: &Shown,
) -> Result<Vec<Counted>, Error> {
    let figures = Figures::load(service, who, shown, shown.window).await?;
    let all = figures.whole(shown).kwh;
    let loss = |meter: &Meter| {
        let view = figures.nodes.iter().find(|view| view.parent_id == meter.id)?;
        let known = view.verdict != Verdict::Incomplete;
        Some(CountedLoss {
            kwh: known.then_some(view.loss_kwh),
            percent: view.loss_percent.filter(|_| known),
            verdict: view.verdict,
            is_major: all > 0.0 && view.loss_kwh >= MAJOR_SHARE * all,
        })
    };
    let counted = |meter: &Meter| {
        let energy = figures.energies.get(&meter.id).map(|known| known.energy);
        let kwh = energy.map(|energy| energy.import.0);
        let kind = meter.meter_type.source_kind();
        let litres = kwh.filter(|_| kind == SourceKind::Diesel).map(carbon::diesel_litres);
        let carbon_kg = match kind {
            SourceKind::Grid => kwh.map(|kwh| kwh * carbon::GRID_KG_PER_KWH),
            SourceKind::Solar => kwh.map(|kwh| -kwh * carbon::SOLAR_KG_PER_KWH),
            SourceKind::Diesel => litres.map(|litres| litres * carbon::DIESEL_KG_PER_LITRE),
            SourceKind::Battery | SourceKind::Load => None,
        };
        Counted {
            meter: meter.id,
            kwh,
            litres,
            carbon_kg,
            coverage: energy.map_or(0.0, |energy| energy.coverage),
            loss: loss(meter),
        }
    };
    Ok(figures.tree.meters().iter().map(counted).collect())
}

/// Costliest loss first, then what is negative, within error, incomplete.
fn rank(node: &NodeLoss) -> (u8, f64) {
    let group = match node.loss.verdict {
        Verdict::Loss => 0,
        Verdict::Negative => 1,
        Verdict::WithinError => 2,
        Verdict::Incomplete => 3,
    };
    (group, node.loss.kwh.abs())
}

fn node_loss(view: &LossView, figures: &Figures) -> NodeLoss {
    NodeLoss {
        id: view.parent_id,
        name: view.parent_name.clone(),
        loss: loss_of(view, figures),
        cause: view.cause.as_ref().map(|cause| cause.text.clone()),
    }
}

fn loss_of(view: &LossView, figures: &Figures) -> Loss {
    let mut meters = vec![view.parent_id];
    meters.extend(view.children.iter().map(|child| child.meter_id));
    let missing = |id: &MeterId| !figures.energies.contains_key(id);
    Loss {
        in_kwh: view.source_energy_kwh,
        out_kwh: view.destination_energy_kwh,
        kwh: view.loss_kwh,
        error_kwh: view.error_kwh,
        percent: view.loss_percent,
        verdict: view.verdict,
        cost: view.cost,
        coverage: view.coverage,
        missing: meters.into_iter().filter(missing).filter_map(|id| figures.name(id)).collect(),
    }
}

/// Energies and balances of a window.
struct Figures {
    tree: Tree,
    energies: HashMap<MeterId, Known>,
    nodes: Vec<LossView>,
}

impl Figures {
    async fn load(
        service: &Service,
        who: &Principal,
        shown: &Shown,
        window: Window,
    ) -> Result<Self, Error> {
        let tree = window::tree(service, &shown.site, window).await?;
        let meters: Vec<&Meter> = tree.meters().iter().collect();
        let energies = crate::energy::energies(service, &shown.site, &meters, window).await?;
        let (from, to) = (window.from.to_rfc3339(), window.to.to_rfc3339());
        let asked = Asked {
            site: Some(&shown.site.slug),
            from: Some(&from),
            to: Some(&to),
            ..Asked::default()
        };
        let nodes = power_loss::list(service, who, asked).await?;
        Ok(Self { tree, energies, nodes })
    }

    fn name(&self, id: MeterId) -> Option<String> {
        self.tree.get(id).map(|meter| meter.name.clone())
    }

    fn whole(&self, shown: &Shown) -> Loss {
        let energy = |id| self.energies.get(&id).map(|known| known.energy);
        let balance = balance::of_site(&self.tree, energy);
        Loss {
            in_kwh: balance.source.0,
            out_kwh: balance.destination.0,
            kwh: balance.loss.0,
            error_kwh: balance.error.0,
            percent: balance.loss_percent,
            verdict: balance.verdict,
            cost: power_loss::cost(&shown.site, balance.loss.0),
            coverage: balance.coverage,
            missing: balance.missing.into_iter().filter_map(|id| self.name(id)).collect(),
        }
    }

    fn areas(&self) -> Vec<AreaLoss> {
        let mut areas: Vec<AreaLoss> = Vec::new();
        for view in self.nodes.iter().filter(|view| view.verdict != Verdict::Incomplete) {
            let name = self.tree.get(view.parent_id).and_then(|meter| meter.area.clone());
            let at = areas.iter().position(|area| area.name == name).unwrap_or_else(|| {
                areas.push(AreaLoss {
                    name,
                    nodes: 0,
                    kwh: 0.0,
                    error_kwh: 0.0,
                    cost: None,
                    coverage: 1.0,
                });
                areas.len() - 1
            });
            let area = &mut areas[at];
            area.nodes += 1;
            area.kwh += view.loss_kwh;
            area.error_kwh = area.error_kwh.hypot(view.error_kwh);
            area.cost = match (area.cost, view.cost) {
                (Some(sum), Some(cost)) => Some(sum + cost),
                (sum, cost) => sum.or(cost),
            };
            area.coverage = area.coverage.min(view.coverage);
        }
        areas.sort_by(|a, b| b.kwh.total_cmp(&a.kwh));
        areas
    }

    fn chosen(&self, id: MeterId) -> Option<Chosen> {
        let view = self.nodes.iter().find(|view| view.parent_id == id)?;
        let flow = |child: &power_loss::Child| Flow {
            id: child.meter_id,
            name: child.meter_name.clone(),
            kwh: child.energy_kwh,
        };
        let (feeders, loads): (Vec<_>, Vec<_>) =
            view.children.iter().partition(|child| child.feeds_parent);
        let mut children: Vec<Flow> = loads.into_iter().map(flow).collect();
        children.sort_by(|a, b| b.kwh.unwrap_or(0.0).total_cmp(&a.kwh.unwrap_or(0.0)));
        Some(Chosen {
            id,
            name: view.parent_name.clone(),
            feeders: feeders.into_iter().map(flow).collect(),
            own_kwh: self.energies.get(&id).map(|known| known.energy.import.0),
            children,
            unmetered_kwh: 0.0,
            loss: loss_of(view, self),
            cause: None,
        })
    }
}
