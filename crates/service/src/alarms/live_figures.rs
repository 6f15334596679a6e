//! The figures of the live state that rules look at beside connections.

use std::collections::HashMap;

use domain::MeterId;
use domain::alarms::{Demand, Kind, Rule};
use domain::live::BalanceLive;

use crate::live::SiteLive;

/// The figures of a site's meters, as far as rules look at them.
#[derive(Debug, Default)]
pub(super) struct LiveFigures {
    /// The balances of nodes over the last 15 minutes.
    pub(super) balances: HashMap<MeterId, BalanceLive>,
    /// The demand under way of the meters of which it is known.
    pub(super) demands: HashMap<MeterId, Demand>,
}

impl LiveFigures {
    pub(super) fn of(live: &SiteLive, rules: &[Rule]) -> Self {
        let mut found = Self::default();
        if rules.iter().any(|rule| rule.terms.kind.is_of_loss()) {
            let nodes = live.nodes().iter();
            found.balances = nodes.map(|node| (node.id, node.balance.clone())).collect();
        }
        for rule in rules.iter().filter(|rule| rule.terms.kind == Kind::Demand) {
            let is_meant = |id: &MeterId| rule.meter.is_none_or(|meter| meter == *id);
            let meters = live.values().iter().map(|value| value.id).filter(is_meant);
            found.demands.extend(meters.filter_map(|id| Some((id, live.demand(id)?))));
        }
        found
    }
}
