//! The page of data loggers.

use domain::SiteSlug;
use domain::devices::view::loggers::LoggersPage;

use crate::devices::acquisuite;
use crate::pages::Query;
use crate::{Action, Error, Principal, Service};

/// Reasons of refused uploads of nobody known that are shown.
const STRANGERS: usize = 5;

/// The loggers of a site.
pub async fn loggers(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<LoggersPage, Error> {
    let shown = crate::pages::shown(service, who, Action::See, query).await?;
    let loggers = acquisuite::list(service, who, Some(&SiteSlug::from(&shown.site))).await?;
    let mut strangers = acquisuite::refused_of_nobody(service).await?;
    strangers.truncate(STRANGERS);
    Ok(LoggersPage {
        loggers,
        strangers,
        chosen: query.get("logger").map(str::to_owned),
        upload_path: format!("/acquisuite/{}/upload", shown.site.slug),
        shown,
    })
}
