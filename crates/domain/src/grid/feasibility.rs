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

pub use answer::{
    Candidate, Case, Failure, Feasibility, Nearest, Outcome, Percents, Reason, Scenario, Voltage,
};
pub use conductor::{CONDUCTORS, Conductor, Line};
pub use place::{Bounds, Place};
pub use power::{Loading, Need, Power, Room};
pub use request::{FeasibilityRequest, Kind, Premises, Request};
pub use verdict::{LIMITS_PERCENT, RANGE_B_PERCENT, Verdict};
pub use voltage::{hopeless, screen};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// A transformer.
    TransformerId
);
id!(
    /// A request for a connection, whatever became of it.
    ConnectionId
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
