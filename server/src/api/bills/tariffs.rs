//! `/api/tariffs`, and the tariff of a meter.

use axum::extract::State;
use domain::bills::tariff::Version;
use service::bills::tariffs::{
    self, Assigned, NewAssignment, NewTariff, TariffChanges, TariffPreview,
};
use service::{Patch, Service, named};

use crate::answer::{Created, Data, Item, List};
use crate::api::meters::SiteQuery;
use crate::api::sites::SiteListQuery;
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Query, Who};

impl Item for Version {
    const COLUMNS: &'static str = "id,name,site,currency,validFrom,validTo,isDefault,fixedPerMonth,fixedPerDay,\
        holidays,energy,demandPerKw,demandMinutes,taxPercent,netting";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

pub(crate) async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteListQuery>,
) -> Result<List<Version>, ApiError> {
    let versions = tariffs::list(&service, &who, query.site.as_ref()).await?;
    List::of(versions, &query.page())
}

pub(crate) async fn create(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(new): JsonBody<NewTariff>,
) -> Result<Created<Version>, ApiError> {
    Ok(Created(tariffs::create(&service, &who, new).await?))
}

pub(crate) async fn preview(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(new): JsonBody<NewTariff>,
) -> Result<Data<TariffPreview>, ApiError> {
    Ok(Data(tariffs::preview(&service, &who, new).await?))
}

pub(crate) async fn get(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Data<Version>, ApiError> {
    Ok(Data(tariffs::get(&service, &who, named(&id)?).await?))
}

pub(crate) async fn update(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    JsonBody(patch): JsonBody<Patch<TariffChanges>>,
) -> Result<Data<Version>, ApiError> {
    Ok(Data(tariffs::update(&service, &who, named(&id)?, patch).await?))
}

pub(crate) async fn remove(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Data<Version>, ApiError> {
    Ok(Data(tariffs::remove(&service, &who, named(&id)?).await?))
}

pub(crate) async fn assign(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
    JsonBody(new): JsonBody<NewAssignment>,
) -> Result<Data<Assigned>, ApiError> {
    Ok(Data(tariffs::assign(&service, &who, &query.meter(id), new).await?))
}
