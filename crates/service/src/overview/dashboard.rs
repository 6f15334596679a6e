//! The map of a site: its tree, where energy flows, where it is used when, and where it is lost; all of
//! one window up to one instant.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::window::Window;
use domain::meters::Meter;
use schemars::JsonSchema;
use serde::Serialize;

use crate::carbon::{self, CarbonView, Input, Ledger, diesel};
use crate::energy::series::{self, Resolution};
use crate::energy::window_energy::WindowEnergy;
use crate::losses::power_loss::{self, Hotspot, LossView, hotspots};
use crate::meters::hierarchy::{Seen, TreeNode};
use crate::operation::clock;
use crate::window::SiteWindow;
use crate::{Core, Error, Principal, Service};

/// Cells of the heat map at most; of longer windows the days are shown instead of the hours.
const MOST_HOURS: i64 = 24 * 31;

/// Energy from one end of a link to the other.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// The meter it comes from.
    pub from_meter_id: MeterId,
    /// The meter it goes to; null where it is lost or not metered.
    pub to_meter_id: Option<MeterId>,
    /// `energy`, `loss` or `unmetered`.
    pub kind: &'static str,
    /// kWh.
    pub kwh: f64,
}

/// Energy of a meter in an hour or a day, or in the part of it that lies in the window.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// The meter.
    pub meter_id: MeterId,
    /// When it begins.
    pub start: DateTime<Utc>,
    /// The first instant after it.
    pub end: DateTime<Utc>,
    /// Import.
    pub kwh: f64,
    /// Share backed by readings, 0 to 1.
    pub coverage: f64,
}

/// The five gauges.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Gauges {
    /// Energy that came in through the sources of the site; null where one of them is not known.
    pub total_consumption_kwh: Option<f64>,
    /// Loss of the whole site as a share of what went in, per cent; where a meter at its boundary is not known,
    /// that of the complete nodes as a share of what went into them. Null where there is none.
    pub power_loss_percent: Option<f64>,
    /// Numbers of the nodes that the loss leaves out, since a meter of theirs is not known.
    pub left_out: Vec<String>,
    /// Running hours of its generators.
    pub dg_runtime_hours: f64,
    /// Solar energy as a share of the consumption, per cent.
    pub solar_percent: Option<f64>,
    /// Carbon, less what solar energy avoided.
    pub net_carbon_kg: f64,
}

/// The map of a site.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MapView {
    /// When the window begins.
    pub from: DateTime<Utc>,
    /// When it ends: everything is as of this instant.
    pub to: DateTime<Utc>,
    /// The tree.
    pub tree: Vec<TreeNode>,
    /// Energy from parents to children, from feeding children to parents, and into losses.
    pub links: Vec<Link>,
    /// Energy of each meter by hour, or by day where the window is longer than 31 days. Where the window
    /// begins or ends inside one, the first or the last cell is the part in the window, as its times
    /// tell: the cells of a meter add up to what it counted.
    pub heatmap: Vec<Cell>,
    /// Nodes with a loss, the costliest first.
    pub hotspots: Vec<Hotspot>,
    /// The five gauges.
    pub gauges: Gauges,
}

/// The map of a site over a window.
pub async fn map(
    service: &Service,
    who: &Principal,
    asked: SiteWindow<'_>,
) -> Result<MapView, Error> {
    let (figures, ledger) = carbon::load(service, who, asked).await?;
    let losses = power_loss::views(service, &figures, None, false).await?;
    let seen = Seen { live: service.live(), figures: &figures, ledger: &ledger, explain: false };
    Ok(MapView {
        from: figures.window.from,
        to: figures.window.to,
        tree: seen.roots(),
        links: losses.iter().flat_map(links).collect(),
        heatmap: heatmap(service, &figures).await?,
        hotspots: hotspots(&losses),
        gauges: gauges(&figures, &ledger),
    })
}

fn links(loss: &LossView) -> Vec<Link> {
    let node = loss.parent_id;
    let of_child = |child: &power_loss::Child| {
        let kwh = child.energy_kwh.filter(|&kwh| kwh > 0.0)?;
        let (from, to) =
            if child.feeds_parent { (child.meter_id, node) } else { (node, child.meter_id) };
        Some(Link { from_meter_id: from, to_meter_id: Some(to), kind: "energy", kwh })
    };
    let gone = |kind, kwh: f64| {
        (kwh > 0.0).then_some(Link { from_meter_id: node, to_meter_id: None, kind, kwh })
    };
    let lost = loss.loss_kwh.filter(|_| loss.verdict == domain::losses::balance::Verdict::Loss);
    loss.children
        .iter()
        .filter_map(of_child)
        .chain(gone("unmetered", loss.unmetered_kwh))
        .chain(lost.and_then(|kwh| gone("loss", kwh)))
        .collect()
}

async fn heatmap(core: &Core, figures: &WindowEnergy) -> Result<Vec<Cell>, Error> {
    let (site, window) = (&figures.site, figures.window);
    let window = Window { to: window.to.min(clock::now(core, site)), ..window };
    let mut meters: Vec<&Meter> = figures.tree().meters().iter().collect();
    meters.sort_unstable_by_key(|meter| meter.id);
    let long = (window.to - window.from).num_hours() > MOST_HOURS;
    let by = if long { Resolution::Day } else { Resolution::Hour };
    let pieces = series::pieces(core, site, &meters, window, by, u32::MAX).await?;
    let cell = |piece: series::Piece| Cell {
        meter_id: piece.meter,
        start: piece.start,
        end: piece.end,
        kwh: piece.import_kwh,
        coverage: piece.coverage,
    };
    Ok(pieces.into_iter().map(cell).collect())
}

fn gauges(figures: &WindowEnergy, ledger: &Ledger) -> Gauges {
    let whole = figures.whole();
    let carbon: CarbonView = carbon::view(figures, ledger, false);
    let input = Input::of(figures, &ledger.directions).kwh;
    let share = |input: f64| carbon.solar_kwh / input * 100.0;
    let number = |id: &MeterId| figures.meter(*id).map(|meter| meter.number.clone());
    Gauges {
        total_consumption_kwh: input,
        power_loss_percent: whole.balance.loss_percent,
        left_out: whole.left_out.iter().filter_map(number).collect(),
        dg_runtime_hours: diesel::view(figures, ledger, false).total.runtime_hours,
        solar_percent: input.filter(|input| *input > 0.0).map(share),
        net_carbon_kg: carbon.net_kg,
    }
}
