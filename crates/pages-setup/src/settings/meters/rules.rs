//! What a meter's energy is counted by: a form that is stored only after a look at what it alters.

use std::collections::HashMap;

use domain::meters::settings::{Form, Setting, of_form};
use markup::{Html, html};
use service::configuration::page::settings::{Previewed, RULES as OF_RULES, previewed};
use service::meters::page::settings::MetersPage;
use service::meters::{self as service_meters, Counted, Kept, MeterView, RulesPreview};
use service::pages::Query;
use service::{Error, Principal, Service};

use super::{here, seen};
use crate::fields;
use crate::settings::act::typed;
use texts::language::Text;
use texts::words::settings::{self as words, meters};
use ui::drawing::act::Fields;
use ui::drawing::parts::{kwh, time};
use ui::drawing::{Shape, draw_table, hidden, submit_button};
use ui::kit::Column;

pub(in crate::settings) struct Asked {
    typed: HashMap<String, String>,
    preview: Previewed<RulesPreview>,
}

/// Looks at what the address asks for; nothing where it does not.
pub(in crate::settings) async fn asked(
    service: &Service,
    who: &Principal,
    query: &Query,
    this: &MetersPage,
) -> Result<Option<Asked>, Error> {
    let Some(meter) = this.chosen.as_ref().filter(|_| query.asks_for(OF_RULES)) else {
        return Ok(None);
    };
    let given = |name: &str| Some((name.to_owned(), query.get(name)?.to_owned()));
    let typed_texts: HashMap<_, _> =
        of_form(Form::Counting).filter_map(|setting| given(setting.name)).collect();
    let fields = Fields(typed_texts.clone());
    let patch = of_form(Form::Counting)
        .map(|setting| {
            Ok((setting.name.to_owned(), typed(&fields, setting.name, setting.is_number())?))
        })
        .collect::<Result<_, Error>>();
    let preview = match patch {
        Ok(patch) => service_meters::preview_rules(service, who, &meter.id.into(), patch).await,
        Err(error) => Err(error),
    };
    Ok(Some(Asked { typed: typed_texts, preview: previewed(preview)? }))
}

pub(super) fn form(this: &MetersPage, meter: &MeterView, asked: Option<&Asked>) -> Html {
    let stored = seen(meter, Form::Counting);
    let field = |setting: &'static Setting| {
        let name = setting.name;
        let value = match asked {
            Some(asked) => asked.typed.get(name).cloned().unwrap_or_default(),
            None => fields::typed(&stored[name]),
        };
        let label = meters::label(setting);
        match meters::choices(name) {
            Some(options) => {
                let option = |(value, text): &(&str, Text)| ((*value).to_owned(), (*text).into());
                fields::choice(name, label, &value, options.iter().map(option))
            }
            None => fields::text(name, label, value),
        }
    };
    html! {
        <form class="form settings-wide" method="get" action="/settings/meters" id="rules">
            {fields::site(&this.about)} {hidden("preview", OF_RULES)}
            {hidden("meter", meter.id.to_string())} {super::table::kept(this)}
            <h3>
                {meters::RULES} " " <span class="note">{meters::RULES_NOTE}</span>
            </h3>
            <div class="settings-fields">{of_form(Form::Counting).map(field).collect::<Html>()}</div>
            <div class="actions">{submit_button(words::LOOK)}</div>
        </form>
    }
}

