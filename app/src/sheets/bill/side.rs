//! Beside a bill: what can be done with it, how well it was read, its registers, trades and proof.

use domain::bill::BillTrade;
use domain::figures;
use domain::view::bill::{BillPage, BillState, DayEnergy, RegisterSpan};
use leptos::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::charts;
use crate::sheets::losses::found::hidden;
use crate::sheets::parts::money::{amount, decimal, rate, with_sign};
use crate::sheets::parts::{signed, time};
use crate::words::bill as words;

pub(super) fn draw(page: &BillPage) -> AnyView {
    view! {
        <aside class="bill-side">
            {months(page)} {state(page)} {coverage(page)} {registers(page)} {trades(page)} {proof(page)}
            {charts::average(page)}
        </aside>
    }
    .into_any()
}

/// The ways to the meter's other months, and to all bills of this one.
fn months(page: &BillPage) -> AnyView {
    let to = |month: domain::bill::Month| {
        format!("/bills/draft/{}/{month}?site={}", page.meter.id, page.site.slug)
    };
    let (before, after) = (page.month.previous(), page.month.next());
    let has_begun = after.first() <= page.site.date_at(page.now);
    let after = has_begun.then(|| {
        view! {
            <a rel="next" href=to(after)>
                {time::month(after)}
                " ›"
            </a>
        }
    });
    view! {
        <nav class="bill-months" aria-label=words::OTHER_MONTHS>
            <a rel="prev" href=to(before)>
                "‹ "
                {time::month(before)}
            </a>
            <a href=format!(
                "/bills?site={}&month={}",
                page.site.slug,
                page.month,
            )>{words::ALL_BILLS}</a>
            {after}
        </nav>
    }
    .into_any()
}

fn state(page: &BillPage) -> AnyView {
    let (title, help) = match &page.state {
        BillState::Draft { .. } => (words::DRAFT, words::DRAFT_HELP.to_owned()),
        BillState::Issued { credited_by: Some(note), .. } => {
            (words::CREDITED, words::credited_by(note))
        }
        BillState::Issued { is_stale: true, .. } => (words::STALE, words::STALE_HELP.to_owned()),
        BillState::Issued { .. } => (words::ISSUED, words::ISSUED_HELP.to_owned()),
        BillState::CreditNote { of, .. } => (words::CREDIT_NOTE, words::credit_of(of)),
    };
    let reason = match &page.state {
        BillState::CreditNote { reason: Some(reason), .. } => {
            Some(view! { <p class="note">{words::REASON} ": " {reason.clone()}</p> })
        }
        _ => None,
    };
    view! {
        <section class="bill-state">
            <h2 class="bill-state-name">{title}</h2>
            <p class="note">{help}</p>
            {reason}
            {buttons(page)} {forms(page)}
        </section>
    }
    .into_any()
}

fn buttons(page: &BillPage) -> AnyView {
    let issue = matches!(page.state, BillState::Draft { hold: None }).then(|| {
        view! {
            <form data-act="issue-bill">
                {named(page)}
                <button type="submit" class="button button-main">
                    {words::ISSUE}
                </button>
            </form>
        }
    });
    let store = page.file.is_none().then(|| {
        view! {
            <form data-act="store-bill">
                {named(page)}
                <button type="submit" class="button" title=words::STORE_HELP>
                    {words::STORE}
                </button>
            </form>
        }
    });
    let main = if issue.is_none() { "button button-main" } else { "button" };
    let file = |name: &'static str, text: &'static str| {
        page.file.as_ref().map(|file| {
            let href = format!("/api/bills/{file}.{name}?site={}", page.site.slug);
            view! {
                <a class="button" href=href download="" rel="external">
                    {text}
                </a>
            }
        })
    };
    view! {
        <div class="actions bill-actions">
            {issue}
            <button type="button" class=main data-print="">
                {words::PRINT}
            </button>
            {file("csv", words::CSV)} {file("xml", words::GREEN_BUTTON)} {store}
            <a class="button" href="#proof">{words::EXPLAIN}</a>
        </div>
    }
    .into_any()
}

