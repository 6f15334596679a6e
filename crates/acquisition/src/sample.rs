//! What one look at a device gave.

use chrono::{DateTime, Utc};
use domain::devices::reason::Trouble;
use domain::devices::reason::answer::NoValue;
use domain::message::{Message, Sentences};
use domain::{Field, Values};

/// Values of one instant, and what was wrong with the rest.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ChannelSample {
    /// The values that made sense.
    pub(crate) values: Values,
    /// When they held, if the device says so.
    pub(crate) at: Option<DateTime<Utc>>,
    /// What did not make sense.
    pub(crate) problems: Vec<Message>,
    /// Values that were made of several numbers of the document.
    pub(crate) composed: Vec<Field>,
}

impl ChannelSample {
    /// Takes a value, or notes why it cannot be one.
    pub(crate) fn put(&mut self, field: Field, value: Result<f64, NoValue>) {
        match value.and_then(|value| finite(field, value)) {
            Ok(value) => self.values.set(field, Some(value)),
            Err(why) => self.problems.push(why.into()),
        }
    }

    /// Whether no value made sense.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.present().next().is_none()
    }

    /// The problems as one sentence, if there are any.
    pub(crate) fn reason(&self) -> Option<Message> {
        match self.problems.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            all => Some(Trouble::Several { all: Sentences(all.to_vec()) }.into()),
        }
    }
}

fn finite(field: Field, value: f64) -> Result<f64, NoValue> {
    let field = field.json();
    if value.is_finite() {
        Ok(value)
    } else if value.is_nan() {
        Err(NoValue::NotANumber { field })
    } else if value > 0.0 {
        Err(NoValue::Infinite { field })
    } else {
        Err(NoValue::MinusInfinite { field })
    }
}
