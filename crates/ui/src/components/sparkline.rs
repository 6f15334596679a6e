//! A small line of the last 24 hours, from zero.

#[cfg(feature = "ssr")]
mod drawn;

use leptos::prelude::*;

use crate::components::reactive::text;

#[cfg(feature = "ssr")]
pub use drawn::html;

const WIDTH: f64 = 66.0;
const HEIGHT: f64 = 18.0;

/// A small chart that the server drew. What it shows is said in figures beside it, so it is silent to
/// screen readers.
pub fn framed(line: Signal<String>, class: Signal<&'static str>) -> impl IntoView {
    let class = text(move || format!("spark {}", class.get()));
    view! { <svg class=class width=WIDTH height=HEIGHT aria-hidden="true" inner_html=line></svg> }
}
