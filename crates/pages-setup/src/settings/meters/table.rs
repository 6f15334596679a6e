//! The table, and what the marked meters are to be.

use markup::{Html, html};
use service::meters::page::settings::{MetersPage, Row};

use super::{here, or, roles};
use crate::fields;
use texts::language::Text;
use texts::words::settings::{self as words, meters};
use ui::components::figure::fixed;
use ui::drawing::{hidden, main_button};
use ui::kit::Column;

pub(super) fn draw(this: &MetersPage) -> Html {
    let shown = meters::shown(this.rows.len(), this.all);
    let more = this.found - this.rows.len();
    let more = (more > 0).then(|| html! { <p class="note">{words::more(more)}</p> });
    if this.rows.is_empty() {
        return html! { <p class="note">{meters::NOTHING_FOUND}</p> };
    }
    let can = this.about.is_operator;
    let rows = this.rows.iter().map(|row| line(this, row)).collect::<Html>();
    let columns = [
        can.then(|| Column::new(meters::MARK)),
        Some(Column::new(meters::METER)),
        Some(Column::new(meters::CLASS)),
        Some(Column::new(meters::ABOVE)),
        Some(Column::new(meters::DIRECTION).class("col-rest")),
        Some(Column::new(meters::AREA).class("col-rest")),
        Some(Column::new(meters::ROLE).class("col-rest")),
        Some(Column::of_figures(meters::field("accuracyClass")).class("col-rest")),
        Some(Column::new(meters::DEVICE).class("col-rest")),
        can.then(|| Column::unnamed(meters::ACTIONS)),
    ];
    let table = html! {
        <p class="note">{shown}</p>
        <div class="scroll settings-meters" tabindex="0" role="group" aria-label=words::METERS>
            <table class="table settings-list">
                <thead>
                    <tr>{columns}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {more}
    };
    if !can {
        return table;
    }
    html! {
        <form method="get" action="/settings/meters" class="settings-bulk">
            {fields::site(&this.about)} {hidden("preview", "1")} {kept(this)} {table}
            {bulk(this)}
        </form>
    }
}

pub(super) fn kept(this: &MetersPage) -> Html {
    let kept = super::FILTER.iter().filter_map(|name| Some((*name, this.query.get(name)?)));
    kept.map(|(name, value)| hidden(name, value)).collect::<Html>()
}

fn line(this: &MetersPage, row: &Row) -> Html {
    let meter = &row.meter;
    let can = this.about.is_operator;
    let name = format!("m{}", meter.id);
    let label = meters::marked(&meter.number);
    let mark = can.then(|| {
        html! {
            <td>
                <input type="checkbox" name=name value="on" checked=row.is_marked aria-label=label />
            </td>
        }
    });
    let direction = if meter.feeds_parent { meters::FEEDS } else { meters::DRAWS };
    let direction = row.parent.is_some().then(|| direction.get());
    let device = match row.enabled {
        None => meters::NO_DEVICE,
        Some(true) => meters::READ,
        Some(false) => meters::OFF,
    };
    let href = here(this, &[("meter", &meter.id.to_string())]);
    let change = can.then(|| {
        html! {
            <td>
                <a href=href>{meters::CHANGE}</a>
            </td>
        }
    });
    let unplaced = (!meter.is_placed()).then(|| {
        html! { " " <span class="badge badge-unplaced">{meters::NOT_PLACED}</span> }
    });
    let is_chosen = this.chosen.as_ref().is_some_and(|chosen| chosen.id == meter.id);
    html! {
        <tr class=if is_chosen { "is-selected" } else { "" }>
            {mark} <th scope="row">
                {meter.name.clone()} " " <span class="note">{meter.number.clone()}</span>
                {unplaced}
            </th>
            <td>{meter.meter_type.0.clone()}</td>
            <td>{row.parent.clone()}</td>
            <td class="col-rest">{direction}</td>
            <td class="col-rest">{meter.area.clone()}</td>
            <td class="col-rest">{meters::role(meter.load_role)}</td>
            <td class="num col-rest">{fixed(meter.accuracy_class, 2)}</td>
            <td class="col-rest">{device}</td>
            {change}
        </tr>
    }
}

fn bulk(this: &MetersPage) -> Html {
    let of = |name: &str| this.query.get(name).unwrap_or_default().to_owned();
    let is = |name: &str| this.query.get(name).is_some();
    let either = |yes: Text, no: Text| {
        [(String::new(), meters::KEEP), ("yes".to_owned(), yes), ("no".to_owned(), no)]
            .map(|(value, text)| (value, text.into()))
    };
    let since =
        [("now", meters::SINCE_NOW), ("day", meters::SINCE_DAY), ("always", meters::SINCE_EVER)];
    let since = since.map(|(value, text)| (value.to_owned(), text.into()));
    let parents = this.parents.iter().cloned();
    let areas = this.areas.iter().map(|area| (area.clone(), String::new()));
    let types = or(meters::KEEP, this.types.iter().cloned());
    let place = (!this.about.is_simulated()).then(|| {
        html! {
            <div class="settings-fields">
                {fields::proposed("parent", meters::ABOVE, of("parent"), "parents", meters::PARENT_HINT)}
                {fields::choice("feeds", meters::DIRECTION, &of("feeds"), either(meters::FEEDS, meters::DRAWS))}
                {fields::choice("since", meters::SINCE, &of("since"), since)}
                {fields::input("date", "day", meters::DAY, of("day"), false)}
                {fields::tick("top", meters::TOP, is("top"))}
            </div>
        }
    });
    html! {
        <fieldset class="settings-lines" id="change">
            <legend>{meters::BULK}</legend>
            <div class="settings-fields">
                {fields::choice("type", meters::CLASS, &of("type"), types)}
                {fields::proposed("area", meters::AREA, of("area"), "areas", meters::KEEP)}
                {fields::choice("role", meters::ROLE, &of("role"), roles(meters::KEEP))}
                {fields::text("class", meters::field("accuracyClass"), of("class"))}
                {fields::choice("read", meters::DEVICE, &of("read"), either(meters::READ, meters::OFF))}
                {fields::tick("noArea", meters::NO_AREA, is("noArea"))}
            </div>
            {place}
            {fields::list("parents", parents)}
            {fields::list("areas", areas)}
            {main_button(words::LOOK)}
        </fieldset>
    }
}
