//! What the meters of a site counted in a window.
//!
//! It is the sum of the whole days and quarter-hours, with what passed in the pieces of quarter-hours at
//! the ends, which are folded as whole ones are: so every figure of one time is the same, whichever window
//! it is asked for in. The register readings around the ends say from when until when that is known, and
//! how much of it is a guess.
//!
//! Quarter-hours that are over but not computed yet are waited for a moment, so that what was stored
//! is counted. The quarter-hour that is under way always waits for its computation; it is read from
//! the registers, and costs no wait.

mod around;
#[cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]
pub(crate) mod derive;
mod edges;
pub mod explain;
mod found;
pub mod outliers;
mod parts;
pub mod quarantine;
pub mod series;
pub(crate) mod steps;
pub(crate) mod window_energy;

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::QUARTER;
use domain::energy::interval::Flags;
use domain::energy::register_history::HistorySample;
use domain::energy::staleness::FORGOTTEN_AFTER;
use domain::energy::window::{Bracket, Known, Window};
use domain::meters::Meter;
use domain::sites::Site;
use domain::{Kwh, MeterId};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use storage::energy::{Edge, Sum};

use crate::operation::clock;
use crate::{Core, Error};
use edges::by_sums;
use found::EnergyInputs;
use parts::{Cut, Edged};

/// How far from a window's end a register reading may lie and still say something about it.
const REACH: TimeDelta = TimeDelta::days(31);
/// How long a computation under way is waited for, and how long at least before it is asked after again.
const PATIENCE: Duration = Duration::from_secs(2);
const ASK_EVERY: Duration = Duration::from_millis(20);
/// A question is asked again after so many times what it took, lest a busy database be kept busier.
const REST: u32 = 4;
/// How long before a window what is not computed yet is waited for.
const BEFORE: TimeDelta = TimeDelta::days(1);
/// More quarter-hours than this are a history being loaded, which is not waited for.
const MOST_AWAITED: u32 = 20_000;
/// Meters that are asked about together, and how often at once: while what is read of some is put together, others are
/// looked for.
const TOGETHER: usize = 2_000;
const AT_ONCE: usize = 2;

/// What a meter counted, with what its other counters say and what it was computed from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Counted {
    /// Its energy; none where nothing bears on the window.
    pub(crate) known: Option<Known>,
    /// The part of the energy whose place is a guess.
    pub(crate) estimated: Kwh,
    /// Litres by its own fuel counter.
    pub(crate) diesel_litres: Option<f64>,
    /// Running time by its counter, hours.
    pub(crate) runtime_hours: f64,
    /// How often it was started.
    pub(crate) starts: u32,
    /// What happened to its registers.
    pub(crate) flags: Flags,
    /// The readings around the beginning and the end.
    pub(crate) start: Bracket,
    /// See `start`.
    pub(crate) end: Bracket,
    /// Import and export, kWh, in the pieces of quarter-hours with which the window begins and ends; none where that was
    /// not worked out.
    pub(crate) edges: Option<[(f64, f64); 2]>,
}

impl Counted {
    /// What is known of the energy alone.
    pub(crate) fn of(known: Known) -> Self {
        Self {
            known: Some(known),
            estimated: Kwh::ZERO,
            diesel_litres: None,
            runtime_hours: 0.0,
            starts: 0,
            flags: Flags::default(),
            start: Bracket::default(),
            end: Bracket::default(),
            edges: None,
        }
    }
}

/// What each of the meters counted.
pub(crate) async fn counted(
    service: &Core,
    site: &Site,
    meters: &[&Meter],
    window: Window,
) -> Result<HashMap<MeterId, Counted>, Error> {
    let ids: Vec<MeterId> = meters.iter().map(|meter| meter.id).collect();
    let is_computed = caught_up(service, site, &ids, window).await?;
    let cut = &Cut::of(site, window);
    let some = |first: usize| {
        let some: Vec<&Meter> = meters.iter().skip(first).take(TOGETHER).copied().collect();
        Box::pin(async move { together(service, site, &some, window, cut, is_computed).await })
    };
    let asked = stream::iter((0..meters.len()).step_by(TOGETHER)).map(some);
    asked.buffer_unordered(AT_ONCE).try_concat().await
}

