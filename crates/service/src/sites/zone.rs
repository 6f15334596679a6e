//! A site's zone moves: its days are summed up again from quarter-hours, and its balances are computed
//! by the hours and days of the new clock. Days whose quarter-hours are no longer kept stay as they
//! were counted, by the old clock.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use domain::sites::Site;
use domain::sites::refusal::SiteRefusal;
use sqlx::{PgConnection, PgPool};
use storage::energy::days::Day;
use storage::recount::zones::Past;
use storage::rollup::Turn;

use crate::Error;

/// How long the worker that sums up energy is waited for, and how often it is asked after.
const PATIENCE: Duration = Duration::from_secs(15);
const ASK_EVERY: Duration = Duration::from_millis(20);
/// Days that are summed up by one statement.
const DAYS: usize = 400;

/// Keeps days from being written by the old clock until it is given back.
pub(crate) async fn turn(pool: &PgPool) -> Result<Turn, Error> {
    let wait = async {
        loop {
            if let Some(turn) = storage::rollup::take_turn(pool).await? {
                return Ok(turn);
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| {
        Err(Error::conflict("energy_under_way", SiteRefusal::SummingUp).at("timeZone"))
    })
}

/// Makes everything anew that rests on the clock; in the transaction that stores the new zone, and in
/// the [`turn`] of whoever sums up.
pub(crate) async fn moved(db: &mut PgConnection, old: &Site, new: &Site) -> Result<(), Error> {
    let pasts = storage::recount::zones::pasts(&mut *db, new.id).await?;
    for past in &pasts {
        let span = Span::of(past, old, new);
        storage::recount::zones::delete_days(&mut *db, past.meter(), span.from_old).await?;
        let mut days = span.dates().map(|date| Day {
            meter: past.meter(),
            date,
            from: new.day_start(date),
            to: new.day_start(date.succ_opt().unwrap_or(date)),
        });
        loop {
            let some: Vec<Day> = days.by_ref().take(DAYS).collect();
            if some.is_empty() {
                break;
            }
            storage::energy::days::recompute(db, &some).await?;
        }
    }
    let after = kept_to(&pasts, old);
    Ok(storage::recount::zones::requeue_balances(db, new.id, new.zone, after).await?)
}

/// Up to when balances and days stay, since quarter-hours before are no longer kept.
pub(super) fn kept_to(pasts: &[Past], old: &Site) -> Option<DateTime<Utc>> {
    pasts.iter().filter_map(|past| kept(past, old)).map(|(_, to)| to).max()
}

/// The last day of a meter that cannot be summed up again, and its end; none where nothing is dropped.
fn kept(past: &Past, old: &Site) -> Option<(NaiveDate, DateTime<Utc>)> {
    let first = old.date_at(past.first);
    past.first_day.filter(|day| *day < first)?;
    let is_whole = old.day_start(first) == past.first;
    let last = if is_whole { first.pred_opt()? } else { first };
    Some((last, old.day_start(last.succ_opt()?)))
}

/// The days of a meter that are made anew.
pub(super) struct Span {
    /// The first day by the old clock that goes.
    from_old: NaiveDate,
    /// The first and the last day by the new one.
    from: NaiveDate,
    to: NaiveDate,
}

impl Span {
    pub(super) fn of(past: &Past, old: &Site, new: &Site) -> Self {
        let to = new.date_at(past.last);
        let Some((last, end)) = kept(past, old) else {
            let from_old = past.first_day.unwrap_or_else(|| old.date_at(past.first));
            return Self { from_old, from: new.date_at(past.first), to };
        };
        let next = last.succ_opt().unwrap_or(last);
        // The first day of the new clock that lies wholly behind what stays.
        let begun = new.date_at(end);
        let whole = if new.day_start(begun) < end { begun.succ_opt() } else { Some(begun) };
        Self { from_old: next, from: whole.map_or(next, |whole| whole.max(next)), to }
    }

    pub(super) fn dates(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let to = self.to;
        self.from.iter_days().take_while(move |day| *day <= to)
    }

    /// How many days by the old clock stay as they are.
    pub(super) fn kept(&self, past: &Past) -> i64 {
        past.first_day.map_or(0, |first| (self.from_old - first).num_days().max(0))
    }
}
