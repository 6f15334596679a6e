//! Computes a stretch of a meter's time again, for changes that nobody was told of: SQL that updated
//! or deleted readings.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::SiteSlug;
use domain::energy::refusal::EnergyRefusal;
use domain::operation::task::Task;
use domain::period::Moment;
use sqlx::PgPool;
use storage::span::Span;

use super::Rollup;
use crate::operation::pace::Pace;
use crate::operation::supervision::Supervision;
use crate::recount::compute::quarter;
use crate::registry::Registry;
use crate::{Error, window};

/// How often a worker of another process is asked how far it is.
const ASK_EVERY: Duration = Duration::from_millis(100);

/// What is to be computed again.
#[derive(Debug, Clone, Copy)]
pub struct RebuildRequest<'a> {
    /// Slug of the site; the default site unless stated.
    pub site: Option<&'a SiteSlug>,
    /// The meter's number.
    pub meter: &'a str,
    /// The first instant: RFC 3339, or a date on the site's clock.
    pub from: Moment,
    /// The first instant after it.
    pub to: Moment,
}

/// What was computed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebuilt {
    /// Quarter-hours.
    pub quarters: u64,
    /// The first instant.
    pub from: DateTime<Utc>,
    /// The first instant after it.
    pub to: DateTime<Utc>,
}

/// Computes it, or waits until the running server has done so.
///
/// # Errors
/// There is no such meter, the times make no sense, or the readings of a part are dropped.
pub async fn rebuild(pool: &PgPool, asked: RebuildRequest<'_>) -> Result<Rebuilt, Error> {
    let site = match asked.site {
        Some(slug) => storage::sites::by_slug(pool, slug.as_str()).await?,
        None => Some(storage::sites::default(pool).await?),
    };
    let named = asked.site.map_or("", SiteSlug::as_str);
    let site = site.ok_or_else(|| Error::no_site(named))?;
    let meter = storage::meters::by_number(pool, site.id, asked.meter).await?;
    let meter = meter.ok_or_else(|| Error::no_meter(asked.meter))?;
    let from = quarter(window::instant(&site, "from", asked.from)?);
    let to = window::instant(&site, "to", asked.to)?;
    if to <= from {
        return Err(Error::invalid("to", EnergyRefusal::EmptySpan));
    }
    let span = Span { meter: meter.id, from, to };
    if let Some(until) = storage::energy::intervals::frozen_until(pool, span).await? {
        return Err(frozen(&meter.number, until));
    }
    let mut transaction = pool.begin().await.map_err(storage::Error::from)?;
    let quarters = storage::rollup::queue_span(&mut transaction, span).await?;
    transaction.commit().await.map_err(storage::Error::from)?;

    let registry = Registry::load(pool.clone()).await?;
    let worker = Arc::new(Rollup::new(pool.clone(), registry, Arc::default(), Pace::USUAL));
    let pulse = Supervision::default().pulse(Task::Rollup);
    loop {
        worker.drain(&pulse).await?;
        let pending = storage::energy::pending(pool, &[meter.id], (from, to), 0).await?;
        if pending.waiting == 0 && pending.aside == 0 {
            return Ok(Rebuilt { quarters, from, to });
        }
        if pending.waiting == 0 {
            return Err(aside(&meter.number, pending.aside));
        }
        tokio::time::sleep(ASK_EVERY).await;
    }
}

fn aside(meter: &str, quarters: u64) -> Error {
    Error::conflict("set_aside", EnergyRefusal::Aside { count: quarters, meter: meter.to_owned() })
}

fn frozen(meter: &str, until: DateTime<Utc>) -> Error {
    Error::refused(
        "period_frozen",
        EnergyRefusal::Dropped { meter: meter.to_owned(), until: until.to_rfc3339() },
    )
    .at("from")
}
