//! The page of losses.

mod change;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::MeterId;
use crate::energy::interval::Flags;
use crate::losses::balance::Verdict;
use crate::losses::diagnosis::{Candidate, Code};
use crate::losses::finding::{Evidence, Finding};
use crate::losses::nature::{Nature, Saving};
use crate::losses::pattern::{Days, Since};
use crate::message::{English, Message};
use crate::view::PeriodContext;

pub use change::LossChange;

/// The page of losses.
#[derive(Debug, Clone, PartialEq)]
pub struct LossesPage {
    /// The period and its site.
    pub shown: PeriodContext,
    /// The site as a whole: its boundary meters alone.
    pub whole: Loss,
    /// The site as a whole in the period before, when that is compared with.
    pub before: Option<Loss>,
    /// The nodes in the period before, when that is compared with.
    pub nodes_before: Vec<NodeLoss>,
    /// Each node, the costliest first, then the negative, those within error, the incomplete ones.
    pub nodes: Vec<NodeLoss>,
    /// The node that the page looks into.
    pub chosen: Option<Chosen>,
    /// The same node in the period before, when that is compared with.
    pub chosen_before: Option<Chosen>,
    /// What was asked for in its place and is no node of the period.
    pub absent: Option<String>,
    /// Loss by area of the nodes, the largest first; the node without an area under none.
    pub areas: Vec<AreaLoss>,
    /// The same in the period before, when that is compared with.
    pub areas_before: Vec<AreaLoss>,
    /// Loss of the site, or of the chosen node, step by step.
    pub trend: Vec<TrendStep>,
    /// The same of the whole period before, when that is compared with.
    pub trend_before: Vec<TrendStep>,
    /// What was found in the registers in this period, the newest first.
    pub found: Vec<FoundCause>,
}

/// The balance of a node or of a site over the period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Loss {
    /// Energy in, kWh.
    pub in_kwh: f64,
    /// Energy out, kWh.
    pub out_kwh: f64,
    /// In less out, kWh; negative stays negative. None where a meter that is needed is not known.
    pub kwh: Option<f64>,
    /// Half the error band, kWh.
    pub error_kwh: f64,
    /// Loss as a percentage of the input; none where nothing went in, or there is no loss to tell.
    pub percent: Option<f64>,
    /// What it says.
    pub verdict: Verdict,
    /// The probable nature of a node's loss; none where there is no loss, and of a site.
    pub nature: Option<Nature>,
    /// The losses that are probably real, of which a part may be saved; none where there are none.
    pub saving: Option<Saving>,
    /// Its energy at the price of its time, be it real or not; none where there is no price.
    pub cost: Option<Decimal>,
    /// The part of it that is in the cost at 0: the site exported, and no export price is stated.
    pub unpriced_kwh: f64,
    /// Least coverage of its meters, 0 to 1; of a site that of its nodes, weighted by their energy.
    pub coverage: f64,
    /// Names of the meters whose energy is not known, or for a part of the period alone.
    pub missing: Vec<String>,
    /// The power that those meters usually draw together, or may draw by their rated power, kW: so much may be
    /// wrong without them. None where that is not known of one of them.
    pub missing_kw: Option<f64>,
    /// Of an incomplete node: its loss while all its meters were known.
    pub complete: Option<CompleteLoss>,
    /// Of a site whose boundary is not known: the nodes that the loss leaves out.
    pub left_out: Vec<String>,
}

/// The loss of an incomplete node over the longest part of the period for which all its meters are
/// known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CompleteLoss {
    /// When that begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// In less out, kWh.
    pub kwh: f64,
    /// Half the error band, kWh.
    pub error_kwh: f64,
    /// Loss as a percentage of the input; none where nothing went in.
    pub percent: Option<f64>,
    /// What it cost; none where there is no price.
    pub cost: Option<Decimal>,
    /// Least coverage of its meters, 0 to 1.
    pub coverage: f64,
}

/// The loss of one node.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NodeLoss {
    /// The node.
    pub id: MeterId,
    /// Its name.
    pub name: String,
    /// Its loss.
    pub loss: Loss,
    /// The likely cause.
    pub cause: Option<English>,
}

/// The loss of an area.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AreaLoss {
    /// Its name; none for nodes without one.
    pub name: Option<String>,
    /// Its nodes.
    pub nodes: usize,
    /// Sum of the losses of those that are complete, kWh; none where none is.
    pub kwh: Option<f64>,
    /// The part of it at nodes where it is probably metering, kWh.
    pub metering_kwh: f64,
    /// Half the error band, kWh.
    pub error_kwh: f64,
    /// Sum of their costs.
    pub cost: Option<Decimal>,
    /// The part that is probably real; none where there is none.
    pub saving: Option<Saving>,
    /// Least coverage, 0 to 1.
    pub coverage: f64,
}

