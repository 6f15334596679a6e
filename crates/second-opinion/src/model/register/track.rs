//! Readings that fit each other.

use chrono::{DateTime, Utc};
use num_traits::{Signed as _, Zero as _};

use super::pace::{note, rate};
use super::{Kind, Limits, Point, Step};
use crate::exact::Exact;

/// Readings that fit each other, and the steps between them.
#[derive(Debug)]
pub(super) struct Track {
    pub(super) points: Vec<Point>,
    /// The last of them, with the highest figure where that is noise.
    pub(super) base: Point,
    /// The last two changes; the first reading before there were any.
    pub(super) change: Point,
    pub(super) before: Point,
    pub(super) rises: usize,
    /// The three highest rates, and the last one, kW.
    pub(super) rates: Vec<Exact>,
    pub(super) last_rate: Exact,
    pub(super) steps: Vec<Step>,
    /// The figure that it left from, and those where it landed: several, where it went on the same way by steps
    /// that do not fit each other. It begins at the last of them.
    pub(super) landings: Vec<Point>,
    /// Whether no more than what is known is believed, as after a fall.
    pub(super) is_strict: bool,
    /// Since when it comes and goes beside the believed track, how often it came again higher, and whether
    /// the believed track was read since.
    pub(super) seen: Option<DateTime<Utc>>,
    pub(super) returns: usize,
    pub(super) is_beside: bool,
    /// Since when another register is read under its number.
    pub(super) shared: Option<DateTime<Utc>>,
}

impl Track {
    pub(super) fn begin(from: &Point, point: &Point) -> Self {
        let first = || point.clone();
        Self {
            points: vec![first()],
            base: first(),
            change: first(),
            before: first(),
            rises: 0,
            rates: Vec::new(),
            last_rate: Exact::zero(),
            steps: Vec::new(),
            landings: vec![from.clone(), first()],
            is_strict: point.1 < from.1,
            seen: None,
            returns: 0,
            is_beside: false,
            shared: None,
        }
    }

    pub(super) fn first(&self) -> &Point {
        &self.points[0]
    }

    /// Whether it is known by how often it landed.
    pub(super) fn is_stretch(&self) -> bool {
        self.landings.len() > 3
    }

    /// Whether the register was seen standing still since it last changed.
    pub(super) fn stood(&self) -> bool {
        self.change.0 < self.base.0
    }

    pub(super) fn join(&mut self, limits: &Limits, point: &Point) {
        let moved = &point.1 - &self.base.1;
        let is_noise = moved.is_negative() && !limits.net;
        let mut step = Step::waiting(&self.base, point);
        step.kind = if is_noise { Kind::Noise } else { Kind::Moved };
        // Of noise the base stays at the higher value, so that nothing counts twice.
        self.base.0 = point.0;
        if !is_noise {
            step.lines = limits.lines(step.from, step.to);
            step.kwh = moved.clone();
            self.base = point.clone();
        }
        if !step.kwh.is_zero() {
            self.last_rate = rate(&self.change, point);
            note(&mut self.rates, self.last_rate.clone());
            self.rises += 1;
            self.before = std::mem::replace(&mut self.change, point.clone());
        }
        self.points.push(point.clone());
        self.steps.push(step);
    }
}

impl Step {
    /// One that waits for a person's decision.
    pub(super) fn waiting(from: &Point, to: &Point) -> Self {
        Self {
            from: from.0,
            to: to.0,
            kwh: Exact::zero(),
            kind: Kind::Quarantined,
            lines: Vec::new(),
            skips: false,
            figures: Some((from.1.clone(), to.1.clone())),
        }
    }
}
