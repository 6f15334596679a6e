//! One meter of the world: its waveform, its appliances with their switches, its factor, spikes.

use domain::simulation::record::{Spike, SpikeSize};
use domain::simulation::view::{ChosenMeter, SimulatorPage, WorldAppliance};
use domain::simulation::{EventKind, ResourceType, SpikeKind};
use markup::{Html, Value, html};
use service::Action;
use texts::figures;
use texts::language::{self, Text};
use texts::messages::told;

use super::{forms, wave};
use texts::words::simulator as words;
use ui::drawing::form::{choice, submit};
use ui::drawing::parts::{noted, time};
use ui::drawing::rights::may;
use ui::drawing::{hidden, send};

pub(super) fn draw(page: &SimulatorPage, chosen: &ChosenMeter) -> Html {
    let own = (!chosen.meter.is_parent).then(|| {
        html! {
            {may(Action::Simulate).then(|| factor(chosen))} {appliances(page, chosen)}
        }
    });
    html! {
        <div class="world-chosen">
            <div class="bill-chart-head">
                <h2 class="world-name">
                    {chosen.meter.number.clone()} " "
                    <span class="note">{about(chosen)}</span>
                </h2>
                {switch(chosen)}
            </div>
            {wave::draw(&page.site, chosen)} {own} {spikes(page, chosen)}
            {report(chosen)}
        </div>
    }
}

fn about(chosen: &ChosenMeter) -> String {
    match (&chosen.resource, chosen.meter.is_parent) {
        (_, true) => words::SUM_OF_CHILDREN.into(),
        (Some((_, name)), false) => {
            words::resource(name, chosen.meter.kind.map_or("", ResourceType::as_str))
        }
        (None, false) => words::NOT_LINKED_HELP.into(),
    }
}

/// ON or OFF, as a switch.
fn switch(chosen: &ChosenMeter) -> Html {
    if chosen.meter.is_parent || !may(Action::Simulate) {
        return Html::default();
    }
    let is_on = chosen.meter.is_on;
    let said = if is_on { words::ON } else { words::OFF };
    html! {
        <form action=send("world-toggle")>
            {hidden("meter", chosen.meter.id.to_string())}
            {hidden("status", if is_on { "OFF" } else { "ON" }.to_owned())}
            {flip("world-status".to_owned(), is_on, words::RECORDS, Some(said))}
        </form>
    }
}

fn flip(id: String, is_on: bool, label: impl Value, said: Option<Text>) -> Html {
    html! {
        <button
            type="submit"
            role="switch"
            id=id
            class="flip"
            aria-checked=is_on.to_string()
            aria-label=label
        >
            <i></i>
            {said}
        </button>
    }
}

fn k(value: f64) -> String {
    language::now().typed((value * 100.0).round() / 100.0)
}

/// K of the whole meter, for each side.
fn factor(chosen: &ChosenMeter) -> Html {
    let makes = chosen.meter.kind == Some(ResourceType::Prosumer);
    let side = |log_type: &'static str, label: &'static str, value: f64| {
        html! {
            <form class="choice" action=send("world-control")>
                {hidden("meter", chosen.meter.id.to_string())}
                {hidden("log_type", log_type.to_owned())}
                <label class="form-field">
                    {label}
                    <input class="field field-k" type="text" inputmode="decimal" name="factor" value=k(value) required=true />
                </label>
                {submit("button", words::SET)}
            </form>
        }
    };
    let (consumption, production) = chosen.meter.factors;
    let production = makes.then(|| side("production", words::K_PRODUCTION.get(), production));
    html! {
        <section>
            <h3>{noted(words::FACTOR, words::FACTOR_NOTE)}</h3>
            <div class="choices">
                {side("consumption", words::K_CONSUMPTION.get(), consumption)} {production}
            </div>
        </section>
    }
}

fn appliances(page: &SimulatorPage, chosen: &ChosenMeter) -> Html {
    let Some((resource, _)) = &chosen.resource else { return Html::default() };
    let rows = chosen.appliances.iter().enumerate();
    let rows = rows.map(|(at, appliance)| row(chosen, *resource, at, appliance)).collect::<Html>();
    let none =
        chosen.appliances.is_empty().then(|| html! { <p class="note">{words::NO_APPLIANCES}</p> });
    html! {
        <section>
            <h3>{noted(words::APPLIANCES, words::APPLIANCES_NOTE)}</h3>
            <ul class="appliances">{rows}</ul>
            {none}
            {may(Action::Simulate).then(|| others(page, chosen, *resource))}
        </section>
    }
}

/// The forms that add an appliance and that replace all.
fn others(page: &SimulatorPage, chosen: &ChosenMeter, resource: i64) -> Html {
    html! {
        <form class="choice" action=send("world-add")>
            {hidden("resource", resource.to_string())}
            {choice("appliance", words::ADD, "", forms::same(&page.catalogue))}
            {submit("button", words::ADD_GO)}
        </form>
        <details class="bill-form" id="world-replace">
            <summary>{words::REPLACE}</summary>
            <form class="form" action=send("world-replace")>
                {hidden("resource", resource.to_string())}
                <label class="form-field">
                    {words::APPLIANCE_LIST}
                    <input class="field" type="text" name="appliances" value=chosen.meter.appliances.join(", ") />
                </label>
                {submit("button", words::REPLACE_GO)}
            </form>
        </details>
    }
}

