//! `/api/session` and `/api/me`.

use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;
use service::people::account;
use service::people::me::{self, Me};
use service::people::sign_in;
use service::{Principal, Service};

use crate::answer::Data;
use crate::client::Origin;
use crate::cookies;
use crate::error::ApiError;
use crate::extract::{JsonBody, Who};
use crate::sign_in::attempt;

/// A user name and a password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// The user name.
    name: String,
    /// The password.
    password: String,
}

pub(crate) async fn begin(
    State(service): State<Service>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    JsonBody(given): JsonBody<Credentials>,
) -> Result<Response, ApiError> {
    let pair = (given.name.as_str(), given.password.as_str());
    let begun = sign_in::sign_in(&service, attempt(&headers, origin, pair)).await?;
    let mut response = Data(me::of(&begun.who)).into_response();
    cookies::keep(response.headers_mut(), &begun, origin.is_secure);
    Ok(response)
}

pub(crate) async fn end(
    State(service): State<Service>,
    Extension(origin): Extension<Origin>,
    Who(who): Who,
) -> Result<Response, ApiError> {
    account::sign_out(&service, &who).await?;
    let mut response = Data(me::of(&Principal::Anonymous)).into_response();
    cookies::forget(response.headers_mut(), origin.is_secure);
    Ok(response)
}

pub(crate) async fn me(Who(who): Who) -> Data<Me> {
    Data(me::of(&who))
}
