//! One exchange with an HTTP meter.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::devices::reason::http::NoDocument;
use domain::devices::reason::unreached::Unreached;
use domain::devices::{DeviceState, HttpMethod, HttpRequest, public_address};
use domain::message::Message;
use reqwest::header::{LOCATION, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode, Url};
use serde_json::Value;

use crate::json::{self, excerpt};
use crate::outbound::{self, Client};

/// The largest document taken in.
const LARGEST: usize = 1 << 20;
/// However long a server asks us to wait, we look again after this.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// Why a fetch gave nothing.
#[derive(Debug, PartialEq)]
pub(crate) struct Failure {
    pub(crate) state: DeviceState,
    pub(crate) reason: Message,
    /// How long the server asks us to wait.
    pub(crate) wait: Option<Duration>,
}

impl Failure {
    fn offline(reason: impl Into<Message>) -> Self {
        Self { state: DeviceState::Offline, reason: reason.into(), wait: None }
    }

    pub(super) fn error(reason: impl Into<Message>) -> Self {
        Self { state: DeviceState::Error, reason: reason.into(), wait: None }
    }
}

/// Fetches a document.
pub(crate) async fn fetch(client: &Client, wanted: &HttpRequest) -> Result<Value, Failure> {
    let url = Url::parse(&wanted.url)
        .map_err(|error| Failure::error(NoDocument::NoAddress { why: error.to_string() }))?;
    let method = match wanted.method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
    };
    let mut request = client.request(method, url).map_err(Failure::error)?;
    for (name, value) in &wanted.headers {
        request = request.header(name, value);
    }
    if let Some(token) = &wanted.auth_token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.map_err(unreached)?;
    if !response.status().is_success() {
        return Err(declined(&response));
    }
    let body = body(response).await?;
    let text = String::from_utf8_lossy(&body);
    json::parse(&text).map_err(|error| {
        Failure::error(NoDocument::NotJson { why: error.to_string(), said: excerpt(&text) })
    })
}

/// Takes the body in piece by piece, as it is once decompressed, so that an endless one is never held.
async fn body(mut response: Response) -> Result<Vec<u8>, Failure> {
    let too_large = || Failure::error(NoDocument::TooLarge);
    if response.content_length().is_some_and(|length| length > LARGEST as u64) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreached)? {
        if body.len() + chunk.len() > LARGEST {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn unreached(error: reqwest::Error) -> Failure {
    let (unmade, late) = (error.is_builder(), error.is_timeout());
    let reason = outbound::reason(error);
    if unmade {
        Failure::error(NoDocument::NoRequest { why: Box::new(reason) })
    } else if late {
        Failure::offline(reason)
    } else {
        Failure::offline(Unreached::It { why: Box::new(reason) })
    }
}

fn declined(response: &Response) -> Failure {
    let status = response.status();
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    let wait = header(RETRY_AFTER).and_then(|text| retry_after(text, Utc::now()));
    let (is_elsewhere, status) = (status.is_redirection(), status.to_string());
    let is_token = matches!(response.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    let reason = if is_elsewhere {
        let to = excerpt(&public_address(header(LOCATION).unwrap_or("elsewhere")));
        NoDocument::Elsewhere { status, to }
    } else if is_token {
        NoDocument::Token { status }
    } else {
        NoDocument::Status { status }
    };
    let reason = match wait {
        Some(wait) => NoDocument::Wait { why: Box::new(reason.into()), seconds: wait.as_secs() },
        None => reason,
    };
    Failure { wait, ..Failure::error(reason) }
}

/// `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3).
fn retry_after(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    let wait = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => (DateTime::parse_from_rfc2822(text).ok()?.to_utc() - now).to_std().ok()?,
    };
    Some(wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_seconds_and_as_a_date() {
        let now = DateTime::parse_from_rfc2822("Fri, 20 Nov 2026 08:00:00 GMT").unwrap().to_utc();
        assert_eq!(retry_after("120", now), Some(Duration::from_mins(2)));
        assert_eq!(
            retry_after("Fri, 20 Nov 2026 08:00:30 GMT", now),
            Some(Duration::from_secs(30))
        );
        assert_eq!(retry_after("Fri, 20 Nov 2026 07:00:00 GMT", now), None);
        assert_eq!(retry_after("99999999", now), Some(LONGEST_WAIT));
        assert_eq!(retry_after("soon", now), None);
    }
}