/// Which bill a form is about.
fn named(page: &BillPage) -> AnyView {
    view! {
        {hidden("site", page.site.slug.clone())}
        {hidden("meter", page.meter.id.to_string())}
        {hidden("month", page.month.to_string())}
        {page.file.clone().map(|file| hidden("bill", file))}
    }
    .into_any()
}

fn field(name: &'static str, label: &'static str) -> AnyView {
    view! {
        <label class="form-field">
            {label} <input class="field" type="text" name=name required=true />
        </label>
    }
    .into_any()
}

/// What cannot be done with one press: to issue in spite of gaps, and to take back.
fn forms(page: &BillPage) -> AnyView {
    match &page.state {
        BillState::Draft { hold: Some((why, false)) } => {
            view! { <p class="note">{why.clone()}</p> }.into_any()
        }
        BillState::Draft { hold: Some((why, true)) } => view! {
            <details class="bill-form" id="held-back">
                <summary>{words::HELD_BACK}</summary>
                <form class="form" data-act="issue-bill">
                    <p>{why.clone()}</p>
                    {named(page)} {field("by", words::OVERRIDE_BY)}
                    {field("reason", words::OVERRIDE_WHY)}
                    <button type="submit" class="button">
                        {words::OVERRIDE}
                    </button>
                </form>
            </details>
        }
        .into_any(),
        BillState::Issued { credited_by: None, is_stale: true, .. } => view! {
            <details class="bill-form" id="credit">
                <summary>{words::CREDIT_THIS}</summary>
                <form class="form" data-act="credit-bill">
                    <p>{words::CREDIT_HELP}</p>
                    {named(page)} {field("reason", words::REASON)}
                    <button type="submit" class="button">
                        {words::CREDIT}
                    </button>
                </form>
            </details>
        }
        .into_any(),
        _ => ().into_any(),
    }
}

fn coverage(page: &BillPage) -> AnyView {
    let (covered, all) = page.quarters;
    let cell = |day: &DayEnergy| {
        let said =
            words::strip_day(&time::short_day(day.date), &figures::fixed(day.coverage * 100.0, 1));
        let class = if day.coverage > 0.999 { "cell-day" } else { "cell-day is-part" };
        view! { <i class=class title=said></i> }
    };
    let energy = page.bill.consumed + page.bill.produced;
    let share = energy.to_f64().filter(|kwh| *kwh > 0.0).map(|kwh| page.bill.estimated_kwh / kwh);
    let said = if page.bill.estimated_kwh > 0.0 {
        words::estimated_said(
            &figures::fixed(page.bill.estimated_kwh, 1),
            &figures::fixed(share.unwrap_or_default() * 100.0, 1),
        )
    } else if covered >= all {
        words::FULLY_READ.to_owned()
    } else {
        String::new()
    };
    view! {
        <section>
            <h2>
                {words::COVERAGE.trim_end_matches(" %")} " "
                {figures::fixed(page.bill.coverage * 100.0, 1)} " % "
                <span class="note">{words::quarters(covered, all)}</span>
            </h2>
            <div class="bill-strip" role="img" aria-label=words::STRIP>
                {page.days.iter().map(cell).collect_view()}
            </div>
            <p class="note">{said}</p>
        </section>
    }
    .into_any()
}

