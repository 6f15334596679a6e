//! How fast a register may go.

use chrono::{DateTime, TimeDelta, Utc};
use num_traits::{Signed as _, Zero as _, pow};

use super::track::Track;
use super::{Limits, Point};
use crate::exact::{Exact, float, hours, ratio};
use crate::model::flow::GAP;

/// Samples of power since a change, from which on they may contradict it.
const TELLING: usize = 20;

/// How fast a register may go.
pub(super) struct Pace<'a> {
    limits: &'a Limits,
    /// The last digit that its figures are written with.
    digit: Exact,
    /// The third-highest sample of power by each instant, kW.
    thirds: Vec<Point>,
}

impl<'a> Pace<'a> {
    pub(super) fn of(limits: &'a Limits, points: &[Point]) -> Self {
        let decimals = |point: &Point| {
            let written = float(&point.1).to_string();
            written.split_once('.').map_or(0, |(_, decimals)| decimals.len())
        };
        let digits = points.iter().map(decimals).max().unwrap_or_default();
        let mut highest = Vec::new();
        let mut thirds = Vec::new();
        for (at, kw) in &limits.power {
            note(&mut highest, at_least(kw));
            thirds.extend(highest.get(2).map(|kw| (*at, kw.clone())));
        }
        Self { limits, digit: pow(ratio(1, 10), digits), thirds }
    }

    /// The power that the limit rests on, kW; none while nothing is known.
    pub(super) fn power(&self, at: DateTime<Utc>, rates: &[Exact]) -> Option<Exact> {
        if self.limits.rated.is_some() {
            return self.limits.rated.clone();
        }
        let by = self.thirds.partition_point(|(since, _)| *since <= at);
        let third = by.checked_sub(1).map(|place| &self.thirds[place].1 * ratio(3, 1));
        let samples = &self.limits.power;
        let now = samples.iter().find(|(of, _)| *of == at).map(|(_, kw)| at_least(kw));
        // Without any power the smallest of connections may be used in full.
        let least = if third.is_none() && now.is_none() { ratio(10, 1) } else { Exact::zero() };
        let own = rates.get(2).map(|rate| (rate * ratio(10, 1)).max(least));
        [third, own, now].into_iter().flatten().max()
    }

    /// The most that can flow in a time, kWh.
    pub(super) fn limit(&self, power: &Exact, time: TimeDelta, stood: bool) -> Exact {
        ratio(5, 4) * power * hours(time) + self.two_steps(stood)
    }

    /// Whether it may go from one figure to another, either way.
    pub(super) fn may_go(&self, power: &Exact, from: &Point, to: &Point, stood: bool) -> bool {
        (&to.1 - &from.1).abs() <= self.limit(power, to.0 - from.0, stood)
    }

    /// A step that was learned is trusted less, above all where the register has not stood still since.
    pub(super) fn two_steps(&self, stood: bool) -> Exact {
        let (step, limits) = (&self.limits.step, self.limits);
        let most = if stood { &self.digit * ratio(20, 1) } else { self.digit.clone() };
        let step = match limits.learned {
            true if step.is_zero() => &self.digit,
            true => step.min(&most),
            false => step,
        };
        step * ratio(2, 1)
    }

    /// Whether the power since the register last changed says that it cannot have risen so.
    pub(super) fn contradicts(&self, track: &Track, point: &Point) -> bool {
        let rise = &point.1 - &track.base.1 - self.two_steps(track.stood());
        let most = rise / hours(point.0 - track.change.0) / ratio(100, 1);
        if most <= ratio(1, 10) {
            return false;
        }
        let by = self.limits.power.iter().filter(|(at, _)| *at <= point.0);
        let since = by.clone().filter(|(at, _)| *at > track.change.0).count();
        let mut of_the_day = by.filter(|(at, _)| *at > point.0 - TimeDelta::days(1));
        since >= TELLING && of_the_day.all(|(_, kw)| kw.abs() < most)
    }

    /// Energy by power over a time, kWh; none where it was not sampled all through.
    pub(super) fn energy(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Exact> {
        let within = |point: &&Point| (from..=to).contains(&point.0);
        let samples: Vec<&Point> = self.limits.power.iter().filter(within).collect();
        let is_whole = samples.first()?.0 == from && samples.last()?.0 == to;
        let is_close = samples.windows(2).all(|pair| pair[1].0 - pair[0].0 <= GAP);
        let between = |pair: &[&Point]| {
            (&pair[0].1 + &pair[1].1) / ratio(2, 1) * hours(pair[1].0 - pair[0].0)
        };
        (is_whole && is_close).then(|| samples.windows(2).map(between).sum())
    }
}

/// How fast it rose, kW: over a minute at least.
pub(super) fn rate(from: &Point, to: &Point) -> Exact {
    (&to.1 - &from.1).abs() / hours((to.0 - from.0).max(TimeDelta::minutes(1)))
}

/// Keeps the three highest, the highest first.
pub(super) fn note(highest: &mut Vec<Exact>, figure: Exact) {
    highest.push(figure);
    highest.sort_by(|a, b| b.cmp(a));
    highest.truncate(3);
}

/// A load that is hardly there says nothing of one that comes.
fn at_least(kw: &Exact) -> Exact {
    kw.abs().max(ratio(1, 10))
}
