//! The form that corrects a reading: the reading with its values, the effect of another value, and the way to save it.

use crate::parts::heading;
use chrono::SecondsFormat;
use domain::Field;
use markup::{Html, html};
use service::bills::RedrawnBill;
use service::configuration::page::settings::{Previewed, previewed};
use service::meters::page::{
    CorrectableReading, CorrectableValue, CorrectionEffect, CorrectionsPage, effect,
};
use service::meters::{ChangedDay, NodeChange};
use service::pages::Query;
use service::readings::corrections::NewCorrection;
use service::{Error, Principal, Service};
use texts::figures;
use texts::language;
use texts::messages::told;
use texts::words::energy::correction as words;
use texts::words::energy::{CORRECT, FIELD, REASON};
use texts::words::history::of_field;
use ui::components::figure::UNKNOWN;
use ui::drawing::form::{choice, submit};
use ui::drawing::parts::{Clock, kwh, mark, price, time as dates};
use ui::drawing::{Shape, hidden, link, send};
use ui::kit;

const FIELDS: [&str; 5] = ["reading", "time", "field", "value", "preview"];

/// A correction as it is typed, with its effect once that is asked for.
pub(in crate::meter) struct TypedCorrection {
    field: Option<Field>,
    value: String,
    /// The rest of the address: the site and the period.
    rest: Vec<(String, String)>,
    effect: Option<Previewed<CorrectionEffect>>,
}

impl TypedCorrection {
    /// Reads the address of the page, and computes the effect where it asks for that.
    pub(in crate::meter) async fn read(
        service: &Service,
        who: &Principal,
        page: &CorrectionsPage,
        query: &Query,
    ) -> Result<Self, Error> {
        let value = query.get("value").unwrap_or_default().trim().to_owned();
        let field = query.get("field").and_then(Field::parse);
        let asked = query.get("preview").and(page.reading.as_ref()).zip(field);
        let effect = match asked {
            None => None,
            Some((reading, field)) => {
                let asked = match correction(reading, field, &value) {
                    Ok(new) => effect(service, who, &page.id.into(), &new).await,
                    Err(error) => Err(error),
                };
                Some(previewed(asked)?)
            }
        };
        let rest = query.rest(&FIELDS).into_iter();
        let rest = rest.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Ok(Self { field, value, rest, effect })
    }
}

/// The correction that is typed; an empty value strikes the reading out.
fn correction(
    reading: &CorrectableReading,
    field: Field,
    value: &str,
) -> Result<NewCorrection, Error> {
    let number = |text: &str| {
        let text = text.to_owned();
        let refused = domain::operation::request::FormRefusal::NoNumber { text: text.clone() };
        language::now().number(&text).ok_or_else(|| Error::invalid("value", refused))
    };
    let value = (!value.is_empty()).then(|| number(value)).transpose()?;
    let (timestamp, field) = (reading.at, field.json().to_owned());
    Ok(NewCorrection { timestamp, field, value, reason: String::new() })
}

fn exact(value: f64) -> String {
    figures::fixed(value, 3)
}

pub(super) fn draw(page: &CorrectionsPage, typed: &TypedCorrection) -> Html {
    let Some(reading) = &page.reading else {
        return html! {
            <section id="correct" class="form">
                <h2>{CORRECT}</h2>
                <p class="note">{words::NO_READING}</p>
            </section>
        };
    };
    let chosen = typed.field.unwrap_or(reading.usual);
    let option = |value: &CorrectableValue| {
        let field = value.field;
        let now = value.counted.map_or_else(|| words::STRUCK.get().to_owned(), exact);
        let unit = field.unit();
        (field.json().to_owned(), words::shows(of_field(field).get(), &now, unit))
    };
    let local = page.shown.site.local(reading.at).format("%Y-%m-%dT%H:%M:%S").to_string();
    let rest = typed.rest.iter().map(|(name, value)| hidden(name, value));
    let effect = typed.effect.as_ref().map(|effect| match effect {
        Err(why) => html! {
            <section id="effect" class="settings-preview" role="alert">
                <h2>{mark(Shape::Alarm)} " " {words::REFUSED}</h2>
                <p>{told(why)}</p>
            </section>
        },
        Ok(effect) => entering(page, typed, effect),
    });
    html! {
        <form
            id="correct"
            class="form"
            method="get"
            action=format!("/meters/{}/corrections#correct", page.id)
        >
            <h2>{CORRECT}</h2>
            {rest.collect::<Html>()}
            {hidden("preview", "correction".to_owned())}
            <label class="form-field">
                {words::TIME}
                <input class="field" type="datetime-local" name="time" step="1" value=local required />
                <span class="note">{words::TIME_HELP}</span>
            </label>
            {choice("field", FIELD, chosen.json(), reading.values.iter().map(option))}
            <label class="form-field">
                {words::VALUE}
                <input
                    class="field"
                    type="text"
                    name="value"
                    inputmode="decimal"
                    autocomplete="off"
                    value=typed.value.clone()
                />
                <span class="note">{words::VALUE_HELP}</span>
            </label>
            {submit("button button-main", words::PREVIEW)}
        </form>
        {effect}
    }
}

