//! Which steps of a register count.

use chrono::{DateTime, TimeDelta, Utc};
use num_traits::{Signed as _, Zero as _};

use crate::exact::{Exact, exact, hours, ratio};

/// What a step was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It rose, or of a net register moved.
    Moved,
    /// It fell by less than it resolves.
    Noise,
    /// The meter was exchanged.
    Exchanged,
    /// It wrapped.
    Wrapped,
    /// It began again at zero.
    Reset,
    /// Too large to be true, or a step back: not counted.
    Quarantined,
}

/// What a register moved by between two instants.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// When the register was read before.
    pub from: DateTime<Utc>,
    /// When it was read.
    pub to: DateTime<Utc>,
    /// What counts of it, kWh; nothing of what is quarantined.
    pub kwh: Exact,
    /// What it was taken for.
    pub kind: Kind,
}

/// What a register may do.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// Rated power, kW.
    pub rated: Option<Exact>,
    /// Its smallest rise, kWh.
    pub step: Exact,
    /// Where it wraps, kWh.
    pub modulus: Option<Exact>,
    /// Whether it runs both ways.
    pub net: bool,
    /// Exchanges: when, where the old one stood, where the new one began.
    pub exchanges: Vec<(DateTime<Utc>, Exact, Exact)>,
}

/// A register at an instant.
pub type Point = (DateTime<Utc>, Exact);

impl Limits {
    /// What can have flowed in a time: 1.25 times the rated power over it, at least a quarter-hour, and
    /// two steps. None where nothing says so.
    fn plausible(&self, elapsed: TimeDelta) -> Option<Exact> {
        let time = hours(elapsed.max(TimeDelta::minutes(15)));
        let rated = self.rated.as_ref()?;
        Some(ratio(5, 4) * rated * time + ratio(2, 1) * &self.step)
    }

    fn may_rise(&self, by: &Exact, elapsed: TimeDelta) -> bool {
        self.plausible(elapsed).is_none_or(|most| *by <= most)
    }

    /// The steps between readings in order of time.
    pub fn steps(&self, points: &[Point]) -> Vec<Step> {
        let Some(first) = points.first() else { return Vec::new() };
        let mut rates = Rates::default();
        let mut base = first.clone();
        let mut steps = Vec::new();
        let mut place = 1;
        while let Some(point) = points.get(place) {
            place += 1;
            let next = points.get(place);
            if let Some(exchanged) = self.exchange_between(&base, point) {
                steps.extend(self.exchanged(&mut base, &exchanged));
                place -= 1;
            } else if self.is_taken_back(&base, point, next) {
                // A glitch: as if it had never been read.
            } else if let Some(step) = self.step(&base, point, next.is_some(), &mut rates) {
                // Of noise the base stays at the higher value, so that nothing counts twice.
                let kept = if step.kind == Kind::Noise { base.1 } else { point.1.clone() };
                base = (point.0, kept);
                steps.push(step);
            }
        }
        steps
    }

    /// The next exchange after the base and no later than the reading. A reading at its very instant
    /// that shows the old meter comes before it.
    fn exchange_between(
        &self,
        base: &Point,
        point: &Point,
    ) -> Option<(DateTime<Utc>, Exact, Exact)> {
        let after =
            |at: DateTime<Utc>, old: &Exact| at > base.0 || (at == base.0 && *old == base.1);
        let before =
            |at: DateTime<Utc>, old: &Exact| at < point.0 || (at == point.0 && *old != point.1);
        self.exchanges.iter().find(|(at, old, _)| after(*at, old) && before(*at, old)).cloned()
    }

    fn exchanged(
        &self,
        base: &mut Point,
        (at, old, new): &(DateTime<Utc>, Exact, Exact),
    ) -> Option<Step> {
        let moved = old - &base.1;
        let counts =
            (!moved.is_negative() || self.net) && self.may_rise(&moved.abs(), *at - base.0);
        let step = Step {
            from: base.0,
            to: *at,
            kwh: if counts { moved } else { Exact::zero() },
            kind: if counts { Kind::Exchanged } else { Kind::Quarantined },
        };
        *base = (*at, new.clone());
        (step.from < step.to).then_some(step)
    }

