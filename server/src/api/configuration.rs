//! `/api/configuration`: what people entered, as one document.

use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use service::Service;
use service::configuration::{self, Document, Imported, Report};

use super::devices::{also_site, form};
use crate::acts::Sender;
use crate::answer::{Data, Json};
use crate::api::meters::SiteQuery;
use crate::error::ApiError;
use crate::extract::{Query, RawJson, Who};

pub(crate) async fn export(
    State(service): State<Service>,
    Who(who): Who,
) -> Result<Response, ApiError> {
    let document = configuration::export_here(&service, &who).await?;
    let file = (header::CONTENT_DISPOSITION, "attachment; filename=\"wattlens.json\"");
    Ok(([file], Json(document)).into_response())
}

/// The form with which a page sends a document.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "describes a form that is read part by part")]
pub(crate) struct DocumentForm {
    /// The document, as an export writes it; without one, the page asks again.
    #[schemars(extend("contentMediaType" = "application/json"))]
    document: Option<String>,
}

/// A document, or what is none: a preview says what is wrong with it.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes a body of which the use case says what is wrong")]
pub(crate) enum Draft {
    /// As an export writes it.
    Document(Box<Document>),
    /// Anything else.
    Other(Value),
}

/// Whoever asks for a trial where there is none must not change everything instead.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoQuery {}

pub(crate) async fn preview(
    State(service): State<Service>,
    Who(who): Who,
    Query(NoQuery {}): Query<NoQuery>,
    RawJson(document): RawJson,
) -> Result<Data<Report>, ApiError> {
    Ok(Data(configuration::dry_run_here(&service, &who, &document).await?))
}

pub(crate) async fn import(
    State(service): State<Service>,
    Who(who): Who,
    Query(NoQuery {}): Query<NoQuery>,
    RawJson(document): RawJson,
) -> Result<Data<Imported>, ApiError> {
    Ok(Data(configuration::import_here(&service, &who, &document).await?))
}

/// A document from the form of the page, which then shows what it would do.
pub(crate) async fn stage(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteQuery>,
    request: Request,
) -> Result<Response, ApiError> {
    let sender = Sender::of(&request);
    let site = also_site(query.site.as_ref());
    let page = |query: &str| format!("/settings/configuration?{query}{site}");
    let stage = async || {
        let parts = form(request).await?;
        let Some(file) = parts.into_iter().find(|part| part.name == "document") else {
            return Ok(Redirect::to(&page("unreadable=1")));
        };
        match configuration::stage(&service, &who, &file.bytes).await {
            Ok(id) => Ok(Redirect::to(&page(&format!("document={id}")))),
            // A person chose the wrong file: the page says so, and has the form for another.
            Err(service::Error::Invalid { .. }) => Ok(Redirect::to(&page("unreadable=1"))),
            Err(error) => Err(error.into()),
        }
    };
    sender.answer(&service, &page(""), stage().await)
}
