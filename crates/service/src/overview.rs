//! What the overview shows beside the live state.

pub mod comparison;
pub mod dashboard;
pub mod find;
pub mod portfolio;

use std::collections::HashMap;

use chrono::{DateTime, Days, Utc};
use domain::live::{BalanceLive, MeterLive, NodeLive, Status};
use domain::losses::balance::Verdict;
use domain::losses::diagnosis::Findings;
use domain::losses::nature::Nature;
use domain::overview::view::{Finding, HotspotsPage, MissingMeter, TodayPage, UnwatchedLoss};
use domain::sites::Site;
use domain::{MeterId, Quality, SiteId};

use crate::live::SiteLive;
use crate::operation::clock;
use crate::pages::{Query, look, site};
use crate::{Action, Error, Principal, Service, retention};

/// The days over which the usual power of a missing meter is taken.
const USUAL: Days = Days::new(14);

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
    let found = async {
        let found = storage::losses::summed::findings(service.pool(), &nodes, since, now);
        Ok::<_, Error>(found.await?)
    };
    let (found, missing) = tokio::try_join!(found, missing(service, &site, now))?;
    let of_loss = |found: &Findings| Nature::of(Verdict::Loss, Some(found));
    let metering = found.iter().filter(|(_, found)| of_loss(found) == Some(Nature::Metering));
    let metering = metering.map(|(node, _)| *node).collect();
    let found = found.into_iter().filter_map(|(node, found)| Some((node, finding(found)?)));
    Ok(HotspotsPage { found: found.collect(), metering, missing, site, loss_lines })
}

/// The meters that nodes lack now, each once, with how much they may matter.
async fn missing(
    service: &Service,
    site: &Site,
    now: DateTime<Utc>,
) -> Result<Vec<MissingMeter>, Error> {
    let mut missing = look(service.live(), site.id, SiteLive::missing)?;
    let ids: Vec<MeterId> = missing.iter().map(|meter| meter.id).collect();
    if ids.is_empty() {
        return Ok(missing);
    }
    let today = site.date_at(now);
    let since = today - USUAL;
    let usual = storage::losses::usual_quarters(service.pool(), &ids, since, today).await?;
    let usual: HashMap<MeterId, f64> = usual.into_iter().collect();
    for meter in &mut missing {
        meter.usual_kw = usual.get(&meter.id).map(|kwh| kwh * 4.0);
    }
    Ok(missing)
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
    let pool = service.pool();
    let kept = async {
        let cleared = storage::alarms::cleared_since(pool, site.id, None, start);
        let aside = storage::operation::set_aside::list(pool, site.id);
        Ok::<_, Error>(tokio::try_join!(cleared, aside)?)
    };
    let ((cleared, aside), has_leapt, unwatched) =
        tokio::try_join!(kept, retention::clock::has_leapt(service), unwatched(service, site.id))?;
    let behind: Vec<_> =
        service.supervision().behind().into_iter().map(|report| report.task).collect();
    let aside = aside.iter().map(|aside| aside.parts).sum();
    let disk = service.low_disk().map(|disk| (disk.free, disk.size));
    look(service.live(), site.id, |live| {
        let (_, yesterday) = live.days(now);
        TodayPage {
            start,
            made_at: now,
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
    let lossy: Vec<_> = look(service.live(), site, |live| {
        let loss = |node: &NodeLive| {
            let name = live.name(node.id)?;
            let loss = UnwatchedLoss { id: node.id, name, kw: node.balance.loss_kw? };
            Some((loss, node.balance.clone()))
        };
        live.hotspots().filter_map(loss).collect()
    })?;
    if lossy.is_empty() {
        return Ok(None);
    }
    let rules = storage::alarms::rules::list(service.pool(), Some(site)).await?;
    let is_unwatched = |(loss, balance): &(UnwatchedLoss, BalanceLive)| {
        !rules.iter().any(|rule| rule.covers(loss.id, balance))
    };
    Ok(lossy.into_iter().find(is_unwatched).map(|(loss, _)| loss))
}

/// How many meters are not read well now, of how many.
fn troubled(live: &SiteLive) -> (usize, usize) {
    let is_troubled = |value: &&MeterLive| {
        matches!(value.status, Status::Offline | Status::Error | Status::Stale)
            || matches!(value.quality, Quality::Error)
    };
    (live.values().iter().filter(is_troubled).count(), live.values().len())
}
