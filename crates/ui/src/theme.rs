//! Light, dark, or as the system says; remembered in a cookie, so that the server's HTML already
//! has it.

use leptos::prelude::*;

use texts::console::log_refusal;
use texts::cookie;
#[cfg(feature = "ssr")]
use texts::language::Text;
#[cfg(feature = "ssr")]
use texts::words::places as words;

const COOKIE: &str = "theme";

/// How the pages are coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The value of the document's `data-theme`; none follows the system.
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// Its name on the switch.
    #[cfg(feature = "ssr")]
    pub const fn name(self) -> Text {
        match self {
            Self::System => words::SYSTEM,
            Self::Light => words::LIGHT,
            Self::Dark => words::DARK,
        }
    }

    pub fn parse(word: Option<&str>) -> Self {
        Self::ALL.into_iter().find(|theme| theme.attribute() == word).unwrap_or_default()
    }

    /// What the request's cookie asks for.
    #[cfg(feature = "ssr")]
    pub fn of_request() -> Self {
        let parts = use_context::<http::request::Parts>();
        let cookies = parts.as_ref().and_then(|parts| parts.headers.get("cookie")?.to_str().ok());
        Self::of_cookies(cookies.unwrap_or_default())
    }

    #[cfg(feature = "ssr")]
    fn of_cookies(header: &str) -> Self {
        Self::parse(cookie::value(header, COOKIE))
    }

    /// Colours the document and remembers it for a year.
    pub fn apply(self) {
        let word = self.attribute();
        if let Some(root) = document().document_element() {
            let done = match word {
                Some(word) => root.set_attribute("data-theme", word),
                None => root.remove_attribute("data-theme"),
            };
            log_refusal(done, "the document takes no theme");
        }
        cookie::keep(COOKIE, word.unwrap_or_default());
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_decides_and_nonsense_follows_the_system() {
        assert_eq!(Theme::of_cookies("a=b; theme=dark"), Theme::Dark);
        assert_eq!(Theme::of_cookies("theme=pink"), Theme::System);
        assert_eq!(Theme::of_cookies(""), Theme::System);
    }
}
