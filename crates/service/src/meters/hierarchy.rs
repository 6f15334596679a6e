//! The tree of a site's meters with what each counted in a window.

use domain::MeterId;
use domain::live::Status;
use domain::losses::balance::Verdict;
use domain::meters::{Meter, MeterAddress, MeterType};
use schemars::JsonSchema;
use serde::Serialize;

use crate::carbon::{self, Ledger};
use crate::energy::explain::Explain;
use crate::energy::window_energy::WindowEnergy;
use crate::live::LiveState;
use crate::losses::power_loss::CompleteLoss;
use crate::operation::clock;
use crate::window::{SiteWindow, between};
use crate::{Action, Error, Principal, Service, resolve, sites};

const FORMULA: &str = "energy of a node = import of the node + delivered by meters that feed it + \
    export of its loads, else the meter's own import; import = register at the end - register at the \
    beginning, or the sum of its intervals where something happened to the register";

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
    /// Whether it is known what it is part of; what is not is in no total.
    pub placed: bool,
    /// Energy through it in the window: of a node its source energy, else its import.
    pub energy_kwh: Option<f64>,
    /// Power of the newest reading, in kW.
    pub power_kw: Option<f64>,
    /// Of a node: energy in less energy out; null where its balance is incomplete.
    pub loss_kwh: Option<f64>,
    /// The same as a percentage of what went in.
    pub loss_percent: Option<f64>,
    /// Of a node: what its balance says.
    pub verdict: Option<Verdict>,
    /// Of an incomplete node: its loss over the part of the window for which all its meters are known,
    /// without its cost; null where there is none.
    pub complete: Option<CompleteLoss>,
    /// Of a diesel generator: its diesel in litres.
    pub diesel_l: Option<f64>,
    /// Of a grid meter or a diesel generator its carbon in kg CO2; of a solar meter what it avoided,
    /// below zero.
    pub carbon_kg: Option<f64>,
    /// Share of the window backed by readings, 0 to 1.
    pub coverage: f64,
    /// Its connection.
    pub status: Status,
    /// What its figures were computed from, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain: Option<Explain>,
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

impl TreeNode {
    /// The meter and everything below it, each before what hangs below it; none with its children.
    pub fn flat(self) -> Vec<Self> {
        let below = self.children.into_iter().flat_map(Self::flat);
        std::iter::once(Self { meter: self.meter, children: Vec::new() }).chain(below).collect()
    }
}

/// The whole tree: its roots, each with what hangs below it.
pub async fn forest(
    service: &Service,
    who: &Principal,
    asked: SiteWindow<'_>,
) -> Result<Vec<TreeNode>, Error> {
    let (figures, ledger) = carbon::load(service, who, asked).await?;
    Ok(Seen { live: service.live(), figures: &figures, ledger: &ledger, explain: asked.explain }
        .roots())
}

/// The direct children of a meter.
pub async fn children(
    service: &Service,
    who: &Principal,
    asked: SiteWindow<'_>,
    meter: &MeterAddress,
) -> Result<Vec<TreeMeter>, Error> {
    let parent = resolve::meter(service, who, Action::See, meter).await?;
    who.require_on(Action::See, parent.site, || Error::no_meter(meter))?;
    let site = sites::of(service, &parent).await?;
    let window = between(&site, asked.from, asked.to, clock::now(service, &site))?;
    let figures = WindowEnergy::load(service, site, window, Some(parent.id)).await?;
    let ledger = Ledger::load(service, &figures).await?;
    let seen =
        Seen { live: service.live(), figures: &figures, ledger: &ledger, explain: asked.explain };
    let children = figures.tree().below(parent.id).filter(|child| child.retired_at.is_none());
    Ok(children.map(|child| seen.meter(child)).collect())
}

/// What the tree is drawn from.
pub(crate) struct Seen<'a> {
    pub(crate) live: &'a LiveState,
    pub(crate) figures: &'a WindowEnergy,
    pub(crate) ledger: &'a Ledger,
    pub(crate) explain: bool,
}

impl Seen<'_> {
    /// The meters without a parent, each with what hangs below it.
    pub(crate) fn roots(&self) -> Vec<TreeNode> {
        let roots = self.figures.tree().roots();
        roots.filter(|root| root.retired_at.is_none()).map(|root| self.node(root)).collect()
    }

    fn node(&self, meter: &Meter) -> TreeNode {
        let children = self.figures.tree().below(meter.id);
        let children = children.filter(|child| child.retired_at.is_none());
        TreeNode {
            meter: self.meter(meter),
            children: children.map(|child| self.node(child)).collect(),
        }
    }

    fn meter(&self, meter: &Meter) -> TreeMeter {
        let known = self.figures.known(meter.id);
        let own = known.map(|known| known.energy.import.0);
        let live = self.live.meter(meter.id);
        let node = self.figures.balance(meter.id);
        let complete = node.as_ref().and_then(|node| node.complete.as_ref());
        let complete = complete.and_then(|complete| CompleteLoss::new(complete, None));
        let balance = node.map(|node| node.balance);
        let (diesel_l, carbon_kg) = self.ledger.fuel_and_carbon(meter.id);
        TreeMeter {
            id: meter.id,
            meter_number: meter.number.clone(),
            meter_name: meter.name.clone(),
            meter_type: meter.meter_type.clone(),
            level: meter.level,
            parent_meter_id: meter.parent,
            feeds_parent: meter.feeds_parent,
            area: meter.area.clone(),
            placed: meter.is_placed(),
            energy_kwh: own.map(|own| balance.as_ref().map_or(own, |node| node.source.0)),
            power_kw: live.as_ref().and_then(|live| live.power_kw),
            loss_kwh: balance.as_ref().and_then(|node| node.loss).map(|loss| loss.0),
            loss_percent: balance.as_ref().and_then(|node| node.loss_percent),
            verdict: balance.as_ref().map(|node| node.verdict),
            complete,
            carbon_kg,
            diesel_l,
            coverage: match (&balance, known) {
                (Some(node), _) => node.coverage,
                (None, Some(known)) => known.energy.coverage,
                (None, None) => 0.0,
            },
            status: live.map(|live| live.status).unwrap_or_default(),
            explain: self.explain.then(|| self.explained(meter)),
        }
    }

    fn explained(&self, meter: &Meter) -> Explain {
        let children = self.figures.children(meter.id);
        let meters = std::iter::once(meter).chain(children.iter().map(|(child, _)| *child));
        let factors = if self.ledger.has(meter.id) { self.ledger.used() } else { vec![] };
        self.figures.explain(FORMULA, meters, factors)
    }
}
