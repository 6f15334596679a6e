//! The page on which a meter is deleted.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::message::Message;
use domain::meters::Meter;
use domain::meters::refusal::{MeterRefusal, PlaceRefusal};
use domain::view::PeriodContext;
use storage::meters::removal::{self, KeptBy};

use crate::pages::{Query, shown_of};
use crate::{Action, Error, Principal, Service, resolve};

/// Data that deleting a meter loses, or why it cannot be deleted.
#[derive(Debug, Clone, PartialEq)]
pub struct DeletionPage {
    pub shown: PeriodContext,
    pub meter: Meter,
    /// The span of its readings; none of a meter that was never read.
    pub readings: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The name of the node whose balance lacks its energy from then on; none of a meter that was never read, or that
    /// no balance has.
    pub parent: Option<String>,
    /// Whether a device reads it, which goes with it.
    pub has_device: bool,
    /// Why it cannot be deleted, and what to do.
    pub refused: Option<Message>,
    /// Whether it can be taken out of service instead.
    pub can_retire: bool,
}

/// Loads the page of a meter, of one that is out of service too.
///
/// # Errors
/// There is no such meter, or whoever asks may not delete it.
pub async fn deletion(
    service: &Service,
    who: &Principal,
    id: MeterId,
    query: &Query,
) -> Result<DeletionPage, Error> {
    let meter = resolve::meter(service, who, Action::Configure, &id.into()).await?;
    let shown = shown_of(service, &meter, query).await?;
    let found = removal::erasable(service.pool(), id).await?;
    let known = service.registry().known();
    let tree = known.trees.get(&meter.site).filter(|tree| !tree.is_aside(id));
    let parent = tree.zip(meter.parent).and_then(|(tree, parent)| tree.get(parent));
    Ok(DeletionPage {
        readings: found.first.zip(found.last),
        parent: parent.filter(|_| found.first.is_some()).map(|parent| parent.name.clone()),
        has_device: found.has_device,
        refused: refusal(&meter, &found.kept_by),
        can_retire: found.kept_by.is_billed && meter.retired_at.is_none(),
        shown,
        meter,
    })
}

fn refusal(meter: &Meter, kept_by: &KeptBy) -> Option<Message> {
    if kept_by.is_billed {
        Some(MeterRefusal::Billed.into())
    } else if kept_by.has_below {
        Some(PlaceRefusal::HasBelow { name: meter.name.clone() }.into())
    } else {
        kept_by.is_input.then(|| MeterRefusal::ComputedFrom.into())
    }
}
