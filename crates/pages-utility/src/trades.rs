//! Trades between neighbours, and the form for a new one.

use domain::bills::Party;
use markup::{Html, html};
use rust_decimal::Decimal;
use service::Action;
use service::bills::page::trades::{TradeRow, TradesPage};
use texts::figures;

use texts::words::trades as words;
use ui::api::Sheet;
use ui::components::figure::UNKNOWN;
use ui::components::mark::Shape;
use ui::drawing::parts::money::{decimal, rate, with_sign};
use ui::drawing::parts::{mark, time};
use ui::drawing::rights::may;
use ui::drawing::{hidden, send, sheet};

pub(super) fn draw(page: &TradesPage) -> Sheet {
    sheet(
        words::TITLE.get(),
        html! {
            <article class="page trades">
                <header class="sheet-head">
                    <div class="state">
                        <h1>{headline(page)}</h1>
                        <p class="note">{words::HOW}</p>
                    </div>
                </header>
                <div class="sheet-pair trades-pair">
                    <section>
                        <h2>{words::LIST}</h2>
                        {table(&page.site, &page.trades)}
                    </section>
                    {may(Action::Trade)
                        .then(|| {
                            form(
                                &page.site.slug,
                                &page.site.currency,
                                (&page.sellers, None),
                                (&page.buyers, None),
                            )
                        })}
                </div>
            </article>
        },
    )
}

fn headline(page: &TradesPage) -> String {
    let agreed: Decimal = page.trades.iter().map(|row| row.trade.units_kwh).sum();
    let settled: Decimal = page.trades.iter().filter_map(|row| row.trade.settled_kwh).sum();
    let month = time::month(page.month);
    match page.trades.len() {
        0 => words::none(&month),
        count => words::sum(count, &month, &decimal(agreed, 1), &decimal(settled, 1)),
    }
}

/// Trades, the newest first.
pub(super) fn table(site: &domain::sites::Site, trades: &[TradeRow]) -> Html {
    if trades.is_empty() {
        let help = if may(Action::Trade) { words::NONE_HELP } else { words::NONE };
        return html! { <p class="note">{help}</p> };
    }
    let sign = figures::currency_sign(&site.currency).to_owned();
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label=words::LIST>
            <table class="table trade-list">
                <thead>
                    <tr>
                        <th scope="col">{words::AGREED}</th>
                        <th scope="col">{words::SELLER}</th>
                        <th scope="col">{words::BUYER}</th>
                        <th scope="col" class="num">{words::KWH}</th>
                        <th scope="col" class="num">{format!("{sign}/kWh")}</th>
                        <th scope="col" class="num col-worth">{words::WORTH}</th>
                        <th scope="col">{words::STATE}</th>
                    </tr>
                </thead>
                <tbody>{trades.iter().map(|trade| row(site, trade)).collect::<Html>()}</tbody>
            </table>
        </div>
    }
}

fn row(site: &domain::sites::Site, row: &TradeRow) -> Html {
    let TradeRow { trade, is_final, .. } = row;
    let Some(settled) = trade.settled_kwh else {
        return line(site, row, UNKNOWN.to_owned(), (Shape::Ring, words::NOT_TOLD.into()));
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
    let worth = with_sign(settled * trade.price_per_kwh, &site.currency);
    line(site, row, worth, (shape, said))
}

fn line(
    site: &domain::sites::Site,
    TradeRow { trade, buyer_name, seller_name, .. }: &TradeRow,
    worth: String,
    (shape, said): (Shape, String),
) -> Html {
    html! {
        <tr>
            <th scope="row">{time::day_minute(site, trade.timestamp)}</th>
            <td title=seller_name.clone()>{trade.seller_meter_number.clone()}</td>
            <td title=buyer_name.clone()>{trade.buyer_meter_number.clone()}</td>
            <td class="num">{decimal(trade.units_kwh, 1)}</td>
            <td class="num">{rate(trade.price_per_kwh, &site.currency)}</td>
            <td class="num col-worth">
                {worth}
            </td>
            <td class="col-verdict">{mark(shape)} " " {said}</td>
        </tr>
    }
}

/// The form for a new trade. A side with a chosen party leaves no choice.
pub(super) fn form(
    site: &str,
    currency: &str,
    sellers: (&[Party], Option<&Party>),
    buyers: (&[Party], Option<&Party>),
) -> Html {
    html! {
        <form id="new-trade" class="form" action=send("trade")>
            <h2>{words::NEW}</h2>
            {hidden("site", site.to_owned())} {side("seller", words::SELLER.get(), sellers)}
            {side("buyer", words::BUYER.get(), buyers)} {number("units", words::UNITS)}
            {number("price", words::price(figures::currency_sign(currency)))}
            <p class="note">{words::NEW_HELP}</p>
            <button type="submit" class="button button-main">
                {words::POST}
            </button>
        </form>
    }
}

fn side(
    name: &'static str,
    label: &'static str,
    (parties, chosen): (&[Party], Option<&Party>),
) -> Html {
    if let Some(party) = chosen {
        return html! {
            {hidden(name, party.id.to_string())}
            <p class="form-field">
                {label} <strong>{format!("{}, {}", party.number, party.name)}</strong>
            </p>
        };
    }
    let option = |party: &Party| {
        html! {
            <option value=party.id.to_string()>{format!("{}, {}", party.number, party.name)}</option>
        }
    };
    html! {
        <label class="form-field">
            {label}
            <select class="field" name=name required=true>
                <option value="">{words::CHOOSE}</option>
                {parties.iter().map(option).collect::<Html>()}
            </select>
        </label>
    }
}

fn number(name: &'static str, label: impl Into<String>) -> Html {
    let label = label.into();
    html! {
        <label class="form-field">
            {label} <input class="field" type="text" inputmode="decimal" name=name required=true />
        </label>
    }
}
