//! What people say about a meter's readings: exchanges, corrections, decisions.

use axum::extract::State;
use domain::SiteSlug;
use domain::meters::MeterAddress;
use schemars::JsonSchema;
use serde::Deserialize;
use service::energy::quarantine::{self, StepState, StepView};
use service::meters::exchanges::{self, ExchangeView, NewExchange};
use service::readings::corrections::{self, CorrectionView, NewCorrection};
use service::{Service, named};

use crate::answer::{Created, Data, Format, Item, Limit, List, Page};
use crate::api::meters::SiteQuery;
use crate::api::sites::SiteListQuery;
use crate::error::ApiError;
use crate::extract::{Id, IdAndNumber, JsonBody, Query, Who};

impl Item for ExchangeView {
    const COLUMNS: &'static str = "n,meterId,timestamp,oldFinalKwh,newInitialKwh,reason,undoneAt";

    fn key(&self) -> String {
        self.n.to_string()
    }
}

impl Item for CorrectionView {
    const COLUMNS: &'static str = "n,meterId,timestamp,field,value,reason,undoneAt";

    fn key(&self) -> String {
        self.n.to_string()
    }
}

impl Item for StepView {
    const COLUMNS: &'static str = "n,meterId,meterNumber,timestamp,field,kind,previousAt,previous,value,delta,plausible,\
        ratedKw,neededKw,foundAt,state,decidedAt";

    fn key(&self) -> String {
        self.n.to_string()
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuarantineQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<SiteSlug>,
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
    let entered = exchanges::list(&service, &who, &query.meter(id)).await?;
    List::of(entered, &query.page())
}

pub(crate) async fn exchange(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
    JsonBody(new): JsonBody<NewExchange>,
) -> Result<Created<ExchangeView>, ApiError> {
    Ok(Created(exchanges::create(&service, &who, &query.meter(id), new).await?))
}

pub(crate) async fn undo_exchange(
    State(service): State<Service>,
    Who(who): Who,
    IdAndNumber(id, n): IdAndNumber,
    Query(query): Query<SiteQuery>,
) -> Result<Data<ExchangeView>, ApiError> {
    Ok(Data(exchanges::undo(&service, &who, &query.meter(id), &n).await?))
}

pub(crate) async fn corrections(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteListQuery>,
) -> Result<List<CorrectionView>, ApiError> {
    let entered = corrections::list(&service, &who, &query.meter(id)).await?;
    List::of(entered, &query.page())
}

pub(crate) async fn correction(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
    JsonBody(new): JsonBody<NewCorrection>,
) -> Result<Created<CorrectionView>, ApiError> {
    Ok(Created(corrections::create(&service, &who, &query.meter(id), new).await?))
}

pub(crate) async fn undo_correction(
    State(service): State<Service>,
    Who(who): Who,
    IdAndNumber(id, n): IdAndNumber,
    Query(query): Query<SiteQuery>,
) -> Result<Data<CorrectionView>, ApiError> {
    Ok(Data(corrections::undo(&service, &who, &query.meter(id), &n).await?))
}

pub(crate) async fn quarantine(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<QuarantineQuery>,
) -> Result<List<StepView>, ApiError> {
    let site = query.site.as_ref();
    let meter = query.meter.map(|meter| MeterAddress::new(meter, site.cloned()));
    let steps = quarantine::list(&service, &who, site, meter.as_ref(), query.state).await?;
    List::of(steps, &Page::new(query.limit, query.cursor, query.format))
}

pub(crate) async fn accept(
    State(service): State<Service>,
    Who(who): Who,
    Id(n): Id,
) -> Result<Data<StepView>, ApiError> {
    Ok(Data(quarantine::accept(&service, &who, named(&n)?).await?))
}

pub(crate) async fn reject(
    State(service): State<Service>,
    Who(who): Who,
    Id(n): Id,
) -> Result<Data<StepView>, ApiError> {
    Ok(Data(quarantine::reject(&service, &who, named(&n)?).await?))
}
