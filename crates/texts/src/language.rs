//! The reader's language: the switch in the rail, remembered in a cookie; else what the browser asks
//! for.
//!
//! A text is written once, in every language, where it is named: `Text("Meters", "Zähler")`. Texts with
//! figures in them are functions around [`tell!`].

use std::fmt;
use std::ops::Deref;

pub use domain::language::Language;
use leptos::prelude::IntoAttributeValue;
use leptos::tachys::view::IntoRender;

use crate::cookie;

/// The cookie of the switch.
pub const COOKIE: &str = "language";

/// A text in English and in German.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text(pub &'static str, pub &'static str);

impl Text {
    /// In the reader's language.
    pub fn get(self) -> &'static str {
        now().of(self.0, self.1)
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.get()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.get())
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.get().to_owned()
    }
}

impl IntoRender for Text {
    type Output = &'static str;

    fn into_render(self) -> &'static str {
        self.get()
    }
}

impl IntoAttributeValue for Text {
    type Output = &'static str;

    fn into_attribute_value(self) -> &'static str {
        self.get()
    }
}

#[cfg(feature = "ssr")]
impl markup::Draw for Text {
    fn draw(self, into: &mut markup::Html) {
        self.get().draw(into);
    }
}

#[cfg(feature = "ssr")]
impl markup::Value for Text {
    fn write(self, name: &str, into: &mut markup::Html) {
        self.get().write(name, into);
    }
}

/// A text with figures in it: two format strings, of which the reader's is filled in.
macro_rules! tell {
    ($english:literal, $german:literal $(,)?) => {
        match $crate::language::now() {
            $crate::language::Language::En => format!($english),
            $crate::language::Language::De => format!($german),
        }
    };
}
pub(crate) use tell;

/// The language of whoever reads what is drawn now: of the request, or of a mail on its way.
#[cfg(feature = "ssr")]
pub fn now() -> Language {
    leptos::prelude::use_context().unwrap_or_default()
}

/// What is written for somebody whose language is known, outside of any request.
#[cfg(feature = "ssr")]
pub fn written_in<T>(language: Language, write: impl FnOnce() -> T) -> T {
    leptos::prelude::Owner::new().with(|| {
        leptos::prelude::provide_context(language);
        write()
    })
}

/// The language of the document, which the server wrote in it.
#[cfg(not(feature = "ssr"))]
pub fn now() -> Language {
    thread_local! {
        static DOCUMENT: Language = leptos::prelude::document()
            .document_element()
            .and_then(|root| Language::parse(&root.get_attribute("lang")?))
            .unwrap_or_default();
    }
    DOCUMENT.with(|language| *language)
}

/// The language of a request: that of the switch in its browser, else of the user, else the best one that the
/// browser accepts.
#[cfg(feature = "ssr")]
pub fn of_request(headers: &http::HeaderMap, of_user: Option<Language>) -> Language {
    let read = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let chosen =
        read("cookie").and_then(|cookies| Language::parse(cookie::value(cookies, COOKIE)?));
    chosen
        .or(of_user)
        .or_else(|| Some(Language::accepted(read("accept-language")?)))
        .unwrap_or_default()
}

/// Remembers the language and draws the page anew in it.
pub fn choose(tag: &str) {
    cookie::keep(COOKIE, tag);
    let done = leptos::prelude::location().reload();
    crate::console::log_refusal(done, "the browser does not load the page anew");
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn of(headers: &[(&'static str, &'static str)]) -> Language {
        let pairs = headers.iter().map(|(name, value)| {
            (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
        });
        of_request(&pairs.collect(), None)
    }

    #[test]
    fn the_choice_goes_before_the_browsers_wish() {
        assert_eq!(of(&[("accept-language", "de-AT,en;q=0.5")]), Language::De);
        assert_eq!(of(&[("accept-language", "de"), ("cookie", "a=b; language=en")]), Language::En);
        assert_eq!(of(&[("accept-language", "de"), ("cookie", "language=xx")]), Language::De);
        assert_eq!(of(&[]), Language::En);
        let headers = http::HeaderMap::from_iter([(
            http::header::ACCEPT_LANGUAGE,
            http::HeaderValue::from_static("de"),
        )]);
        assert_eq!(of_request(&headers, Some(Language::En)), Language::En);
    }
}
