//! Parts of the work that could not be done and are left out.

use axum::extract::State;
use domain::operation::set_aside::Aside;
use service::operation::set_aside::{self, ReportsTriedAgain, TriedAgain};
use service::{Service, named};

use crate::answer::{Data, Item, List};
use crate::api::meters::SiteQuery;
use crate::api::sites::SiteListQuery;
use crate::error::ApiError;
use crate::extract::{Id, Query, Who};

impl Item for Aside {
    const COLUMNS: &'static str =
        "work,meterId,meterNumber,meterName,parts,first,last,error,failedAt,scheduleId";

    fn key(&self) -> String {
        match (self.meter_id, self.schedule_id) {
            (Some(meter), _) => format!("{} {meter}", self.work.as_str()),
            (None, schedule) => format!("{} {}", self.work.as_str(), schedule.unwrap_or_default()),
        }
    }
}

pub(crate) async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteListQuery>,
) -> Result<List<Aside>, ApiError> {
    List::of(set_aside::list(&service, &who, query.site.as_ref()).await?, &query.page())
}

pub(crate) async fn again(
    State(service): State<Service>,
    Who(who): Who,
    Id(meter): Id,
    Query(query): Query<SiteQuery>,
) -> Result<Data<TriedAgain>, ApiError> {
    Ok(Data(set_aside::again(&service, &who, &query.meter(meter)).await?))
}

pub(crate) async fn reports_again(
    State(service): State<Service>,
    Who(who): Who,
    Id(schedule): Id,
) -> Result<Data<ReportsTriedAgain>, ApiError> {
    Ok(Data(set_aside::reports_again(&service, &who, named(&schedule)?).await?))
}
