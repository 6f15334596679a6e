//! After the balances: why those of a day do not close.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::window::Window;
use domain::energy::{Energy, QUARTER, is_whole};
use domain::losses::balance::{Balance, Verdict};
use domain::losses::diagnosis::{self, Case, Findings, Series};
use domain::sites::Site;
use domain::{Kwh, MeterId, SiteId};
use sqlx::PgPool;
use storage::losses::Quarter;
use tokio::time::Instant;

use crate::Error;
use crate::losses::judged::{Judged, judged};
use crate::operation::failures::caught;
use crate::operation::supervision::Pulse;
use crate::rollup::Rollup;

/// A day of a node that is under way is not looked into more often: its balance changes each second.
const PAUSE: Duration = Duration::from_mins(1);
/// Days of which the usual load and loss are taken.
const USUAL: TimeDelta = TimeDelta::days(14);
/// How long after an exchange it may be the cause.
const AFTER_EXCHANGE: TimeDelta = TimeDelta::days(7);
/// What is as close to a site's present is about to be computed, and not waited for.
const PRESENT: TimeDelta = TimeDelta::hours(1);
/// Quarter-hours of silence, or of standing still, that make a meter suspicious.
const STALE: usize = 2;

/// A day of a site: where it belongs, when it begins, the first instant after it.
type Day = (SiteId, DateTime<Utc>, DateTime<Utc>);

/// Days of nodes whose balance does not close.
#[derive(Debug, Default)]
pub(crate) struct Suspicious {
    waiting: BTreeMap<Day, BTreeSet<MeterId>>,
    looked: HashMap<(MeterId, DateTime<Utc>), Instant>,
}

impl Suspicious {
    pub(super) fn note(&mut self, day: Day, node: MeterId, balance: &Balance) {
        if matches!(balance.verdict, Verdict::Loss | Verdict::Negative) {
            self.waiting.entry(day).or_default().insert(node);
        }
    }

    /// How many days of nodes wait to be looked into.
    pub(super) fn count(&self) -> usize {
        self.waiting.values().map(BTreeSet::len).sum()
    }

    /// The sites with days to be looked into now.
    fn sites(&mut self) -> BTreeSet<SiteId> {
        self.looked.retain(|_, last| last.elapsed() < PAUSE);
        let Self { waiting, looked } = self;
        let is_due = |(day, nodes): &(&Day, &BTreeSet<MeterId>)| {
            nodes.iter().any(|node| !looked.contains_key(&(*node, day.1)))
        };
        waiting.iter().filter(is_due).map(|(day, _)| day.0).collect()
    }

    /// The oldest day of a site with nodes to be looked into now, which wait no longer: whether a day
    /// is usual depends on what was found in those before it.
    fn next(&mut self, site: SiteId, now: DateTime<Utc>) -> Option<(Day, Vec<MeterId>)> {
        let Self { waiting, looked } = self;
        let of_site = waiting.iter_mut().filter(|(day, _)| day.0 == site);
        let (day, nodes) = of_site.into_iter().find_map(|(day, nodes)| {
            let is_due = |node: &MeterId| !looked.contains_key(&(*node, day.1));
            let due: Vec<MeterId> = nodes.extract_if(.., |node| is_due(node)).collect();
            (!due.is_empty()).then_some((*day, due))
        })?;
        waiting.retain(|_, nodes| !nodes.is_empty());
        if day.2 > now {
            looked.extend(nodes.iter().map(|node| ((*node, day.1), Instant::now())));
        }
        Some((day, nodes))
    }
}

impl Rollup {
    /// Looks into the days that wait for it, of each site whose past is computed.
    pub(in crate::rollup) async fn find_causes(&self, pulse: &Pulse) -> Result<(), Error> {
        let sites = self.memory.suspicious.lock().sites();
        for id in sites {
            let Some(site) = self.registry.known().sites.get(&id).cloned() else { continue };
            let now = self.registry.now(&site);
            if storage::rollup::is_waiting(&self.pool, id, now - PRESENT).await? {
                continue;
            }
            loop {
                let next = self.memory.suspicious.lock().next(id, now);
                let Some(((_, from, to), nodes)) = next else { break };
                match caught(self.look_into(&site, from, to.min(now), nodes)).await {
                    Err(error) if !error.is_passing() => tracing::error!(
                        site = site.slug,
                        "why the balances of {from} do not close could not be worked out: {}",
                        error.cause()
                    ),
                    done => done?,
                }
                pulse.beat();
            }
        }
        self.progress.suspects(self.memory.suspicious.lock().count());
        Ok(())
    }

