//! The monthly report of a site: as figures, and by mail to whom it is sent each month.

mod mail;
pub mod page;
mod schedules;

use domain::reports::view::ReportPage;
use domain::reports::{MonthTotal, Report};

use crate::pages::Query;
use crate::{Error, Principal, Service};

pub use mail::{Draw, Mailer, send};
pub use schedules::{
    NewSchedule, ScheduleChanges, ScheduleView, create, remove, schedules, send_now, update,
};
pub(crate) use schedules::{Terms, find as schedule_named};

fn of_site(site: Option<&str>) -> Query {
    Query::default().with("site", site.unwrap_or_default())
}

/// The months of which anything may be known, newest first.
pub async fn months(
    service: &Service,
    who: &Principal,
    site: Option<&str>,
) -> Result<Vec<MonthTotal>, Error> {
    Ok(page::reports(service, who, &of_site(site)).await?.months)
}

/// The report of a month, such as `2026-10`.
pub async fn report(
    service: &Service,
    who: &Principal,
    site: Option<&str>,
    month: &str,
) -> Result<Report, Error> {
    Ok(page(service, who, site, month).await?.report)
}

/// The same with what it is drawn from.
pub async fn page(
    service: &Service,
    who: &Principal,
    site: Option<&str>,
    month: &str,
) -> Result<ReportPage, Error> {
    page::report(service, who, month, &of_site(site)).await
}
