//! The losses of a period: the nodes ranked, one of them looked into, what was found in the registers.

mod cause;
mod found;
mod trend;
mod unexplained;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::Days;
use domain::MeterId;
use domain::energy::window::Window;
use domain::losses::balance::{Balance, Verdict};
use domain::losses::nature::Saving;
use domain::losses::view::{AreaLoss, Chosen, CompleteLoss, Flow, Loss, LossesPage, NodeLoss};
use domain::view::PeriodContext;
use rust_decimal::Decimal;

use crate::energy::window_energy::{Whole, WindowEnergy};
use crate::losses::power_loss::{self, Child, LossView};
use crate::pages::{Query, shown};
use crate::{Action, Core, Error, Principal, Service, request_cache};

/// The days before a period over which the usual power of a meter is taken.
const USUAL: Days = Days::new(14);
const QUARTERS_PER_HOUR: f64 = 4.0;

/// The losses of the nodes, and one node looked into.
pub async fn losses(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<LossesPage, Error> {
    let shown = shown(service, who, Action::See, query).await?;
    let before = async {
        if shown.period.compares() {
            Losses::load(service, &shown, shown.before).await.map(Some)
        } else {
            Ok(None)
        }
    };
    let losses = Losses::load(service, &shown, shown.window);
    let (losses, before) = tokio::try_join!(losses, before)?;
    let nodes = losses.nodes();
    let asked = query.number("node").map(MeterId);
    let known = asked.filter(|id| nodes.iter().any(|node| node.id == *id));
    let absent = query.get("node").filter(|_| known.is_none()).map(str::to_owned);
    let node = known.or(nodes.first().map(|node| node.id));
    let chosen_before = node.zip(before.as_ref()).and_then(|(id, before)| before.chosen(id));
    let mut chosen = node.and_then(|id| losses.chosen(id));
    let previous = shown.previous();
    let cause = async {
        match &chosen {
            Some(chosen) => cause::card(service, &shown, &losses, chosen).await,
            None => Ok(None),
        }
    };
    let (trend, trend_before, cause, found) = tokio::try_join!(
        trend::of(service, &shown, node),
        trend::of(service, &previous, node.filter(|_| before.is_some())),
        cause,
        found::of_site(service, &shown, losses.figures.tree()),
    )?;
    if let Some(chosen) = &mut chosen {
        chosen.cause = cause;
    }
    Ok(LossesPage {
        whole: losses.whole(),
        nodes_before: before.as_ref().map(Losses::nodes).unwrap_or_default(),
        areas: losses.areas(),
        areas_before: before.as_ref().map(Losses::areas).unwrap_or_default(),
        before: before.as_ref().map(Losses::whole),
        nodes,
        chosen,
        chosen_before,
        trend,
        trend_before,
        absent,
        found,
        shown,
    })
}

/// Costliest loss first, then what is negative, within error, incomplete.
fn rank(node: &NodeLoss) -> (u8, f64) {
    let group = match node.loss.verdict {
        Verdict::Loss => 0,
        Verdict::Negative => 1,
        Verdict::WithinError => 2,
        Verdict::Incomplete => 3,
    };
    (group, node.loss.kwh.unwrap_or_default().abs())
}

/// The mean power of the meters that balances lack over the days before the window, else their rated one.
async fn weights(core: &Core, figures: &WindowEnergy) -> Result<HashMap<MeterId, f64>, Error> {
    let balances = figures.nodes().into_iter().filter_map(|node| figures.balance(node.id));
    let missing: HashSet<MeterId> = balances.flat_map(|node| node.balance.missing).collect();
    let missing: Vec<MeterId> = missing.into_iter().collect();
    if missing.is_empty() {
        return Ok(HashMap::new());
    }
    let first = figures.site.date_at(figures.window.from);
    let usual =
        storage::losses::usual_quarters(core.pool(), &missing, first - USUAL, first).await?;
    let rated = |id: &MeterId| Some((*id, figures.meter(*id)?.rated_power_kw?));
    let mut weights: HashMap<MeterId, f64> = missing.iter().filter_map(rated).collect();
    weights.extend(usual.into_iter().map(|(id, kwh)| (id, kwh * QUARTERS_PER_HOUR)));
    Ok(weights)
}

/// What the meters of a window counted, and the losses of the nodes.
pub(crate) struct Losses {
    pub(crate) figures: Arc<WindowEnergy>,
    pub(crate) views: Vec<LossView>,
    /// With the kWh in it that have no price.
    cost: Option<(Decimal, f64)>,
    /// Usual or rated power of the meters that balances lack, kW.
    weights: HashMap<MeterId, f64>,
}

impl Losses {
    pub(crate) async fn load(
        service: &Service,
        shown: &PeriodContext,
        window: Window,
    ) -> Result<Self, Error> {
        let figures = request_cache::window_energy(service, &shown.site, window).await?;
        Self::over(service, figures).await
    }

    /// The same over figures that are loaded already.
    pub(crate) async fn over(core: &Core, figures: Arc<WindowEnergy>) -> Result<Self, Error> {
        let views = Box::pin(power_loss::views(core, &figures, None, false)).await?;
        let (cost, weights) = tokio::try_join!(
            Box::pin(power_loss::cost_of_site(core, &figures, &views)),
            weights(core, &figures),
        )?;
        Ok(Self { figures, views, cost, weights })
    }

    pub(crate) fn name(&self, id: MeterId) -> Option<String> {
        self.figures.tree().get(id).map(|meter| meter.name.clone())
    }

    /// The losses of the nodes: the costliest first, then what is negative, within error, incomplete.
    pub(crate) fn nodes(&self) -> Vec<NodeLoss> {
        let node = |view: &LossView| {
            Some(NodeLoss {
                id: view.parent_id,
                name: view.parent_name.clone(),
                loss: self.loss(view)?,
                cause: view.cause.as_ref().map(|cause| cause.text.clone().into()),
            })
        };
        let mut nodes: Vec<NodeLoss> = self.views.iter().filter_map(node).collect();
        nodes.sort_by(|a, b| rank(a).0.cmp(&rank(b).0).then(rank(b).1.total_cmp(&rank(a).1)));
        nodes
    }

    /// The site as a whole: its boundary, or where that is not known the nodes that are complete.
    pub(crate) fn whole(&self) -> Loss {
        let Whole { balance, left_out } = self.figures.whole();
        let left_out = left_out.into_iter().filter_map(|id| self.name(id)).collect();
        let saving = Saving::sum(self.views.iter().filter_map(|view| view.saving));
        let cost = self.cost.filter(|_| balance.loss.is_some());
        Loss { left_out, saving, ..self.shown(&balance, cost) }
    }

    fn shown(&self, balance: &Balance, cost: Option<(Decimal, f64)>) -> Loss {
        Loss {
            in_kwh: balance.source.0,
            out_kwh: balance.destination.0,
            kwh: balance.loss.map(|loss| loss.0),
            error_kwh: balance.error.0,
            percent: balance.loss_percent,
            verdict: balance.verdict,
            nature: None,
            saving: None,
            cost: cost.map(|(amount, _)| amount),
            unpriced_kwh: cost.map_or(0.0, |(_, kwh)| kwh),
            coverage: balance.coverage,
            missing: balance.missing.iter().filter_map(|id| self.name(*id)).collect(),
            missing_kw: self.weight(&balance.missing),
            complete: None,
            left_out: Vec::new(),
        }
    }

    fn weight(&self, missing: &[MeterId]) -> Option<f64> {
        let known: Option<f64> = missing.iter().map(|id| self.weights.get(id).copied()).sum();
        known.filter(|_| !missing.is_empty())
    }

    /// The loss of a node; none where nothing hung below it.
    pub(crate) fn loss(&self, view: &LossView) -> Option<Loss> {
        let balance = self.figures.balance(view.parent_id)?.balance;
        let complete = |complete: &power_loss::CompleteLoss| CompleteLoss {
            from: complete.from,
            to: complete.to,
            kwh: complete.loss_kwh,
            error_kwh: complete.error_kwh,
            percent: complete.loss_percent,
            cost: complete.cost,
            coverage: complete.coverage,
        };
        let cost = view.cost.map(|amount| (amount, view.unpriced_kwh));
        let complete = view.complete.as_ref().map(complete);
        let (nature, saving) = (view.nature, view.saving);
        Some(Loss { complete, nature, saving, ..self.shown(&balance, cost) })
    }

    pub(crate) fn areas(&self) -> Vec<AreaLoss> {
        let area = |group: power_loss::AreaLoss| AreaLoss {
            name: group.area,
            nodes: group.nodes,
            kwh: group.loss_kwh,
            metering_kwh: group.metering_kwh,
            error_kwh: group.error_kwh,
            cost: group.cost,
            saving: group.saving,
            coverage: group.coverage,
        };
        let groups = power_loss::grouped(&self.figures, &self.views);
        groups.into_iter().filter(|group| group.nodes > 0).map(area).collect()
    }

    /// What goes into a node and out of it.
    pub(crate) fn chosen(&self, id: MeterId) -> Option<Chosen> {
        let view = self.views.iter().find(|view| view.parent_id == id)?;
        let flow = |child: &Child| Flow {
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
            own_kwh: self.figures.known(id).map(|known| known.energy.import.0),
            children,
            unmetered_kwh: view.unmetered_kwh,
            loss: self.loss(view)?,
            cause: None,
        })
    }
}
