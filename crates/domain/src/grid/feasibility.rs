//! Whether a transformer can take a new connection: load, injected power, and voltage.
//!
//! The rule is decided in decimals: connected plus requested consumption may reach 80 % of the
//! transformer's capacity, and for prosumers connected plus requested production 30 %. Transformers
//! are tried in order of their great-circle distance. [`screen`] estimates what the connection does to
//! the voltage. Which transformers there are, and who gets one, is for others to say.

mod answer;
mod conductor;
mod place;
mod power;
mod request;
#[cfg(test)]
mod tests;
mod verdict;
mod voltage;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::id;

pub use answer::{
    Candidate, Case, Failure, Feasibility, Nearest, Outcome, Percents, Reason, Scenario, Voltage,
};
pub use conductor::{CONDUCTORS, Conductor, Line};
pub use place::{Bounds, Place};
pub use power::{Loading, Need, Power, Room};
pub use request::{FeasibilityRequest, Kind, Premises, Request};
pub use verdict::{LIMITS_PERCENT, RANGE_B_PERCENT, Verdict};
pub use voltage::{hopeless, screen};

id!(
    /// A transformer.
    TransformerId(Uuid)
);
id!(
    /// A request for a connection, whatever became of it.
    ConnectionId(Uuid)
);

/// A transformer of the distribution grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub struct Transformer {
    /// Its id.
    pub id: TransformerId,
    /// Its label, such as TX-101.
    pub name: String,
    /// The city that it stands in.
    pub city: String,
    /// Where it stands.
    #[cfg_attr(feature = "sqlx", sqlx(flatten))]
    #[serde(flatten)]
    pub place: Place,
    /// What it carries, and what is connected.
    #[cfg_attr(feature = "sqlx", sqlx(flatten))]
    #[serde(flatten)]
    pub loading: Loading,
}
