//! Samples of power: which of them are believed.

use super::{Carry, Point, Rules};

/// How far above its rated power a meter may run.
const HEADROOM: f64 = 1.25;
/// How far above it samples that are alike are an overload, and no error.
const OVERLOAD: f64 = 10.0;
/// How far above its third-highest sample a meter without a rated power may run.
const POWERS: f64 = 10.0;
/// The least that this is a multiple of, kW.
const LEAST_KW: f64 = 1.0;
/// Samples in succession that are alike are a load that was not seen before.
const AGREEING: usize = 3;
const ALIKE: f64 = 3.0;

impl Carry {
    /// Whether a sample is believed. With it those are that waited for it to agree with them; those that it shows
    /// to be outliers are handed over.
    pub(super) fn judge_power(
        &mut self,
        rules: &Rules,
        (at, kw): Point,
        mut leave_out: impl FnMut(Point),
    ) -> bool {
        let shown = || self.powers.get(2).map(|kw| POWERS * kw.max(LEAST_KW));
        let largest = rules.rated.map(|rated| HEADROOM * rated.0).or_else(shown);
        let is_usual = largest.is_none_or(|largest| kw.abs() <= largest);
        if is_usual || self.suspects.iter().any(|suspect| !are_alike(suspect.1, kw)) {
            self.suspects.drain(..).for_each(&mut leave_out);
        }
        if is_usual {
            return true;
        }
        if rules.rated.is_some_and(|rated| kw.abs() > OVERLOAD * rated.0) {
            leave_out((at, kw));
            return false;
        }
        if self.suspects.len() + 1 >= AGREEING {
            return true;
        }
        self.suspects.push((at, kw));
        false
    }

    /// Samples that are believed because of the one after them.
    pub(super) fn agreed(&mut self) -> Vec<Point> {
        std::mem::take(&mut self.suspects)
    }
}

fn are_alike(one: f64, other: f64) -> bool {
    one * other > 0.0 && one.abs().max(other.abs()) <= ALIKE * one.abs().min(other.abs())
}
