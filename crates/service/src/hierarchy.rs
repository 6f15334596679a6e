//! The tree of a site's meters with what each counted in a window.

use std::collections::HashMap;

use chrono::Utc;
use domain::MeterId;
use domain::balance::Verdict;
use domain::carbon;
use domain::hierarchy::Tree;
use domain::live::Status;
use domain::meter::{Meter, MeterType, SourceKind};
use domain::window::Known;
use schemars::JsonSchema;
use serde::Serialize;

use crate::energy::energies;
use crate::window::{parse, tree};
use crate::{Error, Principal, Role, Service, meters, power_loss, sites};

/// A meter of the tree.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TreeMeter {
    /// Its id.
    pub id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// Its type.
    pub meter_type: MeterType,
    /// 0 grid to 4 machine, or deeper.
    pub level: i16,
    /// The meter above it.
    pub parent_meter_id: Option<MeterId>,
    /// Whether it feeds its parent's bus instead of drawing from it.
    pub feeds_parent: bool,
    /// A named group of meters: unit, hall, building.
    pub area: Option<String>,
    /// Energy through it in the window: of a node its source energy, else its import.
    pub energy_kwh: Option<f64>,
    /// Power of the newest reading, in kW.
    pub power_kw: Option<f64>,
    /// Of a node: energy in less energy out.
    pub loss_kwh: Option<f64>,
    /// The same as a percentage of what went in.
    pub loss_percent: Option<f64>,
    /// Of a node: what its balance says.
    pub verdict: Option<Verdict>,
    /// Of a diesel generator: its diesel in litres.
    pub diesel_l: Option<f64>,
    /// Of a grid meter or a diesel generator its carbon in kg CO2; of a solar meter what it avoided,
    /// below zero.
    pub carbon_kg: Option<f64>,
    /// Share of the window backed by readings, 0 to 1.
    pub coverage: f64,
    /// Its connection.
    pub status: Status,
}

/// A meter of the tree with everything below it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TreeNode {
    /// The meter.
    #[serde(flatten)]
    pub meter: TreeMeter,
    /// The meters below it, by number.
    pub children: Vec<Self>,
}

/// Which window of which site is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Slug of the site; the default site unless stated.
    pub site: Option<&'a str>,
    /// Begin of the window; today unless stated.
    pub from: Option<&'a str>,
    /// End of the window; now unless stated.
    pub to: Option<&'a str>,
}

/// The whole tree: its roots, each with what hangs below it.
pub async fn forest(
    service: &Service,
    who: &Principal,
    asked: Asked<'_>,
) -> Result<Vec<TreeNode>, Error> {
    who.require(Role::Viewer)?;
    let site = sites::named(service, asked.site).await?;
    let window = parse(&site, asked.from, asked.to, Utc::now())?;
    let tree = tree(service, &site, window).await?;
    let every: Vec<&Meter> = tree.meters().iter().collect();
    let energies = energies(service, &site, &every, window).await?;
    let seen = Seen { service, tree: &tree, energies: &energies };
    Ok(tree.roots().filter(|root| root.retired_at.is_none()).map(|root| seen.node(root)).collect())
}

/// The direct children of a meter.
pub async fn children(
    service: &Service,
    who: &Principal,
    asked: Asked<'_>,
    id: &str,
) -> Result<Vec<TreeMeter>, Error> {
    who.require(Role::Viewer)?;
    let parent = meters::find(service, asked.site, id).await?;
    let site = storage::sites::by_id(service.pool(), parent.site)
        .await?
        .ok_or_else(|| Error::no_site(parent.site))?;
    let window = parse(&site, asked.from, asked.to, Utc::now())?;
    let tree = tree(service, &site, window).await?;
    let mut needed: Vec<&Meter> = Vec::new();
    for child in tree.children(parent.id) {
        needed.push(child);
        needed.extend(tree.children(child.id));
    }
    let energies = energies(service, &site, &needed, window).await?;
    let seen = Seen { service, tree: &tree, energies: &energies };
    let children = tree.children(parent.id).filter(|child| child.retired_at.is_none());
    Ok(children.map(|child| seen.meter(child)).collect())
}

struct Seen<'a> {
    service: &'a Service,
    tree: &'a Tree,
    energies: &'a HashMap<MeterId, Known>,
}

impl Seen<'_> {
    fn node(&self, meter: &Meter) -> TreeNode {
        let children = self.tree.children(meter.id).filter(|child| child.retired_at.is_none());
        TreeNode {
            meter: self.meter(meter),
            children: children.map(|child| self.node(child)).collect(),
        }
    }

    fn meter(&self, meter: &Meter) -> TreeMeter {
        let known = self.energies.get(&meter.id);
        let own = known.map(|known| known.energy.import.0);
        let balance = self
            .tree
            .is_node(meter.id)
            .then(|| power_loss::balance(self.tree, meter, self.energies));
        let live = self.service.status_of(meter.id);
        let kind = meter.meter_type.source_kind();
        let diesel_l = own.filter(|_| kind == SourceKind::Diesel).map(carbon::diesel_litres);
        TreeMeter {
            id: meter.id,
            meter_number: meter.number.clone(),
            meter_name: meter.name.clone(),
            meter_type: meter.meter_type.clone(),
            level: meter.level,
            parent_meter_id: meter.parent,
            feeds_parent: meter.feeds_parent,
            area: meter.area.clone(),
            energy_kwh: own.map(|own| balance.as_ref().map_or(own, |node| node.source.0)),
            power_kw: live.as_ref().and_then(|live| live.power_kw),
            loss_kwh: balance.as_ref().map(|node| node.loss.0),
            loss_percent: balance.as_ref().and_then(|node| node.loss_percent),
            verdict: balance.as_ref().map(|node| node.verdict),
            carbon_kg: match kind {
                SourceKind::Grid => own.map(|kwh| kwh * carbon::GRID_KG_PER_KWH),
                SourceKind::Solar => own.map(|kwh| -kwh * carbon::SOLAR_KG_PER_KWH),
                SourceKind::Diesel => diesel_l.map(|l| l * carbon::DIESEL_KG_PER_LITRE),
                SourceKind::Battery | SourceKind::Load => None,
            },
            diesel_l,
            coverage: match (&balance, known) {
                (Some(node), _) => node.coverage,
                (None, Some(known)) => known.energy.coverage,
                (None, None) => 0.0,
            },
            status: live.map(|live| live.status).unwrap_or_default(),
        }
    }
}
