//! Scenarios from seeds: a small site of a few meters over one to three days.
//!
//! Nothing that is made is a matter of taste: where the rules leave a case open, it is not made. Registers
//! move in powers of two, so that floating-point differences are exact and a figure that differs does so
//! for a reason.

mod bill;
mod day;
mod register;
mod site;

use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};

use crate::scenario::{Event, Scenario};
pub use bill::next_month;
use day::Day;

/// Something that may happen in a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A meter says nothing for a while.
    Gap,
    /// A register begins again at zero.
    Reset,
    /// A meter is exchanged between two readings.
    Exchange,
    /// A meter is exchanged at the instant of a reading.
    ExchangeAtReading,
    /// A register wraps.
    Rollover,
    /// A register falls by less than it resolves.
    Noise,
    /// A register shows 0 once, a few times or for hours, and goes on.
    Zero,
    /// A register shows the same absurd figure for a while, and goes on.
    ErrorCode,
    /// A register shows -1 for a while, and goes on.
    MinusOne,
    /// One reading is far too high.
    Absurd,
    /// One reading is a little too high.
    Slip,
    /// A register shows an older figure of its own, or of the meter before it, and goes on.
    Stale,
    /// A register is too high or too low by one offset for a while, and rises meanwhile.
    Offset,
    /// Something of this is under way at the end.
    Undecided,
    /// A register falls back a little and goes on from there.
    StepBack,
    /// A register jumps by more than can have flowed.
    Jump,
    /// A meter is exchanged, and nobody enters it.
    Swap,
    /// A meter without a rating takes many times as much as it ever did.
    NewLoad,
    /// A register stands still for a few readings and takes all of it at once.
    Lazy,
    /// A meter has an export register.
    Export,
    /// An export register appears when it has counted already.
    LateExport,
    /// An export register is read more seldom than the rest.
    Seldom,
    /// A register runs both ways.
    Net,
    /// A meter shows an import register beside its total.
    Both,
    /// A meter shows its second register before the first.
    LateColumn,
    /// Nobody states the step of a register.
    Learned,
    /// Somebody decides about a step that waits.
    Decide,
    /// A meter stops, or starts, in the middle.
    Silent,
    /// Readings come in any order.
    Disorder,
    /// A stored value is corrected.
    Correct,
    /// An exchange or a correction is entered and undone.
    Undo,
    /// A meter is moved.
    Move,
    /// A rule of a meter is stated later.
    Rule,
    /// Emission factors change.
    Factor,
    /// Readings carry power.
    Power,
    /// Generators say how much they burnt.
    Litres,
    /// Prices change with the time of day.
    Price,
    /// A month is billed.
    Bill,
    /// The versions of a tariff in a billed month each have their tax.
    TaxedVersions,
    /// Tax is on the balance, in place of what is supplied.
    TaxedBalance,
    /// Blocks go on where an earlier version of the month left them.
    Continue,
    /// A tariff lists holidays.
    Holiday,
    /// A meter of the grid feeds the one above it.
    Incomer,
    /// A source delivers by one register and draws by another.
    Standby,
    /// A day is half an hour longer or shorter, or does not begin at one midnight.
    OddClock,
}

impl Kind {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Gap,
        Self::Reset,
        Self::Exchange,
        Self::ExchangeAtReading,
        Self::Rollover,
        Self::Noise,
        Self::Zero,
        Self::ErrorCode,
        Self::MinusOne,
        Self::Absurd,
        Self::Slip,
        Self::Stale,
        Self::Offset,
        Self::Undecided,
        Self::StepBack,
        Self::Jump,
        Self::Swap,
        Self::NewLoad,
        Self::Lazy,
        Self::Export,
        Self::LateExport,
        Self::Seldom,
        Self::Net,
        Self::Both,
        Self::LateColumn,
        Self::Learned,
        Self::Decide,
        Self::Silent,
        Self::Disorder,
        Self::Correct,
        Self::Undo,
        Self::Move,
        Self::Rule,
        Self::Factor,
        Self::Power,
        Self::Litres,
        Self::Price,
        Self::Bill,
        Self::TaxedVersions,
        Self::TaxedBalance,
        Self::Continue,
        Self::Holiday,
        Self::Incomer,
        Self::Standby,
        Self::OddClock,
    ];
}

/// The kinds that may happen in scenarios.
#[derive(Debug, Clone)]
pub struct Range {
    kinds: Vec<Kind>,
}

impl Range {
    /// These alone.
    pub fn of(kinds: &[Kind]) -> Self {
        Self { kinds: kinds.to_vec() }
    }

    fn has(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }
}

