//! A reading: what one meter showed at one instant.

pub mod cadence;
pub mod channel;
pub mod refusal;
pub mod unread;

use chrono::{DateTime, Utc};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::message::Param;
use crate::stored::stored;
use crate::{MeterId, Quality};

/// Declares the values of a reading once: field, database column, JSON name, unit, meaning.
macro_rules! values {
    ($($field:ident $variant:ident $json:literal $unit:literal $doc:literal;)*) => {
        /// One value of a reading.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $(#[doc = $doc] $variant,)*
        }

        impl Field {
            /// Every field, in the order of the database columns.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// What a posted reading may have, by its JSON names.
            const POSTED: &[&str] = &["timestamp", "quality", $($json),*];

            /// Name of the column in `meter_readings`.
            pub const fn column(self) -> &'static str {
                match self { $(Self::$variant => stringify!($field),)* }
            }

            /// Name in JSON.
            pub const fn json(self) -> &'static str {
                match self { $(Self::$variant => $json,)* }
            }

            /// Unit of the stored value; empty for a ratio.
            pub const fn unit(self) -> &'static str {
                match self { $(Self::$variant => $unit,)* }
            }

            /// Finds a field by its JSON name or its column.
            pub fn parse(name: &str) -> Option<Self> {
                match name {
                    $($json => Some(Self::$variant),)*
                    _ => Self::ALL.iter().copied().find(|field| field.column() == name),
                }
            }
        }

        /// The values of a reading; what the meter did not give is `None`, never zero.
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(default)]
        pub struct Values {
            $(
                #[doc = $doc]
                #[serde(rename = $json, skip_serializing_if = "Option::is_none")]
                pub $field: Option<f64>,
            )*
        }

        impl Values {
            /// The value of `field`.
            pub fn get(&self, field: Field) -> Option<f64> {
                match field { $(Field::$variant => self.$field,)* }
            }

            /// Sets the value of `field`.
            pub fn set(&mut self, field: Field, value: Option<f64>) {
                match field { $(Field::$variant => self.$field = value,)* }
            }
        }
    };
}

values! {
    active_power_kw ActivePowerKw "activePowerKw" "kW" "Active power in kW, import positive.";
    active_power_kw_l1 ActivePowerL1Kw "activePowerL1Kw" "kW" "Active power of phase 1 in kW.";
    active_power_kw_l2 ActivePowerL2Kw "activePowerL2Kw" "kW" "Active power of phase 2 in kW.";
    active_power_kw_l3 ActivePowerL3Kw "activePowerL3Kw" "kW" "Active power of phase 3 in kW.";
    reactive_power_kvar ReactivePowerKvar "reactivePowerKvar" "kvar" "Reactive power in kvar, inductive positive.";
    reactive_power_kvar_l1 ReactivePowerL1Kvar "reactivePowerL1Kvar" "kvar" "Reactive power of phase 1 in kvar.";
    reactive_power_kvar_l2 ReactivePowerL2Kvar "reactivePowerL2Kvar" "kvar" "Reactive power of phase 2 in kvar.";
    reactive_power_kvar_l3 ReactivePowerL3Kvar "reactivePowerL3Kvar" "kvar" "Reactive power of phase 3 in kvar.";
    apparent_power_kva ApparentPowerKva "apparentPowerKva" "kVA" "Apparent power in kVA.";
    power_factor PowerFactor "powerFactor" "" "Power factor, -1 to 1, with the sign of the active power.";
    frequency_hz FrequencyHz "frequencyHz" "Hz" "Frequency in Hz.";
    rocof_hz_s RocofHzS "rocofHzS" "Hz/s" "Rate of change of frequency in Hz/s.";
    voltage_l1 VoltageL1 "voltageL1" "V" "Voltage phase 1 to neutral in V.";
    voltage_l2 VoltageL2 "voltageL2" "V" "Voltage phase 2 to neutral in V.";
    voltage_l3 VoltageL3 "voltageL3" "V" "Voltage phase 3 to neutral in V.";
    voltage_l12 VoltageL12 "voltageL12" "V" "Voltage phase 1 to phase 2 in V.";
    voltage_l23 VoltageL23 "voltageL23" "V" "Voltage phase 2 to phase 3 in V.";
    voltage_l31 VoltageL31 "voltageL31" "V" "Voltage phase 3 to phase 1 in V.";
    current_l1 CurrentL1 "currentL1" "A" "Current of phase 1 in A.";
    current_l2 CurrentL2 "currentL2" "A" "Current of phase 2 in A.";
    current_l3 CurrentL3 "currentL3" "A" "Current of phase 3 in A.";
    total_energy_kwh TotalEnergyKwh "totalEnergyKwh" "kWh" "Total energy register in kWh.";
    energy_import_kwh EnergyImportKwh "energyImportKwh" "kWh" "Import register in kWh.";
    energy_export_kwh EnergyExportKwh "energyExportKwh" "kWh" "Export register in kWh.";
    reactive_energy_import_kvarh ReactiveEnergyImportKvarh "reactiveEnergyImportKvarh" "kvarh" "Reactive import register in kvarh.";
    reactive_energy_export_kvarh ReactiveEnergyExportKvarh "reactiveEnergyExportKvarh" "kvarh" "Reactive export register in kvarh.";
    diesel_consumption_liters DieselConsumptionLiters "dieselConsumptionLiters" "L" "Diesel in litres: an increment or a counter, as the meter's `diesel_register` says.";
    runtime_hours RuntimeHours "runtimeHours" "h" "Running hours counter in h.";
}

