//! What was left out since it failed again and again, and trying it again.

use chrono::{DateTime, Utc};
use domain::message::Message;
use domain::meters::MeterAddress;
use domain::operation::task::Work;
use domain::reports::ScheduleId;
use domain::{MeterId, SiteSlug};
use schemars::JsonSchema;
use serde::Serialize;
use storage::operation::set_aside::{Again, Aside, Subject, Whose};

use crate::people::audit::Change;
use crate::{Core, Error, Principal, Role, reports, resolve, sites};

/// What could not be computed of a meter, or by a schedule of reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AsideView {
    /// `energy`: quarter-hours of the meter; `hour`, `day`: balances of the node; `derived`: the points of
    /// a virtual meter; `bill`: bills of the meter; `report`: reports by mail.
    pub work: &'static str,
    /// The meter; null of reports, which are of a site.
    pub meter_id: Option<MeterId>,
    /// Its number.
    pub meter_number: Option<String>,
    /// Its name.
    pub meter_name: Option<String>,
    /// How many quarter-hours, hours, days or months.
    pub parts: u64,
    /// The start of the first of them; of bills and reports midnight UTC of the first day of the month.
    pub first: DateTime<Utc>,
    /// The start of the last of them.
    pub last: DateTime<Utc>,
    /// Why the one that failed last did.
    pub error: String,
    /// The same by its code, with what stands in it.
    pub error_said: Message,
    /// When that was.
    pub failed_at: DateTime<Utc>,
    /// The schedule by which reports are sent; null of what is of a meter.
    pub schedule_id: Option<i64>,
}

impl From<Aside> for AsideView {
    fn from(aside: Aside) -> Self {
        let view = Self {
            work: aside.work.as_str(),
            meter_id: None,
            meter_number: None,
            meter_name: None,
            parts: aside.parts,
            first: aside.first,
            last: aside.last,
            error: aside.error.to_string(),
            error_said: aside.error,
            failed_at: aside.failed_at,
            schedule_id: None,
        };
        match aside.whose {
            Whose::Meter { id, number, name } => Self {
                meter_id: Some(id),
                meter_number: Some(number),
                meter_name: Some(name),
                ..view
            },
            Whose::Schedule(id) => Self { schedule_id: Some(id), ..view },
        }
    }
}

/// What was put back to be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TriedAgain {
    /// The meter.
    pub meter_id: MeterId,
    /// How many quarter-hours, hours, days, virtual meters and bills.
    pub parts: u64,
}

/// What was put back to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportsTriedAgain {
    /// The schedule.
    pub schedule_id: i64,
    /// How many reports.
    pub parts: u64,
}

/// What stands aside at a site, what failed last first.
pub async fn list(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
) -> Result<Vec<AsideView>, Error> {
    who.require(Role::Operator)?;
    let site = sites::resolve(core, who, site).await?;
    let aside = storage::operation::set_aside::list(core.pool(), site.id).await?;
    Ok(aside.into_iter().map(AsideView::from).collect())
}

/// How many parts of the work stand aside, by kind; kinds without any are absent.
///
/// # Errors
/// The database is away.
pub async fn counts(core: &Core) -> Result<Vec<(Work, u64)>, Error> {
    Ok(storage::operation::set_aside::counts(core.pool()).await?)
}

/// Lets all that stands aside of a meter be tried again. A bill becomes a draft by that, and is issued by
/// whoever issues bills.
pub async fn again(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
) -> Result<TriedAgain, Error> {
    who.require(Role::Operator)?;
    let meter_id = resolve::meter(core, who, meter).await?.id;
    let mut change = Change::begin(core, who).await?;
    let parts =
        storage::operation::set_aside::again(&mut change.db, Again::Of(Subject::Meter(meter_id)))
            .await?;
    let tried = TriedAgain { meter_id, parts };
    change.commit("set_aside.again", &format!("meter:{meter_id}"), &tried).await?;
    Ok(tried)
}

/// Lets the reports of a schedule that stand aside be tried again, and sent to whoever waits for them.
pub async fn reports_again(
    core: &Core,
    who: &Principal,
    schedule: ScheduleId,
) -> Result<ReportsTriedAgain, Error> {
    who.require(Role::Operator)?;
    let schedule_id = reports::schedule_named(core.pool(), schedule).await?.id;
    let mut change = Change::begin(core, who).await?;
    let of = Subject::Schedule(schedule_id);
    let parts = storage::operation::set_aside::again(&mut change.db, Again::Of(of)).await?;
    let tried = ReportsTriedAgain { schedule_id, parts };
    let subject = format!("report_schedule:{schedule_id}");
    change.commit("set_aside.again", &subject, &tried).await?;
    Ok(tried)
}
