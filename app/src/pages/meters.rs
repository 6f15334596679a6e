//! All meters.
use leptos::prelude::*;
#[component]
pub(crate) fn MetersPage() -> impl IntoView {
    view! { <h1>"Meters"</h1> }
}
