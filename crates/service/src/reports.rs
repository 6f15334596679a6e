//! The monthly report of a site: as figures, and by mail to whom it is sent each month.

mod mail;
pub mod page;
mod schedules;

use domain::SiteSlug;
use domain::reports::view::ReportPage;
use domain::reports::{Month, MonthTotal};

use crate::pages::Query;
use crate::{Action, Error, Principal, Service};

pub use mail::{Draw, Mailer, send};
pub use schedules::{
    NewSchedule, ScheduleChanges, ScheduleView, create, remove, schedules, send_now, update,
};
pub(crate) use schedules::{Terms, find as schedule_named};

fn of_site(site: Option<&SiteSlug>) -> Query {
    Query::default().with("site", site.map_or("", SiteSlug::as_str))
}

/// The months of which anything may be known, newest first.
pub async fn months(
    service: &Service,
    who: &Principal,
    site: Option<&SiteSlug>,
) -> Result<Vec<MonthTotal>, Error> {
    Ok(page::reports(service, who, &of_site(site)).await?.months)
}

/// The report of a month, with what it is drawn from.
pub async fn page(
    service: &Service,
    who: &Principal,
    site: Option<&SiteSlug>,
    month: Month,
) -> Result<ReportPage, Error> {
    page::of_month(
        service,
        crate::pages::site(service, who, Action::See, &of_site(site)).await?,
        month,
    )
    .await
}
