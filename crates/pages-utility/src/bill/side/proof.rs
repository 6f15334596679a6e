//! What a bill rests on: trades, and the tariff and figures it was computed from.

use domain::bills::BillTrade;
use markup::{Html, html};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use service::bills::page::BillPage;
use texts::figures;

use texts::words::bill as words;
use ui::drawing::parts::money::{amount, decimal, rate, with_sign};
use ui::drawing::parts::{signed, time};

pub(super) fn trades(page: &BillPage) -> Html {
    let currency = &page.view.bill.currency;
    let sign = figures::currency_sign(currency).to_owned();
    let row = |trade: &BillTrade| {
        let name = page.partners.get(&trade.with).cloned().unwrap_or_default();
        let with = if trade.bought { words::bought_from(&name) } else { words::sold_to(&name) };
        html! {
            <tr>
                <th scope="row">{with}</th>
                <td>{time::day_minute(&page.site, trade.timestamp)}</td>
                <td class="num">{decimal(trade.settled, 1)}</td>
                <td class="num">{rate(trade.price, currency)}</td>
                <td class="num">{amount(trade.amount, currency)}</td>
            </tr>
        }
    };
    if page.view.bill.trades.is_empty() {
        return html! {
            <section>
                <h2>{words::TRADES}</h2>
                <p class="note">{words::NO_TRADES}</p>
            </section>
        };
    }
    html! {
        <section>
            <h2>{words::TRADES}</h2>
            <div class="scroll" tabindex="0" role="group" aria-label=words::TRADES>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words::WITH}</th>
                            <th scope="col">{words::AGREED}</th>
                            <th scope="col" class="num">{words::KWH}</th>
                            <th scope="col" class="num">{format!("{sign}/kWh")}</th>
                            <th scope="col" class="num">{sign.clone()}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {page.view.bill.trades.iter().map(row).collect::<Html>()}
                        <tr class="is-quiet">
                            <th scope="row" title=words::UNSETTLED_HELP>{words::UNSETTLED}</th>
                            <td></td>
                            <td class="num">{decimal(page.view.bill.unsettled, 1)}</td>
                            <td></td>
                            <td></td>
                        </tr>
                    </tbody>
                </table>
            </div>
            {(!page.view.bill.unsettled.is_zero())
                .then(|| html! { <p class="note">{words::UNSETTLED_HELP}</p> })}
        </section>
    }
}

pub(super) fn draw(page: &BillPage) -> Html {
    let row = |name: String, value: String| {
        html! {
            <dt>{name}</dt>
            <dd>{value}</dd>
        }
    };
    let tariffs = page.view.bill.pieces.iter().map(|piece| {
        let from = piece.valid_from.map(time::short_day);
        row(words::TARIFF.into(), words::tariff(&piece.name, from.as_deref()))
    });
    let none = page
        .view
        .bill
        .pieces
        .is_empty()
        .then(|| row(words::TARIFF.into(), words::NO_TARIFF.into()));
    let digest = {
        let digest = &page.view.digest;
        let short = match (digest.get(..8), digest.get(digest.len().saturating_sub(4)..)) {
            (Some(head), Some(tail)) => format!("sha256 {head} … {tail}"),
            _ => digest.clone(),
        };
        html! {
            <dt>{words::DIGEST}</dt>
            <dd class="mono" title=digest.clone()>
                {short}
            </dd>
        }
    };
    let before = page.before.as_ref().map(|before| {
        let difference = page.view.bill.amount_due - before.amount_due;
        let plus = if difference > Decimal::ZERO { "+" } else { "" };
        let said = format!("{plus}{}", with_sign(difference, &page.view.bill.currency));
        let share = (before.consumed > Decimal::ZERO)
            .then(|| ((page.view.bill.consumed / before.consumed) - Decimal::ONE).to_f64())
            .flatten();
        let percent = share.map(|share| signed(share * 100.0, 1));
        row(words::against(&time::month(before.month)), words::change(&said, percent.as_deref()))
    });
    let unpriced = |kwh: Decimal, said: fn(&str) -> String| {
        (kwh > Decimal::ZERO).then(|| html! { <p class="note">{said(&decimal(kwh, 1))}</p> })
    };
    html! {
        <section id="proof">
            <h2>{words::PROOF}</h2>
            <dl class="values">
                {tariffs.collect::<Html>()} {none}
                {row(
                    words::INPUTS.into(),
                    words::inputs(page.view.intervals, page.view.bill.trades.len()),
                )} {digest} {before}
            </dl>
            {unpriced(page.view.bill.unpriced_import, words::unpriced_import)}
            {unpriced(page.view.bill.unpriced_export, words::unpriced_export)}
        </section>
    }
}
