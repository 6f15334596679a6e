//! Billing a whole site's month, piece by piece.

mod apart;
mod aside;
mod piece;
mod work;

use chrono::{DateTime, Utc};
use domain::bills::refusal::RunRefusal;
use domain::bills::{LeftOut, RunId, RunState};
use domain::month::Month;
use domain::{MeterId, SiteSlug};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::bills::runs::{self, Omission, Run};
use uuid::Uuid;

pub(crate) use work::work;

use super::begun;
use super::draft::load;
use crate::people::audit::Change;
use crate::{Core, Error, Named, Principal, Role, resolve, sites};

/// A run to begin.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRun {
    /// Slug of the site.
    pub site: SiteSlug,
    /// The month, such as 2026-10.
    #[schemars(with = "String")]
    pub month: Month,
    /// Whether bills are issued as well; those whose coverage is too low stay drafts.
    #[serde(default)]
    pub issue: bool,
}

/// A run, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunView {
    /// Its UUID.
    pub id: Uuid,
    /// Slug of the site.
    pub site: String,
    /// The month.
    pub month: Month,
    /// Whether bills are issued, too.
    pub issue: bool,
    /// Who asked for it.
    pub who: String,
    /// Where it stands.
    pub state: RunState,
    /// Meters to bill.
    pub total: i32,
    /// Meters that are done.
    pub done: i32,
    /// Bills issued.
    pub issued: i32,
    /// Of these meters, those without a new bill, or whose bill was not issued.
    pub held_back: i32,
    /// Why it failed.
    pub problem: Option<String>,
    /// When it began, in real time.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// A run with the meters that it leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunDetail {
    /// The run.
    #[serde(flatten)]
    pub run: RunView,
    /// The meters of the site that have no bill by it, as far as it has come, or whose bill it did not
    /// issue; by their numbers.
    pub left_out: Vec<LeftOutMeter>,
}

/// A meter that a run leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeftOutMeter {
    /// Its id.
    pub meter_id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// Why.
    pub reason: LeftOut,
    /// Why, in words.
    pub message: String,
}

impl From<Omission> for LeftOutMeter {
    fn from(omission: Omission) -> Self {
        Self {
            meter_id: omission.meter,
            meter_number: omission.number,
            meter_name: omission.name,
            reason: omission.reason,
            message: omission.reason.to_string(),
        }
    }
}

impl RunView {
    fn new(run: Run, site: &str) -> Self {
        Self {
            site: site.to_owned(),
            month: run.month,
            id: run.id,
            issue: run.issue,
            who: run.who,
            state: run.state,
            total: run.total,
            done: run.done,
            issued: run.issued,
            held_back: run.held_back,
            problem: run.problem.map(|problem| problem.message),
            started_at: run.started_at,
            finished_at: run.finished_at,
        }
    }
}

/// Begins a run over the meters of a site that have no load below them and draw from the node above: it
/// makes or refreshes the drafts of a month, names the meters that it leaves out, and goes on in the
/// background.
pub async fn run(core: &Core, who: &Principal, new: NewRun) -> Result<RunView, Error> {
    who.require(Role::Admin)?;
    let site = sites::resolve(core, who, Some(&new.site)).await?;
    let month = begun(core, &site, new.month)?;
    let billing = load(core, &site, month).await?;
    if new.issue && billing.is_running() {
        return Err(Error::Conflict {
            code: "month_running",
            field: Some("issue".to_owned()),
            message: RunRefusal::MonthRuns { month, site: site.name }.into(),
        });
    }
    let (from, to) = (billing.from(), billing.to());
    let all = storage::bills::candidates(core.pool(), site.id, from, to).await?;
    let left_out = all.iter().filter_map(|found| Some((found.meter, found.left_out?)));
    let left_out: Vec<_> = left_out.collect();
    let count = all.len() - left_out.len();
    let mut change = Change::begin(core, who).await?;
    let name = change.who();
    let begun = runs::begin(&mut *change.db, site.id, month, new.issue, count, name).await?;
    let run = begun.ok_or_else(|| Error::Conflict {
        code: "run_under_way",
        field: None,
        message: RunRefusal::UnderWay { month, site: site.slug.clone() }.into(),
    })?;
    runs::leave_out(&mut *change.db, run.id, &left_out).await?;
    let view = RunView::new(run, &site.slug);
    change.commit("bills.run", &format!("site:{}", site.slug), &view).await?;
    Ok(view)
}

/// The runs of a site, newest first; of one month or all.
pub async fn runs(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
    month: Option<Month>,
) -> Result<Vec<RunView>, Error> {
    who.require(Role::Viewer)?;
    let site = resolve::billed_site(core, who, site).await?;
    let month = month.map(|month| begun(core, &site, month)).transpose()?;
    let runs = runs::list(core.pool(), site.id, month).await?;
    Ok(runs.into_iter().map(|run| RunView::new(run, &site.slug)).collect())
}

/// How far a run is, and which meters it leaves out.
pub async fn progress(core: &Core, who: &Principal, id: RunId) -> Result<RunDetail, Error> {
    who.require(Role::Viewer)?;
    let run = runs::by_id(core.pool(), id.0).await?.ok_or_else(|| RunId::unknown(id))?;
    let left_out = left_out(core, run.id).await?;
    Ok(RunDetail { run: shown(core, run).await?, left_out })
}

/// The meters that a run leaves out, by their numbers.
pub(crate) async fn left_out(core: &Core, run: Uuid) -> Result<Vec<LeftOutMeter>, Error> {
    let found = runs::left_out(core.pool(), run).await?;
    Ok(found.into_iter().map(LeftOutMeter::from).collect())
}

/// Ends a run: what it has done stays, the rest is left as it was.
pub async fn cancel(core: &Core, who: &Principal, id: RunId) -> Result<RunView, Error> {
    who.require(Role::Admin)?;
    let mut change = Change::begin(core, who).await?;
    let Some(run) = runs::end(&mut *change.db, id.0, RunState::Cancelled, None).await? else {
        let run = runs::by_id(core.pool(), id.0).await?;
        let run = run.ok_or_else(|| RunId::unknown(id))?;
        let refusal = match run.state {
            // One that has ended does not go on again.
            RunState::Running | RunState::Done => RunRefusal::Done,
            RunState::Cancelled => RunRefusal::Cancelled,
            RunState::Failed => RunRefusal::Failed,
        };
        return Err(Error::Conflict { code: "run_ended", field: None, message: refusal.into() });
    };
    let view = shown(core, run).await?;
    change.commit("bills.cancel", &format!("site:{}", view.site), &view).await?;
    Ok(view)
}

async fn shown(core: &Core, run: Run) -> Result<RunView, Error> {
    let site = storage::sites::by_id(core.pool(), run.site).await?;
    Ok(RunView::new(run, &site.map(|site| site.slug).unwrap_or_default()))
}

impl Named for RunId {
    fn unknown(id: impl std::fmt::Display) -> Error {
        let message = RunRefusal::Unknown { id: id.to_string() }.into();
        Error::NotFound { code: "run_not_found", message }
    }
}
