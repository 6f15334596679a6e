//! One register: which of its steps are believed.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Exchange, Flags};
use crate::trail::QUARTER;
use crate::{Field, Kw};

/// What is known at the end of an interval, for going on from there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Carry {
    /// When the last reading that bears on energy was taken.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<DateTime<Utc>>,
    /// The registers that were seen.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub registers: Vec<Base>,
    /// The last power sample: when, and kW.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub power: Option<(DateTime<Utc>, f64)>,
}

impl Carry {
    /// Where one register stood.
    pub fn base(&self, register: Register) -> Option<&Base> {
        self.registers.iter().find(|base| base.field == register)
    }
}

/// Where a register stood when it was last believed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Base {
    /// Which register.
    #[serde(rename = "f")]
    pub field: Register,
    /// When.
    #[serde(rename = "t")]
    pub at: DateTime<Utc>,
    /// Its value: of a register that fell by noise the higher one.
    #[serde(rename = "v")]
    pub value: f64,
    /// A later reading that is not believed before the next one has been seen.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub doubted: Option<(DateTime<Utc>, f64)>,
    /// Energy by power samples since, in this register's direction, kWh; none where they do not
    /// follow each other closely enough to tell.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
}

/// A register that energy, fuel or running time is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Register {
    /// Import energy: of the total or the import register.
    #[serde(rename = "i")]
    Import,
    /// Export energy.
    #[serde(rename = "e")]
    Export,
    /// Reactive import.
    #[serde(rename = "ri")]
    ReactiveImport,
    /// Reactive export.
    #[serde(rename = "re")]
    ReactiveExport,
    /// A fuel counter.
    #[serde(rename = "d")]
    Diesel,
    /// A running hours counter.
    #[serde(rename = "h")]
    Runtime,
}

/// A step of a register that is too large to be true.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quarantined {
    /// When the reading was taken.
    pub at: DateTime<Utc>,
    /// Its field.
    pub field: Field,
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
    /// Whether a person accepted it: then it is counted.
    pub accepted: bool,
}

/// What follows from a reading of a register.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Event {
    /// It moved by `delta` between two instants.
    Moved { from: DateTime<Utc>, to: DateTime<Utc>, delta: f64, flag: Flags, weight: Option<f64> },
    /// A reading was left out.
    Glitch(DateTime<Utc>),
    /// A step was too large to be true.
    TooLarge(Quarantined),
}

/// What a register may do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits<'a> {
    pub(super) field: Field,
    pub(super) net: bool,
    pub(super) step: f64,
    pub(super) modulus: Option<f64>,
    pub(super) rated: Option<Kw>,
    pub(super) exchanges: &'a [Exchange],
    pub(super) accepted: &'a BTreeSet<(DateTime<Utc>, Field)>,
}

/// Falls up to this share of a register may be noise.
const NOISE_SHARE: f64 = 1e-3;
/// How far above its rated power a meter may run.
const HEADROOM: f64 = 1.25;

