//! What loggers post. They read the answer as text: a line `SUCCESS`, or `FAILURE:` with the reason and
//! the status 401 or 406; a body that is too large is 413.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use acquisition::acquisuite::{Form, Part};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use service::Service;
use service::acquisuite::{Pass, Rejected, Upload, admit, receive, reject};
use tokio::time::timeout;

use crate::error::ApiError;
use crate::extract::{self, Id};
use crate::multipart;

/// A logger on a slow line sends its file in this time.
const PATIENCE: Duration = Duration::from_mins(2);
/// What a logger, or a browser, asks for when it is told who it should be.
const REALM: &str = "Basic realm=\"logger\"";

/// An upload of a logger of any site.
pub(crate) async fn to_any(State(service): State<Service>, request: Request) -> Response {
    answer(take(&service, None, request).await)
}

/// An upload of a logger of one site.
pub(crate) async fn to_site(
    State(service): State<Service>,
    Id(site): Id,
    request: Request,
) -> Response {
    answer(take(&service, Some(&site), request).await)
}

/// Why nothing was taken.
enum Failure {
    Rejected(Rejected),
    TooLarge(String),
}

impl From<Rejected> for Failure {
    fn from(rejected: Rejected) -> Self {
        Self::Rejected(rejected)
    }
}

async fn take(service: &Service, site: Option<&str>, request: Request) -> Result<String, Failure> {
    let address = peer(&request);
    let pass = admit(service, address)?;
    let form = match read(request).await {
        Ok(form) => form,
        Err(Failure::Rejected(rejected)) => {
            reject(service, &pass, &rejected).await;
            return Err(rejected.into());
        }
        Err(Failure::TooLarge(message)) => {
            reject(service, &pass, &malformed("too_large", message.clone())).await;
            return Err(Failure::TooLarge(message));
        }
    };
    Ok(receive(service, upload(&pass, site, form)).await?)
}

fn upload<'a>(pass: &'a Pass, site: Option<&'a str>, (basic, form): Read) -> Upload<'a> {
    Upload { pass, site, basic, form }
}

/// Where a request comes from: its peer, or whom a proxy on this machine names last. One whose address
/// is not known counts with all such.
fn peer(request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip());
    let named = forwarded_for(request.headers()).filter(|_| peer.is_loopback());
    named.unwrap_or(peer)
}

/// The last address of the last header: the one that the nearest proxy wrote.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

/// User and password of the request itself, and its form.
type Read = (Option<(String, String)>, Form);

async fn read(request: Request) -> Result<Read, Failure> {
    let basic = basic(request.headers());
    let boundary = multipart::boundary(request.headers());
    let body = timeout(PATIENCE, extract::body(request)).await;
    let body =
        body.map_err(|_| malformed("too_slow", "the upload did not arrive in two minutes"))?;
    let body = body.map_err(|error| too_large_or_broken(&error))?;
    let boundary =
        boundary.ok_or_else(|| malformed("no_form", "an upload is sent as multipart/form-data"))?;
    let parts = multipart::parts(body, boundary).await;
    let parts = parts.map_err(|error| malformed("malformed_form", error.to_string()))?;
    let part = |part: multipart::Part| Part {
        name: part.name,
        file_name: part.file_name,
        bytes: part.bytes,
    };
    let form = Form::new(parts.into_iter().map(part)).map_err(Rejected::from)?;
    Ok((basic, form))
}

fn too_large_or_broken(error: &ApiError) -> Failure {
    let message = error.message().to_owned();
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Failure::TooLarge(message)
    } else {
        malformed("broken_off", message).into()
    }
}

fn malformed(code: &'static str, message: impl Into<String>) -> Rejected {
    Rejected::Malformed { code, message: message.into() }
}

/// RFC 7617.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let stated = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = stated.split_once(' ')?;
    let decoded = BASE64_STANDARD.decode(encoded.trim()).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (user, password) = decoded.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| (user.to_owned(), password.to_owned()))
}

fn answer(taken: Result<String, Failure>) -> Response {
    match taken {
        Ok(text) => text.into_response(),
        Err(Failure::TooLarge(why)) => failure(StatusCode::PAYLOAD_TOO_LARGE, &why),
        Err(Failure::Rejected(rejected)) if rejected.is_about_credentials() => {
            let failed = failure(StatusCode::UNAUTHORIZED, &rejected.to_string());
            ([(WWW_AUTHENTICATE, REALM)], failed).into_response()
        }
        Err(Failure::Rejected(rejected)) => {
            failure(StatusCode::NOT_ACCEPTABLE, &rejected.to_string())
        }
    }
}

/// The logger reads one line.
fn failure(status: StatusCode, why: &str) -> Response {
    (status, format!("FAILURE: {}\n", why.replace(['\r', '\n'], " "))).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn behind_a_proxy_of_this_machine_each_logger_has_its_own_address() {
        let from = |sender: [u8; 4], named: Option<&str>| {
            let mut request = Request::new(Body::empty());
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from((sender, 1))));
            if let Some(named) = named {
                request.headers_mut().insert("x-forwarded-for", named.parse().unwrap());
            }
            peer(&request).to_string()
        };
        let proxy = [127, 0, 0, 1];
        assert_eq!(from(proxy, Some("10.9.9.9, 203.0.113.7")), "203.0.113.7");
        assert_eq!(from(proxy, Some("2001:db8::7")), "2001:db8::7");
        assert_eq!(from(proxy, Some("unknown")), "127.0.0.1");
        assert_eq!(from(proxy, None), "127.0.0.1");
        assert_eq!(from([203, 0, 113, 8], Some("203.0.113.7")), "203.0.113.8");
    }
}
