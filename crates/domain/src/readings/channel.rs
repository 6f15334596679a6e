//! Channels: one language for the values of all meters, whoever made them.
//!
//! A channel is addressed by the prefix of its meter and its name, such as `grid/ActivePower`. Power is
//! in W, VAR and VA here, in kW, kvar and kVA in the tables; active power is positive for import,
//! reactive power positive where it is inductive.
//!
//! [`Latest`] keeps the newest value of each field of a meter, [`channels`] makes the channels of one
//! instant of it: what was measured, and what follows from values that were measured together.

mod latest;
mod made;
mod window;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use latest::{Held, Latest};
pub use made::{ChannelSource, Connection, channels};
pub use window::FrequencyWindow;

use crate::message::Message;
use crate::meters::refusal::MeterRefusal;
use crate::stored::stored;
use crate::{Field, MeterId};

/// Declares the channels once: name, unit, the field it is read from and what to multiply it with.
macro_rules! names {
    ($($variant:ident $name:literal $unit:literal $field:expr, $scale:literal;)*) => {
        /// The name of a channel.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum Name {
            $(#[doc = concat!("`", $name, "`")] #[serde(rename = $name)] $variant,)*
        }

        impl Name {
            /// Every name, in the order in which channels are listed.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name as written, without a prefix.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Its unit; empty for a ratio.
            pub const fn unit(self) -> &'static str {
                match self { $(Self::$variant => $unit,)* }
            }

            /// Reads a name as written.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($name => Some(Self::$variant),)* _ => None }
            }

            /// The field of a reading that it shows; none for one that is always computed.
            pub const fn field(self) -> Option<Field> {
                match self { $(Self::$variant => $field,)* }
            }

            /// What the stored value is multiplied with.
            pub const fn scale(self) -> f64 {
                match self { $(Self::$variant => $scale,)* }
            }
        }
    };
}

names! {
    ActivePower "ActivePower" "W" Some(Field::ActivePowerKw), 1000.0;
    ActivePowerL1 "ActivePower_L1" "W" Some(Field::ActivePowerL1Kw), 1000.0;
    ActivePowerL2 "ActivePower_L2" "W" Some(Field::ActivePowerL2Kw), 1000.0;
    ActivePowerL3 "ActivePower_L3" "W" Some(Field::ActivePowerL3Kw), 1000.0;
    ReactivePower "ReactivePower" "VAR" Some(Field::ReactivePowerKvar), 1000.0;
    ReactivePowerL1 "ReactivePower_L1" "VAR" Some(Field::ReactivePowerL1Kvar), 1000.0;
    ReactivePowerL2 "ReactivePower_L2" "VAR" Some(Field::ReactivePowerL2Kvar), 1000.0;
    ReactivePowerL3 "ReactivePower_L3" "VAR" Some(Field::ReactivePowerL3Kvar), 1000.0;
    ApparentPower "ApparentPower" "VA" Some(Field::ApparentPowerKva), 1000.0;
    PowerFactor "PowerFactor" "" Some(Field::PowerFactor), 1.0;
    Frequency "Frequency" "Hz" Some(Field::FrequencyHz), 1.0;
    FrequencyRocof "Frequency_RoCoF" "Hz/s" Some(Field::RocofHzS), 1.0;
    VoltageL1 "Voltage_L1" "V" Some(Field::VoltageL1), 1.0;
    VoltageL2 "Voltage_L2" "V" Some(Field::VoltageL2), 1.0;
    VoltageL3 "Voltage_L3" "V" Some(Field::VoltageL3), 1.0;
    VoltageL12 "Voltage_L12" "V" Some(Field::VoltageL12), 1.0;
    VoltageL23 "Voltage_L23" "V" Some(Field::VoltageL23), 1.0;
    VoltageL31 "Voltage_L31" "V" Some(Field::VoltageL31), 1.0;
    CurrentL1 "Current_L1" "A" Some(Field::CurrentL1), 1.0;
    CurrentL2 "Current_L2" "A" Some(Field::CurrentL2), 1.0;
    CurrentL3 "Current_L3" "A" Some(Field::CurrentL3), 1.0;
    EnergyImport "EnergyImport" "kWh" Some(Field::EnergyImportKwh), 1.0;
    EnergyExport "EnergyExport" "kWh" Some(Field::EnergyExportKwh), 1.0;
    EnergyNet "EnergyNet" "kWh" None, 1.0;
    ReactiveEnergyImport "ReactiveEnergyImport" "kVARh" Some(Field::ReactiveEnergyImportKvarh), 1.0;
    ReactiveEnergyExport "ReactiveEnergyExport" "kVARh" Some(Field::ReactiveEnergyExportKvarh), 1.0;
}

impl Name {
    /// The channel that shows a field of readings.
    pub fn of_field(field: Field) -> Option<Self> {
        Self::ALL.iter().copied().find(|name| name.field() == Some(field))
    }

    /// The unit in which people read it: kW, where the channel is in W.
    pub fn shown_unit(self) -> &'static str {
        self.field().map_or(self.unit(), Field::unit)
    }
}

stored!(Name as &str, |name| name.as_str(), Self::parse);

/// The channel that says when its meter was read last. It holds a time, so it is no [`Name`].
pub const TIMESTAMP: &str = "Timestamp";

/// The address of a channel, such as `grid/ActivePower`.
pub fn address(prefix: &str, name: &str) -> String {
    format!("{prefix}/{name}")
}

/// How far a channel can be trusted, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum ChannelQuality {
    /// It holds now.
    Good,
    /// It held some time ago.
    Stale,
    /// The last attempt to read it failed, or its source says that it is wrong.
    Error,
}

/// One channel at one instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Channel {
    pub name: Name,
    /// Its value, in the unit of the name.
    pub value: f64,
    /// When the value held.
    pub at: DateTime<Utc>,
    /// How far it can be trusted.
    pub quality: ChannelQuality,
    /// Why it is not good, in words.
    pub reason: Option<Message>,
    /// Whether it was computed from others.
    pub derived: bool,
}

/// All channels of one meter at one instant; a channel without a value is absent.
#[derive(Debug, Clone, PartialEq)]
pub struct MeterChannels {
    pub meter: MeterId,
    /// What its channels begin with.
    pub prefix: String,
    /// When it was read last; none where it never was.
    pub at: Option<DateTime<Utc>>,
    /// How far its newest reading can be trusted.
    pub quality: ChannelQuality,
    /// Why it is not good, in words.
    pub reason: Option<Message>,
    /// Its channels, in the order of [`Name::ALL`].
    pub channels: Vec<Channel>,
}

impl MeterChannels {
    /// The channel of a name.
    pub fn get(&self, name: Name) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.name == name)
    }

    /// The value of a channel that holds now.
    pub fn good(&self, name: Name) -> Option<f64> {
        self.get(name).filter(|channel| channel.quality == ChannelQuality::Good).map(|c| c.value)
    }
}

const LONGEST_PREFIX: usize = 63;

/// Checks a prefix that somebody chose for a meter.
///
/// # Errors
/// Unless it consists of small letters and digits, with `.`, `_` and `-` between them.
pub fn check_prefix(text: &str) -> Result<(), MeterRefusal> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let fits = text.starts_with(plain)
        && text.ends_with(plain)
        && text.len() <= LONGEST_PREFIX
        && text.chars().all(|c| plain(c) || matches!(c, '.' | '_' | '-'));
    if fits { Ok(()) } else { Err(MeterRefusal::Prefix { most: LONGEST_PREFIX }) }
}

#[cfg(test)]
mod tests;
