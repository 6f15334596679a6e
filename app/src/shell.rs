//! The HTML document around a page.

use leptos::prelude::*;

use texts::words::frame;
use texts::{language, messages};
use ui::islands::STOPPED;
use ui::keys;
use ui::theme::Theme;

/// A document. Its colours stand in it from the first byte, so that nothing flashes.
pub(crate) fn document(package: &str, head: AnyView, body: AnyView) -> impl IntoView + use<> {
    let style = format!("/{package}/main.css");
    view! {
        <!DOCTYPE html>
        <html
            lang=language::now().tag()
            data-theme=Theme::of_request().attribute()
            data-keys=keys::of_request()
            data-sentences=messages::streamed()
        >
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.ico" sizes="32x32" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=style />
                {head}
            </head>
            <body>
                {body}
                <p id=STOPPED class="banner" role="alert" hidden>
                    {frame::STOPPED}
                    " "
                    <a href="" rel="external">
                        {frame::RELOAD}
                    </a>
                </p>
            </body>
        </html>
    }
}
