//! The simulated world: its resources and meters, its clock, and what changes how it runs. Objects
//! stand outside the envelope.

mod stream;

use axum::extract::State;
use axum::http::StatusCode;
use domain::simulation::{Resource, SimulatedMeter};
use schemars::JsonSchema;
use serde::Deserialize;
use service::simulation::{
    self, ControlRequest, Controlled, EventRequest, LinkRequest, NewResource, NewSimulatedMeter,
    Reported, ResourceRef, SimulationTime, SpikeRequest, Spiked, Switched, TimeChange,
    ToggleRequest,
};
use service::{Patch, Service};

use crate::answer::{Item, Json, List};
use crate::api::sites::ListQuery;
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Query, Who};

pub(crate) use stream::{StreamQuery, stream};

impl Item for Resource {
    const COLUMNS: &'static str = "id,uuid,name,type,appliance_type,meter_id,created_at";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

impl Item for SimulatedMeter {
    const COLUMNS: &'static str = "id,uuid,meter_id,parent_id,er_id,load_factor_consumption,load_factor_production,\
        meter_type,city,state,latitude,longitude,pincode,status,profile,linked_at,created_at";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

pub(crate) async fn resources(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<ListQuery>,
) -> Result<List<Resource>, ApiError> {
    let all = simulation::resources(&service, &who).await?;
    List::of(all, &query.page())
}

pub(crate) async fn resource(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Json<Resource>, ApiError> {
    Ok(Json(simulation::resource(&service, &who, &id).await?))
}

pub(crate) async fn create_resource(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(new): JsonBody<NewResource>,
) -> Result<(StatusCode, Json<Resource>), ApiError> {
    Ok((StatusCode::CREATED, Json(simulation::create_resource(&service, &who, new).await?)))
}

pub(crate) async fn update_resource(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    JsonBody(patch): JsonBody<Patch<NewResource>>,
) -> Result<Json<Resource>, ApiError> {
    Ok(Json(simulation::update_resource(&service, &who, &id, patch).await?))
}

/// Changes of a resource that the body names.
#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(crate) struct NamedResource {
    /// The resource.
    er_id: ResourceRef,
    /// Its changes.
    #[serde(flatten)]
    #[schemars(with = "NewResource")]
    changes: Patch<NewResource>,
}

pub(crate) async fn update_named_resource(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(named): JsonBody<NamedResource>,
) -> Result<Json<Resource>, ApiError> {
    let id = named.er_id.to_string();
    Ok(Json(simulation::update_resource(&service, &who, &id, named.changes).await?))
}

pub(crate) async fn meters(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<ListQuery>,
) -> Result<List<SimulatedMeter>, ApiError> {
    let all = simulation::meters(&service, &who).await?;
    List::of(all, &query.page())
}

pub(crate) async fn meter(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Json<SimulatedMeter>, ApiError> {
    Ok(Json(simulation::meter(&service, &who, &id).await?))
}

pub(crate) async fn create_meter(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(new): JsonBody<NewSimulatedMeter>,
) -> Result<(StatusCode, Json<SimulatedMeter>), ApiError> {
    Ok((StatusCode::CREATED, Json(simulation::create_meter(&service, &who, new).await?)))
}

pub(crate) async fn link(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(request): JsonBody<LinkRequest>,
) -> Result<Json<SimulatedMeter>, ApiError> {
    Ok(Json(simulation::link(&service, &who, request).await?))
}

pub(crate) async fn control(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(request): JsonBody<ControlRequest>,
) -> Result<Json<Controlled>, ApiError> {
    Ok(Json(simulation::control(&service, &who, request).await?))
}

pub(crate) async fn toggle(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(request): JsonBody<ToggleRequest>,
) -> Result<Json<Switched>, ApiError> {
    Ok(Json(simulation::toggle(&service, &who, request).await?))
}

pub(crate) async fn spike(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(request): JsonBody<SpikeRequest>,
) -> Result<Json<Spiked>, ApiError> {
    Ok(Json(simulation::spike(&service, &who, request).await?))
}

pub(crate) async fn report(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(request): JsonBody<EventRequest>,
) -> Result<Json<Reported>, ApiError> {
    Ok(Json(simulation::report(&service, &who, request).await?))
}

pub(crate) async fn time(
    State(service): State<Service>,
    Who(who): Who,
) -> Result<Json<SimulationTime>, ApiError> {
    Ok(Json(simulation::status(&service, &who).await?.clock))
}

pub(crate) async fn set_time(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(change): JsonBody<TimeChange>,
) -> Result<Json<SimulationTime>, ApiError> {
    Ok(Json(simulation::set_time(&service, &who, change).await?))
}
