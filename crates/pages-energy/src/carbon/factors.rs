//! What would change the carbon, the diesel behind it, and the factors it is counted by.

use chrono::NaiveDate;
use domain::carbon::FactorSource;
use domain::carbon::view::{CarbonPage, FactorRow, Lever};
use markup::{Html, html};
use service::Action;
use tables::{Column, Table, Value};
use texts::{figures, language};

use texts::messages::told;
use texts::time::hours_minutes;
use texts::words::carbon as words;
use ui::components::figure::UNKNOWN;
use ui::drawing::at;
use ui::drawing::files::Downloads;
use ui::drawing::parts::money::with_sign;
use ui::drawing::parts::shared::SharedFigures;
use ui::drawing::parts::{figure, signed};
use ui::drawing::rights::may;

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
    let none = page.levers.is_empty().then(|| html! { <p class="note">{words::NO_LEVERS}</p> });
    html! {
        <section>
            <h2>
                {words::LEVERS} " " <span class="note">{words::LEVERS_NOTE}</span>
            </h2>
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
    let row = |name: &'static str, value: Html| {
        html! {
            <dt>{name}</dt>
            <dd>{value}</dd>
        }
    };
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
    let specific = (diesel.kwh > 0.0).then(|| figures::fixed(diesel.litres / diesel.kwh, 3));
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
            <h2>
                {words::DIESEL_TITLE} " "
                <span class="note">{page.shown.period.label(page.shown.today(), language::now())} ", " {way}</span>
            </h2>
            <dl class="values">
                {row(words::RUNTIME.get(), runtime)} {row(words::FUEL.get(), fuel)}
                {row(
                    words::SPECIFIC.get(),
                    figure(specific.unwrap_or_else(|| UNKNOWN.to_owned()), "L/kWh"),
                )} {row(words::CARBON.get(), figure(figures::fixed(diesel.kg, 1), "kg"))}
                {row(words::FUEL_COST.get(), cost(page))}
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
    let day = |date: NaiveDate| {
        use chrono::Datelike as _;
        format!("{} {}", language::now().day_month(date), date.year())
    };
    let row = |factor: &FactorRow| {
        let places = if factor.unit == "kg/L" { 2 } else { 3 };
        html! {
            <tr class=if factor.is_in_force { "" } else { "is-quiet" }>
                <th scope="row">{texts::words::report::factor(factor.kind)}</th>
                <td class="num">{figures::fixed(factor.value, places)}</td>
                <td>{factor.unit.clone()}</td>
                <td class="col-source">{told(&FactorSource::told(&factor.source, factor.valid_from))}</td>
                <td>{factor.valid_from.map_or_else(|| words::ALWAYS.into(), day)}</td>
                <td>{factor.valid_to.map_or_else(|| words::OPEN.into(), day)}</td>
                <td>{format!("v{}", factor.version)}</td>
            </tr>
        }
    };
    html! {
        <section class="factors" aria-labelledby="factors">
            <h2 id="factors">
                {words::FACTORS} " " <span class="note">{words::FACTORS_NOTE}</span>
            </h2>
            <div class="scroll" tabindex="0" role="group" aria-label=words::FACTORS>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words::FACTOR}</th>
                            <th scope="col" class="num">
                                {words::VALUE}
                            </th>
                            <th scope="col">{words::UNIT}</th>
                            <th scope="col" class="col-source">
                                {words::SOURCE}
                            </th>
                            <th scope="col">{words::VALID_FROM}</th>
                            <th scope="col">{words::VALID_TO}</th>
                            <th scope="col">{words::VERSION}</th>
                        </tr>
                    </thead>
                    <tbody>{page.factors.iter().map(row).collect::<Html>()}</tbody>
                </table>
            </div>
            {Downloads::of(&page.shown).offer("factors", || data(page))}
        </section>
    }
}

/// The factors as data, for files.
fn data(page: &CarbonPage) -> Table {
    let heads = [
        words::FACTOR,
        words::VALUE,
        words::UNIT,
        words::SOURCE,
        words::VALID_FROM,
        words::VALID_TO,
        words::VERSION,
    ];
    let day = |day: Option<NaiveDate>| day.map_or(Value::Unknown, Value::Day);
    let rows = page.factors.iter().map(|factor| {
        vec![
            Value::text(texts::words::report::factor(factor.kind)),
            Value::Number(factor.value, 3),
            Value::text(&factor.unit),
            Value::text(told(&FactorSource::told(&factor.source, factor.valid_from))),
            day(factor.valid_from),
            day(factor.valid_to),
            Value::count(factor.version),
        ]
    });
    Downloads::of(&page.shown).table(words::FACTORS, heads.map(Column::new).into(), rows.collect())
}