/// The scenario of a seed; every fifth is a month of bills.
pub fn scenario(seed: u64, range: &Range) -> Scenario {
    let mut random = StdRng::seed_from_u64(seed);
    if seed.is_multiple_of(5) && range.has(Kind::Bill) {
        return bill::scenario(&mut random, seed, range);
    }
    let day = Day::choose(&mut random, range);
    let mut meters = site::meters(&mut random, range);
    let mut readings = Vec::new();
    let mut entered = Vec::new();
    let mut decided = Vec::new();
    for (place, meter) in meters.iter().enumerate() {
        let mut run = register::run(&mut random, range, (place, meter), &day);
        site::deliver(&mut random, range, meter, &mut run.readings);
        readings.extend(run.readings);
        entered.extend(run.entered);
        decided
            .extend(run.odd.iter().flat_map(|at| site::decision(&mut random, range, place, *at)));
    }
    entered.extend(site::changes(&mut random, range, &meters, &readings, &day));
    entered.extend(site::state_late(&mut random, range, &mut meters));
    let windows = day.windows(&mut random, &readings);
    Scenario {
        seed,
        zone: day.zone.name().to_owned(),
        price: random.random_bool(0.5).then(|| "0.31".to_owned()),
        events: arrival(&mut random, range, readings, [entered, decided]),
        tariffs: if range.has(Kind::Price) {
            bill::prices(&mut random, range, day.first)
        } else {
            Vec::new()
        },
        months: Vec::new(),
        meters,
        windows,
    }
}

/// The readings of a site, and what each meter really counted up to its last plain one, kWh, with how many
/// of its steps are for a person to judge.
pub fn counted(seed: u64, range: &Range) -> (Scenario, Vec<(f64, usize)>) {
    let mut random = StdRng::seed_from_u64(seed);
    let day = Day::choose(&mut random, range);
    let meters = site::meters(&mut random, range);
    let run = |(place, meter)| register::run(&mut random, range, (place, meter), &day);
    let runs: Vec<register::Run> = meters.iter().enumerate().map(run).collect();
    let counted = runs.iter().map(|run| (run.counted, run.odd.len())).collect();
    let entered = runs.iter().flat_map(|run| run.entered.clone());
    let read = runs.iter().flat_map(|run| run.readings.iter().copied().map(Event::Reading));
    let scenario = Scenario {
        seed,
        zone: day.zone.name().to_owned(),
        price: None,
        tariffs: Vec::new(),
        months: Vec::new(),
        events: read.chain(entered).collect(),
        meters,
        windows: Vec::new(),
    };
    (scenario, counted)
}

/// A scenario of the day that is under way at an instant, in a zone where it began some hours before:
/// all that is read by then, and nothing that is entered about it.
pub fn today(seed: u64, now: DateTime<Utc>) -> Scenario {
    let mut random = StdRng::seed_from_u64(seed);
    // A fall by one step in the quarter-hour under way is told from a reset when that is computed.
    let range = Range::of(&[Kind::Reset, Kind::Export, Kind::Factor]);
    let day = Day::until(&mut random, now);
    let meters = site::meters(&mut random, &range);
    let mut readings = Vec::new();
    for (place, meter) in meters.iter().enumerate() {
        readings.extend(register::run(&mut random, &range, (place, meter), &day).readings);
    }
    readings.retain(|reading| reading.at <= now);
    let entered = site::changes(&mut random, &range, &meters, &readings, &day);
    Scenario {
        seed,
        zone: day.zone.name().to_owned(),
        price: Some("0.31".to_owned()),
        tariffs: Vec::new(),
        months: Vec::new(),
        events: arrival(&mut random, &range, readings, [entered, Vec::new()]),
        meters,
        windows: vec![(day.from, day.to)],
    }
}

/// The order in which the service hears of it: in one to three parts, and what people enter last, since
/// it speaks of readings that are there; what they decide before or after all else.
fn arrival(
    random: &mut StdRng,
    range: &Range,
    mut readings: Vec<crate::scenario::Reading>,
    [entered, decided]: [Vec<Event>; 2],
) -> Vec<Event> {
    readings.sort_by_key(|reading| (reading.at, reading.meter));
    if range.has(Kind::Disorder) && random.random_bool(0.5) {
        readings.shuffle(random);
    }
    let parts = random.random_range(1..=3);
    let length = readings.len().div_ceil(parts).max(1);
    let mut events = Vec::new();
    for part in readings.chunks(length) {
        events.extend(part.iter().copied().map(Event::Reading));
        events.push(Event::Settle);
    }
    if random.random_bool(0.5) {
        events.extend([decided, entered].concat());
    } else {
        events.extend(entered);
        if !decided.is_empty() {
            events.push(Event::Settle);
            events.extend(decided);
        }
    }
    events
}
