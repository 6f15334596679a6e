//! What one look at a device gave.

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use domain::devices::reason::Trouble;
use domain::devices::reason::answer::{BadDocument, NoValue};
use domain::message::{Message, Sentences};
use domain::{Field, Values};

/// Values of one instant, and what was wrong with the rest.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ChannelSample {
    /// The values that made sense.
    pub(crate) values: Values,
    /// When they held, if the device says so.
    pub(crate) at: Option<DateTime<Utc>>,
    /// The same as the device states it without a zone.
    pub(crate) local: Option<NaiveDateTime>,
    /// What did not make sense.
    pub(crate) problems: Vec<Message>,
    /// Values that were made of several numbers of the document.
    pub(crate) composed: Vec<Field>,
    /// Values to which those of other topics are added.
    pub(crate) addends: Vec<Field>,
    /// Remarks on values read in another way than the device may mean: no fault of it.
    pub(crate) remarks: Vec<Message>,
}

impl ChannelSample {
    /// Takes a value, or notes why it cannot be one.
    pub(crate) fn put(&mut self, field: Field, value: Result<f64, NoValue>) {
        match value.and_then(|value| finite(field, value)) {
            Ok(value) => self.values.set(field, Some(value)),
            Err(why) => self.problems.push(why.into()),
        }
    }

    /// Takes a time without a zone for the site's, where it is within a day of now; else the values are of now.
    pub(crate) fn settle_time(&mut self, zone: Tz, now: DateTime<Utc>) {
        let Some(local) = self.local.take().filter(|_| self.at.is_none()) else { return };
        let away = |at: &DateTime<Utc>| (*at - now).abs();
        let possible = match zone.from_local_datetime(&local) {
            LocalResult::Ambiguous(one, other) => vec![one.to_utc(), other.to_utc()],
            either => either.earliest().map(|at| at.to_utc()).into_iter().collect(),
        };
        let at = possible.into_iter().min_by_key(away).filter(|at| away(at) <= TimeDelta::days(1));
        let said = local.to_string();
        self.remarks.push(match at {
            Some(_) => BadDocument::LocalTime { said, zone: zone.name() }.into(),
            None => BadDocument::OtherDay { said }.into(),
        });
        self.at = at;
    }

    /// Whether no value made sense.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.present().next().is_none()
    }

    /// The problems as one sentence, if there are any.
    pub(crate) fn reason(&self) -> Option<Message> {
        sentence(&self.problems)
    }

    /// The remarks as one sentence, if there are any.
    pub(crate) fn remark(&self) -> Option<Message> {
        sentence(&self.remarks)
    }
}

fn sentence(all: &[Message]) -> Option<Message> {
    match all {
        [] => None,
        [one] => Some(one.clone()),
        all => Some(Trouble::Several { all: Sentences(all.to_vec()) }.into()),
    }
}

fn finite(field: Field, value: f64) -> Result<f64, NoValue> {
    let (field, most) = (field.json(), field.largest());
    if value.abs() <= most {
        Ok(value)
    } else if value.is_finite() {
        Err(NoValue::Beyond { field, most })
    } else if value.is_nan() {
        Err(NoValue::NotANumber { field })
    } else if value > 0.0 {
        Err(NoValue::Infinite { field })
    } else {
        Err(NoValue::MinusInfinite { field })
    }
}
