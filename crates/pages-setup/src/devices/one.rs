//! One device: its health, its settings, and what happened to it.

use domain::devices::DeviceState;
use domain::devices::view::{Condition, DevicePage, DeviceRow, Turn};
use markup::{Html, html};
use serde_json::{Map, Value};
use service::Action;

use super::{age, channels, count, pace, shape};
use texts::messages::told;
use texts::time::duration;
use texts::words::devices::{self as all, one as words};
use ui::components::figure::UNKNOWN;
use ui::drawing::{
    Sheet, at, draw_table, hidden, mark, may, send, send_to, sheet, submit_button, time,
};
use ui::kit::Column;

pub(crate) fn draw(page: &DevicePage) -> Sheet {
    let device = &page.detail.device;
    let content = html! {
        <article class="page device">
            <header class="sheet-head">
                <div class="state" id="device-state">
                    <h1>{device.meter_name.clone()} ": " {all::state(device.state)}</h1>
                    <p class="note">
                        {mark(shape(device.state))} " " {said(device)} " · "
                        <a href=at(page.slug.as_deref(), "/devices", &[])>{words::BACK}</a> " · "
                        <a href=at(page.slug.as_deref(), &format!("/meters/{}", device.id), &[])>
                            {words::TO_METER}
                        </a>
                    </p>
                </div>
                {may(Action::Configure).then(|| acts(page))}
            </header>
            <div id="device-probe" class="device-answer" aria-live="polite"></div>
            <div class="sheet-pair">
                <section id="device-health">
                    <h2>{words::HEALTH} " " <span class="note">{words::SINCE_START}</span></h2>
                    {health(page)}
                    <h2>{words::HISTORY}</h2>
                    {history(page)}
                </section>
                <section>
                    <h2>{words::SETTINGS} " " <span class="note">{words::SECRETS}</span></h2>
                    {settings(device)}
                </section>
            </div>
            <div id="device-channels">
                {page
                    .channels
                    .as_ref()
                    .map(|channels| channels::draw(channels, page.slug.as_deref(), page.now))}
            </div>
            <div id="device-messages">
                {messages(page)}
            </div>
        </article>
    };
    Sheet { refresh_s: 5, ..sheet(&device.meter_name, content) }
}

