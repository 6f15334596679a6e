//! How often meters without a device are read, learned from when their readings were taken.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use domain::MeterId;
use tokio::time::Instant;

use super::Rollup;
use super::claims::Run;
use crate::Error;

/// How long what was learned of a meter is left alone while it is read as it goes.
const LOOK_AGAIN: Duration = Duration::from_mins(10);

/// Quarter-hours that change at a time while a meter is read as it goes.
const AS_IT_GOES: usize = 2;

impl Rollup {
    /// Learns it of meters whose readings were just computed. Where it is another than was thought, all
    /// of their time is computed again: what is a gap depends on it.
    pub(super) async fn learn_cadences(&self, runs: &[Run]) -> Result<(), Error> {
        let known = self.registry.known();
        let due: Vec<MeterId> = {
            let learned = self.memory.cadences.lock();
            let is_due = |run: &&Run| {
                let looked = learned.get(&run.meter());
                run.claims.len() > AS_IT_GOES || looked.is_none_or(|at| at.elapsed() >= LOOK_AGAIN)
            };
            let without = |run: &&Run| !known.devices.contains(&run.meter());
            runs.iter().filter(without).filter(is_due).map(Run::meter).collect()
        };
        if due.is_empty() {
            return Ok(());
        }
        let looked = storage::registers::learn_cadences(&self.pool, &due).await?;
        let now = Instant::now();
        self.memory.cadences.lock().extend(looked.known.into_iter().map(|id| (id, now)));
        if looked.changed {
            self.memory.goes_on.store(true, Relaxed);
            self.registry.reload().await?;
            self.registry.changed();
        }
        Ok(())
    }
}
