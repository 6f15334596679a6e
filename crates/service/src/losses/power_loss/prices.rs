//! The cost of a lost kWh at its time: what it would have saved or earned on the bill that pays it.
//!
//! That is the bill of the nearest meter at or above the node with a tariff of its own, else of the site.
//! In a quarter-hour in which that meter, or the site's connections to the grid together, drew more than
//! they returned it is the price of import, in any other that of export; where a month's export is set
//! against its import, what the payer's part of the month comes to so far decides in place of the
//! quarter-hour. Blocks count that part as its bill does.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::window::Window;
use domain::energy::{QUARTER, floor};
use domain::meters::hierarchy::Tree;
use domain::sites::Site;
use sqlx::PgPool;

use super::month_use::{Drawn, Payer, Stretches, meters_of};
use crate::Error;
use crate::energy::explain::UsedTariff;
use crate::prices::{PriceBook, quarter_end, stretches};
use crate::window::cut;

/// The prices of a site for what is lost on it.
pub(super) struct LossPrices<'a> {
    pub(super) site: &'a Site,
    book: Arc<PriceBook>,
    pub(super) drawn: Drawn,
    /// By the meters of a payer, the quarter-hours in which they exported.
    exporting: HashMap<Vec<MeterId>, BTreeSet<DateTime<Utc>>>,
    /// What was asked for: many nodes have one payer.
    stretches: HashMap<(Payer, Window), Stretches>,
}

impl<'a> LossPrices<'a> {
    /// For these nodes, none being the boundary, each in its tree and window.
    pub(super) async fn load<'t>(
        pool: &PgPool,
        (site, book): (&'a Site, Arc<PriceBook>),
        asked: impl Iterator<Item = (&'t Tree, Option<MeterId>, Window)>,
    ) -> Result<Self, Error> {
        let (exporting, stretches) = (HashMap::new(), HashMap::new());
        let mut prices = Self { site, book, drawn: Drawn::default(), exporting, stretches };
        let mut spans: HashMap<(Payer, Window), Vec<MeterId>> = HashMap::new();
        let mut by_payer: HashMap<Payer, Window> = HashMap::new();
        let mut by_meters: HashMap<Vec<MeterId>, Window> = HashMap::new();
        for (tree, node, window) in asked {
            for (span, payer) in prices.payers(tree, node, window) {
                if spans.contains_key(&(payer, span)) {
                    continue;
                }
                let meters = meters_of(payer, tree);
                widen(by_meters.entry(meters.clone()).or_insert(span), span);
                widen(by_payer.entry(payer).or_insert(span), span);
                spans.insert((payer, span), meters);
            }
        }
        for (payer, window) in by_payer {
            prices.drawn.read(pool, (site, &prices.book), payer, window).await?;
        }
        for (meters, Window { from, to }) in by_meters {
            let from = floor(from, QUARTER).unwrap_or(from);
            let quarters = storage::energy::exporting(pool, &meters, from, to).await?;
            prices.exporting.insert(meters, quarters.into_iter().collect());
        }
        for ((payer, span), meters) in spans {
            let stretches = prices.work_out(payer, &meters, span);
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
            let known = self.stretches.get(&(payer, span)).cloned();
            let of_span =
                known.unwrap_or_else(|| self.work_out(payer, &meters_of(payer, tree), span));
            for (stretch, price) in of_span {
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
            price: price.filter(|_| stretches.len() == 1).map(|price| price.per_kwh),
        })
    }

    /// Who pays when.
    fn payers(&self, tree: &Tree, node: Option<MeterId>, window: Window) -> Vec<(Window, Payer)> {
        let Some(node) = node else { return vec![(window, None)] };
        let above = tree.ancestors(node).map(|meter| meter.id);
        let given = std::iter::once(node).chain(above).flat_map(|id| self.book.assigned(id));
        let cuts = given.map(|(_, since)| self.site.day_start(since));
        let payer = |span: &Window| self.book.payer(tree, node, self.site.date_at(span.from));
        cut(window, cuts).into_iter().map(|span| (span, payer(&span))).collect()
    }

    fn work_out(&self, payer: Payer, meters: &[MeterId], span: Window) -> Stretches {
        let begin = floor(span.from, QUARTER).unwrap_or(span.from);
        let exporting = self.exporting.get(meters);
        let exporting: BTreeSet<_> =
            exporting.into_iter().flat_map(|all| all.range(begin..span.to)).copied().collect();
        let exports = |at| floor(at, QUARTER).is_some_and(|at| exporting.contains(&at));
        let price = |at| self.drawn.price((self.site, &self.book), payer, at, exports(at));
        let is_flat =
            self.book.is_flat_over(payer, span) && !self.book.depends_on_month(payer, span);
        if exporting.is_empty() && is_flat {
            return vec![(span, price(span.from))];
        }
        let until = |at| {
            if self.drawn.has(payer) || exports(at) {
                return quarter_end(at);
            }
            let stays = self.book.stay_until(payer, at);
            exporting.range(at..).next().map_or(stays, |next| stays.min(*next))
        };
        stretches(span, until, price)
    }
}

fn widen(all: &mut Window, by: Window) {
    *all = Window { from: all.from.min(by.from), to: all.to.max(by.to) };
}