fn entering(page: &CorrectionsPage, typed: &TypedCorrection, effect: &CorrectionEffect) -> Html {
    let clock = Clock(&page.shown);
    let at = format!("{} {}", clock.day(effect.at), clock.second(effect.at));
    let reading = page.reading.as_ref();
    let value = reading.and_then(|it| it.values.iter().find(|value| value.field == effect.field));
    let before = value.and_then(|value| value.counted).map_or_else(|| UNKNOWN.to_owned(), exact);
    let after = effect.value.map_or_else(|| words::STRUCK.get().to_owned(), exact);
    let warnings = [
        effect.is_left_out.then_some(words::LEFT_OUT),
        effect.is_questioned.then_some(words::QUESTIONED),
        value.is_none().then_some(words::NOT_SHOWN),
        (!effect.is_whole).then_some(words::MORE_DAYS),
    ];
    let warnings = warnings.into_iter().flatten();
    let warnings = warnings.map(|text| html! { <p>{mark(Shape::Warn)} " " {text}</p> });
    html! {
        <section id="effect" class="settings-preview" role="status">
            {heading(None, words::EFFECT, words::NOTHING_SAVED)}
            <p>
                {words::of_reading(of_field(effect.field).get(), &at)} " "
                <strong>{format!("{before} \u{2192} {after} {}", effect.field.unit())}</strong>
            </p>
            {warnings.collect::<Html>()}
            {table(page, effect)}
            <form class="form" action=send("correct")>
                {hidden("meter", page.id.to_string())}
                {hidden("at", effect.at.to_rfc3339_opts(SecondsFormat::Micros, true))}
                {hidden("field", effect.field.json().to_owned())}
                {hidden("value", typed.value.clone())}
                <label class="form-field">
                    {REASON}
                    <input class="field" type="text" name="reason" required />
                </label>
                <p class="note">{words::HELP}</p>
                <div class="actions">
                    {submit("button button-main", words::SAVE)}
                    <a class="button" href=link(&page.shown, &format!("/meters/{}/corrections", page.id))>
                        {words::CANCEL}
                    </a>
                </div>
            </form>
        </section>
    }
}

fn table(page: &CorrectionsPage, effect: &CorrectionEffect) -> Html {
    if effect.days.is_empty() {
        return html! { <p>{mark(Shape::Good)} " " {words::SAME}</p> };
    }
    let rows = effect.days.iter().flat_map(day);
    let rows = rows.chain(effect.nodes.iter().map(node));
    let rows = rows.chain(effect.bills.iter().map(|bill| billed(page, bill)));
    let rows: Vec<Row> = rows.collect();
    let name = |row: &Row| html! { {&row.name} " " <span class="note">{row.note.as_ref()}</span> };
    kit::Rows::of(&rows)
        .column(kit::Column::blank(), name)
        .column(kit::Column::of_figures(words::BEFORE), |row| &row.before)
        .column(kit::Column::of_figures(words::AFTER), |row| &row.after)
        .scrolled(words::EFFECT, "")
}

struct Row {
    name: String,
    note: Option<String>,
    before: String,
    after: String,
}

/// The energy of a day, and what it returned where that changes.
fn day(day: &ChangedDay) -> Vec<Row> {
    let name = dates::short_day(day.date);
    let (before, after) = (&day.before, &day.after);
    let amounts = |name, before, after| {
        let amount = |value: f64| format!("{} kWh", kwh(value));
        Row { name, note: None, before: amount(before), after: amount(after) }
    };
    let returned = (before.export_kwh - after.export_kwh).abs() > f64::EPSILON;
    let returned =
        returned.then(|| amounts(words::returned(&name), before.export_kwh, after.export_kwh));
    let drawn = amounts(name, before.import_kwh, after.import_kwh);
    std::iter::once(drawn).chain(returned).collect()
}

fn node(node: &NodeChange) -> Row {
    let loss = |balance: &Option<service::meters::BalanceView>| {
        let loss = balance.as_ref().and_then(|balance| balance.loss_kwh.zip(balance.loss_percent));
        loss.map_or_else(
            || UNKNOWN.to_owned(),
            |(loss, percent)| format!("{} kWh ({} %)", kwh(loss), figures::fixed(percent, 1)),
        )
    };
    let (name, before, after) =
        (words::loss_of(&node.meter_name), loss(&node.before), loss(&node.after));
    Row { name, note: None, before, after }
}

fn billed(page: &CorrectionsPage, bill: &RedrawnBill) -> Row {
    Row {
        name: words::bill_of(&dates::month(bill.month)),
        note: bill.issued.as_deref().map(words::stays),
        before: price(&page.shown, bill.before),
        after: price(&page.shown, bill.after),
    }
}
