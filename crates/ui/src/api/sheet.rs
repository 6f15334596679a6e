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
    /// Seconds after which it is drawn anew; 0 where it is not. Where that is often, only its parts with an id and
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
#[cfg(feature = "ssr")]
pub async fn ask_sheet(path: String, query: String) -> Result<Option<Sheet>, ServerFnError> {
    Box::pin(get_sheet(path, query)).await?.map_err(ServerFnError::ServerError)
}

/// The same. Asked without the client of server functions: islands of a document call no other.
#[cfg(not(feature = "ssr"))]
pub async fn ask_sheet(path: String, query: String) -> Result<Option<Sheet>, ServerFnError> {
    use crate::fetch::post;
    use crate::json::Part;
    use leptos::server_fn::ServerFn;
    let quoted = |text: String| js_sys::JSON::stringify(&text.into()).map(String::from);
    let (path, query) = (quoted(path).unwrap_or_default(), quoted(query).unwrap_or_default());
    let asked = format!("{{\"path\":{path},\"query\":{query}}}");
    let headers = [("content-type", "application/json"), ("accept", "application/json")];
    match post(<GetSheet as ServerFn>::PATH, &asked.into(), &headers).await {
        Ok((true, text)) => match Part::parse(&text).as_ref().map(read) {
            Some(answer) => answer.map_err(ServerFnError::ServerError),
            None => Err(ServerFnError::Deserialization(text)),
        },
        Ok((false, text)) => {
            let why = text.split_once('|').map_or(text.as_str(), |(_, why)| why);
            Err(ServerFnError::ServerError(why.to_owned()))
        }
        Err(_) => Err(ServerFnError::Request(String::new())),
    }
}

/// Reads what the server answered.
#[cfg(not(feature = "ssr"))]
fn read(answer: &crate::json::Part) -> Result<Option<Sheet>, String> {
    if let Some(why) = answer.field("Err") {
        return Err(why.text().unwrap_or_default());
    }
    Ok(answer.field("Ok").and_then(|sheet| {
        Some(Sheet {
            title: sheet.field("title")?.text()?,
            html: sheet.field("html")?.text()?,
            refresh_s: sheet.field("refresh_s")?.whole()?,
        })
    }))
}
