//! One meter.
use leptos::prelude::*;
#[component]
pub(crate) fn MeterPage() -> impl IntoView {
    view! { <h1>"Meter"</h1> }
}
