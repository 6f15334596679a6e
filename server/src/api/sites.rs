//! `/api/sites`.

use axum::extract::State;
use domain::SiteSlug;
use domain::meters::MeterAddress;
use domain::overview::portfolio::SiteState;
use schemars::JsonSchema;
use serde::Deserialize;
use service::overview::portfolio;
use service::sites::{self, NewSite, SitePreview, SiteView};
use service::{Patch, Service};

use crate::answer::{Created, Data, Format, Item, Limit, List, Page};
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Query, Who};

impl Item for SiteView {
    const COLUMNS: &'static str = "slug,name,kind,timeZone,currency,pricePerKwh,gridCapacityKw,latitude,longitude,\
        retention.rawDays,retention.hourlyDays,retention.dailyDays";

    fn key(&self) -> String {
        self.slug.clone()
    }
}

impl Item for SiteState {
    const COLUMNS: &'static str = "slug,name,kind,timeZone,meters,at,powerInKw,lossKw,errorKw,lossPercent,verdict,\
        todayStart,todayKwh,solarKwh,solarSharePercent,netCarbonKg,coverage,openAlarms,\
        newestAt";

    fn key(&self) -> String {
        self.slug.clone()
    }
}

/// A list of what belongs to no site in particular.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// How many at most: 1 to 10,000.
    limit: Option<Limit>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
    /// Form of the answer.
    format: Option<Format>,
}

impl ListQuery {
    pub(crate) fn page(&self) -> Page {
        Page::new(self.limit, self.cursor.clone(), self.format)
    }
}

/// A list of what belongs to a site or a meter of it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteListQuery {
    /// Slug of the site; the default site unless stated.
    pub(super) site: Option<SiteSlug>,
    /// How many at most: 1 to 10,000.
    limit: Option<Limit>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
    /// Form of the answer.
    format: Option<Format>,
}

impl SiteListQuery {
    pub(super) fn meter(&self, id: String) -> MeterAddress {
        MeterAddress::new(id, self.site.clone())
    }

    pub(crate) fn page(&self) -> Page {
        Page::new(self.limit, self.cursor.clone(), self.format)
    }
}

pub(crate) async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<ListQuery>,
) -> Result<List<SiteView>, ApiError> {
    List::of(sites::list(&service, &who).await?, &query.page())
}

pub(crate) async fn portfolio(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<ListQuery>,
) -> Result<List<SiteState>, ApiError> {
    List::of(portfolio::list(&service, &who)?, &query.page())
}

pub(crate) async fn create(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(new): JsonBody<NewSite>,
) -> Result<Created<SiteView>, ApiError> {
    Ok(Created(sites::create(&service, &who, new).await?))
}

pub(crate) async fn get(
    State(service): State<Service>,
    Who(who): Who,
    Id(slug): Id,
) -> Result<Data<SiteView>, ApiError> {
    Ok(Data(sites::get(&service, &who, &SiteSlug(slug)).await?))
}

pub(crate) async fn update(
    State(service): State<Service>,
    Who(who): Who,
    Id(slug): Id,
    JsonBody(patch): JsonBody<Patch<NewSite>>,
) -> Result<Data<SiteView>, ApiError> {
    Ok(Data(sites::update(&service, &who, &SiteSlug(slug), patch).await?))
}

pub(crate) async fn preview(
    State(service): State<Service>,
    Who(who): Who,
    Id(slug): Id,
    JsonBody(patch): JsonBody<Patch<NewSite>>,
) -> Result<Data<SitePreview>, ApiError> {
    Ok(Data(sites::preview(&service, &who, &SiteSlug(slug), patch).await?))
}
