//! `/api/Energy`: carbon, diesel and solar energy; what carbon is counted with.

pub(crate) mod factors;

use axum::extract::State;
use domain::SiteSlug;
use domain::period::Moment;
use schemars::JsonSchema;
use serde::Deserialize;
use service::carbon::diesel::{self, DieselView};
use service::carbon::solar::{self, SolarView};
use service::carbon::{self, CarbonView};
use service::{Service, SiteWindow};

use crate::answer::{Data, Flag};
use crate::error::ApiError;
use crate::extract::{Query, Who};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FiguresQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<SiteSlug>,
    /// Begin of the window: RFC 3339, or a date in the site's zone; today unless stated.
    from: Option<Moment>,
    /// End of the window, itself not in it; now unless stated.
    to: Option<Moment>,
    /// Whether the answer says what it was computed from.
    #[serde(default)]
    explain: Flag,
}

impl FiguresQuery {
    fn asked(&self) -> SiteWindow<'_> {
        SiteWindow {
            site: self.site.as_ref(),
            from: self.from,
            to: self.to,
            explain: self.explain.0,
        }
    }
}

pub(crate) async fn get(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<FiguresQuery>,
) -> Result<Data<CarbonView>, ApiError> {
    Ok(Data(carbon::get(&service, &who, query.asked()).await?))
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
