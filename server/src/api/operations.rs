//! What operators and tools ask: health, metrics, the API's own description.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use domain::live::Status;
use serde_json::{Value, json};
use service::supervision::Report;
use service::{Metrics, Service};

use crate::answer::Json;
use crate::error::ApiError;
use crate::{docs, openapi};

pub(crate) async fn healthz() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

pub(crate) async fn readyz(State(service): State<Service>) -> Result<Json<Value>, ApiError> {
    let behind = service.ready().await?;
    if behind.is_empty() {
        return Ok(Json(json!({"status": "ready"})));
    }
    let degraded: Vec<_> = behind
        .iter()
        .map(|report| json!({"task": report.task, "condition": report.word()}))
        .collect();
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
    ([(header::CONTENT_TYPE, kind)], text(&service.metrics()))
}

/// The Prometheus text format, version 0.0.4.
fn text(metrics: &Metrics) -> String {
    let mut text = String::new();
    let mut family = |name: &str, kind: &str, help: &str, samples: &[(String, u64)]| {
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        for (labels, value) in samples {
            let _ = writeln!(text, "{name}{labels} {value}");
        }
    };
    let one = |value: u64| [(String::new(), value)];
    let count = |value: usize| one(u64::try_from(value).unwrap_or(u64::MAX));
    let ingest = &metrics.ingest;
    family(
        "wattlens_readings_accepted_total",
        "counter",
        "Readings stored.",
        &one(ingest.accepted),
    );
    family(
        "wattlens_readings_duplicate_total",
        "counter",
        "Readings that were there already.",
        &one(ingest.duplicates),
    );
    family(
        "wattlens_readings_conflict_total",
        "counter",
        "Readings whose time held other values already.",
        &one(ingest.conflicts),
    );
    let refused: Vec<_> = ingest
        .refused
        .iter()
        .map(|(reason, &count)| (format!("{{reason=\"{reason}\"}}"), count))
        .collect();
    family("wattlens_readings_refused_total", "counter", "Readings not taken.", &refused);
    family(
        "wattlens_write_failures_total",
        "counter",
        "Writes that failed and were tried again.",
        &one(ingest.write_failures),
    );
    family(
        "wattlens_ingest_queue_batches",
        "gauge",
        "Batches that wait to be written.",
        &count(metrics.queue_batches),
    );
    family(
        "wattlens_live_subscribers",
        "gauge",
        "Open live streams.",
        &count(metrics.live_subscribers),
    );
    family(
        "wattlens_rollup_intervals_total",
        "counter",
        "Quarter-hours computed and found changed.",
        &one(metrics.rollup.computed),
    );
    family(
        "wattlens_rollup_queue_intervals",
        "gauge",
        "Quarter-hours that wait to be computed.",
        &one(metrics.rollup.waiting),
    );
    family(
        "wattlens_rollup_lag_seconds",
        "gauge",
        "Seconds for which quarter-hours have been waiting.",
        &one(metrics.rollup.lag_seconds),
    );
    family(
        "wattlens_rollup_causes_waiting",
        "gauge",
        "Days of nodes whose balance does not close and was not looked into yet.",
        &one(metrics.rollup.causes),
    );
    let meters: Vec<_> = metrics
        .meters
        .iter()
        .map(|&(status, count)| {
            let status = word(status);
            (format!("{{status=\"{status}\"}}"), u64::try_from(count).unwrap_or(u64::MAX))
        })
        .collect();
    family("wattlens_meters", "gauge", "Meters by status.", &meters);
    let of_tasks = |value: fn(&Report) -> u64| -> Vec<_> {
        let label = |report: &Report| format!("{{task=\"{}\"}}", report.task.as_str());
        metrics.tasks.iter().map(|report| (label(report), value(report))).collect()
    };
    family(
        "wattlens_task_restarts_total",
        "counter",
        "How often a task fell and was begun again.",
        &of_tasks(|report| report.restarts),
    );
    family(
        "wattlens_task_beat_age_seconds",
        "gauge",
        "Seconds since a task last said that it goes on.",
        &of_tasks(|report| report.beat_age.as_secs()),
    );
    text
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Online => "online",
        Status::Offline => "offline",
        Status::Error => "error",
        Status::Stale => "stale",
        Status::None => "none",
    }
}
