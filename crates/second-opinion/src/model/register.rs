//! Which steps of a register count.

mod rates;

use std::mem::take;

use chrono::{DateTime, TimeDelta, Utc};
use num_traits::{Signed as _, ToPrimitive as _, Zero as _};

use crate::exact::{Exact, exact, hours, ratio, share};
use crate::model::flow::GAP;
use rates::Rates;

/// What a step was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It rose, or of a net register moved.
    Moved,
    /// It fell by less than it resolves.
    Noise,
    /// The meter was exchanged.
    Exchanged,
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
    /// Lines of power that tell where its energy lies, from its begin to its end; none where no power
    /// was sampled in between.
    pub lines: Vec<Line>,
    /// Whether a reading between the two was left out as a glitch.
    pub skips: bool,
    /// From which figure to which, where both were read.
    pub figures: Option<(Exact, Exact)>,
}

/// What a person decided about a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// Which reading.
    pub at: DateTime<Utc>,
    pub figures: (Exact, Exact),
    /// Whether it counts.
    pub accept: bool,
}

/// Power that runs straight from one sample to the next, kW, nowhere below zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    from: Point,
    to: Point,
}

impl Line {
    /// Its energy between two instants, kWh.
    pub fn energy(&self, window: (DateTime<Utc>, DateTime<Utc>)) -> Exact {
        let (from, to) = (window.0.max(self.from.0), window.1.min(self.to.0));
        if from >= to {
            return Exact::zero();
        }
        let at = |at: DateTime<Utc>| {
            let along = share(at - self.from.0, self.to.0 - self.from.0);
            &self.from.1 + (&self.to.1 - &self.from.1) * along
        };
        (at(from) + at(to)) / ratio(2, 1) * hours(to - from)
    }
}

