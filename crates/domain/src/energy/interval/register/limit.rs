//! How far a register may rise.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::carry::ENOUGH;
use super::super::track::{Base, Point, Track, rate};
use super::Limits;

/// How far above its power a meter may run.
pub(crate) const HEADROOM: f64 = 1.25;
/// How far above its third-highest rate a register may rise.
const RATES: f64 = 10.0;
/// Readings that follow each other by less than this part of the usual time come at once.
const AT_ONCE: i32 = 10;
/// How far above its third-highest sample of power a meter may run.
const POWERS: f64 = 3.0;
/// The least power that says anything, kW: standby.
const LEAST_KW: f64 = 0.1;
/// The power that the smallest of connections carries, kW.
const CONNECTION_KW: f64 = 10.0;
/// How far above all power that was sampled a rise is contradicted by it.
const CONTRADICTED: f64 = 100.0;
/// How many times coarser a register may count than its figures are written.
const COARSER: f64 = 20.0;
/// Falls up to this share of a register may be noise.
const NOISE_SHARE: f64 = 1e-3;

/// A register that falls by less than this share stands where it was a while ago, and one that runs both ways
/// may do so at once.
const STEP_BACK_SHARE: f64 = 0.1;

/// The quantity that a register counts, for how far it may rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counts {
    /// kWh, which power tells of.
    Energy,
    /// Hours that pass.
    Hours,
    /// Anything else: its own history tells.
    Other,
}

/// How a reading fits a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It is on it.
    On,
    /// It is, unless a later reading is below it.
    Perhaps,
    /// It is not.
    Off,
}

