//! What the overview shows beside the live state.

pub mod dashboard;
pub mod find;
pub mod portfolio;

use domain::live::{MeterLive, Status};
use domain::losses::diagnosis::Findings;
use domain::overview::view::{Finding, HotspotsPage, TodayPage, UnwatchedLoss};
use domain::{MeterId, Quality, SiteId};

use crate::live::SiteLive;
use crate::operation::clock;
use crate::pages::{Query, look, site};
use crate::{Action, Error, Principal, Service, retention};

/// The past day of each node, and what was found about it.
pub async fn hotspots(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<HotspotsPage, Error> {
    let site = site(service, who, Action::See, query).await?;
    let now = clock::now(service, &site);
    let loss_lines = look(service.live(), site.id, |live| live.loss_lines(now))?;
    let nodes: Vec<_> = loss_lines.iter().map(|line| line.meter).collect();
    let since = site.today_start(now);
    let found = storage::losses::summed::findings(service.pool(), &nodes, since, now).await?;
    let found = found.into_iter().filter_map(|(node, found)| Some((node, finding(found)?)));
    Ok(HotspotsPage { found: found.collect(), site, loss_lines })
}

fn finding(found: Findings) -> Option<Finding> {
    match (found.named, found.step) {
        (Some(cause), _) => Some(Finding::Cause(cause.code, cause.meter_number)),
        (None, Some(step)) => Some(Finding::Step(step)),
        (None, None) => None,
    }
}

/// Today's input and alarms.
pub async fn today(service: &Service, who: &Principal, query: &Query) -> Result<TodayPage, Error> {
    let site = site(service, who, Action::See, query).await?;
    let now = clock::now(service, &site);
    let mut alarms = crate::alarms::page::open_alarms(service, who, query)?;
    alarms.sort_by_key(|alarm| alarm.acknowledged_at.is_some());
    let start = site.today_start(now);
    let cleared = storage::alarms::cleared_since(service.pool(), site.id, None, start).await?;
    let behind: Vec<_> =
        service.supervision().behind().into_iter().map(|report| report.task).collect();
    let aside = storage::operation::set_aside::list(service.pool(), site.id).await?;
    let aside = aside.iter().map(|aside| aside.parts).sum();
    let has_leapt = retention::clock::standing(service, who).await?.leapt_at.is_some();
    let unwatched = unwatched(service, site.id).await?;
    let disk = service.low_disk().map(|disk| (disk.free, disk.size));
    look(service.live(), site.id, |live| {
        let (_, yesterday) = live.days(now);
        TodayPage {
            start,
            today: live.input_profile(start, now),
            yesterday: live.input_profile(yesterday, start),
            now: live.input_now().filter(|(at, _)| *at > start),
            silences: live.silences(start, now),
            dg_runs: live.dg_runs(start, now),
            cleared: usize::try_from(cleared).unwrap_or_default(),
            troubled: troubled(live),
            behind: behind.clone(),
            aside,
            has_leapt,
            disk,
            site: site.clone(),
            alarms,
            unwatched,
        }
    })
}

/// The most expensive loss of which no rule would warn.
async fn unwatched(service: &Service, site: SiteId) -> Result<Option<UnwatchedLoss>, Error> {
    let lossy = look(service.live(), site, |live| {
        let loss = |(id, kw)| Some(UnwatchedLoss { id, name: live.name(id)?, kw });
        let lossy = live.hotspots().filter_map(|node| Some((node.id, node.balance.loss_kw?)));
        lossy.filter_map(loss).collect::<Vec<_>>()
    })?;
    if lossy.is_empty() {
        return Ok(None);
    }
    let mut rules = storage::alarms::rules::list(service.pool(), Some(site)).await?;
    rules.retain(|rule| rule.terms.enabled && rule.terms.kind.is_of_loss());
    let is_watched =
        |id: MeterId| rules.iter().any(|rule| rule.meter.is_none_or(|meter| meter == id));
    Ok(lossy.into_iter().find(|loss| !is_watched(loss.id)))
}

/// How many meters are not read well now, of how many.
fn troubled(live: &SiteLive) -> (usize, usize) {
    let is_troubled = |value: &&MeterLive| {
        matches!(value.status, Status::Offline | Status::Error | Status::Stale)
            || matches!(value.quality, Quality::Error)
    };
    (live.values().iter().filter(is_troubled).count(), live.values().len())
}
