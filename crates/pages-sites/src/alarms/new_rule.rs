//! The form for a rule: first its figure, then the limits in the unit of that figure, and who is told.

mod recipients;

use domain::alarms::view::{AlarmsPage, Prefilled};
use domain::alarms::{Direction, Kind, Terms, Watch};
use domain::bills::Party;
use markup::{Html, html};
use texts::language::{self, Text};
use texts::messages::told;
use texts::words::alarms as words;
use ui::drawing::{hidden, send_to};

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

/// The choice of the figure, which leads to an address of this page.
fn figure(page: &AlarmsPage) -> Html {
    let site = page.slug.clone().map(|slug| hidden("site", slug));
    let meter = page.meter.as_ref().map(|meter| hidden("meter", meter.id.to_string()));
    html! {
        <form class="form" method="get" action="/alarms#new-rule">
            {site} {meter} {figures(page)}
            <button type="submit" class="button">
                {words::CHOOSE_FIGURE}
            </button>
        </form>
    }
}

fn figures(page: &AlarmsPage) -> Html {
    let chosen = page.prefilled.map(|prefilled| prefilled.watch);
    let option = |watch: Watch| {
        let unit = watch.usual().shown_unit(&page.site.currency);
        let text = words::with_unit(&told(&watch.figure().into()), &unit);
        html! {
            <option value=watch.word() selected=chosen == Some(watch)>
                {text}
            </option>
        }
    };
    let group = |name: Text, is_in: fn(Kind) -> bool| {
        let watches = Watch::all().filter(|watch| is_in(watch.kind));
        html! { <optgroup label=name>{watches.map(option).collect::<Html>()}</optgroup> }
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

/// The rule on the chosen figure.
fn rule(page: &AlarmsPage, prefilled: Prefilled) -> Html {
    let terms = prefilled.watch.usual();
    let limits = terms.kind.has_limits().then(|| limits(page, prefilled, &terms));
    html! {
        <form class="form" action=send_to("alarm-add", &address(page, "/alarms", &[]))>
            {hidden("site", page.site.slug.clone())}
            {hidden("kind", prefilled.watch.word().to_owned())}
            {meters(page)} {limits}
            {field("delaySeconds", words::DELAY, terms.delay_s.to_string())}
            {severities(terms.severity)}
            {recipients::draw(page, terms.severity)}
            <button type="submit" class="button button-main">
                {words::ADD}
            </button>
        </form>
    }
}

/// The choice of a meter; where there are too many, a field for its number.
fn meters(page: &AlarmsPage) -> Html {
    let chosen = page.meter.as_ref();
    if page.choices.is_empty() {
        let number = chosen.map(|meter| meter.number.clone()).unwrap_or_default();
        return html! {
            <label class="form-field">
                {words::METER_NUMBER} <input class="field" type="text" name="meterId" value=number />
            </label>
        };
    }
    let option = |meter: &Party| {
        let text = format!("{}, {}", meter.number, meter.name);
        let is_chosen = chosen.is_some_and(|chosen| chosen.id == meter.id);
        html! { <option value=meter.number.clone() selected=is_chosen>{text}</option> }
    };
    html! {
        <label class="form-field">
            {words::METER} <select class="field" name="meterId">
                <option value="">{words::EVERY_METER}</option>
                {page.choices.iter().map(option).collect::<Html>()}
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
    let raise_label = if is_channel { words::limit(&unit) } else { words::raise(direction, &unit) };
    html! {
        {is_channel.then(sides)}
        {field("raise", raise_label, typed(raise))}
        <label class="form-field">
            {words::clear_or_same(&unit)}
            <input class="field" type="text" inputmode="decimal" name="clear" value=typed(clear) />
        </label>
    }
}

fn sides() -> Html {
    let side = |direction: &Direction| {
        html! { <option value=direction.as_str()>{words::side(*direction)}</option> }
    };
    html! {
        <label class="form-field">
            {words::SIDE}
            <select class="field" name="direction">
                {Direction::ALL.iter().map(side).collect::<Html>()}
            </select>
        </label>
    }
}

#[cfg(test)]
mod tests;
