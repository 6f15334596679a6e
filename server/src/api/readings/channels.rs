//! `/api/channels`.

use axum::extract::State;
use domain::SiteSlug;
use schemars::JsonSchema;
use serde::Deserialize;
use service::Service;
use service::readings::channels::{self, ChannelsView};

use crate::answer::Data;
use crate::error::ApiError;
use crate::extract::{Query, Who};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelsQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<SiteSlug>,
    /// `channelPrefix` of one meter, such as `grid`; all meters of the site unless stated.
    prefix: Option<String>,
}

pub(crate) async fn get(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<ChannelsQuery>,
) -> Result<Data<ChannelsView>, ApiError> {
    let (site, prefix) = (query.site.as_ref(), query.prefix.as_deref());
    Ok(Data(channels::get(&service, &who, site, prefix).await?))
}
