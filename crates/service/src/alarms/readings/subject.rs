//! A meter, and the rules that look at what its readings tell.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::alarms::{By, Rule, RuleId};
use domain::energy::staleness::stale_after;
use domain::meters::Meter;
use domain::sites::{Site, SiteKind};
use domain::{MeterId, SiteId};

use crate::Core;
use crate::alarms::present;
use crate::registry::Known;

/// What comes later than this is not looked at any more.
pub(super) const LATE: TimeDelta = TimeDelta::hours(24);

/// The rules that look at what readings tell, by whom they look at.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Rules {
    of_site: HashMap<SiteId, Vec<Rule>>,
    of_meter: HashMap<MeterId, Vec<Rule>>,
    all: HashSet<RuleId>,
}

impl Rules {
    pub(super) fn new(rules: &[Rule]) -> Self {
        let mut found = Self::default();
        for rule in rules {
            if !rule.terms.enabled || !rule.terms.kind.is_told_by_readings() {
                continue;
            }
            found.all.insert(rule.id);
            match rule.meter {
                Some(meter) => found.of_meter.entry(meter).or_default().push(rule.clone()),
                None => found.of_site.entry(rule.site).or_default().push(rule.clone()),
            }
        }
        found
    }

    pub(super) fn has(&self, rule: RuleId) -> bool {
        self.all.contains(&rule)
    }

    fn of<'a>(&'a self, meter: &'a Meter) -> impl Iterator<Item = &'a Rule> {
        let of_site = self.of_site.get(&meter.site).into_iter().flatten();
        let of_meter = self.of_meter.get(&meter.id).into_iter().flatten();
        of_site.chain(of_meter).filter(|rule| rule.is_about(meter))
    }

    /// Whether any of them looks at a meter.
    pub(super) fn look_at(&self, meter: &Meter) -> bool {
        self.of(meter).next().is_some()
    }
}

/// A meter that rules look at.
pub(super) struct Subject<'a> {
    pub(super) site: &'a Site,
    pub(super) meter: &'a Meter,
    pub(super) rules: Vec<&'a Rule>,
    /// What is older than this says nothing.
    pub(super) limit: TimeDelta,
    /// The present of its site.
    pub(super) now: DateTime<Utc>,
}

impl<'a> Subject<'a> {
    /// None where the meter is gone, or no rule looks at it.
    pub(super) fn of(core: &Core, known: &'a Known, rules: &'a Rules, id: MeterId) -> Option<Self> {
        let site = known.site_of(id)?;
        let meter = known.trees.get(&site.id)?.get(id)?;
        let rules: Vec<_> = rules.of(meter).collect();
        let limit = stale_after(known.polls.get(&id).copied());
        let now = present(core, site);
        (!rules.is_empty()).then_some(Self { site, meter, rules, limit, now })
    }

    pub(super) fn by(&self) -> By<'_> {
        By { meter: self.meter, rules: &self.rules, limit: self.limit }
    }

    /// For what is only noted.
    pub(super) fn by_none(&self) -> By<'_> {
        By { rules: &[], ..self.by() }
    }

    /// From when on its readings are looked at. What is simulated comes in order, however fast time goes there.
    pub(super) fn oldest(&self) -> DateTime<Utc> {
        match self.site.kind {
            SiteKind::Live => self.now - LATE,
            SiteKind::Simulated => DateTime::UNIX_EPOCH,
        }
    }
}
