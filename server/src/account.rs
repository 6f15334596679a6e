//! The forms of the page `/account`.

use app::language::Language;
use app::words::account as words;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use domain::people::SessionId;
use service::people::account;
use service::{Error, Service};

use crate::cookies;
use crate::error::ApiError;
use crate::flash::Posted;

const PAGE: &str = "/account";

/// The addresses to which the forms are posted.
pub(crate) fn router(service: Service) -> Router {
    Router::new()
        .route("/account/profile", post(profile))
        .route("/account/password", post(password))
        .route("/account/session", post(session))
        .route("/account/sessions", post(sessions))
        .method_not_allowed_fallback(async || ApiError::no_such_path())
        .with_state(service)
}

async fn profile(State(service): State<Service>, posted: Posted) -> Response {
    let language = Language::parse(posted.text("language"));
    let name = posted.text("displayName");
    let done = account::set_profile(&service, &posted.who, name, language).await;
    let is_done = done.is_ok();
    let mut response = posted.answer(service.vault(), PAGE, done.map(|()| words::SAVED));
    if is_done {
        cookies::forget_language(response.headers_mut());
    }
    response
}

async fn password(State(service): State<Service>, posted: Posted) -> Response {
    let pair = (posted.text("password"), posted.text("newPassword"));
    let changed = account::change_password(&service, &posted.who, pair).await;
    posted.answer(service.vault(), PAGE, changed.map(|()| words::PASSWORD_CHANGED))
}

async fn session(State(service): State<Service>, posted: Posted) -> Response {
    let done = match posted.text("session").parse::<SessionId>() {
        Ok(session) => account::end_session(&service, &posted.who, session).await,
        // One that cannot be has ended, too.
        Err(_) => Ok(()),
    };
    posted.answer(service.vault(), PAGE, done.map(|()| words::SESSION_ENDED))
}

async fn sessions(State(service): State<Service>, posted: Posted) -> Response {
    match account::sign_out_everywhere(&service, &posted.who).await {
        Ok(()) | Err(Error::Unauthorized { .. }) => {
            let mut response = Redirect::to(app::sign_in::PATH).into_response();
            cookies::forget(response.headers_mut(), posted.origin.is_secure);
            response
        }
        Err(error) => posted.answer(service.vault(), PAGE, Err(error)),
    }
}
