//! What hangs below a meter, with its balance; and its readings as they are stored.

use chrono::{DateTime, Utc};
use domain::meters::view::meter::ChildrenPage;
use domain::view::PeriodContext;
use domain::{MeterId, Reading};

use super::known;
use crate::losses::page::Losses;
use crate::pages::{Query, shown_of};
use crate::{Action, Core, Error, Principal, Service};

/// Raw rows that are shown.
pub const MOST_RAW: u32 = 100;

/// The balance of what hangs below a meter; none where there is no such meter.
pub async fn children(
    service: &Service,
    who: &Principal,
    id: MeterId,
    query: &Query,
) -> Result<Option<ChildrenPage>, Error> {
    who.require_somewhere(Action::See)?;
    let Some(meter) = known(service, who, id) else { return Ok(None) };
    let shown = shown_of(service, &meter, query).await?;
    let losses = Losses::load(service, &shown, shown.window).await?;
    let node_before = if shown.period.compares() {
        Losses::load(service, &shown, shown.before).await?.chosen(id)
    } else {
        None
    };
    Ok(Some(ChildrenPage { node: losses.chosen(id), node_before, shown }))
}

/// Readings as they are stored.
#[derive(Debug, Clone, PartialEq)]
pub struct RawPage {
    /// The period and its site.
    pub shown: PeriodContext,
    pub id: MeterId,
    /// The newest of the period, the newest first.
    pub rows: Vec<Reading>,
}

/// The newest readings of a meter in the period; none where there is no such meter.
pub async fn raw(
    service: &Service,
    who: &Principal,
    id: MeterId,
    query: &Query,
) -> Result<Option<RawPage>, Error> {
    who.require_somewhere(Action::See)?;
    let Some(meter) = known(service, who, id) else { return Ok(None) };
    let shown = shown_of(service, &meter, query).await?;
    let (from, to) = (shown.window.from, shown.window.to);
    let rows = storage::readings::last(service.pool(), id, from, to, MOST_RAW).await?;
    Ok(Some(RawPage { shown, id, rows }))
}

/// The time of the first reading of a meter within a span, for whoever names it less exactly.
pub async fn reading_within(
    core: &Core,
    who: &Principal,
    id: MeterId,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Option<DateTime<Utc>>, Error> {
    who.require_somewhere(Action::See)?;
    if known(core, who, id).is_none() {
        return Ok(None);
    }
    let rows = storage::readings::page(core.pool(), id, from, to, None, 1).await?;
    Ok(rows.first().map(|reading| reading.at))
}
