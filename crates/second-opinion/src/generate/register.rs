//! The readings of one meter.

mod odd;

use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

use super::day::Day;
use super::{Kind, Range};
use crate::scenario::{Event, Meter, Reading};

/// The usual time between readings, in seconds.
const CADENCE: i64 = 300;
/// Readings of which nothing special is told, between two that are: by them each of these is judged.
const CALM: usize = 7;

/// The readings of one meter, and what people enter about it.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) readings: Vec<Reading>,
    pub(super) entered: Vec<Event>,
    /// Readings that a step leads to which may wait in quarantine.
    pub(super) odd: Vec<DateTime<Utc>>,
    /// The energy that it really counted, kWh.
    pub(super) counted: f64,
}

/// A register while it counts, in steps.
struct Counter<'a> {
    place: usize,
    meter: &'a Meter,
    step: f64,
    /// Most steps in a second, usually.
    most: f64,
    value: i64,
    /// Readings since the last special one.
    calm: usize,
    /// The figures of these.
    shown: Vec<i64>,
    /// A fault that is under way, and for how many readings more.
    shows: Option<(odd::Shows, usize)>,
    /// Figures at which it was left, and will not be near again.
    left: Vec<i64>,
    /// The first of them.
    before: Option<i64>,
    /// How often it was seen to rise: after a few times it is known how fast it goes.
    rises: usize,
    /// The load now, kW. It is on at first: whether a load that comes after a first sample of nothing is one at
    /// once, or with its third sample, is a matter of taste.
    drawn: f64,
    /// Readings for which a load goes on that was not seen before.
    load: usize,
    /// Whether its power is read, too.
    is_sampled: bool,
    /// Of how many readings it takes the rise at once.
    every: usize,
    held: i64,
    counted: i64,
    run: Run,
}

/// A reading that is due.
struct Due {
    before: DateTime<Utc>,
    at: DateTime<Utc>,
    /// How many readings come after it.
    left: usize,
    /// Steps that it would rise by.
    rise: i64,
}

impl Due {
    fn elapsed(&self) -> i64 {
        (self.at - self.before).num_seconds()
    }
}

pub(super) fn run(
    random: &mut StdRng,
    range: &Range,
    (place, meter): (usize, &Meter),
    day: &Day,
) -> Run {
    let mut counter = Counter::new(random, range, (place, meter));
    let is_source = ["Solar", "DG"].contains(&meter.kind) && !meter.feeds;
    let may_export = range.has(Kind::Export) && !meter.net && !is_source;
    let export = may_export && random.random_bool(0.25);
    let mut exported = f64::from(random.random_range(0..1000)) * counter.step;
    let carries_power = range.has(Kind::Power) && random.random_bool(0.5);
    counter.is_sampled = carries_power;
    let burns = range.has(Kind::Litres) && meter.kind == "DG" && random.random_bool(0.5);
    let appears = range.has(Kind::LateExport) && random.random_bool(0.5);
    let seldom = range.has(Kind::Seldom) && random.random_bool(0.5);
    let every = if seldom { random.random_range(2..40) } else { 1 };
    let leads = range.has(Kind::LateColumn) && random.random_bool(0.3);
    let lead = if leads { random.random_range(1..20) } else { 0 };
    let instants = instants(random, range, day);
    for (count, at) in instants.iter().copied().enumerate() {
        let last = count.checked_sub(1).map(|last| instants[last]);
        let total = match last {
            Some(before) => counter.next(random, range, before, (at, instants.len() - count - 1)),
            None => counter.value,
        };
        let total = steps(total) * counter.step;
        exported += f64::from(random.random_range(0..3)) * counter.step;
        let shows_export = export && !(appears && count < 20) && count.is_multiple_of(every);
        counter.run.readings.push(Reading {
            export: shows_export.then_some(exported),
            litres: (burns && random.random_bool(0.2))
                .then(|| f64::from(random.random_range(0..40)) / 8.0),
            power: carries_power.then_some(counter.drawn),
            import: (meter.both && count >= lead).then_some(total),
            ..Reading::total(place, at, if meter.both { total / 2.0 } else { total })
        });
    }
    let counted = steps(counter.counted) * counter.step;
    let mut run = Run { counted, ..counter.run };
    // A total that shows first counts, and an exchange of the meter tells of it.
    if meter.both && lead > 0 {
        run.entered.iter_mut().for_each(told_of_the_total);
    }
    run
}

