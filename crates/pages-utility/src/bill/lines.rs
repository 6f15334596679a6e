//! The lines of a bill. Each opens to the intervals it is made of.

use domain::bills::{BillLine, BillLineKind, LineInterval, LineUnit};
use markup::{Html, html};
use rust_decimal::Decimal;
use service::bills::page::{BillPage, LineIntervals};
use texts::figures;

use texts::messages::told;
use texts::words::bill as words;
use ui::components::mark::MeterState;
use ui::drawing::parts::money::{amount, decimal, rate};
use ui::drawing::parts::{mark, time};

pub(super) fn draw(page: &BillPage, opened: Option<usize>) -> Html {
    let sign = figures::currency_sign(&page.view.bill.currency).to_owned();
    let rows = page.view.bill.lines.iter().enumerate();
    let rows = rows.map(|(at, line)| row(page, at, line, opened == Some(at))).collect::<Html>();
    html! {
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
            {rows}
        </section>
    }
}

fn row(page: &BillPage, at: usize, line: &BillLine, open: bool) -> Html {
    let currency = &page.view.bill.currency;
    let unit = line.kind.unit();
    let quantity = match unit {
        LineUnit::Money => amount(line.quantity, currency),
        LineUnit::Days => decimal(line.quantity, 0),
        LineUnit::Months => decimal(line.quantity, share_digits(line.quantity)),
        LineUnit::Kwh | LineUnit::Kw => decimal(line.quantity, 1),
    };
    let unit = words::unit(unit);
    let price = match line.kind {
        BillLineKind::Tax => format!("{} %", decimal(line.price, 1)),
        _ => rate(line.price, currency),
    };
    let short = format!("{quantity} {unit} × {price}");
    html! {
        <details class="bill-item" id=format!("line-{at}") open=open>
            <summary class="bill-line">
                <span class="bill-line-name">
                    {told(&page.view.bill.name_of(line))} <span class="only-phone note">{short}</span>
                </span>
                <span class="num col-quantity">
                    {quantity} <span class="unit">{unit}</span>
                </span>
                <span class="num col-rate">{price}</span>
                <span class="num">{amount(line.amount, currency)}</span>
            </summary>
            {match (page.view.bill.correction_of(line), page.intervals.get(&at)) {
                (Some(correction), _) => corrected(page, &correction.bill),
                (_, Some(intervals)) if intervals.count > 0 => behind(page, at, line, intervals),
                _ => html! { <p class="note bill-none">{words::NO_INTERVALS}</p> },
            }}
        </details>
        {rules(page, line)}
    }
}

/// The way to the bill that a line corrects.
fn corrected(page: &BillPage, number: &str) -> Html {
    html! {
        <p class="note bill-none">
            {words::CORRECTS} " " <a href=super::address_of(page, number)>{number.to_owned()}</a>
        </p>
    }
}

/// Digits of a share of a month: at least one, at most four.
fn share_digits(share: Decimal) -> u32 {
    share.normalize().scale().clamp(1, 4)
}

/// The rules by which it was computed, below the line, so that paper shows them too.
fn rules(page: &BillPage, line: &BillLine) -> Option<Html> {
    let rules: Vec<String> = page.view.bill.rules_of(line).iter().map(told).collect();
    let is_any = !rules.is_empty();
    is_any.then(|| html! { <p class="note bill-rules">{rules.join("; ")} "."</p> })
}

fn behind(page: &BillPage, at: usize, line: &BillLine, intervals: &LineIntervals) -> Html {
    let sign = figures::currency_sign(&page.view.bill.currency).to_owned();
    let is_all = intervals.shown.len() == intervals.count;
    let sum = words::of_intervals(
        intervals.shown.len(),
        intervals.count,
        &decimal(line.quantity, 1),
        words::unit(line.kind.unit()),
    );
    let other = if is_all {
        (!intervals.shown.is_empty() && intervals.count > super::FIRST)
            .then(|| (format!("{}#line-{at}", super::address(page)), words::SHOW_FEWER))
    } else {
        Some((format!("{}&line={at}#line-{at}", super::address(page)), words::SHOW_ALL))
    };
    let other = other.map(|(href, text)| html! { <a href=href>{text}</a> });
    html! {
        <div class="bill-intervals scroll" tabindex="0" role="group" aria-label=words::intervals_of(&told(&page.view.bill.name_of(line)))>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words::INTERVAL}</th>
                        <th scope="col" class="num">{words::KWH}</th>
                        <th scope="col" class="num">{words::COVERAGE}</th>
                        <th scope="col">{words::QUALITY}</th>
                        <th scope="col" class="num">{sign}</th>
                    </tr>
                </thead>
                <tbody>
                    {intervals.shown.iter().map(|interval| interval_row(page, interval)).collect::<Html>()}
                </tbody>
            </table>
            <p class="note">{sum} " " {other}</p>
        </div>
    }
}

fn interval_row(page: &BillPage, interval: &LineInterval) -> Html {
    let (shape, word) = MeterState::of_quality(interval.quality);
    html! {
        <tr>
            <th scope="row">{time::weekday_minute(&page.site, interval.start)}</th>
            <td class="num">{decimal(interval.kwh, 3)}</td>
            <td class="num">{figures::fixed(interval.coverage * 100.0, 0)}</td>
            <td class="bill-quality">{mark(shape)} " " {word}</td>
            <td class="num">{decimal(interval.amount, 4)}</td>
        </tr>
    }
}
