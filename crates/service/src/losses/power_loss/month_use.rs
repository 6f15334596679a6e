//! What those drew in a month so far whose prices go by blocks.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use domain::MeterId;
use domain::energy::window::Window;
use domain::energy::{QUARTER, floor};
use domain::meters::SourceKind;
use domain::meters::hierarchy::Tree;
use domain::month::Month;
use domain::sites::Site;
use sqlx::PgPool;

use crate::Error;
use crate::prices::{DrawnInMonth, LostPrice, PriceBook, stated};
use crate::window::stood;

/// Whose bill pays: a meter, or none for the site at its boundary.
pub(crate) type Payer = Option<MeterId>;
/// Stretches of a window, each with its price.
pub(super) type Stretches = Vec<(Window, Option<LostPrice>)>;

/// Of payers with blocks: what they drew in months.
#[derive(Debug, Clone, Default)]
pub(crate) struct Drawn(HashMap<Payer, Months>);

/// What a payer drew in months.
#[derive(Debug, Clone, Default)]
struct Months {
    /// Since the begin of the month by quarter-hour, each with its end.
    so_far: Vec<(DateTime<Utc>, f64)>,
    /// By the begin of a month of which a meter was there for a part alone, the days of it and of the whole.
    parts: HashMap<DateTime<Utc>, (u32, u32)>,
}

impl Drawn {
    /// Reads what a payer drew in the months of a window: a meter, or what the site bought through the
    /// meters that stood at its boundary then.
    pub(crate) async fn read(
        &mut self,
        pool: &PgPool,
        site: &Site,
        payer: Payer,
        window: Window,
    ) -> Result<(), Error> {
        let window = Window { from: month_start(site, window.from), ..window };
        let mut quarters = Vec::new();
        for (Window { from, to }, tree) in stood(pool, site, window).await? {
            let meters = meters_of(payer, &tree);
            quarters.extend(storage::energy::drawn(pool, &meters, from, to).await?);
        }
        let parts = match payer {
            Some(meter) => parts(pool, site, meter, window, &quarters).await?,
            None => HashMap::new(),
        };
        let ends = quarters.into_iter().map(|(start, kwh)| (start + QUARTER, kwh));
        self.0.insert(payer, Months { so_far: by_month(site, ends), parts });
        Ok(())
    }

    /// What a payer drew in the month of an instant, up to that.
    pub(crate) fn so_far(&self, site: &Site, payer: Payer, at: DateTime<Utc>) -> DrawnInMonth {
        let Some(months) = self.0.get(&payer) else { return DrawnInMonth::NOTHING };
        let month = month_start(site, at);
        let before = months.so_far.partition_point(|(end, _)| *end <= at);
        let last = before.checked_sub(1).and_then(|last| months.so_far.get(last));
        let kwh = last.filter(|(end, _)| *end > month).map_or(0.0, |(_, kwh)| *kwh);
        let days = months.parts.get(&month).copied();
        DrawnInMonth { kwh, days: days.unwrap_or(DrawnInMonth::NOTHING.days) }
    }

    /// What a kWh costs that is lost in the quarter-hour of an instant, in which its payer exports or not.
    pub(crate) fn price(
        &self,
        (site, book): (&Site, &PriceBook),
        payer: Payer,
        at: DateTime<Utc>,
        exports: bool,
    ) -> Option<LostPrice> {
        let at = floor(at, QUARTER)?;
        let import = if self.0.contains_key(&payer) {
            book.price_after(payer, at, self.so_far(site, payer, at))
        } else {
            book.price_now(payer, at)
        };
        book.lost_price(payer, at, (import, exports))
    }
}

/// The months of a window of which a meter was there for a part alone, as its bill has it: the days since
/// it was installed and until it was retired, and any other on which it drew.
async fn parts(
    pool: &PgPool,
    site: &Site,
    meter: MeterId,
    window: Window,
    quarters: &[(DateTime<Utc>, f64)],
) -> Result<HashMap<DateTime<Utc>, (u32, u32)>, Error> {
    let Some(meter) = storage::meters::by_id(pool, meter).await? else {
        return Ok(HashMap::new());
    };
    let count = |days: &Range<NaiveDate>| {
        u32::try_from((days.end - days.start).num_days()).unwrap_or_default()
    };
    let mut parts = HashMap::new();
    let mut month = Month::of(site.date_at(window.from));
    while site.day_start(month.first()) < window.to {
        let days = month.days();
        let mut served = stated(site, &days, meter.installed_at, meter.retired_at);
        let drew = quarters.iter().filter(|(_, kwh)| *kwh > 0.0).map(|(at, _)| site.date_at(*at));
        for date in drew.filter(|date| days.contains(date)) {
            served.start = served.start.min(date);
            served.end = served.end.max(date.succ_opt().unwrap_or(date));
        }
        if served != days {
            parts.insert(site.day_start(month.first()), (count(&served), count(&days)));
        }
        month = Month::of(days.end);
    }
    Ok(parts)
}

/// The meters that a payer's energy comes in through: its own, or the connections of the site to the grid.
pub(crate) fn meters_of(payer: Payer, tree: &Tree) -> Vec<MeterId> {
    let grid = || tree.sources().into_iter().filter(|(_, kind)| *kind == SourceKind::Grid);
    payer.map_or_else(|| grid().map(|(meter, _)| meter.id).collect(), |meter| vec![meter])
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
