//! What people decided about steps of registers.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::Field;
use crate::stored::words;

/// A step of a register that is too large to be true.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub struct Quarantined {
    /// When the reading was taken.
    pub at: DateTime<Utc>,
    pub field: Field,
    pub kind: Question,
    /// When the reading before was taken.
    pub previous_at: DateTime<Utc>,
    /// What that one showed.
    pub previous: f64,
    /// What it showed.
    pub value: f64,
    /// The step, not counted unless it was accepted.
    pub delta: f64,
    /// The largest step that would have been counted.
    pub plausible: f64,
    /// Of a step beyond the rated power: that power, kW.
    pub rated_kw: Option<f64>,
    /// Of a step beyond the rated power: the highest power that it takes, kW.
    pub needed_kw: Option<f64>,
    /// The last reading that is part of it: a step beyond the rated power goes on for as long as that does.
    pub last_at: DateTime<Utc>,
    /// What a person decided about it: accepted, it is counted.
    pub decision: Option<Decision>,
}

words!(
    /// The kind of a question about a register.
    Question {
        /// It rose by more than could have flowed. Is that right?
        Step = "step",
        /// It fell, neither by a reset nor by a rollover. Was the meter exchanged?
        StepBack = "step_back",
        /// It went with its meter. Is the old one's last figure right, as it was entered?
        Exchange = "exchange",
        /// It rose by more than the rated power allows, for some time. Is the rated power right?
        BeyondRated = "beyond_rated",
        /// Two registers come in under one number. Which one is the meter's?
        TwoRegisters = "two_registers",
        /// It falls steadily. Is the meter connected the right way round?
        CountsDown = "counts_down",
    }
);

words!(
    /// What a person decided about a step.
    Decision {
        /// It is true, and counts.
        Accept = "accept",
        /// It is not, and does not count, however plausible the other rules make it.
        Reject = "reject",
    }
);

/// A step: from which figure to which, and what that would count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stepped {
    /// What the register showed before.
    pub previous: f64,
    /// What it showed.
    pub value: f64,
    /// The energy of the step, in the register's unit.
    pub delta: f64,
}

impl From<&Quarantined> for Stepped {
    fn from(step: &Quarantined) -> Self {
        Self { previous: step.previous, value: step.value, delta: step.delta }
    }
}

impl Stepped {
    pub(super) fn question(&self) -> Question {
        if self.value < self.previous { Question::StepBack } else { Question::Step }
    }

    /// Whether both are one step, but for how a figure was rounded on its way.
    fn is(&self, other: &Self) -> bool {
        const ROUNDING: f64 = 1e-12;
        let same = |one: f64, other: f64| {
            let largest = self.previous.abs().max(self.value.abs());
            (one - other).abs() <= ROUNDING * largest
        };
        same(self.previous, other.previous)
            && same(self.value, other.value)
            && same(self.delta, other.delta)
    }
}

/// The reading that a step leads to.
type To = (DateTime<Utc>, Field);

/// Decisions about the steps of a meter. Each holds for the very step that somebody looked at: where the
/// reading, or what the register showed before it, has become another, there is another step to decide
/// about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decisions {
    steps: BTreeMap<To, Vec<(Stepped, Decision)>>,
    readings: BTreeMap<To, (f64, Decision)>,
}

impl Decisions {
    /// Notes what was decided about the step of a register to a reading of this time.
    pub fn note(&mut self, at: DateTime<Utc>, field: Field, step: Stepped, decision: Decision) {
        self.steps.entry((at, field)).or_default().push((step, decision));
    }

    /// Notes what was decided about a reading by itself: that it counts, or that it is an outlier.
    pub fn note_reading(
        &mut self,
        at: DateTime<Utc>,
        field: Field,
        value: f64,
        decision: Decision,
    ) {
        self.readings.insert((at, field), (value, decision));
    }

    /// The decision about a step, or about the reading that it leads to; none where nobody decided.
    pub fn about(&self, at: DateTime<Utc>, field: Field, step: &Stepped) -> Option<Decision> {
        self.about_step(at, field, step).or_else(|| self.about_reading(at, field, step.value))
    }

    /// The decision about a step itself.
    pub(super) fn about_step(
        &self,
        at: DateTime<Utc>,
        field: Field,
        step: &Stepped,
    ) -> Option<Decision> {
        self.last_step(at, field, |decided| decided.is(step))
    }

    fn last_step(
        &self,
        at: DateTime<Utc>,
        field: Field,
        is_it: impl Fn(&Stepped) -> bool,
    ) -> Option<Decision> {
        let known = self.steps.get(&(at, field))?;
        known.iter().rfind(|(decided, _)| is_it(decided)).map(|(_, decision)| *decision)
    }

    /// The decision about a reading by itself.
    pub(super) fn about_reading(
        &self,
        at: DateTime<Utc>,
        field: Field,
        value: f64,
    ) -> Option<Decision> {
        let (decided, decision) = self.readings.get(&(at, field))?;
        (decided.to_bits() == value.to_bits()).then_some(*decision)
    }

    /// The same of rises that go on: a decision about them holds however many they were by then.
    pub fn about_stretch(
        &self,
        at: DateTime<Utc>,
        field: Field,
        step: &Stepped,
    ) -> Option<Decision> {
        let begins_it =
            |decided: &Stepped| Stepped { previous: decided.previous, ..*step }.is(step);
        self.last_step(at, field, begins_it)
    }
}
