//! `/transformers`, `/feasibility-check` and `/connection`, whose objects stand outside the envelope.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use domain::grid::RequestState;
use domain::grid::feasibility::{Feasibility, FeasibilityRequest, Outcome};
use domain::grid::refusal::RequestRefusal;
use schemars::JsonSchema;
use serde::Deserialize;
use service::grid::{self, ConnectionView, NewTransformer, Posted, TransformerView};
use service::{Service, named};

use super::sites::ListQuery;
use crate::answer::{Flag, Format, Item, Json, Limit, List, Page};
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Query, RawJson, Who};

/// The header with the key under which a request may be repeated.
pub(crate) const KEY: &str = "Idempotency-Key";

impl Item for TransformerView {
    const COLUMNS: &'static str = "id,name,capacity_kVA,city,latitude,longitude,connected_consumption_kW,\
        connected_production_kW";

    fn key(&self) -> String {
        self.n.to_string()
    }
}

impl Item for ConnectionView {
    const COLUMNS: &'static str = "id,type,status,reason,requested_consumption_kW,requested_production_kW,\
        transformer_id,assigned_transformer,latitude,longitude,distance_meters,\
        voltage.verdict,created_at,withdrawn_at";

    fn key(&self) -> String {
        self.n.to_string()
    }
}

/// One transformer or a list of at most 10,000.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes a body that the use case reads item by item")]
pub(crate) enum OneOrMany {
    /// One.
    One(Box<NewTransformer>),
    /// A list.
    Many(#[schemars(length(min = 1, max = 10_000))] Vec<NewTransformer>),
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExplainQuery {
    /// Whether to list the transformers that were considered, and why each was passed over.
    #[serde(default)]
    explain: Flag,
}

/// Requests for connections.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConnectionsQuery {
    /// Those in one state; all unless stated.
    status: Option<RequestState>,
    /// How many at most: 1 to 10,000.
    limit: Option<Limit>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
    /// Form of the answer.
    format: Option<Format>,
}

pub(crate) async fn transformers(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<ListQuery>,
) -> Result<List<TransformerView>, ApiError> {
    let page = query.page();
    let items = grid::transformers(&service, &who, page.after_row()?, page.limit() + 1).await?;
    Ok(List::begun(items, &page))
}

pub(crate) async fn add_transformers(
    State(service): State<Service>,
    Who(who): Who,
    RawJson(body): RawJson,
) -> Result<(StatusCode, Json<Posted>), ApiError> {
    let posted = grid::post_transformers(&service, &who, &body).await?;
    Ok((StatusCode::CREATED, Json(posted)))
}

pub(crate) async fn transformer(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Json<TransformerView>, ApiError> {
    Ok(Json(grid::transformer(&service, &who, named(&id)?).await?))
}

pub(crate) async fn remove_transformer(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Json<TransformerView>, ApiError> {
    Ok(Json(grid::remove(&service, &who, named(&id)?).await?))
}

pub(crate) async fn check(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<ExplainQuery>,
    JsonBody(mut request): JsonBody<FeasibilityRequest>,
) -> Result<Json<Feasibility>, ApiError> {
    request.explain |= query.explain.0;
    Ok(Json(grid::feasibility(&service, &who, &request).await?))
}

pub(crate) async fn connect(
    State(service): State<Service>,
    Who(who): Who,
    headers: HeaderMap,
    Query(query): Query<ExplainQuery>,
    JsonBody(mut request): JsonBody<FeasibilityRequest>,
) -> Result<(StatusCode, Json<Outcome>), ApiError> {
    request.explain |= query.explain.0;
    let outcome = grid::connect(&service, &who, &request, key(&headers)?).await?;
    let status = match outcome {
        Outcome::Approved { .. } => StatusCode::CREATED,
        Outcome::Rejected { .. } => StatusCode::OK,
    };
    Ok((status, Json(outcome)))
}

/// The key under which a request may be repeated.
fn key(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let mut given = headers.get_all(KEY).iter();
    let refused = |why: RequestRefusal| ApiError::unprocessable("invalid_value", why).at(KEY);
    let Some(key) = given.next() else { return Ok(None) };
    if given.next().is_some() {
        return Err(refused(RequestRefusal::KeyTwice));
    }
    key.to_str().map(Some).map_err(|_| refused(RequestRefusal::KeyHidden))
}

pub(crate) async fn connections(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<ConnectionsQuery>,
) -> Result<List<ConnectionView>, ApiError> {
    let page = Page::new(query.limit, query.cursor, query.format);
    let (before, limit) = (page.after_row()?, page.limit() + 1);
    let items = grid::connections(&service, &who, query.status, before, limit).await?;
    Ok(List::begun(items, &page))
}

pub(crate) async fn connection(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Json<ConnectionView>, ApiError> {
    Ok(Json(grid::connection(&service, &who, named(&id)?).await?))
}

pub(crate) async fn withdraw(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Json<ConnectionView>, ApiError> {
    Ok(Json(grid::withdraw(&service, &who, named(&id)?).await?))
}
