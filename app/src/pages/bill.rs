//! One bill: the paper a customer gets, and beside it what proves it.

pub(crate) mod actions;
mod charts;
pub(crate) mod head;
mod lines;
mod side;

use domain::bills::BillState;
use leptos::prelude::*;
use rust_decimal::Decimal;
use service::bills::page::{self, BillPage};
use service::pages::Query;
use service::{Error, Principal, Service};
use texts::words::bill as words;
use ui::drawing::Sheet;
use ui::drawing::parts::money::amount;
use ui::drawing::parts::time;
use ui::kit::{self, Draw as _};

/// A bill is not drawn anew under the eyes of who reads it.
const REFRESH_S: u32 = 86_400;

/// The bill that the parts of an address name; none where there is none.
pub(crate) async fn draw(
    service: &Service,
    who: &Principal,
    parts: &[&str],
    query: &Query,
) -> Result<Option<Sheet>, Error> {
    let Some(page) = page::bill(service, who, parts, query).await? else { return Ok(None) };
    let opened = query.number("line").and_then(|line| usize::try_from(line).ok());
    let drawn = kit::page(&title(&page), whole(&page, opened));
    Ok(Some(Sheet { refresh_s: REFRESH_S, ..drawn }))
}

fn whole(page: &BillPage, opened: Option<usize>) -> AnyView {
    let paper = if page.file.is_some() { "bill-paper has-profile" } else { "bill-paper" };
    view! {
        <article class="bill-page">
            <div class="bill-desk">
                <div class=paper>
                    {head::draw(page)} {head::figures_of(page)} {lines::draw(page, opened)}
                    {total(page)} {charts::days(page)} {profile(page)}
                </div>
            </div>
            {side::draw(page)}
        </article>
    }
    .drawn()
}

fn title(page: &BillPage) -> String {
    let month = time::month(page.view.month);
    match page.view.state {
        BillState::CreditNote => words::credit_title(&month),
        _ => words::title(&month),
    }
}

/// The address of the page of a bill, with the site that its number counts in.
fn address(page: &BillPage) -> String {
    address_of(page, &page.id)
}

/// That of another bill of the site.
fn address_of(page: &BillPage, id: &str) -> String {
    format!("/bills/{id}?site={}", page.site.slug)
}

/// The amount with its name, which says the sign where the customer gets it.
fn due(page: &BillPage) -> (&'static str, String) {
    let is_refund = page.view.bill.amount_due < Decimal::ZERO;
    let is_running = page.site.date_at(page.now) < page.view.month.next().first();
    let name = match (page.view.state, is_running, is_refund) {
        (BillState::CreditNote, ..) => words::TAKEN_BACK,
        (BillState::Draft, true, false) => words::SO_FAR,
        (BillState::Draft, true, true) => words::REFUND_SO_FAR,
        (_, _, false) => words::TO_PAY,
        (_, _, true) => words::REFUND,
    };
    (name.get(), amount(page.view.bill.amount_due.abs(), &page.view.bill.currency))
}

fn total(page: &BillPage) -> AnyView {
    let (label, due) = due(page);
    view! {
        <p class="bill-total">
            <span>{label}</span>
            <span>{due}</span>
        </p>
    }
    .drawn()
}

/// The picture that takes the place of the chart on paper.
fn profile(page: &BillPage) -> Option<AnyView> {
    let file = page.file.as_ref()?;
    let src = format!("/api/bills/{file}.svg?site={}", page.site.slug);
    let picture = view! { <img class="only-print bill-profile" src=src alt=words::PROFILE /> };
    Some(picture.drawn())
}
