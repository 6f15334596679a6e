//! What is selected on the page of all meters.

use chrono::{DateTime, Utc};

use crate::live::{BalanceLive, MeterCard, MeterLive};
use crate::losses::diagnosis::Step;
use crate::meters::view::meter::ChannelValue;
use crate::view::PeriodContext;

/// The selected meter.
#[derive(Debug, Clone, PartialEq)]
pub struct SelectedPage {
    /// Its site, and the period of the page.
    pub shown: PeriodContext,
    /// What does not change about it.
    pub card: MeterCard,
    pub accuracy_class: Option<f64>,
    /// The name of the meter above it.
    pub parent: Option<String>,
    /// Its newest power and state.
    pub value: MeterLive,
    /// The newest value of each of its channels.
    pub channels: Vec<ChannelValue>,
    /// Its mean power by quarter-hour over the last 24 hours.
    pub power: Vec<Option<f64>>,
    /// Its balance, where anything hangs below it.
    pub node: Option<Node>,
}

/// The balance of a node.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Over the last 15 minutes.
    pub balance: BalanceLive,
    /// What hangs below it.
    pub children: Vec<Child>,
    /// Its loss over the last 24 hours.
    pub losses: LossLine,
}

/// A meter below a node.
#[derive(Debug, Clone, PartialEq)]
pub struct Child {
    pub name: String,
    /// Whether it feeds the node.
    pub feeds_parent: bool,
    /// Its mean power of the balance's window.
    pub kw: Option<f64>,
}

/// Begin of a quarter-hour, with loss and half its error band in kW; none where it is not known.
pub type LossStep = (DateTime<Utc>, Option<(f64, f64)>);

/// The loss of a node over the last 24 hours.
#[derive(Debug, Clone, PartialEq)]
pub struct LossLine {
    /// Its quarter-hours, oldest first.
    pub steps: Vec<LossStep>,
    /// A lasting step in it.
    pub step: Option<Step>,
}
