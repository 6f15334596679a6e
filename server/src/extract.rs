//! Requests, read strictly: bodies, queries, path parameters, and who asks.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::message::Message;
use domain::operation::request::{BodyRefusal, QueryRefusal};
use futures::StreamExt as _;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use service::Principal;
use tokio::time::{Instant, timeout_at};

use crate::error::ApiError;

/// Bytes of a body at most; each route states its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyLimit(pub(crate) usize);

/// What is read and thrown away of a body that is too large, so that its sender sees the answer.
const DRAINED: usize = 64 << 20;

/// A JSON value as it came.
pub(crate) struct RawJson(pub(crate) Value);

/// A JSON object, read strictly.
pub(crate) struct JsonBody<T>(pub(crate) T);

/// A JSON object, read strictly; the usual one where no body was sent.
pub(crate) struct OptionalBody<T>(pub(crate) T);

/// Who asks.
pub(crate) struct Who(pub(crate) Principal);

/// The parameter of the path.
pub(crate) struct Id(pub(crate) String);

/// The two parameters of the path: a thing, and the number of something that belongs to it.
pub(crate) struct IdAndNumber(pub(crate) String, pub(crate) String);

/// The query, read strictly.
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync> FromRequest<S> for RawJson {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError::not_json());
        }
        let body = body(request).await?;
        let value: Value =
            serde_json::from_slice(&body).map_err(|error| ApiError::malformed(no_json(&error)))?;
        service::body::without_nul(&value)?;
        Ok(Self(value))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let RawJson(value) = RawJson::from_request(request, state).await?;
        Ok(Self(service::body::read(&value)?))
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !has_body(request.headers()) {
            return Ok(Self(T::default()));
        }
        let JsonBody(sent) = JsonBody::from_request(request, state).await?;
        Ok(Self(sent))
    }
}

fn no_json(error: &serde_json::Error) -> BodyRefusal {
    BodyRefusal::Json { why: Box::new(Message::foreign(error.to_string())) }
}

/// Whether a request says that its body is JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let stated = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = stated.and_then(|stated| stated.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// Whether a browser asks, for a document that it shows.
pub(crate) fn accepts_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

fn has_body(headers: &HeaderMap) -> bool {
    let says = |name| headers.get(name).is_some_and(|value| value != "0");
    says(header::CONTENT_LENGTH) || says(header::TRANSFER_ENCODING)
}

/// How slowly a body may come: one that is late is no body but a place that is held.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// Time that every body has.
    grace: Duration,
    /// Bytes that come in each second after it.
    bytes_a_second: u64,
}

/// A logger behind a modem is far faster.
const SLOWEST: Pace = Pace { grace: Duration::from_secs(10), bytes_a_second: 1 << 10 };

impl Pace {
    /// When the next bytes have to be there, after so many.
    fn due(self, begun: Instant, read: usize) -> Instant {
        let read = u64::try_from(read).unwrap_or(u64::MAX);
        begun + self.grace + Duration::from_secs(read / self.bytes_a_second)
    }
}

/// A refusal, after the body was read: a proxy that is still sending takes a connection that closes for a failure of
/// the server, and so do the requests that it sends on the same connection.
pub(crate) async fn refuse(mut request: Request, refused: impl IntoResponse) -> Response {
    let waits = request.headers().contains_key(header::EXPECT);
    request.extensions_mut().insert(BodyLimit(0));
    let is_left = match body(request).await {
        Ok(_) => false,
        Err(unread) => waits || unread.status() != StatusCode::PAYLOAD_TOO_LARGE,
    };
    let mut response = refused.into_response();
    if is_left {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// The body, within the limit of its route.
pub(crate) async fn body(request: Request) -> Result<Bytes, ApiError> {
    paced(request, SLOWEST).await
}

async fn paced(request: Request, pace: Pace) -> Result<Bytes, ApiError> {
    let begun = Instant::now();
    let limit = request.extensions().get::<BodyLimit>().map_or(0, |limit| limit.0);
    let stated = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok());
    let stated = stated.and_then(|length| length.parse::<usize>().ok());
    let waits = request.headers().contains_key(header::EXPECT);
    let mut stream = request.into_body().into_data_stream();
    let mut bytes = Vec::with_capacity(stated.unwrap_or(0).min(limit));
    let mut read = 0;
    let mut too_large = stated.is_some_and(|stated| stated > limit);
    while !(too_large && (waits || read > DRAINED)) {
        let Ok(chunk) = timeout_at(pace.due(begun, read), stream.next()).await else {
            return Err(ApiError::new(
                StatusCode::REQUEST_TIMEOUT,
                "body_too_slow",
                BodyRefusal::TooSlow { read },
            ));
        };
        let Some(chunk) = chunk else { break };
        let chunk = chunk.map_err(|_| ApiError::malformed(BodyRefusal::BrokeOff))?;
        read += chunk.len();
        too_large |= read > limit;
        if !too_large {
            bytes.extend_from_slice(&chunk);
        }
    }
    if too_large {
        return Err(ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            BodyRefusal::TooLarge { limit },
        ));
    }
    Ok(bytes.into())
}

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(Self(parts.extensions.get().cloned().unwrap_or(Principal::Anonymous)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let id = Path::<String>::from_request_parts(parts, state).await;
        let Path(id) = id.map_err(|_| ApiError::no_such_path())?;
        Ok(Self(without_nul(id)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdAndNumber {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let both = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((id, number)) = both.map_err(|_| ApiError::no_such_path())?;
        Ok(Self(without_nul(id)?, without_nul(number)?))
    }
}

fn without_nul(id: String) -> Result<String, ApiError> {
    let value = Value::String(id);
    service::body::without_nul(&value).map_err(|error| ApiError::from(error).at("id"))?;
    let Value::String(id) = value else { return Err(ApiError::no_such_path()) };
    Ok(id)
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut fields = Map::new();
        let query = parts.uri.query().unwrap_or_default();
        for (name, text) in form_urlencoded::parse(query.as_bytes()) {
            if fields.insert(name.to_string(), Value::from(text)).is_some() {
                let refused = QueryRefusal::Twice { name: name.to_string() };
                return Err(ApiError::unprocessable("invalid_value", refused).at(name));
            }
        }
        let fields = Value::Object(fields);
        service::body::without_nul(&fields)?;
        Ok(Self(service::body::read(&fields)?))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use futures::stream;

    use super::*;

    fn sent(chunks: impl futures::Stream<Item = Bytes> + Send + 'static) -> Request {
        let mut request = Request::new(Body::from_stream(chunks.map(Ok::<_, std::io::Error>)));
        request.extensions_mut().insert(BodyLimit(1_000));
        request
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_on_is_given_up() {
        let pace = Pace { grace: Duration::from_millis(50), bytes_a_second: 1 };
        let whole = stream::iter(["some", "thing"].map(|text| Bytes::from_static(text.as_bytes())));
        assert_eq!(paced(sent(whole.clone()), pace).await.unwrap(), "something");
        let stuck = whole.take(1).map(|_| Bytes::new()).chain(stream::pending());
        let refused = paced(sent(stuck), pace).await.unwrap_err();
        assert_eq!(refused.status(), StatusCode::REQUEST_TIMEOUT);
        assert!(format!("{refused:?}").contains("body_too_slow"));
    }

    #[test]
    fn what_has_come_buys_time() {
        let begun = Instant::now();
        assert_eq!(SLOWEST.due(begun, 0) - begun, Duration::from_secs(10));
        assert_eq!(SLOWEST.due(begun, 20 << 10) - begun, Duration::from_secs(30));
    }
}