    async fn look_into(
        &self,
        site: &Site,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        nodes: Vec<MeterId>,
    ) -> Result<(), Error> {
        for (node, findings) in found(&self.pool, site, from, to, nodes).await? {
            storage::losses::write_findings(&self.pool, node, from, &findings).await?;
        }
        Ok(())
    }
}

/// What all nodes of a day are judged by.
struct Evidence {
    judged: Judged,
    series: HashMap<MeterId, Series>,
    usual_loss: HashMap<MeterId, f64>,
}

async fn found(
    pool: &PgPool,
    site: &Site,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    nodes: Vec<MeterId>,
) -> Result<Vec<(MeterId, Findings)>, Error> {
    let evidence = gather(pool, site, from, to).await?;
    let search = move || {
        let find = |node| {
            let case = Case {
                tree: &evidence.judged.tree,
                node,
                from: evidence.judged.window.from,
                series: &evidence.series,
                usual_loss: &evidence.usual_loss,
                unmetered_kw: &evidence.judged.unmetered_kw,
            };
            (node, diagnosis::find(&case))
        };
        nodes.into_iter().map(find).collect()
    };
    // The search takes a while, and other tasks should not wait for it.
    tokio::task::spawn_blocking(search).await.map_err(Error::of_ended)
}

async fn gather(
    pool: &PgPool,
    site: &Site,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Evidence, Error> {
    let judged = judged(pool, site, Window { from, to }).await?;
    let Window { from: begin, to: end } = judged.window;
    let ids: Vec<MeterId> = judged.tree.meters().iter().map(|meter| meter.id).collect();
    let quarters = storage::losses::quarters(pool, &ids, begin, end).await?;
    let days = (site.date_at(from - USUAL), site.date_at(from));
    let usual_import = storage::losses::usual_quarters(pool, &ids, days.0, days.1).await?;
    // The losses of a node while other meters hung below it say nothing of those of now.
    let as_now = |id: &MeterId| {
        let changed = judged.changed.get(id).copied().unwrap_or_default();
        (*id, changed.max(from - USUAL))
    };
    let since: Vec<_> = ids.iter().map(as_now).collect();
    let usual_loss = storage::losses::usual_losses(pool, &since, from).await?;
    let replaced = storage::meters::exchanges::of(pool, &ids).await?;
    let exchanged = |id: &MeterId| {
        let recent = from - AFTER_EXCHANGE..to;
        replaced.get(id).is_some_and(|all| all.iter().any(|one| recent.contains(&one.at)))
    };
    let mut series = series_of(&ids, &quarters, begin);
    for (id, kwh) in usual_import {
        series.entry(id).or_default().usual = Some(Kwh(kwh));
    }
    for (id, series) in &mut series {
        series.exchanged = exchanged(id);
        series.stale = is_stale(series);
    }
    Ok(Evidence { judged, series, usual_loss: usual_loss.into_iter().collect() })
}

/// The quarter-hours of the meters, side by side up to the last that any of them has whole: less of one meter than of
/// another looks like a loss.
fn series_of(
    meters: &[MeterId],
    quarters: &[Quarter],
    from: DateTime<Utc>,
) -> HashMap<MeterId, Series> {
    let index = |at: DateTime<Utc>| {
        usize::try_from((at - from).num_seconds() / QUARTER.num_seconds()).unwrap_or(0)
    };
    let whole =
        || quarters.iter().filter(|quarter| is_whole(quarter.backed_s / QUARTER.as_seconds_f64()));
    let count = whole().map(|quarter| index(quarter.bucket_start) + 1).max().unwrap_or(0);
    let empty = Series { quarters: vec![None; count], ..Series::default() };
    let mut series: HashMap<MeterId, Series> =
        meters.iter().map(|&meter| (meter, empty.clone())).collect();
    for quarter in whole() {
        if let Some(own) = series.get_mut(&quarter.meter()) {
            own.quarters[index(quarter.bucket_start)] = Some(Energy {
                import: Kwh(quarter.import_kwh),
                export: Kwh(quarter.export_kwh),
                uncertain: Kwh(quarter.estimated_kwh),
                coverage: f64::from(quarter.coverage),
            });
        }
    }
    series
}

fn is_stale(series: &Series) -> bool {
    let usual = series.usual.is_some_and(|usual| usual > Kwh::ZERO);
    let still = |quarter: &Option<Energy>| {
        quarter
            .is_none_or(|energy| usual && energy.import == Kwh::ZERO && energy.export == Kwh::ZERO)
    };
    series.quarters.windows(STALE).any(|stretch| stretch.iter().all(still))
}