impl Limits<'_> {
    /// The power that the register may rise by, in its units an hour; none while nothing is known of it.
    pub(super) fn most(&self, base: &Base) -> Option<f64> {
        match self.counts {
            Counts::Hours => return Some(1.0 / HEADROOM),
            Counts::Energy if self.rated.is_some() => return self.rated.map(|rated| rated.0),
            _ => {}
        }
        // Unless power tells otherwise, any house may draw what its connection carries.
        let is_blind = self.counts == Counts::Energy && self.power.or(self.third_power).is_none();
        let least = if is_blind { CONNECTION_KW } else { 0.0 };
        let by_rates = base.rates.get(2).map(|rate| (RATES * rate).max(least));
        let by_power = self.power.map(|kw| kw.max(LEAST_KW));
        let by_powers = self.third_power.map(|kw| (POWERS * kw).max(LEAST_KW));
        [by_rates, by_power, by_powers].into_iter().flatten().reduce(f64::max)
    }

    /// The largest rise to a figure, for people and for what a register counts after a fall. While nothing is
    /// known of it, none is believed after a fall.
    pub(super) fn largest(&self, base: &Base, (at, value): Point) -> f64 {
        let most = self.most(base).unwrap_or(0.0);
        let step = self.step_to(&base.track, value);
        let rise = limit(most, at - base.track.changed_at(), step);
        rise.min(self.below_modulus(&base.track, value))
    }

    pub(super) fn fit(&self, base: &Base, track: &Track, (at, value): Point) -> Fit {
        let rise = value - track.value;
        if rise < 0.0 && self.is_noise(track, -rise) || rise.abs() <= 0.0 {
            return Fit::On;
        }
        if self.is_trusted && rise > 0.0 {
            return Fit::On;
        }
        if !self.net && (rise < 0.0 || rise > self.below_modulus(track, value)) {
            return Fit::Off;
        }
        let (rise, most) = (rise.abs(), self.most(base));
        // Nearly all readings: how finely the register counts need not be known.
        let is_plain = |most| base.samples < ENOUGH && rise <= limit(most, at - track.at, 0.0);
        if most.is_some_and(is_plain) {
            return Fit::On;
        }
        let elapsed = |since| self.elapsed(since, at);
        let step = self.step_to(track, value);
        let Some(most) = most else {
            let share = if self.net { STEP_BACK_SHARE * track.value.abs() } else { 0.0 };
            return if rise <= share.max(2.0 * step) { Fit::On } else { Fit::Perhaps };
        };
        if self.is_contradicted(base, rise - 2.0 * step, at - track.changed_at()) {
            return Fit::Off;
        }
        if rise <= limit(most, elapsed(track.at), step) {
            Fit::On
        } else if rise <= limit(most, elapsed(track.changed_at()), step) {
            if self.net { Fit::On } else { Fit::Perhaps }
        } else if track.before().is_some_and(|(since, before)| {
            (value - before).abs() <= limit(most, elapsed(since), step)
        }) {
            Fit::On
        } else {
            Fit::Off
        }
    }

    /// The time for which a register may have risen. Readings that come at once have waited somewhere, with the
    /// times at which they came: they were taken as far apart as usual.
    fn elapsed(&self, since: DateTime<Utc>, at: DateTime<Utc>) -> TimeDelta {
        let elapsed = at - since;
        if elapsed * AT_ONCE < self.cadence { self.cadence } else { elapsed }
    }

    /// Whether all the power that was sampled is far too little for a rise.
    fn is_contradicted(&self, base: &Base, rise: f64, elapsed: TimeDelta) -> bool {
        if self.counts != Counts::Energy || base.samples < ENOUGH {
            return false;
        }
        let highest = self.peak.unwrap_or(0.0).max(self.power.unwrap_or(0.0)).max(LEAST_KW);
        let hours = elapsed.as_seconds_f64() / 3600.0;
        rise > CONTRADICTED * highest * hours
    }

    /// How finely a register counts, as far as that leaves a rise uncertain. One that nobody stated is the
    /// smallest rise so far: of a register that has stood still between its readings, and else no more than
    /// its figures are written with, for a constant load has rises of one size, too.
    fn step_to(&self, track: &Track, value: f64) -> f64 {
        if self.step_is_stated {
            return self.step;
        }
        let written = written(track.value).min(written(value));
        let most = if track.stood() { COARSER * written } else { written };
        if self.step > 0.0 { self.step.min(most) } else { written }
    }

    /// The largest rise to a figure that a register which wraps can show: one that showed more already
    /// has another modulus than was stated, and that was told when it first did.
    pub(super) fn below_modulus(&self, track: &Track, value: f64) -> f64 {
        let passed = self.modulus.filter(|modulus| track.value < *modulus && value >= *modulus);
        passed.map_or(f64::INFINITY, |modulus| modulus - track.value)
    }

    pub(super) fn is_noise(&self, track: &Track, fall: f64) -> bool {
        !self.net && fall <= 2.0 * self.step && fall <= track.value.abs() * NOISE_SHARE
    }

    /// Whether a register that fell may have begun again at zero. One that fell by little may not: a device
    /// that restored what it had last saved stands there.
    pub(super) fn begins_anew(&self, base: &Base, (at, value): Point) -> bool {
        let is_step_back = base.track.value - value < STEP_BACK_SHARE * base.track.value;
        !is_step_back && (0.0..=self.largest(base, (at, value))).contains(&value)
    }

    /// The step of a register that passed its largest figure, where that is plausible.
    pub(super) fn wrapped(&self, base: &Base, (at, value): Point) -> Option<f64> {
        /// The largest share of its modulus that a register may move by when it wraps, without a rated power.
        const WRAPPED_SHARE: f64 = 0.1;
        let modulus = self.modulus.filter(|_| !self.net && value < base.track.value)?;
        let delta = value + modulus - base.track.value;
        let share = if self.rated.is_some() { f64::INFINITY } else { modulus * WRAPPED_SHARE };
        // One that has shown nothing yet is held to its modulus alone.
        let known = self.most(base).map(|_| self.largest(base, (at, value)));
        (0.0..=known.unwrap_or(share).min(share)).contains(&delta).then_some(delta)
    }

    /// Whether a rise is absurd beside those before and after it, as far as there are, of a register of which
    /// nothing is known.
    pub(super) fn is_absurd(base: &Base, to: Point, beside: [Option<f64>; 2]) -> bool {
        let beside = beside.into_iter().flatten().reduce(f64::max);
        let most = beside.map(|rate| CONTRADICTED * rate.max(LEAST_KW));
        let rise = rate(base.track.point(), to);
        !base.could_rise_to(to) && beside.is_none() || most.is_some_and(|most| rise > most)
    }
}

/// The largest rise that could have flowed in a time.
fn limit(most: f64, elapsed: TimeDelta, step: f64) -> f64 {
    HEADROOM * most * elapsed.as_seconds_f64() / 3600.0 + 2.0 * step
}

/// The last digit that a figure is written with: 0.01 of 52.31, 1 of 812.
fn written(value: f64) -> f64 {
    let is_whole = |scale: f64| {
        let scaled = value * scale;
        (scaled - scaled.round()).abs() <= 1e-9 * scaled.abs().max(1.0)
    };
    let scales = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5];
    scales.into_iter().find(|scale| is_whole(*scale)).map_or(1e-6, |scale| 1.0 / scale)
}

/// How long a track that was left is remembered, for a register that is read so often.
pub(super) fn remembered(until: DateTime<Utc>, cadence: TimeDelta) -> DateTime<Utc> {
    until + (cadence * 3).max(TimeDelta::days(1))
}
