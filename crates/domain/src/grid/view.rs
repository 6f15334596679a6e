//! The page of the grid: what a connection at a place would do to the transformers around it, and the
//! map with all of them.

pub mod clusters;
pub mod connections;
pub mod map;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::grid::RequestState;
use crate::grid::feasibility::{Place, Verdict as Grade};
use crate::message::Message;
use crate::view::PeriodContext;

/// The page of the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct GridPage {
    /// The site and its time.
    pub shown: PeriodContext,
    /// How many transformers there are.
    pub transformers: usize,
    /// What stands in the form.
    pub form: Form,
    /// What follows from it.
    pub found: Found,
    /// The newest requests.
    pub last: Vec<Request>,
    /// Names of neighbourhoods, to choose from.
    pub known: Vec<String>,
    /// Names this request once, so that sending it again does not connect twice.
    pub key: String,
}

/// The fields of the form, as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Coordinates, or the name of something known.
    pub place: String,
    /// kW.
    pub consumption: String,
    /// kW.
    pub production: String,
    /// Metres; empty where the distance is meant.
    pub length: String,
    /// Whether it is for charging vehicles.
    pub is_ev: bool,
}

/// What follows from the form.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Nothing was asked.
    Nothing,
    /// It cannot be asked, with the reason.
    Refused(Message),
    /// Several places have that name, or none has.
    Places(Vec<Named>),
    /// The rule was applied.
    Checked(Box<Check>),
}

/// What a place is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    Coordinates,
    /// A neighbourhood; its middle is meant.
    Neighbourhood,
    Transformer,
    /// A meter with coordinates.
    Meter,
}

/// A place that someone looks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Its name; empty for coordinates.
    pub name: String,
    /// What it is.
    pub kind: PlaceKind,
    /// Where.
    pub place: Place,
}

/// The rule applied to a request at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Where.
    pub at: Named,
    /// Requested consumption, kW.
    pub consumption: Decimal,
    /// Requested production, kW.
    pub production: Decimal,
    /// The transformers considered, nearest first, with a few behind the one that would be assigned.
    pub candidates: Vec<Candidate>,
    /// How many transformers were passed over, listed or not.
    pub passed_over: usize,
    /// Which of them would be assigned.
    pub assigned: Option<usize>,
    /// Which of them is looked into.
    pub chosen: Option<usize>,
    /// How many transformers stand within two kilometres.
    pub within_2_km: usize,
}

/// A transformer that was considered.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub id: String,
    pub name: String,
    /// kVA.
    pub capacity: Decimal,
    /// Metres from the place.
    pub distance_m: f64,
    /// Where it stands.
    pub place: Place,
    /// Consumption against 80 % of the capacity.
    pub consumption: Limit,
    /// Production against 30 % of the capacity; not tested where none is requested.
    pub production: Limit,
    /// Whether it can take the request.
    pub verdict: Verdict,
    /// What the voltage does.
    pub voltage: Option<Voltage>,
}

/// A sum against its limit, kW.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Connected before.
    pub connected: Decimal,
    pub requested: Decimal,
    /// The most that may be connected.
    pub limit: Decimal,
}

impl Limit {
    /// Connected and requested together.
    pub fn sum(&self) -> Decimal {
        self.connected + self.requested
    }

    /// Whether the sum keeps to the limit; the limit itself does.
    pub fn holds(&self) -> bool {
        self.sum() <= self.limit
    }

    /// What is left under the limit with the request; negative where it is passed.
    pub fn left(&self) -> Decimal {
        self.limit - self.sum()
    }
}

/// Whether a transformer can take a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It can.
    Feasible,
    /// Consumption would exceed 80 %.
    Consumption,
    /// Production would exceed 30 %.
    Production,
    /// The voltage would leave its range, on a site where that binds.
    Voltage,
}

/// The voltage at the service point, in percent of nominal, before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Voltage {
    /// The worse of the two scenarios.
    pub grade: Grade,
    /// All consumption, no production.
    pub peak_load: Span,
    /// All production, no consumption.
    pub full_production: Span,
}

/// A voltage before and after, as a difference from nominal in percent; none where no voltage would
/// hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Before the connection.
    pub before: Option<f64>,
    /// With it.
    pub after: Option<f64>,
}

/// A request that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub id: String,
    /// Whether it may produce.
    pub is_prosumer: bool,
    /// kW.
    pub consumption: Decimal,
    /// kW.
    pub production: Decimal,
    /// What became of it.
    pub state: RequestState,
    /// Why it was rejected.
    pub reason: Option<Message>,
    /// Name of the transformer it is connected to.
    pub transformer: Option<String>,
    /// Where.
    pub place: Place,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
}
