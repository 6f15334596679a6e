//! Where energy flows through the tree of a site's meters, and which of them are shown.

mod visible;

use chrono::{DateTime, Utc};

use super::Refused;
use crate::MeterId;
use crate::losses::balance::Verdict;
use crate::meters::SourceKind;
use crate::view::PeriodContext;

pub use visible::{Fold, Part, What};

/// The flow of energy through a site.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowPage {
    /// The period and its site.
    pub shown: PeriodContext,
    /// End of the quarter-hour whose mean power is shown; none where the energy of the period is.
    pub until: Option<DateTime<Utc>>,
    /// Whether power was asked for.
    pub is_live: bool,
    /// What flows: kWh, or kW.
    pub flow: Flow,
    /// What is unfolded.
    pub open: Open,
    /// What the address asks for and cannot be shown.
    pub refused: Option<Refused>,
}

/// What somebody asked to see more of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Open {
    #[default]
    Nothing,
    /// The meters that hang below none.
    Top,
    /// What hangs below a meter.
    Below(MeterId),
}

/// Meters with what flowed through them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Flow {
    /// The meters that hang below none.
    pub roots: Vec<Point>,
}

/// A meter and what flowed through it, in one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub id: MeterId,
    pub name: String,
    pub kind: SourceKind,
    pub level: i16,
    /// Whether it feeds its parent.
    pub feeds: bool,
    /// Drawn by a load, delivered by a source; none where that is not known.
    pub import: Option<f64>,
    /// Returned by a load, drawn by a source.
    pub export: f64,
    /// Half the error band of its own figure.
    pub error: f64,
    /// The step of its register, kWh; none where that is not known.
    pub step_kwh: Option<f64>,
    /// Share backed by readings, 0 to 1.
    pub coverage: f64,
    /// Where it stands among its siblings, the largest first: of live power the day's energy, so that
    /// nothing changes its place every few seconds.
    pub rank: f64,
    /// Its balance, where meters hang below.
    pub balance: Option<Sums>,
    /// The meters below.
    pub below: Vec<Self>,
}

/// The balance of a node.
#[derive(Debug, Clone, PartialEq)]
pub struct Sums {
    /// What went in.
    pub source: f64,
    /// What came out, declared load included.
    pub destination: f64,
    /// Declared load that no meter sees.
    pub unmetered: f64,
    /// Half the error band.
    pub error: f64,
    /// What it says.
    pub verdict: Verdict,
    /// Least coverage of its meters, 0 to 1.
    pub coverage: f64,
    /// Names of the meters whose energy is not known.
    pub missing: Vec<String>,
}

impl Sums {
    /// In less out.
    pub fn left(&self) -> f64 {
        self.source - self.destination
    }
}

impl Point {
    /// What passed through it: of a node its source energy, as the tree of the API has it.
    pub fn through(&self) -> Option<f64> {
        let own = self.import?;
        Some(self.balance.as_ref().map_or(own, |sums| sums.source))
    }

    /// How many meters hang below, over all levels.
    pub fn count(&self) -> usize {
        self.below.iter().map(|point| 1 + point.count()).sum()
    }

    fn loads(&self) -> impl Iterator<Item = &Self> {
        self.below.iter().filter(|point| !point.feeds)
    }

    fn feeders(&self) -> impl Iterator<Item = &Self> {
        self.below.iter().filter(|point| point.feeds)
    }
}

impl Flow {
    /// Everything that went into the site.
    pub fn input(&self) -> f64 {
        fn fed(point: &Point) -> f64 {
            let own = if point.feeds { point.import.unwrap_or(0.0) } else { 0.0 };
            own + point.below.iter().map(fed).sum::<f64>()
        }
        let own = |root: &Point| if root.feeds { 0.0 } else { root.import.unwrap_or(0.0) };
        self.roots.iter().map(|root| own(root) + fed(root)).sum()
    }

    /// The meters from a root down to the one with this id; none where it is not among them.
    pub fn path(&self, id: MeterId) -> Option<Vec<&Point>> {
        fn down<'a>(points: &'a [Point], id: MeterId, path: &mut Vec<&'a Point>) -> bool {
            points.iter().any(|point| {
                path.push(point);
                let found = point.id == id || down(&point.below, id, path);
                if !found {
                    path.pop();
                }
                found
            })
        }
        let mut path = Vec::new();
        down(&self.roots, id, &mut path).then_some(path)
    }
}
