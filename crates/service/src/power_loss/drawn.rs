//! What those drew in a month so far whose prices go by blocks.

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, Utc};
use domain::MeterId;
use domain::site::Site;
use domain::trail::{QUARTER, floor};
use domain::window::Window;
use rust_decimal::Decimal;
use sqlx::PgPool;

use crate::Error;
use crate::tariffs::PriceBook;

/// Whose bill pays: a meter, or none for the site at its boundary.
pub(super) type Payer = Option<MeterId>;
/// Stretches of a window, each with its price.
pub(super) type Stretches = Vec<(Window, Option<Decimal>)>;

/// Of payers with blocks: what they drew since the begin of the month by quarter-hour, each with its end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Drawn(HashMap<Payer, Vec<(DateTime<Utc>, f64)>>);

impl Drawn {
    /// Reads what the meters of a payer drew in the months of a window.
    pub(super) async fn read(
        &mut self,
        pool: &PgPool,
        site: &Site,
        payer: Payer,
        (meters, window): (&[MeterId], Window),
    ) -> Result<(), Error> {
        let begin = month_start(site, window.from);
        let drawn = storage::energy::drawn(pool, meters, begin, window.to).await?;
        let drawn = drawn.into_iter().map(|(start, kwh)| (start + QUARTER, kwh));
        self.0.insert(payer, by_month(site, drawn));
        Ok(())
    }

    /// The stretches of a window in each of which a kWh costs a payer the same.
    pub(super) fn stretches(
        &self,
        (site, book): (&Site, &PriceBook),
        payer: Payer,
        span: Window,
    ) -> Stretches {
        if book.is_flat_over(payer, span.from, span.to) {
            return vec![(span, book.price_now(payer, span.from))];
        }
        let Some(drawn) = self.0.get(&payer) else { return book.stretches(payer, span) };
        book.stretches_after(payer, span, |at| {
            let before = drawn.partition_point(|(end, _)| *end <= at);
            let last = before.checked_sub(1).and_then(|last| drawn.get(last));
            last.filter(|(end, _)| *end > month_start(site, at)).map_or(0.0, |(_, kwh)| *kwh)
        })
    }

    /// What a kWh costs a payer in the quarter-hour that holds an instant.
    pub(crate) fn price(
        &self,
        site: &Site,
        book: &PriceBook,
        payer: Payer,
        at: DateTime<Utc>,
    ) -> Option<Decimal> {
        let from = floor(at, QUARTER)?;
        let span = Window { from, to: from + QUARTER };
        self.stretches((site, book), payer, span).first().and_then(|(_, price)| *price)
    }
}

/// Sums within months of the site's clock.
fn by_month(
    site: &Site,
    quarters: impl Iterator<Item = (DateTime<Utc>, f64)>,
) -> Vec<(DateTime<Utc>, f64)> {
    let mut so_far: Option<(DateTime<Utc>, f64)> = None;
    let sum = |(end, kwh): (DateTime<Utc>, f64)| {
        let month = month_start(site, end - QUARTER);
        let before = so_far.filter(|(of, _)| *of == month).map_or(0.0, |(_, kwh)| kwh);
        so_far = Some((month, before + kwh));
        (end, before + kwh)
    };
    quarters.map(sum).collect()
}

fn month_start(site: &Site, at: DateTime<Utc>) -> DateTime<Utc> {
    let date = site.date_at(at);
    site.day_start(date.with_day(1).unwrap_or(date))
}
