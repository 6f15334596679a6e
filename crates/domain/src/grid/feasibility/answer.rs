//! What is answered, as it is sent.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{ConnectionId, Loading, TransformerId, Verdict};
use crate::grid::refusal::Unfit;
use crate::message::Message;
use crate::stored::stored;

/// Why a transformer cannot take a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Failure {
    /// Load would pass 80 % of the capacity.
    Consumption,
    /// Generation would pass 30 % of the capacity.
    Production,
    /// A voltage would leave range B, where the site makes that binding.
    Voltage,
}

impl Failure {
    /// The reason in words.
    pub const fn reason(self) -> Unfit {
        match self {
            Self::Consumption => Unfit::Consumption,
            Self::Production => Unfit::Production,
            Self::Voltage => Unfit::Voltage,
        }
    }
}

/// Why nothing takes a connection, as answers say it: in English alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(pub Message);

impl From<Unfit> for Reason {
    fn from(unfit: Unfit) -> Self {
        Self(unfit.into())
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0.message)
    }
}

impl<'de> Deserialize<'de> for Reason {
    /// An answer that was kept is read again.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let said = String::deserialize(from)?;
        let ours = Unfit::ALL.map(Message::from).into_iter().find(|ours| ours.message == said);
        Ok(Self(ours.unwrap_or_else(|| Message::foreign(said))))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Reason {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Reason".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string"})
    }
}

/// The transformer that would be assigned, before the request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Nearest {
    /// Its id.
    pub id: TransformerId,
    /// Its label.
    pub name: String,
    /// Metres along the great circle.
    pub distance_meters: f64,
    /// kW of load that may still be connected.
    pub spare_consumption_capacity: f64,
    /// kW of generation that may still be connected.
    pub spare_production_capacity: f64,
}

/// A transformer that was considered, before the request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Candidate {
    /// It.
    #[serde(flatten)]
    pub transformer: Nearest,
    /// Its capacity and what is connected.
    #[serde(flatten)]
    pub loading: Loading,
    /// kW of load that may be connected in all: 80 % of the capacity.
    #[serde(rename = "consumption_limit_kW")]
    pub consumption_limit_kw: f64,
    /// kW of generation that may be connected in all: 30 % of the capacity.
    #[serde(rename = "production_limit_kW")]
    pub production_limit_kw: f64,
    /// kW of load asked for.
    #[serde(rename = "requested_consumption_kW")]
    pub requested_consumption_kw: f64,
    /// kW of generation asked for.
    #[serde(rename = "requested_production_kW")]
    pub requested_production_kw: f64,
    /// Every limit that it fails; none for the one that is assigned.
    pub failures: Vec<Failure>,
    /// Why it was passed over, in words; null for the one that is assigned.
    pub reason: Option<Reason>,
    /// What the connection would do to the voltage.
    pub voltage: Voltage,
}

/// Voltages at both ends of the service drop, in per cent of nominal; null where no voltage would
/// hold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Percents {
    /// At the transformer.
    pub transformer_percent: Option<f64>,
    /// At the premises.
    pub premises_percent: Option<f64>,
}

/// A case that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Case {
    /// All connected and requested load, and no generation.
    PeakLoad,
    /// All connected and requested generation, and no load.
    FullProduction,
}

/// The voltages of a case.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scenario {
    /// Which.
    pub name: Case,
    /// With the connection.
    #[serde(flatten)]
    pub after: Percents,
    /// Without it; its premises are then not there, and stand for the end of an unloaded drop.
    pub before: Percents,
}

/// What a connection does to the voltage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Voltage {
    /// The worst of the scenarios.
    pub verdict: Verdict,
    /// Between these it passes.
    pub limits_percent: [f64; 2],
    /// Both scenarios.
    pub scenarios: [Scenario; 2],
}

stored!(json Voltage);

/// What a feasibility check answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Feasibility {
    /// A transformer can take it.
    Feasible {
        /// The one that would be assigned.
        nearest_transformer: Nearest,
        /// What the connection would do to the voltage there.
        voltage: Voltage,
        /// In order of distance, where they were asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        candidates: Option<Vec<Candidate>>,
    },
    /// None can.
    NotFeasible {
        /// Why, in words.
        reason: Reason,
        /// In order of distance, where they were asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        candidates: Option<Vec<Candidate>>,
    },
}

impl Feasibility {
    /// No transformer can take it.
    pub fn none(candidates: Option<Vec<Candidate>>) -> Self {
        Self::NotFeasible { reason: Unfit::Nowhere.into(), candidates }
    }
}

/// What a request for a connection is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum Outcome {
    /// Reserved.
    Approved {
        /// The connection.
        id: ConnectionId,
        /// Label of its transformer.
        assigned_transformer: String,
        /// Its transformer.
        transformer_id: TransformerId,
        /// The same in words.
        message: String,
        /// What the connection does to the voltage.
        voltage: Voltage,
        /// In order of distance, where they were asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        candidates: Option<Vec<Candidate>>,
    },
    /// Refused.
    Rejected {
        /// Why, in words.
        reason: Reason,
        /// In order of distance, where they were asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        candidates: Option<Vec<Candidate>>,
    },
}
