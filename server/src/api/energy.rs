//! `/api/Energy`: losses by area, diesel, solar energy, carbon, and the map of a site.

pub(crate) mod load_status;

use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use service::Service;
use service::carbon::diesel::{self, DieselView};
use service::carbon::solar::{self, SolarView};
use service::carbon::{self, CarbonQuery, CarbonView};
use service::losses::power_loss::{self, AreaLoss};
use service::overview::dashboard::{self, MapView};

use crate::answer::{Data, Flag, Format, Item, Limit, List, Page};
use crate::error::ApiError;
use crate::extract::{Query, Who};

impl Item for AreaLoss {
    const COLUMNS: &'static [&'static str] = &[
        "area",
        "from",
        "to",
        "energyKwh",
        "nodes",
        "incomplete",
        "leftOut",
        "sourceEnergyKwh",
        "destinationEnergyKwh",
        "lossKwh",
        "lossPercent",
        "errorKwh",
        "cost",
        "currency",
        "coverage",
    ];

    fn key(&self) -> String {
        self.area.clone().unwrap_or_default()
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AreaQuery {
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
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FiguresQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<String>,
    /// Begin of the window: RFC 3339, or a date in the site's zone; today unless stated.
    from: Option<String>,
    /// End of the window, itself not in it; now unless stated.
    to: Option<String>,
    /// Whether the answer says what it was computed from.
    #[serde(default)]
    explain: Flag,
}

impl FiguresQuery {
    fn asked(&self) -> CarbonQuery<'_> {
        CarbonQuery {
            site: self.site.as_deref(),
            from: self.from.as_deref(),
            to: self.to.as_deref(),
            explain: self.explain.0,
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MapQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<String>,
    /// Begin of the window: RFC 3339, or a date in the site's zone; today unless stated.
    from: Option<String>,
    /// End of the window, itself not in it; now unless stated.
    to: Option<String>,
}

pub(crate) async fn by_area(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<AreaQuery>,
) -> Result<List<AreaLoss>, ApiError> {
    let asked = power_loss::LossesQuery {
        site: query.site.as_deref(),
        from: query.from.as_deref(),
        to: query.to.as_deref(),
        ..power_loss::LossesQuery::default()
    };
    let areas = power_loss::by_area(&service, &who, asked).await?;
    List::of(areas, &Page::new(query.limit, query.cursor, query.format))
}

pub(crate) async fn diesel(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<FiguresQuery>,
) -> Result<Data<DieselView>, ApiError> {
    Ok(Data(diesel::get(&service, &who, query.asked()).await?))
}

pub(crate) async fn solar(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<FiguresQuery>,
) -> Result<Data<SolarView>, ApiError> {
    Ok(Data(solar::get(&service, &who, query.asked()).await?))
}

pub(crate) async fn carbon(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<FiguresQuery>,
) -> Result<Data<CarbonView>, ApiError> {
    Ok(Data(carbon::get(&service, &who, query.asked()).await?))
}

pub(crate) async fn map(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<MapQuery>,
) -> Result<Data<MapView>, ApiError> {
    let asked = CarbonQuery {
        site: query.site.as_deref(),
        from: query.from.as_deref(),
        to: query.to.as_deref(),
        explain: false,
    };
    Ok(Data(dashboard::map(&service, &who, asked).await?))
}