impl Limits<'_> {
    /// Takes the next reading; `weight` is what the base begins with when it moves there.
    pub(super) fn read(
        &self,
        base: &mut Base,
        (at, value): (DateTime<Utc>, f64),
        weight: Option<f64>,
        events: &mut Vec<Event>,
    ) {
        let exchanges = self.exchanges.iter().filter(|e| e.at > base.at && e.at <= at);
        for exchange in exchanges.copied().collect::<Vec<_>>() {
            self.settle_doubt(base, exchange.old_final_kwh, exchange.at, events);
            self.exchanged(base, &exchange, events);
        }
        self.settle_doubt(base, value, at, events);
        self.step(base, (at, value), weight, events);
    }

    /// Decides on a doubted reading by the one after it.
    fn settle_doubt(
        &self,
        base: &mut Base,
        next: f64,
        next_at: DateTime<Utc>,
        events: &mut Vec<Event>,
    ) {
        let Some((at, value)) = base.doubted.take() else { return };
        let back = next - base.value;
        let plausible = self.plausible(next_at - base.at);
        let fits = back.abs() <= plausible;
        let not_below = back >= 0.0 || self.is_noise(base, -back);
        let wraps = self.wrapped(base, next, plausible).is_some();
        let taken_back = match (self.net, value < base.value) {
            (true, _) => fits,
            (false, true) => (not_below && fits) || (wraps && !self.may_fall_to(base, (at, value))),
            (false, false) => wraps || (next < value && not_below && fits),
        };
        if taken_back {
            events.push(Event::Glitch(at));
        } else if value < base.value && !self.net {
            self.fell(base, (at, value), events);
        } else {
            self.too_large(base, (at, value), value - base.value, None, events);
        }
    }

    fn step(
        &self,
        base: &mut Base,
        (at, value): (DateTime<Utc>, f64),
        weight: Option<f64>,
        events: &mut Vec<Event>,
    ) {
        let delta = value - base.value;
        if delta < 0.0 && !self.net {
            if self.is_noise(base, -delta) {
                let kept = base.value;
                moved(base, (at, value), 0.0, Flags::NOISE, weight, events);
                base.value = kept;
            } else {
                base.doubted = Some((at, value));
            }
        } else if delta.abs() <= self.plausible(at - base.at) {
            moved(base, (at, value), delta, Flags::default(), weight, events);
        } else if self.accepted.contains(&(at, self.field)) {
            self.too_large(base, (at, value), delta, weight, events);
        } else {
            base.doubted = Some((at, value));
        }
    }

    /// A fall that stands: the register wrapped, or was set back.
    fn fell(&self, base: &mut Base, (at, value): (DateTime<Utc>, f64), events: &mut Vec<Event>) {
        let plausible = self.plausible(at - base.at);
        if let Some(delta) = self.wrapped(base, value, plausible) {
            moved(base, (at, value), delta, Flags::ROLLOVER, None, events);
        } else if (0.0..=plausible).contains(&value) {
            moved(base, (at, value), value, Flags::RESET, None, events);
        } else {
            self.too_large(base, (at, value), value, None, events);
        }
    }

    /// The new meter begins where it was entered; the old one's last figure must be as plausible as a
    /// reading.
    fn exchanged(&self, base: &mut Base, exchange: &Exchange, events: &mut Vec<Event>) {
        let delta = exchange.old_final_kwh - base.value;
        let end = (exchange.at, exchange.new_initial_kwh);
        let forward = delta >= 0.0 || self.net;
        if forward && delta.abs() <= self.plausible(exchange.at - base.at) {
            moved(base, end, delta, Flags::EXCHANGE, None, events);
        } else {
            self.too_large(base, end, delta, None, events);
        }
    }

    fn too_large(
        &self,
        base: &mut Base,
        (at, value): (DateTime<Utc>, f64),
        delta: f64,
        weight: Option<f64>,
        events: &mut Vec<Event>,
    ) {
        let accepted = self.accepted.contains(&(at, self.field));
        events.push(Event::TooLarge(Quarantined {
            at,
            field: self.field,
            previous_at: base.at,
            previous: base.value,
            value,
            delta,
            plausible: self.plausible(at - base.at),
            accepted,
        }));
        if accepted {
            moved(base, (at, value), delta, Flags::default(), weight, events);
        } else {
            *base = Base { field: base.field, at, value, doubted: None, weight };
        }
    }

    /// The step of a register that passed its largest figure, where that is plausible.
    fn wrapped(&self, base: &Base, value: f64, plausible: f64) -> Option<f64> {
        let delta = value + self.modulus? - base.value;
        (0.0..=plausible).contains(&delta).then_some(delta)
    }

    fn may_fall_to(&self, base: &Base, (at, value): (DateTime<Utc>, f64)) -> bool {
        let plausible = self.plausible(at - base.at);
        self.wrapped(base, value, plausible).is_some() || (0.0..=plausible).contains(&value)
    }

    fn is_noise(&self, base: &Base, fall: f64) -> bool {
        fall <= 2.0 * self.step && fall <= base.value.abs() * NOISE_SHARE
    }

    /// The largest step that can be true: 1.25 × rated power over the time, at least a quarter-hour,
    /// and two steps of the register. Without a rated power anything can.
    fn plausible(&self, elapsed: TimeDelta) -> f64 {
        let Some(rated) = self.rated else { return f64::INFINITY };
        let hours = elapsed.max(QUARTER).as_seconds_f64() / 3600.0;
        HEADROOM * rated.0 * hours + 2.0 * self.step
    }
}

/// Believes a reading: the register moved there.
fn moved(
    base: &mut Base,
    (to, value): (DateTime<Utc>, f64),
    delta: f64,
    flag: Flags,
    weight: Option<f64>,
    events: &mut Vec<Event>,
) {
    events.push(Event::Moved { from: base.at, to, delta, flag, weight: base.weight });
    *base = Base { field: base.field, at: to, value, doubted: None, weight };
}
