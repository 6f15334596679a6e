//! What one meter shows.

use std::mem::take;

use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

use super::day::Day;
use super::{Kind, Range};
use crate::scenario::{Event, Meter, Reading};

/// The usual time between readings, in seconds.
const CADENCE: i64 = 300;
/// Readings of which nothing special is told, between two that are.
const CALM: u32 = 4;

/// What one meter shows, and what people enter about it.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) readings: Vec<Reading>,
    pub(super) entered: Vec<Event>,
    /// Readings that a step leads to which may wait in quarantine.
    pub(super) odd: Vec<DateTime<Utc>>,
}

/// A register while it counts, in steps.
struct Counter {
    place: usize,
    step: f64,
    /// Most steps in a second.
    most: f64,
    value: i64,
    /// The most steps in a second that were seen.
    seen: f64,
    calm: u32,
    /// Whether the step to the last reading may wait in quarantine.
    is_odd: bool,
}

pub(super) fn run(
    random: &mut StdRng,
    range: &Range,
    (place, meter): (usize, &Meter),
    day: &Day,
) -> Run {
    let step = meter.step_kwh.unwrap_or(1.0);
    let power = meter.rated_kw.unwrap_or(64.0);
    let wraps = meter.modulus_kwh.is_some();
    let begins = [0, 700, 50_000, 2_000_000].choose(random).copied().unwrap_or(0);
    let value = match (meter.net, wraps) {
        (true, _) => 500_000 + begins,
        (_, true) => 999_000,
        _ => begins,
    };
    let most = power / step / 3600.0;
    let mut counter = Counter { place, step, most, value, seen: 0.0, calm: 0, is_odd: false };
    let is_source = ["Solar", "DG"].contains(&meter.kind) && !meter.feeds;
    let may_export = range.has(Kind::Export) && !meter.net && !is_source;
    let export = may_export && random.random_bool(0.25);
    let mut exported = f64::from(random.random_range(0..1000)) * step;
    let carries_power = range.has(Kind::Power) && random.random_bool(0.5);
    let burns = range.has(Kind::Litres) && meter.kind == "DG" && random.random_bool(0.5);
    let mut run = Run::default();
    let mut before: Option<DateTime<Utc>> = None;
    let appears = range.has(Kind::LateExport) && random.random_bool(0.5);
    let seldom = range.has(Kind::Seldom) && random.random_bool(0.5);
    let every = if seldom { random.random_range(2..40) } else { 1 };
    let leads = range.has(Kind::LateColumn) && random.random_bool(0.3);
    let lead = if leads { random.random_range(1..20) } else { 0 };
    let mut kinds = range.kinds.clone();
    let may_be = |kind: &Kind| !meter.both || kind.is_exchange();
    kinds.retain(|kind| kind.is_of_register() && may_be(kind));
    for at in instants(random, range, day) {
        let total = counter.next(random, &kinds, (before, at), meter, &mut run.entered);
        run.odd.extend(take(&mut counter.is_odd).then_some(at));
        exported += f64::from(random.random_range(0..3)) * step;
        let count = run.readings.len();
        let shows_export = export && !(appears && count < 20) && count.is_multiple_of(every);
        run.readings.push(Reading {
            export: shows_export.then_some(exported),
            litres: (burns && random.random_bool(0.2))
                .then(|| f64::from(random.random_range(0..40)) / 8.0),
            power: carries_power.then(|| f64::from(random.random_range(0..64))),
            import: (meter.both && count >= lead).then_some(total),
            ..Reading::total(place, at, if meter.both { total / 2.0 } else { total })
        });
        before = Some(at);
    }
    run
}

impl Kind {
    fn is_exchange(self) -> bool {
        [Kind::Exchange, Kind::ExchangeAtReading].contains(&self)
    }

    fn is_of_register(self) -> bool {
        use Kind::{Exchange, ExchangeAtReading, Glitch, Jump, Noise, Reset, StepBack};
        [Exchange, ExchangeAtReading, Glitch, Jump, Noise, Reset, StepBack].contains(&self)
    }
}

/// When it is read: every five minutes in a few stretches, on the quarter-hour or beside it.
fn instants(random: &mut StdRng, range: &Range, day: &Day) -> Vec<DateTime<Utc>> {
    let mut instants = Vec::new();
    let lead = if random.random_bool(0.5) { 0 } else { random.random_range(1..CADENCE) };
    let jitter = if random.random_bool(0.3) { 40 } else { 0 };
    let silent = range.has(Kind::Silent) && random.random_bool(0.2);
    let begin = day.from - TimeDelta::hours(1) + TimeDelta::seconds(lead);
    let span = (day.to - begin).num_seconds() + 3600;
    let (from, to) = match (silent, random.random_bool(0.5)) {
        (false, _) => (0, span),
        (true, true) => (random.random_range(span / 4..span / 2) / CADENCE * CADENCE, span),
        (true, false) => (0, random.random_range(span / 2..span * 3 / 4)),
    };
    let mut second = from;
    let mut left = random.random_range(12..40);
    while second < to {
        let beside = if jitter > 0 { random.random_range(-jitter..jitter) } else { 0 };
        instants.push(begin + TimeDelta::seconds(second + beside));
        second += CADENCE;
        left -= 1;
        if left == 0 {
            left = random.random_range(12..40);
            if range.has(Kind::Gap) {
                second += CADENCE * random.random_range(5..90);
            }
        }
    }
    instants
}

