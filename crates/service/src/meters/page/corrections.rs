//! What people entered about the readings of a meter, and what waits for a decision.

use domain::MeterId;
use domain::meters::MeterAddress;
use domain::view::PeriodContext;

use super::known;
use crate::energy::quarantine;
use crate::energy::quarantine::StepView;
use crate::meters::exchanges;
use crate::meters::exchanges::ExchangeView;
use crate::pages::{Query, shown_of};
use crate::readings::corrections;
use crate::readings::corrections::CorrectionView;
use crate::{Action, Error, Principal, Service};

/// Exchanges, corrections and steps in quarantine, the newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct CorrectionsPage {
    /// The period and its site.
    pub shown: PeriodContext,
    pub id: MeterId,
    pub name: String,
    pub exchanges: Vec<ExchangeView>,
    pub corrections: Vec<CorrectionView>,
    pub quarantine: Vec<StepView>,
}

/// Everything of a meter, whatever the period; none where there is no such meter.
pub async fn entered(
    service: &Service,
    who: &Principal,
    id: MeterId,
    query: &Query,
) -> Result<Option<CorrectionsPage>, Error> {
    who.require_somewhere(Action::See)?;
    let Some(meter) = known(service, who, id) else { return Ok(None) };
    let shown = shown_of(service, &meter, query).await?;
    let address = MeterAddress::from(id);
    let mut exchanges = exchanges::list(service, who, &address).await?;
    let mut corrections = corrections::list(service, who, &address).await?;
    exchanges.reverse();
    corrections.reverse();
    let quarantine = quarantine::list(service, who, None, Some(&address), None).await?;
    Ok(Some(CorrectionsPage { id, name: meter.name, exchanges, corrections, quarantine, shown }))
}
