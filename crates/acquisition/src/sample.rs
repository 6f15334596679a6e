//! What one look at a device gave.

use chrono::{DateTime, Utc};
use domain::{Field, Values};

/// Values of one instant, and what was wrong with the rest.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sample {
    /// The values that made sense.
    pub(crate) values: Values,
    /// When they held, if the device says so.
    pub(crate) at: Option<DateTime<Utc>>,
    /// What did not make sense, in words.
    pub(crate) problems: Vec<String>,
    /// Values that were made of several numbers of the document.
    pub(crate) composed: Vec<Field>,
}

impl Sample {
    /// Takes a value, or notes why it cannot be one.
    pub(crate) fn put(&mut self, field: Field, value: Result<f64, String>) {
        match value {
            Ok(value) if value.is_finite() => self.values.set(field, Some(value)),
            Ok(value) => self.problems.push(format!("{} is {value}", field.json())),
            Err(why) => self.problems.push(format!("{} {why}", field.json())),
        }
    }

    /// Whether no value made sense.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.present().next().is_none()
    }

    /// The problems as one line, if there are any.
    pub(crate) fn reason(&self) -> Option<String> {
        (!self.problems.is_empty()).then(|| self.problems.join("; "))
    }
}
