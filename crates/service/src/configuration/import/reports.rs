//! Who gets the monthly reports.

use chrono::Utc;
use domain::reports::Schedule;
use domain::reports::refusal::ScheduleRefusal;
use domain::sites::SiteKind;
use sqlx::PgConnection;
use storage::reports::schedules;

use super::super::Document;
use super::super::document::ReportScheduleEntry;
use super::faults::{Faults, no_site, within};
use crate::Error;
use crate::reports::{NewSchedule, Terms};

fn terms(entry: &ReportScheduleEntry) -> Result<Terms, Error> {
    let new = NewSchedule {
        site: None,
        addresses: entry.addresses.clone(),
        day: Some(entry.day),
        hour: Some(entry.hour),
        language: Some(entry.language.clone()),
        enabled: Some(entry.enabled),
    };
    new.terms()
}

pub(super) fn check(faults: &mut Faults, document: &Document) {
    faults.each("reportSchedules", &document.report_schedules, |field, schedule| {
        match document.sites.iter().find(|site| site.slug == schedule.site) {
            None => Err(no_site(&field, &schedule.site)),
            Some(site) if site.kind == SiteKind::Simulated => {
                Err(Error::invalid(format!("{field}.site"), ScheduleRefusal::Simulated))
            }
            Some(_) => terms(schedule).map(drop).map_err(|error| within(&field, error)),
        }
    });
}

/// One with the same site and mailboxes is changed where it differs; else it is added, and sends the
/// next report that becomes due.
pub(super) async fn store(db: &mut PgConnection, document: &Document) -> Result<(), Error> {
    for entry in &document.report_schedules {
        let Some(site) = storage::sites::by_slug(&mut *db, &entry.site).await? else { continue };
        let Terms { addresses, due, language, enabled } = terms(entry)?;
        let stored = schedules::list(&mut *db, site.id).await?;
        let stored = stored.into_iter().find(|schedule| schedule.addresses == addresses);
        let next = due.next(site.zone, Utc::now());
        let Some(before) = stored else {
            let new = Schedule::new(site.id, addresses, (due, next), language, enabled);
            schedules::insert(&mut *db, &new).await?;
            continue;
        };
        let next = if enabled && !before.enabled { before.next.max(next) } else { before.next };
        let after = Schedule { due, language, enabled, next, ..before.clone() };
        if after != before {
            schedules::update(&mut *db, &after).await?;
        }
    }
    Ok(())
}
