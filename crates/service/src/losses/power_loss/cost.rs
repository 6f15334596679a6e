//! The cost of losses: each quarter-hour's at the price of its time, of import or of export.
//!
//! Between two changes of price the loss is what the quarter-hours of the meters say, and what the
//! registers say beyond them belongs to the end of the window, whose quarter-hour is under way. Where a
//! gap lies across a change, its energy may have had either price: the difference is how wrong the cost
//! may be, beside what the meters err.

pub(crate) mod edges;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::bills::tariff::{decimal_kwh, round};
use domain::energy::QUARTER;
use domain::energy::window::Window;
use domain::losses::balance::{self, Balance};
use domain::losses::unmetered::Unmetered;
use domain::meters::hierarchy::Tree;
use domain::sites::{Site, minor_digits};
use domain::{Kwh, MeterId};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive as _, ToPrimitive as _};
use sqlx::PgPool;
use storage::energy::{GapAtPrice, PassedAtPrice};

use super::month_use::Stretches;
use super::prices::LossPrices;
use crate::Error;
use crate::energy::Counted;
use crate::energy::window_energy::{Part, unmetered_kwh, unmetered_of_site};
use crate::losses::power_loss::cost::edges::Edges;
use crate::prices::{LostPrice, PassedSums, PriceBook, PriceStretches, placed};
use crate::registry::Known;

/// A cost is not told where more of the energy than this stands in no quarter-hour, beside the one that
/// is under way.
const MOST_UNPLACED: f64 = 0.05;
/// Sums of quarter-hours differ by less from what they are the parts of.
const ROUNDING_KWH: f64 = 1e-6;
/// Windows with the same prices that are asked about at once.
const AT_ONCE: usize = 2;

/// A loss whose cost is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Lost<'a> {
    /// Where the meters hung.
    pub(crate) tree: &'a Tree,
    /// The node; none for the site at its boundary.
    pub(crate) node: Option<MeterId>,
    /// When.
    pub(crate) window: Window,
    pub(crate) balance: &'a Balance,
    /// The energy of its meters over the window, where it was counted.
    pub(crate) counted: Option<&'a HashMap<MeterId, Counted>>,
}

impl<'a> Lost<'a> {
    /// Of a part of the balance of a node, or of the boundary.
    pub(super) fn of(node: Option<MeterId>, part: &'a Part<'a>) -> Self {
        let (balance, counted) = (&part.balance, Some(part.counted));
        Self { tree: part.tree, node, window: part.window, balance, counted }
    }

    /// The meters in it, each with whether its import goes in.
    pub(super) fn members(&self) -> Vec<(MeterId, bool)> {
        let Some(node) = self.node else {
            let ends = balance::boundary(self.tree);
            return ends.map(|(meter, enters)| (meter.id, enters)).collect();
        };
        let children = self.tree.children(node).map(|child| (child.id, child.feeds_parent));
        std::iter::once((node, true)).chain(children).collect()
    }

    fn unmetered(&self, loads: &[Unmetered], window: Window) -> Kwh {
        match self.node {
            Some(node) => unmetered_kwh(loads, node, window, None),
            None => unmetered_of_site(loads, self.tree, window),
        }
    }
}

/// What a loss costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cost {
    /// The amount, not rounded, in the site's currency.
    pub(crate) amount: Decimal,
    /// Half the width of its error band.
    pub(crate) error: Decimal,
    /// The part of the loss that is in it at 0, since no price is stated of the export at its time, kWh.
    pub(crate) unpriced_kwh: f64,
}

impl Cost {
    /// Of losses one after the other; their errors are those of the same meters, and add up.
    pub(crate) fn sum(costs: impl IntoIterator<Item = Option<Self>>) -> Option<Self> {
        let add = |a: Option<Self>, b: Option<Self>| {
            let (a, b) = (a?, b?);
            let amount = a.amount.checked_add(b.amount)?;
            let unpriced_kwh = a.unpriced_kwh + b.unpriced_kwh;
            Some(Self { amount, error: a.error.checked_add(b.error)?, unpriced_kwh })
        };
        costs.into_iter().reduce(add).flatten()
    }

    /// Half-even to the currency's minor unit.
    pub(super) fn rounded(self, currency: &str) -> Self {
        let round = |amount: Decimal| round(amount, minor_digits(currency));
        Self { amount: round(self.amount), error: round(self.error), ..self }
    }
}

