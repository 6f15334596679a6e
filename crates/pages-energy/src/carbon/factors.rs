//! What would change the carbon, the diesel behind it, and the factors it is counted by.

use crate::parts::{heading, note, value};
use crate::steps;
use chrono::NaiveDate;
use domain::carbon::FactorSource;
use domain::carbon::view::{CarbonPage, FactorRow, Lever};
use markup::{Html, html};
use service::Action;
use tables::{Rows, Table, Value};
use texts::figures;
use texts::messages::told;
use texts::time::hours_minutes;
use texts::words::carbon as words;
use ui::components::figure::{UNKNOWN, fixed};
use ui::drawing::parts::money::with_sign;
use ui::drawing::parts::shared::SharedFigures;
use ui::drawing::parts::time::short_day;
use ui::drawing::parts::{figure, signed};
use ui::drawing::{Downloads, at, may};
use ui::kit;

pub(super) fn levers(page: &CarbonPage) -> Html {
    let row = |lever: &Lever| {
        let places = usize::from(lever.kg.abs() < 10.0);
        html! {
            <li class="lever">
                <strong>{told(&lever.name.clone().into())}</strong>
                {figure(signed(lever.kg, places), "kg")}
                <span class="note">{told(&lever.formula.clone().into())}</span>
            </li>
        }
    };
    let none = page.levers.is_empty().then(|| note(words::NO_LEVERS));
    html! {
        <section>
            {heading(None, words::LEVERS, words::LEVERS_NOTE)}
            <ul class="levers">{page.levers.iter().map(row).collect::<Html>()}</ul>
            {none}
        </section>
    }
}

pub(super) fn diesel(page: &CarbonPage) -> Html {
    let diesel = &page.diesel;
    let Some(hours) = diesel.runtime_hours else {
        return html! {
            <section>
                <h2>{words::DIESEL_TITLE}</h2>
                <p class="note">{words::NO_GENERATOR}</p>
            </section>
        };
    };
    let shared = SharedFigures::of(&page.shown);
    let runtime = html! {
        {figure(hours_minutes(hours), "h")}
        ", "
        {diesel.starts.to_string()}
    };
    let fuel = html! {
        {figure(figures::fixed(diesel.kwh, 1), "kWh")}
        ", "
        {figure(shared.mark("diesel.litres", figures::fixed(diesel.litres, 1)), "L")}
    };
    let specific = (diesel.kwh > 0.0).then(|| diesel.litres / diesel.kwh);
    let specific = fixed(specific, 3);
    let way = if diesel.is_metered {
        words::BY_COUNTER.into()
    } else if diesel.metered_litres > 0.0 {
        let litres = |value: f64| figures::fixed(value, 1);
        words::in_part(&litres(diesel.metered_litres), &litres(diesel.estimated_litres))
    } else {
        words::BY_ENERGY.into()
    };
    html! {
        <section>
            {heading(None, words::DIESEL_TITLE, html! { {steps::label(&page.shown)} ", " {way} })}
            <dl class="values">
                {value(words::RUNTIME, runtime)} {value(words::FUEL, fuel)}
                {value(words::SPECIFIC, figure(specific, "L/kWh"))}
                {value(words::CARBON, figure(figures::fixed(diesel.kg, 1), "kg"))}
                {value(words::FUEL_COST, cost(page))}
            </dl>
        </section>
    }
}

/// Cost of the diesel and of a kWh of it; where litres have no price, the way to enter one.
fn cost(page: &CarbonPage) -> Html {
    let (diesel, site) = (&page.diesel, &page.shown.site);
    let Some(cost) = diesel.cost else {
        if diesel.litres <= 0.0 || !may(Action::Administer) {
            return html! { {UNKNOWN} };
        }
        let href = at(page.shown.slug.as_deref(), "/settings/factors", &[]);
        return html! { <a href=href>{texts::words::find::DIESEL_PRICE}</a> };
    };
    let per_kwh = domain::carbon::cost_per_kwh(Some(cost), Some(diesel.kwh));
    let shared = SharedFigures::of(&page.shown);
    let per_kwh = per_kwh.map(|cost| {
        let each = with_sign(cost, &site.currency);
        html! { ", " {shared.mark_in("diesel.cost_per_kwh", &words::per_kwh(&each), &each)} }
    });
    html! { {shared.mark("diesel.cost", with_sign(cost, &site.currency))} {per_kwh} }
}

pub(super) fn table(page: &CarbonPage) -> Html {
    let version = |factor: &FactorRow| format!("v{}", factor.version);
    let rows = kit::Rows::of(&page.factors)
        .column(words::FACTOR, |factor| texts::words::report::factor(factor.kind))
        .column(kit::Column::of_figures(words::VALUE), |factor| {
            figures::fixed(factor.value, if factor.unit == "kg/L" { 2 } else { 3 })
        })
        .column(words::UNIT, |factor| &factor.unit)
        .column(kit::Column::new(words::SOURCE).class("col-source"), source)
        .column(words::VALID_FROM, |factor| {
            factor.valid_from.map_or_else(|| words::ALWAYS.into(), short_day)
        })
        .column(words::VALID_TO, |factor| {
            factor.valid_to.map_or_else(|| words::OPEN.into(), short_day)
        })
        .column(words::VERSION, version)
        .classes(|factor| if factor.is_in_force { "" } else { "is-quiet" });
    html! {
        <section class="factors" aria-labelledby="factors">
            {heading(Some("factors"), words::FACTORS, words::FACTORS_NOTE)}
            {rows.scrolled(words::FACTORS, "")}
            {Downloads::of(&page.shown).offer("factors", || data(page))}
        </section>
    }
}

fn source(factor: &FactorRow) -> String {
    told(&FactorSource::told(&factor.source, factor.valid_from))
}

fn data(page: &CarbonPage) -> Table {
    let day = |day: Option<NaiveDate>| day.map_or(Value::Unknown, Value::Day);
    let rows = Rows::of(&page.factors)
        .text(words::FACTOR, |factor| texts::words::report::factor(factor.kind))
        .figure(words::VALUE, 3, |factor| factor.value)
        .text(words::UNIT, |factor| &factor.unit)
        .text(words::SOURCE, source)
        .cell(words::VALID_FROM, |factor| day(factor.valid_from))
        .cell(words::VALID_TO, |factor| day(factor.valid_to))
        .cell(words::VERSION, |factor| Value::count(factor.version));
    Downloads::of(&page.shown).rows(words::FACTORS, rows)
}
