//! Versions of tariffs, and another one with what it changes.

use chrono::NaiveDate;
use domain::bills::tariff::{
    AcrossVersions, DemandInterval, EnergyLine, Netting, TaxOn, Terms, Version,
};
use markup::{Html, html};
use rust_decimal::Decimal;
use service::bills::page::prices::TariffsPage;
use service::bills::tariffs::TariffPreview;

use super::{fields, page};
use texts::figures::fixed;
use texts::language::Text;
use texts::messages::told;
use texts::words::settings::{self as words, prices};
use ui::drawing::parts::money::{decimal, rate, with_sign};
use ui::drawing::{Shape, Sheet, at, draw_table, hidden, send, submit_button, time};
use ui::kit::Column;

/// Prices of energy that the form has room for.
const LINES: [[&str; 5]; 4] = [
    ["direction0", "price0", "days0", "fromTime0", "toTime0"],
    ["direction1", "price1", "days1", "fromTime1", "toTime1"],
    ["direction2", "price2", "days2", "fromTime2", "toTime2"],
    ["direction3", "price3", "days3", "fromTime3", "toTime3"],
];
const FIELDS: [&str; 7] = [
    "name",
    "validFrom",
    "fixedPerMonth",
    "demandPerKw",
    "demandMinutes",
    "taxPercent",
    "endPrevious",
];

pub(super) fn draw(this: &TariffsPage) -> Sheet {
    let about = &this.about;
    let content = html! {
        {this.preview.as_ref().map(|asked| match asked {
            Ok(asked) => preview(this, asked),
            Err(why) => fields::refusal(why),
        })}
        {table(this)}
        {about.is_admin.then(|| form(this))}
    };
    page(about, "tariffs", words::TARIFFS, prices::TARIFFS_NOTE, content)
}

fn table(this: &TariffsPage) -> Html {
    if this.versions.is_empty() {
        return html! { <p>{prices::NO_TARIFF}</p> };
    }
    let columns = [
        Column::new(prices::NAME),
        Column::new(prices::FROM),
        Column::new(prices::LAST_DAY),
        Column::new(prices::ENERGY),
        Column::new(prices::REST).class("col-rest"),
        Column::unnamed(prices::REMOVE),
    ];
    let rows = this.versions.iter().map(|version| row(this, version));
    draw_table(words::TARIFFS, "settings-list", columns, rows)
}

fn row(this: &TariffsPage, version: &Version) -> Html {
    let holds =
        version.valid_from <= this.today && version.valid_to.is_none_or(|to| this.today < to);
    let notes = [holds.then_some(prices::NOW), version.is_default.then_some(prices::DEFAULT)];
    let notes: Vec<_> = notes.into_iter().flatten().map(Text::get).collect();
    let energy =
        version.terms.energy.iter().map(|line| html! { <li>{price(line, &version.currency)}</li> });
    let to = version.valid_to.map_or_else(|| prices::OPEN.into(), last_day);
    let acts = this.about.is_admin.then(|| acts(this, version));
    html! {
        <tr class=if holds { "" } else { "is-quiet" }>
            <th scope="row">
                {version.name.clone()} " " <span class="note">{notes.join(", ")}</span>
            </th>
            <td>{time::short_day(version.valid_from)}</td>
            <td>{to}</td>
            <td>
                <ul>{energy.collect::<Html>()}</ul>
            </td>
            <td class="col-rest">{rest(&version.terms, &version.currency).join(", ")}</td>
            <td>{acts}</td>
        </tr>
    }
}

/// The last day of a version, of which the first day after it is known.
fn last_day(valid_to: NaiveDate) -> String {
    time::short_day(valid_to.pred_opt().unwrap_or(valid_to))
}

fn price(line: &EnergyLine, currency: &str) -> String {
    format!("{}: {}", told(&line.name()), rate(line.price, currency))
}

fn rest(terms: &Terms, currency: &str) -> Vec<String> {
    let some = |value: Decimal| (!value.is_zero()).then_some(value);
    let of_balance = terms.tax_on == TaxOn::Balance;
    let parts = [
        some(terms.fixed_per_month).map(|it| prices::monthly(&with_sign(it, currency))),
        some(terms.fixed_per_day).map(|it| prices::daily(&with_sign(it, currency))),
        some(terms.demand_per_kw).map(|it| prices::demand(&with_sign(it, currency))),
        some(terms.tax_percent).map(|it| prices::tax(&decimal(it, it.normalize().scale()))),
        of_balance.then(|| prices::ON_BALANCE.into()),
        (terms.netting == Netting::Month).then(|| prices::NETTED.into()),
        (terms.across_versions == AcrossVersions::Continue).then(|| prices::CONTINUED.into()),
        terms
            .holidays
            .last()
            .map(|last| prices::holidays(terms.holidays.len(), &time::short_day(*last))),
    ];
    parts.into_iter().flatten().collect()
}

fn acts(this: &TariffsPage, version: &Version) -> Html {
    let id = version.id.to_string();
    let slug = this.about.slug.as_deref();
    html! {
        <a href=at(slug, "/settings/tariffs#form", &[("after", &id)])>{prices::AFTER_THIS}</a>
        <details class="confirm">
            <summary>{prices::REMOVE}</summary>
            <form action=send("settings-no-tariff")>
                {hidden("tariff", &id)} <p>{prices::REMOVE_NOTE}</p>
                {submit_button(prices::REMOVE_NOW)}
            </form>
        </details>
    }
}

