//! Which meters there are, and what strikes when.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};

/// Modbus gateways, and the units behind each.
pub(crate) const GATEWAYS: usize = 5;
pub(crate) const UNITS: usize = 14;
/// Meters that publish over MQTT.
pub(crate) const PUBLISHING: usize = 60;
/// Of these, one of so many does not say when.
const TIMELESS: usize = 10;
/// Meters that are asked over HTTP.
pub(crate) const FETCHED: usize = 40;
/// Data loggers, and the meters of each.
pub(crate) const LOGGERS: usize = 3;
pub(crate) const RECORDED: usize = 10;

/// All of them, by number.
pub(crate) const METERS: usize = GATEWAYS * UNITS + PUBLISHING + FETCHED + LOGGERS * RECORDED;

/// Before the first fault, and between the end of one and the beginning of the next.
const PAUSE: Duration = Duration::from_secs(3);

/// A run that lasts longer than this has time for long faults.
const LONG: Duration = Duration::from_mins(8);

/// A meter, by its number among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Meter(pub(crate) usize);

impl Meter {
    pub(crate) fn of_unit(gateway: usize, unit: usize) -> Self {
        Self(gateway * UNITS + unit)
    }

    pub(crate) fn publishing(n: usize) -> Self {
        Self(GATEWAYS * UNITS + n)
    }

    pub(crate) fn fetched(n: usize) -> Self {
        Self(GATEWAYS * UNITS + PUBLISHING + n)
    }

    pub(crate) fn recorded(logger: usize, n: usize) -> Self {
        Self(GATEWAYS * UNITS + PUBLISHING + FETCHED + logger * RECORDED + n)
    }

    /// Whether the meter is asked, so that nothing is acknowledged to it, and what it tells is of the time at
    /// which it answers.
    pub(crate) fn is_asked(self) -> bool {
        let publishes = Self::publishing(0).0..Self::fetched(0).0;
        self.0 < publishes.start || (publishes.end..Self::recorded(0, 0).0).contains(&self.0)
    }

    /// Whether the meter publishes without saying when, so that what it tells is of the time at which it comes.
    pub(crate) fn is_timeless(self) -> bool {
        let publishes = Self::publishing(0).0..Self::fetched(0).0;
        publishes.contains(&self.0) && (self.0 - publishes.start).is_multiple_of(TIMELESS)
    }
}

/// What can strike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// The program is killed and started again.
    KilledProgram,
    /// The database's first process is killed.
    KilledDatabase,
    /// All of the database stands still.
    FrozenDatabase,
    /// The broker is stopped and started again.
    RestartedBroker,
    /// Connections are delayed, cut and garbled.
    Storm,
    /// Hundreds of connections begin a request and say no more.
    HalfOpen,
    /// Somebody who follows the live values reads nothing.
    SlowReader,
    /// A second program waits for the database, and the first is killed.
    SecondProgram,
    /// The clock is a day ahead for a while, then right again.
    ClockAhead,
    /// The disk is full for a while.
    FullDisk,
}

impl Fault {
    const ALL: [Self; 10] = [
        Self::KilledProgram,
        Self::KilledDatabase,
        Self::FrozenDatabase,
        Self::RestartedBroker,
        Self::Storm,
        Self::HalfOpen,
        Self::SlowReader,
        Self::SecondProgram,
        Self::ClockAhead,
        Self::FullDisk,
    ];

    /// How long it may take, the recovery included.
    fn takes(self, frozen: Duration) -> Duration {
        let seconds = match self {
            Self::KilledProgram | Self::RestartedBroker | Self::KilledDatabase => 6,
            Self::FrozenDatabase => return frozen + Duration::from_secs(2),
            Self::Storm | Self::HalfOpen | Self::SlowReader | Self::ClockAhead => 10,
            Self::SecondProgram | Self::FullDisk => 14,
        };
        Duration::from_secs(seconds)
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::KilledProgram => "program killed, started again",
            Self::KilledDatabase => "Postgres killed",
            Self::FrozenDatabase => "Postgres stood still",
            Self::RestartedBroker => "broker restarted",
            Self::Storm => "connections delayed, cut, garbled for 10 s",
            Self::HalfOpen => "300 connections that say nothing",
            Self::SlowReader => "a live stream that nobody reads",
            Self::SecondProgram => "a second program takes over and gives back",
            Self::ClockAhead => "clock a day ahead for 10 s, then right",
            Self::FullDisk => "disk full for 8 s",
        }
    }
}

/// A run.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    /// How long the database stands still: a minute, and in a short run less.
    pub(crate) frozen: Duration,
    /// What strikes, and when after the beginning.
    pub(crate) faults: Vec<(Duration, Fault)>,
}

impl Plan {
    /// Every kind in turn, in an order that the seed decides, as often as there is time for.
    pub(crate) fn drawn(seed: u64, until: Duration) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let frozen = if until < LONG { Duration::from_secs(20) } else { Duration::from_mins(1) };
        let mut faults = Vec::new();
        let mut at = PAUSE;
        loop {
            let mut round = Fault::ALL;
            round.shuffle(&mut random);
            for fault in round {
                if at + fault.takes(frozen) > until {
                    return Self { seed, frozen, faults };
                }
                faults.push((at, fault));
                at += fault.takes(frozen) + PAUSE.mul_f64(random.random_range(0.5..1.5));
            }
        }
    }
}
