//! `/api/history`: channels of meters over time, as CSV and as a picture.

use app::language::of_request;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use schemars::JsonSchema;
use serde::Deserialize;
use service::{Service, history, pages};

use crate::csv;
use crate::error::ApiError;
use crate::extract::{Query, Who};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HistoryQuery {
    /// Up to 12 series of at most two units, joined by `_`: the id or number of a meter, a dot and a
    /// channel each, such as `7.power_SDM-1.energy`.
    series: Option<String>,
    /// Slug of the site; the default site unless stated.
    site: Option<String>,
    /// `today`, `yesterday`, `week`, `month`, `year` or `custom`; today unless stated.
    period: Option<String>,
    /// A day in the period, for another than the current one.
    at: Option<String>,
    /// First day of a custom period.
    from: Option<String>,
    /// Last day of a custom period.
    to: Option<String>,
    /// `previous` for the period before beside this one.
    compare: Option<String>,
    /// A part of the period by its two instants: `2026-05-01T06:00:00Z_2026-05-01T12:00:00Z`.
    zoom: Option<String>,
}

impl HistoryQuery {
    fn asked(self) -> pages::Query {
        let given = [
            ("series", self.series),
            ("site", self.site),
            ("period", self.period),
            ("at", self.at),
            ("from", self.from),
            ("to", self.to),
            ("compare", self.compare),
            ("zoom", self.zoom),
        ];
        let given = given.into_iter().filter_map(|(name, value)| Some((name, value?)));
        given.fold(pages::Query::default(), |query, (name, value)| query.with(name, &value))
    }
}

pub(crate) async fn csv(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<HistoryQuery>,
) -> Result<Response, ApiError> {
    let rows = history::csv(&service, &who, &query.asked()).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"history.csv\""),
    ];
    Ok((headers, csv::rows(&rows)).into_response())
}

pub(crate) async fn svg(
    State(service): State<Service>,
    Who(who): Who,
    headers: HeaderMap,
    Query(query): Query<HistoryQuery>,
) -> Result<Response, ApiError> {
    let page = history::strict(&service, &who, &query.asked()).await?;
    let picture = app::history_picture(&page, of_request(&headers, who.language()));
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], picture).into_response())
}