fn registers(page: &BillPage) -> AnyView {
    let row = |span: &RegisterSpan| {
        view! {
            <tr>
                <th scope="row">{if span.is_import { words::IMPORT } else { words::EXPORT }}</th>
                <td class="num">{figures::fixed(span.from.1, 1)}</td>
                <td class="num">{figures::fixed(span.to.1, 1)}</td>
                <td class="num total">{figures::fixed(span.to.1 - span.from.1, 1)}</td>
            </tr>
        }
    };
    let Some(first) = page.registers.first() else {
        return view! {
            <section>
                <h2>{words::REGISTERS}</h2>
                <p class="note">{words::NO_REGISTERS}</p>
            </section>
        }
        .into_any();
    };
    view! {
        <section>
            <h2>{words::REGISTERS}</h2>
            <table class="table">
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col" class="num">{time::day_minute(&page.site, first.from.0)}</th>
                        <th scope="col" class="num">{time::day_minute(&page.site, first.to.0)}</th>
                        <th scope="col" class="num">{words::KWH}</th>
                    </tr>
                </thead>
                <tbody>{page.registers.iter().map(row).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn trades(page: &BillPage) -> AnyView {
    let currency = &page.bill.currency;
    let sign = figures::currency_sign(currency).to_owned();
    let row = |trade: &BillTrade| {
        let name = page.partners.get(&trade.with).cloned().unwrap_or_default();
        let with = if trade.bought { words::bought_from(&name) } else { words::sold_to(&name) };
        view! {
            <tr>
                <th scope="row">{with}</th>
                <td>{time::day_minute(&page.site, trade.timestamp)}</td>
                <td class="num">{decimal(trade.settled, 1)}</td>
                <td class="num">{rate(trade.price, currency)}</td>
                <td class="num">{amount(trade.amount, currency)}</td>
            </tr>
        }
    };
    if page.bill.trades.is_empty() {
        return view! {
            <section>
                <h2>{words::TRADES}</h2>
                <p class="note">{words::NO_TRADES}</p>
            </section>
        }
        .into_any();
    }
    view! {
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
                        {page.bill.trades.iter().map(row).collect_view()}
                        <tr class="is-quiet">
                            <th scope="row" title=words::UNSETTLED_HELP>{words::UNSETTLED}</th>
                            <td></td>
                            <td class="num">{decimal(page.bill.unsettled, 1)}</td>
                            <td></td>
                            <td></td>
                        </tr>
                    </tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn proof(page: &BillPage) -> AnyView {
    let row = |name: String, value: String| {
        view! {
            <dt>{name}</dt>
            <dd>{value}</dd>
        }
    };
    let tariffs = page.bill.pieces.iter().map(|piece| {
        let from = piece.valid_from.map(time::short_day);
        row(words::TARIFF.to_owned(), words::tariff(&piece.name, from.as_deref()))
    });
    let none = page
        .bill
        .pieces
        .is_empty()
        .then(|| row(words::TARIFF.to_owned(), words::NO_TARIFF.to_owned()));
    let digest = {
        let digest = &page.digest;
        let short = match (digest.get(..8), digest.get(digest.len().saturating_sub(4)..)) {
            (Some(head), Some(tail)) => format!("sha256 {head} … {tail}"),
            _ => digest.clone(),
        };
        view! {
            <dt>{words::DIGEST}</dt>
            <dd class="mono" title=digest.clone()>
                {short}
            </dd>
        }
    };
    let before = page.before.map(|before| {
        let difference = page.bill.amount_due - before.amount;
        let plus = if difference > Decimal::ZERO { "+" } else { "" };
        let said = format!("{plus}{}", with_sign(difference, &page.bill.currency));
        let share = (before.consumed > Decimal::ZERO)
            .then(|| ((page.bill.consumed / before.consumed) - Decimal::ONE).to_f64())
            .flatten();
        let percent = share.map(|share| signed(share * 100.0, 1));
        row(words::against(&time::month(before.month)), words::change(&said, percent.as_deref()))
    });
    let unpriced = page.bill.unpriced_import + page.bill.unpriced_export;
    let unpriced = (unpriced > Decimal::ZERO)
        .then(|| view! { <p class="note">{words::unpriced(&decimal(unpriced, 1))}</p> });
    view! {
        <section id="proof">
            <h2>{words::PROOF}</h2>
            <dl class="values">
                {tariffs.collect_view()} {none}
                {row(
                    words::INPUTS.to_owned(),
                    words::inputs(page.inputs, page.bill.trades.len()),
                )} {digest} {before}
            </dl>
            {unpriced}
        </section>
    }
    .into_any()
}
