//! A loss as programs and pages see it.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::balance::Verdict;
use domain::cause::Cause;
use domain::meter::Meter;
use domain::window::Known;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use super::Costs;
use crate::explain::{Explain, Registers};
use crate::figures::{Figures, NodeBalance};

const FORMULA: &str = "loss = in - out; in = import of the node + delivered by meters that feed it \
    + export of its loads; out = export of the node + import of its loads + drawn by meters that \
    feed it + declared unmetered load";

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
    /// Declared load that no meter sees, as a part of what goes out.
    pub unmetered_kwh: f64,
    /// In less out.
    pub loss_kwh: f64,
    /// The same as a percentage of what went in.
    pub loss_percent: Option<f64>,
    /// Half the error band.
    pub error_kwh: f64,
    /// What the loss costs, as a decimal string; none where the site has no price, or the balance is
    /// incomplete.
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
    /// What it was computed from, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain: Option<Explain>,
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

impl Child {
    fn new(meter: &Meter, known: Option<Known>) -> Self {
        Self {
            meter_id: meter.id,
            meter_number: meter.number.clone(),
            meter_name: meter.name.clone(),
            feeds_parent: meter.feeds_parent,
            energy_kwh: known.map(|known| known.energy.import.0),
            coverage: known.map_or(0.0, |known| known.energy.coverage),
        }
    }
}

impl LossView {
    pub(super) fn new(
        figures: &Figures,
        node: &Meter,
        balanced: NodeBalance,
        costs: &Costs,
        cause: Option<Cause>,
        explain: bool,
    ) -> Self {
        let NodeBalance { balance, unmetered } = balanced;
        let children = figures.children(node.id);
        let explain = explain.then(|| {
            let meters = std::iter::once(node).chain(children.iter().map(|(meter, _)| *meter));
            let of = |meter: &Meter| Registers::of(meter, figures.counted(meter.id));
            Explain {
                formula: FORMULA.to_owned(),
                readings: meters.map(of).collect(),
                factors: Vec::new(),
                tariff: costs.explain(node.id),
            }
        });
        Self {
            parent_id: node.id,
            parent_meter_number: node.number.clone(),
            parent_name: node.name.clone(),
            from: figures.window.from,
            to: figures.window.to,
            source_energy_kwh: balance.source.0,
            destination_energy_kwh: balance.destination.0,
            unmetered_kwh: unmetered.0,
            loss_kwh: balance.loss.0,
            loss_percent: balance.loss_percent,
            error_kwh: balance.error.0,
            // What an unknown meter leaves open costs nothing yet.
            cost: costs
                .of(node.id, balance.loss)
                .filter(|_| balance.verdict != Verdict::Incomplete),
            currency: figures.site.currency.clone(),
            verdict: balance.verdict,
            cause,
            coverage: balance.coverage,
            children: children.into_iter().map(|(meter, known)| Child::new(meter, known)).collect(),
            explain,
        }
    }
}

/// A node that loses more than its error band.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Hotspot {
    /// Id of the node.
    pub meter_id: MeterId,
    /// Its meter number.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// What it lost, kWh.
    pub loss_kwh: f64,
    /// The same as a percentage of what went in.
    pub loss_percent: Option<f64>,
    /// What that costs.
    pub cost: Option<Decimal>,
    /// ISO 4217 code of the cost.
    pub currency: String,
}

/// The nodes with a loss, the costliest first.
pub fn hotspots(losses: &[LossView]) -> Vec<Hotspot> {
    let mut found: Vec<&LossView> =
        losses.iter().filter(|loss| loss.verdict == Verdict::Loss).collect();
    found.sort_by(|a, b| b.cost.cmp(&a.cost).then(b.loss_kwh.total_cmp(&a.loss_kwh)));
    let hotspot = |loss: &LossView| Hotspot {
        meter_id: loss.parent_id,
        meter_number: loss.parent_meter_number.clone(),
        meter_name: loss.parent_name.clone(),
        loss_kwh: loss.loss_kwh,
        loss_percent: loss.loss_percent,
        cost: loss.cost,
        currency: loss.currency.clone(),
    };
    found.into_iter().map(hotspot).collect()
}
