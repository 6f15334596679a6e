//! What pages that the server draws alone share: the sheet, addresses, forms and their outcome, figures
//! and plots. Such a page is HTML that the browser puts in place: nothing in it reacts, and what a person
//! does is a link or a form.

pub mod act;
pub mod action;
mod alert;
pub mod files;
pub mod form;
mod held;
pub mod parts;
mod refill;
pub mod rights;
pub mod sending;

pub use alert::{Wording, alert, alert_of_demand};
pub use held::{asked, decide, held, question};
pub use sending::{send, send_to};

use std::pin::Pin;

use domain::live::Snapshot;
use domain::view::PeriodContext;
use markup::{Html, Value, html};
use service::Error;
use service::pages::Query;

pub use crate::components::mark::Shape;
use crate::period::join;
pub use files::Downloads;
pub use form::{main_button, submit_button};
pub use parts::{draw_table, mark, time};
pub use rights::may;

/// A page on its way, or none where nothing stands at an address. Boxed, so that it is compiled in the
/// crate that draws it.
pub type Drawing<'a> = Doing<'a, Option<Sheet>>;

/// What is done in the crate that knows how.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// Figures of a period change every quarter-hour; a minute late is early enough.
pub(crate) const REFRESH_S: u32 = 60;

/// A page, or a part of one, as the server drew it.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    pub title: String,
    pub html: String,
    /// Seconds after which it is drawn anew; 0 where it is not.
    pub refresh_s: u32,
    /// Whether it is drawn anew as soon as the stream tells of something new.
    pub is_live: bool,
    pub islands: Islands,
}

/// The islands that a page has beside those of the frame.
#[derive(Debug, Clone, Default)]
pub enum Islands {
    #[default]
    None,
    /// They show live values.
    Live(Box<Snapshot>),
    Map,
}

impl Islands {
    /// The module that brings the islands of the whole document to life.
    pub const fn module(&self) -> &'static str {
        match self {
            Self::None => "islands",
            Self::Live(_) => "live",
            Self::Map => "map",
        }
    }
}

/// A sheet of a view.
pub fn sheet(title: &str, content: Html) -> Sheet {
    let html = content.into_string();
    Sheet { title: title.to_owned(), html, refresh_s: REFRESH_S, ..Sheet::default() }
}

/// A sheet that is left alone while it is read: another would lose what is typed into its forms.
pub fn still_sheet(title: &str, content: Html) -> Sheet {
    Sheet { refresh_s: 86_400, ..sheet(title, content) }
}

/// An address within the application that keeps the site and the period.
pub fn link(shown: &PeriodContext, path: &str) -> String {
    address(path, &shown.query())
}

/// An address about the same site, with parameters; empty ones are left out.
pub fn at(slug: Option<&str>, path: &str, parameters: &[(&str, &str)]) -> String {
    let site = slug.map(|slug| ("site", slug));
    let all = parameters.iter().copied().chain(site);
    let query = all.fold(Query::default(), |query, (name, value)| query.with(name, value));
    address(path, &query.without(&[]))
}

/// A path with what follows after `?`, before the place on the page where it names one.
pub fn address(path: &str, query: &str) -> String {
    if query.is_empty() {
        return path.to_owned();
    }
    let query = format!("?{query}");
    match path.split_once('#') {
        Some((path, place)) => format!("{}#{place}", join(path, &query)),
        None => join(path, &query),
    }
}

/// A field that nobody fills in.
pub fn hidden(name: impl Value, value: impl Value) -> Html {
    html! { <input type="hidden" name=name value=value /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_the_site_and_whatever_was_typed() {
        let found = at(Some("twin"), "/devices", &[("state", ""), ("q", "a & b")]);
        assert_eq!(found, "/devices?q=a+%26+b&site=twin");
        assert_eq!(at(None, "/devices", &[]), "/devices");
        assert_eq!(at(Some("twin"), "/loggers#form", &[]), "/loggers?site=twin#form");
    }
}
