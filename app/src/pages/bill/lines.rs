//! The lines of a bill. Each opens to the intervals it is made of.

use domain::bills::{BillLine, BillLineKind, LineInterval, LineUnit};
use leptos::prelude::*;
use service::bills::page::{BillPage, FIRST_INTERVALS, LineIntervals};
use texts::figures;
use texts::messages::told;
use texts::words::bill as words;
use ui::components::mark::MeterState;
use ui::drawing::parts::money::{amount, decimal, rate};
use ui::drawing::parts::time;
use ui::kit::{Cell, Column, Draw as _, PlainTable, Row};

use super::{address, address_of};

pub(super) fn draw(page: &BillPage, opened: Option<usize>) -> AnyView {
    let sign = figures::currency_sign(&page.view.bill.currency).to_owned();
    let lines = page.view.bill.lines.iter().enumerate();
    let lines = lines.map(|(at, line)| item(page, at, line, opened == Some(at)));
    view! {
        <section class="bill-lines" aria-label=words::LINES>
            <p class="bill-line bill-line-head" aria-hidden="true">
                <span>{words::LINE} <span class="only-phone">", " {words::LINE_HELP}</span></span>
                <span class="num col-quantity">{words::QUANTITY}</span>
                <span class="num col-rate">
                    {words::RATE} <span class="unit">{sign.clone()}</span>
                </span>
                <span class="num">
                    {words::AMOUNT} <span class="unit">{sign}</span>
                </span>
            </p>
            {lines.collect_view()}
        </section>
    }
    .drawn()
}

fn item(page: &BillPage, at: usize, line: &BillLine, open: bool) -> AnyView {
    let currency = &page.view.bill.currency;
    let unit = line.kind.unit();
    let quantity = match unit {
        LineUnit::Money => amount(line.quantity, currency),
        LineUnit::Days => decimal(line.quantity, 0),
        // A share of a month has at least one digit, at most four.
        LineUnit::Months => decimal(line.quantity, line.quantity.normalize().scale().clamp(1, 4)),
        LineUnit::Kwh | LineUnit::Kw => decimal(line.quantity, 1),
    };
    let unit = words::unit(unit);
    let price = match line.kind {
        BillLineKind::Tax => format!("{} %", decimal(line.price, 1)),
        _ => rate(line.price, currency),
    };
    let short = format!("{quantity} {unit} × {price}");
    let content = match (page.view.bill.correction_of(line), page.intervals.get(&at)) {
        (Some(correction), _) => corrected(page, &correction.bill),
        (_, Some(intervals)) if intervals.count > 0 => behind(page, at, line, intervals),
        _ => view! { <p class="note bill-none">{words::NO_INTERVALS}</p> }.drawn(),
    };
    view! {
        <details class="bill-item" id=format!("line-{at}") open=open>
            <summary class="bill-line">
                <span class="bill-line-name">
                    {told(&page.view.bill.name_of(line))}
                    <span class="only-phone note">{short}</span>
                </span>
                <span class="num col-quantity">
                    {quantity} <span class="unit">{unit}</span>
                </span>
                <span class="num col-rate">{price}</span>
                <span class="num">{amount(line.amount, currency)}</span>
            </summary>
            {content}
        </details>
        {rules(page, line)}
    }
    .drawn()
}

/// The way to the bill that a line corrects.
fn corrected(page: &BillPage, number: &str) -> AnyView {
    view! {
        <p class="note bill-none">
            {words::CORRECTS} " " <a href=address_of(page, number)>{number.to_owned()}</a>
        </p>
    }
    .drawn()
}

/// The rules by which it was computed, below the line, so that paper shows them too.
fn rules(page: &BillPage, line: &BillLine) -> Option<AnyView> {
    let rules: Vec<String> = page.view.bill.rules_of(line).iter().map(told).collect();
    let is_any = !rules.is_empty();
    let said = format!("{}.", rules.join("; "));
    is_any.then(|| view! { <p class="note bill-rules">{said}</p> }.drawn())
}

fn behind(page: &BillPage, at: usize, line: &BillLine, intervals: &LineIntervals) -> AnyView {
    let is_all = intervals.shown.len() == intervals.count;
    let sum = words::of_intervals(
        intervals.shown.len(),
        intervals.count,
        &decimal(line.quantity, 1),
        words::unit(line.kind.unit()),
    );
    let other = if is_all {
        (!intervals.shown.is_empty() && intervals.count > FIRST_INTERVALS)
            .then(|| (format!("{}#line-{at}", address(page)), words::SHOW_FEWER))
    } else {
        Some((format!("{}&line={at}#line-{at}", address(page)), words::SHOW_ALL))
    };
    let other = other.map(|(href, text)| view! { <a href=href>{text}</a> });
    let label = words::intervals_of(&told(&page.view.bill.name_of(line)));
    let columns = vec![
        Column::new(words::INTERVAL),
        Column::of_figures(words::KWH),
        Column::of_figures(words::COVERAGE),
        Column::new(words::QUALITY).cells("bill-quality"),
        Column::of_figures(figures::currency_sign(&page.view.bill.currency)),
    ];
    let rows = intervals.shown.iter().map(|interval| row(page, interval)).collect();
    view! {
        <div class="bill-intervals scroll" tabindex="0" role="group" aria-label=label>
            <PlainTable class="bill-quarters" columns rows />
            <p class="note">{sum} " " {other}</p>
        </div>
    }
    .drawn()
}

fn row(page: &BillPage, interval: &LineInterval) -> Row {
    let (shape, word) = MeterState::of_quality(interval.quality);
    Row::of(vec![
        time::weekday_minute(&page.site, interval.start).into(),
        decimal(interval.kwh, 3).into(),
        figures::fixed(interval.coverage * 100.0, 0).into(),
        Cell::State(shape, word.into()),
        decimal(interval.amount, 4).into(),
    ])
}
