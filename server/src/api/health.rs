//! What operators and tools ask: health, metrics, the API's own description.

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use domain::operation::task::Task;
use schemars::JsonSchema;
use serde::Serialize;
use service::energy::outliers;
use service::operation::set_aside;
use service::{Action, Service};

use super::operation::metrics;
use crate::answer::Json;
use crate::error::ApiError;
use crate::extract::Who;
use crate::{docs, openapi};

/// That the process runs.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Health {
    /// Always `ok`.
    status: &'static str,
}

/// That the process can serve.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Readiness {
    /// Always `ready`.
    status: &'static str,
    /// What does not go as it should meanwhile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    degraded: Vec<Degraded>,
}

/// What does not go as it should.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum Degraded {
    /// A task that is late or down.
    Task {
        /// Which.
        task: Task,
        /// How it is.
        condition: &'static str,
    },
    /// A disk that is almost full.
    #[serde(rename_all = "camelCase")]
    Disk {
        /// The same in words.
        disk: &'static str,
        /// What is left on it.
        free_bytes: u64,
    },
}

pub(crate) async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}

pub(crate) async fn readyz(State(service): State<Service>) -> Result<Json<Readiness>, ApiError> {
    let behind = service.ready().await?;
    let tasks =
        behind.iter().map(|report| Degraded::Task { task: report.task, condition: report.word() });
    let low = service.low_disk();
    let disk = low.map(|disk| Degraded::Disk { disk: "almost full", free_bytes: disk.free });
    Ok(Json(Readiness { status: "ready", degraded: tasks.chain(disk).collect() }))
}

pub(crate) async fn openapi() -> impl IntoResponse {
    Json(openapi::document())
}

pub(crate) async fn docs() -> impl IntoResponse {
    let policy = "default-src 'none'; style-src 'self'; frame-ancestors 'none'";
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(docs::page(openapi::document())))
}

pub(crate) async fn docs_style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css")], docs::STYLE)
}

pub(crate) async fn metrics(
    State(service): State<Service>,
    Who(who): Who,
) -> Result<impl IntoResponse, ApiError> {
    who.require(Action::SeeSystem)?;
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    // Without a database they say what is known all the same.
    let aside = set_aside::counts(&service).await.ok();
    let outliers = outliers::count(&service).await.ok();
    Ok((
        [(header::CONTENT_TYPE, kind)],
        metrics::text(&service.metrics(), aside.as_deref(), outliers, service.disk()),
    ))
}
