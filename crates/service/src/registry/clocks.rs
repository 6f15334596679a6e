//! The clocks of simulated sites.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::SiteId;
use domain::live::SimulatedClock;
use domain::simulation::PausedBecause;
use domain::sites::{Site, SiteKind};
use parking_lot::RwLock;
use storage::simulation::clock::Clock;

/// The clock of a simulated site, as it was set last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Simulated {
    /// The world's time.
    pub at: DateTime<Utc>,
    /// Whether it runs, and why not.
    pub goes: SimulatedClock,
    /// Up to when its meters are recorded: a little behind a clock in haste.
    pub recorded: DateTime<Utc>,
    /// How far apart its meters' readings are.
    pub record: TimeDelta,
}

impl Simulated {
    /// The present of what is shown live: not further ahead of the records than one of them, so that a
    /// clock in haste makes no meter look late.
    pub(crate) fn shown(self) -> DateTime<Utc> {
        self.at.min(self.recorded + self.record)
    }
}

impl From<&Clock> for Simulated {
    fn from(clock: &Clock) -> Self {
        let goes = match clock.paused_because {
            None => SimulatedClock::Runs,
            Some(PausedBecause::Asked) => SimulatedClock::Asked,
            Some(PausedBecause::Unwatched) => SimulatedClock::Unwatched,
        };
        let record = TimeDelta::minutes(clock.record_minutes.into());
        Self { at: clock.current, goes, recorded: clock.recorded_to, record }
    }
}

/// The clocks of all simulated sites; copies share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clocks(Arc<RwLock<HashMap<SiteId, Simulated>>>);

impl Clocks {
    /// The present on a site's clock. A simulated site whose clock was never set has real time.
    pub(crate) fn now(&self, site: &Site) -> DateTime<Utc> {
        self.of(site).map_or_else(Utc::now, |clock| clock.at)
    }

    /// The clock of a simulated site.
    pub(crate) fn of(&self, site: &Site) -> Option<Simulated> {
        match site.kind {
            SiteKind::Live => None,
            SiteKind::Simulated => self.0.read().get(&site.id).copied(),
        }
    }

    pub(crate) fn set(&self, site: SiteId, simulated: Simulated) {
        self.0.write().insert(site, simulated);
    }
}
