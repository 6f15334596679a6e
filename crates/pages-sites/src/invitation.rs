//! The pages of a link by which a user sets a password: documents of their own, without a script.

use domain::message::Message;
use markup::{Html, html};

use super::sign_in::{self, whole};
use texts::language::Text;
use texts::messages::told;
use texts::words::invitation as words;

/// The form of an open link.
#[derive(Debug)]
pub struct SetPassword {
    /// The user name.
    pub name: String,
    /// The refusal of the password before.
    pub refused: Option<Message>,
}

/// A new link, which is shown once.
#[derive(Debug)]
pub struct Handover {
    /// The user name.
    pub name: String,
    pub link: String,
    /// Whether it could not be sent by mail.
    pub is_unsent: bool,
    /// Path of the page to go on to.
    pub next: String,
}

/// The page on which a password is chosen.
pub fn form(page: &SetPassword, style: &str) -> String {
    let refused = page.refused.as_ref().map(|refused| {
        html! { <p id="refused" class="refused" role="alert">{told(refused)}</p> }
    });
    let described = refused.is_some().then_some("refused");
    let content = html! {
        <form class="form" method="post">
            <label class="form-field">
                {texts::words::sign_in::NAME}
                <input
                    class="field"
                    type="text"
                    name="name"
                    value=page.name.clone()
                    autocomplete="username"
                    readonly=true
                />
            </label>
            <label class="form-field">
                {words::PASSWORD}
                <input
                    class="field"
                    type="password"
                    name="password"
                    autocomplete="new-password"
                    aria-describedby=described
                    aria-invalid=described.map(|_| "true")
                    required=true
                    autofocus=true
                />
            </label>
            {refused}
            <button type="submit" class="button button-main">
                {words::SET}
            </button>
        </form>
        <p class="note">{words::NOTE}</p>
    };
    document(style, words::TITLE, content)
}

/// The page of a link that does not work.
pub fn ended(style: &str) -> String {
    let content = html! {
        <p>{words::ENDED}</p>
        <p>
            <a href=sign_in::PATH>{texts::words::sign_in::TITLE}</a>
        </p>
    };
    document(style, words::TITLE, content)
}

/// The page that shows a new link.
pub fn handover(page: &Handover, style: &str) -> String {
    let unsent = page.is_unsent.then(|| {
        html! { <p class="refused" role="alert">{words::UNSENT}</p> }
    });
    let content = html! {
        {unsent}
        <p>{words::hand_over(&page.name)}</p>
        <label class="form-field">
            {words::LINK}
            <input class="field" type="text" value=page.link.clone() readonly=true autofocus=true />
        </label>
        <p class="note">{words::ONCE}</p>
        <p>
            <a href=page.next.clone()>{words::BACK}</a>
        </p>
    };
    document(style, words::NEW_LINK, content)
}

fn document(style: &str, title: Text, content: Html) -> String {
    let body = html! {
        <main class="sign-in">
            <p class="brand-name">"Wattlens"</p>
            <h1>{title}</h1>
            {content}
        </main>
    };
    whole(style, title, body)
}
