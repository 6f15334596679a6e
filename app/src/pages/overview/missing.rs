//! The meters that balances lack: how much each may matter, and the way to leave it out.

use domain::live::Snapshot;
use domain::overview::view::{HotspotsPage, MissingMeter};
use markup::{Html, html};
use service::Action;
use service::pages::Query;

use super::{Names, name};
use texts::figures;
use texts::words::overview as words;
use ui::drawing::at;
use ui::drawing::rights::may;

const NAMED: usize = 3;

/// A line for each of them; none where no balance lacks any.
pub(super) fn draw(
    now: &Snapshot,
    page: &HotspotsPage,
    (names, query): (&Names, &Query),
) -> Option<Html> {
    let line = |meter: &MissingMeter| {
        let id = meter.id;
        let never = now.value(id).is_none_or(|value| value.at.is_none());
        let lacks = words::lacks(&name(names, meter.node), never, &weight(meter));
        let leave_out = may(Action::Configure).then(|| {
            let meter = id.to_string();
            let href = at(query.get("site"), "/settings/meters", &[("meter", &meter)]);
            html! { <a href=href>{words::LEAVE_OUT}</a> }
        });
        html! {
            <li>
                <a href=at(query.get("site"), &format!("/meters/{id}"), &[])>{name(names, id)}</a>
                " "
                {lacks}
                " "
                {leave_out}
            </li>
        }
    };
    let rest = page.missing.len().saturating_sub(NAMED);
    let rest = (rest > 0).then(|| html! { <li>{words::more_missing(rest)}</li> });
    (!page.missing.is_empty()).then(|| {
        html! {
            <ul class="lines overview-missing" role="status">
                {page.missing.iter().take(NAMED).map(line).collect::<Html>()} {rest}
            </ul>
        }
    })
}

/// How much a meter may matter.
fn weight(meter: &MissingMeter) -> String {
    let kw = |value| figures::fixed(value, 1);
    match (meter.usual_kw, meter.rated_kw) {
        (Some(usual), _) => words::usual_weight(&kw(usual)),
        (None, Some(rated)) => words::rated_weight(&kw(rated)),
        (None, None) => words::NO_WEIGHT.into(),
    }
}
