//! What the live state takes from the stored figures: how generators ran, and what is normal.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::SiteId;
use domain::hierarchy::Tree;
use domain::site::Site;
use domain::trail::{QUARTER, floor};
use domain::window::Window;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::{SiteLive, normal, ran, today};
use crate::{Error, Service};

/// How often generators are read, and whether a quarter-hour has ended.
const DAY: Duration = Duration::from_secs(5);
/// How often the day is read again where no quarter-hour ended, for what came late.
const AGAIN: Duration = Duration::from_mins(1);
/// How often the normal range is looked after.
const NORMAL: Duration = Duration::from_secs(10);

/// Runs until the stop signal.
pub(crate) async fn follow(service: Service, stop: CancellationToken) {
    let (mut day, mut normal) = (interval(DAY), interval(NORMAL));
    day.set_missed_tick_behavior(MissedTickBehavior::Delay);
    normal.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut reached, mut read) = (HashMap::new(), HashMap::new());
    let work = async {
        loop {
            tokio::select! {
                _ = day.tick() => read_days(&service, &mut read).await,
                _ = normal.tick() => refresh_normal(&service, &mut reached).await,
            }
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = work => {}
    }
}

async fn read_days(service: &Service, read: &mut HashMap<SiteId, Instant>) {
    let known = service.registry().known();
    for (id, site) in &known.sites {
        let Some(tree) = known.trees.get(id) else { continue };
        let counted = async {
            day_of(service, site, tree, read).await?;
            generators_of(service, site, tree).await
        };
        if let Err(error) = counted.await {
            tracing::warn!("what was counted today could not be read: {error}");
        }
    }
}

/// Reads what the meters of a site counted since its midnight up to the last quarter-hour that all have
/// reached, when that is another one, and once in a while.
async fn day_of(
    service: &Service,
    site: &Site,
    tree: &Tree,
    read: &mut HashMap<SiteId, Instant>,
) -> Result<(), Error> {
    let live = service.live();
    let Some(Some(until)) = live.with(site.id, SiteLive::reached) else { return Ok(()) };
    let (from, to) = (site.today_start(until), floor(until, QUARTER).unwrap_or(until));
    let window = Window { from, to };
    let is_read = |live: &SiteLive| live.today.as_ref().is_some_and(|today| today.is_of(window));
    let is_fresh = read.get(&site.id).is_some_and(|at| at.elapsed() < AGAIN);
    if from >= to || (is_fresh && live.with(site.id, is_read).unwrap_or(false)) {
        return Ok(());
    }
    live.set_today(site.id, today::read(service, site, tree, window).await?);
    read.insert(site.id, Instant::now());
    Ok(())
}

/// Reads the generators of a site since its midnight, and yesterday up to the quarter-hours around the
/// same time.
async fn generators_of(service: &Service, site: &Site, tree: &Tree) -> Result<(), Error> {
    let live = service.live();
    let Some(Some(until)) = live.with(site.id, SiteLive::reached) else { return Ok(()) };
    let (today, yesterday) = (site.today_start(until), site.yesterday_start(until));
    let same = yesterday + (until - today);
    let quarter = floor(same, QUARTER).unwrap_or(same);
    let windows = [(today, until), (yesterday, quarter), (yesterday, quarter + QUARTER)];
    let mut found = Vec::new();
    for (from, to) in windows.into_iter().filter(|(from, to)| from < to) {
        found.extend(ran::read(service, site, tree, Window { from, to }).await?);
    }
    live.set_ran(site.id, found);
    Ok(())
}

/// The normal range moves with the balance, for a simulated clock faster than for a real one; while it
/// is not known, it is looked for again, since history may be on its way in.
async fn refresh_normal(service: &Service, reached: &mut HashMap<SiteId, DateTime<Utc>>) {
    let known = service.registry().known();
    let live = service.live();
    for &id in known.sites.keys() {
        let Some(Some(until)) = live.with(id, SiteLive::reached) else { continue };
        let before = reached.insert(id, until).unwrap_or(until);
        let next = until + (until - before).max(TimeDelta::zero()) * 2;
        if live.with(id, |site| site.normal.covers(next)).unwrap_or(false) {
            continue;
        }
        match normal::read(service, &known, id, until, next).await {
            Ok(normal) => live.set_normal(id, normal),
            Err(error) => tracing::warn!("the normal range could not be worked out: {error}"),
        }
    }
}
