//! One module per page.

#[cfg(feature = "ssr")]
pub(crate) mod bill;
#[cfg(feature = "ssr")]
pub(crate) mod bills;
#[cfg(feature = "ssr")]
pub(crate) mod connections;
#[cfg(feature = "ssr")]
pub(crate) mod empty;
pub(crate) mod grid;
#[cfg(feature = "ssr")]
pub(crate) mod kit;
#[cfg(feature = "ssr")]
pub(crate) mod meter_deletion;
pub(crate) mod meters;
#[cfg(feature = "ssr")]
pub(crate) mod my_energy;
#[cfg(feature = "ssr")]
pub(crate) mod overview;
#[cfg(feature = "ssr")]
pub(crate) mod trades;

mod sparkline;

#[cfg(feature = "ssr")]
use {
    bill::actions::{CreditBill, IssueBill, StoreBill},
    bills::run::{CancelRun, RunBills},
    connections::requests::Withdraw,
    meter_deletion::DeleteMeter,
    service::{Error, Principal, Service, pages::Query},
    trades::form::PostTrade,
    ui::drawing::{Doing, Drawing, Sheet, act::Fields, action::Entry},
};

/// A page, or why it is not drawn.
#[cfg(feature = "ssr")]
type Drawn = Result<Sheet, Error>;

/// The page of views at a path.
#[cfg(feature = "ssr")]
pub(crate) fn draw<'a>(
    service: &'a Service,
    who: &'a Principal,
    path: &'a [&'a str],
    query: &'a Query,
) -> Drawing<'a> {
    Box::pin(async move {
        Ok(Some(match path {
            [""] => overview::draw(service, who, query).await?,
            ["meters"] => meters::draw(service, who, query).await?,
            ["meters", id, "delete"] => {
                return meter_deletion::draw(service, who, id, query).await;
            }
            ["grid"] => grid::draw(service, who, query).await?,
            ["energy"] => my_energy::draw(service, who, query).await?,
            ["bills"] => bills::draw(service, who, query).await?,
            ["bills", parts @ ..] => return bill::draw(service, who, parts, query).await,
            ["trades"] => trades::draw(service, who, query).await?,
            ["connections"] => connections::draw(service, who, query).await?,
            ["kit"] if *who == Principal::Loopback => kit::draw(),
            _ => return Ok(None),
        }))
    })
}

/// The actions of these pages: the end of each address, who may send it, and what it does.
#[cfg(feature = "ssr")]
pub const ACTIONS: [Entry; 8] = [
    Entry::of::<IssueBill>(),
    Entry::of::<StoreBill>(),
    Entry::of::<CreditBill>(),
    Entry::of::<RunBills>(),
    Entry::of::<CancelRun>(),
    Entry::of::<PostTrade>(),
    Entry::of::<Withdraw>(),
    Entry::of::<DeleteMeter>(),
];

/// Does what a form of these pages asks for; nothing where it is no form of theirs.
#[cfg(feature = "ssr")]
pub(crate) fn act<'a>(
    service: &'a Service,
    who: &'a Principal,
    name: &'a str,
    fields: &'a Fields,
) -> Doing<'a, Option<String>> {
    Box::pin(async move {
        match ACTIONS.iter().find(|entry| entry.name == name) {
            Some(entry) => (entry.act)(service, who, fields).await.map(Some),
            None => Ok(None),
        }
    })
}