/// A meter was replaced by another.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// When.
    pub at: DateTime<Utc>,
    /// Where the old register stood and the new one began, where that was said of this register.
    pub told: Option<(Exact, Exact)>,
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
    pub exchanges: Vec<Exchange>,
    /// Samples of power, kW, in order of time.
    pub power: Vec<Point>,
    /// What people decided, in that order.
    pub decided: Vec<Decided>,
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

    /// What was decided about this very step.
    fn decision(&self, base: &Point, point: &Point) -> Option<bool> {
        let of = |decided: &&Decided| {
            decided.at == point.0 && decided.figures == (base.1.clone(), point.1.clone())
        };
        self.decided.iter().rfind(of).map(|decided| decided.accept)
    }

    /// The smallest rise between readings that follow each other, to six digits; a new register begins
    /// with the figure that was entered of it.
    pub fn smallest_rise(&self, points: &[Point]) -> Exact {
        let rise = |pair: &[Point]| {
            let (mut from, to) = (pair[0].clone(), &pair[1]);
            for exchange in self.exchanges.iter().filter(|exchange| exchange.at <= to.0) {
                match &exchange.told {
                    Some((_, new)) if exchange.at > from.0 => from = (exchange.at, new.clone()),
                    None if exchange.at >= from.0 => return None,
                    _ => {}
                }
            }
            let rise = &to.1 - from.1;
            (from.0 < to.0 && rise.is_positive()).then_some(rise)
        };
        points.windows(2).filter_map(rise).min().map(|rise| six_digits(&rise)).unwrap_or_default()
    }

    /// Whether it moved by no more than can have flowed, and shows what it can show.
    fn is_plausible(&self, base: &Point, point: &Point) -> bool {
        let passes = |modulus: &Exact| base.1 < *modulus && point.1 >= *modulus;
        !self.modulus.as_ref().is_some_and(passes)
            && self.may_rise(&(&point.1 - &base.1).abs(), point.0 - base.0)
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
        let mut skips = false;
        while let Some(point) = points.get(place) {
            place += 1;
            let next = points.get(place).map(|next| self.first_of(point, next));
            let next = next.as_ref();
            if self.is_replaced_between(&base, point) {
                // What either meter counted between the two readings is not known.
                base = point.clone();
            } else if let Some(exchanged) = self.exchange_between(&base, point) {
                let step = self.exchanged(&mut base, &exchanged);
                steps.extend(step.map(|step| Step { skips: take(&mut skips), ..step }));
                place -= 1;
            } else if point.0 <= base.0 {
                // Where a meter is exchanged, the exchange says where both registers stood.
            } else if self.is_taken_back(&base, point, next, &rates) {
                // A glitch: as if it had never been read.
                skips = true;
            } else if let Some(step) = self.step(&base, point, next.is_some(), &mut rates) {
                // Of noise the base stays at the higher value, so that nothing counts twice.
                let kept = if step.kind == Kind::Noise { base.1 } else { point.1.clone() };
                base = (point.0, kept);
                steps.push(Step { skips: take(&mut skips), ..step });
            }
        }
        steps
    }

    /// What is known next of a register after a reading: where it is exchanged before the next one, its
    /// last figure.
    fn first_of(&self, point: &Point, next: &Point) -> Point {
        let exchanged = self.told().find(|(at, ..)| point.0 < *at && *at <= next.0);
        exchanged.map_or_else(|| next.clone(), |(at, old, _)| (at, old.clone()))
    }

    /// Whether the register went with its meter, and nobody said where it stood.
    fn is_replaced_between(&self, base: &Point, point: &Point) -> bool {
        let mut untold = self.exchanges.iter().filter(|exchange| exchange.told.is_none());
        base.0 < point.0 && untold.any(|exchange| (base.0..=point.0).contains(&exchange.at))
    }

    /// The exchanges of which it was said where the register stood: when, the old one and the new.
    fn told(&self) -> impl Iterator<Item = (DateTime<Utc>, &Exact, &Exact)> {
        self.exchanges.iter().filter_map(|exchange| {
            let (old, new) = exchange.told.as_ref()?;
            Some((exchange.at, old, new))
        })
    }

    /// The next exchange after the base and no later than the reading. A reading at its very instant
    /// that shows the old meter comes before it.
    fn exchange_between(
        &self,
        base: &Point,
        point: &Point,
    ) -> Option<(DateTime<Utc>, Exact, Exact)> {
        // One whose new register begins where the old one ended was taken already, or alters nothing.
        let after = |at: DateTime<Utc>, old: &Exact, new: &Exact| {
            at > base.0 || (at == base.0 && *old == base.1 && old != new)
        };
        let before =
            |at: DateTime<Utc>, old: &Exact| at < point.0 || (at == point.0 && *old != point.1);
        let found = self.told().find(|(at, old, new)| after(*at, old, new) && before(*at, old));
        found.map(|(at, old, new)| (at, old.clone(), new.clone()))
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
            lines: Vec::new(),
            skips: false,
            figures: None,
        };
        *base = (*at, new.clone());
        (step.from < step.to).then_some(step)
    }

    /// Whether the next reading goes back to where the register was, and that by more than could have
    /// flowed meanwhile.
    fn is_taken_back(
        &self,
        base: &Point,
        point: &Point,
        next: Option<&Point>,
        rates: &Rates,
    ) -> bool {
        let Some(next) = next else { return false };
        let fits = |moved: &Exact| self.may_rise(moved, next.0 - base.0);
        let on = &next.1 - &base.1;
        let back = &next.1 - &point.1;
        let decision = self.decision(base, point);
        let is_fall = point.1 < base.1 && !self.net;
        let is_odd = !self.is_plausible(base, point) && decision != Some(true);
        if self.net {
            let is_nearer = on.abs() < back.abs();
            let rejected = decision == Some(false);
            return fits(&on.abs()) && if rejected { is_nearer } else { is_odd };
        }
        if on.is_negative() || !fits(&on) {
            return false;
        }
        if is_fall {
            !self.may_follow_a_fall(&back, (point.0, next.0 - point.0), rates)
        } else {
            (is_odd || decision == Some(false)) && back.is_negative()
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
        let decision = self.decision(base, point);
        let as_step = |kind, kwh| {
            let figures = Some((base.1.clone(), point.1.clone()));
            let (from, to, lines) = (base.0, point.0, Vec::new());
            Some(Step { from, to, kwh, kind, lines, skips: false, figures })
        };
        let quarantined = || as_step(Kind::Quarantined, Exact::zero());
        if self.net || !moved.is_negative() {
            let is_plausible = self.is_plausible(base, point);
            if decision == Some(false) || !(is_plausible || decision == Some(true)) {
                // The reading after it tells whether it was one wrong value.
                return if is_judged { quarantined() } else { None };
            }
            if is_plausible {
                rates.note(&moved, elapsed);
            }
            let lines = self.lines(base.0, point.0);
            return as_step(Kind::Moved, moved).map(|step| Step { lines, ..step });
        }
        let fall = -moved;
        if fall <= ratio(2, 1) * &self.step && fall <= base.1.abs() * ratio(1, 1000) {
            return as_step(Kind::Noise, Exact::zero());
        }
        if !is_judged {
            return None;
        }
        let quarantined = || match decision {
            Some(true) => as_step(Kind::Moved, point.1.clone().max(Exact::zero())),
            _ => quarantined(),
        };
        if decision == Some(false) {
            return quarantined();
        }
        let counts = |kwh: &Exact| {
            !kwh.is_negative() && self.may_follow_a_fall(kwh, (point.0, elapsed), rates)
        };
        if let Some(modulus) = &self.modulus {
            let wrapped = &point.1 + modulus - &base.1;
            let small = self.rated.is_some() || wrapped <= modulus * ratio(1, 10);
            let fits = !self.has_shown(point.0, rates) || counts(&wrapped);
            if !wrapped.is_negative() && fits && small {
                return as_step(Kind::Wrapped, wrapped);
            }
        }
        if fall < &base.1 * ratio(1, 10) {
            return quarantined();
        }
        if counts(&point.1) { as_step(Kind::Reset, point.1.clone()) } else { quarantined() }
    }

    /// What is counted after a fall that was read at an instant: what the rated power allows, or without
    /// one five times the highest rate that the meter has shown, and 1.25 times the highest power that
    /// was sampled by then.
    fn may_follow_a_fall(
        &self,
        kwh: &Exact,
        (at, elapsed): (DateTime<Utc>, TimeDelta),
        rates: &Rates,
    ) -> bool {
        let time = hours(elapsed.max(TimeDelta::minutes(15)));
        let most = self.plausible(elapsed).unwrap_or_else(|| {
            let sampled = self.sampled_by(at) * ratio(5, 4);
            let shown = &rates.highest * ratio(5, 1);
            shown.max(sampled) * time + ratio(2, 1) * &self.step
        });
        *kwh <= most
    }

    /// Whether it is known by an instant how fast the meter goes: by its rating, its steps or its power.
    fn has_shown(&self, at: DateTime<Utc>, rates: &Rates) -> bool {
        self.rated.is_some() || rates.highest.is_positive() || self.sampled_by(at).is_positive()
    }

    /// The highest power that was sampled by an instant, kW.
    fn sampled_by(&self, at: DateTime<Utc>) -> Exact {
        let sampled = self.power.iter().filter(|(of, _)| *of <= at).map(|(_, kw)| kw.abs());
        sampled.max().unwrap_or_default()
    }

    /// Lines of power over a stretch, where samples lie within it that follow each other closely.
    fn lines(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Line> {
        let within: Vec<&Point> =
            self.power.iter().filter(|(at, _)| (from..=to).contains(at)).collect();
        let line = |pair: &[&Point]| Line { from: pair[0].clone(), to: pair[1].clone() };
        let lines: Vec<Line> = within.windows(2).map(line).collect();
        let is_close = lines.iter().all(|line| line.to.0 - line.from.0 <= GAP);
        if self.net || lines.len() < 2 || !is_close { Vec::new() } else { lines }
    }
}

/// Points of floating-point values.
pub fn points(values: impl IntoIterator<Item = (DateTime<Utc>, f64)>) -> Vec<Point> {
    values.into_iter().map(|(at, value)| (at, exact(value))).collect()
}

fn six_digits(rise: &Exact) -> Exact {
    let rise = rise.to_f64().unwrap_or_default();
    exact(format!("{rise:.5e}").parse().unwrap_or(rise))
}