fn form(this: &TariffsPage) -> Html {
    let draft = &this.draft;
    let of = |name: &str| draft.text(name).to_owned();
    let today = || this.today.to_string();
    let from = Some(of("validFrom")).filter(|from| !from.is_empty()).unwrap_or_else(today);
    let is_new = draft.fields.is_empty();
    let minutes = DemandInterval::ALL.map(|interval| interval.minutes().to_string());
    let minutes = minutes.map(|minutes| (minutes.clone(), minutes));
    let names = this.versions.iter().map(|version| (version.name.clone(), String::new()));
    let lines = LINES.iter().enumerate().map(|(n, names)| line(this, n, names)).collect::<Html>();
    html! {
        <section class="settings-new" id="form">
            <h2>{prices::ADD}</h2>
            <form class="form settings-wide" method="get" action="/settings/tariffs">
                {fields::site(&this.about)} {hidden("preview", "1")}
                <div class="settings-fields">
                    {fields::proposed("name", prices::NAME, of("name"), "tariffs", prices::NAME)}
                    {fields::list("tariffs", names)}
                    {fields::input("date", "validFrom", prices::FIRST_DAY, from, true)}
                    {fields::text("fixedPerMonth", prices::MONTHLY, of("fixedPerMonth"))}
                    {fields::text("demandPerKw", prices::DEMAND, of("demandPerKw"))}
                    {fields::choice("demandMinutes", prices::DEMAND_MINUTES, &of("demandMinutes"), minutes)}
                    {fields::text("taxPercent", prices::TAX, of("taxPercent"))}
                </div>
                {fields::tick("endPrevious", prices::END_PREVIOUS, is_new || !of("endPrevious").is_empty())}
                <fieldset class="settings-lines">
                    <legend>{prices::LINES} ", " {this.about.site.currency.clone()}</legend>
                    {lines}
                </fieldset>
                <p class="note">{prices::LINES_NOTE}</p>
                {hidden("kept", this.draft.kept())} {keeps(this)}
                {submit_button(words::LOOK)}
            </form>
        </section>
    }
}

/// Terms of the version before that the form has no field for.
fn keeps(this: &TariffsPage) -> Option<Html> {
    let terms = this.draft.kept_terms();
    let currency = &this.about.site.currency;
    let lines = terms.energy.iter().map(|line| price(line, currency));
    let all: Vec<_> = lines.chain(rest(&terms, currency)).collect();
    (!all.is_empty()).then(|| html! { <p class="note">{prices::keeps(&all.join("; "))}</p> })
}

fn line(this: &TariffsPage, n: usize, names: &[&'static str; 5]) -> Html {
    let [direction, price, kind, from, to] = this.draft.lines.get(n).cloned().unwrap_or_default();
    let directions = [("import", prices::IMPORT), ("export", prices::EXPORT)];
    let directions = directions.map(|(value, text)| (value.to_owned(), text.into()));
    let usual = prices::DAY_TYPES.map(|(value, text)| (value.to_owned(), text.into()));
    let is_usual = usual.iter().any(|(value, _)| *value == kind);
    let other = (!is_usual).then(|| (kind.clone(), kind.clone()));
    let days = usual.into_iter().chain(other);
    html! {
        <div class="settings-fields">
            {fields::choice(names[0], prices::DIRECTION, &direction, directions)}
            {fields::text(names[1], prices::PRICE, price)}
            {fields::choice(names[2], prices::DAYS, &kind, days)}
            {fields::text(names[3], prices::FROM_TIME, from)}
            {fields::text(names[4], prices::TO_TIME, to)}
        </div>
    }
}

fn preview(this: &TariffsPage, asked: &TariffPreview) -> Html {
    let about = &this.about;
    let version = &asked.version;
    let ends = asked.ends.as_ref().and_then(|ended| {
        let (from, to) = (time::short_day(ended.valid_from), last_day(ended.valid_to?));
        Some(prices::ends(&from, &to))
    });
    let cost = |cost: Option<Decimal>| {
        cost.map_or_else(|| prices::UNPRICED.into(), |cost| with_sign(cost, &asked.lost.currency))
    };
    let lost = (asked.lost.loss_kwh > 0.0).then(|| {
        let kwh = fixed(asked.lost.loss_kwh, 1);
        prices::lost(&kwh, &cost(asked.lost.cost_before), &cost(asked.lost.cost_after))
    });
    let lines = [ends, Some(prices::balances(asked.balances)), lost].into_iter().flatten();
    let lines = lines.map(|line| html! { <li>{line}</li> }).collect::<Html>();
    let draft = FIELDS.iter().map(|name| hidden(*name, this.draft.text(name)));
    let lines_typed =
        this.draft.lines.iter().zip(&LINES).flat_map(|(line, names)| {
            names.iter().zip(line).map(|(name, value)| hidden(*name, value))
        });
    let title = html! {
        {prices::begins(&version.name, &time::short_day(version.valid_from))} " "
        <span class="note">{words::NOTHING_STORED}</span>
    };
    let fields = html! {
        {hidden("site", &about.site.slug)} {draft.collect::<Html>()}
        {lines_typed.collect::<Html>()} {hidden("kept", this.draft.kept())}
    };
    let back = at(about.slug.as_deref(), "/settings/tariffs", &[]);
    let store = fields::store("settings-tariff", fields, prices::ADD_NOW, back);
    fields::outcome(Shape::Good, title, html! { <ul>{lines}</ul> {keeps(this)} {store} })
}
