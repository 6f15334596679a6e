//! A register as a counter: where it stands, and when it last rose.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// A figure of a register, and when it showed it.
pub(crate) type Point = (DateTime<Utc>, f64);

/// Rates over less than this say more of how finely a register counts.
pub(super) const SHORTEST: TimeDelta = TimeDelta::minutes(1);

/// A register as a counter: where it stands, and when it last rose.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// When it was read last.
    #[serde(rename = "t")]
    pub at: DateTime<Utc>,
    /// Its value: of a register that fell by noise the higher one.
    #[serde(rename = "v")]
    pub value: f64,
    /// The figure that it showed then, where that is another one.
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    pub read: Option<f64>,
    /// Since when it has shown this value; none: since it was read last.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    changed: Option<DateTime<Utc>>,
    /// The value before it changed, and since when it stood there.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    before: Option<Point>,
    /// Until when it was seen there, where that is later.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    stood_to: Option<DateTime<Utc>>,
}

impl Track {
    pub(super) const fn new((at, value): Point) -> Self {
        Self { at, value, read: None, changed: None, before: None, stood_to: None }
    }

    /// Since when it has shown its value.
    pub(super) fn changed_at(&self) -> DateTime<Utc> {
        self.changed.unwrap_or(self.at)
    }

    /// Whether it was seen standing still since.
    pub(super) fn stood(&self) -> bool {
        self.changed.is_some()
    }

    pub(super) const fn before(&self) -> Option<Point> {
        self.before
    }

    pub(super) const fn point(&self) -> Point {
        (self.at, self.value)
    }

    /// The rate of its last change, units an hour.
    pub(crate) fn rate(&self) -> Option<f64> {
        self.before.map(|before| rate(before, (self.changed_at(), self.value)))
    }

    /// Goes on to where it was read next.
    pub(super) fn go_on(&mut self, (at, value): Point) {
        if (value - self.value).abs() > 0.0 {
            let (since, stood_to) = (self.changed_at(), self.at);
            self.before = Some((since, self.value));
            self.stood_to = (stood_to != since).then_some(stood_to);
            (self.value, self.changed) = (value, None);
        } else {
            self.changed = Some(self.changed_at());
        }
        (self.at, self.read) = (at, None);
    }

    /// Goes on where it stands, though it showed a little less.
    pub(super) fn stand(&mut self, (at, shown): Point) {
        let value = self.value;
        self.go_on((at, value));
        self.read = Some(shown);
    }

    /// Goes on to a reading, or stands where that is below.
    pub(super) fn follow(&mut self, read: Point) {
        if read.1 > self.value {
            self.go_on(read);
        } else {
            self.stand(read);
        }
    }

    /// The track without the last reading, if it rose there.
    pub(super) fn without_last(&self) -> Option<Self> {
        let (since, value) = self.before.filter(|_| !self.stood())?;
        let at = self.stood_to.unwrap_or(since);
        Some(Self { changed: Some(since).filter(|since| *since != at), ..Self::new((at, value)) })
    }
}

/// The rate at which a register moved from one point to another, units an hour.
pub(crate) fn rate((from, first): Point, (to, last): Point) -> f64 {
    (last - first) * 3600.0 / (to - from).max(SHORTEST).as_seconds_f64()
}

/// Whether two rates, or powers, agree: in one direction, and within a factor of 3.
pub(crate) fn are_alike(one: f64, other: f64) -> bool {
    const ALIKE: f64 = 3.0;
    one * other > 0.0 && one.abs().max(other.abs()) <= ALIKE * one.abs().min(other.abs())
}

/// Keeps the three highest, to six digits: figures that stay for years are the same however they were read.
pub(super) fn note_among_three(highest: &mut Vec<f64>, value: f64) {
    let place = highest.iter().position(|known| value > *known).unwrap_or(highest.len());
    if place < 3 {
        highest.insert(place, to_six_digits(value));
        highest.truncate(3);
    }
}

pub(super) fn to_six_digits(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}
