//! Documents: between two pages the browser loads, and what moves in one are its islands.

use leptos::prelude::*;
use markup::html;
use service::{Error, Principal, Service, pages};
use texts::messages::told;
use texts::words::frame as words;
use ui::components::island::LIVE;
use ui::components::layout::frame;
use ui::drawing::files;
pub use ui::drawing::files::File;
use ui::drawing::{Islands, Sheet, sheet};
use ui::live::Status;
use ui::page::json_script;
use ui::period::{going_on, join};

use crate::served::{self, AGAIN};
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
    /// A file of the page in its place; there is no document then.
    File(File),
    /// That nothing stands at its address.
    Nothing,
    /// Why its page cannot be shown.
    Refusal(Error),
}

/// Draws what stands at an address, in the frame, with the scripts of the `package`. One that is put in place of another
/// goes on with the live state of that.
pub async fn draw(
    service: &Service,
    who: &Principal,
    (path, search): (&str, &str),
    (package, is_first): (&str, bool),
) -> Document {
    let (mut sheet, shows) = match served::draw(service, who, path, search).await {
        Ok(Some(sheet)) => match files::made() {
            Some(Ok(file)) => return Document { html: String::new(), shows: Shows::File(file) },
            Some(Err(error)) => (failed(&error), Shows::Refusal(error)),
            None if files::is_asked() => (missing(search), Shows::Nothing),
            None => (sheet, Shows::Page),
        },
        Ok(None) => (missing(search), Shows::Nothing),
        Err(error) => (failed(&error), Shows::Refusal(error)),
    };
    let search = search.strip_suffix(AGAIN).unwrap_or(search);
    let parts = pages_sites::layout::draw(service, who, path, search);
    let module = sheet.islands.module();
    // Thousands of meters are not copied.
    let live = match std::mem::take(&mut sheet.islands) {
        Islands::Live(snapshot) => Some(*snapshot),
        Islands::None | Islands::Map => {
            let query = pages::address(service, who, path, search);
            pages::site_status(service, who, &query).await.ok()
        }
    };
    let title = html! { {title(&sheet.title)} }.into_string();
    let script = live.as_ref().filter(|_| is_first).map(|live| json_script(LIVE, live));
    let frame = frame(parts, live.as_ref().map(Status::of), sheet);
    let file = |name: &str| format!("/{package}/{name}");
    let head = view! {
        <title inner_html=title></title>
        <link rel="modulepreload" href=file(&format!("{module}.js")) />
        <link
            rel="preload"
            href=file(&format!("{module}_bg.wasm"))
            r#as="fetch"
            r#type="application/wasm"
            crossorigin=""
        />
        <script type="module" src=file("navigate.js")></script>
    };
    let body = view! { {frame} {script} };
    Document { html: shell::document(package, head.into_any(), body.into_any()).to_html(), shows }
}

fn title(page: &str) -> String {
    if page.is_empty() { "Wattlens".to_owned() } else { format!("{page} · Wattlens") }
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
    Sheet { refresh_s: 0, ..sheet(words::NOT_FOUND_TITLE.get(), page) }
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
    Sheet { refresh_s: 0, ..sheet(&title, page) }
}
