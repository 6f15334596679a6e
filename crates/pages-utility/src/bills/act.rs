//! The forms of bills.

use domain::bills::{BillAddress, Override};
use service::bills::{self, BillView, NewCredit, NewDraft, NewIssue, NewRun};
use service::{Error, Principal, Service};

use texts::words::bill::done as bill_words;
use texts::words::bills::done as words;
use ui::drawing::act::{Fields, notice_with_link};

/// Stores the draft of a meter's month.
pub(crate) async fn store(
    service: &Service,
    who: &Principal,
    fields: &Fields,
) -> Result<String, Error> {
    draft(service, who, fields).await?;
    Ok(bill_words::STORED.into())
}

async fn draft(service: &Service, who: &Principal, fields: &Fields) -> Result<BillView, Error> {
    let new = NewDraft { meter_id: fields.meter_ref("meter")?, month: fields.month()? };
    bills::store(service, who, Some(&fields.site()?), new).await
}

/// Issues the bill of a meter's month; its draft is stored first where it was not yet.
pub(crate) async fn issue(
    service: &Service,
    who: &Principal,
    fields: &Fields,
) -> Result<String, Error> {
    let site = fields.site()?;
    let stored = draft(service, who, fields).await?;
    let id = stored.id.map(|id| id.to_string()).unwrap_or_default();
    let overridden = match fields.text("by") {
        Ok(by) => Some(Override { who: by.to_owned(), reason: fields.text("reason")?.to_owned() }),
        Err(_) => None,
    };
    let stored = BillAddress::new(id, Some(site));
    let issued = bills::issue(service, who, &stored, NewIssue { overridden }).await?;
    Ok(notice_with_link(&bill_words::issued(&number(&issued)), &address(&issued)))
}

/// Takes an issued bill back and bills again.
pub(crate) async fn credit(
    service: &Service,
    who: &Principal,
    fields: &Fields,
) -> Result<String, Error> {
    let new = NewCredit { reason: fields.text("reason")?.to_owned(), overridden: None };
    let site = fields.site()?;
    let bill = BillAddress::new(fields.text("bill")?, Some(site));
    let credited = bills::credit(service, who, &bill, new).await?;
    let said = bill_words::credited(&number(&credited.credit_note), &number(&credited.bill));
    Ok(notice_with_link(&said, &address(&credited.bill)))
}

fn number(bill: &BillView) -> String {
    bill.number.clone().unwrap_or_default()
}

fn address(bill: &BillView) -> String {
    format!("/bills/{}?site={}", number(bill), bill.site)
}

/// Begins a run over a site's month.
pub(crate) async fn run(
    service: &Service,
    who: &Principal,
    fields: &Fields,
) -> Result<String, Error> {
    let new = NewRun {
        site: fields.site()?,
        month: fields.month()?,
        issue: fields.text("issue")? == "true",
    };
    bills::run(service, who, new).await?;
    Ok(words::RUN.into())
}

/// Ends a run.
pub(crate) async fn cancel(
    service: &Service,
    who: &Principal,
    fields: &Fields,
) -> Result<String, Error> {
    bills::cancel(service, who, fields.id("run")?).await?;
    Ok(words::CANCELLED.into())
}
