//! The day of a site up to now: the stored figures up to a quarter-hour, and what the trails say since
//! then. What registers did before, such as a reset or a correction, the stored figures know better than
//! a trail.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::register_history::GRAIN;
use domain::energy::window::{Known, Window};
use domain::energy::{Energy, QUARTER, floor};
use domain::meters::Meter;
use domain::sites::Site;
use domain::{Kwh, MeterId};
use rust_decimal::Decimal;

use crate::energy::window_energy::WindowEnergy;
use crate::live::SiteLive;
use crate::losses::power_loss;
use crate::{Core, Error};

/// A day from its midnight to a quarter-hour, by the stored figures.
pub(crate) struct Today {
    figures: WindowEnergy,
    /// What nodes and the boundary lost by then, and what that cost.
    pub(crate) lost: HashMap<Option<MeterId>, (Kwh, Decimal)>,
}

/// The stored figures of a window.
pub(crate) async fn read(service: &Core, site: &Site, window: Window) -> Result<Today, Error> {
    let figures = WindowEnergy::load(service, site.clone(), window, None).await?;
    let lost = power_loss::priced_losses(service, &figures).await?;
    Ok(Today { figures, lost })
}

impl Today {
    /// Whether it is of this window.
    pub(crate) fn is_of(&self, window: Window) -> bool {
        self.figures.window == window
    }
}

/// A day waits this long for meters that are read often, so that all of them are counted up to the same
/// instant. It does not wait for others: what is known of each is counted.
const WAITED: TimeDelta = TimeDelta::seconds(30);

impl SiteLive {
    /// Up to when a day that begins at an instant is counted: to where all meters that were read just now
    /// have come, else to the newest reading; and no less far than what is stored of it.
    pub(crate) fn counted_to(
        &self,
        midnight: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let meters = || self.tree.counted().filter_map(|meter| self.last_at(meter.id));
        let read_now = meters().filter(|at| *at > now - WAITED).min();
        let to = read_now.or_else(|| meters().max()).and_then(|at| floor(at, GRAIN));
        to.max(self.stored(midnight).map(|today| today.figures.window.to))
    }

    /// The stored figures of a day.
    fn stored(&self, midnight: DateTime<Utc>) -> Option<&Today> {
        self.today.as_ref().filter(|today| today.figures.window.from == midnight)
    }

    /// The same, where they go no further than a window that begins with the day.
    pub(crate) fn stored_in(&self, window: Window) -> Option<&Today> {
        self.stored(window.from).filter(|today| today.figures.window.to <= window.to)
    }

    /// The figures of a day that begins at an instant, up to another one; none before the stored ones are
    /// read: how the meters hung earlier that day they alone know.
    pub(crate) fn day(&self, window: Window) -> Option<WindowEnergy> {
        let to = window.to;
        let since = |id, at| self.trails.get(&id)?.known(at, to);
        if let Some(today) = self.stored_in(window) {
            return Some(today.figures.until(to, since));
        }
        if to - window.from >= QUARTER {
            return None;
        }
        let known =
            |meter: &Meter| Some((meter.id, since(meter.id, window.from).filter(is_whole)?));
        let known = self.tree.meters().iter().filter_map(known).collect();
        let stretch = (window, Arc::clone(&self.tree), known);
        Some(WindowEnergy::of(&self.site, window, &[stretch], &self.unmetered))
    }

    /// What a meter counted since a midnight, up to its newest reading.
    pub(crate) fn since_midnight(&self, id: MeterId, midnight: DateTime<Utc>) -> Option<Energy> {
        let since = |at| {
            let trail = self.trails.get(&id)?;
            trail.known(at, trail.last_at()?)
        };
        let stored = self.stored(midnight).and_then(|today| today.figures.known(id));
        let known = match stored {
            Some(stored) => stored.then(since(stored.to), 1.0),
            None => since(midnight).filter(is_whole)?,
        };
        Some(known.energy)
    }
}

/// Whether nothing happened to the registers, of which a trail of hours knows too little.
fn is_whole(known: &Known) -> bool {
    known.unknown.is_zero()
}
