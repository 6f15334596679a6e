//! The form for a rule: first its figure, then the limits in the unit of that figure, and who is told.

mod recipients;

use domain::alarms::view::{AlarmsPage, Prefilled};
use domain::alarms::{Direction, Kind, Terms, Watch};
use domain::bills::Party;
use markup::{Html, html};
use texts::language::{self, Text};
use texts::messages::told;
use texts::words::alarms as words;
use ui::drawing::form::{choice, options_of};
use ui::drawing::{hidden, main_button, send_to, submit_button};

use super::address;
use super::rules::{field, severities, shown};

/// Open where the address names a figure.
pub(super) fn draw(page: &AlarmsPage) -> Html {
    html! {
        <details class="bill-form" id="new-rule" open=page.prefilled.is_some()>
            <summary>{words::NEW}</summary>
            {figure(page)}
            {page.prefilled.map(|prefilled| rule(page, prefilled))}
        </details>
    }
}

fn figure(page: &AlarmsPage) -> Html {
    let site = page.slug.as_ref().map(|slug| hidden("site", slug));
    let meter = page.meter.as_ref().map(|meter| hidden("meter", meter.id.to_string()));
    html! {
        <form class="form" method="get" action="/alarms#new-rule">
            {site} {meter} {figures(page)}
            {submit_button(words::CHOOSE_FIGURE)}
        </form>
    }
}

fn figures(page: &AlarmsPage) -> Html {
    let chosen = page.prefilled.map(|prefilled| prefilled.watch.word()).unwrap_or_default();
    let named = |watch: Watch| {
        let unit = watch.usual().shown_unit(&page.site.currency);
        (watch.word().to_owned(), words::with_unit(&told(&watch.figure().into()), &unit))
    };
    let group = |name: Text, is_in: fn(Kind) -> bool| {
        let watches = Watch::all().filter(|watch| is_in(watch.kind)).map(named);
        html! { <optgroup label=name>{options_of(chosen, watches)}</optgroup> }
    };
    html! {
        <label class="form-field">
            {words::FIGURE}
            <select class="field" name="watch">
                {group(words::OF_LOSSES, is_of_money)}
                {group(words::OF_CHANNELS, |kind| kind == Kind::Threshold)}
                {group(words::OF_METERS, |kind| !is_of_money(kind) && kind != Kind::Threshold)}
            </select>
        </label>
    }
}

fn is_of_money(kind: Kind) -> bool {
    kind.is_of_loss() || matches!(kind, Kind::Demand | Kind::Cost)
}

fn rule(page: &AlarmsPage, prefilled: Prefilled) -> Html {
    let terms = prefilled.watch.usual();
    let limits = terms.kind.has_limits().then(|| limits(page, prefilled, &terms));
    html! {
        <form class="form" action=send_to("alarm-add", &address(page, "/alarms", &[]))>
            {hidden("site", &page.site.slug)} {hidden("kind", prefilled.watch.word())}
            {meters(page)} {limits}
            {field("delaySeconds", words::DELAY, terms.delay_s.to_string())}
            {severities(terms.severity)}
            {recipients::draw(page, terms.severity)}
            {main_button(words::ADD)}
        </form>
    }
}

/// The choice of a meter; where there are too many, a field for its number.
fn meters(page: &AlarmsPage) -> Html {
    let chosen = page.meter.as_ref().map(|meter| meter.number.as_str()).unwrap_or_default();
    if page.choices.is_empty() {
        return html! {
            <label class="form-field">
                {words::METER_NUMBER} <input class="field" type="text" name="meterId" value=chosen />
            </label>
        };
    }
    let named = |meter: &Party| (meter.number.clone(), format!("{}, {}", meter.number, meter.name));
    html! {
        <label class="form-field">
            {words::METER} <select class="field" name="meterId">
                <option value="">{words::EVERY_METER}</option>
                {options_of(chosen, page.choices.iter().map(named))}
            </select>
        </label>
    }
}

/// The limits in the unit of the figure: those of the address, else the usual ones.
fn limits(page: &AlarmsPage, prefilled: Prefilled, terms: &Terms) -> Html {
    let unit = terms.shown_unit(&page.site.currency);
    let usual = terms.limits.filter(|_| prefilled.raise.is_none());
    let usual = usual.map(|usual| [usual.raise, usual.clear].map(|it| shown(it, terms.scale())));
    let [raise, clear] = match usual {
        Some(usual) => usual.map(Some),
        None => [prefilled.raise, None],
    };
    let typed =
        |limit: Option<f64>| limit.map(|limit| language::now().typed(limit)).unwrap_or_default();
    // A channel can be too high or too low; every other figure has one side.
    let is_channel = terms.kind == Kind::Threshold;
    let direction = terms.limits.map_or(Direction::Above, |limits| limits.direction);
    let sides = Direction::ALL.map(|it| (it.as_str().to_owned(), words::side(it).into()));
    let raise_label = if is_channel { words::limit(&unit) } else { words::raise(direction, &unit) };
    html! {
        {is_channel.then(|| choice("direction", words::SIDE, "", sides))}
        {field("raise", raise_label, typed(raise))}
        <label class="form-field">
            {words::clear_or_same(&unit)}
            <input class="field" type="text" inputmode="decimal" name="clear" value=typed(clear) />
        </label>
    }
}

#[cfg(test)]
mod tests;
