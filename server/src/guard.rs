//! Who asks, decided before anything else.
//!
//! A signed-in user is known by a cookie. While no user exists, whoever sits at this machine acts as
//! administrator. Any web page can reach a server on loopback, and so can whoever a proxy on this machine lets
//! in, so that this holds only for requests that neither could have made: a Host of ours, a peer on this
//! machine that is a program of the same account, no header of a proxy, no other site behind the request.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use app::in_language;
use app::language::of_request;
use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::language::Language;
use domain::operation::request::RequestRefusal;
use service::people::audit;
use service::people::sign_in::{self, Sent};
use service::people::tokens::PREFIX;
use service::{Principal, Service};

use crate::client::{Origin, Proxies};
use crate::cookies;
use crate::error::ApiError;
use crate::extract;
use crate::invitation::PublicUrl;
use crate::listen::Connection;
use crate::routes::NEVER_KEPT;

/// What the guard needs to know of the installation.
#[derive(Debug, Clone, Default)]
pub struct GuardSettings {
    /// The address under which people reach it, where that is not a loopback name.
    pub public_url: Option<Uri>,
    /// The proxies that are believed whom they name.
    pub proxies: Proxies,
}

/// How long browsers hold to TLS.
const HALF_A_YEAR: HeaderValue = HeaderValue::from_static("max-age=15768000");

const LOOPBACK_NAMES: &[&str] = &["localhost", "127.0.0.1", "[::1]"];
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The settings and users that the guard decides by.
#[derive(Clone)]
struct Guard {
    settings: Arc<GuardSettings>,
    service: Service,
}

/// Puts the guard before every route of `router`.
pub fn protect(router: Router, settings: &GuardSettings, service: Service) -> Router {
    let guarding = Guard { settings: Arc::new(settings.clone()), service };
    router.layer(middleware::from_fn_with_state(guarding, guard))
}

/// Leads whoever may not look at pages to where people sign in; without users, such as a browser that was led
/// here by a link elsewhere, to the page itself.
pub async fn known_to_pages(
    State(service): State<Service>,
    request: Request,
    next: Next,
) -> Response {
    let who = request.extensions().get().unwrap_or(&Principal::Anonymous);
    if who.is_known() {
        if request.uri().path() == "/" && request.uri().query().is_none() {
            let home = service::pages::home(&service, who);
            if home != "/" {
                return Redirect::to(&home).into_response();
            }
        }
        next.run(request).await
    } else if sign_in::has_users(&service).await {
        let asked = request.uri().path_and_query().map_or("/", |asked| asked.as_str());
        crate::sign_in::redirect(asked)
    } else {
        (StatusCode::UNAUTHORIZED, document(Language::En, STRANGER)).into_response()
    }
}

const STRANGER: &str = "<h1>Open Wattlens directly</h1>\
    <p>This request came from another site or through a proxy, so nothing is shown. \
    <a href=\"/\">Continue to Wattlens</a> or type its address.</p>";

/// A document that needs nothing else of this server.
fn document(language: Language, body: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>Wattlens</title>{body}</html>",
        language.tag()
    ))
}

/// A request that is not let in: its refusal, as a document where a browser asks for one.
fn turned_away(headers: &HeaderMap, refused: ApiError) -> Response {
    if !extract::accepts_html(headers) {
        return refused.into_response();
    }
    let language = of_request(headers, None);
    let said = in_language(&refused.message(), language).replace('&', "&amp;").replace('<', "&lt;");
    (refused.status(), document(language, &format!("<h1>Wattlens</h1><p>{said}</p>")))
        .into_response()
}

async fn guard(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    let mut origin = guard.settings.proxies.origin(&request);
    origin.is_secure |= is_public_and_secure(&guard.settings, &request);
    let has_users = sign_in::has_users(&guard.service).await;
    let admitted = match admit(&guard.settings, &request, origin, has_users) {
        Ok(sent) => who(&guard.service, &sent).await.map(|who| (who, sent.is_near)),
        Err(refused) => Err(refused),
    };
    let mut response = match admitted {
        Ok((principal, is_near)) => {
            let is_user = principal.account().is_some();
            request.extensions_mut().insert(origin);
            request.extensions_mut().insert(IsNear(is_near));
            request.extensions_mut().insert(PublicUrl(guard.settings.public_url.clone()));
            request.extensions_mut().insert(principal);
            let mut response = audit::with_address(Some(origin.address), next.run(request)).await;
            if is_user {
                // After signing out nobody goes back to what was shown.
                response.headers_mut().entry(header::CACHE_CONTROL).or_insert(NEVER_KEPT);
            }
            response
        }
        Err(refused) => {
            let answer = turned_away(request.headers(), refused);
            extract::refuse(request, answer).await
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if origin.is_secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HALF_A_YEAR);
    }
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    response
}

