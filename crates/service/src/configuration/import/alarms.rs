//! Rules of alarms, and who is told.

use std::collections::BTreeSet;

use chrono::Utc;
use domain::alarms::{Kind, Limits, RuleRefusal, Tank, TankRefusal, Terms};
use domain::configuration::refusal::EntryRefusal;
use sqlx::PgConnection;
use storage::configuration::alarms as tables;

use super::super::Document;
use super::super::document::AlarmRuleEntry;
use super::faults::{Faults, no_site, time, within};
use super::{named, rows};
use crate::operation::clock::Simulated;
use crate::{Error, alarms, instants};

pub(super) fn check(
    faults: &mut Faults,
    document: &Document,
    sites: &BTreeSet<&str>,
    known: impl Fn(String, &str, &str) -> Result<(), Error>,
) {
    let rules = document.alarm_rules.as_deref().unwrap_or_default();
    faults.each("alarmRules", rules, |field, rule| {
        if !sites.contains(rule.site.as_str()) {
            return Err(no_site(&field, &rule.site));
        }
        match &rule.meter_number {
            Some(number) => known(format!("{field}.meterNumber"), &rule.site, number)?,
            None if rule.kind == Kind::DieselLow => {
                return Err(Error::invalid(format!("{field}.meterNumber"), TankRefusal::NoMeter));
            }
            None if rule.kind == Kind::Cost => {
                let refusal = RuleRefusal::NoMeter { kind: rule.kind.as_str() };
                return Err(Error::invalid(format!("{field}.meterNumber"), refusal));
            }
            None => {}
        }
        time(&format!("{field}.filledAt"), rule.filled_at)?;
        terms(&field, rule)?.check().map_err(|invalid| {
            Error::invalid(format!("{field}.{}", invalid.field), invalid.message)
        })
    });
    faults.each("alarmRecipients", &document.alarm_recipients, |field, recipient| {
        if !sites.contains(recipient.site.as_str()) {
            return Err(no_site(&field, &recipient.site));
        }
        alarms::check_address(recipient.kind, &recipient.address)
            .map_err(|error| within(&field, error))
    });
}

fn terms(field: &str, rule: &AlarmRuleEntry) -> Result<Terms, Error> {
    let limits = match (rule.direction, rule.raise, rule.clear) {
        (Some(direction), Some(raise), Some(clear)) => Some(Limits { direction, raise, clear }),
        (None, None, None) => None,
        _ => {
            return Err(Error::invalid(format!("{field}.raise"), EntryRefusal::Limits));
        }
    };
    let tank = match (rule.tank_litres, rule.filled_at) {
        (Some(litres), Some(filled_at)) => Some(Tank { litres, filled_at }),
        (None, None) => None,
        _ => {
            return Err(Error::invalid(format!("{field}.tankLitres"), EntryRefusal::Filling));
        }
    };
    Ok(Terms {
        kind: rule.kind,
        channel: rule.channel,
        limits,
        nominal: rule.nominal,
        tank,
        delay_s: rule.delay_seconds,
        clear_delay_s: rule.clear_delay_seconds,
        severity: rule.severity,
        enabled: rule.enabled,
    })
}

/// A rule has no key of its own: the sites of the document get the rules that it lists and no others,
/// and one that stays as it is keeps its alarms.
pub(super) async fn store(db: &mut PgConnection, document: &Document) -> Result<(), Error> {
    tables::put_recipients(&mut *db, &rows(&document.alarm_recipients)).await.map_err(named)?;
    let Some(rules) = &document.alarm_rules else { return Ok(()) };
    let mut wanted: Vec<&AlarmRuleEntry> = rules.iter().collect();
    let mut gone = Vec::new();
    for (id, row) in tables::rules(&mut *db).await? {
        let stored: AlarmRuleEntry = super::super::row(&row)?;
        let place = wanted.iter().position(|rule| **rule == stored);
        match place {
            Some(place) => drop(wanted.remove(place)),
            None if document.sites.iter().any(|site| site.slug == stored.site) => gone.push(id),
            None => {}
        }
    }
    let simulated = storage::simulation::clock::get(&mut *db).await?;
    let present = |site| {
        let simulated = simulated.as_ref().filter(|clock| clock.site == site);
        instants::stored(simulated.map_or_else(Utc::now, |clock| Simulated::from(clock).shown()))
    };
    tables::remove_rules(db, &gone, present).await?;
    tables::add_rules(&mut *db, &rows(&wanted)).await.map_err(named)
}
