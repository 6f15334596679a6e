//! Losses by area.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::losses::balance::Verdict;
use domain::losses::nature::{Nature, Saving};
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use super::{LossView, LossesQuery, views};
use crate::energy::window_energy::WindowEnergy;
use crate::operation::clock;
use crate::window::between;
use crate::{Action, Core, Error, Principal, sites};

/// The loss at the nodes of an area, and what the area used.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AreaLoss {
    /// Its name; null for what belongs to none.
    pub area: Option<String>,
    /// When the window begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// What was drawn into the area: import of its meters that hang below none of its own, those that
    /// feed their parent not counted. Null where one of them is not known.
    pub energy_kwh: Option<f64>,
    /// How many of its meters are nodes.
    pub nodes: usize,
    /// Numbers of those of them that are incomplete, and left out of the sums.
    pub left_out: Vec<String>,
    /// How many these are.
    pub incomplete: usize,
    /// Energy into its nodes.
    pub source_energy_kwh: f64,
    /// Energy out of them.
    pub destination_energy_kwh: f64,
    /// Sum of their losses; null where it has nodes and none of them is complete.
    pub loss_kwh: Option<f64>,
    /// The part of it at nodes whose `nature` is `metering`.
    pub metering_kwh: f64,
    /// The loss as a percentage of what went into the nodes.
    pub loss_percent: Option<f64>,
    /// Half the error band: the root of the sum of squares of theirs.
    pub error_kwh: f64,
    /// Sum of their costs; null where one has no price.
    pub cost: Option<Decimal>,
    /// Those that are probably real, of which a part may be saved; null where none is.
    pub saving: Option<Saving>,
    /// ISO 4217 code of the cost.
    pub currency: String,
    /// The least coverage of the nodes, 0 to 1.
    pub coverage: f64,
}

/// The losses of a site by area, the largest first.
pub async fn by_area(
    service: &Core,
    who: &Principal,
    asked: LossesQuery<'_>,
) -> Result<Vec<AreaLoss>, Error> {
    let site = sites::resolve(service, who, Action::See, asked.site).await?;
    let window = between(&site, asked.from, asked.to, clock::now(service, &site))?;
    let figures = WindowEnergy::load(service, site, window, None).await?;
    let losses = views(service, &figures, None, false).await?;
    Ok(grouped(&figures, &losses))
}

/// Losses put together by area, the largest first.
pub(crate) fn grouped(figures: &WindowEnergy, losses: &[LossView]) -> Vec<AreaLoss> {
    let tree = figures.tree();
    let area_of = |meter: &Meter| meter.area.clone();
    let mut areas: HashMap<Option<String>, Vec<&LossView>> = HashMap::new();
    for meter in tree.meters() {
        areas.entry(area_of(meter)).or_default();
    }
    for loss in losses {
        let area = tree.get(loss.parent_id).and_then(area_of);
        areas.entry(area).or_default().push(loss);
    }
    let mut grouped: Vec<AreaLoss> =
        areas.into_iter().map(|(area, nodes)| sum(figures, area, &nodes)).collect();
    let lost = |area: &AreaLoss| area.loss_kwh.unwrap_or(f64::NEG_INFINITY);
    grouped.sort_by(|a, b| lost(b).total_cmp(&lost(a)).then_with(|| a.area.cmp(&b.area)));
    grouped
}

fn sum(figures: &WindowEnergy, area: Option<String>, nodes: &[&LossView]) -> AreaLoss {
    let known: Vec<&LossView> =
        nodes.iter().filter(|loss| loss.loss_kwh.is_some()).copied().collect();
    let total = |of: fn(&LossView) -> f64| known.iter().map(|loss| of(loss)).sum::<f64>();
    let source = total(|loss| loss.source_energy_kwh);
    let lost: f64 = known.iter().filter_map(|loss| loss.loss_kwh).sum();
    let loss = (nodes.is_empty() || !known.is_empty()).then_some(lost);
    let is_metering =
        |loss: &&&LossView| loss.verdict == Verdict::Loss && loss.nature == Some(Nature::Metering);
    let open = nodes.iter().filter(|loss| loss.loss_kwh.is_none());
    AreaLoss {
        energy_kwh: drawn(figures, area.as_deref()),
        area,
        from: figures.window.from,
        to: figures.window.to,
        nodes: nodes.len(),
        left_out: open.map(|loss| loss.parent_meter_number.clone()).collect(),
        incomplete: nodes.len() - known.len(),
        source_energy_kwh: source,
        destination_energy_kwh: total(|loss| loss.destination_energy_kwh),
        loss_kwh: loss,
        metering_kwh: known
            .iter()
            .filter(is_metering)
            .fold(0.0, |sum, loss| sum + loss.loss_kwh.unwrap_or_default()),
        loss_percent: loss.filter(|_| source > 0.0).map(|loss| loss / source * 100.0),
        error_kwh: total(|loss| loss.error_kwh.powi(2)).sqrt(),
        cost: known.iter().map(|loss| loss.cost).reduce(|a, b| Some(a? + b?)).flatten(),
        saving: Saving::sum(known.iter().filter_map(|loss| loss.saving)),
        currency: figures.site.currency.clone(),
        coverage: known.iter().map(|loss| loss.coverage).fold(1.0, f64::min),
    }
}

/// Import of the meters at the area's border.
fn drawn(figures: &WindowEnergy, area: Option<&str>) -> Option<f64> {
    let tree: &Tree = figures.tree();
    let inside = |meter: &&Meter| meter.area.as_deref() == area;
    let border = tree.meters().iter().filter(inside).filter(|meter| {
        !meter.feeds_parent && !tree.ancestors(meter.id).any(|above| inside(&above))
    });
    border.map(|meter| Some(figures.known(meter.id)?.energy.import.0)).sum()
}
