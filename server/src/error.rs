//! Refusals and failures as HTTP answers. Internals are logged and never sent.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::message::{Message, Said};
use domain::operation::request::{BodyRefusal, RequestRefusal};
use schemars::JsonSchema;
use serde::Serialize;
use service::error::LineError;

/// Seconds after which a caller may try again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// A refusal or failure.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    fault: Box<Fault>,
}

/// What an answer says of a fault.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Fault {
    /// Stable code, such as `meter_not_found`.
    code: &'static str,
    /// The field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(flatten)]
    said: Said,
    /// Of a list: which of its items, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
    /// Of a list: every item that is refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lines: Vec<Line>,
}

/// An item of a list that is refused.
#[derive(Debug, Serialize, JsonSchema)]
struct Line {
    /// Which item, from 0.
    index: usize,
    /// Stable code.
    code: &'static str,
    /// The field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(flatten)]
    said: Said,
}

impl From<LineError> for Line {
    fn from(line: LineError) -> Self {
        Self { index: line.index, code: line.code, said: line.message.into(), field: line.field }
    }
}

/// The body of every refusal and failure.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Failure {
    /// Always false.
    #[schemars(extend("const" = false))]
    success: bool,
    /// What is wrong.
    error: Fault,
}

impl ApiError {
    /// A fault with its status.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<Message>) -> Self {
        let said = message.into().into();
        let fault = Fault { code, said, field: None, index: None, lines: Vec::new() };
        Self { status, fault: Box::new(fault) }
    }

    /// The same, at a field.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.fault.field = Some(field.into());
        self
    }

    /// The same, in other words.
    #[must_use]
    pub(crate) fn saying(mut self, said: String) -> Self {
        self.fault.said.message = said;
        self
    }

    /// Its status.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// What is wrong and how to mend it.
    pub(crate) fn message(&self) -> Message {
        self.fault.said.clone().into()
    }

    /// The field at fault.
    pub(crate) fn field(&self) -> Option<&str> {
        self.fault.field.as_deref()
    }

    /// A body that is no JSON.
    pub(crate) fn malformed(message: impl Into<Message>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed_json", message)
    }

    /// A body of another type.
    pub(crate) fn not_json() -> Self {
        Self::unsupported(BodyRefusal::NotJson)
    }

    /// A body of another type than is taken.
    pub(crate) fn unsupported(refused: BodyRefusal) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", refused)
    }

    /// A parameter of the address that cannot be.
    pub(crate) fn unprocessable(code: &'static str, message: impl Into<Message>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
    }

    /// A path that means nothing.
    pub(crate) fn no_such_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "path_not_found", RequestRefusal::NoPath)
    }
}

impl From<service::Error> for ApiError {
    fn from(error: service::Error) -> Self {
        use service::Error as E;
        let message = error.message();
        let with = |status, code, field| {
            let mut error = Self::new(status, code, message.clone());
            error.fault.field = field;
            error
        };
        match error {
            E::Unauthorized { .. } => with(StatusCode::UNAUTHORIZED, "unauthorized", None),
            E::Forbidden { .. } => with(StatusCode::FORBIDDEN, "forbidden", None),
            E::NotSignedIn(_) => with(StatusCode::UNAUTHORIZED, "sign_in_failed", None),
            E::NotFound { code, .. } => with(StatusCode::NOT_FOUND, code, None),
            E::Invalid { code, field, .. } => with(StatusCode::UNPROCESSABLE_ENTITY, code, field),
            E::Conflict { code, field, .. } => with(StatusCode::CONFLICT, code, field),
            E::Busy(_) => with(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", None),
            E::NotComputed(_) => with(StatusCode::SERVICE_UNAVAILABLE, "not_computed_yet", None),
            E::NotKept(_) => with(StatusCode::SERVICE_UNAVAILABLE, "task_down", None),
            E::Unavailable => with(StatusCode::SERVICE_UNAVAILABLE, "unavailable", None),
            E::Lines(lines) => {
                let first = lines.first();
                let code = first.map_or("invalid_value", |line| line.code);
                let mut error = with(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    code,
                    first.and_then(|line| line.field.clone()),
                );
                error.fault.index = first.map(|line| line.index);
                error.fault.lines = lines.into_iter().map(Line::from).collect();
                error
            }
            E::Storage(cause) => {
                tracing::error!(%cause, "an internal error was answered");
                with(StatusCode::INTERNAL_SERVER_ERROR, "internal", None)
            }
            E::Panicked(said) => {
                tracing::error!("an internal error was answered: {said}");
                with(StatusCode::INTERNAL_SERVER_ERROR, "internal", None)
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = Json(Failure { success: false, error: *self.fault });
        let mut response = (self.status, body).into_response();
        if matches!(self.status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response
    }
}
