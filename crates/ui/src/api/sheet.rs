//! A page that the server draws, for a browser that is on another one.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::json::Json;

/// A page, or a part of one, as the server drew it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub title: String,
    /// Its content.
    pub html: String,
    /// Seconds after which it is drawn anew. Where that is often, only its parts with an id and
    /// `data-live` are put in place then, so that nobody loses what they are typing beside them.
    pub refresh_s: u32,
}

/// What the server draws for an address; none where nothing is.
#[server(prefix = "/fn", endpoint = "sheet", input = Json, output = Json)]
pub async fn get_sheet(
    /// The path, such as `/losses`.
    path: String,
    /// What follows after `?`.
    query: String,
) -> Result<Result<Option<Sheet>, String>, ServerFnError> {
    let (service, who) = super::acting()?;
    super::answer(super::pages()?.draw(&service, &who, &path, &query).await)
}

/// What the server draws for an address, or why it does not; a refusal is shown as any failure is.
pub async fn ask_sheet(path: String, query: String) -> Result<Option<Sheet>, ServerFnError> {
    Box::pin(get_sheet(path, query)).await?.map_err(ServerFnError::ServerError)
}
