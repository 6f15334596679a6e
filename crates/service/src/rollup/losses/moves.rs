//! Finds meters that were moved: the balances of where they hung and where they hang change with
//! them, back to when the move holds from.

use std::collections::HashMap;

use domain::MeterId;

use crate::Error;
use crate::registry::Known;
use crate::rollup::Rollup;

/// Where a meter hangs, and whether it feeds what it hangs on.
type Place = (Option<MeterId>, bool);

/// Where the meters hung at the last look; nothing before the first one.
#[derive(Debug, Default)]
pub(crate) struct Places(Option<HashMap<MeterId, Place>>);

impl Places {
    /// Takes over what is there now, and answers each meter that was moved with its old and its new
    /// node.
    fn moved(&mut self, known: &Known) -> Vec<(MeterId, Vec<MeterId>)> {
        let meters = known.trees.values().flat_map(|tree| tree.meters());
        let now: HashMap<MeterId, Place> =
            meters.map(|meter| (meter.id, (meter.parent, meter.feeds_parent))).collect();
        let mut moved = Vec::new();
        for (meter, before) in self.0.iter().flatten() {
            if let Some(after) = now.get(meter).filter(|after| *after != before) {
                moved.push((*meter, before.0.into_iter().chain(after.0).collect()));
            }
        }
        self.0 = Some(now);
        moved
    }
}

impl Rollup {
    /// Queues the balances that changed because meters were moved.
    pub(in crate::rollup) async fn follow_moves(&self) -> Result<(), Error> {
        let known = self.registry.known();
        let moved = self.memory.places.lock().moved(&known);
        for (meter, nodes) in moved {
            if let Some(site) = known.site_of(meter) {
                storage::losses::queue_moved(&self.pool, meter, &nodes, site.zone).await?;
            }
        }
        Ok(())
    }
}
