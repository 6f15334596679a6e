//! The proof of a bill: trades, and the tariff and figures it was computed from.

use domain::bills::BillTrade;
use leptos::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use service::bills::page::BillPage;
use texts::figures;
use texts::words::bill as words;
use ui::drawing::files::Downloads;
use ui::drawing::parts::money::{amount, decimal, rate, with_sign};
use ui::drawing::parts::{signed, time};
use ui::kit::{self, Cell, Column, Draw as _, Row, Table};

pub(super) fn trades(page: &BillPage) -> AnyView {
    let content = if page.view.bill.trades.is_empty() {
        view! { <p class="note">{words::NO_TRADES}</p> }.drawn()
    } else {
        table(page)
    };
    view! {
        <section>
            <h2>{words::TRADES}</h2>
            {content}
        </section>
    }
    .drawn()
}

fn table(page: &BillPage) -> AnyView {
    let bill = &page.view.bill;
    let sign = figures::currency_sign(&bill.currency);
    let columns = vec![
        Column::new(words::WITH),
        Column::new(words::AGREED),
        Column::of_figures(words::KWH),
        Column::of_figures(format!("{sign}/kWh")),
        Column::of_figures(sign),
    ];
    let unsettled = Row {
        is_quiet: true,
        cells: vec![
            Cell::Short(words::UNSETTLED.into(), words::UNSETTLED_HELP.into()),
            "".into(),
            decimal(bill.unsettled, 1).into(),
            "".into(),
            "".into(),
        ],
        ..Row::default()
    };
    let trades = bill.trades.iter().map(|of| trade(page, of));
    let rows = trades.chain([unsettled]).collect();
    let help =
        (!bill.unsettled.is_zero()).then(|| view! { <p class="note">{words::UNSETTLED_HELP}</p> });
    let downloads = Downloads::of_month(&page.site, page.view.month, page.now);
    let files = kit::inert(downloads.offer("trades", || data(downloads, page)));
    view! {
        <Table label=words::TRADES class="" columns rows />
        {files}
        {help}
    }
    .drawn()
}

fn data(downloads: Downloads<'_>, page: &BillPage) -> tables::Table {
    use tables::{Column, Value};
    let sign = figures::currency_sign(&page.view.bill.currency);
    let columns = vec![
        Column::new(words::WITH),
        Column::new(words::AGREED),
        Column::in_unit(words::SETTLED, "kWh"),
        Column::new(format!("{sign}/kWh")),
        Column::in_unit(words::AMOUNT, sign),
    ];
    let row = |trade: &BillTrade| {
        vec![
            Value::text(partner(page, trade)),
            Value::Time(trade.timestamp),
            Value::Exact(trade.settled),
            Value::Exact(trade.price),
            Value::Exact(trade.amount),
        ]
    };
    let rows = page.view.bill.trades.iter().map(row).collect();
    let mut table = downloads.table(words::TRADES, columns, rows);
    let unsettled = format!("{} kWh", decimal(page.view.bill.unsettled, 1));
    table.facts.push((words::UNSETTLED.into(), unsettled));
    table
}

/// The other side of a trade, bought from or sold to.
fn partner(page: &BillPage, trade: &BillTrade) -> String {
    let name = page.partners.get(&trade.with).cloned().unwrap_or_default();
    if trade.bought { words::bought_from(&name) } else { words::sold_to(&name) }
}

fn trade(page: &BillPage, trade: &BillTrade) -> Row {
    let currency = &page.view.bill.currency;
    Row::of(vec![
        partner(page, trade).into(),
        time::day_minute(&page.site, trade.timestamp).into(),
        decimal(trade.settled, 1).into(),
        rate(trade.price, currency).into(),
        amount(trade.amount, currency).into(),
    ])
}

pub(super) fn draw(page: &BillPage) -> AnyView {
    let bill = &page.view.bill;
    let inputs = words::inputs(page.view.intervals, bill.trades.len());
    let unpriced = |kwh: Decimal, said: fn(&str) -> String| {
        (kwh > Decimal::ZERO).then(|| view! { <p class="note">{said(&decimal(kwh, 1))}</p> })
    };
    view! {
        <section id="proof">
            <h2>{words::PROOF}</h2>
            <dl class="values">
                {tariffs(page)} {value(words::INPUTS.into(), inputs)} {digest(page)} {before(page)}
            </dl>
            {unpriced(bill.unpriced_import, words::unpriced_import)}
            {unpriced(bill.unpriced_export, words::unpriced_export)}
        </section>
    }
    .drawn()
}

fn value(name: String, value: String) -> AnyView {
    view! {
        <dt>{name}</dt>
        <dd>{value}</dd>
    }
    .drawn()
}

fn tariffs(page: &BillPage) -> Vec<AnyView> {
    let pieces = &page.view.bill.pieces;
    if pieces.is_empty() {
        return vec![value(words::TARIFF.into(), words::NO_TARIFF.into())];
    }
    let tariffs = pieces.iter().map(|piece| {
        let from = piece.valid_from.map(time::short_day);
        value(words::TARIFF.into(), words::tariff(&piece.name, from.as_deref()))
    });
    tariffs.collect()
}

fn digest(page: &BillPage) -> AnyView {
    let digest = page.view.digest.clone();
    let short = match (digest.get(..8), digest.get(digest.len().saturating_sub(4)..)) {
        (Some(head), Some(tail)) => format!("sha256 {head} … {tail}"),
        _ => digest.clone(),
    };
    view! {
        <dt>{words::DIGEST}</dt>
        <dd class="mono" title=digest>
            {short}
        </dd>
    }
    .drawn()
}

/// The difference from the bill of the month before.
fn before(page: &BillPage) -> Option<AnyView> {
    let before = page.before.as_ref()?;
    let bill = &page.view.bill;
    let difference = bill.amount_due - before.amount_due;
    let plus = if difference > Decimal::ZERO { "+" } else { "" };
    let said = format!("{plus}{}", with_sign(difference, &bill.currency));
    let share = (before.consumed > Decimal::ZERO)
        .then(|| ((bill.consumed / before.consumed) - Decimal::ONE).to_f64())
        .flatten();
    let percent = share.map(|share| signed(share * 100.0, 1));
    let name = words::against(&time::month(before.month));
    Some(value(name, words::change(&said, percent.as_deref())))
}
