//! A loss as programs and pages see it.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::window::Known;
use domain::losses::balance::Verdict;
use domain::losses::diagnosis::{Cause, Findings};
use domain::losses::nature::{Nature, Saving};
use domain::meters::Meter;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use super::Cost;
use crate::energy::explain::{Explain, UsedTariff};
use crate::energy::window_energy::{Complete, NodeBalance, WindowEnergy};

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
    /// In less out; null where the balance is incomplete: what an unknown meter leaves open is no loss.
    pub loss_kwh: Option<f64>,
    /// The same as a percentage of what went in.
    pub loss_percent: Option<f64>,
    /// Half the error band.
    pub error_kwh: f64,
    /// Its energy at the price of its time, as a decimal string, be the loss real or not: each quarter-hour at the price of import, or at that of
    /// export while the site exports; null where the site has no price, or the balance is incomplete.
    pub cost: Option<Decimal>,
    /// Half the error band of the cost, as a decimal string: the error of the loss, and what gaps across
    /// a change of price leave open.
    pub cost_error: Option<Decimal>,
    /// The part of the loss whose cost is 0, since the site exported and no export price is stated.
    pub unpriced_kwh: f64,
    /// ISO 4217 code of the cost.
    pub currency: String,
    /// What the balance says.
    pub verdict: Verdict,
    /// `metering` where a meter probably reads wrong or hangs in the wrong place, `real` where energy is
    /// probably lost or used unmetered; null without a loss.
    pub nature: Option<Nature>,
    /// The loss as what may be saved at most, as cables and transformers always lose a part of it; null unless its
    /// nature is `real`.
    pub saving: Option<Saving>,
    /// Of an incomplete node: its loss over the part of the window for which all its meters are known;
    /// null where there is none.
    pub complete: Option<CompleteLoss>,
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

/// The loss of an incomplete node over the longest stretch of the window for which all its meters are
/// known.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompleteLoss {
    /// When the stretch begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// Energy into the node in it.
    pub source_energy_kwh: f64,
    /// Energy out of it.
    pub destination_energy_kwh: f64,
    /// In less out.
    pub loss_kwh: f64,
    /// The same as a percentage of what went in.
    pub loss_percent: Option<f64>,
    /// Half the error band.
    pub error_kwh: f64,
    /// What the loss costs, as a decimal string; null where the site has no price.
    pub cost: Option<Decimal>,
    /// What the balance of the stretch says.
    pub verdict: Verdict,
    /// Share of the stretch backed by readings, 0 to 1: the least of the node's meters.
    pub coverage: f64,
}

impl CompleteLoss {
    pub(crate) fn new(complete: &Complete, cost: Option<Decimal>) -> Option<Self> {
        let Complete { window, balance } = complete;
        Some(Self {
            from: window.from,
            to: window.to,
            source_energy_kwh: balance.source.0,
            destination_energy_kwh: balance.destination.0,
            loss_kwh: balance.loss?.0,
            loss_percent: balance.loss_percent,
            error_kwh: balance.error.0,
            cost,
            verdict: balance.verdict,
            coverage: balance.coverage,
        })
    }
}

/// What the loss of a node costs.
pub(super) struct Priced {
    /// Over the window.
    pub(super) whole: Option<Cost>,
    /// While it was complete, where it is not.
    pub(super) complete: Option<Cost>,
    /// The tariff it is counted with.
    pub(super) tariff: Option<UsedTariff>,
    /// Carbon of a kWh from the grid, the mean of the days of the window.
    pub(super) grid_kg_per_kwh: Option<f64>,
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
        figures: &WindowEnergy,
        node: &Meter,
        balanced: NodeBalance,
        priced: Priced,
        found: Option<Findings>,
        explain: bool,
    ) -> Self {
        let NodeBalance { balance, unmetered, complete } = balanced;
        let currency = &figures.site.currency;
        let whole = priced.whole.map(|cost| cost.rounded(currency));
        let partly = priced.complete.map(|cost| cost.rounded(currency).amount);
        let nature = Nature::of(balance.verdict, found.as_ref());
        let saving = balance.loss.filter(|_| nature == Some(Nature::Real)).map(|loss| Saving {
            kwh: loss.0,
            cost: whole.map(|cost| cost.amount),
            co2_kg: priced.grid_kg_per_kwh.map(|factor| loss.0 * factor),
        });
        let children = figures.children(node.id);
        let explain = explain.then(|| {
            let meters = std::iter::once(node).chain(children.iter().map(|(meter, _)| *meter));
            Explain { tariff: priced.tariff, ..figures.explain(FORMULA, meters, Vec::new()) }
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
            loss_kwh: balance.loss.map(|loss| loss.0),
            loss_percent: balance.loss_percent,
            error_kwh: balance.error.0,
            cost: whole.map(|cost| cost.amount),
            cost_error: whole.map(|cost| cost.error),
            unpriced_kwh: whole.map_or(0.0, |cost| cost.unpriced_kwh),
            currency: currency.clone(),
            verdict: balance.verdict,
            nature,
            saving,
            complete: complete.and_then(|complete| CompleteLoss::new(&complete, partly)),
            cause: found.filter(|_| nature.is_some()).and_then(|found| found.named),
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
    /// Its energy at the price of its time.
    pub cost: Option<Decimal>,
    /// `metering` where a meter probably reads wrong or hangs in the wrong place, else `real`.
    pub nature: Option<Nature>,
    /// The loss as what may be saved at most, as cables and transformers always lose a part of it; null unless its
    /// nature is `real`.
    pub saving: Option<Saving>,
    /// ISO 4217 code of the cost.
    pub currency: String,
}

/// The nodes with a loss, the costliest first.
pub fn hotspots(losses: &[LossView]) -> Vec<Hotspot> {
    let hotspot = |loss: &LossView| {
        Some(Hotspot {
            meter_id: loss.parent_id,
            meter_number: loss.parent_meter_number.clone(),
            meter_name: loss.parent_name.clone(),
            loss_kwh: loss.loss_kwh?,
            loss_percent: loss.loss_percent,
            cost: loss.cost,
            nature: loss.nature,
            saving: loss.saving,
            currency: loss.currency.clone(),
        })
    };
    let losing = losses.iter().filter(|loss| loss.verdict == Verdict::Loss);
    let mut found: Vec<Hotspot> = losing.filter_map(hotspot).collect();
    found.sort_by(|a, b| b.cost.cmp(&a.cost).then(b.loss_kwh.total_cmp(&a.loss_kwh)));
    found
}
