//! Energy of a month so far, of those whose prices depend on it.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use domain::MeterId;
use domain::bills::month_kwh;
use domain::bills::tariff::{Direction, Terms};
use domain::energy::window::Window;
use domain::energy::{QUARTER, floor};
use domain::meters::SourceKind;
use domain::meters::hierarchy::Tree;
use domain::month::Month;
use domain::sites::Site;
use rust_decimal::Decimal;
use sqlx::PgPool;

use crate::Error;
use crate::prices::{LostPrice, PriceBook, Served, pieces};
use crate::window::SiteTrees;

/// Whose bill pays: a meter, or none for the site at its boundary.
pub(crate) type Payer = Option<MeterId>;
/// Stretches of a window, each with its price.
pub(super) type Stretches = Vec<(Window, Option<LostPrice>)>;

/// Of payers whose prices depend on what passed in the month: the parts of months, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Drawn(HashMap<Payer, Vec<CountedPart>>);

/// A part of a month, as the bill of its payer has it.
#[derive(Debug, Clone)]
struct CountedPart {
    to: DateTime<Utc>,
    terms: Terms,
    /// The kWh that blocks had counted of both directions when it began.
    before: (Decimal, Decimal),
    /// Energy drawn and delivered since it began by quarter-hour, each with its end.
    so_far: Vec<(DateTime<Utc>, (Decimal, Decimal))>,
}

impl CountedPart {
    fn price(&self, local: NaiveDateTime, at: DateTime<Utc>, exports: bool) -> Option<LostPrice> {
        let ended = self.so_far.partition_point(|(end, _)| *end <= at);
        let last = ended.checked_sub(1).and_then(|last| self.so_far.get(last));
        let passed = last.map_or((Decimal::ZERO, Decimal::ZERO), |(_, passed)| *passed);
        let (import, export) = self.terms.prices_after(local, self.before, passed);
        LostPrice::of(import, export, self.terms.credits(passed, exports))
    }
}

impl Drawn {
    /// Reads what passed a payer in the months of a window, if a price depends on that: a meter, or the
    /// meters that stood at the boundary of the site then.
    pub(crate) async fn read(
        &mut self,
        pool: &PgPool,
        (site, book): (&Site, &PriceBook),
        payer: Payer,
        window: Window,
    ) -> Result<(), Error> {
        if !book.depends_on_month(payer, window) {
            return Ok(());
        }
        let mut month = Month::of(site.date_at(window.from));
        let from = site.day_start(month.first());
        let mut quarters = Vec::new();
        let trees = SiteTrees::load(pool, site.id).await?;
        for (Window { from, to }, tree) in trees.stood(Window { from, ..window }) {
            let meters = meters_of(payer, &tree);
            quarters.extend(storage::energy::passed(pool, &meters, from, to).await?);
        }
        let meter = match payer {
            Some(meter) => storage::meters::by_id(pool, meter).await?,
            None => None,
        };
        let there = meter.map_or((None, None), |meter| (meter.installed_at, meter.retired_at));
        let mut parts = Vec::new();
        while site.day_start(month.first()) < window.to {
            let Range { start, end } = month.days();
            let of_month = within(site, &quarters, start..end);
            let counted =
                of_month.iter().filter(|(_, import, export)| *import > 0.0 || *export > 0.0);
            let served = Served::of(site, month, there, counted.map(|(at, ..)| site.date_at(*at)));
            let mut charged = (Decimal::ZERO, Decimal::ZERO);
            for piece in pieces(site, &book.versions, payer, &served) {
                let so_far = sums(within(site, of_month, piece.from..piece.to));
                let before = piece.terms.before(charged);
                if let Some((_, passed)) = so_far.last() {
                    let (import, export) = piece.terms.left(*passed);
                    charged = (charged.0 + import, charged.1 + export);
                }
                let to = site.day_start(piece.to);
                parts.push(CountedPart { to, terms: piece.terms, before, so_far });
            }
            month = month.next();
        }
        self.0.insert(payer, parts);
        Ok(())
    }

    /// Whether the prices of a payer depend on what passed in the month.
    pub(super) fn has(&self, payer: Payer) -> bool {
        self.0.contains_key(&payer)
    }

    /// The price of a kWh that is lost in the quarter-hour of an instant, in which its payer exports or not.
    pub(crate) fn price(
        &self,
        (site, book): (&Site, &PriceBook),
        payer: Payer,
        at: DateTime<Utc>,
        exports: bool,
    ) -> Option<LostPrice> {
        let at = floor(at, QUARTER)?;
        let part = self.0.get(&payer).and_then(|parts| {
            // Where the payer was not there, nothing is lost: any of its prices will do.
            parts.get(parts.partition_point(|part| part.to <= at)).or(parts.last())
        });
        match part.filter(|part| part.terms.prices(Direction::Import)) {
            Some(part) => part.price(site.local(at), at, exports),
            None => book.lost_price(payer, at, exports),
        }
    }
}

/// The quarter-hours of some days.
fn within<'a>(
    site: &Site,
    quarters: &'a [(DateTime<Utc>, f64, f64)],
    days: Range<NaiveDate>,
) -> &'a [(DateTime<Utc>, f64, f64)] {
    let place = |day| quarters.partition_point(|(at, ..)| *at < site.day_start(day));
    &quarters[place(days.start)..place(days.end)]
}

/// Energy of quarter-hours up to the end of each.
fn sums(quarters: &[(DateTime<Utc>, f64, f64)]) -> Vec<(DateTime<Utc>, (Decimal, Decimal))> {
    let mut sum = (0.0, 0.0);
    let up_to = quarters.iter().map(|(at, import, export)| {
        sum = (sum.0 + import, sum.1 + export);
        (*at + QUARTER, (month_kwh(sum.0), month_kwh(sum.1)))
    });
    up_to.collect()
}

/// The meters that a payer's energy comes in through: its own, or the connections of the site to the grid.
pub(crate) fn meters_of(payer: Payer, tree: &Tree) -> Vec<MeterId> {
    let grid = || tree.sources().into_iter().filter(|(_, kind)| *kind == SourceKind::Grid);
    payer.map_or_else(|| grid().map(|(meter, _)| meter.id).collect(), |meter| vec![meter])
}