impl AreaLoss {
    /// The verdict on its sum.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(self.kwh, self.error_kwh)
    }

    /// The probable nature of all its losses; none where they differ, or there is no loss.
    pub fn nature(&self) -> Option<Nature> {
        match (self.metering_kwh > 0.0, self.saving.is_some()) {
            (true, false) => Some(Nature::Metering),
            (false, true) => Some(Nature::Real),
            (true, true) | (false, false) => None,
        }
    }
}

/// The loss of one step of the trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendStep {
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// Loss in kWh; none where it is not known.
    pub kwh: Option<f64>,
    /// Half the error band, kWh.
    pub error_kwh: f64,
    /// Coverage, 0 to 1.
    pub coverage: f64,
}

/// What goes into one node and out of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The node.
    pub id: MeterId,
    pub name: String,
    /// What went in beside its own meter: the meters that feed it.
    pub feeders: Vec<Flow>,
    /// What its own meter counted; none where that is not known.
    pub own_kwh: Option<f64>,
    /// What each child took, the largest first; none where it is not known.
    pub children: Vec<Flow>,
    /// Declared load that no meter sees, kWh.
    pub unmetered_kwh: f64,
    /// Its balance.
    pub loss: Loss,
    /// Why, as far as it can be told.
    pub cause: Option<CauseCard>,
}

/// Energy of a meter in a balance.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    pub id: MeterId,
    pub name: String,
    /// kWh; none where it is not known.
    pub kwh: Option<f64>,
}

/// Why a balance does not close, with the evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct CauseCard {
    /// The finding, such as `Reversing the direction of SM-014 closes the balance to 0.3 kWh`.
    pub finding: Message,
    /// What speaks for it.
    pub evidence: Message,
    /// The day on which it was found; none where nothing was.
    pub on: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Loss in kW as metered and after the hypothesis, step by step.
    pub steps: Vec<EvidenceStep>,
    /// The meter that is named as the cause.
    pub accused: Option<MeterId>,
    /// What was tested.
    pub hypotheses: Vec<Candidate>,
    /// What can be done about it.
    pub remedy: Option<Remedy>,
    /// Known facts of a loss without a named cause.
    pub unexplained: Option<Unexplained>,
}

impl CauseCard {
    /// The card of a loss of which nothing was found.
    pub fn without_findings(unexplained: Unexplained) -> Self {
        Self {
            finding: Finding::Nothing.into(),
            evidence: Evidence::NotSought.into(),
            on: None,
            steps: Vec::new(),
            accused: None,
            hypotheses: Vec::new(),
            remedy: None,
            unexplained: Some(unexplained),
        }
    }
}

/// Known facts of a loss whose cause is not known.
#[derive(Debug, Clone, PartialEq)]
pub struct Unexplained {
    /// Since when it is there; none where the last day has no loss.
    pub since: Option<Since>,
    /// The hours of the day that hold most of it, from and to; none where no few hours do.
    pub hours: Option<(u32, u32)>,
    /// The days on which it arises; none where too few days are known.
    pub days: Option<Days>,
    /// The faults that were looked for.
    pub tried: Vec<Code>,
}

/// One step of the evidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EvidenceStep {
    /// When it begins.
    pub at: DateTime<Utc>,
    /// Loss as metered, kW.
    pub metered_kw: f64,
    /// Loss if the hypothesis holds, kW.
    pub after_kw: Option<f64>,
    /// Half the error band, kW.
    pub error_kw: f64,
}

/// A change that would mend the balance.
#[derive(Debug, Clone, PartialEq)]
pub struct Remedy {
    /// The meter to change.
    pub meter: MeterId,
    pub name: String,
    pub change: Change,
    /// From when the change holds.
    pub from: DateTime<Utc>,
    /// Days that are computed again.
    pub days: i64,
}

/// What to change about a meter.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// It delivers to its parent instead of drawing from it, or the other way about.
    Feeds(bool),
    /// It hangs below another meter.
    Parent {
        /// The other meter.
        id: MeterId,
        name: String,
    },
}

/// Something that happened to a register.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundCause {
    pub meter: MeterId,
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// How long it lasted, for a gap.
    pub until: Option<DateTime<Utc>>,
    /// What it was.
    pub flag: Flags,
    /// kWh that it concerns.
    pub kwh: f64,
    /// A fault that was named: the node whose balance told of it, and what it is.
    pub fault: Option<(MeterId, Message)>,
    /// How many other meters had the same gap.
    pub others: usize,
}
