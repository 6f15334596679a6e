//! What is known of a meter's registers at the end of an interval.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::counter::note_among_three;
use super::registers::Register;
use super::track::{Base, Point, is_nothing};
use crate::energy::floor;
use crate::meters::ImportRegister;
use crate::stored::stored;

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
    /// The highest power, in what was stored before there were three.
    #[serde(rename = "m", default, skip_serializing)]
    highest_kw: f64,
    /// The three highest samples of power, kW, whichever their direction, the highest first.
    #[serde(rename = "h", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) powers: Vec<f64>,
    /// Whether the meter is computed from others: then each rise is right.
    #[serde(rename = "i", default, skip_serializing_if = "is_nothing")]
    pub(super) is_computed: bool,
    /// Samples of power that are far above all before them, and may be a load that was not seen before.
    #[serde(rename = "g", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) suspects: Vec<Point>,
    /// The last of them that were left out.
    #[serde(rename = "d", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) refused: Vec<Point>,
    /// The highest power of the past day.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub(super) peak: Option<Peak>,
}

/// The highest power of a day, and of the day before it, kW.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Peak {
    #[serde(rename = "t")]
    since: DateTime<Utc>,
    #[serde(rename = "n")]
    now: f64,
    #[serde(rename = "b", default, skip_serializing_if = "is_nothing")]
    before: f64,
}

impl Peak {
    const DAY: TimeDelta = TimeDelta::days(1);

    fn day(at: DateTime<Utc>) -> DateTime<Utc> {
        floor(at, Self::DAY).unwrap_or(at)
    }

    fn note(known: Option<Self>, at: DateTime<Utc>, kw: f64) -> Self {
        match known {
            Some(peak) if at - peak.since < Self::DAY => Self { now: peak.now.max(kw), ..peak },
            Some(peak) if at - peak.since < Self::DAY * 2 => {
                Self { since: Self::day(at), now: kw, before: peak.now }
            }
            _ => Self { since: Self::day(at), now: kw, before: 0.0 },
        }
    }

    pub(super) fn highest(&self) -> f64 {
        self.now.max(self.before)
    }
}

stored!(json Carry);

/// Samples of power that may contradict a rise.
pub(super) const ENOUGH: u8 = 20;

impl Carry {
    /// Where one register stood.
    pub fn base(&self, register: Register) -> Option<&Base> {
        self.registers.iter().find(|base| base.field == register)
    }

    /// Notes where a register stands that does not count, should it count one day.
    pub(super) fn stand(&mut self, register: Register, (at, value): (DateTime<Utc>, f64)) {
        let base = Base::new(register, (at, value), None);
        match self.registers.iter_mut().find(|known| known.field == register) {
            Some(known) => *known = base,
            None => self.begin(base),
        }
    }

    /// Notes a register that was not seen before.
    pub(super) fn begin(&mut self, base: Base) {
        self.registers.push(base);
        self.registers.sort_by_key(|base| base.field);
    }

    /// Notes a sample of power.
    pub(super) fn note_power(&mut self, at: DateTime<Utc>, kw: f64) {
        note_among_three(&mut self.powers, kw.abs());
        self.peak = Some(Peak::note(self.peak, at, kw.abs()));
        for base in &mut self.registers {
            base.samples = (base.samples + 1).min(ENOUGH);
        }
    }

    /// Reads what was stored by the rules of before.
    pub(super) fn renew(&mut self) {
        if self.highest_kw > 0.0 && self.powers.is_empty() {
            self.powers = vec![self.highest_kw; 3];
        }
        self.highest_kw = 0.0;
        self.registers.iter_mut().for_each(Base::renew);
    }

    /// Gives a base that does not say its column the one that counts.
    pub(super) fn tell_apart(&mut self, column: ImportRegister) {
        let column = Register::of(column);
        if self.base(column).is_none() {
            for base in self.registers.iter_mut().filter(|base| base.field == Register::Either) {
                base.field = column;
            }
        }
        self.registers.retain(|base| base.field != Register::Either);
    }
}