/// The same of some of them.
async fn together(
    service: &Core,
    site: &Site,
    meters: &[&Meter],
    window: Window,
    cut: &Cut,
    is_computed: bool,
) -> Result<HashMap<MeterId, Counted>, Error> {
    let ids: Vec<MeterId> = meters.iter().map(|meter| meter.id).collect();
    let pool = service.figures_pool();
    let reach = REACH.max(window.to - window.from);
    // Those around the quarter-hour that is under way tell of the pieces beside it.
    let now = clock::now(service, site);
    let ends = cut.pieces().into_iter();
    let under_way = ends.filter(|piece| parts::floor(piece.from) + QUARTER > now);
    let mut instants = vec![window.from, window.to];
    instants.extend(under_way.flat_map(|piece| [piece.from, piece.to]));
    instants.sort_unstable();
    instants.dedup();
    let since = window.to - FORGOTTEN_AFTER;
    let (brackets, sums, edges, export_read, corrections) = tokio::try_join!(
        storage::readings::brackets(pool, &ids, &instants, reach),
        storage::energy::sums(pool, &ids, &cut.parts),
        storage::energy::edges(pool, &ids, &cut.edges),
        storage::energy::intervals::export_read(pool, &ids, since),
        storage::readings::corrections::of(pool, &ids, window.from - reach, window.to + reach),
    )?;
    let brackets = by_instant(brackets);
    let bracket =
        |meter: MeterId, at: DateTime<Utc>| brackets.get(&(meter, at)).copied().unwrap_or_default();
    let mut sums = by_meter(sums);
    let mut edges = edges_by_meter(edges);
    let corrected: HashSet<MeterId> = corrections.iter().map(|it| it.meter).collect();
    let known = service.registry().known();
    let mut all = HashMap::with_capacity(meters.len());
    let mut some = Vec::new();
    for &meter in meters {
        let every = known.poll_within(meter.id, window.from, window.to);
        let (start, end) = (bracket(meter.id, window.from), bracket(meter.id, window.to));
        let found = EnergyInputs {
            meter,
            poll: every,
            around: [start, end].map(around::read),
            apart: [None; 2],
            export_read: export_read.get(&meter.id).copied(),
            start,
            end,
            sum: sums.remove(&meter.id),
            edges: edges.remove(&meter.id).unwrap_or_default(),
            corrected: corrected.contains(&meter.id),
        };
        if found.is_empty(window) {
            all.insert(meter.id, found.counted(None, Edged::default()));
        } else {
            some.push(found);
        }
    }
    around::refine(pool, &mut some, window, reach).await?;
    let by_sums = by_sums(service, site, (window, cut), some, &brackets, is_computed);
    all.extend(Box::pin(by_sums).await?);
    Ok(all)
}

fn by_meter(sums: Vec<Sum>) -> HashMap<MeterId, Sum> {
    sums.into_iter().map(|sum| (sum.meter(), sum)).collect()
}

fn edges_by_meter(edges: Vec<Edge>) -> HashMap<MeterId, Vec<Edge>> {
    let mut by_meter: HashMap<MeterId, Vec<Edge>> = HashMap::new();
    for edge in edges {
        by_meter.entry(edge.meter()).or_default().push(edge);
    }
    by_meter
}

/// Waits until what is stored of whole quarter-hours is computed, for a moment; whether it is.
pub(crate) async fn caught_up(
    service: &Core,
    site: &Site,
    ids: &[MeterId],
    window: Window,
) -> Result<bool, Error> {
    // A reading before the window tells how it begins, one after the end how its last quarter-hour ends.
    let from = window.from - BEFORE;
    let to = (window.to + QUARTER).min(parts::floor(clock::now(service, site)));
    // The question itself may take long on a busy database, and its answer counts even so.
    let begun = Instant::now();
    loop {
        let asked = Instant::now();
        let pending =
            storage::energy::pending(service.pool(), ids, (from, to), MOST_AWAITED).await?;
        let is_awaited = pending.waiting <= MOST_AWAITED.into() && begun.elapsed() < PATIENCE;
        match pending.waiting {
            _ if pending.aside > 0 => return Ok(false),
            0 => return Ok(true),
            _ if is_awaited => tokio::time::sleep(ASK_EVERY.max(asked.elapsed() * REST)).await,
            _ => return Ok(false),
        }
    }
}

fn by_instant(
    brackets: Vec<storage::readings::Bracket>,
) -> HashMap<(MeterId, DateTime<Utc>), Bracket> {
    let around = |found: storage::readings::Bracket| {
        let before = found.before.as_ref().map(HistorySample::from);
        let after = found.after.as_ref().map(HistorySample::from);
        ((found.meter, found.instant), Bracket { before, after })
    };
    brackets.into_iter().map(around).collect()
}
