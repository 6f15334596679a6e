//! `/api/Energy/dashboard`: what a site does at one instant.

use axum::extract::State;
use domain::SiteSlug;
use domain::period::Moment;
use schemars::JsonSchema;
use serde::Deserialize;
use service::overview::dashboard::{self, MapView};
use service::{Service, SiteWindow};

use crate::answer::Data;
use crate::error::ApiError;
use crate::extract::{Query, Who};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MapQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<SiteSlug>,
    /// Begin of the window: RFC 3339, or a date in the site's zone; today unless stated.
    from: Option<Moment>,
    /// End of the window, itself not in it; now unless stated.
    to: Option<Moment>,
}

pub(crate) async fn map(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<MapQuery>,
) -> Result<Data<MapView>, ApiError> {
    let asked =
        SiteWindow { site: query.site.as_ref(), from: query.from, to: query.to, explain: false };
    Ok(Data(dashboard::map(&service, &who, asked).await?))
}
