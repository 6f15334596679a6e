//! One register: which of its readings are believed.
//!
//! A register is a counter on a track, and a reading is judged against the track that is believed and the one
//! that may replace it, its rival:
//!
//! ```text
//!              fits                     rises beyond what could flow, or falls
//!            ┌───────┐   ┌──────────────────────────────────────────────┐
//!            ▼       │   │                                              ▼
//!        ┌─────────────────┐  fits the believed one: the rival's   ┌─────────┐ fits
//!        │     believed    │◄─────────── readings are outliers ────│  rival  │──────┐
//!        └─────────────────┘                                       └─────────┘◄─────┘
//!            ▲       ▲                                               │     │
//!            │       └── three readings, two rises, 15 minutes: ─────┘     │ fits the track that
//!            │           reset, rollover, new load or a question           │ was left, twice:
//!            └──────────── what came between is taken back ────────────────┘ within a day
//! ```

mod estimate;
mod exchange;
mod limit;
mod rules;
mod step;
mod two_registers;

use chrono::{DateTime, TimeDelta, Utc};

use super::track::{Asked, Base, Left, Point, Rival, Track, are_alike, rate};
use super::{Decision, Decisions, Exchange, Flags, Quarantined, Question};
use crate::{Field, Kw};

use limit::Fit;
pub(crate) use limit::{Counts, HEADROOM};

/// What follows from a reading of a register.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Event {
    /// It moved by `delta` between two instants.
    Moved { from: DateTime<Utc>, to: DateTime<Utc>, delta: f64, flag: Flags, weight: Option<f64> },
    /// Nothing counts before a person has answered.
    Asked(Asked),
    /// A person has answered what nothing counts before, from an instant on.
    Answered { from: DateTime<Utc> },
    /// All readings since the believed one, but for this one, are outliers.
    Dropped,
    /// Readings between two instants are outliers, though they counted.
    TakenBack { after: DateTime<Utc>, before: DateTime<Utc> },
    /// The same of all that is not on the track that the register returned to.
    Returned { after: DateTime<Utc>, before: DateTime<Utc> },
    /// Of the rises of estimates between two actual readings so much counts.
    Rescaled { after: DateTime<Utc>, before: DateTime<Utc>, scale: f64 },
    /// A step was too large to be true.
    TooLarge(Quarantined),
    /// The register went with its meter, and where it and the new one stood nobody said.
    Replaced(DateTime<Utc>),
}

/// What a register may do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits<'a> {
    pub(crate) field: Field,
    pub(crate) counts: Counts,
    pub(crate) net: bool,
    /// Whether each rise is right: of a meter that is computed from others, or as a person stated it.
    pub(crate) is_trusted: bool,
    pub(crate) step: f64,
    pub(crate) step_is_stated: bool,
    pub(crate) modulus: Option<f64>,
    pub(crate) rated: Option<Kw>,
    /// The power of this reading, kW.
    pub(crate) power: Option<f64>,
    /// The third-highest power that was believed, kW.
    pub(crate) third_power: Option<f64>,
    /// The highest power of the past day, kW.
    pub(crate) peak: Option<f64>,
    /// How often the meter is read.
    pub(crate) cadence: TimeDelta,
    pub(crate) exchanges: &'a [Exchange],
    pub(crate) decisions: &'a Decisions,
}

/// How long a rival must stand before it is believed.
const PROBATION: TimeDelta = TimeDelta::minutes(15);
/// A meter that is read more seldom is believed by two readings.
const SELDOM: TimeDelta = TimeDelta::hours(8);
/// Rises in succession that make a load, or two registers under one number.
const AGREEING: u32 = 3;
/// A register that falls for so long counts down.
const FALLING: TimeDelta = TimeDelta::hours(1);
/// A rival that was dropped goes on within this time.
const RESUMES: TimeDelta = TimeDelta::hours(1);
/// How long a stretch beyond the rated power is one with what comes after it.
const STRETCH: TimeDelta = TimeDelta::days(1);

