//! The last quarter-hour that all meters of a site have reached.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::energy::{Energy, QUARTER};
use domain::meters::hierarchy::Tree;
use domain::{Kwh, MeterId};

use crate::live::SiteLive;
use crate::live::site::status;

/// What each meter counted in one quarter-hour, so that all balances are of the same time.
pub(crate) struct Quarter {
    /// Its end.
    pub(crate) until: DateTime<Utc>,
    pub(crate) tree: Arc<Tree>,
    /// What the meters that are not silent counted.
    pub(crate) energy: HashMap<MeterId, Energy>,
    /// Declared load that no meter sees, below the nodes that have one.
    pub(crate) unmetered: HashMap<MeterId, Kwh>,
    /// kWh since the site's midnight.
    pub(crate) today: HashMap<MeterId, f64>,
}

impl SiteLive {
    /// The quarter-hour of the balance of the whole site; none before anything is known.
    pub(crate) fn quarter(&self, now: DateTime<Utc>) -> Option<Quarter> {
        let until = self.whole().until?;
        let silent = status::silent(self, now);
        let heard = self.trails.iter().filter(|(id, _)| !silent.contains(id));
        let energy =
            heard.filter_map(|(id, trail)| Some((*id, trail.told(until - QUARTER, until)?)));
        let nodes = self.tree.nodes();
        let unmetered =
            nodes.map(|node| (node.id, self.unmetered(node.id, until - QUARTER, until)));
        let today = self.values().iter().filter_map(|value| Some((value.id, value.today_kwh?)));
        Some(Quarter {
            until,
            tree: Arc::clone(&self.tree),
            energy: energy.collect(),
            unmetered: unmetered.filter(|(_, load)| *load > Kwh::ZERO).collect(),
            today: today.collect(),
        })
    }
}
