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
/// Meters that are asked over HTTP.
pub(crate) const FETCHED: usize = 40;
/// Data loggers, and the meters of each.
pub(crate) const LOGGERS: usize = 3;
pub(crate) const RECORDED: usize = 10;

/// All of them, by number.
pub(crate) const METERS: usize = GATEWAYS * UNITS + PUBLISHING + FETCHED + LOGGERS * RECORDED;

/// Before the first fault, and between the end of one and the beginning of the next.
const PAUSE: Duration = Duration::from_secs(6);

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

    /// Whether the meter is asked, so that nothing is acknowledged to it.
    pub(crate) fn is_asked(self) -> bool {
        let publishes = Self::publishing(0).0..Self::fetched(0).0;
        self.0 < publishes.start || (publishes.end..Self::recorded(0, 0).0).contains(&self.0)
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
}

impl Fault {
    const ALL: [Self; 8] = [
        Self::KilledProgram,
        Self::KilledDatabase,
        Self::FrozenDatabase,
        Self::RestartedBroker,
        Self::Storm,
        Self::HalfOpen,
        Self::SlowReader,
        Self::SecondProgram,
    ];

    /// How long it may take, the recovery included.
    fn takes(self) -> Duration {
        Duration::from_secs(match self {
            Self::KilledProgram | Self::RestartedBroker | Self::KilledDatabase => 6,
            Self::FrozenDatabase => 22,
            Self::Storm | Self::HalfOpen | Self::SlowReader => 10,
            Self::SecondProgram => 14,
        })
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::KilledProgram => "program killed, started again",
            Self::KilledDatabase => "Postgres killed",
            Self::FrozenDatabase => "Postgres stopped for 20 s",
            Self::RestartedBroker => "broker restarted",
            Self::Storm => "connections delayed, cut, garbled for 10 s",
            Self::HalfOpen => "300 connections that say nothing",
            Self::SlowReader => "a live stream that nobody reads",
            Self::SecondProgram => "a second program takes over and gives back",
        }
    }
}

/// A run.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    /// What strikes, and when after the beginning.
    pub(crate) faults: Vec<(Duration, Fault)>,
}

impl Plan {
    /// Every kind in turn, in an order that the seed decides, as often as there is time for.
    pub(crate) fn drawn(seed: u64, until: Duration) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let mut faults = Vec::new();
        let mut at = PAUSE;
        loop {
            let mut round = Fault::ALL;
            round.shuffle(&mut random);
            for fault in round {
                if at + fault.takes() > until {
                    return Self { seed, faults };
                }
                faults.push((at, fault));
                at += fault.takes() + PAUSE.mul_f64(random.random_range(0.5..1.5));
            }
        }
    }
}
