//! Handlers of `/api/users`.

use axum::extract::State;
use domain::people::{Person, UserId};
use service::people::accounts::{self, NewUser, UserChanges};
use service::{Service, named};

use crate::answer::{Created, Data, Item, List};
use crate::api::sites::ListQuery;
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Query, Who};

impl Item for Person {
    const COLUMNS: &'static str = "id,name,displayName,isDisabled,roles,lastSeen";

    fn key(&self) -> String {
        self.name.clone()
    }
}

pub(crate) async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<ListQuery>,
) -> Result<List<Person>, ApiError> {
    List::of(accounts::list_here(&service, &who).await?, &query.page())
}

pub(crate) async fn create(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(new): JsonBody<NewUser>,
) -> Result<Created<Person>, ApiError> {
    Ok(Created(accounts::create_here(&service, &who, new).await?))
}

pub(crate) async fn get(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Data<Person>, ApiError> {
    Ok(Data(accounts::get(&service, &who, named::<UserId>(&id)?).await?))
}

pub(crate) async fn update(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    JsonBody(changes): JsonBody<UserChanges>,
) -> Result<Data<Person>, ApiError> {
    Ok(Data(accounts::update(&service, &who, named::<UserId>(&id)?, changes).await?))
}

pub(crate) async fn erase(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Data<Person>, ApiError> {
    Ok(Data(accounts::erase(&service, &who, named::<UserId>(&id)?).await?))
}
