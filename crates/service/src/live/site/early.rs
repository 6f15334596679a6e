//! The balance of a node before its first quarter-hour is full: over the time that all its meters
//! have been read so far.

use chrono::{DateTime, Utc};
use domain::energy::register_history::RegisterHistory;
use domain::losses::balance::{self, Balance, Verdict};
use domain::meters::Meter;
use domain::{Kwh, MeterId};

use crate::live::SiteLive;
use crate::live::site::status;

/// How far a node is from its first balance.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Early {
    /// Between these instants all its meters were read, and this is its balance.
    Balance(DateTime<Utc>, DateTime<Utc>, Box<Balance>),
    /// These meters are silent, or their registers have not moved.
    Held(Vec<MeterId>),
}

impl SiteLive {
    /// The early balance of a node.
    pub(crate) fn early(&self, node: &Meter, now: DateTime<Utc>) -> Early {
        let members: Vec<&Meter> =
            std::iter::once(node).chain(self.tree.children(node.id)).collect();
        let silent = status::silent(self, now);
        let trail = |meter: &Meter| {
            let trail: Option<&RegisterHistory> = self.trails.get(&meter.id);
            trail.filter(|_| !silent.contains(&meter.id))
        };
        let from = members.iter().filter_map(|meter| trail(meter)?.recent_since()).max();
        let to = members.iter().filter_map(|meter| trail(meter)?.last_at()).min();
        let ends = from.zip(to).filter(|(from, to)| from < to);
        let energy = |meter: &Meter| {
            let (from, to) = ends?;
            trail(meter)?.early(from, to)
        };
        let balance = balance::of_node(
            (node, energy(node)),
            self.tree.children(node.id).map(|child| (child, energy(child))),
        );
        let load = ends.map_or(Kwh::ZERO, |(from, to)| self.unmetered(node.id, from, to));
        let balance = balance.with_unmetered(load);
        match ends {
            Some((from, to)) if balance.verdict != Verdict::Incomplete => {
                Early::Balance(from, to, Box::new(balance))
            }
            _ => Early::Held(balance.missing),
        }
    }
}
