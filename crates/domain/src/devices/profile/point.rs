//! The values of a profile, one by one, for people and programs that look at it.

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::Profile;
use crate::Field;
use crate::devices::{Function, NumberType, Order};

/// A value that a type of meter gives, and where.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProfilePoint {
    /// What it means: a reading's field.
    #[serde(serialize_with = "by_name")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub field: Field,
    /// First register, over Modbus.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<u16>,
    /// Table, over Modbus: `holding` or `input`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<Function>,
    /// Coding, over Modbus, such as `i32`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub number: Option<NumberType>,
    /// Word order, over Modbus: `big` or `little`.
    #[serde(rename = "wordOrder", skip_serializing_if = "Option::is_none")]
    pub words: Option<Order>,
    /// Topic, over MQTT; `{device}` and `{channel}` stand for those of the meter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// `JSONPath` in the document, over MQTT and HTTP; absent where the whole message is the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// `JSONPath` of a number that is added to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plus: Option<String>,
    /// `JSONPath` of a number that is taken off it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minus: Option<String>,
    /// What the raw value is multiplied with to have the field's unit.
    pub scale: f64,
    /// Whether the sign is turned.
    pub invert: bool,
    /// Whether some of the devices do not have it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over so")]
fn by_name<S: Serializer>(field: &Field, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(field.json())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Register {
    address: u16,
    #[serde(default)]
    function: Function,
    #[serde(default, rename = "type")]
    number: NumberType,
    #[serde(default)]
    word_order: Order,
    #[serde(default = "one")]
    scale: f64,
    #[serde(default)]
    invert: bool,
    #[serde(default)]
    optional: bool,
}

#[derive(Deserialize)]
struct Place {
    field: String,
    topic: Option<String>,
    path: Option<String>,
    plus: Option<String>,
    minus: Option<String>,
    #[serde(default = "one")]
    scale: f64,
    #[serde(default)]
    invert: bool,
}

const fn one() -> f64 {
    1.0
}

impl Profile {
    /// Its values in the order of a reading's fields. None where a device is asked at run time what
    /// it has, as over `SunSpec`.
    pub fn points(&self) -> Vec<ProfilePoint> {
        let registers = self.communication.get("registers").and_then(Value::as_object);
        let places = self.communication.get("values").and_then(Value::as_array);
        let registers = registers.into_iter().flatten().filter_map(|(name, value)| {
            let register = Register::deserialize(value).ok()?;
            Some(ProfilePoint {
                field: Field::parse(name)?,
                address: Some(register.address),
                function: Some(register.function),
                number: Some(register.number),
                words: Some(register.word_order),
                topic: None,
                path: None,
                plus: None,
                minus: None,
                scale: register.scale,
                invert: register.invert,
                optional: register.optional,
            })
        });
        let places = places.into_iter().flatten().filter_map(|value| {
            let place = Place::deserialize(value).ok()?;
            Some(ProfilePoint {
                field: Field::parse(&place.field)?,
                address: None,
                function: None,
                number: None,
                words: None,
                topic: place.topic,
                path: place.path,
                plus: place.plus,
                minus: place.minus,
                scale: place.scale,
                invert: place.invert,
                optional: false,
            })
        });
        let mut points: Vec<_> = registers.chain(places).collect();
        points.sort_by_key(|point| point.field);
        points
    }
}
