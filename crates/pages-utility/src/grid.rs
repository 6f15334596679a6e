//! The card of the grid: a place, what a connection there would do to the transformers around it, and
//! the way to connect.

pub(super) mod after;
mod candidates;
mod form;
mod requests;
mod voltage;

use domain::grid::view::{Check, Form, Found, GridPage, Named, Verdict};
use markup::{Html, html};
use texts::figures;

use texts::messages::told;
use texts::words::grid as words;
use ui::drawing::parts::grid::degrees;
use ui::drawing::{Sheet, sheet};

/// More than this many transformers that were passed over are counted, not named.
const MOST_NAMED: usize = 2;

pub(super) fn draw(page: &GridPage) -> Sheet {
    let check = match &page.found {
        Found::Checked(check) => Some(check.as_ref()),
        _ => None,
    };
    let chosen = check.and_then(|check| Some((check, check.candidates.get(check.chosen?)?)));
    sheet(
        words::TITLE.get(),
        html! {
            <article class="grid-card" aria-label=words::CARD>
                {head(page)} {form::draw(page)} {places(page)}
                {check.map(|check| candidates::draw(&page.form, check))}
                {chosen.map(|(check, chosen)| after::draw(check, chosen))}
                {check.map(|check| after::actions(page, check))} {requests::last(page)}
            </article>
        },
    )
}

fn head(page: &GridPage) -> Html {
    let (headline, detail) = match &page.found {
        _ if page.transformers == 0 => {
            (words::NO_TRANSFORMERS.into(), words::NO_TRANSFORMERS_HELP.into())
        }
        Found::Nothing => (
            words::ASK.into(),
            words::ask_help(&count(page.transformers)) + " " + words::FINDABLE.get(),
        ),
        Found::Refused(why) => (words::REFUSED.into(), told(why)),
        Found::Places(places) if places.is_empty() => {
            (words::NOT_FOUND.into(), words::FINDABLE.into())
        }
        Found::Places(_) => (words::WHICH.into(), String::new()),
        Found::Checked(check) => (sentence(check), explanation(check)),
    };
    html! {
        <header class="state">
            <h1>{headline}</h1>
            <p class="state-detail">{detail}</p>
        </header>
    }
}

fn sentence(check: &Check) -> String {
    match check.assigned.and_then(|assigned| check.candidates.get(assigned)) {
        Some(assigned) => words::feasible(&assigned.name, &distance(assigned.distance_m)),
        None => words::NOT_FEASIBLE.into(),
    }
}

/// Why nearer transformers were passed over.
fn explanation(check: &Check) -> String {
    let mut said = Vec::new();
    if !check.at.name.is_empty() {
        said.push(words::at(&check.at.name, check.at.kind));
    }
    if check.assigned.is_none() {
        said.push(words::REASON.into());
    }
    let before = check.assigned.unwrap_or(check.candidates.len());
    let passed = check.candidates.iter().take(before);
    let passed = passed.filter(|candidate| candidate.verdict != Verdict::Feasible);
    for candidate in passed.take(MOST_NAMED) {
        said.push(words::passed_over(&candidate.name, candidate.verdict));
    }
    let more = check.passed_over.saturating_sub(MOST_NAMED);
    if more > 0 {
        said.push(words::passed_over_more(more));
    }
    said.push(words::considered(&count(check.within_2_km)));
    said.join(" ")
}

fn places(page: &GridPage) -> Option<Html> {
    let Found::Places(places) = &page.found else { return None };
    let row = |place: &Named| {
        html! {
            <li>
                <a href=address(&page.form, Some(place), None)>{place.name.clone()}</a>
                " "
                <span class="note">{words::place(place.kind)}</span>
            </li>
        }
    };
    Some(html! { <ul class="grid-places">{places.iter().map(row).collect::<Html>()}</ul> })
}

/// The address of this form, at a place where it is another one, with a transformer to look into.
fn address(form: &Form, place: Option<&Named>, transformer: Option<&str>) -> String {
    let at = match place {
        Some(place) => {
            vec![("lat", degrees(place.place.latitude)), ("lon", degrees(place.place.longitude))]
        }
        None => vec![("place", form.place.clone())],
    };
    let rest = [
        ("consumption", form.consumption.clone()),
        ("production", form.production.clone()),
        ("length", form.length.clone()),
        ("premises", if form.is_ev { "ev".to_owned() } else { String::new() }),
        ("transformer", transformer.unwrap_or_default().to_owned()),
    ];
    let pairs = at.into_iter().chain(rest).filter(|(_, value)| !value.is_empty());
    let pairs: Vec<_> = pairs.map(|(name, value)| format!("{name}={}", escaped(&value))).collect();
    format!("/grid?{}", pairs.join("&"))
}

fn escaped(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    value
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// A count, with its thousands apart.
pub(super) fn count(count: usize) -> String {
    figures::fixed(count as f64, 0)
}

fn distance(metres: f64) -> String {
    if metres < 1000.0 { format!("{metres:.0} m") } else { format!("{:.1} km", metres / 1000.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_the_form_does() {
        let form = Form {
            place: "37.7586, -122.4148".to_owned(),
            consumption: "24".to_owned(),
            is_ev: true,
            ..Form::default()
        };
        let expected = "/grid?place=37.7586%2C%20-122.4148&consumption=24&premises=ev";
        assert_eq!(address(&form, None, None), expected);
    }
}
