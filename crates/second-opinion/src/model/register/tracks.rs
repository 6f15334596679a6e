//! The tracks that the readings of a register lie on.

use chrono::{DateTime, TimeDelta, Utc};
use num_traits::{Signed as _, Zero as _};

use super::pace::{Pace, note, rate};
use super::track::Track;
use super::{Kind, Limits, Point, Step};
use crate::exact::{Exact, ratio};

const QUARTER: TimeDelta = TimeDelta::minutes(15);
const DAY: TimeDelta = TimeDelta::hours(24);
/// A meter that is read more seldom than this is believed sooner.
const SELDOM: TimeDelta = TimeDelta::hours(8);
/// Tracks that were left, or dropped, and are still known.
const KNOWN: usize = 4;

/// The tracks of one meter up to its exchange.
pub(super) struct Tracks<'a> {
    limits: &'a Limits,
    pace: Pace<'a>,
    /// All readings, and where it was exchanged.
    all: Vec<Point>,
    cadence: TimeDelta,
    /// The highest rates of the meters before it.
    known: &'a [Exact],
    /// Tracks that were believed, the newest last.
    believed: Vec<Track>,
    rival: Option<Track>,
    dropped: Vec<Track>,
}

impl<'a> Tracks<'a> {
    /// The steps between readings in order of time, and to where the meter was exchanged.
    pub(super) fn steps(
        limits: &'a Limits,
        points: &[Point],
        last: Option<&Point>,
        known: &mut Vec<Exact>,
    ) -> Vec<Step> {
        let Some(first) = points.first() else { return Vec::new() };
        let mut between: Vec<_> = points.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
        between.sort_unstable();
        let all: Vec<Point> = points.iter().chain(last).cloned().collect();
        let mut tracks = Tracks {
            limits,
            pace: Pace::of(limits, &all),
            all,
            cadence: between.get(between.len() / 2).copied().unwrap_or_default(),
            known,
            believed: vec![Track::begin(first, first)],
            rival: None,
            dropped: Vec::new(),
        };
        (1..points.len()).for_each(|place| tracks.read(place));
        let steps = tracks.believed_steps(last);
        *known = tracks.rates(tracks.believed.len());
        steps
    }

    fn top(&self) -> &Track {
        &self.believed[self.believed.len() - 1]
    }

    fn top_mut(&mut self) -> &mut Track {
        let last = self.believed.len() - 1;
        &mut self.believed[last]
    }

    /// The highest rates of the first tracks that were believed.
    fn rates(&self, tracks: usize) -> Vec<Exact> {
        let mut rates = self.known.to_vec();
        for rate in self.believed[..tracks].iter().flat_map(|track| &track.rates) {
            note(&mut rates, rate.clone());
        }
        rates
    }

    /// The power that limits rest on; none where nothing is known and anything may be.
    fn power(&self, at: DateTime<Utc>, is_strict: bool) -> Option<Exact> {
        let known = self.pace.power(at, &self.rates(self.believed.len()));
        known.or_else(|| is_strict.then(Exact::zero))
    }

    fn fits(&self, track: &Track, point: &Point, is_strict: bool) -> bool {
        let Limits { net, modulus, .. } = self.limits;
        if point.1 < track.base.1 && !net {
            return self.limits.is_noise(&track.base.1, &point.1);
        }
        let passes = |modulus: &Exact| track.base.1 < *modulus && point.1 >= *modulus;
        let power = self.power(point.0, is_strict);
        let within = |from: &Point| {
            power.as_ref().is_none_or(|power| self.pace.may_go(power, from, point, track.stood()))
        };
        (within(&track.change) || (within(&track.before) && !net))
            && !modulus.as_ref().is_some_and(passes)
            && !self.pace.contradicts(track, point)
    }

