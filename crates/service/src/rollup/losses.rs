//! After the intervals: the balances of the nodes by hour and day.

mod causes;
mod moves;
mod past;
mod windows;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::site::Site;
use domain::{MeterId, SiteId};
use sqlx::PgConnection;
use storage::intervals::Key;
use storage::losses::{Analysis, Resolution};
use storage::readings::Span;

use super::Rollup;
use crate::power_loss::{self, Cost, Lost};
use crate::window::as_learned;
use crate::{Error, registry};
pub(crate) use causes::Suspicious;
pub(crate) use moves::Places;
use past::{Past, Piece};
use windows::Windows;

/// Hours of meters that are taken at once.
const HOURS: u32 = 4_000;
/// Digits of a cost: it is rounded where it is shown, not where it is summed.
const COST_DIGITS: u32 = 6;

/// A balance to be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Task {
    node: MeterId,
    resolution: Resolution,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

impl Task {
    fn window(&self) -> Span {
        Span { meter: self.node, from: self.from, to: self.to }
    }
}

impl Rollup {
    /// Computes the balances that some of the waiting hours bear on; whether any waited.
    pub(super) async fn balance(&self) -> Result<bool, Error> {
        if storage::losses::is_idle(&self.pool).await? {
            return Ok(false);
        }
        let mut transaction = self.pool.begin().await.map_err(storage::Error::from)?;
        let hours = storage::losses::take(&mut transaction, HOURS).await?;
        let known = self.registry.known();
        for (site, hours) in self.by_site(&known, hours).await? {
            let Some(site) = known.sites.get(&site) else { continue };
            self.balance_site(&mut transaction, &known, site, &hours).await?;
        }
        transaction.commit().await.map_err(storage::Error::from)?;
        Ok(true)
    }

    async fn by_site(
        &self,
        known: &registry::Known,
        hours: Vec<Key>,
    ) -> Result<HashMap<SiteId, Vec<Key>>, Error> {
        let mut sites: HashMap<MeterId, Option<SiteId>> = HashMap::new();
        for meter in hours.iter().map(|(meter, _)| *meter).collect::<HashSet<_>>() {
            let site = match known.site_of(meter) {
                Some(site) => Some(site.id),
                None => storage::meters::by_id(&self.pool, meter).await?.map(|meter| meter.site),
            };
            sites.insert(meter, site);
        }
        let mut by_site: HashMap<SiteId, Vec<Key>> = HashMap::new();
        for hour in hours {
            if let Some(site) = sites.get(&hour.0).copied().flatten() {
                by_site.entry(site).or_default().push(hour);
            }
        }
        Ok(by_site)
    }

    async fn balance_site(
        &self,
        connection: &mut PgConnection,
        known: &registry::Known,
        site: &Arc<Site>,
        hours: &[Key],
    ) -> Result<(), Error> {
        let meters = storage::meters::list(&self.pool, site.id, false).await?;
        let last = hours.iter().map(|(_, hour)| *hour + TimeDelta::hours(1)).max();
        let meters = as_learned(&self.pool, meters, last.unwrap_or_default()).await?;
        let history = storage::placements::history(&self.pool, site.id).await?;
        let mut past = Past::new(meters, history);
        let tasks = tasks(site, &mut past, hours);
        let windows = Windows::load(connection, &mut past, &tasks).await?;
        let unmetered = storage::unmetered::of(&self.pool, site.id).await?;
        let mut balanced: Vec<(Task, Vec<Piece>)> = Vec::with_capacity(tasks.len());
        for task in tasks {
            let pieces = past.balance(task.window(), &unmetered, |meter, piece| {
                windows.known(meter, piece, known.poll_within(meter, piece.from, piece.to))
            });
            balanced.push((task, pieces));
        }
        let lost =
            balanced.iter().flat_map(|(task, pieces)| pieces.iter().map(|p| p.lost(task.node)));
        let lost: Vec<Lost<'_>> = lost.collect();
        let costs = power_loss::costs(&self.pool, known, site, &unmetered, &lost).await?;
        let mut costs = costs.into_iter();
        let mut rows = Vec::with_capacity(balanced.len());
        for (task, pieces) in &balanced {
            let cost = Cost::sum(costs.by_ref().take(pieces.len()));
            let balance = past::sum(pieces);
            let is_day = task.resolution == Resolution::Day;
            if let Some(balance) = balance.as_ref().filter(|_| is_day) {
                let day = (site.id, task.from, task.to);
                let mut suspicious = self.memory.suspicious.lock();
                suspicious.note(day, task.node, balance);
                self.progress.suspects(suspicious.count());
            }
            let cost = cost.filter(|_| balance.as_ref().is_some_and(|it| it.loss.is_some()));
            let cost = cost.map(|cost| cost.amount.round_dp(COST_DIGITS));
            rows.push(Analysis {
                window: task.window(),
                resolution: task.resolution,
                balance: balance.map(|balance| (balance, cost)),
            });
        }
        Ok(storage::losses::write(connection, &rows).await?)
    }
}

/// The balances that hours of meters bear on: each meter's own and its parent's at that time, over
/// the hour and over the day.
fn tasks(site: &Site, past: &mut Past, hours: &[Key]) -> Vec<Task> {
    let mut tasks = BTreeSet::new();
    for &(meter, from) in hours {
        let date = site.date_at(from);
        let next = date.succ_opt().unwrap_or(date);
        let windows = [
            (Resolution::Hour, from, from + TimeDelta::hours(1)),
            (Resolution::Day, site.day_start(date), site.day_start(next)),
        ];
        for (resolution, from, to) in windows {
            let mut nodes = vec![meter];
            for piece in past.pieces(from, to) {
                nodes.extend(past.tree(piece.from).get(meter).and_then(|meter| meter.parent));
            }
            tasks.extend(nodes.into_iter().map(|node| Task { node, resolution, from, to }));
        }
    }
    tasks.into_iter().collect()
}
