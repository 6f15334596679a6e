//! The parts of pages that the server draws as views. Each stands on `/kit` in every state.
//!
//! A page takes its parts from here and adds one where it needs another. What moves by itself in the browser is in
//! `components`.

mod field;
mod form;
mod rows;
mod state;
mod table;

pub use field::{Choice, Field};
pub use form::{Confirm, Form, submit};
pub use rows::Rows;
pub use state::{Badge, Empty, Failure, Notice};
pub use table::{Cell, Column, PlainTable, Row, Table, heads};

use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use markup::Html;

use crate::drawing::REFRESH_S;
use crate::drawing::Sheet;

/// Writes a view. Nothing brings it to life: as text it needs none of the code that would, for each type of view.
pub trait Draw {
    fn drawn(self) -> AnyView;
}

impl<V: IntoView> Draw for V {
    fn drawn(self) -> AnyView {
        InertElement::new(self.into_view().to_html()).into_any()
    }
}

/// Markup as a view.
pub fn inert(html: impl markup::Draw) -> AnyView {
    let mut drawn = Html::default();
    html.draw(&mut drawn);
    InertElement::new(drawn.into_string()).into_any()
}

/// A page of views as it is sent.
pub fn page(title: &str, view: impl IntoView + 'static) -> Sheet {
    let html = view.into_view().to_html();
    Sheet { title: title.to_owned(), html, refresh_s: REFRESH_S, ..Sheet::default() }
}
