//! Values picked out of messages, and the words by which a meter says that it is there.

use serde::Deserialize;

use super::super::json_path;
use super::super::pick::{Meaning, Places, RawPath};
use super::super::refusal::mqtt::MqttRefusal;
use super::super::{JsonPath, Pick, SettingError, unit};
use super::placeholder::Names;
use super::{StatusWords, Topic, filter};
use crate::Field;

/// One of `values`, as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RawValue {
    topic: String,
    field: String,
    path: Option<RawPath>,
    plus: Option<String>,
    minus: Option<String>,
    scale: Option<f64>,
    unit: Option<String>,
    #[serde(default)]
    invert: bool,
    /// Added to the values of other topics for the same field.
    #[serde(default)]
    sum: bool,
}

/// `status`, as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RawStatus {
    topic: String,
    path: Option<String>,
    online: Option<Vec<String>>,
    offline: Option<Vec<String>>,
}

/// `units`, as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RawUnits {
    power: Option<String>,
    energy: Option<String>,
}

/// What power and energy are stated in on the guide's topics, where the settings say so.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Units {
    /// kW per unit of power.
    pub power: Option<f64>,
    /// kWh per unit of energy.
    pub energy: Option<f64>,
}

impl Units {
    /// How much of a field's own unit one of the stated units is; none where nothing is stated.
    pub fn of(&self, field: Field) -> Option<f64> {
        match field.unit() {
            "kW" => self.power,
            "kWh" => self.energy,
            _ => None,
        }
    }
}

impl RawUnits {
    pub(super) fn parse(self) -> Result<Units, SettingError> {
        let factor = |name: &str, field, unit: Option<String>| {
            let factor = unit.map(|unit| unit::factor(field, &unit)).transpose();
            factor.map_err(|why| SettingError::new(name, why))
        };
        Ok(Units {
            power: factor("units.power", Field::ActivePowerKw, self.power)?,
            energy: factor("units.energy", Field::TotalEnergyKwh, self.energy)?,
        })
    }
}

impl RawValue {
    /// Where its plain messages come, in the words of a profile, and what they are multiplied by.
    pub(super) fn plain(&self) -> Option<(&str, f64)> {
        let field = Field::parse(&self.field).filter(|_| self.path.is_none())?;
        let unit = self.unit.as_ref().map_or(Some(1.0), |unit| unit::factor(field, unit).ok())?;
        let scale = self.scale.unwrap_or(1.0) * unit;
        Some((&self.topic, if self.invert { -scale } else { scale }))
    }

    fn parse(&self, at: &str, names: &Names, invert: bool) -> Result<(String, Pick), SettingError> {
        let meaning = Meaning {
            field: &self.field,
            scale: self.scale,
            unit: self.unit.as_deref(),
            invert: self.invert,
        };
        let (field, scale) = meaning.parse(at, invert)?;
        let parts = Places {
            path: self.path.as_ref(),
            plus: self.plus.as_deref(),
            minus: self.minus.as_deref(),
        }
        .parts(at, &|at, text| names.replace(at, text))?;
        let topic = names.fill(&format!("{at}.topic"), &self.topic)?;
        if self.sum && filter::is_wild(&topic) {
            return Err(SettingError::new(&format!("{at}.topic"), MqttRefusal::WildSum { topic }));
        }
        let unit = self.unit.clone();
        Ok((topic, Pick { field, parts, scale, unit, is_addend: self.sum }))
    }
}

fn path(at: &str, text: Option<&str>, names: &Names) -> Result<Option<JsonPath>, SettingError> {
    let Some(text) = text else { return Ok(None) };
    let text = names.replace(at, text)?;
    json_path::at(at, Some(&text))
}

/// Values by the topic they come on, in the order in which the topics were named first.
pub(super) fn by_topic(
    values: &[RawValue],
    names: &Names,
    invert: bool,
) -> Result<Vec<(String, Topic)>, SettingError> {
    let mut topics: Vec<(String, Vec<Pick>)> = Vec::new();
    for (number, value) in values.iter().enumerate() {
        let (topic, pick) = value.parse(&format!("values[{number}]"), names, invert)?;
        match topics.iter_mut().find(|(known, _)| *known == topic) {
            Some((_, picks)) => {
                let is_second = |of: &Pick| of.field == pick.field && of.is_addend;
                if pick.is_addend && picks.iter().any(is_second) {
                    let refused = MqttRefusal::SumOfOneTopic { topic, field: pick.field.json() };
                    return Err(SettingError::new(&format!("values[{number}]"), refused));
                }
                picks.push(pick);
            }
            None => topics.push((topic, vec![pick])),
        }
    }
    Ok(topics.into_iter().map(|(topic, picks)| (topic, Topic::Values(picks))).collect())
}

impl RawStatus {
    pub(super) fn parse(self, names: &Names) -> Result<(String, Topic), SettingError> {
        let usual = StatusWords::default();
        let words = StatusWords {
            path: path("status.path", self.path.as_deref(), names)?,
            online: self.online.unwrap_or(usual.online),
            offline: self.offline.unwrap_or(usual.offline),
        };
        let both = words.online.iter().find(|word| words.offline.contains(word));
        if let Some(word) = both {
            return Err(SettingError::new(
                "status.offline",
                MqttRefusal::Both { word: word.clone() },
            ));
        }
        Ok((names.fill("status.topic", &self.topic)?, Topic::Status(words)))
    }
}
