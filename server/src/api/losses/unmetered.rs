//! `/api/Energy/meters/{id}/unmetered`: known loads below a node that no meter sees.

use axum::extract::State;
use domain::losses::unmetered::Unmetered;
use service::Service;
use service::losses::unmetered::{self, Existing, NewUnmetered, declare};

use crate::answer::{Created, Data, Item, List};
use crate::api::meters::SiteQuery;
use crate::api::sites::SiteListQuery;
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Query, Who};

impl Item for Unmetered {
    const COLUMNS: &'static str = "meterId,validFrom,powerKw,reason";

    fn key(&self) -> String {
        self.valid_from.timestamp_micros().to_string()
    }
}

pub(crate) async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteListQuery>,
) -> Result<List<Unmetered>, ApiError> {
    let loads = unmetered::list(&service, &who, &query.meter(id)).await?;
    List::of(loads, &query.page())
}

pub(crate) async fn create(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
    JsonBody(new): JsonBody<NewUnmetered>,
) -> Result<Created<Unmetered>, ApiError> {
    Ok(Created(declare(&service, &who, &query.meter(id), new, Existing::Refused).await?))
}

pub(crate) async fn put(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
    JsonBody(new): JsonBody<NewUnmetered>,
) -> Result<Data<Unmetered>, ApiError> {
    Ok(Data(declare(&service, &who, &query.meter(id), new, Existing::Replaced).await?))
}
