//! `/api/Energy/meters`: meters and their tree.

pub(crate) mod energy_meters;
pub(crate) mod load_status;
pub(crate) mod virtual_meters;

use axum::extract::State;
use domain::SiteSlug;
use domain::bills::BillAddress;
use domain::meters::MeterAddress;
use domain::period::Moment;
use schemars::JsonSchema;
use serde::Deserialize;
use service::meters::hierarchy::{self, TreeMeter, TreeNode};
use service::meters::{
    self, Arranged, Arrangement, ChangedView, MeterView, NewMeter, Removed, RulesPreview,
};
use service::{Patch, Service, SiteWindow};

use crate::answer::{Created, Data, Flag, Format, Item, Limit, List, Page};
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Query, Who};

const TREE_COLUMNS: &str = "id,meterNumber,meterName,meterType,level,parentMeterId,feedsParent,area,energyKwh,\
    powerKw,lossKwh,lossPercent,verdict,complete.from,complete.to,complete.lossKwh,\
    complete.lossPercent,complete.coverage,dieselL,carbonKg,coverage,status";

impl Item for TreeMeter {
    const COLUMNS: &'static str = TREE_COLUMNS;

    fn key(&self) -> String {
        self.id.to_string()
    }
}

impl Item for TreeNode {
    const COLUMNS: &'static str = TREE_COLUMNS;

    fn key(&self) -> String {
        self.meter.id.to_string()
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteQuery {
    /// Slug of the site; the default site unless stated.
    pub(super) site: Option<SiteSlug>,
}

impl SiteQuery {
    pub(super) fn meter(self, id: String) -> MeterAddress {
        MeterAddress::new(id, self.site)
    }

    pub(super) fn bill(self, reference: impl Into<String>) -> BillAddress {
        BillAddress::new(reference, self.site)
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WindowQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<SiteSlug>,
    /// Begin of the window: RFC 3339, or a date in the site's zone; today unless stated.
    from: Option<Moment>,
    /// End of the window, itself not in it; now unless stated.
    to: Option<Moment>,
    /// Form of the answer.
    format: Option<Format>,
    /// Whether each item says what it was computed from.
    #[serde(default)]
    explain: Flag,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PagedWindowQuery {
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
    /// Whether each item says what it was computed from.
    #[serde(default)]
    explain: Flag,
}

pub(crate) async fn hierarchy(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<WindowQuery>,
) -> Result<List<TreeNode>, ApiError> {
    let asked = SiteWindow {
        site: query.site.as_ref(),
        from: query.from,
        to: query.to,
        explain: query.explain.0,
    };
    let roots = hierarchy::forest(&service, &who, asked).await?;
    let format = query.format.unwrap_or_default();
    let rows = match format {
        Format::Json => roots,
        // A table has no column for what hangs below.
        Format::Csv => roots.into_iter().flat_map(TreeNode::flat).collect(),
    };
    Ok(List::picked(rows, false, format))
}

pub(crate) async fn create(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteQuery>,
    JsonBody(new): JsonBody<NewMeter>,
) -> Result<Created<MeterView>, ApiError> {
    Ok(Created(meters::create(&service, &who, query.site.as_ref(), new).await?))
}

pub(crate) async fn get(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
) -> Result<Data<MeterView>, ApiError> {
    Ok(Data(meters::get(&service, &who, &query.meter(id)).await?))
}

pub(crate) async fn update(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
    JsonBody(patch): JsonBody<Patch<NewMeter>>,
) -> Result<Data<ChangedView>, ApiError> {
    Ok(Data(meters::update(&service, &who, &query.meter(id), patch).await?))
}

pub(crate) async fn preview_rules(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
    JsonBody(patch): JsonBody<Patch<NewMeter>>,
) -> Result<Data<RulesPreview>, ApiError> {
    Ok(Data(meters::preview_rules(&service, &who, &query.meter(id), patch).await?))
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ArrangeQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<SiteSlug>,
    /// Whether only to say what would be changed.
    dry_run: Option<Flag>,
}

pub(crate) async fn arrange(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<ArrangeQuery>,
    JsonBody(asked): JsonBody<Arrangement>,
) -> Result<Data<Arranged>, ApiError> {
    let dry_run = query.dry_run.unwrap_or_default().0;
    Ok(Data(meters::arrange(&service, &who, query.site.as_ref(), asked, dry_run).await?))
}

pub(crate) async fn remove(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
) -> Result<Data<Removed>, ApiError> {
    Ok(Data(meters::remove(&service, &who, &query.meter(id)).await?))
}

pub(crate) async fn children(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<PagedWindowQuery>,
) -> Result<List<TreeMeter>, ApiError> {
    let asked = SiteWindow {
        site: query.site.as_ref(),
        from: query.from,
        to: query.to,
        explain: query.explain.0,
    };
    let meter = MeterAddress::new(id, query.site.clone());
    let children = hierarchy::children(&service, &who, asked, &meter).await?;
    List::of(children, &Page::new(query.limit, query.cursor, query.format))
}
