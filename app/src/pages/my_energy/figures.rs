//! The figures of the page: of today, of the month so far, and the bills.

use chrono::{DateTime, Utc};
use domain::bills::BillSummary;
use domain::sites::Site;
use leptos::prelude::*;
use rust_decimal::Decimal;
use service::bills::BillView;
use service::bills::page::my_energy::Mine;
use texts::figures;
use texts::language::Text;
use texts::words::my_energy as words;
use ui::components::figure;
use ui::drawing::files::Downloads;
use ui::drawing::parts::money::{decimal, with_sign};
use ui::drawing::parts::time;
use ui::kit::{self, Cell, Column, Draw as _, Row, Table};

use crate::pages::bill::head;

pub(super) fn headline(mine: &Mine) -> String {
    let Some((used, made)) = mine.today else { return words::NOTHING_TODAY.into() };
    let kwh = |value: f64| figures::fixed(value, 1);
    if !mine.makes {
        words::used(&kwh(used))
    } else if made >= used {
        words::surplus(&kwh(made), &kwh(made - used))
    } else {
        words::need(&kwh(used), &kwh(made))
    }
}

/// kWh used and made today, sold and bought.
pub(super) fn today(today: Option<(f64, f64)>, traded: (Decimal, Decimal), makes: bool) -> AnyView {
    let item = |class: &str, value: String, name: Text| {
        head::figure(format!("mine-figure {class}"), value, "kWh", name)
    };
    let (used, made) = today.unzip();
    view! {
        <dl class="mine-today">
            {item("is-used", figure::fixed(used, 1), words::USED)}
            {makes.then(|| item("is-made", figure::fixed(made, 1), words::MADE))}
            {makes.then(|| item("", decimal(traded.0, 1), words::SOLD))}
            {item("", decimal(traded.1, 1), words::BOUGHT)}
        </dl>
    }
    .drawn()
}

/// The draft of the month so far, with its address.
pub(super) fn month_so_far(
    site: &Site,
    month: Option<(BillView, String)>,
    expected: Option<Decimal>,
    makes: bool,
) -> AnyView {
    let Some((month, address)) = month else {
        return view! { <p class="note">{words::NO_MONTH}</p> }.drawn();
    };
    let bill = month.bill;
    let money = |value: Decimal| with_sign(value, &site.currency);
    let kwh = |value: Decimal| format!("{} kWh", decimal(value, 1));
    let row = |name: Text, value: String| {
        view! {
            <dt>{name}</dt>
            <dd>{value}</dd>
        }
    };
    let so_far = if bill.amount_due < Decimal::ZERO { words::REFUND } else { words::TO_PAY };
    view! {
        <section>
            <h2>
                {time::month(month.month)} " " <span class="note">{words::SO_FAR}</span>
            </h2>
            <dl class="values">
                {row(words::USED, kwh(bill.consumed))}
                {makes.then(|| row(words::MADE, kwh(bill.produced)))}
                {makes.then(|| row(words::SOLD, kwh(bill.sold)))}
                {row(words::BOUGHT, kwh(bill.bought))} <dt class="total">{so_far}</dt>
                <dd class="total">{money(bill.amount_due.abs())}</dd>
                {expected.map(|expected| row(words::EXPECTED, money(expected)))}
            </dl>
            <p class="actions">
                <a class="button" href=format!("/bills/{address}?site={}", site.slug)>
                    {words::OPEN_BILL}
                </a>
            </p>
        </section>
    }
    .drawn()
}

pub(super) fn bills(site: &Site, now: DateTime<Utc>, bills: &[BillSummary]) -> AnyView {
    let row = |bill: &BillSummary| {
        let number = bill.number.clone().unwrap_or_default();
        let href = format!("/bills/{number}?site={}", site.slug);
        let month = time::month(bill.month);
        Row::of(vec![
            Cell::Link(month, href),
            number.into(),
            with_sign(bill.amount_due, &site.currency).into(),
        ])
    };
    let columns = vec![
        Column::new(words::MONTH),
        Column::new(words::NUMBER),
        Column::of_figures(words::AMOUNT),
    ];
    let rows: Vec<Row> = bills.iter().map(row).collect();
    let downloads = Downloads::of_site(site, now);
    let files = kit::inert(downloads.offer("my-bills", || data(downloads, site, bills)));
    view! {
        <section class="mine-bills">
            <h2>{words::BILLS}</h2>
            {if rows.is_empty() {
                view! { <p class="note">{words::NO_BILLS}</p> }.drawn()
            } else {
                view! {
                    <Table label=words::BILLS class="" columns rows />
                    {files}
                }
                .drawn()
            }}
        </section>
    }
    .drawn()
}

fn data(downloads: Downloads<'_>, site: &Site, bills: &[BillSummary]) -> tables::Table {
    use tables::{Column, Value};
    let columns = vec![
        Column::new(words::MONTH),
        Column::new(words::NUMBER),
        Column::in_unit(words::AMOUNT, figures::currency_sign(&site.currency)),
    ];
    let row = |bill: &BillSummary| {
        vec![
            Value::text(time::month(bill.month)),
            bill.number.clone().into(),
            Value::Exact(bill.amount_due),
        ]
    };
    downloads.table(words::BILLS, columns, bills.iter().map(row).collect())
}
