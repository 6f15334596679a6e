//! What server functions answer, fetched once: by the server while it renders a page, which hands it
//! on to the browser in the HTML.

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::json::JsonText;

/// What a server function answers, fetched by the server while it renders and handed on to the
/// browser in the page.
pub type Fetched<T> = Resource<Result<T, ServerFnError>, JsonText>;

/// Fetches `fetch(source())`, again whenever the source changes.
pub fn fetched<S, T, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetch: impl Fn(S) -> F + Send + Sync + 'static,
) -> Fetched<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, ServerFnError>> + Send + 'static,
{
    Resource::new_with_options(source, fetch, false)
}
