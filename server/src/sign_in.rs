//! The page on which people sign in, and signing out: forms of plain HTML.

use app::language::of_request;
use app::sign_in::{PATH, SignIn};
use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use notify::Notifier;
use service::people::account;
use service::people::sign_in::{self, Attempt, Begun};
use service::{Error, Principal, Service};

use crate::acts::is_path;
use crate::client::Origin;
use crate::cookies;
use crate::error::ApiError;
use crate::extract::Who;
use crate::flash::Posted;
use crate::guard::IsNear;

/// Context of the pages around signing in.
#[derive(Clone)]
pub(crate) struct SignInPages {
    pub(crate) service: Service,
    /// Address of the style sheet.
    pub(crate) style: String,
    /// Sends links by mail.
    pub(crate) notifier: Notifier,
}

/// Their routes.
pub(crate) fn router(pages: SignInPages) -> Router {
    Router::new()
        .route(PATH, get(page).post(enter))
        .route("/sign-out", post(leave))
        .route("/look-as", post(look_as))
        .with_state(pages)
}

/// Address of the sign-in page that leads back to a page.
pub(crate) fn address(path_and_query: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(path_and_query.as_bytes()).collect();
    if path_and_query == "/" { PATH.to_owned() } else { format!("{PATH}?next={next}") }
}

async fn page(
    State(pages): State<SignInPages>,
    Extension(origin): Extension<Origin>,
    Who(who): Who,
    request: Request,
) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "next");
    let asked = asked.map(|(_, asked)| asked.into_owned()).unwrap_or_default();
    let next = next(&asked);
    if matches!(who, Principal::User(_)) {
        return Redirect::to(next).into_response();
    }
    let (parts, _) = request.into_parts();
    let is_ended = !who.is_known() && cookies::session(&parts.headers, origin.is_secure).is_some();
    let drawn = SignIn { next: next.to_owned(), is_ended, ..SignIn::default() };
    document(&pages, parts, |style| app::sign_in::document(drawn, style))
}

async fn enter(State(pages): State<SignInPages>, posted: Posted) -> Result<Response, ApiError> {
    let (name, next) = (posted.text("name"), next(posted.text("next")));
    let attempt = attempt(&posted.parts.headers, posted.origin, (name, posted.text("password")));
    match sign_in::sign_in(&pages.service, attempt).await {
        Ok(begun) => {
            let next = Some(next).filter(|next| *next != "/");
            Ok(welcome(&pages, &begun, next, posted.origin))
        }
        Err(error @ (Error::NotSignedIn(_) | Error::Busy(_))) => {
            let drawn = SignIn {
                next: next.to_owned(),
                name: name.to_owned(),
                refused: Some(error.message()),
                is_ended: false,
            };
            let status = ApiError::from(error).status();
            let document =
                document(&pages, posted.parts, |style| app::sign_in::document(drawn, style));
            Ok((status, document).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// A try to sign in, from the browser that sent these headers.
pub(crate) fn attempt<'a>(
    headers: &'a HeaderMap,
    origin: Origin,
    (name, password): (&'a str, &'a str),
) -> Attempt<'a> {
    let device = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Attempt {
        name,
        password,
        address: origin.address,
        device: device.unwrap_or_default(),
        known: cookies::device(headers, origin.is_secure),
    }
}

async fn leave(
    State(pages): State<SignInPages>,
    Extension(origin): Extension<Origin>,
    Extension(IsNear(is_near)): Extension<IsNear>,
    Who(who): Who,
) -> Result<Response, ApiError> {
    account::sign_out(&pages.service, &who).await?;
    let mut response = Redirect::to(if is_near { "/" } else { PATH }).into_response();
    cookies::forget(response.headers_mut(), origin.is_secure);
    cookies::forget_flash(response.headers_mut(), origin.is_secure);
    Ok(response)
}

/// Shows a demonstration as one of its accounts does, to somebody at this machine.
async fn look_as(
    State(pages): State<SignInPages>,
    Extension(IsNear(is_near)): Extension<IsNear>,
    posted: Posted,
) -> Result<Response, ApiError> {
    if !is_near {
        return Ok(redirect("/"));
    }
    let attempt = attempt(&posted.parts.headers, posted.origin, (posted.text("as"), ""));
    let begun = service::people::demo::look_as(&pages.service, attempt).await?;
    Ok(welcome(&pages, &begun, None, posted.origin))
}

/// Leads somebody who has signed in to a page, or home.
pub(crate) fn welcome(
    pages: &SignInPages,
    begun: &Begun,
    next: Option<&str>,
    origin: Origin,
) -> Response {
    let home = || service::pages::home(&pages.service, &begun.who);
    let mut response = Redirect::to(&next.map_or_else(home, str::to_owned)).into_response();
    cookies::keep(response.headers_mut(), begun, origin.is_secure);
    response
}

/// A document without the frame and without a script.
pub(crate) fn document(
    pages: &SignInPages,
    parts: axum::http::request::Parts,
    draw: impl FnOnce(&str) -> String,
) -> Response {
    let who = parts.extensions.get::<Principal>();
    let language = of_request(&parts.headers, who.and_then(Principal::language));
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                  base-uri 'none'; frame-ancestors 'none'";
    let headers = [(header::CONTENT_SECURITY_POLICY, policy), (header::CACHE_CONTROL, "no-store")];
    (headers, Html(app::without_frame(language, parts, || draw(&pages.style)))).into_response()
}

/// The page to go on to, which is one of ours alone.
fn next(asked: &str) -> &str {
    if is_path(asked) { asked } else { "/" }
}

/// Sends whoever is not signed in to where that is done, if that is what they need.
pub(crate) fn redirect(path_and_query: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, address(path_and_query))]).into_response()
}
