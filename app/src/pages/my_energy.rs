//! A prosumer's own page: today, the month so far, trades and bills.

mod figures;

use domain::bills::Party;
use domain::month::Month;
use domain::sites::SiteKind;
use leptos::prelude::*;
use service::bills::page::my_energy::{self, Mine, MyEnergyPage};
use service::pages::Query;
use service::{Action, Principal, Service};
use texts::words::my_energy as words;
use ui::drawing::Sheet;
use ui::drawing::files::Downloads;
use ui::drawing::parts::time;
use ui::drawing::rights::may;
use ui::kit::{self, Draw as _, Empty, submit};

use super::Drawn;
use super::trades::form::{self, Side};
use super::trades::list;

/// A simulated day passes in a minute: two hours of it.
const WORLD_REFRESH_S: u32 = 5;

pub(crate) async fn draw(service: &Service, who: &Principal, query: &Query) -> Drawn {
    let mut page = my_energy::my_energy(service, who, query).await?;
    let Some(mine) = page.mine.take() else {
        let (title, why) = if may(Action::SeeBills) {
            (words::NOTHING, words::NOTHING_HELP)
        } else {
            (words::NOT_YOURS, words::NOT_YOURS_HELP)
        };
        return Ok(kit::page(words::TITLE.get(), view! { <Empty title why /> }));
    };
    let is_world = page.site.kind == SiteKind::Simulated;
    let drawn = kit::page(words::TITLE.get(), view! { <Page page mine is_world /> });
    Ok(Sheet { refresh_s: if is_world { WORLD_REFRESH_S } else { drawn.refresh_s }, ..drawn })
}

#[component]
fn Page(page: MyEnergyPage, mine: Mine, is_world: bool) -> AnyView {
    let as_of = time::weekday_minute(&page.site, page.now);
    let as_of = words::as_of(&mine.party.name, &as_of, is_world);
    let curve = pages_utility::day_curve(&page.site, page.now, &mine);
    let (headline, choice) = (figures::headline(&mine), choice(&page, &mine.party));
    let known_until = mine.known_until.map(|at| words::known_until(&time::minute(&page.site, at)));
    let MyEnergyPage { site, now, .. } = page;
    let month_of_trades = Downloads::of_month(&site, Month::of(site.date_at(now)), now);
    let Mine {
        party, today, traded_today, makes, month, expected, trades, bills, neighbours, ..
    } = mine;
    view! {
        <article class="page mine">
            <header class="sheet-head">
                <div class="state" id="mine-state">
                    <h1>{headline}</h1>
                    <p class="note">{as_of}</p>
                    {known_until.map(|text| view! { <p class="note">{text}</p> })}
                </div>
                {choice}
            </header>
            <div id="mine-today">
                {figures::today(today, traded_today, makes)}
            </div>
            <div class="sheet-pair mine-pair">
                <div>
                    <div inner_html=curve></div>
                    <section class="mine-trades">
                        <h2>{words::TRADES}</h2>
                        {list::draw(month_of_trades, &site, &trades)}
                    </section>
                </div>
                <div>
                    <div id="mine-month">
                        {figures::month_so_far(&site, month, expected, makes)}
                    </div>
                    {figures::bills(&site, now, &bills)}
                    {may(Action::Trade)
                        .then(|| {
                            // A prosumer sells; who makes nothing buys.
                            let (own, others) = (Side::Own(party), Side::Choice(neighbours));
                            let (sellers, buyers) = if makes { (own, others) } else { (others, own) };
                            form::draw(&site, sellers, buyers)
                        })}
                </div>
            </div>
        </article>
    }
    .drawn()
}

/// Whose page it is, where there are several to choose from.
fn choice(page: &MyEnergyPage, chosen: &Party) -> Option<AnyView> {
    let option = |party: &Party| {
        view! {
            <option value=party.id.to_string() selected=party.id == chosen.id>
                {format!("{}, {}", party.number, party.name)}
            </option>
        }
    };
    (page.parties.len() != 1).then(|| {
        view! {
            <form class="choice" method="get">
                <input type="hidden" name="site" value=page.site.slug.clone() />
                <label>
                    <span class="sr">{words::METER}</span>
                    <select class="field" name="meter">
                        {page.parties.iter().map(option).collect_view()}
                    </select>
                </label>
                {submit("button", words::SHOW)}
            </form>
        }
        .drawn()
    })
}
