//! `/api/mqtt/brokers`.

use axum::extract::State;
use service::Service;
use service::devices::brokers::{self, BrokerView};

use crate::answer::{Data, Item, List};
use crate::api::sites::ListQuery;
use crate::error::ApiError;
use crate::extract::{Id, Patch, Query, Who};

impl Item for BrokerView {
    const COLUMNS: &'static [&'static str] =
        &["name", "url", "username", "passwordSet", "caCertificate"];

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
    Patch(patch): Patch,
) -> Result<Data<BrokerView>, ApiError> {
    Ok(Data(brokers::put(&service, &who, &name, patch).await?))
}
