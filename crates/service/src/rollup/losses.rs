//! After the intervals: the balances of the nodes by hour and day.

mod apart;
mod causes;
mod moves;
mod windows;

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::losses::unmetered::Unmetered;
use domain::operation::task::Work;
use domain::sites::Site;
use domain::{MeterId, SiteId};
use sqlx::{PgConnection, PgPool};
use storage::losses::{Analysis, Resolution};
use storage::operation::set_aside::Part;
use storage::span::{Key, Span};

use super::Rollup;
use crate::losses::past::{self, Past, Piece};
use crate::losses::power_loss::{self, Cost, Lost};
use crate::operation::failures::caught;
use crate::window::as_learned;
use crate::{Error, registry};
pub(crate) use causes::Suspicious;
pub(crate) use moves::Places;
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

    fn part(&self) -> Part {
        let work = match self.resolution {
            Resolution::Hour => Work::Hour,
            Resolution::Day => Work::Day,
        };
        Part::of_meter(work, self.node, self.from)
    }
}

/// What the balances of a site are computed with.
struct Ledger<'a> {
    pool: &'a PgPool,
    known: &'a registry::Known,
    site: &'a Site,
    past: Past,
    unmetered: Vec<Unmetered>,
    /// How many balances could not be computed.
    failed: usize,
}

impl<'a> Ledger<'a> {
    async fn open(
        pool: &'a PgPool,
        known: &'a registry::Known,
        site: &'a Site,
        hours: &[Key],
    ) -> Result<Self, Error> {
        let meters = storage::meters::list(pool, site.id, false).await?;
        let last = hours.iter().map(|(_, hour)| site.hour_end(*hour)).max();
        let meters = as_learned(pool, meters, last.unwrap_or_default()).await?;
        let history = storage::meters::placements::history(pool, site.id).await?;
        let past = Past::new(meters, history);
        let unmetered = storage::losses::unmetered::of(pool, site.id).await?;
        Ok(Self { pool, known, site, past, unmetered, failed: 0 })
    }
}

impl Rollup {
    /// Computes the balances that some of the waiting hours bear on; whether there may be more to do now.
    pub(super) async fn balance(&self) -> Result<bool, Error> {
        if storage::losses::is_idle(&self.pool).await? {
            return Ok(false);
        }
        let mut transaction = self.pool.begin().await.map_err(storage::Error::from)?;
        let hours = storage::losses::take(&mut transaction, HOURS).await?;
        let known = self.registry.known();
        let mut all_well = true;
        for (site, hours) in self.by_site(&known, hours).await? {
            let Some(site) = known.sites.get(&site) else { continue };
            all_well &= self.balance_site(&mut transaction, &known, site, &hours).await?;
        }
        transaction.commit().await.map_err(storage::Error::from)?;
        // What failed waits again, and is left alone until the next look.
        Ok(all_well)
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

    /// Balances a site; whether all of it could be.
    async fn balance_site(
        &self,
        connection: &mut PgConnection,
        known: &registry::Known,
        site: &Site,
        hours: &[Key],
    ) -> Result<bool, Error> {
        let mut ledger = match caught(Ledger::open(&self.pool, known, site, hours)).await {
            Ok(ledger) => ledger,
            Err(error) if error.is_passing() => return Err(error),
            Err(error) => {
                let cause = error.cause();
                tracing::error!("{} could not be balanced, it is tried again: {cause}", site.slug);
                storage::losses::queue(connection, hours).await?;
                return Ok(false);
            }
        };
        let meters: HashSet<MeterId> = hours.iter().map(|(meter, _)| *meter).collect();
        let balanced = storage::losses::balanced(&mut *connection, &Vec::from_iter(meters)).await?;
        let tasks = tasks(site, &mut ledger.past, hours, &balanced);
        if tasks.is_empty() {
            return Ok(true);
        }
        self.balance_or_parts(connection, &mut ledger, &tasks).await
    }

    async fn balance_tasks(
        &self,
        connection: &mut PgConnection,
        ledger: &mut Ledger<'_>,
        tasks: &[Task],
    ) -> Result<(), Error> {
        let Ledger { pool, known, site, past, unmetered, .. } = ledger;
        let windows = Windows::load(connection, past, tasks).await?;
        let mut balanced: Vec<(Task, Vec<Piece>)> = Vec::with_capacity(tasks.len());
        for task in tasks {
            let pieces = past.balance(task.window(), unmetered, |meter, piece| {
                windows.known(meter, piece, known.poll_within(meter, piece.from, piece.to))
            });
            balanced.push((*task, pieces));
        }
        let lost =
            balanced.iter().flat_map(|(task, pieces)| pieces.iter().map(|p| p.lost(task.node)));
        let lost: Vec<Lost<'_>> = lost.collect();
        let costs = power_loss::costs(pool, known, site, unmetered, &lost).await?;
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
        storage::losses::write(connection, &rows).await?;
        let parts: Vec<Part> = tasks.iter().map(Task::part).collect();
        self.memory.failures.forget(|failed| parts.contains(failed));
        Ok(storage::operation::set_aside::done(connection, &parts).await?)
    }
}

/// The balances that hours of meters bear on: each meter's own, where it has or had any, and its parent's at that
/// time, over the hour and over the day.
fn tasks(site: &Site, past: &mut Past, hours: &[Key], balanced: &HashSet<MeterId>) -> Vec<Task> {
    let mut tasks = BTreeSet::new();
    for &(meter, from) in hours {
        let date = site.date_at(from);
        let next = date.succ_opt().unwrap_or(date);
        let windows = [
            (Resolution::Hour, site.hour_start(from), site.hour_end(from)),
            (Resolution::Day, site.day_start(date), site.day_start(next)),
        ];
        for (resolution, from, to) in windows {
            let mut nodes: Vec<MeterId> = balanced.get(&meter).copied().into_iter().collect();
            for piece in past.pieces(from, to) {
                let tree = past.tree(piece.from);
                nodes.extend(tree.is_node(meter).then_some(meter));
                nodes.extend(tree.get(meter).and_then(|meter| meter.parent));
            }
            tasks.extend(nodes.into_iter().map(|node| Task { node, resolution, from, to }));
        }
    }
    tasks.into_iter().collect()
}