fn said(device: &DeviceRow) -> String {
    let profile = device.profile.as_deref().unwrap_or_default();
    let parts = [all::protocol(device.protocol), profile, &device.peer];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn acts(page: &DevicePage) -> Html {
    let device = &page.detail.device;
    let (slug, id) = (page.slug.as_deref(), device.id.to_string());
    let switch = if device.enabled { words::SWITCH_OFF } else { words::SWITCH_ON };
    let removes = words::removes(&device.meter_name);
    html! {
        <div class="actions">
            <form action=send("device-read") data-into="device-probe">
                {hidden("meter", &id)} {submit_button(words::READ_NOW)}
            </form>
            <a class="button" href=at(slug, "/devices/new", &[("meter", &id)])>
                {words::CHANGE}
            </a>
            <form action=send("device-switch")>
                {hidden("meter", &id)} {hidden("on", (!device.enabled).to_string())}
                {submit_button(switch)}
            </form>
            <details class="confirm">
                <summary class="button">{words::REMOVE}</summary>
                <form action=send_to("device-remove", &at(slug, "/devices", &[]))>
                    {hidden("meter", id)} <p>{removes}</p>
                    {submit_button(words::REMOVE_NOW)}
                </form>
            </details>
        </div>
    }
}

fn health(page: &DevicePage) -> Html {
    let device = &page.detail.device;
    let or_unknown = |text: Option<String>| text.unwrap_or_else(|| UNKNOWN.to_owned());
    let since = device.since.map(|since| time::day_minute(&page.site, since));
    let reason = device.state_reason.as_deref().map(|reason| (words::REASON, told(reason)));
    let took = or_unknown(device.latency_ms.map(|ms| format!("{ms} ms")));
    let rows = [
        (words::SINCE, or_unknown(since)),
        (words::LAST, age(page.now, device.last_update)),
        (words::POLL, format!("{} ms", device.poll_interval)),
        (words::PACE, pace(device)),
        (words::ANSWERS, count(device.answers)),
        (words::SILENCES, count(device.silences)),
        (words::ERRORS, count(device.errors)),
        (words::UNREADABLE, count(device.unreadable)),
        (words::LATENCY, took),
    ];
    let rows = reason.into_iter().chain(rows).map(|(name, value)| {
        html! {
            <tr>
                <th scope="row">{name}</th>
                <td>{value}</td>
            </tr>
        }
    });
    html! {
        <table class="table device-facts">
            <tbody>{rows.collect::<Html>()}</tbody>
        </table>
    }
}

fn history(page: &DevicePage) -> Html {
    let turns = &page.detail.history;
    if turns.is_empty() {
        return html! { <p class="note">{words::NO_HISTORY}</p> };
    }
    let ends = std::iter::once(page.now).chain(turns.iter().map(|turn| turn.since));
    let rows = turns
        .iter()
        .zip(ends)
        .map(|(turn, until)| turned(page, turn, &duration(until - turn.since)));
    html! {
        <table class="table device-history">
            <tbody>{rows.collect::<Html>()}</tbody>
        </table>
    }
}

fn turned(page: &DevicePage, turn: &Turn, held: &str) -> Html {
    let condition = match turn.state {
        DeviceState::Online => Condition::Online,
        DeviceState::Offline => Condition::Offline,
        DeviceState::Error => Condition::Error,
    };
    html! {
        <tr>
            <td>{time::day_minute(&page.site, turn.since)}</td>
            <td class="col-verdict">
                {mark(shape(condition))} " " {all::state(condition)} " "
                <span class="note">{all::lasting(held)}</span>
            </td>
            <td class="col-reason">{turn.reason.as_deref().map(told)}</td>
        </tr>
    }
}

fn settings(device: &DeviceRow) -> Html {
    let fields = device.communication.as_object().into_iter().flatten();
    let rows = fields.map(|(name, value)| match registers(value) {
        Some(registers) => {
            let parts =
                registers.into_iter().map(|(name, text)| setting("setting-part", name, text));
            html! { {setting("", name, String::new())} {parts.collect::<Html>()} }
        }
        None => setting("", name, written(value)),
    });
    html! {
        <table class="table device-facts">
            <thead class="sr">
                <tr>
                    <th scope="col">{words::SETTING}</th>
                    <th scope="col">{words::VALUE}</th>
                </tr>
            </thead>
            <tbody>{rows.collect::<Html>()}</tbody>
        </table>
    }
}

fn setting(class: &'static str, name: &str, text: String) -> Html {
    html! {
        <tr class=class>
            <th scope="row">{name.to_owned()}</th>
            <td>
                <code class="setting">{text}</code>
            </td>
        </tr>
    }
}

/// The registers of a map, by address, each as manuals have it; none where it is no such map.
fn registers(value: &Value) -> Option<Vec<(&String, String)>> {
    let parts = value.as_object()?.iter();
    let mut parts: Vec<_> =
        parts.map(|(name, part)| Some((name, part.as_object()?))).collect::<Option<_>>()?;
    parts.sort_by_key(|(_, part)| part.get("address").and_then(Value::as_u64));
    Some(parts.into_iter().map(|(name, part)| (name, register(part))).collect())
}

/// Table, address and type of a register, then what of it is not as usual.
fn register(part: &Map<String, Value>) -> String {
    let first = ["function", "address", "type"];
    let is_usual = |name: &str, value: &Value| match name {
        "scale" => value.as_f64() == Some(1.0),
        "byteOrder" | "wordOrder" => value == "big",
        _ => false,
    };
    let others = part
        .iter()
        .filter(|(name, value)| !first.contains(&name.as_str()) && !is_usual(name, value));
    let others = others.map(|(name, value)| format!("{name} {}", written(value)));
    first
        .iter()
        .filter_map(|name| part.get(*name).map(written))
        .chain(others)
        .collect::<Vec<_>>()
        .join(" ")
}

fn written(value: &Value) -> String {
    let lines = |lines: Vec<String>| lines.join("\n");
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => lines(parts.iter().map(Value::to_string).collect()),
        Value::Object(parts) => {
            lines(parts.iter().map(|(name, part)| format!("{name}: {part}")).collect())
        }
        other => other.to_string(),
    }
}

fn messages(page: &DevicePage) -> Option<Html> {
    let messages = &page.detail.unreadable_messages;
    if messages.is_empty() {
        return None;
    }
    let rows = messages.iter().map(|message| {
        html! {
            <tr>
                <td>{time::day_minute(&page.site, message.at)}</td>
                <td>{message.topic.clone()}</td>
                <td class="col-reason">{told(&message.reason)}</td>
            </tr>
        }
    });
    let columns = [words::TIME, words::TOPIC, words::REASON].map(Column::new);
    Some(html! {
        <section>
            <h2>{words::MESSAGES} " " <span class="note">{words::LAST_TEN}</span></h2>
            {draw_table(words::MESSAGES, "device-messages", columns, rows)}
        </section>
    })
}
