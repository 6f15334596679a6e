//! The page on which people sign in: a document of its own, without the frame and without a script.

use domain::message::Message;
use markup::{Html, html};

use texts::language::{self, Text};
use texts::messages::told;
use texts::words::sign_in as words;
use ui::theme::Theme;

/// Its address.
pub const PATH: &str = "/sign-in";

/// Values of the form.
#[derive(Debug, Default)]
pub struct SignIn {
    /// Path of the page to go on to.
    pub next: String,
    /// The name that was typed.
    pub name: String,
    /// Why the try before did not succeed.
    pub refused: Option<Message>,
    /// Whether somebody comes here because their session has ended.
    pub is_ended: bool,
}

/// The document; `style` is the address of the style sheet.
pub fn document(page: SignIn, style: &str) -> String {
    let refused = page.refused.map(|refused| {
        html! { <p id="refused" class="refused" role="alert">{told(&refused)}</p> }
    });
    let described = refused.is_some().then_some("refused");
    let ended = page.is_ended.then(|| html! { <p role="status">{words::ENDED}</p> });
    let form = html! {
        <form class="form" method="post" action=PATH>
            <input type="hidden" name="next" value=page.next />
            {ended} {refused}
            <label class="form-field">
                {words::NAME}
                <input
                    class="field"
                    type="text"
                    name="name"
                    value=page.name
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    required=true
                    autofocus=true
                />
            </label>
            <label class="form-field">
                {words::PASSWORD}
                <input
                    class="field"
                    type="password"
                    name="password"
                    autocomplete="current-password"
                    aria-describedby=described
                    aria-invalid=described.map(|_| "true")
                    required=true
                />
            </label>
            <button type="submit" class="button button-main">
                {words::TITLE}
            </button>
        </form>
    };
    let body = html! {
        <main class="sign-in">
            <p class="brand-name">"Wattlens"</p>
            <h1>{words::TITLE}</h1>
            {form}
            <p class="note">{words::FORGOTTEN}</p>
        </main>
    };
    whole(style, words::TITLE, body)
}

/// A document without the frame and without a script.
pub(crate) fn whole(style: &str, title: Text, body: Html) -> String {
    let document = html! {
        <html lang=language::now().tag() data-theme=Theme::of_request().attribute()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{title} " · Wattlens"</title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=style.to_owned() />
            </head>
            <body>{body}</body>
        </html>
    };
    format!("<!DOCTYPE html>{}", document.into_string())
}
