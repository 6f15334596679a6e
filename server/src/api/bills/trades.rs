//! `/p2p-trade`: trades between neighbours.

use axum::extract::State;
use axum::http::StatusCode;
use domain::SiteSlug;
use domain::meters::MeterAddress;
use domain::month::Month;
use schemars::JsonSchema;
use serde::Deserialize;
use service::Service;
use service::bills::trades::{self, NewTrade, Posted, TradeView};

use crate::answer::{Format, Item, Json, Limit, List, Page};
use crate::api::meters::SiteQuery;
use crate::error::ApiError;
use crate::extract::{JsonBody, Query, Who};

impl Item for TradeView {
    const COLUMNS: &'static str = "id,site,timestamp,buyer_meter_id,buyer_meter_number,seller_meter_id,\
        seller_meter_number,units_kWh,price_per_kWh,settled_kWh,unsettled_kWh";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TradesQuery {
    /// Slug of the site; the simulated world unless stated, or the site of the meter.
    site: Option<SiteSlug>,
    /// The month, such as 2026-10; the running one unless stated.
    #[schemars(with = "Option<String>")]
    month: Option<Month>,
    /// Only trades of this meter: id, UUID or number.
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
    Query(query): Query<TradesQuery>,
) -> Result<List<TradeView>, ApiError> {
    let site = query.site.as_ref();
    let meter = query.meter_id.map(|meter| MeterAddress::new(meter, site.cloned()));
    let trades = trades::list(&service, &who, site, query.month, meter.as_ref()).await?;
    List::of(trades, &Page::new(query.limit, query.cursor, query.format))
}

pub(crate) async fn post(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteQuery>,
    JsonBody(new): JsonBody<NewTrade>,
) -> Result<(StatusCode, Json<Posted>), ApiError> {
    let posted = trades::post(&service, &who, query.site.as_ref(), new).await?;
    Ok((StatusCode::CREATED, Json(posted)))
}
