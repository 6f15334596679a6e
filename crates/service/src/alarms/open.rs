//! The open alarms, in memory: what the live stream and the pages show.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use domain::alarms::{Alarm, RuleId};
use domain::{MeterId, SiteId};
use parking_lot::RwLock;

use crate::live::AlarmLive;

/// The open alarms of all sites; copies share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Open {
    alarms: Arc<RwLock<BTreeMap<i64, Alarm>>>,
}

impl Open {
    /// The open alarms of a site, the gravest first, of those the ones raised first.
    pub(crate) fn of(&self, site: SiteId) -> Vec<Alarm> {
        let alarms = self.alarms.read();
        let mut open: Vec<_> =
            alarms.values().filter(|alarm| alarm.site_id == site).cloned().collect();
        open.sort_by_key(|alarm| (std::cmp::Reverse(alarm.severity), alarm.raised_at, alarm.id));
        open
    }

    /// The same, as the live stream shows them.
    pub(super) fn live(&self, site: SiteId) -> Vec<AlarmLive> {
        self.of(site).iter().map(AlarmLive::from).collect()
    }

    /// The open alarm of a rule and a meter.
    pub(super) fn find(&self, rule: RuleId, meter: MeterId) -> Option<Alarm> {
        let alarms = self.alarms.read();
        let is_it = |alarm: &&Alarm| alarm.rule_id == Some(rule) && alarm.meter_id == meter;
        alarms.values().find(is_it).cloned()
    }

    /// The rules and the meters of all of them.
    pub(super) fn keys(&self) -> HashSet<(RuleId, MeterId)> {
        let alarms = self.alarms.read();
        alarms.values().filter_map(|alarm| Some((alarm.rule_id?, alarm.meter_id))).collect()
    }

    /// Takes over what is open now.
    pub(super) fn replace(&self, alarms: Vec<Alarm>) {
        *self.alarms.write() = alarms.into_iter().map(|alarm| (alarm.id, alarm)).collect();
    }

    /// Takes an alarm over as it is now.
    pub(super) fn change(&self, alarm: &Alarm) {
        let mut alarms = self.alarms.write();
        if alarm.cleared_at.is_some() {
            alarms.remove(&alarm.id);
        } else {
            alarms.insert(alarm.id, alarm.clone());
        }
    }

    /// Forgets an alarm that is over; answers it where it was known.
    pub(super) fn remove(&self, id: i64) -> Option<Alarm> {
        self.alarms.write().remove(&id)
    }
}
