//! What is asked for, as it is sent and as it is checked.

use serde::{Deserialize, Serialize};

use super::power::GENERAL_POWER_FACTOR;
use super::{Conductor, Line, Need, Place, Power};
use crate::grid::refusal::RequestRefusal;
use crate::stored::words;
use crate::strict::Fault;

words!(
    /// Who asks.
    Kind {
        /// Only draws power.
        Consumer = "consumer",
        /// Draws power and injects it.
        Prosumer = "prosumer",
    }
);

/// What the requested load is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Premises {
    /// Household, office, workshop: power factor 0.95.
    #[default]
    General,
    /// Chargers of electric vehicles: power factor 1.
    Ev,
}

impl Premises {
    /// Power factor of its load, lagging.
    pub const fn power_factor(self) -> f64 {
        match self {
            Self::General => GENERAL_POWER_FACTOR,
            Self::Ev => 1.0,
        }
    }
}

/// A request as it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FeasibilityRequest {
    /// Who asks.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Load, kW.
    #[serde(rename = "requested_consumption_kW")]
    pub requested_consumption_kw: f64,
    /// Generation, kW; a consumer has none.
    #[serde(rename = "requested_production_kW", default)]
    pub requested_production_kw: f64,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Length of the service drop, m; the distance unless stated, at least 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_length_m: Option<f64>,
    /// Loop resistance of the service drop, Ω/km; the site's conductor unless stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_r_ohm_per_km: Option<f64>,
    /// Loop reactance of the service drop, Ω/km; the site's conductor unless stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_x_ohm_per_km: Option<f64>,
    /// Voltage before the transformer, per unit of nominal; 1 unless stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_voltage_pu: Option<f64>,
    /// What the load is.
    #[serde(default)]
    pub premises: Premises,
    /// Whether to list the transformers that were considered.
    #[serde(default)]
    pub explain: bool,
}

/// A request whose values can be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Request {
    /// Who asks.
    pub kind: Kind,
    /// Load, kW.
    pub consumption: Power,
    /// Generation, kW.
    pub production: Power,
    /// Where.
    pub place: Place,
    /// Length of the service drop, m, where stated.
    pub service_length_m: Option<f64>,
    /// The service drop.
    pub line: Line,
    /// Voltage before the transformer, per unit of nominal.
    pub source_voltage_pu: f64,
    /// What the load is.
    pub premises: Premises,
}

impl Request {
    /// What it asks of a transformer.
    pub fn need(&self) -> Need {
        let prosumer = self.kind == Kind::Prosumer;
        Need { consumption: self.consumption, production: prosumer.then_some(self.production) }
    }
}

impl FeasibilityRequest {
    /// Checks every value; a service drop that is not described is of `usual` conductor.
    ///
    /// # Errors
    /// The first field at fault.
    pub fn check(&self, usual: Conductor) -> Result<Request, Fault> {
        let consumption = power("requested_consumption_kW", self.requested_consumption_kw)?;
        let production = power("requested_production_kW", self.requested_production_kw)?;
        if self.kind == Kind::Consumer && production != Power::ZERO {
            let refused = RequestRefusal::ConsumerProduces;
            return Err(Fault::value("requested_production_kW", refused));
        }
        if consumption == Power::ZERO && production == Power::ZERO {
            return Err(Fault::value("requested_consumption_kW", RequestRefusal::Nothing));
        }
        within("latitude", self.latitude, -90.0, 90.0)?;
        within("longitude", self.longitude, -180.0, 180.0)?;
        let usual = usual.line();
        let optional = |field, value: Option<f64>, least, most| {
            value.map_or(Ok(()), |value| within(field, value, least, most))
        };
        optional("service_length_m", self.service_length_m, 0.0, 100_000.0)?;
        optional("service_r_ohm_per_km", self.service_r_ohm_per_km, 0.0, 1_000.0)?;
        optional("service_x_ohm_per_km", self.service_x_ohm_per_km, 0.0, 1_000.0)?;
        optional("source_voltage_pu", self.source_voltage_pu, 0.5, 1.5)?;
        Ok(Request {
            kind: self.kind,
            consumption,
            production,
            place: Place { latitude: self.latitude, longitude: self.longitude },
            service_length_m: self.service_length_m,
            line: Line {
                r_ohm_per_km: self.service_r_ohm_per_km.unwrap_or(usual.r_ohm_per_km),
                x_ohm_per_km: self.service_x_ohm_per_km.unwrap_or(usual.x_ohm_per_km),
            },
            source_voltage_pu: self.source_voltage_pu.unwrap_or(1.0),
            premises: self.premises,
        })
    }
}

fn power(field: &str, kw: f64) -> Result<Power, Fault> {
    let refused = |why: RequestRefusal| Fault::value(field, why);
    let known = Power::new(kw).ok_or_else(|| refused(RequestRefusal::NoPower))?;
    if known.is_negative() { Err(refused(RequestRefusal::Negative)) } else { Ok(known) }
}

fn within(field: &str, value: f64, least: f64, most: f64) -> Result<(), Fault> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Fault::value(field, RequestRefusal::Outside { value, least, most }))
}
