//! What the live state takes from the stored figures: how generators ran, and what is normal.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::SiteId;
use domain::energy::window::Window;
use domain::energy::{QUARTER, floor};
use domain::meters::hierarchy::Tree;
use domain::sites::Site;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::site::normal::{self, Normal};
use super::site::{ran, today};
use super::{LiveState, SiteLive};
use crate::carbon::Directions;
use crate::losses::power_loss;
use crate::operation::failures::caught;
use crate::operation::supervision::Pulse;
use crate::{Core, Error};

/// How often generators are read, and whether a quarter-hour has ended.
const DAY: Duration = Duration::from_secs(5);
/// How soon the day is read again after a quarter-hour ended, for what was computed meanwhile.
const SOON: Duration = Duration::from_secs(10);
/// How often the day is read again where no quarter-hour ended, for what came late, and days before of
/// which too few are known.
const AGAIN: Duration = Duration::from_mins(1);
/// How often the normal range is looked after.
const NORMAL: Duration = Duration::from_secs(10);

/// Runs until the stop signal.
pub(crate) async fn follow(core: Core, live: LiveState, stop: CancellationToken, pulse: Pulse) {
    let (mut day, mut normal) = (interval(DAY), interval(NORMAL));
    day.set_missed_tick_behavior(MissedTickBehavior::Delay);
    normal.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let days = async {
        let mut due = HashMap::new();
        loop {
            day.tick().await;
            read_days((&core, &live), &mut due).await;
            pulse.beat();
        }
    };
    let ranges = async {
        let (mut reached, mut read) = (HashMap::new(), HashMap::new());
        loop {
            normal.tick().await;
            refresh_normal((&core, &live), &mut reached, &mut read).await;
        }
    };
    // The days before are many: today does not wait for them.
    tokio::select! {
        () = stop.cancelled() => {}
        () = days => {}
        () = ranges => {}
    }
}

async fn read_days((core, live): (&Core, &LiveState), due: &mut HashMap<SiteId, Instant>) {
    let known = core.registry().known();
    for (id, site) in &known.sites {
        let Some(tree) = known.trees.get(id) else { continue };
        let counted = caught(async {
            day_of((core, live), site, tree, due).await?;
            generators_of((core, live), site, tree).await
        });
        if let Err(error) = counted.await {
            let (slug, cause) = (&site.slug, error.cause());
            tracing::warn!("what was counted today at {slug} could not be read: {cause}");
        }
    }
}

/// Reads what the meters of a site counted since its midnight up to the last quarter-hour that its day has
/// reached, when that is another one, and once in a while.
async fn day_of(
    (core, live): (&Core, &LiveState),
    site: &Site,
    tree: &Tree,
    due: &mut HashMap<SiteId, Instant>,
) -> Result<(), Error> {
    let Some(Some(until)) = live.with(site.id, SiteLive::reached) else { return Ok(()) };
    let (from, to) = (site.today_start(until), floor(until, QUARTER).unwrap_or(until));
    let window = Window { from, to };
    let is_read = |live: &SiteLive| {
        !live.is_outdated && live.today.as_ref().is_some_and(|today| today.is_of(window))
    };
    let is_read = live.with(site.id, is_read).unwrap_or(false);
    let is_due = due.get(&site.id).is_none_or(|at| *at <= Instant::now());
    if from >= to || (is_read && !is_due) {
        return Ok(());
    }
    let drawn = power_loss::drawn(core, site, tree, to).await?;
    let directions = Directions::load(core, site).await?;
    live.set_today(site.id, today::read(core, site, window).await?, (drawn, directions));
    due.insert(site.id, Instant::now() + if is_read { AGAIN } else { SOON });
    Ok(())
}

/// Reads the generators of a site since its midnight.
async fn generators_of(
    (core, live): (&Core, &LiveState),
    site: &Site,
    tree: &Arc<Tree>,
) -> Result<(), Error> {
    let Some(Some(until)) = live.with(site.id, SiteLive::reached) else { return Ok(()) };
    let window = Window { from: site.today_start(until), to: until };
    if window.from < window.to {
        live.set_ran(site.id, ran::read(core, site, tree, window).await?);
    }
    Ok(())
}

/// The normal range moves with the balance, for a simulated clock faster than for a real one; while it
/// is not known, it is looked for again, since history may be on its way in.
async fn refresh_normal(
    (core, live): (&Core, &LiveState),
    reached: &mut HashMap<SiteId, DateTime<Utc>>,
    read: &mut HashMap<SiteId, Instant>,
) {
    let known = core.registry().known();
    for &id in known.sites.keys() {
        let Some(Some(until)) = live.with(id, SiteLive::reached) else { continue };
        let before = reached.insert(id, until).unwrap_or(until);
        let next = until + (until - before).max(TimeDelta::zero()) * 2;
        let is_fresh = read.get(&id).is_some_and(|at| at.elapsed() < AGAIN);
        let is_known = |normal: &Normal| normal.covers(next) && (is_fresh || normal.is_known());
        if live.with(id, |site| is_known(&site.normal)).unwrap_or(false) {
            continue;
        }
        read.insert(id, Instant::now());
        match caught(normal::read(core, &known, id, until, next)).await {
            Ok(normal) => live.set_normal(id, normal),
            Err(error) => {
                tracing::warn!("the normal range could not be worked out: {}", error.cause());
            }
        }
    }
}
