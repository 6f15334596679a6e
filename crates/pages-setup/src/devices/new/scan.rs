//! Which units of a Modbus line answer, when somebody asks.

use domain::device::Protocol;
use domain::view::devices::{NewDevicePage, Scanned};
use markup::{Html, html};

use super::ask;
use super::fields::Form;
use texts::words::devices::new as words;
use ui::components::mark::Shape;
use ui::drawing::parts::mark;

/// The way to ask, and what was found; nothing where there are no units.
pub(super) fn draw(page: &NewDevicePage, protocol: Protocol) -> Option<Html> {
    let has_line = ["host", "serialPort"].iter().any(|name| page.typed.contains_key(*name));
    if protocol != Protocol::Modbus || !has_line {
        return None;
    }
    let found = page.scan.as_ref().map(|scan| match scan {
        Ok(scan) => found(page, scan),
        Err(reason) => html! {
            <p role="status">{mark(Shape::Alarm)} " " {words::SCAN_FAILED} ": " {reason.clone()}</p>
        },
    });
    let view = html! {
        <section class="device-scan">
            {ask("scan", "1", words::SCAN.into())} " " <span class="note">{words::SCAN_HELP}</span>
            {found}
        </section>
    };
    Some(view)
}

fn found(page: &NewDevicePage, scan: &Scanned) -> Html {
    let none = scan.units.is_empty().then(|| html! { <p role="status">{words::SCAN_NONE}</p> });
    let unit = |(unit, exception): &(u8, Option<String>)| {
        let value = unit.to_string();
        html! {
            <li>
                <form method="get" action="/devices/new">
                    {Form::of(page).all(page, &["unitId"])}
                    <input type="hidden" name="unitId" value=value />
                    <button type="submit" class="button">
                        {words::unit(*unit)}
                    </button>
                </form>
                <span class="note">{exception.clone()}</span>
            </li>
        }
    };
    let units = scan.units.iter().map(unit).collect::<Html>();
    let next = scan.next.map(|next| ask("scan", &next.to_string(), words::scan_on(next)));
    html! {
        {none}
        <ul class="device-units">{units}</ul>
        {next}
    }
}