stored!(Field as &str, |field| field.column(), Self::parse);
stored!(json Values);

impl Values {
    /// Values that are present, in column order.
    pub fn present(&self) -> impl Iterator<Item = (Field, f64)> + '_ {
        Field::ALL.iter().filter_map(|&field| self.get(field).map(|value| (field, value)))
    }

    /// The first value that is not a finite number.
    pub fn not_finite(&self) -> Option<Field> {
        self.present().find(|(_, value)| !value.is_finite()).map(|(field, _)| field)
    }

    /// The first value that no meter shows.
    pub fn beyond_measure(&self) -> Option<Field> {
        let mut present = self.present();
        present.find(|(field, value)| value.abs() > field.largest()).map(|(field, _)| field)
    }
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.json())
    }
}

impl From<Field> for Param {
    fn from(field: Field) -> Self {
        Self::Text(field.json().to_owned())
    }
}

impl Field {
    /// The largest value that any meter shows, in the field's unit and either direction. They are wide:
    /// a nuclear station has 1.6e6 kW at 1e3 V and 1e5 A.
    pub const fn largest(self) -> f64 {
        match self.unit().as_bytes() {
            b"kW" | b"kvar" | b"kVA" => 1e8,
            b"V" | b"A" | b"h" => 1e7,
            b"Hz" | b"Hz/s" => 1e4,
            b"" => 1e3,
            _ => LARGEST,
        }
    }
}

/// The largest value of any field, in its unit: as kWh what the whole world uses in two weeks.
pub const LARGEST: f64 = 1e12;

/// Whether a meter can show a value: a number, and not beyond [`LARGEST`].
pub fn is_measurable(value: f64) -> bool {
    value.abs() <= LARGEST
}

/// Where a reading came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Polled over Modbus.
    Modbus,
    /// Published over MQTT.
    Mqtt,
    /// Fetched over HTTP.
    Http,
    /// Posted to the API.
    Api,
    /// Written by plain SQL.
    Sql,
    /// Made by the simulator.
    Simulator,
    /// Computed from other meters.
    Derived,
}

stored!(Source as &str, |source| source.as_str(), |word| Some(Self::from_stored(word)));

impl Source {
    /// Whether the values of a reading of this quality are an estimate: of those of drivers only the time is.
    pub fn is_estimate(self, quality: Quality) -> bool {
        matches!(self, Self::Api | Self::Sql) && quality == Quality::Estimated
    }

    /// The word as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Modbus => "modbus",
            Self::Mqtt => "mqtt",
            Self::Http => "http",
            Self::Api => "api",
            Self::Sql => "sql",
            Self::Simulator => "simulator",
            Self::Derived => "derived",
        }
    }

    /// Reads the stored word. Rows written by hand may say anything: that is plain SQL.
    pub fn from_stored(text: &str) -> Self {
        [Self::Modbus, Self::Mqtt, Self::Http, Self::Api, Self::Simulator, Self::Derived]
            .into_iter()
            .find(|source| source.as_str() == text)
            .unwrap_or(Self::Sql)
    }
}

/// One row of values of one meter at one instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The measuring point.
    pub meter: MeterId,
    /// When the values held.
    pub at: DateTime<Utc>,
    /// How far they can be trusted.
    pub quality: Quality,
    /// How they came in.
    pub source: Source,
    pub values: Values,
}

impl Reading {
    /// Whether somebody estimated its values.
    pub fn is_estimate(&self) -> bool {
        self.source.is_estimate(self.quality)
    }
}

