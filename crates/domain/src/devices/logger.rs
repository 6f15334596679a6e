//! Data loggers: who they are, and how their devices and columns are named.

mod points;
pub mod refusal;
pub mod upload;
pub mod uploads;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

pub use self::points::{PointMeters, PointNumber};
pub use self::refusal::NameError;
use crate::Field;
use crate::readings::channel::Name;
use crate::stored::stored;
use crate::strict::{self, Carried};

/// Serial number of a logger, in capitals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct SerialNumber(String);

stored!(SerialNumber as &str, |serial| serial.as_str(), |text| Self::parse(text).ok());

impl SerialNumber {
    /// Reads what stands on a label or in a form.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        let fits =
            (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if fits { Ok(Self(text.to_ascii_uppercase())) } else { Err(NameError::Serial) }
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number of the meter behind a device, unless someone gave it another.
    pub fn meter_number(&self, address: DeviceAddress) -> String {
        format!("{self}_{address}")
    }

    /// The number of the meter of one point of a device, unless someone gave it another.
    pub fn point_number(&self, address: DeviceAddress, point: PointNumber) -> String {
        format!("{self}_{address}_{point}")
    }

    /// The number of the meter that is computed from two others.
    pub fn missing_meter_number(&self) -> String {
        format!("{self}_missing_meter")
    }
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for SerialNumber {
    type Error = Carried;

    fn try_from(text: String) -> Result<Self, Carried> {
        Self::parse(&text).map_err(Carried::new)
    }
}

impl From<SerialNumber> for String {
    fn from(serial: SerialNumber) -> Self {
        serial.0
    }
}

/// Address of a device at its logger, 1 to 999. A number or a text, never with leading zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "NumberOrText", into = "String")]
pub struct DeviceAddress(u16);

stored!(DeviceAddress as i16, |address| address.0.cast_signed(), |number| Self::new(number.into())
    .ok());

#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(untagged))]
enum NumberOrText {
    Number(#[cfg_attr(feature = "schema", schemars(range(min = 1, max = 999)))] i64),
    Text(#[cfg_attr(feature = "schema", schemars(regex(pattern = "^[1-9][0-9]{0,2}$")))] String),
}

impl DeviceAddress {
    /// An address by its number.
    pub fn new(number: i64) -> Result<Self, NameError> {
        match u16::try_from(number) {
            Ok(address @ 1..=999) => Ok(Self(address)),
            _ => Err(NameError::Address { text: number.to_string() }),
        }
    }

    /// Reads decimal digits without leading zeros.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let refused = || NameError::Address { text: text.to_owned() };
        if text.starts_with('0') || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refused());
        }
        Self::new(text.parse().map_err(|_| refused())?).map_err(|_| refused())
    }

    /// The number.
    pub fn number(self) -> u16 {
        self.0
    }
}

/// Refuses what names no logger, device or column among the settings of a logger as somebody sent them,
/// before the logger is looked for and told which of its settings stay: what is of another shape is
/// refused when the whole is read.
///
/// # Errors
/// The field at fault, and what is wrong with it.
pub fn check_names(sent: &Map<String, Value>) -> Result<(), (&'static str, NameError)> {
    let at = |field: &'static str| move |why| (field, why);
    if let Some(Value::String(serial)) = sent.get("serialNumber") {
        SerialNumber::parse(serial).map_err(at("serialNumber"))?;
    }
    for field in ["utilityMeterId", "loadMeterId", "solarMeterId"] {
        let address = sent.get(field).filter(|address| !address.is_null());
        let address = address.map(|address| {
            let named = NumberOrText::deserialize(address).map_err(|_| NameError::AddressKind);
            named.and_then(NumberOrText::address)
        });
        address.transpose().map_err(at(field))?;
    }
    let columns = sent.get("columns").and_then(|columns| Named::deserialize(columns).ok());
    columns.map(ColumnMap::named).transpose().map_err(at("columns"))?;
    let points = sent.get("pointMeters").and_then(|of| points::Named::deserialize(of).ok());
    points.map(PointMeters::named).transpose().map_err(at("pointMeters"))?;
    let rated = sent.get("ratedPowerKw").and_then(Value::as_object);
    for address in rated.into_iter().flat_map(Map::keys) {
        DeviceAddress::parse(address).map_err(at("ratedPowerKw"))?;
    }
    Ok(())
}

impl fmt::Display for DeviceAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for NumberOrText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        strict::number_or_text(from, Self::Number, Self::Text, NameError::AddressKind)
    }
}

impl NumberOrText {
    fn address(self) -> Result<DeviceAddress, NameError> {
        match self {
            Self::Number(number) => DeviceAddress::new(number),
            Self::Text(text) => DeviceAddress::parse(&text),
        }
    }
}

impl TryFrom<NumberOrText> for DeviceAddress {
    type Error = Carried;

    fn try_from(value: NumberOrText) -> Result<Self, Carried> {
        value.address().map_err(Carried::new)
    }
}

impl From<DeviceAddress> for String {
    fn from(address: DeviceAddress) -> Self {
        address.to_string()
    }
}

/// How often a logger writes down what it reads: 1 to 60 minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogPeriod(u8);

