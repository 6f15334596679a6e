//! The pages of bills.

mod bill;
pub mod my_energy;
pub mod prices;
pub mod trades;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::bills::{BillSummary, RunDetail};
use domain::month::Month;
use domain::people::refusal::AccountRefusal;
use domain::sites::Site;
use storage::bills::runs;

pub use bill::{BillPage, FIRST_INTERVALS, LineIntervals, RegisterSpan, bill};

use crate::bills::billed::Billed;
use crate::bills::{self, BillView};
use crate::operation::clock;
use crate::pages::Query;
use crate::{Action, Core, Error, Principal};

/// The page of all bills of a month.
#[derive(Debug, Clone, PartialEq)]
pub struct BillsPage {
    pub site: Site,
    /// The site's time when the page was made.
    pub now: DateTime<Utc>,
    pub month: Month,
    /// Meters that can be billed, with their bills, in order of their numbers; issued ones, credit
    /// notes and drafts each have a row.
    pub rows: Vec<BillRow>,
    /// The newest run over the month.
    pub run: Option<RunDetail>,
    /// Bills with less coverage, 0 to 1, are not issued without a named override.
    pub least_coverage: f64,
}

/// A bill in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct BillRow {
    /// Its name in the address of its page.
    pub id: String,
    pub meter_number: String,
    pub meter_name: String,
    /// Its figures; none where it was not computed yet.
    pub bill: Option<BillSummary>,
}

impl From<BillSummary> for BillRow {
    fn from(bill: BillSummary) -> Self {
        let draft = || draft_address(bill.meter_id, bill.month);
        Self {
            id: bill.number.clone().unwrap_or_else(draft),
            meter_number: bill.meter_number.clone(),
            meter_name: bill.meter_name.clone(),
            bill: Some(bill),
        }
    }
}

/// The month that a query names, if it names one that has begun.
pub(crate) fn asked_month(core: &Core, site: &Site, query: &Query) -> Result<Option<Month>, Error> {
    let month = query.month()?;
    month.map(|month| bills::begun(core, site, month)).transpose()
}

/// The site of a page, and the meters of it that are shown.
///
/// # Errors
/// As of [`Billed::on`]; or somebody has neither a role that sees bills nor a meter of their own, on any site.
async fn shown(core: &Core, who: &Principal, query: &Query) -> Result<(Site, Billed), Error> {
    if let Err(Error::Forbidden { .. }) = who.require_somewhere_or_own(Action::SeeBills) {
        return Err(Error::not_found("meter_not_found", AccountRefusal::NoMeter));
    }
    let site = crate::sites::known(core, who, query.site().as_ref()).await?;
    let billed = Billed::on(who, &site)?;
    Ok((site, billed))
}

/// All bills of a month: the one asked for, else the last one that is over.
pub async fn bills(core: &Core, who: &Principal, query: &Query) -> Result<BillsPage, Error> {
    let (site, shown) = shown(core, who, query).await?;
    let now = clock::now(core, &site);
    let over = Month::of(site.date_at(now)).previous();
    let month = asked_month(core, &site, query)?.unwrap_or(over);
    let mut stored: HashMap<MeterId, Vec<BillSummary>> = HashMap::new();
    for bill in bills::listed(core, &site, Some(month), &shown).await? {
        stored.entry(bill.meter_id).or_default().push(bill);
    }
    let mut rows = Vec::new();
    let parties = trades::parties(core, &site, month).await?;
    for (party, _) in parties.into_iter().filter(|(it, _)| shown.shows_month(it.id, month)) {
        let of_meter = stored.remove(&party.id).unwrap_or_default();
        if of_meter.is_empty() {
            rows.push(BillRow {
                id: draft_address(party.id, month),
                meter_number: party.number,
                meter_name: party.name,
                bill: None,
            });
        }
        rows.extend(of_meter.into_iter().map(BillRow::from));
    }
    // What was billed once stays in the list, whatever became of its meter.
    let mut others: Vec<_> = stored.into_values().flatten().collect();
    others.sort_by(|one, other| one.meter_number.cmp(&other.meter_number));
    rows.extend(others.into_iter().map(BillRow::from));
    let newest = match shown {
        Billed::All => runs::list(core.pool(), site.id, Some(month)).await?.into_iter().next(),
        Billed::Of(_) => None,
    };
    let run = match newest {
        Some(run) => Some(RunDetail { left_out: runs::left_out(core.pool(), run.id).await?, run }),
        None => None,
    };
    Ok(BillsPage { site, now, month, rows, run, least_coverage: bills::ISSUE_COVERAGE })
}

fn draft_address(meter: MeterId, month: Month) -> String {
    format!("draft/{meter}/{month}")
}

/// What the address of a bill's page calls it.
pub(crate) fn address(view: &BillView) -> String {
    view.number.clone().unwrap_or_else(|| draft_address(view.meter_id, view.month))
}
