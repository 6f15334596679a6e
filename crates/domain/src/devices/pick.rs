//! Values picked out of what a device sends.

use serde::Deserialize;

use super::modbus::is_directed;
use super::refusal::ValueRefusal;
use super::{JsonPath, SettingError, unit};
use crate::Field;

/// One value of a document. Of several for the same field, the first that a document has counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// What it means.
    pub field: Field,
    /// The numbers that add up to it, in one unit; it has no value where one of them is missing. Without any it
    /// stands under the usual names of its field, or is the whole of a document that is no object.
    pub parts: Vec<Part>,
    /// What the number is multiplied by to be in the field's own unit and direction.
    pub scale: f64,
    /// The unit as the settings state it: texts may have it behind their number.
    pub unit: Option<String>,
    /// Whether what other topics say of the field is added to it.
    pub is_addend: bool,
}

/// A number of a document that belongs to a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub sign: Sign,
    pub path: JsonPath,
    /// The word that turns it.
    pub negative_when: Option<NegativeWhen>,
}

/// A word elsewhere in a document by which a number counts the other way. Without a word there the direction is
/// not known, and the number is none.
#[derive(Debug, Clone, PartialEq)]
pub struct NegativeWhen {
    pub path: JsonPath,
    pub is: String,
}

/// What becomes of a number beside another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// It is added.
    Plus,
    /// It is taken off.
    Minus,
}

impl Sign {
    /// A number with it.
    pub fn of(self, number: f64) -> f64 {
        match self {
            Self::Plus => number,
            Self::Minus => -number,
        }
    }
}

/// The place of a value, as written: `$.a`, `$.a + $.b - $.c`, one whose sign stands in another field, or a list of
/// these, which are added up.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected a path such as $.power, {\"path\", \"negativeWhen\"}, or a list of these"
)]
pub(super) enum RawPath {
    Text(String),
    Directed(RawDirected),
    List(Vec<RawPath>),
}

/// A number whose sign another field tells.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RawDirected {
    path: String,
    negative_when: RawNegativeWhen,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNegativeWhen {
    path: String,
    is: String,
}

/// The places of a value as they are written.
pub(super) struct Places<'a> {
    pub(super) path: Option<&'a RawPath>,
    pub(super) plus: Option<&'a str>,
    pub(super) minus: Option<&'a str>,
}

impl Places<'_> {
    /// The parts of the value; `fill` puts in what placeholders stand for.
    ///
    /// # Errors
    /// A path that is none, or one that has no other to stand beside; named below the setting `at`.
    pub(super) fn parts(
        &self,
        at: &str,
        fill: &dyn Fn(&str, &str) -> Result<String, SettingError>,
    ) -> Result<Vec<Part>, SettingError> {
        let mut parts = Vec::new();
        if let Some(path) = self.path {
            path.parts(&format!("{at}.path"), fill, &mut parts)?;
        }
        for (name, sign, text) in
            [("plus", Sign::Plus, self.plus), ("minus", Sign::Minus, self.minus)]
        {
            let Some(text) = text else { continue };
            let at = format!("{at}.{name}");
            if self.path.is_none() {
                return Err(SettingError::new(&at, ValueRefusal::Alone { name }));
            }
            let path = place(&at, text, fill)?;
            parts.push(Part { sign, path, negative_when: None });
        }
        Ok(parts)
    }
}

impl RawPath {
    fn parts(
        &self,
        at: &str,
        fill: &dyn Fn(&str, &str) -> Result<String, SettingError>,
        parts: &mut Vec<Part>,
    ) -> Result<(), SettingError> {
        match self {
            Self::Text(text) => {
                for (sign, term) in terms(text) {
                    let path = place(at, term, fill)?;
                    parts.push(Part { sign, path, negative_when: None });
                }
            }
            Self::Directed(RawDirected { path, negative_when: when }) => {
                let is = NegativeWhen { path: place(at, &when.path, fill)?, is: when.is.clone() };
                let path = place(at, path, fill)?;
                parts.push(Part { sign: Sign::Plus, path, negative_when: Some(is) });
            }
            Self::List(list) => {
                for path in list {
                    path.parts(at, fill, parts)?;
                }
            }
        }
        Ok(())
    }
}

fn place(
    at: &str,
    text: &str,
    fill: &dyn Fn(&str, &str) -> Result<String, SettingError>,
) -> Result<JsonPath, SettingError> {
    JsonPath::parse(&fill(at, text)?).map_err(|why| SettingError::new(at, why))
}

/// The terms of `$.a + $['b+c'] - $.d`: a sign outside of brackets, before a path, begins the next one.
fn terms(text: &str) -> Vec<(Sign, &str)> {
    let (mut found, mut begin, mut sign, mut depth) = (Vec::new(), 0, Sign::Plus, 0_u32);
    for (place, character) in text.char_indices() {
        let next = match character {
            '[' | '(' => {
                depth += 1;
                continue;
            }
            ']' | ')' => {
                depth = depth.saturating_sub(1);
                continue;
            }
            '+' if depth == 0 => Sign::Plus,
            '-' if depth == 0 => Sign::Minus,
            _ => continue,
        };
        if text[place + 1..].trim_start().starts_with('$') {
            found.push((sign, text[begin..place].trim()));
            (begin, sign) = (place + 1, next);
        }
    }
    found.push((sign, text[begin..].trim()));
    found
}

/// What one of `values` means, as written.
pub(super) struct Meaning<'a> {
    pub(super) field: &'a str,
    pub(super) scale: Option<f64>,
    pub(super) unit: Option<&'a str>,
    pub(super) invert: bool,
}

impl Meaning<'_> {
    /// The field, and what its number is multiplied by where the meter itself is `inverted` or not.
    ///
    /// # Errors
    /// A name that is no field's, a unit that is not one of the field's, or a scale of 0; named below
    /// the setting `at`.
    pub(super) fn parse(&self, at: &str, inverted: bool) -> Result<(Field, f64), SettingError> {
        let fault = |name: &str, why: ValueRefusal| SettingError::new(&format!("{at}.{name}"), why);
        let unknown = || fault("field", ValueRefusal::NoField { name: self.field.to_owned() });
        let field = Field::parse(self.field).ok_or_else(unknown)?;
        let unit = self.unit.map_or(Ok(1.0), |unit| unit::factor(field, unit));
        let unit = unit.map_err(|why| fault("unit", why))?;
        let scale = self.scale.unwrap_or(1.0);
        if !scale.is_finite() || scale == 0.0 {
            return Err(fault("scale", ValueRefusal::Scale { scale }));
        }
        let turned = self.invert ^ (inverted && is_directed(field));
        Ok((field, scale * unit * if turned { -1.0 } else { 1.0 }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_split_at_signs_before_a_path() {
        let plus = |text| (Sign::Plus, text);
        assert_eq!(terms("$.a"), [plus("$.a")]);
        assert_eq!(
            terms("$['a+b'] + $.c-$.d"),
            [plus("$['a+b']"), plus("$.c"), (Sign::Minus, "$.d")]
        );
        assert_eq!(terms("$['x']['- $']"), [plus("$['x']['- $']")]);
        assert_eq!(terms("$.a +"), [plus("$.a +")], "which is no path, and told so");
    }
}
