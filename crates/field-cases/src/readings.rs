//! Readings of one meter, written in runs.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// The readings of one meter, in order of time.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Readings {
    /// Settings of the meter, by the names of the API: `ratedPowerKw`, `registerModulusKwh`.
    #[serde(default)]
    pub meter: Map<String, Value>,
    /// RFC 3339; any time in the past unless stated.
    pub from: Option<String>,
    /// Seconds from one reading to the next, unless its run says otherwise.
    pub every: f64,
    pub readings: Vec<Run>,
}

/// One reading, or several that follow each other at the same distance.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Run {
    /// Seconds from the reading before to the first of these.
    pub after: Option<f64>,
    /// Seconds from each of these to the next.
    pub every: Option<f64>,
    /// How many they are; one unless stated.
    pub repeat: Option<u32>,
    /// By how much a field rises with each of them. Unless its value is stated, it goes on from the last reading that
    /// had one.
    #[serde(default)]
    pub rise: BTreeMap<String, f64>,
    /// `ESTIMATED`; measured unless stated.
    pub quality: Option<String>,
    /// By field of a reading: of the first of these where it rises, else of all. A field that is not named has no value.
    #[serde(flatten)]
    pub values: BTreeMap<String, f64>,
}

/// A reading of a meter.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Since the first one.
    pub seconds: f64,
    pub quality: Option<String>,
    /// By field of a reading.
    pub values: BTreeMap<String, f64>,
}

impl Readings {
    /// Each reading by itself.
    pub fn each(&self) -> Vec<Reading> {
        let mut each: Vec<Reading> = Vec::new();
        let mut last: BTreeMap<String, f64> = BTreeMap::new();
        for run in &self.readings {
            let every = run.every.unwrap_or(self.every);
            let begin = match each.last() {
                None => 0.0,
                Some(before) => before.seconds + run.after.unwrap_or(every),
            };
            let before = last.clone();
            for number in 0..run.repeat.unwrap_or(1) {
                let values = run.values(f64::from(number), &before);
                last.extend(values.clone());
                let seconds = begin + every * f64::from(number);
                each.push(Reading { seconds, quality: run.quality.clone(), values });
            }
        }
        each
    }
}

impl Run {
    fn values(&self, number: f64, before: &BTreeMap<String, f64>) -> BTreeMap<String, f64> {
        let mut values = self.values.clone();
        for (field, rise) in &self.rise {
            let value = match self.values.get(field) {
                Some(first) => first + rise * number,
                None => before.get(field).copied().unwrap_or_default() + rise * (number + 1.0),
            };
            values.insert(field.clone(), (value * 1e9).round() / 1e9);
        }
        values
    }
}
