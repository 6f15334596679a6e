//! Samples of power: which of them are believed.

use chrono::TimeDelta;

use super::counter::{are_alike, note_among_three};
use super::register::HEADROOM;
use super::{Carry, Decision, Point, Rules};
use crate::Field;

/// How far above it samples that are alike are an overload, and no error.
const OVERLOAD: f64 = 10.0;
/// How far above its third-highest sample a meter without a rated power may run.
const POWERS: f64 = 10.0;
/// How far above it samples are an error however many they are.
const ABSURD: f64 = 1_000.0;
/// The least that these are multiples of, kW.
const LEAST_KW: f64 = 1.0;
/// Samples that are alike are a load that was not seen before: in succession, or within a day.
const AGREEING: usize = 3;
const RECENT: TimeDelta = TimeDelta::days(1);

impl Carry {
    /// Whether a sample is believed. With it those are that waited for it to agree with them; those that it shows
    /// to be outliers are handed over.
    pub(super) fn judge_power(
        &mut self,
        rules: &Rules,
        (at, kw): Point,
        mut leave_out: impl FnMut(Point),
    ) -> bool {
        let decision = rules.decisions.about_reading(at, Field::ActivePowerKw, kw);
        if decision == Some(Decision::Reject) {
            leave_out((at, kw));
            return false;
        }
        let shown = || self.powers.get(2).map(|kw| POWERS * kw.max(LEAST_KW));
        let largest = rules.rated.map(|rated| HEADROOM * rated.0).or_else(shown);
        let is_usual =
            decision == Some(Decision::Accept) || largest.is_none_or(|largest| kw.abs() <= largest);
        if is_usual || self.suspects.iter().any(|suspect| !are_alike(suspect.1, kw)) {
            self.refused.extend(&self.suspects);
            self.suspects.drain(..).for_each(&mut leave_out);
            let more = self.refused.len().saturating_sub(AGREEING);
            self.refused.drain(..more);
        }
        self.refused.retain(|refused| at - refused.0 <= RECENT);
        if is_usual {
            return true;
        }
        let most = match (rules.rated, self.powers.get(2)) {
            (Some(rated), _) => OVERLOAD * rated.0,
            (None, Some(kw)) => ABSURD * kw.max(LEAST_KW),
            (None, None) => f64::INFINITY,
        };
        if kw.abs() > most {
            leave_out((at, kw));
            return false;
        }
        let before = self.refused.iter().filter(|refused| are_alike(refused.1, kw)).count();
        if before + self.suspects.len() + 1 >= AGREEING {
            // A load that comes again and again, if only for a sample each time.
            let refused = std::mem::take(&mut self.refused);
            for (_, kw) in refused {
                note_among_three(&mut self.powers, kw.abs());
            }
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
