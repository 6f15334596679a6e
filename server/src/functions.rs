//! The rules of the server functions that the pages call.

use app::in_language;
use app::language::{Language, of_request};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::server_fn::ServerFnError;
use leptos::server_fn::error::{FromServerFnError as _, ServerFnErrorErr};
use service::{Action, Principal};

use crate::error::ApiError;
use crate::extract::{self, BodyLimit};
use crate::routes::{BODY_LIMIT, Rule};

/// Who may call which function.
pub const RULES: &[(&str, Rule)] = &[
    ("/fn/found", Rule::SignedIn),
    ("/fn/map", Rule::Needs(Action::SeeGrid)),
    ("/fn/meters", Rule::Needs(Action::See)),
];

/// Lets a call through to a function that has a rule, takes JSON, and keeps to the size of a body.
pub async fn gate(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let Some(&(_, rule)) = RULES.iter().find(|(known, _)| *known == path) else {
        return ApiError::no_such_path().into_response();
    };
    if !extract::is_json(request.headers()) {
        return ApiError::not_json().into_response();
    }
    let (parts, body) = request.into_parts();
    let mut whole = Request::from_parts(parts.clone(), body);
    whole.extensions_mut().insert(BodyLimit(BODY_LIMIT));
    match extract::body(whole).await {
        Ok(body) => {
            let request = Request::from_parts(parts, Body::from(body));
            match rule.passes(&request) {
                Ok(()) => next.run(request).await,
                Err(refused) => told(refused, language(&request)),
            }
        }
        Err(refused) => refused.into_response(),
    }
}

fn language(request: &Request) -> Language {
    let who = request.extensions().get::<Principal>();
    of_request(request.headers(), who.and_then(Principal::language))
}

/// A refusal as the page that called shows it: for one whose session has ended, too.
fn told(refused: service::Error, language: Language) -> Response {
    let said = in_language(&refused.message(), language);
    let told = ServerFnErrorErr::ServerError(said);
    let body: Bytes = <ServerFnError>::from_server_fn_error(told).ser();
    (ApiError::from(refused).status(), body).into_response()
}