/// What each of the losses costs, in their order; none where the balance is incomplete, or a price was
/// not stated.
pub(crate) async fn costs(
    pool: &PgPool,
    known: &Known,
    site: &Site,
    loads: &[Unmetered],
    lost: &[Lost<'_>],
) -> Result<Vec<Option<Cost>>, Error> {
    let asked = lost.iter().map(|lost| (lost.tree, lost.node, lost.window));
    let book = Arc::new(PriceBook::load(pool, site).await?);
    let prices = LossPrices::load(pool, (site, book), asked).await?;
    priced((pool, None), known, &prices, loads, lost).await
}

/// The same with prices that are loaded already, and sums that are kept for whoever asks again.
pub(super) async fn priced(
    (pool, sums): (&PgPool, Option<&PassedSums>),
    known: &Known,
    prices: &LossPrices<'_>,
    loads: &[Unmetered],
    lost: &[Lost<'_>],
) -> Result<Vec<Option<Cost>>, Error> {
    let mut costs = vec![None; lost.len()];
    let mut varying: HashMap<Stretches, Vec<usize>> = HashMap::new();
    for (i, lost) in lost.iter().enumerate().filter(|(_, lost)| lost.balance.loss.is_some()) {
        let stretches = prices.stretches(lost.tree, lost.node, lost.window);
        match stretches[..] {
            [(_, price)] => costs[i] = price.and_then(|price| flat(lost.balance, price)),
            _ => varying.entry(stretches).or_default().push(i),
        }
    }
    let all: Vec<&Lost<'_>> = varying.values().flatten().map(|place| &lost[*place]).collect();
    let edges = Edges::load(pool, known, all.into_iter());
    let alike = |(stretches, places): (Stretches, Vec<usize>)| {
        let members = places.iter().flat_map(|place| lost[*place].members());
        let members: BTreeSet<MeterId> = members.map(|(id, _)| id).collect();
        async move {
            let members = Vec::from_iter(members);
            let placed = Placed::load((pool, sums), prices.site, stretches, members).await?;
            Ok::<_, Error>((placed, places))
        }
    };
    let placed = stream::iter(varying).map(alike).buffer_unordered(AT_ONCE);
    let (edges, placed) = tokio::try_join!(edges, placed.try_collect::<Vec<_>>())?;
    for (placed, places) in placed {
        for place in places {
            costs[place] = placed.cost(&lost[place], loads, &edges);
        }
    }
    Ok(costs)
}

fn flat(balance: &Balance, price: LostPrice) -> Option<Cost> {
    let loss = balance.loss?.0;
    Some(Cost {
        amount: decimal(loss)?.checked_mul(price.per_kwh)?,
        error: decimal(balance.error.0)?.checked_mul(price.per_kwh.abs())?,
        unpriced_kwh: if price.is_stated { 0.0 } else { loss },
    })
}

/// What passed meters in the stretches of a window.
struct Placed {
    stretches: Stretches,
    /// The place of the price of each of them.
    places: Vec<usize>,
    /// The different prices.
    prices: Vec<Option<LostPrice>>,
    passed: HashMap<MeterId, Vec<PassedAtPrice>>,
    gaps: HashMap<MeterId, Vec<GapAtPrice>>,
}

/// The loss of a node at one price, and what passed its meters.
#[derive(Clone, Copy, Default)]
struct AtPrice {
    loss: f64,
    into: f64,
    through: f64,
}

impl Placed {
    async fn load(
        (pool, sums): (&PgPool, Option<&PassedSums>),
        site: &Site,
        stretches: Stretches,
        meters: Vec<MeterId>,
    ) -> Result<Self, Error> {
        let (prices, starts, places) = placed(&stretches);
        // Of quarter-hours that end later, the edges tell.
        let last = stretches.last().map_or_else(Default::default, |(last, _)| last.to - QUARTER);
        let rows = if let Some(sums) = sums {
            let asked = PriceStretches { starts: &starts, places: &places, last };
            sums.load(pool, site, &meters, &asked).await?
        } else {
            let read = storage::energy::passed_at_prices(pool, &meters, &starts, &places, last);
            Arc::new(read.await?)
        };
        // A gap across a change of price lies in whole quarter-hours of the window, too.
        let with_gaps = rows.iter().filter(|row| row.has_gaps).map(PassedAtPrice::meter);
        let with_gaps: BTreeSet<MeterId> = with_gaps.collect();
        let with_gaps = Vec::from_iter(with_gaps);
        let shared =
            storage::energy::gaps_at_prices(pool, &with_gaps, &starts, &places, last).await?;
        let mut passed: HashMap<MeterId, Vec<PassedAtPrice>> = HashMap::new();
        for row in rows.iter().copied() {
            passed.entry(row.meter()).or_default().push(row);
        }
        let mut gaps: HashMap<MeterId, Vec<GapAtPrice>> = HashMap::new();
        for gap in shared {
            gaps.entry(gap.gap().0).or_default().push(gap);
        }
        Ok(Self { stretches, places, prices, passed, gaps })
    }

    fn cost(&self, lost: &Lost<'_>, loads: &[Unmetered], edges: &Edges) -> Option<Cost> {
        let members = lost.members();
        let mut at = self.at_prices(lost, &members, loads, edges);
        let sum = |of: fn(&AtPrice) -> f64, at: &[AtPrice]| at.iter().map(of).sum::<f64>();
        let source = lost.balance.source.0;
        let unplaced = source - sum(|at| at.into, &at);
        // As long as quarter-hours of what hangs below are not computed, it seems to be lost at their prices.
        let rest = lost.balance.loss?.0 - sum(|at| at.loss, &at);
        let is_small = |kwh: f64| kwh.abs() <= MOST_UNPLACED * source + ROUNDING_KWH;
        let is_whole = || members.iter().all(|(id, _)| self.is_whole(*id, lost.window));
        let is_placed = is_small(rest) && (is_small(unplaced) || is_whole());
        let last = self.places.last().filter(|_| is_placed)?;
        at[*last].loss += rest;
        let mut amount = Decimal::ZERO;
        let (mut paid, mut through, mut unpriced_kwh) = (0.0, 0.0, 0.0);
        for (at, price) in at.iter().zip(&self.prices) {
            let LostPrice { per_kwh, is_stated } = (*price)?;
            amount = amount.checked_add(decimal(at.loss)?.checked_mul(per_kwh)?)?;
            unpriced_kwh += if is_stated { 0.0 } else { at.loss };
            paid += at.through * per_kwh.to_f64()?.abs();
            through += at.through;
        }
        let mean = if through > 0.0 { paid / through } else { 0.0 };
        let error = lost.balance.error.0 * mean + self.misplaced(&members)?;
        Some(Cost { amount, error: Decimal::from_f64(error)?, unpriced_kwh })
    }

    fn at_prices(
        &self,
        lost: &Lost<'_>,
        members: &[(MeterId, bool)],
        loads: &[Unmetered],
        edges: &Edges,
    ) -> Vec<AtPrice> {
        let mut at = vec![AtPrice::default(); self.prices.len()];
        let ends = [self.places.first(), self.places.last()];
        for (id, enters) in members {
            let rows = self.passed.get(id).into_iter().flatten();
            let rows = rows.map(|row| (row.price(), row.import_kwh, row.export_kwh));
            let pieces = ends.into_iter().zip(edges.of(*id, lost.window));
            let pieces = pieces.filter_map(|(end, (import, export))| Some((*end?, import, export)));
            for (price, import, export) in rows.chain(pieces) {
                let Some(at) = at.get_mut(price) else { continue };
                let (into, out) = if *enters { (import, export) } else { (export, import) };
                at.loss += into - out;
                at.into += into;
                at.through += into + out;
            }
        }
        for ((stretch, _), place) in self.stretches.iter().zip(&self.places) {
            at[*place].loss -= lost.unmetered(loads, *stretch).0;
        }
        at
    }

    /// Whether the quarter-hours of a meter begin and end with the window.
    fn is_whole(&self, id: MeterId, window: Window) -> bool {
        let rows = || self.passed.get(&id).into_iter().flatten();
        rows().any(|row| row.first < window.from + QUARTER)
            && rows().any(|row| row.last + QUARTER * 2 >= window.to)
    }

    /// By how much the cost may be wrong since gaps lie across changes of price: all of what a gap has
    /// may have had its lowest or its highest price.
    fn misplaced(&self, members: &[(MeterId, bool)]) -> Option<f64> {
        let mut gaps: HashMap<_, Vec<(f64, f64)>> = HashMap::new();
        for gap in members.iter().filter_map(|(id, _)| self.gaps.get(id)).flatten() {
            let price = self.prices.get(gap.price()).copied().flatten()?.per_kwh.to_f64()?;
            gaps.entry(gap.gap()).or_default().push((gap.kwh, price));
        }
        let wrong = |parts: &Vec<(f64, f64)>| {
            let kwh: f64 = parts.iter().map(|(kwh, _)| kwh).sum();
            let paid: f64 = parts.iter().map(|(kwh, price)| kwh * price).sum();
            let prices = || parts.iter().map(|(_, price)| *price);
            let (low, high) = (prices().reduce(f64::min)?, prices().reduce(f64::max)?);
            Some((kwh * high - paid).max(paid - kwh * low))
        };
        gaps.values().map(wrong).sum()
    }
}

/// A positive or negative amount; none beyond what a decimal holds.
fn decimal(kwh: f64) -> Option<Decimal> {
    decimal_kwh(kwh.abs()).map(|amount| if kwh < 0.0 { -amount } else { amount })
}