impl Limits<'_> {
    /// Takes the next reading; `weight` is what the base begins with when it moves there.
    pub(crate) fn read(
        &self,
        base: &mut Base,
        read: Point,
        weight: Option<f64>,
        events: &mut Vec<Event>,
    ) {
        let stood = base.track.point();
        self.judge(base, read, weight, events);
        if base.track.at != stood.0 {
            self.settle(base, stood, events);
        }
    }

    fn judge(&self, base: &mut Base, read: Point, weight: Option<f64>, events: &mut Vec<Event>) {
        let at = read.0;
        for exchange in self.exchanges.iter().filter(|exchange| exchange.at <= at) {
            let speaks = exchange.tells_of(self.field);
            if speaks && exchange.at > base.track.at {
                self.exchanged(base, exchange, events);
            } else if !speaks && (base.track.at..=at).contains(&exchange.at) {
                self.replaced(base, exchange.at, read, weight, events);
            }
        }
        // Where a meter is exchanged, the exchange says where both registers stood.
        if base.track.at >= at {
            return;
        }
        if base.begun_above(read) {
            let (from, flag) = (base.track.at, Flags::default());
            events.push(Event::Moved { from, to: at, delta: 0.0, flag, weight: None });
            (base.track, base.weight) = (Track::new(read), weight);
            return;
        }
        base.forget_left(at);
        // Spikes that have nothing to do with each other may fit, too, over hours.
        let recent = (self.cadence * 3).max(RESUMES);
        base.dropped.take_if(|known| at - known.track.at > recent);
        base.stretch.take_if(|stretch| at - stretch.last > STRETCH);
        if base.asked.is_some() {
            return self.asked(base, read, weight, events);
        }
        match base.rival.take().map(|rival| *rival) {
            None => self.alone(base, read, weight, events),
            Some(rival) if rival.waits => self.waited(base, rival, read, weight, events),
            Some(rival) => self.beside(base, rival, read, weight, events),
        }
    }

    /// Whether a reading is on the believed track beyond doubt.
    pub(crate) fn is_on_track(&self, base: &Base, read: Point) -> bool {
        base.rival.is_none() && self.fit(base, &base.track, read) == Fit::On
    }

    /// A reading with no rival beside.
    fn alone(&self, base: &mut Base, read: Point, weight: Option<f64>, events: &mut Vec<Event>) {
        let decided = self.decided(base, read);
        let fit = self.fit(base, &base.track, read);
        match (decided, fit) {
            (Some(Decision::Accept), Fit::Off) => self.accept(base, read, weight, events),
            (Some(Decision::Reject), _) => self.rival(base, read, None, events),
            (_, Fit::On) => self.move_to(base, read, weight, events),
            (_, Fit::Perhaps) => {
                let waits = Rival { waits: true, ..Rival::new(read) };
                base.rival = Some(Box::new(waits));
            }
            (_, Fit::Off) => self.off(base, read, weight, events),
        }
    }

    fn off(&self, base: &mut Base, read: Point, weight: Option<f64>, events: &mut Vec<Event>) {
        let falls = read.1 < base.track.value && !self.net;
        if falls && base.counts_down {
            (base.track, base.weight) = (Track::new(read), weight);
        } else if let Some(before) = base.track.without_last().filter(|_| falls)
            && read.1 >= before.value
            && self.fit(base, &before, read) != Fit::Off
            && read.1 > self.largest(base, read)
        {
            // The last rise is taken back by the next reading.
            events.push(Event::TakenBack { after: before.at, before: read.0 });
            (base.track, base.weight) = (before, None);
            self.move_to(base, read, weight, events);
        } else if !falls && goes_on_beyond(base, read) {
            self.lengthen(base, read, events);
        } else {
            self.rival(base, read, None, events);
        }
    }

    /// Believes a reading: the register moved there.
    fn move_to(&self, base: &mut Base, read: Point, weight: Option<f64>, events: &mut Vec<Event>) {
        let (from, before) = base.track.point();
        let is_noise = read.1 < before && !self.net;
        let delta = if is_noise { 0.0 } else { read.1 - before };
        let flag = if is_noise { Flags::NOISE } else { Flags::default() };
        events.push(Event::Moved { from, to: read.0, delta, flag, weight: base.weight });
        base.note_rate();
        if is_noise {
            base.track.stand(read);
        } else {
            base.track.go_on(read);
        }
        if delta.abs() > 0.0 {
            base.samples = 0;
            base.counts_down = false;
        }
        base.weight = weight;
    }

    /// Counts a step that a person accepted.
    fn accept(&self, base: &mut Base, read: Point, weight: Option<f64>, events: &mut Vec<Event>) {
        let step = self.stepped(base, read);
        self.ask(base, step.question(), read, step.delta, events);
        base.weight = weight;
    }

    /// A rise of the believed track that waits, and the next reading.
    fn waited(
        &self,
        base: &mut Base,
        mut waits: Rival,
        read: Point,
        weight: Option<f64>,
        events: &mut Vec<Event>,
    ) {
        let value = waits.track.value;
        let is_known = self.most(base).is_some();
        if self.is_refused(base, &waits, read) {
            // Only a return to where it stood refuses the rise; what falls below that is a reset after it.
            let falls_out = self.fit(base, &base.track, read) == Fit::Off;
            if falls_out && (is_known || base.could_rise_to(waits.first)) {
                waits.points.iter().for_each(|point| self.move_to(base, *point, None, events));
            } else {
                events.push(Event::Dropped);
            }
            return self.alone(base, read, weight, events);
        }
        let stands = !is_known && read.1 <= value;
        if stands && !self.has_stood(&waits, read) {
            waits.grow(read);
            base.rival = Some(Box::new(waits));
            return;
        }
        let after = rate(waits.track.point(), read);
        let beside = [base.track.rate(), (!stands).then_some(after)];
        if !is_known && Self::is_absurd(base, waits.first, beside) {
            base.leave(limit::remembered(waits.since, self.cadence), waits.first.1);
            let delta = waits.first.1 - base.track.value;
            self.ask(base, self.stepped(base, waits.first).question(), waits.first, delta, events);
        } else {
            self.move_to(base, waits.first, None, events);
        }
        for point in &waits.points[1..] {
            self.move_to(base, *point, None, events);
        }
        self.alone(base, read, weight, events);
    }

    /// Whether a reading is below a rise that waits; of a net register, nearer to where it stood before.
    fn is_refused(&self, base: &Base, waits: &Rival, read: Point) -> bool {
        let (before, value) = (base.track.value, waits.track.value);
        if self.net {
            return (read.1 - before).abs() < (read.1 - value).abs();
        }
        read.1 < value && !self.is_noise(&waits.track, value - read.1)
    }

    /// Whether a rise that waits was read long enough for what stands still.
    fn has_stood(&self, waits: &Rival, read: Point) -> bool {
        let is_seldom = self.cadence > SELDOM;
        is_seldom || (waits.readings >= 2 && read.0 - waits.first.0 >= PROBATION)
    }

    /// A reading with a rival beside.
    fn beside(
        &self,
        base: &mut Base,
        mut rival: Rival,
        read: Point,
        weight: Option<f64>,
        events: &mut Vec<Event>,
    ) {
        let is_on_rival = self.fit(base, &rival.track, read) != Fit::Off;
        // A register that stands still beyond the limit does not come within it by waiting.
        let stands = is_on_rival && read.1 <= rival.track.value && rival.back.is_none();
        let is_on_base = self.fit(base, &base.track, read) != Fit::Off
            && !(stands && read.1 > base.track.value)
            && !self.is_rejected(base, read);
        let goes_beyond = !is_on_rival && self.lands(base, &rival, read);
        let is_decided = self.decided_step(base, rival.first).is_some();
        let rises = rival.rises + u32::from(read.1 > rival.track.value);
        if is_on_base && !(is_on_rival && (rises >= 2 || is_decided)) {
            drop_rival(base, rival, events);
            self.alone(base, read, weight, events);
        } else if is_on_rival || goes_beyond {
            if goes_beyond {
                rival.land(read);
            } else {
                rival.grow(read);
            }
            self.weigh(base, rival, weight, events);
        } else if rival.back.is_none() && falls_to_zero(&rival, read) {
            // A device that begins anew often.
            self.believe_rival(base, &rival, None, events);
            self.alone(base, read, weight, events);
        } else {
            let falling = rival.falling.filter(|_| self.has_moved(base, &rival.track, read));
            let falling = falling.map(|(falls, since)| (falls + 1, since));
            drop_rival(base, rival, events);
            self.rival(base, read, falling, events);
        }
    }

    /// Whether a rise beyond the limit is like those that led to a rival.
    fn lands(&self, base: &Base, rival: &Rival, read: Point) -> bool {
        let (from, to) = (base.track.point(), rival.track.point());
        let is_upward = to.1 > from.1 && read.1 > to.1 && !self.net;
        // It may have stood still since it landed, as the register did before.
        is_upward && are_alike(rate(from, rival.first), rate(to, read))
    }

    /// Begins a rival, which may be one that was dropped, or on the track that was left.
    fn rival(
        &self,
        base: &mut Base,
        read: Point,
        falling: Option<(u32, DateTime<Utc>)>,
        events: &mut Vec<Event>,
    ) {
        let begins = || self.has_moved(base, &base.track, read).then_some((1, read.0));
        let fits = |left: &&Left| self.fit(base, &left.track, read) != Fit::Off;
        let left = base.left.iter().rfind(fits);
        let rival =
            left.map_or_else(|| Rival::new(read), |left| Rival::returning(&left.track, read));
        let mut rival = Rival { falling: falling.or_else(begins), ..rival };
        let dropped = base.dropped.as_ref();
        if let Some(known) = dropped.filter(|known| self.fit(base, &known.track, read) != Fit::Off)
        {
            let (rises, since) = known.seen();
            rival.again = Some((rises + u32::from(read.1 > known.track.value), since));
            base.dropped = None;
        }
        self.weigh(base, rival, None, events);
    }

    /// Whether a register fell by what could have flowed.
    fn has_moved(&self, base: &Base, track: &Track, read: Point) -> bool {
        let either_way = Self { net: true, ..*self };
        let falls = read.1 < track.value && read.1 < base.track.value && !self.net;
        falls && either_way.fit(base, track, read) != Fit::Off
    }

    /// Decides about a rival as it stands now.
    fn weigh(&self, base: &mut Base, rival: Rival, weight: Option<f64>, events: &mut Vec<Event>) {
        let last = rival.track.point();
        if rival.falling.is_some_and(|(n, since)| n >= AGREEING && last.0 - since >= FALLING) {
            let fall = last.1 - base.track.value;
            self.ask(base, Question::CountsDown, last, fall, events);
            base.counts_down = true;
        } else if self.has_earned_belief(base, &rival) {
            self.believe_rival(base, &rival, weight, events);
        } else if two_registers::are_two_registers(base, &rival) {
            self.ask_which(base, rival, events);
        } else {
            base.rival = Some(Box::new(rival));
        }
    }

    fn has_earned_belief(&self, base: &Base, rival: &Rival) -> bool {
        let stands = |since| rival.track.at - since >= PROBATION;
        if rival.back.is_some() || self.decided_step(base, rival.first).is_some() {
            return rival.readings >= 2;
        }
        let is_load = rival.beyond >= AGREEING && stands(rival.since);
        let is_seldom = self.cadence > SELDOM && (rival.rises >= 1 || rival.beyond >= 2);
        is_load || is_seldom || (rival.readings >= 3 && rival.rises >= 2 && stands(rival.first.0))
    }
}

/// Whether a rise is one more of a stretch beyond the rated power.
fn goes_on_beyond(base: &Base, read: Point) -> bool {
    base.stretch.is_some_and(|stretch| {
        let is_soon = read.0 - stretch.last <= STRETCH;
        is_soon && are_alike(stretch.rate, rate(base.track.point(), read))
    })
}

fn drop_rival(base: &mut Base, mut rival: Rival, events: &mut Vec<Event>) {
    events.push(Event::Dropped);
    (rival.again, rival.rises) = (Some(rival.seen()), 0);
    rival.points.clear();
    base.dropped = Some(Box::new(rival));
}

/// Whether a reading is as near to zero as a rival began, or nearer, and below where that has risen to, twice or for
/// long enough.
fn falls_to_zero(rival: &Rival, read: Point) -> bool {
    let has_stood = rival.rises == 1 && rival.track.at - rival.first.0 >= PROBATION;
    let has_risen = rival.rises >= 2 || has_stood;
    has_risen && (0.0..rival.track.value).contains(&read.1) && read.1 <= rival.first.1
}
