//! The head of the paper, and the figures that sum it up.

use domain::bills::Side;
use leptos::prelude::*;
use rust_decimal::prelude::ToPrimitive as _;
use service::bills::page::BillPage;
use texts::figures;
use texts::language::Text;
use texts::words::bill as words;
use ui::drawing::parts::money::decimal;
use ui::drawing::parts::time;
use ui::kit::Draw as _;

use super::{due, title};

pub(super) fn draw(page: &BillPage) -> AnyView {
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
    view! {
        <header class="bill-head">
            <div>
                <p class="bill-brand">
                    <svg class="logo" width="16" height="14" viewBox="0 0 16 14" aria-hidden="true">
                        <path class="logo-bar" d="M1 2h14M1 7h9M1 12h6" />
                        <path class="logo-loss" d="M12 7h3" />
                    </svg>
                    "Wattlens"
                </p>
                <h1>{title(page)}</h1>
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
    .drawn()
}

pub(super) fn figures_of(page: &BillPage) -> AnyView {
    let bill = &page.view.bill;
    let (label, due) = due(page);
    let sign = figures::currency_sign(&bill.currency).to_owned();
    let figure = |value, unit, name| figure("bill-figure".to_owned(), value, unit, name);
    let produced = (bill.side == Side::Prosumer)
        .then(|| figure(decimal(bill.produced, 1), "kWh", words::PRODUCED));
    let energy = (bill.consumed + bill.produced).to_f64().filter(|kwh| *kwh > 0.0);
    let estimated = energy.map_or(0.0, |kwh| bill.estimated_kwh / kwh * 100.0);
    view! {
        <section class="bill-sum">
            <p class="bill-amount">
                <span class="note">{label}</span>
                <strong>
                    <span class="bill-sign">{sign}</span>
                    {due}
                </strong>
            </p>
            <dl class="bill-figures">
                {figure(decimal(bill.consumed, 1), "kWh", words::CONSUMED)} {produced}
                {figure(figures::fixed(bill.coverage * 100.0, 1), "%", words::COVERAGE_OF)}
                {figure(figures::fixed(estimated, 1), "%", words::ESTIMATED)}
            </dl>
        </section>
    }
    .drawn()
}

pub(crate) fn figure(class: String, value: String, unit: &'static str, name: Text) -> AnyView {
    view! {
        <div class=class>
            <dt>{name}</dt>
            <dd>
                {value} <span class="unit">{unit}</span>
            </dd>
        </div>
    }
    .drawn()
}
