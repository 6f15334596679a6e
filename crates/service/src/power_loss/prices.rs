//! What a lost kWh costs when: at the price of whose bill pays it.
//!
//! That is the nearest meter at or above the node with a tariff of its own, else the site at its
//! boundary. Where a price depends on what the month has drawn, it is that of the block in which the
//! payer's month stands at the time.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use domain::MeterId;
use domain::hierarchy::Tree;
use domain::meter::SourceKind;
use domain::site::Site;
use domain::trail::QUARTER;
use domain::window::Window;
use rust_decimal::Decimal;
use sqlx::PgPool;

use crate::Error;
use crate::explain::UsedTariff;
use crate::tariffs::PriceBook;

/// Stretches of a window, each with its price.
pub(super) type Stretches = Vec<(Window, Option<Decimal>)>;
/// Whose bill pays: a meter, or none for the site at its boundary.
type Payer = Option<MeterId>;

/// The prices of a site for what is lost on it.
pub(super) struct LossPrices<'a> {
    site: &'a Site,
    book: PriceBook,
    /// Of payers with blocks: what they drew by quarter-hour, each with its end.
    drawn: HashMap<Payer, Vec<(DateTime<Utc>, f64)>>,
    /// What was asked for: many nodes have one payer.
    stretches: HashMap<(Payer, Window), Stretches>,
}

impl<'a> LossPrices<'a> {
    /// For these nodes, none being the boundary, each in its tree and window.
    pub(super) async fn load<'t>(
        pool: &PgPool,
        site: &'a Site,
        asked: impl Iterator<Item = (&'t Tree, Option<MeterId>, Window)>,
    ) -> Result<Self, Error> {
        let book = PriceBook::load(pool, site).await?;
        let (drawn, stretches) = (HashMap::new(), HashMap::new());
        let mut prices = Self { site, book, drawn, stretches };
        let mut spans: HashSet<(Payer, Window)> = HashSet::new();
        let mut by_blocks: HashMap<Payer, (Vec<MeterId>, Window)> = HashMap::new();
        for (tree, node, window) in asked {
            for (span, payer) in prices.payers(tree, node, window) {
                if spans.insert((payer, span)) && prices.book.has_blocks(payer, span) {
                    let meters = || payer.map_or_else(|| bought(tree), |payer| vec![payer]);
                    let (_, all) = by_blocks.entry(payer).or_insert_with(|| (meters(), span));
                    *all = Window { from: all.from.min(span.from), to: all.to.max(span.to) };
                }
            }
        }
        for (payer, (meters, window)) in by_blocks {
            let begin = prices.month_start(window.from);
            let drawn = storage::energy::drawn(pool, &meters, begin, window.to).await?;
            let drawn = drawn.into_iter().map(|(start, kwh)| (start + QUARTER, kwh));
            let drawn = prices.by_month(drawn);
            prices.drawn.insert(payer, drawn);
        }
        for (payer, span) in spans {
            let stretches = prices.of_payer(payer, span);
            prices.stretches.insert((payer, span), stretches);
        }
        Ok(prices)
    }

    /// The stretches of a window in each of which what is lost at a node costs the same.
    pub(super) fn stretches(
        &self,
        tree: &Tree,
        node: Option<MeterId>,
        window: Window,
    ) -> Stretches {
        let mut all: Stretches = Vec::new();
        for (span, payer) in self.payers(tree, node, window) {
            for (stretch, price) in self.of_payer(payer, span) {
                match all.last_mut() {
                    Some((last, before)) if *before == price => last.to = stretch.to,
                    _ => all.push((stretch, price)),
                }
            }
        }
        all
    }

    /// The tariff that holds at the begin of a window; none where no price was stated.
    pub(super) fn explain(&self, tree: &Tree, node: MeterId, window: Window) -> Option<UsedTariff> {
        let stretches = self.stretches(tree, Some(node), window);
        stretches.iter().find(|(_, price)| price.is_some())?;
        let payer = self.book.payer(tree, node, self.site.date_at(window.from));
        let version = self.book.version_at(payer, window.from);
        let price = stretches.first().and_then(|(_, price)| *price);
        Some(UsedTariff {
            meter_id: payer,
            name: version.map(|(name, _)| name.to_owned()),
            valid_from: version.map(|(_, from)| from),
            price: price.filter(|_| stretches.len() == 1),
        })
    }

    /// Who pays when.
    fn payers(&self, tree: &Tree, node: Option<MeterId>, window: Window) -> Vec<(Window, Payer)> {
        let Some(node) = node else { return vec![(window, None)] };
        let above = tree.ancestors(node).map(|meter| meter.id);
        let given = std::iter::once(node).chain(above).flat_map(|id| self.book.assigned(id));
        let mut cuts: Vec<_> = given.map(|(_, since)| self.site.day_start(since)).collect();
        cuts.retain(|at| window.from < *at && *at < window.to);
        cuts.sort_unstable();
        cuts.dedup();
        let ends = cuts.iter().copied().chain([window.to]);
        let starts = std::iter::once(window.from).chain(cuts.iter().copied());
        let span = |(from, to)| {
            (Window { from, to }, self.book.payer(tree, node, self.site.date_at(from)))
        };
        starts.zip(ends).map(span).collect()
    }

    fn of_payer(&self, payer: Payer, span: Window) -> Stretches {
        if let Some(known) = self.stretches.get(&(payer, span)) {
            return known.clone();
        }
        if self.book.is_flat_over(payer, span.from, span.to) {
            return vec![(span, self.book.price_now(payer, span.from))];
        }
        let Some(drawn) = self.drawn.get(&payer) else { return self.book.stretches(payer, span) };
        self.book.stretches_after(payer, span, |at| {
            let before = drawn.partition_point(|(end, _)| *end <= at);
            let last = before.checked_sub(1).and_then(|last| drawn.get(last));
            last.filter(|(end, _)| *end > self.month_start(at)).map_or(0.0, |(_, kwh)| *kwh)
        })
    }

    /// Sums within months of the site's clock.
    fn by_month(
        &self,
        quarters: impl Iterator<Item = (DateTime<Utc>, f64)>,
    ) -> Vec<(DateTime<Utc>, f64)> {
        let mut so_far: Option<(DateTime<Utc>, f64)> = None;
        let sum = |(end, kwh): (DateTime<Utc>, f64)| {
            let month = self.month_start(end - QUARTER);
            let before = so_far.filter(|(of, _)| *of == month).map_or(0.0, |(_, kwh)| kwh);
            so_far = Some((month, before + kwh));
            (end, before + kwh)
        };
        quarters.map(sum).collect()
    }

    fn month_start(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let date: NaiveDate = self.site.date_at(at);
        self.site.day_start(date.with_day(1).unwrap_or(date))
    }
}

/// The meters at which a site buys what it uses: those without one above them that are no source of its
/// own and no load that stands by itself.
fn bought(tree: &Tree) -> Vec<MeterId> {
    let is_bought = |meter: &&domain::meter::Meter| {
        let kind = meter.meter_type.source_kind();
        matches!(kind, SourceKind::Grid | SourceKind::Load)
            && !meter.feeds_parent
            && !tree.is_alone(meter)
    };
    tree.roots().filter(is_bought).map(|meter| meter.id).collect()
}
