//! The title of the document. The server writes it into its HTML, the browser sets it; nothing of it
//! stands in a view.

use leptos::prelude::*;

/// Names the page in the document's title, for as long as it is shown.
pub fn title(name: impl Into<Signal<String>>) {
    let name = name.into();
    let title = move || of_document(&name.get());
    #[cfg(feature = "ssr")]
    {
        use leptos_meta::{Title, TitleProps};
        // Written into the document as it is: a meter's name must not end the element.
        let escaped = move || markup::html!({ title() }).into_string();
        drop(Title(TitleProps { formatter: None, text: Some(escaped.into()) }));
    }
    #[cfg(not(feature = "ssr"))]
    Effect::new(move |_| document().set_title(&title()));
}

/// The title of the document in which a page of this name stands.
pub fn of_document(name: &str) -> String {
    if name.is_empty() { "Wattlens".to_owned() } else { format!("{name} · Wattlens") }
}
