//! The steps of a register that count.
//!
//! Readings are laid on tracks, each where it fits: see `tracks`. A track that the register comes back to
//! takes the place of all that were begun since. Energy is counted at the end alone, along the tracks that
//! are left, so that nothing is ever undone. `pace` says how fast a register may go.

mod pace;
mod track;
mod tracks;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use num_traits::{Signed as _, ToPrimitive as _, Zero as _};

use crate::exact::{Exact, exact, hours, ratio, share};
use crate::model::flow::GAP;
use tracks::Tracks;

/// The kinds of steps.
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
    /// For a person to judge: not counted.
    Quarantined,
}

/// A move of a register between two instants.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// When the register was read before.
    pub from: DateTime<Utc>,
    /// When it was read.
    pub to: DateTime<Utc>,
    /// The energy that counts of it, kWh; nothing of what is quarantined.
    pub kwh: Exact,
    /// The kind that it was taken for.
    pub kind: Kind,
    /// Lines of power that tell where its energy lies, from its begin to its end; none where no power
    /// was sampled in between.
    pub lines: Vec<Line>,
    /// Whether a reading between the two was left out as an outlier.
    pub skips: bool,
    /// From which figure to which, where both were read.
    pub figures: Option<(Exact, Exact)>,
}

/// A person's decision about a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// The time of the reading that the step leads to.
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
    /// The last figure of the old register and the first of the new one, where they were said of this register.
    pub told: Option<(Exact, Exact)>,
}

/// The rules of a register.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// Rated power, kW.
    pub rated: Option<Exact>,
    /// Its smallest rise, kWh.
    pub step: Exact,
    /// Whether nobody stated that step.
    pub learned: bool,
    /// It wraps here, kWh.
    pub modulus: Option<Exact>,
    /// Whether it runs both ways.
    pub net: bool,
    pub exchanges: Vec<Exchange>,
    /// Samples of power, kW, in order of time.
    pub power: Vec<Point>,
    /// People's decisions, in their order.
    pub decided: Vec<Decided>,
}

/// A register at an instant.
pub type Point = (DateTime<Utc>, Exact);

impl Limits {
    /// The steps between readings in order of time.
    pub fn steps(&self, points: &[Point]) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut rates = Vec::new();
        let mut rest = points.to_vec();
        for exchange in &self.exchanges {
            let Exchange { at, told } = exchange;
            let is_old = |point: &Point| told.as_ref().is_some_and(|(old, _)| point.1 == *old);
            let before = |point: &Point| point.0 < *at || (point.0 == *at && is_old(point));
            let (old, mut new): (Vec<Point>, Vec<Point>) = rest.into_iter().partition(before);
            // Of which of the two meters a reading at that very instant is, nobody said.
            new.retain(|point| point.0 > *at || (told.is_some() && old.is_empty()));
            if old.is_empty() || !points.iter().any(|point| point.0 >= *at && !before(point)) {
                rest = [old, new].concat();
                continue;
            }
            new.retain(|point| point.0 > *at);
            let figure = |kwh: &Exact| (*at, kwh.clone());
            let last = told.as_ref().map(|(old, _)| figure(old));
            steps.extend(Tracks::steps(self, &old, last.as_ref(), &mut rates));
            rest = told.iter().map(|(_, first)| figure(first)).chain(new).collect();
        }
        steps.extend(Tracks::steps(self, &rest, None, &mut rates));
        for step in &mut steps {
            step.skips = points.iter().any(|(at, _)| step.from < *at && *at < step.to);
        }
        steps
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

    /// The decision about this very step.
    fn decision(&self, base: &Point, point: &Point) -> Option<bool> {
        let of = |decided: &&Decided| {
            decided.at == point.0 && decided.figures == (base.1.clone(), point.1.clone())
        };
        self.decided.iter().rfind(of).map(|decided| decided.accept)
    }

    /// Whether it fell by less than it resolves.
    fn is_noise(&self, from: &Exact, to: &Exact) -> bool {
        let fall = from - to;
        !self.net
            && fall.is_positive()
            && fall <= ratio(2, 1) * &self.step
            && fall <= from.abs() * ratio(1, 1000)
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
