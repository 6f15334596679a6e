//! What operators and tools ask: health, metrics, the API's own description.

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use serde_json::{Value, json};
use service::Service;
use service::operation::set_aside;

use super::operation::metrics;
use crate::answer::Json;
use crate::error::ApiError;
use crate::{docs, openapi};

pub(crate) async fn healthz() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

pub(crate) async fn readyz(State(service): State<Service>) -> Result<Json<Value>, ApiError> {
    let behind = service.ready().await?;
    let tasks =
        behind.iter().map(|report| json!({"task": report.task, "condition": report.word()}));
    let disk =
        service.low_disk().map(|disk| json!({"disk": "almost full", "freeBytes": disk.free}));
    let degraded: Vec<_> = tasks.chain(disk).collect();
    if degraded.is_empty() {
        return Ok(Json(json!({"status": "ready"})));
    }
    Ok(Json(json!({"status": "ready", "degraded": degraded})))
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

pub(crate) async fn metrics(State(service): State<Service>) -> impl IntoResponse {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    // Without a database they say what is known all the same.
    let aside = set_aside::counts(&service).await.ok();
    (
        [(header::CONTENT_TYPE, kind)],
        metrics::text(&service.metrics(), aside.as_deref(), service.disk()),
    )
}
