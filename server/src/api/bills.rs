//! `/bill` and `/api/bills`: what meters are to pay.

mod files;
mod runs;
pub(crate) mod tariffs;
pub(crate) mod trades;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::SiteSlug;
use domain::bills::{BillSummary, LineInterval};
use domain::meters::MeterAddress;
use domain::month::Month;
use schemars::JsonSchema;
use serde::Deserialize;
use service::Service;
use service::bills::{
    self, BillView, Credited, Detailed, NewCredit, NewDraft, NewIssue, SourceBill,
};

pub(crate) use files::get;
pub(crate) use runs::{RunsQuery, begin, cancel, progress, runs};

use super::meters::SiteQuery;
use crate::answer::{Created, Data, Flag, Format, Item, Json, Limit, List, Page};
use crate::error::ApiError;
use crate::extract::{Id, IdAndNumber, JsonBody, OptionalBody, Query, Who};

impl Item for BillSummary {
    const COLUMNS: &'static str = "id,number,state,meterId,meterNumber,meterName,month,side,consumed,produced,\
        amountDue,currency,coverage,estimatedKwh,generatedAt,issuedAt,changed,credits,\
        creditedBy";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BillQuery {
    /// The meter: id, UUID or number.
    meter_id: String,
    /// The month, such as 2025-05.
    #[schemars(with = "String")]
    month: Month,
    /// Slug of the site that a meter number counts in; the simulated world unless stated.
    site: Option<SiteSlug>,
    /// Whether to add lines, intervals, coverage, tariff versions and trades.
    #[serde(default)]
    detail: Flag,
}

/// A bill with the fields of its kind, or with everything that it rests on.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes an answer of one kind or the other")]
pub(crate) enum SourceOrDetailed {
    /// Without `detail`.
    Source(Box<SourceBill>),
    /// With it.
    Detailed(Box<Detailed>),
}

/// The bill of a meter's month, with exactly the fields of its kind.
pub(crate) async fn of_month(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<BillQuery>,
) -> Result<Response, ApiError> {
    let (meter, month) = (MeterAddress::new(query.meter_id, query.site), query.month);
    if query.detail.0 {
        let bill = bills::detailed(&service, &who, &meter, month).await?;
        return Ok(Json(bill).into_response());
    }
    Ok(Json(bills::source_bill(&service, &who, &meter, month).await?).into_response())
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BillsQuery {
    /// Slug of the site; the simulated world unless stated, or the site of the meter.
    site: Option<SiteSlug>,
    /// The month, such as 2026-10; all months unless stated.
    #[schemars(with = "Option<String>")]
    month: Option<Month>,
    /// Only bills of this meter: id, UUID or number.
    meter_id: Option<String>,
    /// How many at most.
    limit: Option<Limit>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
    /// Its form.
    format: Option<Format>,
}

pub(crate) async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<BillsQuery>,
) -> Result<List<BillSummary>, ApiError> {
    let site = query.site.as_ref();
    let meter = query.meter_id.map(|meter| MeterAddress::new(meter, site.cloned()));
    let bills = bills::list(&service, &who, site, query.month, meter.as_ref()).await?;
    List::of(bills, &Page::new(query.limit, query.cursor, query.format))
}

pub(crate) async fn store(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteQuery>,
    JsonBody(new): JsonBody<NewDraft>,
) -> Result<Created<BillView>, ApiError> {
    Ok(Created(bills::store(&service, &who, query.site.as_ref(), new).await?))
}

pub(crate) async fn intervals(
    State(service): State<Service>,
    Who(who): Who,
    IdAndNumber(reference, line): IdAndNumber,
    Query(query): Query<SiteQuery>,
) -> Result<Data<Vec<LineInterval>>, ApiError> {
    let line = line.parse().map_err(|_| ApiError::no_such_path())?;
    Ok(Data(bills::intervals(&service, &who, &query.bill(reference), line).await?))
}

pub(crate) async fn issue(
    State(service): State<Service>,
    Who(who): Who,
    Id(reference): Id,
    Query(query): Query<SiteQuery>,
    OptionalBody(new): OptionalBody<NewIssue>,
) -> Result<Created<BillView>, ApiError> {
    Ok(Created(bills::issue(&service, &who, &query.bill(reference), new).await?))
}

pub(crate) async fn credit(
    State(service): State<Service>,
    Who(who): Who,
    Id(reference): Id,
    Query(query): Query<SiteQuery>,
    JsonBody(new): JsonBody<NewCredit>,
) -> Result<Created<Credited>, ApiError> {
    Ok(Created(bills::credit(&service, &who, &query.bill(reference), new).await?))
}
