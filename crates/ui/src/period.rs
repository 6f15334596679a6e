//! The site and the period in the address, which every link within the application carries on.

use leptos::prelude::*;

/// The parameters of an address that go on.
const PARAMETERS: [&str; 6] = ["site=", "period=", "at=", "from=", "to=", "compare="];

/// The parts of what follows after `?` that go on.
pub fn going_on(search: &str) -> String {
    let search = search.strip_prefix('?').unwrap_or(search);
    let mut found = String::new();
    for part in search.split('&') {
        if PARAMETERS.iter().any(|name| part.starts_with(name)) {
            found.push(if found.is_empty() { '?' } else { '&' });
            found.push_str(part);
        }
    }
    found
}

/// The query of the document's address. Copies share it.
#[derive(Clone, Copy)]
pub struct Address {
    search: RwSignal<String>,
    going_on: Memo<String>,
}

impl Address {
    fn new(search: &str) -> Self {
        let search = RwSignal::new(search.to_owned());
        Self { search, going_on: Memo::new(move |_| search.with(|search| going_on(search))) }
    }

    /// That of the request.
    #[cfg(feature = "ssr")]
    pub fn of_request() -> Self {
        let parts = use_context::<http::request::Parts>();
        Self::new(parts.as_ref().and_then(|parts| parts.uri.query()).unwrap_or_default())
    }

    /// That of the document, as of its newest drawing. Only in the browser.
    pub fn of_document() -> Self {
        let now = || location().search().unwrap_or_default();
        let address = Self::new(&now());
        crate::islands::on_drawn(move || address.set(&now()));
        address
    }

    /// All of it.
    pub fn search(self) -> String {
        self.search.get()
    }

    /// The chosen site and period: `?site=world&period=week`, or nothing.
    pub fn period(self) -> String {
        self.going_on.get()
    }

    /// The value of a parameter.
    pub fn get(self, name: &str) -> Option<String> {
        self.search.with(|search| parameter(search, name))
    }

    /// Goes on with another value of a parameter, without leaving the document, and has it drawn anew. Only in the
    /// browser.
    pub fn change(self, name: &str, value: &str) {
        let value = String::from(js_sys::encode_uri_component(value));
        let search = with(&self.search.read_untracked(), name, &value);
        self.set(&search);
        let path = location().pathname().unwrap_or_default();
        crate::islands::change_address(&join(&path, &search));
    }

    fn set(self, search: &str) {
        if *self.search.read_untracked() != search {
            self.search.set(search.to_owned());
        }
    }
}

#[cfg(feature = "ssr")]
fn parameter(search: &str, name: &str) -> Option<String> {
    service::pages::Query::parse(search).get(name).map(str::to_owned)
}

#[cfg(not(feature = "ssr"))]
fn parameter(search: &str, name: &str) -> Option<String> {
    web_sys::UrlSearchParams::new_with_str(search).ok()?.get(name)
}

/// A query with another value of a parameter, or without it where that is empty.
pub fn with(search: &str, name: &str, value: &str) -> String {
    let search = search.strip_prefix('?').unwrap_or(search);
    let is_other = |part: &&str| {
        let own = part.strip_prefix(name).is_some_and(|rest| rest.starts_with('='));
        !part.is_empty() && !own
    };
    let own = (!value.is_empty()).then(|| format!("{name}={value}"));
    let rest = search.split('&').filter(is_other).map(str::to_owned);
    let parts: Vec<_> = rest.chain(own).collect();
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}

/// An address with a query behind its own.
pub fn join(path: &str, query: &str) -> String {
    match query.strip_prefix('?') {
        Some(query) if path.contains('?') => format!("{path}&{query}"),
        _ => format!("{path}{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_what_it_says_itself() {
        assert_eq!(join("/meters", "?period=week"), "/meters?period=week");
        assert_eq!(join("/meters?meter=3", "?period=week"), "/meters?meter=3&period=week");
        assert_eq!(join("/meters?meter=3", ""), "/meters?meter=3");
    }

    #[test]
    fn a_parameter_stands_in_the_address_beside_all_else() {
        assert_eq!(with("?meter=7&show=co2&q=a", "show", "cost"), "?meter=7&q=a&show=cost");
        assert_eq!(with("show=co2", "show", ""), "");
        assert_eq!(with("", "show", "cost"), "?show=cost");
    }

    #[test]
    fn site_and_period_are_told_from_what_else_stands_in_the_address() {
        let search = "?node=7&period=week&at=2026-11-09&period2=x&site=world";
        assert_eq!(going_on(search), "?period=week&at=2026-11-09&site=world");
        assert_eq!(going_on(""), "");
    }
}
