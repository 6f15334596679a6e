//! What was left out since it failed again and again, and trying it again.

use domain::meters::MeterAddress;
use domain::operation::set_aside::Aside;
use domain::operation::task::Work;
use domain::reports::ScheduleId;
use domain::{MeterId, SiteSlug};
use schemars::JsonSchema;
use serde::Serialize;
use storage::operation::set_aside::{Again, Subject};

use crate::people::audit::Change;
use crate::{Action, Core, Error, Named, Principal, reports, resolve, sites};

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
) -> Result<Vec<Aside>, Error> {
    let site = sites::resolve(core, who, Action::Operate, site).await?;
    Ok(storage::operation::set_aside::list(core.pool(), site.id).await?)
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
    let meter = resolve::meter(core, who, Action::Operate, meter).await?;
    let meter_id = meter.id;
    let mut change = Change::begin(core, who).await?.at(meter.site);
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
    who.require_somewhere(Action::Operate)?;
    let found = reports::schedule_named(core.pool(), schedule).await?;
    who.require_on(Action::Operate, found.site, || ScheduleId::unknown(schedule))?;
    let schedule_id = found.id;
    let mut change = Change::begin(core, who).await?.at(found.site);
    let of = Subject::Schedule(schedule_id);
    let parts = storage::operation::set_aside::again(&mut change.db, Again::Of(of)).await?;
    let tried = ReportsTriedAgain { schedule_id, parts };
    let subject = format!("report_schedule:{schedule_id}");
    change.commit("set_aside.again", &subject, &tried).await?;
    Ok(tried)
}
