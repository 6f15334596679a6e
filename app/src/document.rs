//! Documents of pages that the server alone draws: between two of them the browser loads, and what moves in one are
//! the islands of its frame.

use domain::live::Snapshot;
use leptos::prelude::*;
use markup::html;
use service::{Error, Principal, Service, pages};
use texts::messages::told;
use texts::words::frame as words;
use ui::api::Sheet;
use ui::components::island::LIVE;
use ui::components::layout::frame_of_document;
use ui::components::sheet::AGAIN;
use ui::components::title;
use ui::drawing::sheet;
use ui::period::{going_on, join};

use crate::served;
use crate::shell;

/// A document, and what it shows.
pub struct Document {
    pub html: String,
    pub shows: Shows,
}

/// The content of a document.
#[derive(Debug)]
pub enum Shows {
    Page,
    /// That nothing stands at its address.
    Nothing,
    /// Why its page cannot be shown.
    Refusal(Error),
}

/// Draws what stands at an address, in the frame, with the scripts of the `package`.
pub async fn draw(
    service: &Service,
    who: &Principal,
    (path, search): (&str, &str),
    package: &str,
) -> Document {
    let (sheet, shows) = match served::draw(service, who, path, search).await {
        Ok(Some(sheet)) => (sheet, Shows::Page),
        Ok(None) => (missing(search), Shows::Nothing),
        Err(error) => (failed(&error), Shows::Refusal(error)),
    };
    let search = search.strip_suffix(AGAIN).unwrap_or(search);
    let parts = pages_sites::layout::draw(service, who, path, search);
    let query = pages::address(service, who, path, search);
    let live = pages::site_status(service, who, &query).await.ok();
    let title = title::of_document(&sheet.title);
    let title = html! { {title} }.into_string();
    let script = live.as_ref().map(script_of);
    let frame = frame_of_document(parts, live, sheet);
    let file = |name: &str| format!("/{package}/{name}");
    let head = view! {
        <title inner_html=title></title>
        <link rel="modulepreload" href=file("islands.js") />
        <link
            rel="preload"
            href=file("islands_bg.wasm")
            r#as="fetch"
            r#type="application/wasm"
            crossorigin=""
        />
        <script type="module" src=file("navigate.js")></script>
    };
    let body = view! { {frame} {script} };
    Document { html: shell::document(package, head.into_any(), body.into_any()).to_html(), shows }
}

/// The live state that the islands begin with.
fn script_of(live: &Snapshot) -> AnyView {
    // Nothing in it may end the element.
    let json = serde_json::to_string(live).unwrap_or_default().replace('<', "\\u003c");
    view! { <script type="application/json" id=LIVE inner_html=json></script> }.into_any()
}

fn missing(search: &str) -> Sheet {
    let link = |path| join(path, &going_on(search));
    let page = html! {
        <section class="page notice">
            <h1>{words::NOT_FOUND}</h1>
            <p>{words::NOT_FOUND_HELP}</p>
            <p class="actions">
                <a class="button" href=link("/")>
                    {words::TO_OVERVIEW}
                </a>
                <a class="button" href=link("/meters")>
                    {words::TO_METERS}
                </a>
            </p>
        </section>
    };
    drawn_once(sheet(words::NOT_FOUND_TITLE.get(), page))
}

fn failed(error: &Error) -> Sheet {
    let title = words::cannot_show(words::THIS_PAGE.get());
    let may_pass = matches!(
        error,
        Error::Busy(_)
            | Error::NotComputed(_)
            | Error::NotKept(_)
            | Error::Unavailable
            | Error::Storage(_)
            | Error::Panicked(_)
    );
    let again = may_pass.then(|| {
        html! {
            <a class="button" href="" rel="external">
                {words::TRY_AGAIN}
            </a>
        }
    });
    let page = html! {
        <section class="failure" role="alert">
            <h1>{title.clone()}</h1>
            <p>{told(&error.message())}</p>
            <p class="actions">
                {again}
                <a class="button" href="/">
                    {words::TO_OVERVIEW}
                </a>
            </p>
        </section>
    };
    drawn_once(sheet(&title, page))
}

fn drawn_once(sheet: Sheet) -> Sheet {
    Sheet { refresh_s: 0, ..sheet }
}
