//! Points that are meters of their own, such as the inputs of a pulse counter.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ColumnMap, DeviceAddress, NameError, NamedPoint, meant};
use crate::stored::stored;
use crate::strict::Carried;

/// The last number that a point can have.
pub(super) const LAST: u16 = 999;

/// Number of a point of a device, 0 to 999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "u16", into = "u16")]
pub struct PointNumber(#[cfg_attr(feature = "schema", schemars(range(max = 999)))] u16);

stored!(PointNumber as i16, |point| point.0.cast_signed(), |number| number
    .try_into()
    .ok()
    .and_then(|number: u16| number.try_into().ok()));

impl PointNumber {
    /// Reads decimal digits without leading zeros.
    fn parse(text: String) -> Result<Self, NameError> {
        let number = text.parse().ok().filter(|number: &u16| number.to_string() == text);
        let point = number.and_then(|number| Self::try_from(number).ok());
        point.ok_or(NameError::Point { text })
    }

    /// The number.
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl fmt::Display for PointNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<u16> for PointNumber {
    type Error = Carried;

    fn try_from(number: u16) -> Result<Self, Carried> {
        if number > LAST {
            return Err(Carried::new(NameError::Column { number }));
        }
        Ok(Self(number))
    }
}

impl From<PointNumber> for u16 {
    fn from(point: PointNumber) -> Self {
        point.0
    }
}

pub(super) type Named = BTreeMap<String, BTreeMap<String, String>>;

/// By device address and point, from 0: the channel or value of a reading that the point is to a meter
/// of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "Named"))]
#[serde(try_from = "Named", into = "Named")]
pub struct PointMeters(BTreeMap<DeviceAddress, BTreeMap<PointNumber, String>>);

stored!(json PointMeters);

impl PointMeters {
    /// The points of a device that are meters.
    pub fn of(&self, address: DeviceAddress) -> impl Iterator<Item = NamedPoint> + '_ {
        let points = self.0.get(&address).into_iter().flatten();
        points.filter_map(|(point, name)| {
            let (field, scale) = meant(name)?;
            Some(NamedPoint { number: point.0, field, scale })
        })
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = (DeviceAddress, PointNumber)> + '_ {
        self.0.iter().flat_map(|(&address, points)| points.keys().map(move |&of| (address, of)))
    }

    /// A point that is a value of its device's meter as well.
    pub fn also_in(&self, columns: &ColumnMap) -> Option<(DeviceAddress, PointNumber)> {
        self.all().find(|(address, point)| columns.of(*address).any(|of| of.number == point.0))
    }

    pub(super) fn named(named: Named) -> Result<Self, NameError> {
        let point = |(number, name): (String, String)| {
            if meant(&name).is_none() {
                return Err(NameError::Field { name });
            }
            Ok((PointNumber::parse(number)?, name))
        };
        let device = |(address, points): (String, BTreeMap<String, String>)| {
            let points = points.into_iter().map(point).collect::<Result<_, _>>()?;
            Ok((DeviceAddress::parse(&address)?, points))
        };
        named.into_iter().map(device).collect::<Result<_, _>>().map(Self)
    }
}

impl TryFrom<Named> for PointMeters {
    type Error = Carried;

    fn try_from(named: Named) -> Result<Self, Carried> {
        Self::named(named).map_err(Carried::new)
    }
}

impl From<PointMeters> for Named {
    fn from(meters: PointMeters) -> Self {
        let points = |points: BTreeMap<PointNumber, String>| {
            points.into_iter().map(|(number, name)| (number.to_string(), name)).collect()
        };
        meters.0.into_iter().map(|(address, of)| (address.to_string(), points(of))).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Field;

    #[test]
    fn points_are_named_by_device_and_number() {
        let given = json!({"250": {"0": "EnergyImport", "10": "activePowerKw"}});
        let meters: PointMeters = serde_json::from_value(given.clone()).unwrap();
        let address = DeviceAddress::new(250).unwrap();
        let of: Vec<_> = meters.of(address).map(|of| (of.number, of.field)).collect();
        assert_eq!(of, [(0, Field::EnergyImportKwh), (10, Field::ActivePowerKw)]);
        assert_eq!(serde_json::to_value(&meters).unwrap(), given);
        let columns = |columns| serde_json::from_value::<ColumnMap>(columns).unwrap();
        assert_eq!(meters.also_in(&columns(json!({"250": {"ActivePower": 1}}))), None);
        let twice = columns(json!({"250": {"ActivePower": 10}}));
        assert_eq!(meters.also_in(&twice), Some((address, PointNumber(10))));
        for wrong in [
            json!({"07": {}}),
            json!({"7": {"01": "EnergyImport"}}),
            json!({"7": {"1000": "EnergyImport"}}),
            json!({"7": {"+1": "EnergyImport"}}),
            json!({"7": {"1": "gallons"}}),
        ] {
            assert!(serde_json::from_value::<PointMeters>(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