/// A reading as posted by a program: `timestamp`, an optional `quality`, and values by their JSON
/// or column names. Any other field is refused by name.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields, transform = also_by_column))]
pub struct NewReading {
    /// When the values held, RFC 3339.
    pub timestamp: DateTime<Utc>,
    /// GOOD unless stated.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub quality: Quality,
    /// The values.
    #[cfg_attr(feature = "schema", schemars(flatten))]
    pub values: Values,
}

/// Values are taken by the names of their columns, too.
#[cfg(feature = "schema")]
fn also_by_column(schema: &mut schemars::Schema) {
    let named = schema.get_mut("properties").and_then(|properties| properties.as_object_mut());
    let Some(properties) = named else { return };
    for field in Field::ALL {
        if let Some(value) = properties.get(field.json()).cloned() {
            properties.insert(field.column().to_owned(), value);
        }
    }
}

impl NewReading {
    /// The reading of `meter`, from `source`.
    pub fn of(self, meter: MeterId, source: Source) -> Reading {
        Reading { meter, at: self.timestamp, quality: self.quality, source, values: self.values }
    }
}

impl<'de> Deserialize<'de> for NewReading {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(NewReadingVisitor)
    }
}

struct NewReadingVisitor;

impl<'de> Visitor<'de> for NewReadingVisitor {
    type Value = NewReading;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a reading: {\"timestamp\": …, \"activePowerKw\": …}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<NewReading, A::Error> {
        let (mut timestamp, mut quality) = (None, None);
        let mut named: Vec<Field> = Vec::new();
        let mut values = Values::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "timestamp" => once(&mut timestamp, "timestamp", map.next_value()?)?,
                "quality" => once(&mut quality, "quality", map.next_value()?)?,
                name => match Field::parse(name) {
                    // By both of its names it would be twice, too.
                    Some(field) if named.contains(&field) => {
                        return Err(de::Error::duplicate_field(field.json()));
                    }
                    Some(field) => {
                        named.push(field);
                        values.set(field, map.next_value()?);
                    }
                    None => return Err(de::Error::unknown_field(name, Field::POSTED)),
                },
            }
        }
        let timestamp = timestamp.ok_or_else(|| de::Error::missing_field("timestamp"))?;
        let quality = quality.unwrap_or_default();
        Ok(NewReading { timestamp, quality, values })
    }
}

/// Sets what may stand there once.
fn once<T, E: de::Error>(place: &mut Option<T>, name: &'static str, value: T) -> Result<(), E> {
    match place.replace(value) {
        Some(_) => Err(E::duplicate_field(name)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_posted_reading_takes_json_names_and_column_names() {
        let text =
            r#"{"timestamp":"2026-01-02T03:04:05Z","activePowerKw":1.5,"total_energy_kwh":10}"#;
        let reading: NewReading = serde_json::from_str(text).unwrap();
        assert_eq!(reading.values.active_power_kw, Some(1.5));
        assert_eq!(reading.values.total_energy_kwh, Some(10.0));
        assert_eq!(reading.quality, Quality::Good);
    }

    #[test]
    fn an_unknown_field_is_refused_by_name() {
        let text = r#"{"timestamp":"2026-01-02T03:04:05Z","activePower":1.5}"#;
        let error = serde_json::from_str::<NewReading>(text).unwrap_err().to_string();
        assert!(error.contains("activePower"), "{error}");
        assert!(error.contains("`totalEnergyKwh`"), "{error}");
    }

    #[test]
    fn what_stands_twice_is_refused_by_either_name() {
        for twice in [
            r#""activePowerKw":1,"activePowerKw":2"#,
            r#""activePowerKw":1,"active_power_kw":null"#,
            r#""quality":"GOOD","quality":"DERIVED""#,
            r#""timestamp":"2026-01-02T03:04:06Z""#,
        ] {
            let text = format!(r#"{{"timestamp":"2026-01-02T03:04:05Z",{twice}}}"#);
            let error = serde_json::from_str::<NewReading>(&text).unwrap_err().to_string();
            assert!(error.starts_with("duplicate field"), "{error}");
        }
    }

    #[test]
    fn every_field_is_found_by_both_of_its_names() {
        for &field in Field::ALL {
            assert_eq!(Field::parse(field.json()), Some(field));
            assert_eq!(Field::parse(field.column()), Some(field));
        }
        assert_eq!(Field::ALL.len(), 28);
    }
}
