//! The rule of registers for one meter, reading by reading: for what is shown before it is summed up.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Base, Carry, Event, Point, Register, Rules};
use crate::meters::Meter;

/// A meter's registers as far as they are known by now.
#[derive(Debug, Clone)]
pub(crate) struct Judge {
    rules: Rules,
    carry: Carry,
}

impl Judge {
    pub(crate) fn new(meter: &Meter, poll: TimeDelta) -> Self {
        Self { rules: Rules::of(meter, poll), carry: Carry::default() }
    }

    /// Whether the total register counts both ways.
    pub(crate) fn is_net(&self) -> bool {
        self.rules.net
    }

    /// Notes whether a reading was computed from other meters.
    pub(crate) fn note(&mut self, is_computed: bool) {
        self.carry.is_computed |= is_computed;
    }

    /// Takes a sample of power, kW; whether it is believed.
    pub(crate) fn power(&mut self, at: DateTime<Utc>, kw: f64) -> bool {
        if !self.carry.is_computed && !self.carry.judge_power(&self.rules, (at, kw), |_| ()) {
            return false;
        }
        for (at, kw) in self.carry.agreed().into_iter().chain([(at, kw)]) {
            self.carry.note_power(at, kw);
        }
        true
    }

    /// Takes the next reading of a register, with the power beside it; what follows from it.
    pub(crate) fn read(
        &mut self,
        register: Register,
        read: Point,
        power: Option<f64>,
    ) -> Vec<Event> {
        let mut events = Vec::new();
        let is_trusted = self.carry.is_computed;
        let limits = self.rules.limits(register, &self.carry, read.0, power, is_trusted);
        let known = self.carry.registers.iter_mut().find(|base| base.field == register);
        match known {
            Some(base) => limits.read(base, read, None, &mut events),
            None => self.carry.begin(Base::new(register, read, None)),
        }
        events
    }

    /// Whether a register is believed to stand where it was read at an instant.
    pub(crate) fn stands_at(&self, register: Register, at: DateTime<Utc>) -> bool {
        self.carry.base(register).is_some_and(|base| base.track.at == at)
    }

    /// A rise that waits for a later reading, and counts meanwhile.
    pub(crate) fn waiting(&self, register: Register) -> Option<f64> {
        self.carry.base(register)?.waiting().map(|waiting| waiting.delta)
    }

    /// A reading with which a register begins anew.
    pub(crate) fn begin(&mut self, register: Register, read: Point) {
        self.carry.stand(register, read);
    }
}
