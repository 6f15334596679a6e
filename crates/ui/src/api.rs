//! Server functions: what the browser asks the server while it runs. Each calls one use case.

mod map;
mod meters;
mod overview;
#[cfg(feature = "ssr")]
mod pages;
mod sheet;
mod snapshot;

#[cfg(feature = "ssr")]
use leptos::prelude::ServerFnError;

pub use map::{GetMap, get_map};
pub use meters::ask_meters;
pub use meters::{GetMeters, get_meters};
pub use overview::{GetOverview, Hotspot, get_overview};
#[cfg(feature = "ssr")]
pub(crate) use pages::pages;
#[cfg(feature = "ssr")]
pub use pages::{Pages, provide_pages};
pub use sheet::ask_sheet;
pub use sheet::{GetSheet, Sheet, get_sheet};
pub use snapshot::{GetSnapshot, get_snapshot};

/// The use cases and who acts, as the server put them into the request's context.
#[cfg(feature = "ssr")]
fn acting() -> Result<(service::Service, service::Principal), ServerFnError> {
    use domain::operation::unable::Unable;
    use leptos::prelude::use_context;
    use_context()
        .zip(use_context())
        .ok_or_else(|| ServerFnError::new(texts::messages::told(&Unable::NoAccess.into())))
}

/// What a use case answers to a server function: what was asked for, or in words why it refuses. To the
/// browser a refusal is an answer, no failure; only what really failed is an error.
#[cfg(feature = "ssr")]
fn answer<T>(result: Result<T, service::Error>) -> Result<Result<T, String>, ServerFnError> {
    use service::Error as E;
    match result {
        Ok(found) => Ok(Ok(found)),
        Err(error @ (E::Storage(_) | E::Panicked(_) | E::Unavailable)) => Err(refused(&error)),
        Err(error) => Ok(Err(why(&error))),
    }
}

/// Why the server refuses, where the browser may take it for a failure.
#[cfg(feature = "ssr")]
fn refused(error: &service::Error) -> ServerFnError {
    ServerFnError::ServerError(why(error))
}

/// Why the server refuses, in words. A document about something that is not there, or is
/// nothing for its reader, has that as its status.
#[cfg(feature = "ssr")]
fn why(error: &service::Error) -> String {
    use leptos::prelude::use_context;
    let is_call = use_context::<http::request::Parts>()
        .is_some_and(|parts| parts.uri.path().starts_with("/fn/"));
    let response = use_context::<leptos_axum::ResponseOptions>().filter(|_| !is_call);
    let status = match error {
        service::Error::NotFound { .. } => Some(http::StatusCode::NOT_FOUND),
        service::Error::Forbidden { .. } => Some(http::StatusCode::FORBIDDEN),
        _ => None,
    };
    if let (Some(status), Some(response)) = (status, response) {
        response.set_status(status);
    }
    texts::messages::told(&error.message())
}
