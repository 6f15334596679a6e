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
use ui::components::mark::Shape;
use ui::drawing::parts::mark;

/// What says which topics are read: a chosen device brings all of it with it.
const REPLACED: [&str; 4] = ["profile", "communication", "meterName", "protocol"];

const INTO: &str = "device-announced";

/// The way to ask; nothing where there is no broker.
pub(super) fn draw(protocol: Protocol) -> Option<Html> {
    if protocol != Protocol::Mqtt {
        return None;
    }
    let asks = ask("device-announced", INTO, None, words::ANNOUNCED.into());
    let view = html! {
        <section class="device-scan">
            {asks} " " <span class="note">{words::ANNOUNCED_HELP}</span>
            <div id=INTO class="device-answer" aria-live="polite"></div>
        </section>
    };
    Some(view)
}

/// What was heard.
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
    let replaced: Vec<_> = replaced.chain(others.iter().map(String::as_str)).collect();
    let of_protocol = page.protocol.map(Protocol::as_str);
    let name = page.typed.get("meterName").filter(|name| !name.is_empty()).unwrap_or(&found.name);
    html! {
        <li>
            <form method="get" action="/devices/new">
                {Form::of(page).all(page, &replaced)}
                <input type="hidden" name="protocol" value=of_protocol />
                <input type="hidden" name="meterName" value=name.clone() />
                <input type="hidden" name="communication" value=found.communication.clone() />
                <input type="hidden" name="check" value="1" />
                <button type="submit" class="button">
                    {found.name.clone()}
                </button>
            </form>
            <span class="note">{found.made.clone()}</span>
            <ul class="note">
                {found
                    .topics
                    .iter()
                    .map(|topic| html! { <li><code class="setting">{topic.clone()}</code></li> })
                    .collect::<Html>()}
            </ul>
        </li>
    }
}
