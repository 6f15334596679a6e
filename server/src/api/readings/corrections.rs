//! What people say about a meter's readings: exchanges, corrections, decisions, unmetered loads.

use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use service::Service;
use service::energy::quarantine::{self, StepState, StepView};
use service::losses::unmetered::{self, NewUnmetered, UnmeteredView};
use service::meters::exchanges::{self, ExchangeView, NewExchange};
use service::readings::corrections::{self, CorrectionView, NewCorrection};

use crate::answer::{Created, Data, Format, Item, Limit, List, Page};
use crate::api::meters::SiteQuery;
use crate::api::sites::SiteListQuery;
use crate::error::ApiError;
use crate::extract::{Id, IdAndNumber, JsonBody, Query, Who};

impl Item for ExchangeView {
    const COLUMNS: &'static [&'static str] =
        &["n", "meterId", "timestamp", "oldFinalKwh", "newInitialKwh", "reason", "undoneAt"];

    fn key(&self) -> String {
        self.n.to_string()
    }
}

impl Item for CorrectionView {
    const COLUMNS: &'static [&'static str] =
        &["n", "meterId", "timestamp", "field", "value", "reason", "undoneAt"];

    fn key(&self) -> String {
        self.n.to_string()
    }
}

impl Item for StepView {
    const COLUMNS: &'static [&'static str] = &[
        "n",
        "meterId",
        "meterNumber",
        "timestamp",
        "field",
        "previousAt",
        "previous",
        "value",
        "delta",
        "plausible",
        "foundAt",
        "state",
        "decidedAt",
    ];

    fn key(&self) -> String {
        self.n.to_string()
    }
}

impl Item for UnmeteredView {
    const COLUMNS: &'static [&'static str] = &["meterId", "validFrom", "powerKw", "reason"];

    fn key(&self) -> String {
        self.valid_from.timestamp_micros().to_string()
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuarantineQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<String>,
    /// One meter: its id, or its meter number; every meter unless stated.
    meter: Option<String>,
    /// Only steps of which this became; all unless stated.
    state: Option<StepState>,
    /// How many at most: 1 to 10,000.
    limit: Option<Limit>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
    /// Form of the answer.
    format: Option<Format>,
}

pub(crate) async fn exchanges(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteListQuery>,
) -> Result<List<ExchangeView>, ApiError> {
    let entered = exchanges::list(&service, &who, query.site.as_deref(), &id).await?;
    List::of(entered, &query.page())
}

pub(crate) async fn exchange(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
    JsonBody(new): JsonBody<NewExchange>,
) -> Result<Created<ExchangeView>, ApiError> {
    Ok(Created(exchanges::create(&service, &who, query.site.as_deref(), &id, new).await?))
}

pub(crate) async fn undo_exchange(
    State(service): State<Service>,
    Who(who): Who,
    IdAndNumber(id, n): IdAndNumber,
    Query(query): Query<SiteQuery>,
) -> Result<Data<ExchangeView>, ApiError> {
    Ok(Data(exchanges::undo(&service, &who, query.site.as_deref(), &id, &n).await?))
}

pub(crate) async fn corrections(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteListQuery>,
) -> Result<List<CorrectionView>, ApiError> {
    let entered = corrections::list(&service, &who, query.site.as_deref(), &id).await?;
    List::of(entered, &query.page())
}

pub(crate) async fn correction(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
    JsonBody(new): JsonBody<NewCorrection>,
) -> Result<Created<CorrectionView>, ApiError> {
    Ok(Created(corrections::create(&service, &who, query.site.as_deref(), &id, new).await?))
}

pub(crate) async fn undo_correction(
    State(service): State<Service>,
    Who(who): Who,
    IdAndNumber(id, n): IdAndNumber,
    Query(query): Query<SiteQuery>,
) -> Result<Data<CorrectionView>, ApiError> {
    Ok(Data(corrections::undo(&service, &who, query.site.as_deref(), &id, &n).await?))
}

pub(crate) async fn quarantine(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<QuarantineQuery>,
) -> Result<List<StepView>, ApiError> {
    let (site, meter) = (query.site.as_deref(), query.meter.as_deref());
    let steps = quarantine::list(&service, &who, site, meter, query.state).await?;
    List::of(steps, &Page::new(query.limit, query.cursor, query.format))
}

pub(crate) async fn accept(
    State(service): State<Service>,
    Who(who): Who,
    Id(n): Id,
) -> Result<Data<StepView>, ApiError> {
    Ok(Data(quarantine::accept(&service, &who, &n).await?))
}

pub(crate) async fn reject(
    State(service): State<Service>,
    Who(who): Who,
    Id(n): Id,
) -> Result<Data<StepView>, ApiError> {
    Ok(Data(quarantine::reject(&service, &who, &n).await?))
}

pub(crate) async fn unmetered(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteListQuery>,
) -> Result<List<UnmeteredView>, ApiError> {
    let loads = unmetered::list(&service, &who, query.site.as_deref(), &id).await?;
    List::of(loads, &query.page())
}

pub(crate) async fn declare_unmetered(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
    JsonBody(new): JsonBody<NewUnmetered>,
) -> Result<Created<UnmeteredView>, ApiError> {
    Ok(Created(unmetered::create(&service, &who, query.site.as_deref(), &id, new).await?))
}

pub(crate) async fn put_unmetered(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
    JsonBody(new): JsonBody<NewUnmetered>,
) -> Result<Data<UnmeteredView>, ApiError> {
    Ok(Data(unmetered::put(&service, &who, query.site.as_deref(), &id, new).await?))
}
