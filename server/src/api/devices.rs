//! `/api/devices`.

pub(crate) mod acquisuite;
pub(crate) mod brokers;
pub(crate) mod profiles;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::SiteSlug;
use domain::devices::view::{DeviceDetail, DeviceRow};
use domain::operation::request::BodyRefusal;
use schemars::JsonSchema;
use serde::Deserialize;
use service::Service;
use service::devices::{self, ImportReport};

use super::meters::SiteQuery;
use super::sites::SiteListQuery;
use crate::acts::Sender;
use crate::answer::{Data, Flag, Item, List};
use crate::error::ApiError;
use crate::extract::{self, Id, JsonBody, Query, Who};
use crate::multipart::{self, Part};

impl Item for DeviceRow {
    const COLUMNS: &'static str = "id,meterNumber,meterName,parentMeterId,protocol,peer,profile,pollInterval,enabled,\
        communication,state,stateReason,since,lastUpdate,powerKw,pollsPerMinute,answers,\
        silences,errors,unreadable,latencyMs";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

/// What may be changed of a device here; its settings are those of its meter by protocol.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Switch {
    /// Whether it is read.
    enabled: bool,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ImportQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<SiteSlug>,
    /// Whether only to say what would be done.
    dry_run: Option<Flag>,
}

/// The form with which a page sends a table.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "describes a form that is read part by part")]
pub(crate) struct TableForm {
    /// The table, as an export writes it.
    #[schemars(extend("contentMediaType" = "text/csv"))]
    table: String,
}

pub(crate) async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteListQuery>,
) -> Result<List<DeviceRow>, ApiError> {
    let mut rows = devices::list(&service, &who, query.site.as_ref()).await?;
    // Pages are put together from an order that does not change with the devices' health.
    rows.sort_by_key(|row| row.id);
    List::of(rows, &query.page())
}

pub(crate) async fn get(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
) -> Result<Data<DeviceDetail>, ApiError> {
    Ok(Data(devices::get(&service, &who, &query.meter(id)).await?))
}

pub(crate) async fn switch(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
    JsonBody(to): JsonBody<Switch>,
) -> Result<Data<DeviceDetail>, ApiError> {
    Ok(Data(devices::switch(&service, &who, &query.meter(id), to.enabled).await?))
}

pub(crate) async fn remove(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
) -> Result<Data<DeviceDetail>, ApiError> {
    Ok(Data(devices::remove(&service, &who, &query.meter(id)).await?))
}

pub(crate) async fn export(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteQuery>,
) -> Result<Response, ApiError> {
    let table = devices::export(&service, &who, query.site.as_ref()).await?;
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], table).into_response())
}

pub(crate) async fn import(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Result<Data<ImportReport>, ApiError> {
    if essence(&request) != "text/csv" {
        return Err(ApiError::unsupported(BodyRefusal::NotCsv));
    }
    let table = extract::body(request).await?;
    let dry_run = query.dry_run.unwrap_or_default().0;
    Ok(Data(devices::import(&service, &who, query.site.as_ref(), &table, dry_run).await?))
}

/// A table from the form of the page, which then shows what it would do.
pub(crate) async fn stage(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteQuery>,
    request: Request,
) -> Result<Response, ApiError> {
    let (site, sender) = (query.site.as_ref(), Sender::of(&request));
    let stage = async || {
        let table = table(form(request).await?)?;
        let id = devices::stage(&service, &who, site, table).await?;
        Ok(Redirect::to(&format!("/devices/import?table={id}{}", also_site(site))))
    };
    let page = format!("/devices/import?{}", also_site(site).trim_start_matches('&'));
    sender.answer(&service, &page, stage().await)
}

/// The site as a further parameter of an address.
pub(super) fn also_site(site: Option<&SiteSlug>) -> String {
    let encoded = |site: &SiteSlug| {
        form_urlencoded::byte_serialize(site.as_str().as_bytes()).collect::<String>()
    };
    site.map(|site| format!("&site={}", encoded(site))).unwrap_or_default()
}

/// The fields of a form.
pub(crate) async fn form(request: Request) -> Result<Vec<Part>, ApiError> {
    let boundary = multipart::boundary(request.headers());
    let boundary = boundary.ok_or_else(|| ApiError::unsupported(BodyRefusal::NotForm))?;
    let body = extract::body(request).await?;
    let malformed = |refused| ApiError::new(StatusCode::BAD_REQUEST, "malformed_form", refused);
    multipart::parts(body, boundary).await.map_err(malformed)
}

/// The file of the form.
fn table(parts: Vec<Part>) -> Result<Vec<u8>, ApiError> {
    let table = parts.into_iter().find(|part| part.name == "table");
    table
        .map(|part| part.bytes.to_vec())
        .ok_or_else(|| ApiError::unprocessable("missing_field", BodyRefusal::NoFile).at("table"))
}

/// The media type of a body, without its parameters.
fn essence(request: &Request) -> String {
    let stated = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = stated.and_then(|stated| stated.split(';').next()).unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}
