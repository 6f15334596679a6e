//! The signed-in user, help, and the switches of colours and language, at the rail's foot.

use markup::{Html, html};
use service::people::demo;
use service::{Principal, Service};

use crate::help;
use texts::language::{self, Language};
use texts::words::{account, help as words, places, sign_in};
use ui::theme::Theme;

/// What follows in an address goes along to the page of help.
pub(super) fn draw(service: &Service, who: &Principal, going_on: &str) -> Html {
    let theme = |theme: Theme| {
        let (value, name) = (theme.attribute().unwrap_or_default(), theme.name().get());
        option("theme", value, name, Theme::of_request() == theme)
    };
    let language = |language: Language| {
        option("language", language.tag(), language.name(), language::now() == language)
    };
    let signed_in = match who {
        Principal::User(user) => {
            let leave = if user.is_demo { sign_in::LEAVE_DEMO } else { sign_in::SIGN_OUT };
            Some(html! {
                <form class="signed-in" method="post" action="/sign-out">
                    <a href="/account" title=account::TITLE>
                        {user.account.display_name.clone()}
                    </a>
                    <button type="submit">{leave}</button>
                </form>
            })
        }
        Principal::Loopback => look_as(service),
        Principal::Token(_) | Principal::Logger(_) | Principal::Anonymous => None,
    };
    html! {
        {signed_in}
        <p class="rail-help">
            <a href=format!("/help{going_on}")>{words::TITLE}</a>
            <button type="button" popovertarget=help::DIALOG data-key="?">
                {words::KEYS}
                <kbd class="key">"?"</kbd>
            </button>
        </p>
        <div class="rail-switches">
            <fieldset class="switch">
                <legend class="sr">{places::THEME}</legend>
                {Theme::ALL.map(theme)}
            </fieldset>
            <fieldset class="switch">
                <legend class="sr">{places::LANGUAGE}</legend>
                {Language::ALL.map(language)}
            </fieldset>
        </div>
    }
}

fn look_as(service: &Service) -> Option<Html> {
    let offered = demo::offered(service);
    let button = |(name, shown): (&'static str, &'static str)| {
        html! {
            <button type="submit" name="as" value=name>
                {shown}
            </button>
        }
    };
    (!offered.is_empty()).then(|| {
        html! {
            <form class="look-as" method="post" action="/look-as">
                <p>{sign_in::SEE_AS}</p>
                {offered.into_iter().map(button).collect::<Html>()}
            </form>
        }
    })
}

/// Id of an option of a switch; the search chooses by it too.
pub(crate) fn option_id(name: &str, value: &str) -> String {
    format!("{name}-{value}")
}

fn option(name: &'static str, value: &'static str, text: &'static str, is_chosen: bool) -> Html {
    let lang = (name == "language").then_some(value);
    html! {
        <label class="switch-option">
            <input
                type="radio"
                id=option_id(name, value)
                name=name
                value=value
                checked=is_chosen
                data-choice=name
            />
            <span lang=lang>{text}</span>
        </label>
    }
}
