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
use texts::words::settings::meters::REFUSED;
use texts::words::settings::{self as words, prices};
use ui::components::mark::Shape;
use ui::drawing::parts::money::{decimal, rate, with_sign};
use ui::drawing::parts::{mark, time};
use ui::drawing::{Sheet, at, hidden, send};

/// Prices of energy that the form has room for.
const LINES: [[&str; 5]; 4] = [
    ["direction0", "price0", "days0", "fromTime0", "toTime0"],
    ["direction1", "price1", "days1", "fromTime1", "toTime1"],
    ["direction2", "price2", "days2", "fromTime2", "toTime2"],
    ["direction3", "price3", "days3", "fromTime3", "toTime3"],
];
/// The other fields of the form.
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
            Err(why) => fields::refusal(REFUSED, why),
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
    let rows = this.versions.iter().map(|version| row(this, version)).collect::<Html>();
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label=words::TARIFFS>
            <table class="table settings-list">
                <thead>
                    <tr>
                        <th scope="col">{prices::NAME}</th>
                        <th scope="col">{prices::FROM}</th>
                        <th scope="col">{prices::LAST_DAY}</th>
                        <th scope="col">{prices::ENERGY}</th>
                        <th scope="col" class="col-rest">
                            {prices::REST}
                        </th>
                        <th scope="col">
                            <span class="sr">{prices::REMOVE}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
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

/// The terms beside the prices of energy.
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
                {hidden("tariff", id.clone())} <p>{prices::REMOVE_NOTE}</p>
                <button type="submit" class="button">
                    {prices::REMOVE_NOW}
                </button>
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
    let kept = this.draft.kept();
    let names = this.versions.iter().map(|version| (version.name.clone(), String::new()));
    let lines = LINES.iter().enumerate().map(|(n, names)| line(this, n, names)).collect::<Html>();
    html! {
        <section class="settings-new" id="form">
            <h2>{prices::ADD}</h2>
            <form class="form settings-wide" method="get" action="/settings/tariffs">
                {fields::site(&this.about)} {hidden("preview", "1".to_owned())}
                <div class="settings-fields">
                    {fields::proposed("name", prices::NAME, of("name"), "tariffs", prices::NAME)}
                    {fields::list("tariffs", names)}
                    {fields::day("validFrom", prices::FIRST_DAY, from)}
                    {fields::text("fixedPerMonth", prices::MONTHLY, of("fixedPerMonth"))}
                    {fields::text("demandPerKw", prices::DEMAND, of("demandPerKw"))}
                    {fields::choice("demandMinutes", prices::DEMAND_MINUTES, &of("demandMinutes"), demand_minutes())}
                    {fields::text("taxPercent", prices::TAX, of("taxPercent"))}
                </div>
                {fields::tick("endPrevious", prices::END_PREVIOUS, is_new || !of("endPrevious").is_empty())}
                <fieldset class="settings-lines">
                    <legend>{prices::LINES} ", " {this.about.site.currency.clone()}</legend>
                    {lines}
                </fieldset>
                <p class="note">{prices::LINES_NOTE}</p>
                {hidden("kept", kept.clone())} {keeps(this)}
                <button type="submit" class="button">
                    {words::LOOK}
                </button>
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

/// What demand may be the mean of, in minutes; the usual one first.
fn demand_minutes() -> Vec<(String, String)> {
    let minutes = DemandInterval::ALL.map(|interval| interval.minutes().to_string());
    minutes.map(|minutes| (minutes.clone(), minutes)).into()
}

fn line(this: &TariffsPage, n: usize, names: &[&'static str; 5]) -> Html {
    let typed = this.draft.lines.get(n).cloned().unwrap_or_default();
    let directions = [("import", prices::IMPORT), ("export", prices::EXPORT)];
    let directions = directions.map(|(value, text)| (value.to_owned(), text.into()));
    let [direction, price, kind, from, to] = typed;
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
    let draft = FIELDS.iter().map(|name| hidden(name, this.draft.text(name).to_owned()));
    let prices_ = this.draft.lines.iter().zip(&LINES).flat_map(|(line, names)| {
        names.iter().zip(line.clone()).map(|(name, value)| hidden(name, value))
    });
    html! {
        <section class="settings-preview" role="status">
            <h2>
                {mark(Shape::Good)} " "
                {prices::begins(&version.name, &time::short_day(version.valid_from))} " "
                <span class="note">{words::NOTHING_STORED}</span>
            </h2>
            <ul>{lines}</ul>
            {keeps(this)}
            <div class="actions">
                <form action=send("settings-tariff")>
                    {hidden("site", about.site.slug.clone())} {draft.collect::<Html>()}
                    {prices_.collect::<Html>()} {hidden("kept", this.draft.kept())}
                    <button type="submit" class="button button-main">
                        {prices::ADD_NOW}
                    </button>
                </form>
                <a class="button" href=at(about.slug.as_deref(), "/settings/tariffs", &[])>
                    {words::CANCEL}
                </a>
            </div>
        </section>
    }
}
