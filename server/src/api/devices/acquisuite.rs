//! `/acquisuite/upload` for loggers, and `/api/acquisuite/loggers` for people.

mod upload;

use axum::extract::State;
use domain::devices::view::loggers::LoggerView;
use serde_json::{Map, Value};
use service::devices::acquisuite::{self, LoggerChanges};
use service::{Patch, Service};

use crate::answer::{Created, Data, Item, List};
use crate::api::sites::SiteListQuery;
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Query, Who};

pub(crate) use upload::{UploadForm, to_any, to_site};

impl Item for LoggerView {
    const COLUMNS: &'static str = "serialNumber,site,utilityMeterId,loadMeterId,solarMeterId,missingMeterId,\
        uploads.lastAt,uploads.files,uploads.stored,uploads.refused,uploads.lastRefused";

    fn key(&self) -> String {
        self.serial_number.to_string()
    }
}

pub(crate) async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteListQuery>,
) -> Result<List<LoggerView>, ApiError> {
    let loggers = acquisuite::list(&service, &who, query.site.as_ref()).await?;
    List::of(loggers, &query.page())
}

pub(crate) async fn create(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(sent): JsonBody<Map<String, Value>>,
) -> Result<Created<LoggerView>, ApiError> {
    Ok(Created(acquisuite::create(&service, &who, sent).await?))
}

pub(crate) async fn get(
    State(service): State<Service>,
    Who(who): Who,
    Id(serial): Id,
) -> Result<Data<LoggerView>, ApiError> {
    Ok(Data(acquisuite::get(&service, &who, &serial).await?))
}

pub(crate) async fn update(
    State(service): State<Service>,
    Who(who): Who,
    Id(serial): Id,
    JsonBody(patch): JsonBody<Patch<LoggerChanges>>,
) -> Result<Data<LoggerView>, ApiError> {
    Ok(Data(acquisuite::update(&service, &who, &serial, patch).await?))
}

pub(crate) async fn remove(
    State(service): State<Service>,
    Who(who): Who,
    Id(serial): Id,
) -> Result<Data<LoggerView>, ApiError> {
    Ok(Data(acquisuite::remove(&service, &who, &serial).await?))
}
