//! Forms of pages, as a browser sends them that runs nothing: otherwise the page does, through `/fn/act`.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::response::Redirect;
use domain::operation::request::{BodyRefusal, QueryRefusal};
use schemars::JsonSchema;
use serde::Deserialize;
use service::Service;

use super::devices::form;
use crate::error::ApiError;
use crate::extract::{Id, Query, Who};
use crate::multipart::Part;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NextQuery {
    /// Path of the page that shows what became of it; the overview unless stated.
    next: Option<String>,
}

/// The fields of the form, each as text.
pub(crate) type Fields = BTreeMap<String, String>;

pub(crate) async fn send(
    State(service): State<Service>,
    Who(who): Who,
    Id(name): Id,
    Query(query): Query<NextQuery>,
    request: Request,
) -> Result<Redirect, ApiError> {
    let next = query.next.unwrap_or_else(|| "/".to_owned());
    if !is_path(&next) {
        return Err(ApiError::unprocessable("invalid_value", QueryRefusal::NoPage).at("next"));
    }
    let text = |part: Part| {
        let value = String::from_utf8(part.bytes.to_vec());
        value.map(|value| (part.name, value)).map_err(|_| ApiError::malformed(BodyRefusal::NoUtf8))
    };
    let fields = form(request).await?.into_iter().map(text).collect::<Result<Vec<_>, _>>()?;
    app::submit(&service, &who, &name, fields).await?;
    Ok(Redirect::to(&next))
}

/// Whether it leads to one of our pages: the address of another server may not hide behind it.
pub(crate) fn is_path(next: &str) -> bool {
    let rest = next.strip_prefix('/').filter(|rest| !rest.starts_with(['/', '\\']));
    rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_graphic()))
}
