//! Emission factors and specific fuel consumption: the versions with source and validity.

use domain::carbon::{FactorKind, FactorSource};
use markup::{Html, html};
use service::bills::page::prices::FactorsPage;
use service::carbon::factors::FactorView;

use super::{fields, page};
use texts::figures::fixed;
use texts::messages::told;
use texts::words::settings::{self as words, prices};
use ui::drawing::{Sheet, draw_table, hidden, main_button, send, submit_button, time};
use ui::kit::Column;

pub(super) fn draw(this: &FactorsPage) -> Sheet {
    let about = &this.about;
    let columns = [
        Column::new(prices::FACTOR),
        Column::new(prices::FOR),
        Column::of_figures(prices::VALUE),
        Column::new(prices::UNIT),
        Column::new(prices::FROM),
        Column::new(prices::SOURCE).class("col-reason"),
        Column::unnamed(prices::TAKE_BACK),
    ];
    let rows = this.factors.iter().map(|factor| row(this, factor));
    let content = html! {
        {draw_table(words::FACTORS, "settings-list", columns, rows)}
        {about.is_admin.then(|| form(this))}
    };
    page(about, "factors", words::FACTORS, prices::FACTORS_NOTE, content)
}

fn row(this: &FactorsPage, factor: &FactorView) -> Html {
    let meter = factor.meter_id.map(|id| {
        let known = this.meters.iter().find(|(meter, _)| *meter == id);
        known.map_or_else(|| id.to_string(), |(_, name)| name.clone())
    });
    let from = factor.valid_from.map_or_else(|| prices::ALWAYS.into(), time::short_day);
    let back = factor.id.filter(|_| this.about.is_admin).map(|id| {
        html! {
            <details class="confirm">
                <summary>{prices::TAKE_BACK}</summary>
                <form action=send("settings-no-factor")>
                    {hidden("factor", id.to_string())} <p>{prices::TAKE_BACK_NOTE}</p>
                    {submit_button(prices::TAKE_BACK)}
                </form>
            </details>
        }
    });
    html! {
        <tr>
            <th scope="row">{prices::factor(factor.kind)}</th>
            <td>{meter.unwrap_or_else(|| prices::WHOLE_SITE.into())}</td>
            <td class="num">{fixed(factor.value, 3)}</td>
            <td>{factor.unit.clone()}</td>
            <td>{from}</td>
            <td class="col-reason">{told(&FactorSource::told(&factor.source, factor.valid_from))}</td>
            <td>{back}</td>
        </tr>
    }
}

fn form(this: &FactorsPage) -> Html {
    let kinds = FactorKind::ALL.map(|kind| {
        let name = prices::factor(kind);
        (kind.as_str().to_owned(), format!("{}, {}", name.get(), kind.unit()))
    });
    let whole = [(String::new(), prices::WHOLE_SITE.into())];
    let meters = this.meters.iter().map(|(id, name)| (id.to_string(), name.clone()));
    html! {
        <section class="settings-new">
            <h2>{prices::ADD_FACTOR}</h2>
            <form class="form" action=send("settings-factor")>
                {hidden("site", &this.about.site.slug)}
                {fields::choice("kind", prices::FACTOR, "", kinds)}
                {fields::choice("meter", prices::FOR, "", whole.into_iter().chain(meters))}
                {fields::needed("value", prices::VALUE, String::new())}
                {fields::needed("source", prices::SOURCE, String::new())}
                {fields::input("date", "validFrom", prices::FIRST_DAY, this.today.to_string(), true)}
                {main_button(prices::ADD_FACTOR_NOW)}
            </form>
        </section>
    }
}
