//! Conductors of a service drop.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::grid::refusal::ConnectionRefusal;
use crate::stored::stored;
use crate::strict::Carried;

/// Metres in 1,000 feet.
const KILOFOOT_M: f64 = 304.8;

/// Loop impedance of a service drop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    pub r_ohm_per_km: f64,
    pub x_ohm_per_km: f64,
}

/// A conductor, by its loop impedance: there and back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conductor {
    /// Its name in settings, such as `4/0-al`.
    pub name: &'static str,
    /// Ω per 1,000 feet.
    pub r_ohm_per_kft: f64,
    /// Ω per 1,000 feet.
    pub x_ohm_per_kft: f64,
}

stored!(Conductor as &str, |conductor| conductor.name, Self::named);

/// Twice the Ω to neutral of NFPA 70 (NEC) chapter 9, table 9: 60 Hz, 75 °C, PVC conduit.
const fn loop_of(name: &'static str, r: f64, x: f64) -> Conductor {
    Conductor { name, r_ohm_per_kft: 2.0 * r, x_ohm_per_kft: 2.0 * x }
}

/// Those that a site may choose from, of aluminium and copper.
pub const CONDUCTORS: [Conductor; 22] = [
    loop_of("6-al", 0.81, 0.051),
    loop_of("4-al", 0.51, 0.048),
    loop_of("2-al", 0.32, 0.045),
    loop_of("1-al", 0.25, 0.046),
    loop_of("1/0-al", 0.20, 0.044),
    loop_of("2/0-al", 0.16, 0.043),
    loop_of("3/0-al", 0.13, 0.042),
    Conductor::USUAL,
    loop_of("250-al", 0.085, 0.041),
    loop_of("350-al", 0.061, 0.040),
    loop_of("500-al", 0.043, 0.039),
    loop_of("6-cu", 0.49, 0.051),
    loop_of("4-cu", 0.31, 0.048),
    loop_of("2-cu", 0.19, 0.045),
    loop_of("1-cu", 0.15, 0.046),
    loop_of("1/0-cu", 0.12, 0.044),
    loop_of("2/0-cu", 0.10, 0.043),
    loop_of("3/0-cu", 0.077, 0.042),
    loop_of("4/0-cu", 0.062, 0.041),
    loop_of("250-cu", 0.052, 0.041),
    loop_of("350-cu", 0.038, 0.040),
    loop_of("500-cu", 0.027, 0.039),
];

impl Conductor {
    /// What a service drop is made of unless a site says otherwise: 4/0 aluminium.
    pub const USUAL: Self = loop_of("4/0-al", 0.10, 0.041);

    /// The conductor of a name.
    pub fn named(name: &str) -> Option<Self> {
        CONDUCTORS.into_iter().find(|conductor| conductor.name == name)
    }

    /// Its loop impedance per km.
    pub fn line(self) -> Line {
        let per_km = 1000.0 / KILOFOOT_M;
        Line {
            r_ohm_per_km: self.r_ohm_per_kft * per_km,
            x_ohm_per_km: self.x_ohm_per_kft * per_km,
        }
    }
}

impl Default for Conductor {
    fn default() -> Self {
        Self::USUAL
    }
}

impl Serialize for Conductor {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name)
    }
}

impl<'de> Deserialize<'de> for Conductor {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        Self::named(&name).ok_or_else(|| {
            let known: Vec<_> = CONDUCTORS.iter().map(|conductor| conductor.name).collect();
            let known = known.join(", ");
            de::Error::custom(Carried::new(ConnectionRefusal::NoConductor { name, known }))
        })
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Conductor {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Conductor".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let names = CONDUCTORS.map(|conductor| conductor.name);
        schemars::json_schema!({"type": "string", "enum": names})
    }
}