impl Counter {
    /// What it shows next, kWh.
    fn next(
        &mut self,
        random: &mut StdRng,
        kinds: &[Kind],
        (before, at): (Option<DateTime<Utc>>, DateTime<Utc>),
        meter: &Meter,
        entered: &mut Vec<Event>,
    ) -> f64 {
        let Some(before) = before else { return self.shown(self.value) };
        let elapsed = (at - before).num_seconds();
        let most = whole(self.most * seconds(elapsed));
        let rise = random.random_range(0..=most.max(0));
        self.calm += 1;
        let special = self.calm > CALM && elapsed < 2 * CADENCE && random.random_bool(0.06);
        if let Some(&kind) = kinds.choose(random).filter(|_| special) {
            let asked = Asked { before, at, rise, meter };
            if let Some(shown) = self.special(random, kind, &asked, entered) {
                self.calm = 0;
                return shown;
            }
        }
        self.seen = self.seen.max(steps(rise) / seconds(elapsed));
        if meter.net && random.random_bool(0.4) {
            self.value -= rise;
        } else {
            self.value += rise;
        }
        if let Some(modulus) = meter.modulus_kwh {
            self.value %= whole(modulus / self.step);
        }
        self.shown(self.value)
    }

    fn shown(&self, value: i64) -> f64 {
        steps(value) * self.step
    }

    /// Something that happens to the register; none where it would be a matter of taste.
    fn special(
        &mut self,
        random: &mut StdRng,
        kind: Kind,
        asked: &Asked<'_>,
        entered: &mut Vec<Event>,
    ) -> Option<f64> {
        // What can flow in a quarter-hour, with room for what a rating leaves and for slow readings.
        let much = whole(self.most * 900.0 * 1.25) * 4 + 8;
        let wraps = asked.meter.modulus_kwh.is_some();
        let calm_enough = !asked.meter.net && !wraps;
        match kind {
            Kind::Exchange | Kind::ExchangeAtReading if !wraps => {
                let at_reading = kind == Kind::ExchangeAtReading;
                Some(self.exchange(random, at_reading, asked, entered))
            }
            Kind::Reset if calm_enough && self.value > 2 * much => {
                let usual = whole(self.seen * seconds((asked.at - asked.before).num_seconds()));
                self.value = random.random_range(0..=asked.rise.min(usual).max(0));
                Some(self.shown(self.value))
            }
            Kind::Noise if calm_enough && self.value > 4_000 => Some(self.shown(self.value - 1)),
            Kind::Glitch if calm_enough => {
                let low = self.value - 2 * much;
                (low > 0).then(|| self.shown(random.random_range(0..low)))
            }
            Kind::Jump if calm_enough && asked.meter.rated_kw.is_some() => {
                self.value += much * random.random_range(2..9);
                self.is_odd = true;
                Some(self.shown(self.value))
            }
            Kind::StepBack if calm_enough && self.value > 100 * much => {
                self.value -= self.value / random.random_range(12..40);
                self.is_odd = true;
                Some(self.shown(self.value))
            }
            _ => None,
        }
    }

    fn exchange(
        &mut self,
        random: &mut StdRng,
        at_reading: bool,
        asked: &Asked<'_>,
        entered: &mut Vec<Event>,
    ) -> f64 {
        let elapsed = (asked.at - asked.before).num_seconds();
        let after = if at_reading { elapsed } else { random.random_range(1..elapsed) };
        let first = if at_reading { asked.rise } else { asked.rise / 2 };
        let begins = [0, 5, 70_000].choose(random).copied().unwrap_or(0);
        entered.push(Event::Exchange {
            meter: self.place,
            at: asked.before + TimeDelta::seconds(after),
            old: self.shown(self.value + first),
            new: self.shown(begins),
            undone: false,
        });
        self.value = begins + (asked.rise - first);
        self.shown(self.value)
    }
}

/// What is asked of a register at a reading.
struct Asked<'a> {
    before: DateTime<Utc>,
    at: DateTime<Utc>,
    /// Steps that it would rise by.
    rise: i64,
    meter: &'a Meter,
}

#[expect(clippy::cast_possible_truncation, reason = "registers of scenarios are far below 2^53")]
fn whole(value: f64) -> i64 {
    value as i64
}

fn steps(value: i64) -> f64 {
    value as f64
}

fn seconds(value: i64) -> f64 {
    value as f64
}
