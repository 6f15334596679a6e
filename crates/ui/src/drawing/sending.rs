//! The addresses of the forms of a page, so that they work in a browser that runs nothing, too.
//!
//! A form or a button with an act is sent by the script of the page where there is one, else by the browser, which is
//! led on: to the page itself, unless the form names another.

use leptos::prelude::{provide_context, use_context};
use markup::{Html, Value};

use super::at;

/// The address of the page that is being drawn.
#[derive(Clone)]
struct Here(String);

/// Keeps the address of the page that is drawn next: its forms lead back to it.
pub fn keep(address: String) {
    provide_context(Here(address));
}

/// When the reader of a page last sent a form, microseconds since 1970: a browser that sends one of its forms twice
/// tells the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FormKey(pub i64);

/// The `action` of a form, or the `formaction` of a button, with the act and the way in which it is sent.
pub struct Sent {
    act: &'static str,
    next: String,
    /// The page that shows why it is refused, where that is another.
    page: String,
}

/// Does an act and leads back to the page.
pub fn send(act: &'static str) -> Sent {
    Sent { act, next: here(), page: String::new() }
}

/// Does an act and leads on to another page.
pub fn send_to(act: &'static str, next: &str) -> Sent {
    Sent { act, next: next.to_owned(), page: here() }
}

pub(super) fn here() -> String {
    use_context().map(|Here(address)| address).unwrap_or_default()
}

impl Sent {
    /// The address to which it is sent.
    pub fn address(&self) -> String {
        let sent = use_context().map(|FormKey(sent)| sent.to_string()).unwrap_or_default();
        let query = [("next", self.next.as_str()), ("page", &self.page), ("sent", &sent)];
        at(None, &format!("/act/{}", self.act), &query)
    }
}

impl Value for Sent {
    fn write(self, name: &str, into: &mut Html) {
        let of = name.strip_suffix("action").unwrap_or(name);
        self.act.write(" data-act", into);
        "post".write(&format!("{of}method"), into);
        "multipart/form-data".write(&format!("{of}enctype"), into);
        self.address().write(name, into);
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::Owner;
    use markup::html;

    use super::*;

    #[test]
    fn a_form_is_posted_and_leads_back_to_its_page_or_on() {
        let posted = "method=\"post\" enctype=\"multipart/form-data\" action=\"/act";
        Owner::new().with(|| {
            let drawn = || html! { <form action=send("move")></form> }.into_string();
            let whole =
                |address: &str| format!("<form data-act=\"move\" {posted}/{address}\"></form>");
            assert_eq!(drawn(), whole("move"));
            keep("/losses?node=3&site=mill".to_owned());
            assert_eq!(drawn(), whole("move?next=%2Flosses%3Fnode%3D3%26site%3Dmill"));
            let on = html! { <form action=send_to("move", "/start")></form> };
            assert_eq!(
                on.into_string(),
                whole("move?next=%2Fstart&amp;page=%2Flosses%3Fnode%3D3%26site%3Dmill")
            );
            let button = html! { <button formaction=send_to("move", "/")></button> }.into_string();
            assert!(button.contains(" data-act=\"move\" formmethod=\"post\" formenctype="));
            assert!(button.contains(" formaction=\"/act/move?next=%2F&amp;page="), "{button}");
        });
    }
}
