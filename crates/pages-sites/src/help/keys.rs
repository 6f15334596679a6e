//! The keys, as tables.

use markup::{Html, html};

use crate::layout::places::Place;
use crate::period::Kinds;
use texts::language::Text;
use texts::words::help as words;

/// Keys, each a way to the same, and what they do.
type Line = (&'static [&'static str], Text);

const EVERYWHERE: [Line; 4] = [
    (&["/"], words::FIND),
    (&["?"], words::LIST),
    (&["Esc"], words::CLEAR),
    (&["g"], words::GO_ON),
];
const STEPS: [Line; 2] = [(&["[", "\u{2190}"], words::EARLIER), (&["]", "\u{2192}"], words::LATER)];
const KINDS: [Line; 5] = [
    (&["t"], words::TODAY),
    (&["w"], words::WEEK),
    (&["m"], words::MONTH),
    (&["y"], words::YEAR),
    (&["c"], words::COMPARE),
];
const TREE: [Line; 4] = [
    (&["\u{2191}", "\u{2193}"], words::UP_DOWN),
    (&["\u{2190}", "\u{2192}"], words::FOLD),
    (&["Home", "End"], words::ENDS),
    (&["Enter"], words::OPEN),
];
const CHARTS: [Line; 1] = [(&["\u{2190}", "\u{2192}"], words::CROSSHAIR)];
const MAP: [Line; 2] = [
    (&["\u{2190}", "\u{2191}", "\u{2193}", "\u{2192}"], words::MOVE_MAP),
    (&["+", "\u{2212}"], words::ZOOM_MAP),
];

/// The keys of a page; none names every key there is.
pub(super) fn tables(page: Option<&[&str]>, period: Option<Kinds>, places: &[Place]) -> Html {
    let when = |is_here: bool, lines: &'static [Line]| if is_here { lines } else { &[] };
    let is_here = |pages: fn(&[&str]) -> bool| page.is_none_or(pages);
    let steps = when(period.is_some(), &STEPS);
    let kinds = when(period == Some(Kinds::All), &KINDS);
    let tree = when(is_here(|page| matches!(page, ["meters"])), &TREE);
    let charts = when(is_here(|page| matches!(page, [] | ["meters", _])), &CHARTS);
    let map = when(is_here(|page| matches!(page, ["grid"])), &MAP);
    html! {
        {table(words::EVERYWHERE, &EVERYWHERE)}
        {table(words::PERIOD, &[steps, kinds].concat())}
        {table(words::TREE, tree)}
        {table(words::CHARTS, charts)}
        {table(words::MAP, map)}
        {to_places(places)}
    }
}

fn table(name: Text, lines: &[Line]) -> Option<Html> {
    let line = |(keys, does): &Line| {
        let keys = keys.iter().map(|key| html! { <kbd class="key">{*key}</kbd> " " });
        html! {
            <tr>
                <td>{keys.collect::<Html>()}</td>
                <td>{*does}</td>
            </tr>
        }
    };
    (!lines.is_empty()).then(|| {
        html! {
            <table class="key-table">
                <caption>{name}</caption>
                <thead class="sr">
                    <tr>
                        <th scope="col">{words::KEY}</th>
                        <th scope="col">{words::DOES}</th>
                    </tr>
                </thead>
                <tbody>{lines.iter().map(line).collect::<Html>()}</tbody>
            </table>
        }
    })
}

fn to_places(places: &[Place]) -> Html {
    let line = |place: &Place| {
        html! {
            <li>
                <kbd class="key">"g"</kbd>
                " "
                <span class="sr">{words::THEN} " "</span>
                <kbd class="key">{place.key}</kbd>
                " "
                {place.name}
            </li>
        }
    };
    html! {
        <section class="keys-places">
            <h3>{words::GO}</h3>
            <ul>{places.iter().map(line).collect::<Html>()}</ul>
        </section>
    }
}
