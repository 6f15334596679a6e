//! Which units of a Modbus line answer, when somebody asks.

use domain::devices::Protocol;
use domain::devices::view::{NewDevicePage, Scanned};
use domain::message::Message;
use markup::{Html, html};

use super::ask;
use super::fields::Form;
use texts::messages::told;
use texts::words::devices::new as words;
use ui::drawing::{Shape, hidden, mark, submit_button};

const ACT: &str = "device-scan";
const INTO: &str = "device-units";

pub(super) fn draw(page: &NewDevicePage, protocol: Protocol) -> Option<Html> {
    let has_line = ["host", "serialPort"].iter().any(|name| page.typed.contains_key(*name));
    (protocol == Protocol::Modbus && has_line).then(|| {
        html! {
            <section class="device-scan">
                {ask(ACT, INTO, None, words::SCAN.into())} " "
                <span class="note">{words::SCAN_HELP}</span>
                <div id=INTO class="device-answer" aria-live="polite"></div>
            </section>
        }
    })
}

pub(in crate::devices) fn answer(page: &NewDevicePage, scan: &Result<Scanned, Message>) -> Html {
    match scan {
        Ok(scan) => found(page, scan),
        Err(reason) => html! {
            <p>{mark(Shape::Alarm)} " " {words::SCAN_FAILED} ": " {told(reason)}</p>
        },
    }
}

fn found(page: &NewDevicePage, scan: &Scanned) -> Html {
    let none = scan.units.is_empty().then(|| html! { <p>{words::SCAN_NONE}</p> });
    let unit = |(unit, exception): &(u8, Option<Message>)| {
        html! {
            <li>
                <form method="get" action="/devices/new">
                    {Form(page).all(|name| name == "unitId")} {hidden("unitId", *unit)}
                    {submit_button(words::unit(*unit))}
                </form>
                <span class="note">{exception.as_ref().map(told)}</span>
            </li>
        }
    };
    let units = scan.units.iter().map(unit).collect::<Html>();
    let next = scan.next.map(|next| ask(ACT, INTO, Some(next), words::scan_on(next)));
    html! {
        {none}
        <ul class="device-units">{units}</ul>
        {next}
    }
}