fn told_of_the_total(entered: &mut Event) {
    if let Event::Exchange { old, new, .. } = entered {
        (*old, *new) = (*old / 2.0, *new / 2.0);
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

impl<'a> Counter<'a> {
    fn new(random: &mut StdRng, range: &Range, (place, meter): (usize, &'a Meter)) -> Self {
        let step = meter.step_kwh.unwrap_or(1.0);
        let begins = [0, 700, 50_000, 2_000_000].choose(random).copied().unwrap_or(0);
        let value = match (meter.net, meter.modulus_kwh.is_some()) {
            (true, _) => 500_000 + begins,
            (_, true) => 999_000,
            _ => begins,
        };
        let is_plain = !meter.net && !meter.both && meter.modulus_kwh.is_none();
        let is_quiet = range.has(Kind::NewLoad) && is_plain && random.random_bool(0.3);
        let is_quiet = is_quiet && meter.rated_kw.is_none() && step < 0.1;
        let is_lazy = range.has(Kind::Lazy) && is_plain && !is_quiet && random.random_bool(0.2);
        let power = meter.rated_kw.unwrap_or(if is_quiet { 1.0 } else { 64.0 });
        Self {
            place,
            meter,
            step,
            most: power / step / 3600.0,
            value,
            calm: 0,
            shown: vec![value],
            shows: None,
            left: Vec::new(),
            before: None,
            rises: 0,
            drawn: power,
            load: 0,
            is_sampled: false,
            every: if is_lazy { random.random_range(3..9) } else { 1 },
            held: 0,
            counted: 0,
            run: Run::default(),
        }
    }

    /// The next figure that it shows, in steps.
    fn next(
        &mut self,
        random: &mut StdRng,
        range: &Range,
        before: DateTime<Utc>,
        (at, left): (DateTime<Utc>, usize),
    ) -> i64 {
        let elapsed = (at - before).num_seconds();
        let due = Due { before, at, left, rise: self.rise(random, elapsed) };
        self.drawn = self.power(&due);
        self.calm += 1;
        let is_quick = elapsed < 2 * CADENCE;
        let may_be = is_quick
            && self.calm > CALM
            && self.rises > 3
            && self.load == 0
            && self.shows.is_none();
        if may_be && random.random_bool(0.08) {
            let undecided = range.has(Kind::Undecided) && (1..=2).contains(&left);
            let room = if undecided { Some(left) } else { left.checked_sub(CALM) };
            if let Some(shown) = room.and_then(|room| self.special(random, range, &due, room)) {
                self.calm = 0;
                return shown;
            }
        }
        self.go_on(random, &due);
        match self.shows.take() {
            Some((shows, count)) if count > 0 && is_quick => {
                self.shows = Some((shows, count - 1));
                self.calm = 0;
                shows.figure(self)
            }
            _ => {
                let last = self.shown.last().copied().unwrap_or(self.value);
                self.counted += self.value - last;
                if let (Some(modulus), true) = (self.modulus(), self.value < last) {
                    self.counted += modulus;
                }
                self.rises += usize::from(self.value != last);
                self.shown.push(self.value);
                self.value
            }
        }
    }

    /// The register itself goes on.
    fn go_on(&mut self, random: &mut StdRng, due: &Due) {
        if self.every > 1 {
            self.held += due.rise;
            // It waits for the next reading whether such a step is true.
            let is_late = due.elapsed() >= 2 * CADENCE;
            if due.left > 0 && (is_late || random.random_range(0..self.every) == 0) {
                self.value += std::mem::take(&mut self.held);
            }
            return;
        }
        if self.meter.net && random.random_bool(0.4) {
            self.value -= due.rise;
            return;
        }
        self.value += due.rise;
        if let Some(modulus) = self.modulus().filter(|modulus| self.value >= *modulus) {
            let is_calm = self.calm > CALM && self.shows.is_none() && due.left > CALM;
            if is_calm && due.elapsed() < 2 * CADENCE {
                self.value -= modulus;
                self.calm = 0;
            } else {
                self.value -= due.rise;
                self.drawn = 0.0;
            }
        }
    }

    /// The rise of a time: without a rating it never rests, so that it is known how fast it goes, nor
    /// does it where that is to be judged.
    fn rise(&mut self, random: &mut StdRng, elapsed: i64) -> i64 {
        if self.load > 0 {
            self.load -= 1;
            let most = whole(64.0 / self.step / 3600.0 * steps(elapsed));
            return random.random_range(most * 3 / 4..=most);
        }
        let most = whole(self.most * steps(elapsed)).max(1);
        let least = match self.meter.rated_kw {
            None => (most / 2).max(1),
            Some(_) => i64::from(self.calm <= CALM),
        };
        random.random_range(least..=most)
    }

    /// The load meanwhile, in whole kW.
    fn power(&self, due: &Due) -> f64 {
        let kw = (steps(due.rise) * self.step * 3600.0 / steps(due.elapsed())).ceil();
        kw.min(self.meter.rated_kw.unwrap_or(64.0))
    }

    fn modulus(&self) -> Option<i64> {
        self.meter.modulus_kwh.map(|modulus| whole(modulus / self.step))
    }

    fn exchange(&mut self, random: &mut StdRng, at_reading: bool, due: &Due) -> i64 {
        let elapsed = due.elapsed();
        let after = if at_reading { elapsed } else { random.random_range(1..elapsed) };
        let first = due.rise * after / elapsed;
        let begins = [0, 5, 70_000].choose(random).copied().unwrap_or(0);
        let kwh = |value: i64| steps(value) * self.step;
        self.run.entered.push(Event::Exchange {
            meter: self.place,
            at: due.before + TimeDelta::seconds(after),
            old: kwh(self.value + first),
            new: kwh(begins),
            undone: false,
        });
        self.counted += self.value + due.rise - self.shown.last().copied().unwrap_or(self.value);
        self.value = begins + (due.rise - first);
        self.shown = vec![self.value];
        self.value
    }
}

#[expect(clippy::cast_possible_truncation, reason = "registers of scenarios are far below 2^53")]
fn whole(value: f64) -> i64 {
    value as i64
}

fn steps(value: i64) -> f64 {
    value as f64
}
