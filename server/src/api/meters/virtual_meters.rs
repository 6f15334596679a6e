//! `/api/virtual-meters`.

use axum::extract::State;
use service::Service;
use service::meters::Removed;
use service::meters::virtual_meters::{self, NewVirtualMeter, VirtualMeterView};

use crate::answer::{Created, Data, Item, List};
use crate::api::meters::SiteQuery;
use crate::api::sites::SiteListQuery;
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Query, Who};

impl Item for VirtualMeterView {
    const COLUMNS: &'static str = "id,site,meterNumber,meterName,parentMeterId,terms";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

pub(crate) async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteListQuery>,
) -> Result<List<VirtualMeterView>, ApiError> {
    let meters = virtual_meters::list(&service, &who, query.site.as_ref()).await?;
    List::of(meters, &query.page())
}

pub(crate) async fn create(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteQuery>,
    JsonBody(new): JsonBody<NewVirtualMeter>,
) -> Result<Created<VirtualMeterView>, ApiError> {
    Ok(Created(virtual_meters::create(&service, &who, query.site.as_ref(), new).await?))
}

pub(crate) async fn get(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
) -> Result<Data<VirtualMeterView>, ApiError> {
    Ok(Data(virtual_meters::get(&service, &who, &query.meter(id)).await?))
}

pub(crate) async fn remove(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
) -> Result<Data<Removed>, ApiError> {
    Ok(Data(virtual_meters::remove(&service, &who, &query.meter(id)).await?))
}
