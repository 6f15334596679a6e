//! Values picked out of what a device sends.

use super::modbus::is_directed;
use super::refusal::ValueRefusal;
use super::{JsonPath, SettingError, unit};
use crate::Field;

/// One value of a document. Of several for the same field, the first that a document has counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// What it means.
    pub field: Field,
    /// Where it stands; without, under the usual names of its field, or as the whole of a document that
    /// is no object.
    pub path: Option<JsonPath>,
    /// Other numbers of the document that belong to the value, in the same unit. It has none where one
    /// of them is missing.
    pub beside: Vec<(Sign, JsonPath)>,
    /// What the number is multiplied by to be in the field's own unit and direction.
    pub scale: f64,
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

/// The places that are written as `plus` and `minus` beside a `path`.
///
/// # Errors
/// Where there is no path that they stand beside; named below the setting `at`.
pub(super) fn beside(
    at: &str,
    path: Option<&JsonPath>,
    plus: Option<JsonPath>,
    minus: Option<JsonPath>,
) -> Result<Vec<(Sign, JsonPath)>, SettingError> {
    let written = [("plus", Sign::Plus, plus), ("minus", Sign::Minus, minus)];
    let places = written.into_iter().filter_map(|(name, sign, place)| Some((name, sign, place?)));
    places
        .map(|(name, sign, place)| {
            if path.is_some() {
                return Ok((sign, place));
            }
            Err(SettingError::new(&format!("{at}.{name}"), ValueRefusal::Alone { name }))
        })
        .collect()
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