    fn read(&mut self, place: usize) {
        let point = self.all[place].clone();
        let on_top = self.fits(self.top(), &point, self.top().is_strict);
        let rival = self.rival.take();
        let on_rival = rival.as_ref().is_some_and(|rival| self.fits(rival, &point, true));
        match rival {
            // One that stands still beyond the limit does not come within it by waiting.
            Some(mut rival)
                if on_rival
                    && !(on_top
                        && (point.1 > rival.base.1 || rival.base.1 < self.top().base.1)
                        && self.prefers_top(&rival, &point)) =>
            {
                rival.join(self.limits, &point);
                self.rival = Some(rival);
            }
            rival if on_top => {
                self.dropped.extend(rival);
                for dropped in &mut self.dropped {
                    dropped.seen.get_or_insert(dropped.base.0);
                    dropped.is_beside = true;
                }
                self.go_on(place);
            }
            rival => self.leave(rival, &point),
        }
        self.judge(&point);
    }

    /// Of two tracks that a reading fits, whether it is taken for one of the believed track.
    fn prefers_top(&self, rival: &Track, point: &Point) -> bool {
        let off = |track: &Track| {
            let energy = self.pace.energy(track.base.0, point.0)?;
            Some((&point.1 - &track.base.1 - energy).abs())
        };
        match (off(self.top()), off(rival)) {
            (Some(top), Some(rival)) if top != rival => top < rival,
            _ => rival.rises + usize::from(point.1 > rival.base.1) < 2,
        }
    }

    /// A reading that fits the believed track: it goes on, unless the next reading takes that back.
    fn go_on(&mut self, place: usize) {
        let (top, point, limits) = (self.top(), &self.all[place], self.limits);
        let power = self.power(point.0, top.is_strict);
        let waits = match &power {
            None => (&point.1 - &top.base.1).abs() > self.pace.two_steps(top.stood()),
            Some(power) => !self.pace.may_go(power, &top.base, point, top.stood()),
        };
        if point.1 > top.base.1 && !limits.net {
            let is_taken_back = |next: &Point| {
                let power = power.clone().unwrap_or_default();
                let zero = (point.0, Exact::zero());
                let is_reset = !waits && self.pace.may_go(&power, &zero, next, top.stood());
                let is_lower = next.1 < point.1 && !limits.is_noise(&point.1, &next.1);
                is_lower && !is_reset && self.fits(top, next, false)
            };
            let next = self.all.get(place + 1);
            if next.map_or(waits && power.is_some(), is_taken_back) {
                return;
            }
        }
        let is_rejected = limits.decision(&top.base, point) == Some(false);
        let is_odd = if waits && power.is_none() { self.is_odd(place) } else { Some(false) };
        let point = point.clone();
        match is_odd {
            Some(is_odd) if is_odd || is_rejected => {
                let track = Track::begin(&top.change, &point);
                self.believe(track);
            }
            Some(_) => self.top_mut().join(limits, &point),
            None => {}
        }
    }

    /// Whether a rise is out of all proportion to those beside it, while nothing else is known; none where
    /// the one after it has not come, and it is too fast to count until then.
    fn is_odd(&self, place: usize) -> Option<bool> {
        let (top, point) = (self.top(), &self.all[place]);
        let net = self.limits.net;
        let moved = |next: &&Point| next.1 > point.1 || (net && next.1 < point.1);
        let pace = rate(&top.change, point);
        let Some(next) = self.all[place..].iter().find(moved) else {
            return (pace < ratio(100_000, 1)).then_some(false);
        };
        let usual = rate(point, next).max(top.last_rate.clone()).max(ratio(1, 10));
        Some(pace > usual * ratio(100, 1))
    }

    /// A reading that fits neither the believed track nor its rival.
    fn leave(&mut self, rival: Option<Track>, point: &Point) {
        let top = self.top();
        if top.is_stretch() && point.0 - top.first().0 <= DAY && self.lands(top, point) {
            let landed = landed(top, point);
            *self.top_mut() = landed;
            return;
        }
        if let Some(rival) = rival {
            if self.lands(&rival, point) {
                self.rival = Some(landed(&rival, point));
                return;
            }
            // One that begins at zero and is at zero again has earned it.
            let is_reset = self.entry(self.believed.len() - 1, &rival).kind == Kind::Reset;
            if is_reset && rival.rises >= 2 && !point.1.is_negative() && point.1 <= rival.first().1
            {
                self.believe(rival);
            } else {
                self.dropped.push(rival);
            }
        }
        self.resume(point);
    }

