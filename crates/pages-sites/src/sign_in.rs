//! The page on which people sign in: a document of its own, without the frame and without a script.

use domain::message::Message;
use markup::{Html, html};

use texts::language::{self, Text};
use texts::messages::told;
use texts::words::sign_in as words;
use ui::drawing::{hidden, main_button};
use ui::theme::Theme;

pub const PATH: &str = "/sign-in";

/// The values of the form.
#[derive(Debug, Default)]
pub struct SignIn {
    /// Path of the page to go on to.
    pub next: String,
    pub name: String,
    pub refused: Option<Message>,
    /// Whether somebody comes here because their session has ended.
    pub is_ended: bool,
}

/// The document; `style` is the address of the style sheet.
pub fn document(page: SignIn, style: &str) -> String {
    let is_refused = page.refused.is_some();
    let ended = page.is_ended.then(|| html! { <p role="status">{words::ENDED}</p> });
    let content = html! {
        <form class="form" method="post" action=PATH>
            {hidden("next", page.next)} {ended} {refusal(page.refused.as_ref())}
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
            {password(words::PASSWORD, "current-password", is_refused, false)}
            {main_button(words::TITLE)}
        </form>
        <p class="note">{words::FORGOTTEN}</p>
    };
    whole(style, words::TITLE, content)
}

/// The reason why the form was refused, if it was.
pub(crate) fn refusal(refused: Option<&Message>) -> Option<Html> {
    refused.map(|refused| {
        html! { <p id="refused" class="refused" role="alert">{told(refused)}</p> }
    })
}

pub(crate) fn password(
    label: Text,
    autocomplete: &'static str,
    is_refused: bool,
    is_first: bool,
) -> Html {
    html! {
        <label class="form-field">
            {label}
            <input
                class="field"
                type="password"
                name="password"
                autocomplete=autocomplete
                aria-describedby=is_refused.then_some("refused")
                aria-invalid=is_refused.then_some("true")
                required=true
                autofocus=is_first
            />
        </label>
    }
}

/// A document without the frame and without a script.
pub(crate) fn whole(style: &str, title: Text, content: Html) -> String {
    let document = html! {
        <html lang=language::now().tag() data-theme=Theme::of_request().attribute()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{title} " · Wattlens"</title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=style />
            </head>
            <body>
                <main class="sign-in">
                    <p class="brand-name">"Wattlens"</p>
                    <h1>{title}</h1>
                    {content}
                </main>
            </body>
        </html>
    };
    format!("<!DOCTYPE html>{}", document.into_string())
}
