//! A prosumer's own page: today, the month so far, trades and bills.

pub(super) mod curve;

use domain::bills::{BillSummary, Party};
use markup::{Html, html};
use rust_decimal::Decimal;
use service::Action;
use service::bills::page::my_energy::{Mine, MyEnergyPage};
use texts::figures;

use crate::trades;
use texts::words::my_energy as words;
use ui::api::Sheet;
use ui::drawing::parts::money::{decimal, with_sign};
use ui::drawing::parts::time;
use ui::drawing::rights::may;
use ui::drawing::{hidden, sheet};

/// A simulated day passes in a minute: two hours of it.
const WORLD_REFRESH_S: u32 = 5;

pub(super) fn draw(page: &MyEnergyPage) -> Sheet {
    let Some(mine) = &page.mine else { return sheet(words::TITLE.get(), nothing()) };
    let is_world = page.site.kind == domain::sites::SiteKind::Simulated;
    let drawn = sheet(
        words::TITLE.get(),
        html! {
            <article class="page mine">
                <header class="sheet-head">
                    <div class="state" id="mine-state" data-live="">
                        <h1>{headline(mine)}</h1>
                        <p class="note">
                            {words::as_of(
                                &mine.party.name,
                                &time::weekday_minute(&page.site, page.now),
                                is_world,
                            )}
                        </p>
                    </div>
                    {choice(page, mine)}
                </header>
                <div id="mine-today" data-live="">
                    {today(mine)}
                </div>
                <div class="sheet-pair mine-pair">
                    <div>
                        {curve::draw(&page.site, page.now, mine)}
                        <section class="mine-trades">
                            <h2>{words::TRADES}</h2>
                            {trades::table(&page.site, &mine.trades)}
                        </section>
                    </div>
                    <div>
                        <div id="mine-month" data-live="">
                            {month(page, mine)}
                        </div>
                        {bills(page, mine)} {trade_form(page, mine)}
                    </div>
                </div>
            </article>
        },
    );
    Sheet { refresh_s: if is_world { WORLD_REFRESH_S } else { drawn.refresh_s }, ..drawn }
}

fn nothing() -> Html {
    let (title, help) = if may(Action::SeeBills) {
        (words::NOTHING, words::NOTHING_HELP)
    } else {
        (words::NOT_YOURS, words::NOT_YOURS_HELP)
    };
    html! {
        <section class="page notice">
            <h1>{title}</h1>
            <p>{help}</p>
        </section>
    }
}

fn headline(mine: &Mine) -> String {
    let (used, made) = mine.today;
    let kwh = |value: f64| figures::fixed(value, 1);
    if !mine.makes {
        words::used(&kwh(used))
    } else if made >= used {
        words::surplus(&kwh(made), &kwh(made - used))
    } else {
        words::need(&kwh(used), &kwh(made))
    }
}

/// Whose page it is.
fn choice(page: &MyEnergyPage, mine: &Mine) -> Html {
    let option = |party: &Party| {
        html! {
            <option value=party.id.to_string() selected=party.id == mine.party.id>
                {format!("{}, {}", party.number, party.name)}
            </option>
        }
    };
    if page.parties.len() == 1 {
        return html! {};
    }
    html! {
        <form class="choice" method="get">
            {hidden("site", page.site.slug.clone())}
            <label>
                <span class="sr">{words::METER}</span>
                <select class="field" name="meter">
                    {page.parties.iter().map(option).collect::<Html>()}
                </select>
            </label>
            <button type="submit" class="button">
                {words::SHOW}
            </button>
        </form>
    }
}

fn today(mine: &Mine) -> Html {
    let item = |class: &'static str, value: String, name: &'static str| {
        html! {
            <div class=format!("mine-figure {class}")>
                <dt>{name}</dt>
                <dd>
                    {value} <span class="unit">"kWh"</span>
                </dd>
            </div>
        }
    };
    let (used, made) = mine.today;
    let made = mine.makes.then(|| item("is-made", figures::fixed(made, 1), words::MADE.get()));
    let sold = mine.makes.then(|| item("", decimal(mine.traded_today.0, 1), words::SOLD.get()));
    html! {
        <dl class="mine-today">
            {item("is-used", figures::fixed(used, 1), words::USED.get())} {made} {sold}
            {item("", decimal(mine.traded_today.1, 1), words::BOUGHT.get())}
        </dl>
    }
}

fn month(page: &MyEnergyPage, mine: &Mine) -> Html {
    let Some((month, address)) = &mine.month else {
        return html! { <p class="note">{words::NO_MONTH}</p> };
    };
    let bill = &month.bill;
    let money = |value: Decimal| with_sign(value, &page.site.currency);
    let kwh = |value: Decimal| format!("{} kWh", decimal(value, 1));
    let row = |name: &'static str, value: String| {
        html! {
            <dt>{name}</dt>
            <dd>{value}</dd>
        }
    };
    let made = mine.makes.then(|| row(words::MADE.get(), kwh(bill.produced)));
    let sold = mine.makes.then(|| row(words::SOLD.get(), kwh(bill.sold)));
    let so_far = if bill.amount_due < Decimal::ZERO { words::REFUND } else { words::TO_PAY };
    let expected = mine.expected.map(|expected| row(words::EXPECTED.get(), money(expected)));
    html! {
        <section>
            <h2>
                {time::month(month.month)} " " <span class="note">{words::SO_FAR}</span>
            </h2>
            <dl class="values">
                {row(words::USED.get(), kwh(bill.consumed))} {made} {sold}
                {row(words::BOUGHT.get(), kwh(bill.bought))}
                <dt class="total">{so_far}</dt>
                <dd class="total">{money(bill.amount_due.abs())}</dd>
                {expected}
            </dl>
            <p class="actions">
                <a class="button" href=format!("/bills/{address}?site={}", page.site.slug)>
                    {words::OPEN_BILL}
                </a>
            </p>
        </section>
    }
}

fn bills(page: &MyEnergyPage, mine: &Mine) -> Html {
    let row = |bill: &BillSummary| {
        let number = bill.number.clone().unwrap_or_default();
        html! {
            <tr>
                <th scope="row">
                    <a href=format!("/bills/{number}?site={}", page.site.slug)>{time::month(bill.month)}</a>
                </th>
                <td>{number}</td>
                <td class="num">{with_sign(bill.amount_due, &page.site.currency)}</td>
            </tr>
        }
    };
    let body = if mine.bills.is_empty() {
        html! { <p class="note">{words::NO_BILLS}</p> }
    } else {
        html! {
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words::MONTH}</th>
                        <th scope="col">{words::NUMBER}</th>
                        <th scope="col" class="num">{words::AMOUNT}</th>
                    </tr>
                </thead>
                <tbody>{mine.bills.iter().map(row).collect::<Html>()}</tbody>
            </table>
        }
    };
    html! {
        <section class="mine-bills">
            <h2>{words::BILLS}</h2>
            {body}
        </section>
    }
}

/// A prosumer sells; who makes nothing buys.
fn trade_form(page: &MyEnergyPage, mine: &Mine) -> Option<Html> {
    if !may(Action::Trade) {
        return None;
    }
    let me = (std::slice::from_ref(&mine.party), Some(&mine.party));
    let others = (mine.neighbours.as_slice(), None);
    let (sellers, buyers) = if mine.makes { (me, others) } else { (others, me) };
    Some(trades::form(&page.site.slug, &page.site.currency, sellers, buyers))
}