    /// Whether a track goes on the way it came, by a step that does not fit: up at the same pace, or down by
    /// what can have flowed.
    fn lands(&self, track: &Track, point: &Point) -> bool {
        let (from, first) = (&track.landings[0], &track.landings[1]);
        let is_down = first.1 < from.1;
        if point.1 == track.base.1 || (point.1 < track.base.1) != is_down {
            return false;
        }
        if is_down {
            let flows = |from: &Point, to: &Point| {
                let power = self.power(to.0, false);
                power.is_none_or(|power| self.pace.may_go(&power, from, to, track.stood()))
            };
            return track.rises == 0 && flows(from, first) && flows(&track.change, point);
        }
        let (usual, now) = (rate(from, first), rate(&track.base, point));
        now <= &usual * ratio(3, 1) && usual <= now * ratio(3, 1)
    }

    /// A new rival, or one that was dropped and goes on.
    fn resume(&mut self, point: &Point) {
        self.dropped.retain(|dropped| point.0 - dropped.base.0 <= DAY);
        let excess = self.dropped.len().saturating_sub(KNOWN);
        self.dropped.drain(..excess);
        let recent = TimeDelta::hours(1).max(self.cadence * 3);
        let goes_on = |dropped: &Track| {
            let is_recent = !dropped.is_beside || point.0 - dropped.base.0 <= recent;
            is_recent && self.fits(dropped, point, true)
        };
        let found = self.dropped.iter().rposition(goes_on);
        let mut track = Track::begin(&self.top().base, point);
        if let Some(place) = found {
            let dropped = self.dropped.remove(place);
            if dropped.is_beside {
                // Just below the believed one it is a late copy of that.
                let top = &self.top().base.1;
                let is_copy = point.1 <= *top && point.1 >= top * ratio(9, 10);
                let is_higher = point.1 > dropped.base.1 && !is_copy;
                track.returns = dropped.returns + usize::from(is_higher);
                track.seen = dropped.seen;
            } else {
                track = dropped;
                track.join(self.limits, point);
            }
        }
        self.rival = Some(track);
    }

    /// Whether the rival is a second register, one of the tracks that were left, or has earned belief.
    fn judge(&mut self, point: &Point) {
        let Some(rival) = self.rival.take() else { return };
        let (limits, count) = (self.limits, rival.points.len());
        let seen = rival.seen.filter(|seen| rival.returns >= 3 && point.0 - *seen >= QUARTER);
        if let Some(seen) = seen {
            self.top_mut().shared.get_or_insert(seen);
            self.rival = Some(rival);
            return;
        }
        if let Some(place) = self.returns_to(rival.first()).filter(|_| count >= 2) {
            self.believed.truncate(place + 1);
            for point in &rival.points {
                self.top_mut().join(limits, point);
            }
            return;
        }
        let top = &self.top().base;
        let (landed, is_up) = (rival.landings[1].0, rival.landings[1].1 > rival.landings[0].1);
        let long = if is_up { QUARTER } else { TimeDelta::hours(1) };
        let is_stretch = rival.is_stretch() && point.0 - top.0 >= long;
        if is_stretch && is_up && limits.rated.is_none() {
            let load = self.all.iter().filter(|(at, _)| (landed..=point.0).contains(at));
            let load: Vec<Point> = load.cloned().collect();
            for point in &load {
                self.top_mut().join(limits, point);
            }
            return;
        }
        let is_decided = limits.decision(top, rival.first()).is_some();
        let is_seldom = self.cadence > SELDOM && (rival.rises >= 1 || rival.landings.len() > 2);
        let is_long = point.0 - rival.first().0 >= QUARTER && rival.rises >= 2 && count >= 3;
        if is_stretch || is_long || (count >= 2 && (is_decided || is_seldom)) {
            self.believe(rival);
        } else {
            self.rival = Some(rival);
        }
    }

    /// A step up that a person says is true is a load: what is as fast is possible from now on.
    fn believe(&mut self, mut track: Track) {
        let (from, first) = (&self.top().base, track.first());
        if first.1 > from.1 && self.limits.decision(from, first) == Some(true) {
            let load = rate(from, first);
            (0..3).for_each(|_| note(&mut track.rates, load.clone()));
        }
        self.believed.push(track);
    }

