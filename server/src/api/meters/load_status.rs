//! `/api/load/status`.

use axum::extract::State;
use service::Service;
use service::meters::load_status::{self, LoadStatus};

use crate::answer::Data;
use crate::api::meters::SiteQuery;
use crate::error::ApiError;
use crate::extract::{Query, Who};

pub(crate) async fn get(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteQuery>,
) -> Result<Data<LoadStatus>, ApiError> {
    Ok(Data(load_status::get(&service, &who, query.site.as_ref()).await?))
}
