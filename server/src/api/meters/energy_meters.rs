//! `/api/energy-meters`.

use axum::extract::State;
use service::devices::commissioning::{
    self, Announced, BrokerAsked, Look, Registers, RegistersRequest, ScanAsked, Scanned, TestRead,
};
use service::meters::Removed;
use service::meters::energy_meters::{self, EnergyMeterView, NewEnergyMeter};
use service::meters::load_status::{self, BuildingConsumption};
use service::{Patch, Service};

use crate::answer::{Created, Data, Item, List};
use crate::api::meters::SiteQuery;
use crate::api::sites::SiteListQuery;
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Query, Who};

impl Item for EnergyMeterView {
    const COLUMNS: &'static str = "id,meterNumber,name,location,protocol,meterType,pollInterval,communication,\
        parentMeterId,status,statusReason,currentPower,totalEnergy,voltage,current,\
        powerFactor,frequency,lastUpdate,quality";

    fn key(&self) -> String {
        self.id.clone()
    }
}

pub(crate) async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteListQuery>,
) -> Result<List<EnergyMeterView>, ApiError> {
    let meters = energy_meters::list(&service, &who, query.site.as_ref()).await?;
    List::of(meters, &query.page())
}

pub(crate) async fn create(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteQuery>,
    JsonBody(new): JsonBody<NewEnergyMeter>,
) -> Result<Created<EnergyMeterView>, ApiError> {
    Ok(Created(energy_meters::create(&service, &who, query.site.as_ref(), new).await?))
}

pub(crate) async fn get(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Data<EnergyMeterView>, ApiError> {
    Ok(Data(energy_meters::get(&service, &who, &id).await?))
}

pub(crate) async fn update(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    JsonBody(patch): JsonBody<Patch<NewEnergyMeter>>,
) -> Result<Data<EnergyMeterView>, ApiError> {
    Ok(Data(energy_meters::update(&service, &who, &id, patch).await?))
}

pub(crate) async fn remove(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Data<Removed>, ApiError> {
    Ok(Data(energy_meters::remove(&service, &who, &id).await?))
}

pub(crate) async fn test(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(asked): JsonBody<TestRead>,
) -> Result<Data<Look>, ApiError> {
    Ok(Data(commissioning::test(&service, &who, asked).await?))
}

pub(crate) async fn scan(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(asked): JsonBody<ScanAsked>,
) -> Result<Data<Scanned>, ApiError> {
    Ok(Data(commissioning::scan(&service, &who, asked).await?))
}

pub(crate) async fn discover(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(asked): JsonBody<BrokerAsked>,
) -> Result<Data<Announced>, ApiError> {
    Ok(Data(commissioning::announced(&service, &who, asked).await?))
}

pub(crate) async fn registers(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(asked): JsonBody<RegistersRequest>,
) -> Result<Data<Registers>, ApiError> {
    Ok(Data(commissioning::raw(&service, &who, asked).await?))
}

pub(crate) async fn building(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteQuery>,
) -> Result<Data<BuildingConsumption>, ApiError> {
    Ok(Data(load_status::building(&service, &who, query.site.as_ref()).await?))
}