pub(super) fn draw(this: &MetersPage, meter: &MeterView, asked: &Asked) -> Html {
    let preview = match &asked.preview {
        Ok(preview) => preview,
        Err(why) => return fields::refusal(why),
    };
    if preview.changes.is_empty() {
        return html! {
            <section class="settings-preview" role="status">
                <p>{meters::NO_CHANGE}</p>
            </section>
        };
    }
    let typed = of_form(Form::Counting).map(|setting| {
        let value = asked.typed.get(setting.name).map(String::as_str);
        hidden(setting.name, value.unwrap_or_default())
    });
    let is_same = preview.days.is_empty();
    let (shape, title) =
        if is_same { (Shape::Good, meters::COUNTS_SAME) } else { (Shape::Warn, meters::RECOUNT) };
    let kept = said(&preview.kept).into_iter().map(|line| html! { <li>{line}</li> });
    let title = html! { {title} " " <span class="note">{words::NOTHING_STORED}</span> };
    let fields = html! {
        {hidden("meter", meter.id.to_string())} {fields::expected(seen(meter, Form::Counting))}
        {typed.collect::<Html>()}
    };
    let back = here(this, &[("meter", &meter.id.to_string())]);
    let content = html! {
        {looked(this, preview)}
        {(!is_same).then(|| table(preview))}
        <ul>{kept.collect::<Html>()}</ul>
        {super::preview::balances(&preview.balances)}
        {fields::store("settings-rules", fields, meters::STORE, back)}
    };
    fields::outcome(shape, title, content)
}

fn looked(this: &MetersPage, preview: &RulesPreview) -> Option<Html> {
    let (from, to) = preview.from.zip(preview.to)?;
    let at = |at| time::day_minute(&this.about.site, at);
    let part = (!preview.is_whole).then_some(meters::IN_PART.get());
    let line = meters::looked(&at(from), &at(to));
    Some(html! { <p class="note">{line} " " {part}</p> })
}

fn table(preview: &RulesPreview) -> Html {
    let has_litres = preview.after.diesel_litres.or(preview.before.diesel_litres).is_some();
    let all = row(meters::IN_ALL.into(), None, (&preview.before, &preview.after), has_litres);
    let months = preview.months.iter().map(|month| {
        let bill = month.issued_bill.as_deref().map(meters::bill_stays);
        row(time::month(month.month), bill, (&month.before, &month.after), has_litres)
    });
    let days = preview
        .days
        .iter()
        .map(|day| row(time::short_day(day.date), None, (&day.before, &day.after), has_litres));
    let of_months = rows(std::iter::once(all).chain(months), has_litres);
    let of_days = rows(days, has_litres);
    html! {
        {of_months}
        <details class="behind">
            <summary>{meters::days(preview.days.len())}</summary>
            {of_days}
        </details>
    }
}

fn rows(rows: impl Iterator<Item = Html>, has_litres: bool) -> Html {
    let mut columns = vec![
        Column::new(meters::WHEN),
        Column::of_figures(meters::IMPORT),
        Column::of_figures(meters::EXPORT),
    ];
    columns.extend(has_litres.then(|| Column::of_figures(meters::LITRES)));
    draw_table(meters::RECOUNT, "settings-list settings-recount", columns, rows)
}

fn row(
    name: String,
    note: Option<String>,
    (before, after): (&Counted, &Counted),
    has_litres: bool,
) -> Html {
    let change = |before: f64, after: f64| format!("{} \u{2192} {}", kwh(before), kwh(after));
    let litres = |counted: &Counted| counted.diesel_litres.unwrap_or_default();
    let litres =
        has_litres.then(|| html! { <td class="num">{change(litres(before), litres(after))}</td> });
    html! {
        <tr>
            <th scope="row">
                {name} " " <span class="note">{note}</span>
            </th>
            <td class="num">{change(before.import_kwh, after.import_kwh)}</td>
            <td class="num">{change(before.export_kwh, after.export_kwh)}</td>
            {litres}
        </tr>
    }
}

pub(in crate::settings) fn said(kept: &Kept) -> Vec<String> {
    let months = kept.frozen_months.first().zip(kept.frozen_months.last());
    let months =
        months.map(|(first, last)| meters::frozen(&time::month(*first), &time::month(*last)));
    let bills = &kept.issued_bills;
    let bills = (!bills.is_empty()).then(|| meters::bills_stay(bills.len()));
    months.into_iter().chain(bills).collect()
}