impl LogPeriod {
    /// Reads a number of minutes.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let minutes = text.trim().parse().ok().filter(|minutes| (1..=60).contains(minutes));
        let text = || text.trim().chars().take(40).collect();
        minutes.map(Self).ok_or_else(|| NameError::Period { text: text() })
    }

    /// The minutes.
    pub fn minutes(self) -> u8 {
        self.0
    }
}

type Named = BTreeMap<String, BTreeMap<String, u16>>;

/// Which point of a device holds which channel or value of a reading, where the logger itself does not
/// say. Points count from 0, as in the logger's own list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "Named"))]
#[serde(try_from = "Named", into = "Named")]
pub struct ColumnMap(BTreeMap<DeviceAddress, BTreeMap<String, u16>>);

stored!(json ColumnMap);

/// A point that the settings name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NamedPoint {
    /// Its number, from 0.
    pub number: u16,
    /// The value of a reading that it is.
    pub field: Field,
    /// What the logged number is multiplied with where the logger states no unit: a channel is in W,
    /// a reading in kW.
    pub scale: f64,
}

impl ColumnMap {
    /// The points of a device.
    pub fn of(&self, address: DeviceAddress) -> impl Iterator<Item = NamedPoint> + '_ {
        let points = self.0.get(&address).into_iter().flatten();
        points.filter_map(|(name, &number)| {
            let (field, scale) = meant(name)?;
            Some(NamedPoint { number, field, scale })
        })
    }

    /// Whether the settings say of a device that nothing of it is a value of a reading: it stands among
    /// them without a point.
    pub fn takes_nothing_of(&self, address: DeviceAddress) -> bool {
        self.0.get(&address).is_some_and(BTreeMap::is_empty)
    }

    fn named(named: Named) -> Result<Self, NameError> {
        let device = |(address, columns): (String, BTreeMap<String, u16>)| {
            for (name, &column) in &columns {
                if meant(name).is_none() {
                    return Err(NameError::Field { name: name.clone() });
                }
                if column > points::LAST {
                    return Err(NameError::Column { number: column });
                }
            }
            Ok((DeviceAddress::parse(&address)?, columns))
        };
        named.into_iter().map(device).collect::<Result<_, _>>().map(Self)
    }
}

fn meant(name: &str) -> Option<(Field, f64)> {
    match Name::parse(name) {
        Some(channel) => Some((channel.field()?, 1.0 / channel.scale())),
        None => Field::parse(name).map(|field| (field, 1.0)),
    }
}

impl TryFrom<Named> for ColumnMap {
    type Error = Carried;

    fn try_from(named: Named) -> Result<Self, Carried> {
        Self::named(named).map_err(Carried::new)
    }
}

impl From<ColumnMap> for Named {
    fn from(map: ColumnMap) -> Self {
        map.0.into_iter().map(|(address, columns)| (address.to_string(), columns)).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_is_a_number_or_a_text_without_leading_zeros() {
        let read =
            |value| serde_json::from_value::<DeviceAddress>(value).map(DeviceAddress::number);
        assert_eq!(read(json!(7)).unwrap(), 7);
        assert_eq!(read(json!("250")).unwrap(), 250);
        for wrong in [json!("007"), json!(0), json!(1000), json!("7 "), json!(""), json!(-1)] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
        assert_eq!(serde_json::to_value(DeviceAddress::new(7).unwrap()).unwrap(), "7");
    }

    #[test]
    fn a_serial_number_is_compared_in_capitals_and_names_its_meters() {
        let serial = SerialNumber::parse(" 001ec6000d80 ").unwrap();
        assert_eq!(serial.as_str(), "001EC6000D80");
        let address = DeviceAddress::new(7).unwrap();
        assert_eq!(serial.meter_number(address), "001EC6000D80_7");
        for wrong in ["", "a b", "a\0", "a_b", &"1".repeat(33)] {
            assert_eq!(SerialNumber::parse(wrong), Err(NameError::Serial), "{wrong:?}");
        }
    }

    #[test]
    fn columns_are_named_as_channels_or_as_readings_name_their_values() {
        let given = json!({"7": {"ActivePower": 1, "total_energy_kwh": 0}});
        let map: ColumnMap = serde_json::from_value(given.clone()).unwrap();
        let of = |number| map.of(DeviceAddress::new(number).unwrap()).collect::<Vec<_>>();
        let power = NamedPoint { number: 1, field: Field::ActivePowerKw, scale: 0.001 };
        let energy = NamedPoint { number: 0, field: Field::TotalEnergyKwh, scale: 1.0 };
        assert_eq!(of(7), [power, energy]);
        assert_eq!(of(8), []);
        let nothing: ColumnMap = serde_json::from_value(json!({"8": {}})).unwrap();
        let device = |number| DeviceAddress::new(number).unwrap();
        assert!(nothing.takes_nothing_of(device(8)) && !nothing.takes_nothing_of(device(7)));
        assert!(!map.takes_nothing_of(device(7)));
        assert_eq!(serde_json::to_value(&map).unwrap(), given);
        for wrong in [
            json!({"07": {}}),
            json!({"7": {"power": 1}}),
            json!({"7": {"EnergyNet": 1}}),
            json!({"7": {"powerFactor": 1000}}),
        ] {
            assert!(serde_json::from_value::<ColumnMap>(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
