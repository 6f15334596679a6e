//! The table of trades, the newest first.

use domain::sites::Site;
use leptos::prelude::*;
use service::Action;
use service::bills::page::trades::TradeRow;
use texts::figures;
use texts::words::trades as words;
use ui::components::figure::UNKNOWN;
use ui::components::mark::Shape;
use ui::drawing::files::Downloads;
use ui::drawing::parts::money::{decimal, rate, with_sign};
use ui::drawing::parts::time;
use ui::drawing::rights::may;
use ui::kit::{self, Cell, Column, Draw as _, Row, Table};

/// The table and its files.
pub(crate) fn draw(downloads: Downloads<'_>, site: &Site, trades: &[TradeRow]) -> AnyView {
    if trades.is_empty() {
        let help = if may(Action::Trade) { words::NONE_HELP } else { words::NONE };
        return view! { <p class="note">{help}</p> }.drawn();
    }
    let columns = vec![
        Column::new(words::AGREED),
        Column::new(words::SELLER),
        Column::new(words::BUYER),
        Column::of_figures(words::KWH),
        Column::of_figures(format!("{}/kWh", figures::currency_sign(&site.currency))),
        Column::of_figures(words::WORTH).class("col-worth"),
        Column::new(words::STATE).class("col-verdict"),
    ];
    let rows = trades.iter().map(|trade| row(site, trade)).collect();
    let files = kit::inert(downloads.offer("trades", || data(downloads, site, trades)));
    view! {
        <Table label=words::LIST class="trade-list" columns rows />
        {files}
    }
    .drawn()
}

fn data(downloads: Downloads<'_>, site: &Site, trades: &[TradeRow]) -> tables::Table {
    use tables::{Column, Value};
    let sign = figures::currency_sign(&site.currency);
    let columns = vec![
        Column::new(words::AGREED),
        Column::new(words::SELLER),
        Column::new(words::BUYER),
        Column::in_unit(words::AGREED, "kWh"),
        Column::new(format!("{sign}/kWh")),
        Column::in_unit(words::STATE, "kWh"),
        Column::in_unit(words::WORTH, sign),
    ];
    let row = |TradeRow { trade, .. }: &TradeRow| {
        let worth = trade.settled_kwh.map(|kwh| kwh * trade.price_per_kwh);
        vec![
            Value::Time(trade.timestamp),
            Value::text(&trade.seller_meter_number),
            Value::text(&trade.buyer_meter_number),
            Value::Exact(trade.units_kwh),
            Value::Exact(trade.price_per_kwh),
            trade.settled_kwh.into(),
            worth.into(),
        ]
    };
    downloads.table(words::LIST, columns, trades.iter().map(row).collect())
}

fn row(site: &Site, row: &TradeRow) -> Row {
    let (worth, shape, said) = settled(site, row);
    let TradeRow { trade, buyer_name, seller_name, .. } = row;
    Row::of(vec![
        time::day_minute(site, trade.timestamp).into(),
        Cell::Short(trade.seller_meter_number.clone(), seller_name.clone()),
        Cell::Short(trade.buyer_meter_number.clone(), buyer_name.clone()),
        decimal(trade.units_kwh, 1).into(),
        rate(trade.price_per_kwh, &site.currency).into(),
        worth.into(),
        Cell::State(shape, said),
    ])
}

/// The worth of what was settled, and how far that is.
fn settled(site: &Site, TradeRow { trade, is_final, .. }: &TradeRow) -> (String, Shape, String) {
    let Some(settled) = trade.settled_kwh else {
        return (UNKNOWN.to_owned(), Shape::Ring, words::NOT_TOLD.into());
    };
    let (shape, said) = if settled >= trade.units_kwh {
        (Shape::Good, words::SETTLED.into())
    } else if *is_final && settled.is_zero() {
        (Shape::Stale, words::NOT_SETTLED.into())
    } else if *is_final {
        (Shape::Warn, words::partly(&decimal(settled, 1)))
    } else {
        (Shape::Ring, words::so_far(&decimal(settled, 1)))
    };
    (with_sign(settled * trade.price_per_kwh, &site.currency), shape, said)
}