/// An appliance with its switch, its own K and the way to take it out.
fn row(chosen: &ChosenMeter, resource: i64, at: usize, appliance: &WorldAppliance) -> Html {
    let log_type = if appliance.makes { "production" } else { "consumption" };
    let is_on = appliance.factor > 0.0;
    let fields = || {
        html! {
            {hidden("meter", chosen.meter.id.to_string())}
            {hidden("appliance", appliance.name.clone())}
            {hidden("log_type", log_type.to_owned())}
        }
    };
    let count = (appliance.count > 1).then(|| format!(" × {}", appliance.count));
    let name = html! {
        <span class="appliance-name">
            {appliance.name.clone()} {count}
            <span class="note">
                {figures::about(appliance.rated_kw)} " kW" {appliance.makes.then_some(words::MAKES_NOTE.get())}
                {appliance.is_idle.then_some(words::IDLE_NOTE.get())}
            </span>
        </span>
    };
    if !may(Action::Simulate) {
        return html! { <li class="appliance">{name} <span>"K " {k(appliance.factor)}</span></li> };
    }
    html! {
        <li class="appliance">
            <form action=send("world-control")>
                {fields()} {hidden("factor", if is_on { "0" } else { "1" }.to_owned())}
                {flip(format!("flip-{at}"), is_on, &appliance.name, None)}
            </form>
            {name}
            <form class="choice" action=send("world-control")>
                {fields()}
                <label>
                    <span class="sr">{words::k_of(&appliance.name)}</span>
                    <input class="field field-k" type="text" inputmode="decimal" name="factor" value=k(appliance.factor) required=true />
                </label>
                {submit("button", words::SET_K)}
            </form>
            <form action=send("world-remove")>
                {hidden("resource", resource.to_string())}
                {hidden("appliance", appliance.name.clone())}
                <button type="submit" class="button button-quiet" aria-label=words::remove(&appliance.name)>
                    {words::REMOVE}
                </button>
            </form>
        </li>
    }
}

fn spikes(page: &SimulatorPage, chosen: &ChosenMeter) -> Html {
    let row = |spike: &Spike| {
        let size = match spike.size {
            SpikeSize::Kw(kw) => format!("{} kW", figures::about(kw)),
            SpikeSize::Factor(factor) => format!("× {}", figures::about(factor)),
        };
        let kind = match spike.kind {
            SpikeKind::Source => words::SOURCE,
            SpikeKind::Load => words::LOAD,
        };
        let span = words::span(
            &time::day_minute(&page.site, spike.from),
            &time::day_minute(&page.site, spike.to),
        );
        html! { <li class="note">{format!("{kind}, {size}, {span}")}</li> }
    };
    if chosen.meter.is_parent {
        return Html::default();
    }
    html! {
        <section>
            <h3>{noted(words::SPIKE, words::SPIKE_NOTE)}</h3>
            <ul id="world-spikes">
                {chosen.spikes.iter().map(row).collect::<Html>()}
            </ul>
            {may(Action::Simulate).then(|| spike(chosen))}
        </section>
    }
}

fn spike(chosen: &ChosenMeter) -> Html {
    let kinds = forms::pairs([("load", words::LOAD), ("source", words::SOURCE)]);
    let units = forms::pairs([("kw", Text("kW", "kW")), ("factor", words::TIMES)]);
    html! {
        <form class="choices" id="world-spike" action=send("world-spike")>
            {hidden("meter", chosen.meter.id.to_string())}
            {choice("kind", words::WHAT, "", kinds)}
            <label class="form-field">
                {words::SIZE}
                <input class="field field-k" type="text" inputmode="decimal" name="size" value="5" required=true />
            </label>
            {choice("unit", words::UNIT, "", units)}
            <label class="form-field">
                {words::FOR_MINUTES}
                <input class="field field-k" type="text" inputmode="numeric" name="minutes" value="120" required=true />
            </label>
            {submit("button", words::SPIKE_GO)}
        </form>
    }
}

/// Lets the meter report an error or a tamper alert.
fn report(chosen: &ChosenMeter) -> Html {
    if chosen.meter.is_parent || !may(Action::Simulate) {
        return Html::default();
    }
    let kinds = EventKind::ALL.into_iter();
    let kinds = kinds.map(|kind| (kind.as_str().to_owned(), told(&kind.told().into())));
    html! {
        <section>
            <h3>{noted(words::REPORT, words::REPORT_NOTE)}</h3>
            <form class="choices" id="world-report" action=send("world-report")>
                {hidden("meter", chosen.meter.id.to_string())}
                {choice("kind", words::WHAT, "", kinds)}
                {submit("button", words::REPORT_GO)}
            </form>
        </section>
    }
}
