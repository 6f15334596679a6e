//! The site and the period in the address, which every link within the application carries on.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

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

/// The chosen site and period, as they stand in the address: `?site=world&period=week`, or nothing.
#[derive(Clone, Copy)]
pub struct Chosen(Memo<String>);

impl Chosen {
    /// To be made once, below the router, and put into the context.
    pub fn new() -> Self {
        let search = use_location().search;
        Self(Memo::new(move |_| search.with(|search| going_on(search))))
    }

    /// What follows in an address.
    pub fn query(self) -> String {
        self.0.get()
    }

    /// The site alone, for what is the same in each period.
    pub fn site(self) -> String {
        self.0.with(|query| {
            let site =
                query.trim_start_matches('?').split('&').find(|part| part.starts_with("site="));
            site.map(|site| format!("?{site}")).unwrap_or_default()
        })
    }

    /// The same, at the moment that something happens.
    pub fn query_now(self) -> String {
        self.0.get_untracked()
    }
}

/// A link within the application that keeps the site and the period.
pub fn link(path: impl Into<String>) -> Signal<String> {
    keeping(path.into())
}

fn keeping(path: String) -> Signal<String> {
    let chosen = expect_context::<Chosen>();
    Signal::derive(move || join(&path, &chosen.query()))
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
    fn site_and_period_are_told_from_what_else_stands_in_the_address() {
        let search = "?node=7&period=week&at=2026-11-09&period2=x&site=world";
        assert_eq!(going_on(search), "?period=week&at=2026-11-09&site=world");
        assert_eq!(going_on(""), "");
    }
}
