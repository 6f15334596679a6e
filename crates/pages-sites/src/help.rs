//! Help: the keys over any page, and a page with what the words mean.

mod keys;

use markup::{Html, html};

use crate::layout::places::{Place, all};
use crate::period::Kinds;
use texts::language::Text;
use texts::words::{help as words, state};
use ui::drawing::{Shape, Sheet, mark, sheet};
use ui::keys::of_request;

pub(super) const DIALOG: &str = "keys";

/// The keys of a page, shown over it; what follows in an address goes along to the page of help. Without
/// WASM the button that opens it works too.
pub(super) fn dialog(
    page: &[&str],
    period: Option<Kinds>,
    places: &[Place],
    going_on: &str,
) -> Html {
    html! {
        <dialog id=DIALOG class="keys-dialog" popover="auto" aria-labelledby="keys-title">
            <header>
                <h2 id="keys-title">{words::KEYS}</h2>
                <button type="button" class="button" popovertarget=DIALOG popovertargetaction="hide" autofocus=true>
                    {words::CLOSE}
                </button>
            </header>
            <div class="keys-tables">{keys::tables(Some(page), period, places)}</div>
            <footer>
                {switch()}
                <p>
                    <a href=format!("/help{going_on}")>{words::ALL_HELP}</a>
                </p>
            </footer>
        </dialog>
    }
}

fn switch() -> Html {
    html! {
        <label class="keys-switch">
            <input type="checkbox" data-choice="keys" checked=of_request().is_none() />
            {words::KEYS_ON}
        </label>
        <p class="note">{words::KEYS_NOTE}</p>
    }
}

const SHAPES: [(Shape, Text); 6] = [
    (Shape::Good, state::GOOD),
    (Shape::Ring, words::RING),
    (Shape::Loss, words::LOSS),
    (Shape::Warn, words::WARN),
    (Shape::Stale, state::STALE),
    (Shape::Alarm, words::ALARM),
];

pub(super) fn draw() -> Sheet {
    let word = |(word, means): &(Text, Text)| {
        html! {
            <dt>{*word}</dt>
            <dd>{*means}</dd>
        }
    };
    let shape = |(shape, means): &(Shape, Text)| html! { <li>{mark(*shape)} " " {*means}</li> };
    let link = |href: &'static str, text: Text| {
        html! {
            <li>
                <a href=href rel="external">
                    {text}
                </a>
            </li>
        }
    };
    let content = html! {
        <article class="page help">
            <header class="sheet-head">
                <h1>{words::TITLE}</h1>
            </header>
            <section>
                <h2>{words::KEYS}</h2>
                {switch()}
                <div class="keys-tables">{keys::tables(None, Some(Kinds::All), &all().collect::<Vec<_>>())}</div>
            </section>
            <section>
                <h2>{words::WORDS}</h2>
                <dl class="glossary">{words::GLOSSARY.iter().map(word).collect::<Html>()}</dl>
            </section>
            <section>
                <h2>{words::MARKS}</h2>
                <ul class="help-marks">{SHAPES.iter().map(shape).collect::<Html>()}</ul>
            </section>
            <section>
                <h2 id="configuration">{words::CONFIGURATION}</h2>
                <p>{words::CONFIGURATION_HELP}</p>
                <pre>"wattlens export-config --data-dir ./data config.json"</pre>
            </section>
            <section>
                <h2 id="mail">{words::MAIL}</h2>
                <p>{words::MAIL_HELP}</p>
                <pre>
                    "wattlens serve --smtp-url smtp://user:password@mail.example:587 --smtp-from wattlens@mail.example"
                </pre>
            </section>
            <section>
                <h2>{words::READ_ON}</h2>
                <ul>
                    {link("/api/docs", words::API)} {link("/api/openapi.json", words::OPENAPI)}
                    {link("/metrics", words::METRICS)}
                </ul>
            </section>
        </article>
    };
    sheet(&words::TITLE, content)
}
