//! Energy since midnight: by the stored figures up to a quarter-hour, and by the trails since then. What
//! registers did before, such as a reset or a correction, the stored figures know better than a trail.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::balance::Energy;
use domain::hierarchy::Tree;
use domain::meter::Meter;
use domain::site::Site;
use domain::window::Window;
use domain::{Kwh, MeterId};

use super::SiteLive;
use crate::{Error, Service, energy};

/// What the meters counted from a midnight to a quarter-hour.
#[derive(Debug, Clone)]
pub(super) struct Today {
    window: Window,
    energy: HashMap<MeterId, Energy>,
}

/// What the meters of a tree counted in a window, by the stored figures.
pub(super) async fn read(
    service: &Service,
    site: &Site,
    tree: &Tree,
    window: Window,
) -> Result<Today, Error> {
    let meters: Vec<&Meter> = tree.meters().iter().collect();
    let counted = energy::counted(service, site, &meters, window).await?;
    let known = |(id, counted): (MeterId, energy::Counted)| Some((id, counted.known?.energy));
    Ok(Today { window, energy: counted.into_iter().filter_map(known).collect() })
}

impl Today {
    /// Whether it is of this window.
    pub(super) fn is_of(&self, window: Window) -> bool {
        self.window == window
    }

    /// What a meter counted, where it is of a window that begins at an instant and goes no further than
    /// to another; with its end.
    fn of(
        &self,
        id: MeterId,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Option<(Energy, DateTime<Utc>)> {
        let fits = self.window.from == from && self.window.to <= to;
        self.energy.get(&id).filter(|_| fits).map(|energy| (*energy, self.window.to))
    }
}

impl SiteLive {
    /// What a meter counted between two instants that it has passed.
    pub(super) fn energy(
        &self,
        id: MeterId,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Option<Energy> {
        let trail = self.trails.get(&id)?;
        let Some((before, at)) = self.today.as_ref().and_then(|today| today.of(id, from, to))
        else {
            return trail.energy(from, to);
        };
        let since = trail.energy(at, to)?;
        let share = (at - from).as_seconds_f64() / (to - from).as_seconds_f64();
        Some(Energy {
            import: before.import + since.import,
            export: before.export + since.export,
            uncertain: Kwh(before.uncertain.0.max(since.uncertain.0)),
            coverage: before.coverage * share + since.coverage * (1.0 - share),
        })
    }

    /// What a meter counted since an instant, up to its newest reading, less what it returned.
    pub(super) fn net_since(&self, id: MeterId, from: DateTime<Utc>) -> Option<Kwh> {
        let trail = self.trails.get(&id)?;
        let now = trail.last_at()?;
        match self.today.as_ref().and_then(|today| today.of(id, from, now)) {
            Some((before, at)) => Some(before.net() + trail.energy_since(at)?.net()),
            None => Some(trail.energy_since(from)?.net()),
        }
    }
}
