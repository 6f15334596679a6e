//! One bill: the paper a customer gets, and beside it what proves it.

mod charts;
mod lines;
mod side;

use domain::bills::{BillState, Side};
use markup::{Html, html};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use service::bills::page::BillPage;
use service::pages::Query;
use texts::figures;

use texts::words::bill as words;
use ui::api::Sheet;
use ui::drawing::parts::money::{amount, decimal};
use ui::drawing::parts::time;
use ui::drawing::sheet;

/// A line shows so many of its intervals, until all are asked for.
pub(crate) const FIRST: usize = service::bills::page::FIRST_INTERVALS;

/// A bill is not drawn anew under the eyes of who reads it.
const REFRESH_S: u32 = 86_400;

pub(super) fn draw(page: &BillPage, query: &Query) -> Sheet {
    let opened = query.number("line").and_then(|line| usize::try_from(line).ok());
    let title = title(page);
    let drawn = sheet(
        &title.clone(),
        html! {
            <article class="bill-page">
                <div class="bill-desk">
                    <div class=if page.file.is_some() { "bill-paper has-profile" } else { "bill-paper" }>
                        {head(page, title)} {figures_of(page)} {lines::draw(page, opened)}
                        {total(page)} {charts::days(page)}
                        {profile(page)}
                    </div>
                </div>
                {side::draw(page)}
            </article>
        },
    );
    Sheet { refresh_s: REFRESH_S, ..drawn }
}

/// The picture that takes the place of the chart on paper.
fn profile(page: &BillPage) -> Option<Html> {
    let file = page.file.as_ref()?;
    let src = format!("/api/bills/{file}.svg?site={}", page.site.slug);
    Some(html! { <img class="only-print bill-profile" src=src alt=words::PROFILE /> })
}

fn title(page: &BillPage) -> String {
    let month = time::month(page.view.month);
    match page.view.state {
        BillState::CreditNote => words::credit_title(&month),
        _ => words::title(&month),
    }
}

fn head(page: &BillPage, title: String) -> Html {
    let day = |at| time::long_day(page.site.date_at(at));
    let at = page.view.issued_at.unwrap_or(page.view.generated_at);
    let (number, day) = match &page.view.number {
        None => (words::NO_NUMBER.into(), words::as_of(&day(page.now))),
        Some(number) => (words::number(number), words::issued(&day(at))),
    };
    let side = match page.view.bill.side {
        Side::Consumer => words::side::CONSUMER,
        Side::Prosumer => words::side::PROSUMER,
    };
    html! {
        <header class="bill-head">
            <div>
                <p class="bill-brand">
                    <svg class="logo" width="16" height="14" viewBox="0 0 16 14" aria-hidden="true">
                        <path class="logo-bar" d="M1 2h14M1 7h9M1 12h6" />
                        <path class="logo-loss" d="M12 7h3" />
                    </svg>
                    "Wattlens"
                </p>
                <h1>{title}</h1>
            </div>
            <p class="bill-facts">
                <span>{number}</span>
                <span>{day}</span>
                <span>{words::meter(&page.view.meter_number, side.get())}</span>
                <span>{page.view.meter_name.clone()}</span>
                <span>{page.place.clone()}</span>
            </p>
        </header>
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

fn figures_of(page: &BillPage) -> Html {
    let bill = &page.view.bill;
    let (label, due) = due(page);
    let item = |value: String, unit: &'static str, name: &'static str| {
        html! {
            <div class="bill-figure">
                <dt>{name}</dt>
                <dd>
                    {value} <span class="unit">{unit}</span>
                </dd>
            </div>
        }
    };
    let produced = (bill.side == Side::Prosumer)
        .then(|| item(decimal(bill.produced, 1), "kWh", words::PRODUCED.get()));
    let energy = (bill.consumed + bill.produced).to_f64().filter(|kwh| *kwh > 0.0);
    let estimated = energy.map_or(0.0, |kwh| bill.estimated_kwh / kwh * 100.0);
    html! {
        <section class="bill-sum">
            <p class="bill-amount">
                <span class="note">{label}</span>
                <strong>
                    <span class="bill-sign">
                        {figures::currency_sign(&bill.currency).to_owned()}
                    </span>
                    {due}
                </strong>
            </p>
            <dl class="bill-figures">
                {item(decimal(bill.consumed, 1), "kWh", words::CONSUMED.get())} {produced}
                {item(figures::fixed(bill.coverage * 100.0, 1), "%", words::COVERAGE_OF.get())}
                {item(figures::fixed(estimated, 1), "%", words::ESTIMATED.get())}
            </dl>
        </section>
    }
}

fn total(page: &BillPage) -> Html {
    let (label, due) = due(page);
    html! {
        <p class="bill-total">
            <span>{label}</span>
            <span>{due}</span>
        </p>
    }
}
