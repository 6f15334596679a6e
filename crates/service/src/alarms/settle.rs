//! Stores what follows of a look, and says so.

use chrono::{DateTime, Utc};
use domain::alarms::{Measured, Rule, about};
use domain::figures::thousandths;
use domain::meters::Meter;
use domain::sites::Site;
use storage::alarms::{Deed, Done, NewAlarm};

use crate::alarms::open::Open;
use crate::{Core, Error};

/// Does all of it or nothing, so that what cannot be stored is tried again.
pub(super) async fn settle(
    core: &Core,
    open: &Open,
    site: &Site,
    meter: &Meter,
    deeds: &[Deed],
) -> Result<(), Error> {
    if deeds.is_empty() {
        return Ok(());
    }
    let (site, meter) = (&site.slug, &meter.number);
    for done in storage::alarms::settle(core.pool(), deeds).await? {
        match done {
            Done::Raised(alarm) => {
                open.change(&alarm);
                tracing::warn!(%site, meter, "alarm: {}", alarm.about);
            }
            Done::Open(alarm) => open.change(&alarm),
            Done::Entered(alarm) => {
                let (from, about) = (alarm.raised_at, &alarm.about);
                tracing::warn!(%site, meter, "alarm of {from}, which is over: {about}");
            }
            Done::Cleared(id) => {
                if let Some(alarm) = open.remove(id) {
                    let kind = alarm.kind.as_str();
                    tracing::info!(%site, meter, "the alarm {kind} is over");
                }
            }
            Done::Nothing => {}
        }
    }
    Ok(())
}

/// The alarm of a rule and a meter that shows this.
pub(super) fn alarm(
    (site, rule): (&Site, &Rule),
    meter: &Meter,
    measured: &Measured,
    at: DateTime<Utc>,
) -> NewAlarm {
    NewAlarm {
        site: rule.site,
        rule: rule.id,
        meter: meter.id,
        kind: rule.terms.kind,
        severity: rule.terms.severity,
        about: about(&rule.terms, &site.currency, measured),
        value: measured.value.map(thousandths),
        unit: rule.terms.unit(&site.currency),
        at,
    }
}
