//! `/api/Energy`: the tree of meters, and the losses in it.

pub(crate) mod energy_meters;
pub(crate) mod virtual_meters;

use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use service::Service;
use service::losses::power_loss::{self, LossView};
use service::meters::hierarchy::{self, TreeMeter, TreeNode};
use service::meters::{
    self, Arranged, Arrangement, ChangedView, MeterView, NewMeter, Removed, RulesPreview,
};

use crate::answer::{Created, Data, Flag, Format, Item, Limit, List, Page};
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Patch, Query, Who};

const TREE_COLUMNS: &[&str] = &[
    "id",
    "meterNumber",
    "meterName",
    "meterType",
    "level",
    "parentMeterId",
    "feedsParent",
    "area",
    "energyKwh",
    "powerKw",
    "lossKwh",
    "lossPercent",
    "verdict",
    "complete.from",
    "complete.to",
    "complete.lossKwh",
    "complete.lossPercent",
    "complete.coverage",
    "dieselL",
    "carbonKg",
    "coverage",
    "status",
];

impl Item for TreeMeter {
    const COLUMNS: &'static [&'static str] = TREE_COLUMNS;

    fn key(&self) -> String {
        self.id.to_string()
    }
}

impl Item for TreeNode {
    const COLUMNS: &'static [&'static str] = TREE_COLUMNS;

    fn key(&self) -> String {
        self.meter.id.to_string()
    }
}

impl Item for LossView {
    const COLUMNS: &'static [&'static str] = &[
        "parentId",
        "parentMeterNumber",
        "parentName",
        "from",
        "to",
        "sourceEnergyKwh",
        "destinationEnergyKwh",
        "unmeteredKwh",
        "lossKwh",
        "lossPercent",
        "errorKwh",
        "cost",
        "costError",
        "currency",
        "verdict",
        "complete.from",
        "complete.to",
        "complete.lossKwh",
        "complete.lossPercent",
        "complete.cost",
        "complete.coverage",
        "cause.code",
        "cause.meterNumber",
        "coverage",
    ];

    fn key(&self) -> String {
        self.parent_id.to_string()
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteQuery {
    /// Slug of the site; the default site unless stated.
    pub(super) site: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WindowQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<String>,
    /// Begin of the window: RFC 3339, or a date in the site's zone; today unless stated.
    from: Option<String>,
    /// End of the window, itself not in it; now unless stated.
    to: Option<String>,
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
    site: Option<String>,
    /// Begin of the window: RFC 3339, or a date in the site's zone; today unless stated.
    from: Option<String>,
    /// End of the window, itself not in it; now unless stated.
    to: Option<String>,
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
pub(crate) struct LossQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<String>,
    /// One node: its id, or its meter number; every node unless stated.
    parent: Option<String>,
    /// Begin of the window: RFC 3339, or a date in the site's zone; today unless stated.
    from: Option<String>,
    /// End of the window, itself not in it; now unless stated.
    to: Option<String>,
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
    let asked = hierarchy::HierarchyQuery {
        site: query.site.as_deref(),
        from: query.from.as_deref(),
        to: query.to.as_deref(),
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
    Ok(Created(meters::create(&service, &who, query.site.as_deref(), new).await?))
}

pub(crate) async fn get(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
) -> Result<Data<MeterView>, ApiError> {
    Ok(Data(meters::get(&service, &who, query.site.as_deref(), &id).await?))
}

pub(crate) async fn update(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
    Patch(patch): Patch,
) -> Result<Data<ChangedView>, ApiError> {
    Ok(Data(meters::update(&service, &who, query.site.as_deref(), &id, patch).await?))
}

pub(crate) async fn preview_rules(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
    Patch(patch): Patch,
) -> Result<Data<RulesPreview>, ApiError> {
    Ok(Data(meters::preview_rules(&service, &who, query.site.as_deref(), &id, patch).await?))
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ArrangeQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<String>,
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
    Ok(Data(meters::arrange(&service, &who, query.site.as_deref(), asked, dry_run).await?))
}

pub(crate) async fn remove(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
) -> Result<Data<Removed>, ApiError> {
    Ok(Data(meters::remove(&service, &who, query.site.as_deref(), &id).await?))
}

pub(crate) async fn children(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<PagedWindowQuery>,
) -> Result<List<TreeMeter>, ApiError> {
    let asked = hierarchy::HierarchyQuery {
        site: query.site.as_deref(),
        from: query.from.as_deref(),
        to: query.to.as_deref(),
        explain: query.explain.0,
    };
    let children = hierarchy::children(&service, &who, asked, &id).await?;
    List::of(children, &Page::new(query.limit, query.cursor, query.format))
}

pub(crate) async fn power_loss(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<LossQuery>,
) -> Result<List<LossView>, ApiError> {
    let asked = power_loss::LossesQuery {
        site: query.site.as_deref(),
        parent: query.parent.as_deref(),
        from: query.from.as_deref(),
        to: query.to.as_deref(),
        explain: query.explain.0,
    };
    let losses = power_loss::list(&service, &who, asked).await?;
    List::of(losses, &Page::new(query.limit, query.cursor, query.format))
}
