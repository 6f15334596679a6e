//! What a lost kWh costs when: at the price of whose bill pays it.
//!
//! That is the nearest meter at or above the node with a tariff of its own, else the site at its
//! boundary. Where a price depends on what the month has drawn, it is that of the block in which the
//! payer's month stands at the time.

use std::collections::{HashMap, HashSet};

use domain::MeterId;
use domain::energy::window::Window;
use domain::meters::hierarchy::Tree;
use domain::sites::Site;
use sqlx::PgPool;

use super::month_use::{Drawn, Payer, Stretches};
use crate::Error;
use crate::energy::explain::UsedTariff;
use crate::prices::PriceBook;

/// The prices of a site for what is lost on it.
pub(super) struct LossPrices<'a> {
    site: &'a Site,
    book: PriceBook,
    pub(super) drawn: Drawn,
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
        let (drawn, stretches) = (Drawn::default(), HashMap::new());
        let mut prices = Self { site, book, drawn, stretches };
        let mut spans: HashSet<(Payer, Window)> = HashSet::new();
        let mut by_blocks: HashMap<Payer, Window> = HashMap::new();
        for (tree, node, window) in asked {
            for (span, payer) in prices.payers(tree, node, window) {
                if spans.insert((payer, span)) && prices.book.has_blocks(payer, span) {
                    let all = by_blocks.entry(payer).or_insert(span);
                    *all = Window { from: all.from.min(span.from), to: all.to.max(span.to) };
                }
            }
        }
        for (payer, window) in by_blocks {
            prices.drawn.read(pool, site, payer, window).await?;
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
        let known = self.stretches.get(&(payer, span));
        let work_out = || self.drawn.stretches((self.site, &self.book), payer, span);
        known.map_or_else(work_out, Stretches::clone)
    }
}
