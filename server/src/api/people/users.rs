//! Handlers of `/api/users`.

use axum::extract::{Extension, State};
use domain::people::{Person, Session, UserId};
use schemars::JsonSchema;
use serde::Serialize;
use service::people::accounts::{self, NewUser, UserChanges};
use service::{Service, named};

use crate::answer::{Created, Data, Item, List};
use crate::api::sites::ListQuery;
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Query, Who};
use crate::invitation::PublicUrl;

impl Item for Person {
    const COLUMNS: &'static str = "id,name,displayName,email,hasPassword,isDisabled,roles,lastSeen";

    fn key(&self) -> String {
        self.name.clone()
    }
}

impl Item for Session {
    const COLUMNS: &'static str = "id,device,address,begunAt,usedAt";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

/// A user that was created.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CreatedUser {
    #[serde(flatten)]
    person: Person,
    /// Of a user without a password: the link by which it is set, once and within 24 hours. A path where the server
    /// does not know the address under which it is reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation: Option<String>,
}

/// A link by which a user sets a password.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Invitation {
    /// It works once, for 24 hours. A path where the server does not know the address under which it is reached.
    invitation: String,
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
    Extension(public): Extension<PublicUrl>,
    JsonBody(new): JsonBody<NewUser>,
) -> Result<Created<CreatedUser>, ApiError> {
    let (person, token) = accounts::create_here(&service, &who, new).await?;
    Ok(Created(CreatedUser { person, invitation: token.map(|token| public.link(&token)) }))
}

pub(crate) async fn invite(
    State(service): State<Service>,
    Who(who): Who,
    Extension(public): Extension<PublicUrl>,
    Id(id): Id,
) -> Result<Created<Invitation>, ApiError> {
    let token = accounts::invite(&service, &who, named::<UserId>(&id)?).await?;
    Ok(Created(Invitation { invitation: public.link(&token) }))
}

pub(crate) async fn sessions(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<ListQuery>,
) -> Result<List<Session>, ApiError> {
    let sessions = accounts::list_sessions(&service, &who, named::<UserId>(&id)?).await?;
    List::of(sessions, &query.page())
}

pub(crate) async fn end_sessions(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Data<Person>, ApiError> {
    Ok(Data(accounts::end_sessions(&service, &who, named::<UserId>(&id)?).await?))
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
