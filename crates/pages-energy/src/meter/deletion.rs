//! Deleting a meter: what would be lost, or why it cannot be deleted.

use domain::meters::view::meter::MeterPage;
use markup::{Html, html};
use service::meters::Deletion;
use texts::messages::told;
use texts::words::meter::deletion as words;
use ui::drawing::parts::Clock;
use ui::drawing::{at, hidden, link, send_to};

pub(super) fn draw(page: &MeterPage, deletion: &Deletion) -> Html {
    let content = match &deletion.refused {
        Some(why) => html! { <p class="field-fault">{told(why)}</p> },
        None => form(page, deletion),
    };
    html! {
        <section class="actions">
            <details class="confirm">
                <summary class="button">{words::DELETE}</summary>
                {content}
            </details>
        </section>
    }
}

fn form(page: &MeterPage, deletion: &Deletion) -> Html {
    let clock = Clock(&page.shown);
    let readings = match deletion.readings {
        Some((first, last)) => words::readings(&clock.day(first), &clock.day(last)),
        None => words::NO_READINGS.into(),
    };
    let device = deletion.has_device.then_some(words::DEVICE);
    html! {
        <form action=send_to("delete-meter", &link(&page.shown, "/meters"))>
            {hidden("meter", page.meter.id.to_string())}
            <p>{words::lost(&page.meter.name)} " " {readings} " " {device}</p>
            {deletion.parent.as_deref().map(|node| lacking(page, node))}
            <button type="submit" class="button">
                {words::DELETE_NOW}
            </button>
        </form>
    }
}

/// The balance that lacks its energy, and what to do of a meter that measured rightly.
fn lacking(page: &MeterPage, node: &str) -> Html {
    let sentence = if page.meter.feeds_parent { words::is_missing } else { words::becomes_loss };
    let id = page.meter.id.to_string();
    let settings = at(page.shown.slug.as_deref(), "/settings/meters", &[("meter", &id)]);
    html! {
        <p>
            {sentence(node)} " " {words::RETIRE_INSTEAD} " " <a href=settings>{words::TO_SETTINGS}</a>
        </p>
    }
}
