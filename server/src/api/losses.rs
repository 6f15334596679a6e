//! `/api/Energy/power-loss`: losses by node and by area.

pub(crate) mod unmetered;

use axum::extract::State;
use domain::SiteSlug;
use domain::meters::MeterAddress;
use domain::period::Moment;
use schemars::JsonSchema;
use serde::Deserialize;
use service::Service;
use service::losses::power_loss::{self, AreaLoss, LossView, LossesQuery};

use crate::answer::{Flag, Format, Item, Limit, List, Page};
use crate::error::ApiError;
use crate::extract::{Query, Who};

impl Item for LossView {
    const COLUMNS: &'static str = "parentId,parentMeterNumber,parentName,from,to,sourceEnergyKwh,destinationEnergyKwh,\
        unmeteredKwh,lossKwh,lossPercent,errorKwh,cost,costError,currency,verdict,\
        complete.from,complete.to,complete.lossKwh,complete.lossPercent,complete.cost,\
        complete.coverage,cause.code,cause.meterNumber,coverage";

    fn key(&self) -> String {
        self.parent_id.to_string()
    }
}

impl Item for AreaLoss {
    const COLUMNS: &'static str = "area,from,to,energyKwh,nodes,incomplete,leftOut,sourceEnergyKwh,\
        destinationEnergyKwh,lossKwh,lossPercent,errorKwh,cost,currency,coverage";

    fn key(&self) -> String {
        self.area.clone().unwrap_or_default()
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LossQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<SiteSlug>,
    /// One node: its id, or its meter number; every node unless stated.
    parent: Option<String>,
    /// Begin of the window: RFC 3339, or a date in the site's zone; today unless stated.
    from: Option<Moment>,
    /// End of the window, itself not in it; now unless stated.
    to: Option<Moment>,
    /// How many at most: 1 to 10,000.
    limit: Option<Limit>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
    /// Form of the answer.
    format: Option<Format>,
    /// Whether each item says what it was computed from.
    #[serde(default)]
    explain: Flag,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AreaQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<SiteSlug>,
    /// Begin of the window: RFC 3339, or a date in the site's zone; today unless stated.
    from: Option<Moment>,
    /// End of the window, itself not in it; now unless stated.
    to: Option<Moment>,
    /// How many at most: 1 to 10,000.
    limit: Option<Limit>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
    /// Form of the answer.
    format: Option<Format>,
}

pub(crate) async fn by_node(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<LossQuery>,
) -> Result<List<LossView>, ApiError> {
    let site = query.site.as_ref();
    let parent = query.parent.map(|parent| MeterAddress::new(parent, site.cloned()));
    let asked = LossesQuery {
        site,
        parent: parent.as_ref(),
        from: query.from,
        to: query.to,
        explain: query.explain.0,
    };
    let losses = power_loss::list(&service, &who, asked).await?;
    List::of(losses, &Page::new(query.limit, query.cursor, query.format))
}

pub(crate) async fn by_area(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<AreaQuery>,
) -> Result<List<AreaLoss>, ApiError> {
    let asked = LossesQuery {
        site: query.site.as_ref(),
        from: query.from,
        to: query.to,
        ..LossesQuery::default()
    };
    let areas = power_loss::by_area(&service, &who, asked).await?;
    List::of(areas, &Page::new(query.limit, query.cursor, query.format))
}
