//! Server functions: what the browser asks the server while it runs. Each calls one use case.

mod act;
mod map;
mod meter;
mod meters;
mod overview;
mod sheet;
mod snapshot;

pub use act::{Act, Told, act};
pub use map::{GetMap, get_map};
pub use meter::{GetMeter, get_meter};
pub use meters::{GetMeters, get_meters};
pub use overview::{GetOverview, Hotspot, get_overview};
pub use sheet::{GetSheet, Sheet, get_sheet};
pub use snapshot::{GetSnapshot, get_snapshot};

/// The use cases and who acts, as the server put them into the request's context.
#[cfg(feature = "ssr")]
fn acting() -> Result<(service::Service, service::Principal), leptos::prelude::ServerFnError> {
    use leptos::prelude::{ServerFnError, use_context};
    use_context()
        .zip(use_context())
        .ok_or_else(|| ServerFnError::new("the server gave this page no access to its data"))
}

/// Why the server refuses, in words. A page about something that is not there has that as its status.
#[cfg(feature = "ssr")]
fn refused(error: service::Error) -> leptos::prelude::ServerFnError {
    use leptos::prelude::{ServerFnError, use_context};
    let response = use_context::<leptos_axum::ResponseOptions>();
    if let (service::Error::NotFound { .. }, Some(response)) = (&error, response) {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    ServerFnError::new(error)
}
