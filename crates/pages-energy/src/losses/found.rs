//! What was found in the registers: each by name and time, with the way to its meter and day.

use crate::parts::{heading, note};
use domain::energy::interval::Flags;
use domain::losses::view::{FoundCause, LossesPage};
use domain::period::Period;
use markup::{Html, html};
use texts::messages::told;
use texts::time::duration;
use texts::words::{energy, losses as words};
use ui::components::mark::Shape;
use ui::drawing::parts::{Clock, kwh, mark};
use ui::period::join;

pub(super) fn draw(page: &LossesPage) -> Html {
    let rows = page.found.iter().map(|found| row(page, found)).collect::<Html>();
    let none = page.found.is_empty().then(|| note(words::NOTHING_FOUND));
    let alone = page.before.as_ref().map(|_| energy::ALONE);
    let note = html! { {words::found_note(page.found.len())} " " {alone} };
    html! {
        <section class="found" aria-labelledby="found">
            {heading(Some("found"), words::FOUND, note)}
            <ul class="lines">{rows}</ul>
            {none}
        </section>
    }
}

fn row(page: &LossesPage, found: &FoundCause) -> Html {
    let clock = Clock(&page.shown);
    let lasts = found.until.map(|until| duration(until - found.at));
    let shape = match found.flag {
        Flags::GAP => Shape::Stale,
        Flags::CORRECTED | Flags::EXCHANGE | Flags::ROLLOVER => Shape::Ring,
        _ => Shape::Warn,
    };
    let date = page.shown.site.date_at(found.at);
    let day = Period::default().on(date, page.shown.today()).query();
    let tab = if found.flag == Flags::QUARANTINED { "corrections" } else { "registers" };
    let href = match &found.fault {
        Some((node, _)) => join(&format!("/losses?node={node}"), &format!("?{day}")),
        None => format!("/meters/{}/{tab}?{day}", found.meter),
    };
    let text = found.fault.as_ref().map_or_else(
        || words::found(energy::event(found.flag).get(), lasts.as_deref(), &kwh(found.kwh)),
        |(_, text)| told(text),
    );
    let at = if found.fault.is_some() { clock.day(found.at) } else { clock.within(found.at) };
    html! {
        <li class="line found-line">
            {mark(shape)}
            <a class="line-name" href=href.trim_end_matches(['?', '&']).to_owned()>
                {words::with_others(&found.name, found.others)}
            </a>
            <span class="line-text">
                {text}
            </span>
            <span class="line-age">{at}</span>
        </li>
    }
}