    /// Whether the next reading goes back to where the register was, and that by more than could have
    /// flowed meanwhile.
    fn is_taken_back(&self, base: &Point, point: &Point, next: Option<&Point>) -> bool {
        let Some(next) = next else { return false };
        let fits = |moved: &Exact| self.may_rise(moved, next.0 - base.0);
        let on = &next.1 - &base.1;
        let back = &next.1 - &point.1;
        if self.net {
            let odd = !self.may_rise(&(&point.1 - &base.1).abs(), point.0 - base.0);
            return odd && fits(&on.abs());
        }
        if on.is_negative() || !fits(&on) {
            return false;
        }
        if point.1 < base.1 {
            !self.may_rise(&back, next.0 - point.0)
        } else {
            !self.may_rise(&(&point.1 - &base.1), point.0 - base.0) && back.is_negative()
        }
    }

    fn step(
        &self,
        base: &Point,
        point: &Point,
        is_judged: bool,
        rates: &mut Rates,
    ) -> Option<Step> {
        let elapsed = point.0 - base.0;
        let moved = &point.1 - &base.1;
        let as_step = |kind, kwh| Some(Step { from: base.0, to: point.0, kwh, kind });
        let quarantined = || as_step(Kind::Quarantined, Exact::zero());
        if self.net || !moved.is_negative() {
            if !self.may_rise(&moved.abs(), elapsed) {
                // The reading after it tells whether it was one wrong value.
                return if is_judged { quarantined() } else { None };
            }
            rates.note(&moved, elapsed);
            return as_step(Kind::Moved, moved);
        }
        let fall = -moved;
        if fall <= ratio(2, 1) * &self.step && fall <= base.1.abs() * ratio(1, 1000) {
            return as_step(Kind::Noise, Exact::zero());
        }
        if !is_judged {
            return None;
        }
        let counts =
            |kwh: &Exact| !kwh.is_negative() && self.may_follow_a_fall(kwh, elapsed, rates);
        if let Some(modulus) = &self.modulus {
            let wrapped = &point.1 + modulus - &base.1;
            let small = self.rated.is_some() || wrapped <= modulus * ratio(1, 10);
            if counts(&wrapped) && small {
                return as_step(Kind::Wrapped, wrapped);
            }
        }
        if fall < &base.1 * ratio(1, 10) {
            return quarantined();
        }
        if counts(&point.1) { as_step(Kind::Reset, point.1.clone()) } else { quarantined() }
    }

    /// What is counted after a fall: what the rated power allows, or without one five times the highest
    /// rate that the meter has shown.
    fn may_follow_a_fall(&self, kwh: &Exact, elapsed: TimeDelta, rates: &Rates) -> bool {
        let time = hours(elapsed.max(TimeDelta::minutes(15)));
        match (self.plausible(elapsed), &rates.highest) {
            (Some(most), _) => *kwh <= most,
            (None, Some(rate)) => *kwh <= ratio(5, 1) * rate * time + ratio(2, 1) * &self.step,
            (None, None) => true,
        }
    }
}

/// How fast a meter was seen to rise, kW.
#[derive(Debug, Default)]
struct Rates {
    highest: Option<Exact>,
}

impl Rates {
    fn note(&mut self, moved: &Exact, elapsed: TimeDelta) {
        if elapsed <= TimeDelta::zero() {
            return;
        }
        let rate = moved.abs() / hours(elapsed);
        if self.highest.as_ref().is_none_or(|highest| rate > *highest) {
            self.highest = Some(rate);
        }
    }
}

/// Points of floating-point values.
pub fn points(values: impl IntoIterator<Item = (DateTime<Utc>, f64)>) -> Vec<Point> {
    values.into_iter().map(|(at, value)| (at, exact(value))).collect()
}
