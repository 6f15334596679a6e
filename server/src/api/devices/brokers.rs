//! `/api/mqtt/brokers`.

use axum::extract::State;
use service::devices::brokers::{self, BrokerView, NewBroker};
use service::{Patch, Service};

use crate::answer::{Data, Item, List};
use crate::api::sites::ListQuery;
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Query, Who};

impl Item for BrokerView {
    const COLUMNS: &'static str = "name,url,username,passwordSet,caCertificate";

    fn key(&self) -> String {
        self.name.clone()
    }
}

pub(crate) async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<ListQuery>,
) -> Result<List<BrokerView>, ApiError> {
    List::of(brokers::list(&service, &who).await?, &query.page())
}

pub(crate) async fn get(
    State(service): State<Service>,
    Who(who): Who,
    Id(name): Id,
) -> Result<Data<BrokerView>, ApiError> {
    Ok(Data(brokers::get(&service, &who, &name).await?))
}

pub(crate) async fn put(
    State(service): State<Service>,
    Who(who): Who,
    Id(name): Id,
    JsonBody(patch): JsonBody<Patch<NewBroker>>,
) -> Result<Data<BrokerView>, ApiError> {
    Ok(Data(brokers::put(&service, &who, &name, patch).await?))
}
