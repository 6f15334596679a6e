//! The actions of the page.

use domain::SiteSlug;
use domain::bills::{BillAddress, Override};
use domain::month::Month;
use serde::{Deserialize, Serialize};
use service::bills::{self, BillView, NewCredit, NewDraft, NewIssue};
use service::meters::MeterRef;
use service::{Action, Error, Principal, Service};
use texts::words::bill::done as words;
use ui::drawing::action::{ActionResult, Done, FormAction, Typed};

/// Stores the draft of a meter's month.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StoreBill {
    pub(crate) site: Typed<SiteSlug>,
    pub(crate) meter: Typed<MeterRef>,
    pub(crate) month: Typed<Month>,
}

impl StoreBill {
    async fn store(self, service: &Service, who: &Principal) -> Result<BillView, Error> {
        let new =
            NewDraft { meter_id: self.meter.read("meter")?, month: self.month.read("month")? };
        bills::store(service, who, Some(&self.site.read("site")?), new).await
    }
}

impl FormAction for StoreBill {
    const NAME: &'static str = "store-bill";
    const NEEDS: Action = Action::Bill;

    async fn act(self, service: &Service, who: &Principal) -> ActionResult {
        self.store(service, who).await?;
        Ok(Done::new(words::STORED))
    }
}

/// Issues the bill of a meter's month; its draft is stored first where it was not yet.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct IssueBill {
    pub(crate) site: Typed<SiteSlug>,
    pub(crate) meter: Typed<MeterRef>,
    pub(crate) month: Typed<Month>,
    /// The digest of the draft that the page shows.
    pub(crate) seen: Typed<String>,
    /// The person who issues it in spite of gaps, and the reason.
    pub(crate) by: Typed<String>,
    pub(crate) reason: Typed<String>,
}

impl FormAction for IssueBill {
    const NAME: &'static str = "issue-bill";
    const NEEDS: Action = Action::Bill;

    async fn act(self, service: &Service, who: &Principal) -> ActionResult {
        let Self { site, meter, month, seen, by, reason } = self;
        let is_overridden = by.text().or(reason.text()).is_some();
        let overridden = if is_overridden {
            Some(Override { who: by.read("by")?, reason: reason.read("reason")? })
        } else {
            None
        };
        let of = site.read("site")?;
        let stored = StoreBill { site, meter, month }.store(service, who).await?;
        let id = stored.id.map(|id| id.to_string()).unwrap_or_default();
        let digest = seen.text().map(str::to_owned);
        let stored = BillAddress::new(id, Some(of));
        let issued = bills::issue(service, who, &stored, NewIssue { overridden, digest }).await?;
        Ok(Done::new(words::issued(&number(&issued))).at(address(&issued)))
    }
}

/// Takes an issued bill back and bills again.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CreditBill {
    pub(crate) site: Typed<SiteSlug>,
    pub(crate) bill: Typed<String>,
    pub(crate) reason: Typed<String>,
}

impl FormAction for CreditBill {
    const NAME: &'static str = "credit-bill";
    const NEEDS: Action = Action::Bill;

    async fn act(self, service: &Service, who: &Principal) -> ActionResult {
        let new = NewCredit { reason: self.reason.read("reason")?, overridden: None };
        let bill = BillAddress::new(self.bill.read("bill")?, Some(self.site.read("site")?));
        let credited = bills::credit(service, who, &bill, new).await?;
        let said = words::credited(&number(&credited.credit_note), &number(&credited.bill));
        Ok(Done::new(said).at(address(&credited.bill)))
    }
}

fn number(bill: &BillView) -> String {
    bill.number.clone().unwrap_or_default()
}

fn address(bill: &BillView) -> String {
    format!("/bills/{}?site={}", number(bill), bill.site)
}
