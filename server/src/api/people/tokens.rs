//! Handlers of `/api/tokens`.

use axum::extract::State;
use domain::people::{TokenId, TokenView};
use service::people::tokens::{self, MadeToken, NewToken};
use service::{Service, named};

use crate::answer::{Created, Data, Item, List};
use crate::api::sites::ListQuery;
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Query, Who};

impl Item for TokenView {
    const COLUMNS: &'static str = "id,name,user,actions,site,meters,expiresAt,createdAt,usedAt";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

pub(crate) async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<ListQuery>,
) -> Result<List<TokenView>, ApiError> {
    List::of(tokens::list(&service, &who).await?, &query.page())
}

pub(crate) async fn create(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(new): JsonBody<NewToken>,
) -> Result<Created<MadeToken>, ApiError> {
    Ok(Created(tokens::create(&service, &who, new).await?))
}

pub(crate) async fn end(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Data<TokenView>, ApiError> {
    Ok(Data(tokens::end(&service, &who, named::<TokenId>(&id)?).await?))
}
