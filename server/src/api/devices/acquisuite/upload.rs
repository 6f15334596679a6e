//! What loggers post. They read the answer as text: a line `SUCCESS`, or `FAILURE:` with the reason and
//! the status 401 or 406; a body that is too large is 413.

use std::net::IpAddr;
use std::time::Duration;

use acquisition::acquisuite::{Form, Part};
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use domain::SiteSlug;
use domain::message::Message;
use domain::operation::request::BodyRefusal;
use schemars::JsonSchema;
use service::Service;
use service::devices::acquisuite::{Pass, Rejected, Upload, admit, receive, reject};
use tokio::time::timeout;

use crate::client::Origin;
use crate::error::ApiError;
use crate::extract::{self, Id};
use crate::multipart;

/// A logger on a slow line sends its file in this time.
const PATIENCE: Duration = Duration::from_mins(2);
/// What a logger, or a browser, asks for when it is told who it should be.
const REALM: &str = "Basic realm=\"logger\"";

/// The form of an upload; the names of its fields come in any case.
#[derive(JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[expect(dead_code, reason = "describes a form that is read part by part")]
pub(crate) struct UploadForm {
    /// What the upload is for, such as `LOGFILEUPLOAD`, `STATUS` or `TEST`.
    mode: Option<String>,
    /// Who uploads; the name and password of the request say it, too.
    serialnumber: Option<String>,
    /// The logger's password.
    password: Option<String>,
    /// The device that the file is of.
    modbusdevice: Option<String>,
    /// MD5 of the file.
    md5checksum: Option<String>,
    /// A log file.
    #[schemars(extend("contentMediaType" = "application/octet-stream"))]
    logfile: Option<String>,
    /// A list of points.
    #[schemars(extend("contentMediaType" = "application/octet-stream"))]
    configfile: Option<String>,
}

/// An upload of a logger of any site.
pub(crate) async fn to_any(
    State(service): State<Service>,
    Extension(origin): Extension<Origin>,
    request: Request,
) -> Response {
    answer(take(&service, None, origin.address, request).await)
}

/// An upload of a logger of one site.
pub(crate) async fn to_site(
    State(service): State<Service>,
    Id(site): Id,
    Extension(origin): Extension<Origin>,
    request: Request,
) -> Response {
    answer(take(&service, Some(&SiteSlug(site)), origin.address, request).await)
}

/// Why nothing was taken.
enum Failure {
    Rejected(Rejected),
    TooLarge(Message),
}

impl From<Rejected> for Failure {
    fn from(rejected: Rejected) -> Self {
        Self::Rejected(rejected)
    }
}

async fn take(
    service: &Service,
    site: Option<&SiteSlug>,
    address: IpAddr,
    request: Request,
) -> Result<String, Failure> {
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

fn upload<'a>(pass: &'a Pass, site: Option<&'a SiteSlug>, (basic, form): Read) -> Upload<'a> {
    Upload { pass, site, basic, form }
}

/// User and password of the request itself, and its form.
type Read = (Option<(String, String)>, Form);

async fn read(request: Request) -> Result<Read, Failure> {
    let basic = basic(request.headers());
    let boundary = multipart::boundary(request.headers());
    let body = timeout(PATIENCE, extract::body(request)).await;
    let body = body.map_err(|_| malformed("too_slow", BodyRefusal::UploadTooSlow))?;
    let body = body.map_err(|error| too_large_or_broken(&error))?;
    let boundary = boundary.ok_or_else(|| malformed("no_form", BodyRefusal::UploadNotForm))?;
    let parts = multipart::parts(body, boundary).await;
    let parts = parts.map_err(|error| malformed("malformed_form", error))?;
    let part = |part: multipart::Part| Part {
        name: part.name,
        file_name: part.file_name,
        bytes: part.bytes,
    };
    let form = Form::new(parts.into_iter().map(part)).map_err(Rejected::from)?;
    Ok((basic, form))
}

fn too_large_or_broken(error: &ApiError) -> Failure {
    let message = error.message();
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Failure::TooLarge(message)
    } else {
        malformed("broken_off", message).into()
    }
}

fn malformed(code: &'static str, message: impl Into<Message>) -> Rejected {
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
        Err(Failure::TooLarge(why)) => failure(StatusCode::PAYLOAD_TOO_LARGE, &why.message),
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
