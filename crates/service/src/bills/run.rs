//! Billing a whole site's month, piece by piece.

mod apart;
mod aside;
mod piece;
mod work;

use domain::SiteSlug;
use domain::bills::refusal::RunRefusal;
use domain::bills::{Run, RunDetail, RunId, RunState};
use domain::month::Month;
use schemars::JsonSchema;
use serde::Deserialize;
use storage::bills::runs;

pub(crate) use work::work;

use super::begun;
use super::draft::load;
use crate::people::audit::Change;
use crate::{Action, Core, Error, Named, Principal, resolve, sites};

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

/// Begins a run over the meters of a site that have no load below them and draw from the node above: it
/// makes or refreshes the drafts of a month, names the meters that it leaves out, and goes on in the
/// background.
pub async fn run(core: &Core, who: &Principal, new: NewRun) -> Result<Run, Error> {
    let site = sites::resolve(core, who, Action::Bill, Some(&new.site)).await?;
    let month = begun(core, &site, new.month)?;
    let billing = load(core, &site, month).await?;
    if new.issue && billing.is_running() {
        return Err(Error::conflict(
            "month_running",
            RunRefusal::MonthRuns { month, site: site.name },
        )
        .at("issue"));
    }
    let (from, to) = (billing.from(), billing.to());
    let all = storage::bills::candidates(core.pool(), site.id, from, to).await?;
    let left_out = all.iter().filter_map(|(meter, left_out)| Some((*meter, (*left_out)?)));
    let left_out: Vec<_> = left_out.collect();
    let count = all.len() - left_out.len();
    let mut change = Change::begin(core, who).await?.at(site.id);
    let name = change.who().to_owned();
    let begun = runs::begin(&mut *change.db, site.id, month, new.issue, count, &name).await?;
    let run = begun.ok_or_else(|| {
        Error::conflict("run_under_way", RunRefusal::UnderWay { month, site: site.slug.clone() })
    })?;
    runs::leave_out(&mut *change.db, run.id, &left_out).await?;
    change.commit("bills.run", &format!("site:{}", site.slug), &run).await?;
    Ok(run)
}

/// The runs of a site, newest first; of one month or all.
pub async fn runs(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
    month: Option<Month>,
) -> Result<Vec<Run>, Error> {
    who.require_somewhere(Action::SeeBills)?;
    let site = resolve::billed_site(core, who, site).await?;
    who.require_on(Action::SeeBills, site.id, || Error::no_site(&site.slug))?;
    let month = month.map(|month| begun(core, &site, month)).transpose()?;
    Ok(runs::list(core.pool(), site.id, month).await?)
}

/// A run of a site on which this may be done.
async fn named(core: &Core, who: &Principal, action: Action, id: RunId) -> Result<Run, Error> {
    who.require_somewhere(action)?;
    let missing = || RunId::unknown(id);
    let run = runs::by_id(core.pool(), id.0).await?.ok_or_else(missing)?;
    let site = SiteSlug::from(run.site.as_str());
    match sites::resolve(core, who, action, Some(&site)).await {
        Err(Error::NotFound { .. }) => Err(missing()),
        resolved => resolved.map(|_| run),
    }
}

/// How far a run is, and which meters it leaves out.
pub async fn progress(core: &Core, who: &Principal, id: RunId) -> Result<RunDetail, Error> {
    let run = named(core, who, Action::SeeBills, id).await?;
    Ok(RunDetail { left_out: runs::left_out(core.pool(), run.id).await?, run })
}

/// Ends a run: what it has done stays, the rest is left as it was.
pub async fn cancel(core: &Core, who: &Principal, id: RunId) -> Result<Run, Error> {
    let site = named(core, who, Action::Bill, id).await?.site_id;
    let mut change = Change::begin(core, who).await?.at(site);
    let Some(run) = runs::end(&mut *change.db, id.0, RunState::Cancelled, None).await? else {
        let run = runs::by_id(core.pool(), id.0).await?;
        let run = run.ok_or_else(|| RunId::unknown(id))?;
        let refusal = match run.state {
            // One that has ended does not go on again.
            RunState::Running | RunState::Done => RunRefusal::Done,
            RunState::Cancelled => RunRefusal::Cancelled,
            RunState::Failed => RunRefusal::Failed,
        };
        return Err(Error::conflict("run_ended", refusal));
    };
    change.commit("bills.cancel", &format!("site:{}", run.site), &run).await?;
    Ok(run)
}

impl Named for RunId {
    fn unknown(id: impl std::fmt::Display) -> Error {
        Error::not_found("run_not_found", RunRefusal::Unknown { id: id.to_string() })
    }
}