    /// The place of a track that was left and that a reading fits.
    fn returns_to(&self, point: &Point) -> Option<usize> {
        let newest = self.believed.len() - 1;
        let long = DAY.max(self.cadence * 3);
        // A track that the register fell from is no other any more once it has risen past it.
        let is_passed = |place: usize| {
            let (left, next) = (&self.believed[place].base.1, self.believed[place + 1].first());
            next.1 < *left && self.top().base.1 >= *left
        };
        let is_known =
            |place: &usize| point.0 - self.believed[*place].base.0 <= long && !is_passed(*place);
        // What a person said is true is not taken back.
        let is_open = |place: &usize| {
            let (left, next) = (&self.believed[*place].base, self.believed[*place + 1].first());
            self.limits.decision(left, next) != Some(true)
        };
        let left = (newest.saturating_sub(KNOWN)..newest).rev().take_while(is_open);
        left.filter(is_known).find(|place| self.fits(&self.believed[*place], point, true))
    }

    /// The step from the believed track at a place to the one that follows it.
    fn entry(&self, place: usize, track: &Track) -> Step {
        let (below, limits) = (&self.believed[place], self.limits);
        let (from, to) = (&below.base, track.first());
        let decided = limits.decision(from, to);
        let entered = |kind, kwh| Step { kwh, kind, ..Step::waiting(from, to) };
        let fall = &from.1 - &to.1;
        if fall.is_positive() && decided != Some(false) && !track.is_stretch() {
            let known = self.pace.power(to.0, &self.rates(place + 1));
            let power = known.clone().unwrap_or_default();
            let most = self.pace.limit(&power, to.0 - below.change.0, below.stood());
            if let Some(modulus) = &limits.modulus {
                let kwh = modulus - &fall;
                let is_small = limits.rated.is_some() || kwh <= modulus * ratio(1, 10);
                if !kwh.is_negative() && is_small && (known.is_none() || kwh <= most) {
                    return entered(Kind::Wrapped, kwh);
                }
            }
            let is_step_back = fall < &from.1 * ratio(1, 10);
            if !is_step_back && !to.1.is_negative() && to.1 <= most {
                return entered(Kind::Reset, to.1.clone());
            }
        }
        let counts = if limits.net || !fall.is_positive() { -fall } else { to.1.clone() };
        match decided {
            Some(true) if limits.net => entered(Kind::Moved, counts),
            Some(true) => entered(Kind::Moved, counts.max(Exact::zero())),
            _ => Step::waiting(from, to),
        }
    }

    /// The steps along the tracks that are believed at last.
    fn believed_steps(&self, exchanged: Option<&Point>) -> Vec<Step> {
        let mut steps = Vec::new();
        for (place, track) in self.believed.iter().enumerate() {
            steps.extend(place.checked_sub(1).map(|below| self.entry(below, track)));
            steps.extend(track.steps.iter().cloned());
        }
        // Of two registers that take turns nothing counts from when that began.
        if let Some(seen) = self.believed.iter().find_map(|track| track.shared) {
            steps.retain(|step| step.to <= seen);
            let is_last = |point: &&Point| steps.last().is_some_and(|step| step.to == point.0);
            let from = self.all.iter().find(is_last).unwrap_or(&self.all[0]);
            steps.push(Step::waiting(from, &self.all[self.all.len() - 1]));
            return steps;
        }
        let base = &self.top().base;
        if let Some(at) = exchanged.filter(|at| base.0 < at.0) {
            let mut step = Step { figures: None, ..Step::waiting(base, at) };
            if self.fits(self.top(), at, false) && (self.limits.net || at.1 >= base.1) {
                (step.kind, step.kwh) = (Kind::Exchanged, &at.1 - &base.1);
            }
            steps.push(step);
        }
        steps
    }
}

/// A track that begins anew where it landed.
fn landed(track: &Track, point: &Point) -> Track {
    let landings = track.landings.iter().chain([point]).cloned().collect();
    Track { landings, ..Track::begin(&track.landings[0], point) }
}
