//! The known facts of a loss without a named cause, in sentences.

use domain::losses::view::{Chosen, LossesPage, Unexplained};
use markup::{Html, html};

use super::super::headline::saving;
use texts::words::losses as words;
use ui::drawing::parts::time;

pub(super) fn draw(page: &LossesPage, chosen: &Chosen, known: &Unexplained) -> Html {
    let since = known.since.map(|since| words::since(since, &time::long_day(since.date())));
    let said = [
        since,
        Some(words::arises(known.hours, known.days)),
        words::looked_for(&known.tried),
        Some(words::PROBABLY_REAL.into()),
        chosen.loss.saving.map(|of| words::real_loss(&saving(&page.shown, &of))),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    html! { <p class="cause-said">{said.join(" ")}</p> }
}
