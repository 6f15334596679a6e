//! `/api/emission-factors`.

use axum::extract::State;
use service::carbon::factors::{self, FactorView, NewFactor};
use service::{Service, named};

use crate::answer::{Created, Data, Item, List};
use crate::api::sites::SiteListQuery;
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Query, Who};

impl Item for FactorView {
    const COLUMNS: &'static str = "id,site,kind,meterId,value,unit,source,validFrom";

    fn key(&self) -> String {
        self.id.map_or_else(|| self.kind.as_str().to_owned(), |id| id.to_string())
    }
}

pub(crate) async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteListQuery>,
) -> Result<List<FactorView>, ApiError> {
    let factors = factors::list(&service, &who, query.site.as_ref()).await?;
    List::of(factors, &query.page())
}

pub(crate) async fn create(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(new): JsonBody<NewFactor>,
) -> Result<Created<FactorView>, ApiError> {
    Ok(Created(factors::create(&service, &who, new).await?))
}

pub(crate) async fn remove(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Data<FactorView>, ApiError> {
    Ok(Data(factors::remove(&service, &who, named(&id)?).await?))
}
