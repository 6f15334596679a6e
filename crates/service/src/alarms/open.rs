//! The open alarms, in memory: what the live stream and the pages show.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::alarms::{Kind, RuleId, Severity};
use domain::message::Text;
use domain::{MeterId, SiteId};
use parking_lot::RwLock;
use serde::Serialize;
use storage::alarms::Alarm;
use tokio::sync::watch;

use super::arrived::Arrived;

/// An open alarm, as the live stream shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AlarmLive {
    /// Its id.
    pub id: i64,
    /// Its meter.
    pub meter_id: MeterId,
    /// What its rule looks at.
    pub kind: Kind,
    /// How grave it is.
    pub severity: Severity,
    /// What it says.
    #[serde(flatten)]
    pub text: Text,
    /// When it was raised.
    pub raised_at: DateTime<Utc>,
    /// Whether somebody knows of it.
    pub acknowledged: bool,
}

impl From<&Alarm> for AlarmLive {
    fn from(alarm: &Alarm) -> Self {
        Self {
            id: alarm.id,
            meter_id: alarm.meter,
            kind: alarm.kind,
            severity: alarm.severity,
            text: alarm.about.clone().into(),
            raised_at: alarm.raised_at,
            acknowledged: alarm.acknowledged.is_some(),
        }
    }
}

/// The open alarms of all sites; copies share them.
#[derive(Debug, Clone)]
pub(crate) struct Open {
    alarms: Arc<RwLock<BTreeMap<i64, Alarm>>>,
    /// Counts changes of rules and of reports that were asked for through this process.
    rules: Arc<watch::Sender<u64>>,
    arrived: Arc<Arrived>,
}

impl Default for Open {
    fn default() -> Self {
        let rules = Arc::new(watch::Sender::new(0));
        Self { alarms: Arc::default(), rules, arrived: Arc::default() }
    }
}

impl Open {
    /// The open alarms of a site, the gravest first, of those the ones raised first.
    pub(crate) fn of(&self, site: SiteId) -> Vec<Alarm> {
        let alarms = self.alarms.read();
        let mut open: Vec<_> =
            alarms.values().filter(|alarm| alarm.site == site).cloned().collect();
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
        let is_it = |alarm: &&Alarm| alarm.rule == Some(rule) && alarm.meter == meter;
        alarms.values().find(is_it).cloned()
    }

    /// The rules and the meters of all of them.
    pub(super) fn keys(&self) -> HashSet<(RuleId, MeterId)> {
        let alarms = self.alarms.read();
        alarms.values().filter_map(|alarm| Some((alarm.rule?, alarm.meter))).collect()
    }

    /// What was stored, for the rules to look at.
    pub(crate) fn arrived(&self) -> &Arc<Arrived> {
        &self.arrived
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

    /// Says that rules, or what meters reported, were changed through this process.
    pub(crate) fn rules_changed(&self) {
        self.rules.send_modify(|count| *count += 1);
    }

    pub(super) fn rule_changes(&self) -> watch::Receiver<u64> {
        self.rules.subscribe()
    }
}
