//! Trades between neighbours, and the form for a new one.

pub(crate) mod form;
pub(crate) mod list;

use leptos::prelude::*;
use rust_decimal::Decimal;
use service::bills::page::trades::{self, TradesPage};
use service::pages::Query;
use service::{Action, Principal, Service};
use texts::words::trades as words;
use ui::drawing::files::Downloads;
use ui::drawing::parts::money::decimal;
use ui::drawing::parts::time;
use ui::drawing::rights::may;
use ui::kit::{self, Draw as _};

use super::Drawn;
use form::Side;

pub(crate) async fn draw(service: &Service, who: &Principal, query: &Query) -> Drawn {
    let page = trades::trades(service, who, query).await?;
    Ok(kit::page(words::TITLE.get(), view! { <Page page /> }))
}

#[component]
fn Page(page: TradesPage) -> AnyView {
    let headline = headline(&page);
    let TradesPage { site, now, month, trades, sellers, buyers } = page;
    let form = may(Action::Trade).then(|| {
        let (sellers, buyers) = (Side::Choice(sellers), Side::Choice(buyers));
        form::draw(&site, sellers, buyers)
    });
    view! {
        <article class="page trades">
            <header class="sheet-head">
                <div class="state">
                    <h1>{headline}</h1>
                    <p class="note">{words::HOW}</p>
                </div>
            </header>
            <div class="sheet-pair trades-pair">
                <section>
                    <h2>{words::LIST}</h2>
                    {list::draw(Downloads::of_month(&site, month, now), &site, &trades)}
                </section>
                {form}
            </div>
        </article>
    }
    .drawn()
}

fn headline(page: &TradesPage) -> String {
    let agreed: Decimal = page.trades.iter().map(|row| row.trade.units_kwh).sum();
    let settled: Option<Decimal> = page.trades.iter().map(|row| row.trade.settled_kwh).sum();
    let month = time::month(page.month);
    match page.trades.len() {
        0 => words::none(&month),
        count => {
            let settled = settled.map(|kwh| decimal(kwh, 1));
            words::sum(count, &month, &decimal(agreed, 1), settled.as_deref())
        }
    }
}
