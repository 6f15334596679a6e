//! What devices announce on an MQTT broker, when somebody asks.

use domain::devices::Protocol;
use domain::devices::settings::{Form as Group, of_form};
use domain::devices::view::{Announced, AnnouncedDevice, NewDevicePage};
use domain::message::Message;
use markup::{Html, html};
use service::devices::other_settings;

use super::ask;
use super::fields::Form;
use texts::messages::told;
use texts::words::devices::new as words;
use ui::drawing::{Shape, hidden, mark, submit_button};

/// What says which topics are read: a chosen device brings all of it with it.
const REPLACED: [&str; 4] = ["profile", "communication", "meterName", "protocol"];

const INTO: &str = "device-announced";

pub(super) fn draw(protocol: Protocol) -> Option<Html> {
    (protocol == Protocol::Mqtt).then(|| {
        html! {
            <section class="device-scan">
                {ask("device-announced", INTO, None, words::ANNOUNCED.into())} " "
                <span class="note">{words::ANNOUNCED_HELP}</span>
                <div id=INTO class="device-answer" aria-live="polite"></div>
            </section>
        }
    })
}

pub(in crate::devices) fn answer(
    page: &NewDevicePage,
    announced: &Result<Announced, Message>,
) -> Html {
    match announced {
        Ok(announced) => heard(page, announced),
        Err(reason) => html! {
            <p>{mark(Shape::Alarm)} " " {words::ANNOUNCED_FAILED} ": " {told(reason)}</p>
        },
    }
}

fn heard(page: &NewDevicePage, announced: &Announced) -> Html {
    let none = announced.devices.is_empty();
    let none = none.then(|| html! { <p>{words::ANNOUNCED_NONE}</p> });
    let devices = announced.devices.iter().map(|found| device(page, found)).collect::<Html>();
    let unusable = announced.unusable.iter().map(|(topic, reason)| {
        html! {
            <li>
                {mark(Shape::Warn)} " " <code>{topic.clone()}</code> " "
                <span class="note">{told(reason)}</span>
            </li>
        }
    });
    let unusable = (!announced.unusable.is_empty()).then(|| {
        html! {
            <details class="behind">
                <summary>{words::unusable(announced.unusable.len())}</summary>
                <ul>{unusable.collect::<Html>()}</ul>
            </details>
        }
    });
    html! {
        {none}
        <ul class="device-units">{devices}</ul>
        {unusable}
    }
}

/// A device: choosing it fills in its name and the settings that read it.
fn device(page: &NewDevicePage, found: &AnnouncedDevice) -> Html {
    let topics = of_form(Group::Placeholders).chain(of_form(Group::Topics));
    let others: Vec<_> = other_settings::fields().collect();
    let replaced = REPLACED.into_iter().chain(topics.map(|it| it.name));
    let replaced: Vec<&str> = replaced.chain(others.iter().map(String::as_str)).collect();
    let of_protocol = page.protocol.map(Protocol::as_str);
    let name = page.typed.get("meterName").filter(|name| !name.is_empty()).unwrap_or(&found.name);
    let topics =
        found.topics.iter().map(|topic| html! { <li><code class="setting">{topic}</code></li> });
    html! {
        <li>
            <form method="get" action="/devices/new">
                {Form(page).all(|name| replaced.contains(&name))} {hidden("protocol", of_protocol)}
                {hidden("meterName", name)} {hidden("communication", &found.communication)}
                {hidden("check", "1")} {submit_button(&found.name)}
            </form>
            <span class="note">{found.made.clone()}</span>
            <ul class="note">{topics.collect::<Html>()}</ul>
        </li>
    }
}
