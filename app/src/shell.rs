//! The HTML document around the application.

use leptos::WasmSplitManifest;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::panic_banner::STOPPED;
use crate::routes::App;
use texts::words::frame;
use texts::{language, messages};
use ui::keys;
use ui::theme::Theme;

/// The document that the server sends; `early` has the chunks that each page fetches with it. The theme stands in it from the first byte, so that nothing
/// flashes.
pub fn shell(options: LeptosOptions, early: WasmSplitManifest) -> impl IntoView {
    let style = format!("/{}/main.css", options.site_pkg_dir);
    provide_context(early);
    view! {
        <!DOCTYPE html>
        <html lang=language::now().tag() data-theme=Theme::of_request().attribute() data-keys=keys::of_request() data-sentences=messages::streamed()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.ico" sizes="32x32" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=style />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
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
