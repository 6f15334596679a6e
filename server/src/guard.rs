//! Who asks, decided before anything else.
//!
//! While no user exists, whoever sits at this machine acts as administrator. Any web page can reach a
//! server on loopback, so that this holds only for requests that no page elsewhere could have made: a
//! Host of ours, a peer on this machine, no proxy in between, no other site behind the request.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use domain::operation::request::RequestRefusal;
use service::Principal;

use crate::client::Proxies;
use crate::error::ApiError;

/// What the guard needs to know of the installation.
#[derive(Debug, Clone, Default)]
pub struct GuardSettings {
    /// The address under which people reach it, where that is not a loopback name.
    pub public_url: Option<Uri>,
    /// The proxies that are believed whom they name.
    pub proxies: Proxies,
}

const LOOPBACK_NAMES: &[&str] = &["localhost", "127.0.0.1", "[::1]"];
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Puts the guard before every route of `router`.
pub fn protect(router: Router, settings: &GuardSettings) -> Router {
    router.layer(middleware::from_fn_with_state(Arc::new(settings.clone()), guard))
}

/// Answers 401 to whoever may not look at pages, such as a browser led here by a link elsewhere.
pub async fn known_to_pages(request: Request, next: Next) -> Response {
    match request.extensions().get::<Principal>() {
        Some(Principal::Loopback) => next.run(request).await,
        Some(Principal::Anonymous) | None => {
            (StatusCode::UNAUTHORIZED, Html(STRANGER)).into_response()
        }
    }
}

const STRANGER: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
    <title>Wattlens</title><h1>Open Wattlens directly</h1>\
    <p>This request came from another site or through a proxy, so nothing is shown. \
    <a href=\"/\">Continue to Wattlens</a> or type its address.</p></html>";

async fn guard(
    State(settings): State<Arc<GuardSettings>>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut response = match admit(&settings, &request) {
        Ok(principal) => {
            let client = settings.proxies.client(&request);
            request.extensions_mut().insert(client);
            request.extensions_mut().insert(principal);
            next.run(request).await
        }
        Err(refused) => refused.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    response
}

fn admit(settings: &GuardSettings, request: &Request) -> Result<Principal, ApiError> {
    let Some(host) = host(request).filter(|host| is_ours(settings, host)) else {
        return Err(ApiError::new(
            StatusCode::MISDIRECTED_REQUEST,
            "wrong_host",
            RequestRefusal::WrongHost,
        ));
    };
    let headers = request.headers();
    if (request.method() != Method::GET || is_upgrade(headers))
        && !origin_is_ours(settings, headers, &host)
    {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            RequestRefusal::ForeignOrigin,
        ));
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let near = peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
    if near && !is_forwarded(headers) && is_own_request(headers) {
        Ok(Principal::Loopback)
    } else {
        Ok(Principal::Anonymous)
    }
}

/// The one name under which the request came; none where it has none, several or a broken one.
fn host(request: &Request) -> Option<Authority> {
    let mut stated = request.headers().get_all(header::HOST).iter();
    let host: Authority = stated.next()?.to_str().ok()?.parse().ok()?;
    let agrees = request.uri().authority().is_none_or(|target| *target == host);
    (stated.next().is_none() && agrees && !host.as_str().contains('@')).then_some(host)
}

fn is_ours(settings: &GuardSettings, host: &Authority) -> bool {
    let public = settings.public_url.as_ref().and_then(Uri::authority);
    LOOPBACK_NAMES.iter().any(|name| host.host().eq_ignore_ascii_case(name))
        || public.is_some_and(|public| public == host)
}

fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.contains_key(header::UPGRADE)
}

/// Whether the page behind the request, where there is one, is ours.
fn origin_is_ours(settings: &GuardSettings, headers: &HeaderMap, host: &Authority) -> bool {
    let public = settings
        .public_url
        .as_ref()
        .and_then(|url| Some(format!("{}://{}", url.scheme_str()?, url.authority()?)));
    let own = format!("http://{host}");
    headers.get_all(header::ORIGIN).iter().all(|origin| {
        origin.to_str().is_ok_and(|origin| {
            origin.eq_ignore_ascii_case(&own)
                || public.as_ref().is_some_and(|public| origin.eq_ignore_ascii_case(public))
        })
    })
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        name == header::FORWARDED
            || name == header::VIA
            || name.as_str().starts_with("x-forwarded-")
    })
}

/// Browsers say what lies behind a request; programs say nothing.
fn is_own_request(headers: &HeaderMap) -> bool {
    headers.get_all(SEC_FETCH_SITE).iter().all(|site| site == "none" || site == "same-origin")
}
