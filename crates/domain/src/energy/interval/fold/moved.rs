//! Registers that move: what they moved by, and in which intervals it lies.

use std::ops::Range;

use chrono::{DateTime, Utc};

use super::Run;
use super::hindsight::Hindsight;
use super::running::{directed, energy_in};
use crate::Quality;
use crate::energy::interval::counter::to_six_digits;
use crate::energy::interval::power::Line;
use crate::energy::interval::register::Event;
use crate::energy::interval::track::Waiting;
use crate::energy::interval::{
    Base, Decision, Excluded, Flags, Outlier, Point, Quarantined, Read, Register, Rise,
};

impl Run<'_> {
    pub(super) fn read(
        &mut self,
        register: Register,
        (at, value): Point,
        (power, read): (Option<f64>, &Read),
    ) {
        let begins = power.map(|_| 0.0);
        // A person's figure stands, unless the rated power speaks against it.
        let is_stated = read.quality == Quality::Corrected && self.rules.rated.is_none();
        let is_trusted = is_stated || self.carry.is_computed;
        let limits = self.rules.limits(register, &self.carry, at, power, is_trusted);
        if self.rules.anew.contains(&at) {
            self.carry.stand(register, (at, value));
            return self.flag(at, Flags::QUARANTINED);
        }
        let scale = |since| {
            let known = |excluded: &Excluded| excluded.scale(register, since, at);
            self.excluded.iter().rev().find_map(known)
        };
        let known = self.carry.registers.iter_mut().find(|base| base.field == register);
        let Some(base) = known else {
            let value = limits.begun(at).unwrap_or(value);
            self.carry.begin(if read.is_estimate {
                Base::estimated(register, (at, value), scale(at))
            } else {
                Base::new(register, (at, value), begins)
            });
            return;
        };
        let risen = if register.is_import() { limits.risen(base, (at, value)) } else { None };
        let is_on_track = || limits.is_on_track(base, (at, value));
        if self.excluded.iter().any(|excluded| excluded.holds(register, at, is_on_track)) {
            base.note_read((at, value));
            self.leave_out(register, (at, value));
            self.note_rise(risen, at);
            return;
        }
        if read.is_estimate {
            let mut events = Vec::new();
            limits.estimate(base, (at, value), scale, &mut events);
            for event in events {
                self.follow(register, event, None);
            }
            return;
        }
        let asked = self.excluded.iter().find_map(|excluded| excluded.asked(register, at));
        if let Some(asked) = asked.filter(|_| base.asked.is_none()) {
            (base.asked, base.rival) = (Some(asked), None);
        }
        let (stood_at, since) = (base.track.at, base.undecided_since());
        let mut events = std::mem::take(&mut self.events);
        limits.read(base, (at, value), begins, &mut events);
        base.note_read((at, value));
        let is_undecided = base.is_undecided();
        if base.track.at != stood_at {
            self.reopen_from(stood_at, since);
        } else if base.undecided_since() != since {
            // One rival took the place of another: no energy moved.
            self.reopen_from(since.unwrap_or(stood_at), since);
        }
        self.note_rise(risen, at);
        for event in events.drain(..) {
            self.follow(register, event, power);
        }
        self.events = events;
        if is_undecided {
            self.undecided.entry(register).or_default().push((at, value));
        } else if !self.undecided.is_empty() {
            self.undecided.remove(&register);
        }
    }

    fn follow(&mut self, register: Register, event: Event, power: Option<f64>) {
        match event {
            Event::Dropped => {
                for read in self.undecided.remove(&register).unwrap_or_default() {
                    self.leave_out(register, read);
                }
            }
            Event::TakenBack { after, before } => {
                self.take_back(register, after, Hindsight::Outliers { after, before });
            }
            Event::Returned { after, before } => {
                self.take_back(register, after, Hindsight::Away { after, before });
            }
            Event::Asked(asked) => self.take_back(register, asked.from, Hindsight::Asked(asked)),
            Event::Rescaled { after, before, scale } => {
                self.take_back(register, after, Hindsight::Rescaled { after, before, scale });
            }
            Event::Answered { from } => self.reopen_from(from, Some(from)),
            Event::Replaced(at) => self.flag(at, Flags::EXCHANGE),
            Event::TooLarge(step) => {
                if step.decision != Some(Decision::Accept) {
                    self.flag(step.at, Flags::QUARANTINED);
                }
                let is_it = |known: &Quarantined| (known.at, known.field) == (step.at, step.field);
                self.found.quarantined.retain(|known| !is_it(known));
                self.found.quarantined.push(step);
            }
            Event::Moved { from, to, delta, flag, weight } => {
                if self.began_undecided.contains(&register) {
                    self.reopen_from(from, Some(from));
                }
                if let Some(undecided) = self.undecided.get_mut(&register) {
                    undecided.retain(|(at, _)| *at > to);
                }
                self.moved(register, (from, to), delta, (weight, power), flag);
            }
        }
    }

    /// Notes for the next time through what a reading shows of those since an instant.
    fn take_back(&mut self, register: Register, since: DateTime<Utc>, of: Hindsight) {
        self.found.taken_back.push(Excluded::new(register, of));
        self.reopen_from(since, Some(since));
    }

    fn leave_out(&mut self, register: Register, (at, value): Point) {
        self.flag(at, Flags::GLITCH);
        self.found.outliers.push(Outlier { at, field: register.field(), value });
    }

    /// A decision about readings that lie, in part, before the first bound.
    fn reopen_from(&mut self, from: DateTime<Utc>, since: Option<DateTime<Utc>>) {
        let begin = self.bounds.first().copied().unwrap_or(from);
        if since.is_some_and(|since| since < begin) {
            self.found.reopens = Some(self.found.reopens.map_or(from, |known| known.min(from)));
        }
    }

    /// A rise that waits for a later reading counts meanwhile, unless it is absurd by any measure.
    pub(super) fn count_what_waits(&mut self) {
        let waits = |base: &&Base| base.waiting().is_some();
        let waiting: Vec<_> = self.carry.registers.iter().filter(waits).cloned().collect();
        for mut base in waiting {
            let (register, Some(waits)) = (base.field, base.waiting()) else { continue };
            let Waiting { from, risen_at, to, delta, weight } = waits;
            let (since, flag) = (base.track.point(), Flags::default());
            let mut events = vec![Event::Moved { from, to: risen_at, delta, flag, weight }];
            let limits = self.rules.limits(register, &self.carry, risen_at, None, false);
            limits.settle(&mut base, since, &mut events);
            for event in events {
                match event {
                    Event::Moved { from, to, delta, flag, weight } => {
                        self.moved(register, (from, to), delta, (weight, None), flag);
                    }
                    other => self.follow(register, other, None),
                }
            }
            if risen_at < to {
                self.moved(register, (risen_at, to), 0.0, (None, None), flag);
            }
        }
    }

    fn note_rise(&mut self, rise: Option<f64>, at: DateTime<Utc>) {
        const LEAST: f64 = 1e-9;
        let Some(rise) = rise else { return };
        let known = self.found.smallest_rise.map_or(f64::INFINITY, |least| least.kwh);
        if rise <= LEAST || rise >= known {
            return;
        }
        let kwh = to_six_digits(rise);
        if kwh < known {
            self.found.smallest_rise = Some(Rise { kwh, at });
        }
    }

    /// Shares out what a register moved by.
    fn moved(
        &mut self,
        register: Register,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        delta: f64,
        (weight, power): (Option<f64>, Option<f64>),
        flag: Flags,
    ) {
        self.flag(to, flag.without(Flags::GAP));
        let is_cover = self.covers(register);
        // A register that stood still leaves nothing to be placed, unless coverage goes by it; litres cover time.
        if delta.abs() <= 0.0 && !is_cover && register != Register::Diesel {
            return;
        }
        let lines = self.weights(register, from, to, weight, power);
        let long = to - from > self.rules.gap_limit(from);
        // An estimate covers nothing; the gap's own quarter-hours are flagged where its energy lies.
        let gap = flag.has(Flags::GAP) || (long && lines.is_none());
        let seconds = (to - from).as_seconds_f64();
        for index in self.meeting(from, to) {
            let interval = &mut self.found.intervals[index];
            let (start, end) = (interval.start.max(from), interval.end.min(to));
            let inside = (end - start).as_seconds_f64();
            let share = match &lines {
                Some((lines, total)) => energy_in(lines, register, start, end) / total,
                None => inside / seconds,
            };
            interval.add(register, delta * share, gap);
            if register == Register::Diesel {
                interval.fuel_covers(Some(start), end);
            }
            if is_cover {
                let sums = &mut self.sums[index];
                let seconds =
                    if gap { &mut sums.bridged_seconds } else { &mut sums.covered_seconds };
                *seconds += inside;
            }
        }
    }

    /// The intervals that meet a stretch of time.
    pub(super) fn meeting(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Range<usize> {
        let first = self.begun(from).saturating_sub(1);
        let mut end = self.begun(to);
        if end > 0 && self.bounds[end - 1] == to {
            end -= 1;
        }
        let end = end.min(self.found.intervals.len());
        first..end.max(first)
    }

    /// Whether coverage is told by this register: by import where it is known, else by export.
    fn covers(&self, register: Register) -> bool {
        register.is_import() || (register == Register::Export && self.import_base().is_none())
    }

    /// Lines of power over the whole of a stretch with samples inside it, and their energy in the
    /// register's direction: they tell where its energy lies.
    fn weights(
        &self,
        register: Register,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        weight: Option<f64>,
        power: Option<f64>,
    ) -> Option<(Vec<Line>, f64)> {
        if !register.is_energy() || self.rules.is_net(register) {
            return None;
        }
        let weight = weight?;
        let (last_at, last) = self.carry.power.filter(|(at, _)| *at > from)?;
        if last_at >= to {
            return self.weights_before(register, from, to);
        }
        if to - last_at > self.rules.gap_limit(last_at) {
            return None;
        }
        let mut lines = Vec::with_capacity(self.lines.len() + 1);
        lines.extend_from_slice(&self.lines);
        let tail = Line { from: last_at, to, first: last, last: power.unwrap_or(last) };
        lines.push(tail);
        let total = weight + directed(tail.energy(), register);
        (total > 0.0).then_some((lines, total))
    }

    /// The same of a rise that waited while power went on.
    fn weights_before(
        &self,
        register: Register,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Option<(Vec<Line>, f64)> {
        let is_whole = self.bounds.first().is_some_and(|begin| *begin <= from);
        let is_sampled = self.lines.iter().any(|line| from < line.to && line.to < to);
        let total = energy_in(&self.lines, register, from, to);
        (is_whole && is_sampled && total > 0.0).then(|| (self.lines.clone(), total))
    }
}
