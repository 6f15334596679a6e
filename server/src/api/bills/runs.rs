//! `/api/bills/run`: whole sites.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::SiteSlug;
use domain::bills::{Run, RunDetail};
use domain::month::Month;
use schemars::JsonSchema;
use serde::Deserialize;
use service::bills::{self, NewRun};
use service::{Service, named};

use crate::answer::{Data, Format, Item, Limit, List, Page};
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Query, Who};

impl Item for Run {
    const COLUMNS: &'static str = "id,site,month,issue,who,state,total,done,issued,heldBack,doubtful,problem,startedAt,\
        finishedAt";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunsQuery {
    /// Slug of the site; the simulated world unless stated.
    site: Option<SiteSlug>,
    /// The month, such as 2026-10; all months unless stated.
    #[schemars(with = "Option<String>")]
    month: Option<Month>,
    /// How many at most.
    limit: Option<Limit>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
    /// Its form.
    format: Option<Format>,
}

/// Begun and not done yet: 202.
pub(crate) async fn begin(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(new): JsonBody<NewRun>,
) -> Result<Response, ApiError> {
    let run = bills::run(&service, &who, new).await?;
    Ok((StatusCode::ACCEPTED, Data(run)).into_response())
}

pub(crate) async fn runs(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<RunsQuery>,
) -> Result<List<Run>, ApiError> {
    let runs = bills::runs(&service, &who, query.site.as_ref(), query.month).await?;
    List::of(runs, &Page::new(query.limit, query.cursor, query.format))
}

pub(crate) async fn progress(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Data<RunDetail>, ApiError> {
    Ok(Data(bills::progress(&service, &who, named(&id)?).await?))
}

pub(crate) async fn cancel(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Data<Run>, ApiError> {
    Ok(Data(bills::cancel(&service, &who, named(&id)?).await?))
}
