//! The pages of a link by which a user sets a password: documents of their own, without a script.

use domain::message::Message;
use markup::html;

use super::sign_in::{self, password, refusal, whole};
use texts::words::invitation as words;
use ui::drawing::main_button;

/// The form of an open link.
#[derive(Debug)]
pub struct SetPassword {
    pub name: String,
    pub refused: Option<Message>,
}

/// A new link, which is shown once.
#[derive(Debug)]
pub struct Handover {
    pub name: String,
    pub link: String,
    pub is_unsent: bool,
    /// Path of the page to go on to.
    pub next: String,
}

/// The page on which a password is chosen.
pub fn form(page: &SetPassword, style: &str) -> String {
    let content = html! {
        <form class="form" method="post">
            <label class="form-field">
                {texts::words::sign_in::NAME}
                <input
                    class="field"
                    type="text"
                    name="name"
                    value=&page.name
                    autocomplete="username"
                    readonly=true
                />
            </label>
            {password(words::PASSWORD, "new-password", page.refused.is_some(), true)}
            {refusal(page.refused.as_ref())}
            {main_button(words::SET)}
        </form>
        <p class="note">{words::NOTE}</p>
    };
    whole(style, words::TITLE, content)
}

/// The page of a link that does not work.
pub fn ended(style: &str) -> String {
    let content = html! {
        <p>{words::ENDED}</p>
        <p>
            <a href=sign_in::PATH>{texts::words::sign_in::TITLE}</a>
        </p>
    };
    whole(style, words::TITLE, content)
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
            <input class="field" type="text" value=&page.link readonly=true autofocus=true />
        </label>
        <p class="note">{words::ONCE}</p>
        <p>
            <a href=&page.next>{words::BACK}</a>
        </p>
    };
    whole(style, words::NEW_LINK, content)
}