/// Whether somebody at this machine asks while there are no users, as an extension of the request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IsNear(pub(crate) bool);

async fn who(service: &Service, sent: &Sent) -> Result<Principal, ApiError> {
    Ok(sign_in::who(service, sent).await?)
}

fn admit(
    settings: &GuardSettings,
    request: &Request,
    origin: Origin,
    has_users: bool,
) -> Result<Sent, ApiError> {
    let Some(host) = host(request).filter(|host| is_ours(settings, host, has_users)) else {
        return Err(ApiError::new(
            StatusCode::MISDIRECTED_REQUEST,
            "wrong_host",
            RequestRefusal::WrongHost,
        ));
    };
    let headers = request.headers();
    if (request.method() != Method::GET || is_upgrade(headers))
        && !origin_is_ours(settings, headers, &host, origin.is_secure)
    {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            RequestRefusal::ForeignOrigin,
        ));
    }
    Ok(Sent {
        session: cookies::session(headers, origin.is_secure).map(str::to_owned),
        token: token(headers).map(str::to_owned),
        is_near: !has_users && is_near(request),
    })
}

/// The token of a program. Other ways to prove who one is are none of ours.
fn token(headers: &HeaderMap) -> Option<&str> {
    let stated = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = stated.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && token.starts_with(PREFIX)).then_some(token)
}

/// Whether the request names the address under which people reach it over TLS. A proxy before it need not say so for
/// the session to be kept from connections without TLS.
fn is_public_and_secure(settings: &GuardSettings, request: &Request) -> bool {
    let public = settings.public_url.as_ref().filter(|url| url.scheme_str() == Some("https"));
    public.and_then(Uri::authority).is_some_and(|public| host(request).as_ref() == Some(public))
}

/// Whether somebody at this machine asks, and nobody behind whatever runs on it.
fn is_near(request: &Request) -> bool {
    let headers = request.headers();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let connection = request.extensions().get::<Connection>();
    peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback())
        && !is_forwarded(headers)
        && is_own_request(headers)
        && connection.is_none_or(Connection::is_of_this_account)
}

/// The one name under which the request came; none where it has none, several or a broken one.
fn host(request: &Request) -> Option<Authority> {
    let mut stated = request.headers().get_all(header::HOST).iter();
    let host: Authority = stated.next()?.to_str().ok()?.parse().ok()?;
    let agrees = request.uri().authority().is_none_or(|target| *target == host);
    (stated.next().is_none() && agrees && !host.as_str().contains('@')).then_some(host)
}

/// Whether a name is ours: of this machine, or the one under which people reach it. Where people sign in an address
/// will do too, since no page elsewhere can have one for its name.
fn is_ours(settings: &GuardSettings, host: &Authority, has_users: bool) -> bool {
    let public = settings.public_url.as_ref().and_then(Uri::authority);
    let bare = host.host().trim_start_matches('[').trim_end_matches(']');
    LOOPBACK_NAMES.iter().any(|name| host.host().eq_ignore_ascii_case(name))
        || public.is_some_and(|public| public == host)
        || (has_users && bare.parse::<IpAddr>().is_ok())
}

fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.contains_key(header::UPGRADE)
}

/// Whether the page behind the request, where there is one, is ours.
fn origin_is_ours(
    settings: &GuardSettings,
    headers: &HeaderMap,
    host: &Authority,
    is_secure: bool,
) -> bool {
    let public = settings
        .public_url
        .as_ref()
        .and_then(|url| Some(format!("{}://{}", url.scheme_str()?, url.authority()?)));
    let own = format!("{}://{host}", if is_secure { "https" } else { "http" });
    headers.get_all(header::ORIGIN).iter().all(|origin| {
        origin.to_str().is_ok_and(|origin| {
            origin.eq_ignore_ascii_case(&own)
                || public.as_ref().is_some_and(|public| origin.eq_ignore_ascii_case(public))
        })
    })
}

/// Headers that proxies add to requests.
const OF_PROXIES: [&str; 5] = ["forwarded", "via", "x-real-ip", "true-client-ip", "x-client-ip"];

fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.keys().map(HeaderName::as_str).any(|name| {
        OF_PROXIES.contains(&name) || name.starts_with("x-forwarded-") || name.starts_with("cf-")
    })
}

/// Browsers say what lies behind a request; programs say nothing.
fn is_own_request(headers: &HeaderMap) -> bool {
    headers.get_all(SEC_FETCH_SITE).iter().all(|site| site == "none" || site == "same-origin")
}
