//! The period in the address, which every link within the application carries on.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

/// The parameters of an address that name the period.
const PARAMETERS: [&str; 5] = ["period", "at", "from", "to", "compare"];

/// The chosen period, as it stands in the address.
#[derive(Clone, Copy)]
pub(crate) struct Chosen {
    all: Memo<ParamsMap>,
    query: Memo<String>,
}

impl Chosen {
    /// To be made once, below the router, and put into the context.
    pub(crate) fn new() -> Self {
        let all = use_query_map();
        let query = Memo::new(move |_| {
            let mut own = ParamsMap::new();
            all.with(|all| {
                for name in PARAMETERS {
                    if let Some(value) = all.get(name) {
                        own.insert(name, value);
                    }
                }
            });
            own.to_query_string()
        });
        Self { all, query }
    }

    /// `?period=week`, or nothing.
    pub(crate) fn query(self) -> String {
        self.query.get()
    }

    /// The same, at the moment that something happens.
    pub(crate) fn query_now(self) -> String {
        self.query.get_untracked()
    }

    /// The address with another period, everything else as it is.
    pub(crate) fn with(self, period: &str) -> String {
        let mut rest = self.all.get_untracked();
        for name in PARAMETERS {
            rest.remove(name);
        }
        let rest = rest.to_query_string();
        match (rest.strip_prefix('?'), period) {
            (None, period) => format!("?{period}"),
            (Some(_), "") => rest,
            (Some(rest), period) => format!("?{rest}&{period}"),
        }
    }
}

/// A link within the application that keeps the period.
pub(crate) fn link(path: impl Into<String>) -> Signal<String> {
    let (path, chosen) = (path.into(), expect_context::<Chosen>());
    Signal::derive(move || join(&path, &chosen.query()))
}

/// An address with a query behind its own.
pub(crate) fn join(path: &str, query: &str) -> String {
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
}
