//! The routes of the API: one table of method, path, rule and handler.
//!
//! The router, the OpenAPI document, the reference page and the test of the rules are made from it.
//! A rule says who may come this far at all, before a body is read; the use case behind the handler
//! checks again what it is asked for.

mod contract;
mod table;

use std::sync::Arc;

use axum::extract::{FromRef, Request};
use axum::handler::Handler;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, MethodRouter, any, on};
use axum::{Extension, Router};
use domain::operation::request::RequestRefusal;
use service::{Action, Error, Principal, Service};
use tokio_util::sync::CancellationToken;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::acts;
use crate::error::ApiError;
use crate::extract::{self, BodyLimit};

pub use crate::acts::SentForms;
pub(crate) use contract::{Answer, Body, Changes, SchemaOf};
pub use table::table;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Anyone.
    Public,
    /// Every signed-in user; the use case decides by what it is about.
    SignedIn,
    /// Users who may do this on some site; the use case decides whether on this one.
    Needs(Action),
    /// The same, and users of whose own meters it tells.
    NeedsOrOwn(Action),
}

/// What handlers need.
#[derive(Clone)]
pub(crate) struct Shared {
    service: Service,
    forms: Arc<SentForms>,
    stop: CancellationToken,
}

impl FromRef<Shared> for Service {
    fn from_ref(shared: &Shared) -> Self {
        shared.service.clone()
    }
}

impl FromRef<Shared> for Arc<SentForms> {
    fn from_ref(shared: &Shared) -> Self {
        Arc::clone(&shared.forms)
    }
}

impl FromRef<Shared> for CancellationToken {
    fn from_ref(shared: &Shared) -> Self {
        shared.stop.clone()
    }
}

/// A route.
#[derive(Clone)]
pub struct Route {
    pub method: Method,
    /// Its path, with `{id}` where a part varies.
    pub path: &'static str,
    /// Who may use it.
    pub rule: Rule,
    /// What it does, in a line.
    pub summary: &'static str,
    pub(crate) query: Option<SchemaOf>,
    pub(crate) header: Option<(&'static str, usize)>,
    pub(crate) body: Option<Body>,
    pub(crate) answers: Vec<Answer>,
    pub(crate) also_refuses: &'static [StatusCode],
    body_limit: usize,
    handler: MethodRouter<Shared>,
}

/// Answers are of this moment.
pub(crate) const NEVER_KEPT: HeaderValue = HeaderValue::from_static("no-store");

/// Bytes of a body, unless a route takes lists.
pub(crate) const BODY_LIMIT: usize = 2 << 20;
/// Bytes of a list of readings.
const READINGS_LIMIT: usize = 16 << 20;

fn route<H, T>(
    method: Method,
    filter: MethodFilter,
    path: &'static str,
    rule: Rule,
    summary: &'static str,
    handler: H,
) -> Route
where
    H: Handler<T, Shared>,
    T: 'static,
{
    Route {
        method,
        path,
        rule,
        summary,
        query: None,
        header: None,
        body: None,
        answers: Vec::new(),
        also_refuses: &[],
        body_limit: BODY_LIMIT,
        handler: on(filter, handler),
    }
}

macro_rules! methods {
    ($($name:ident $method:ident;)*) => {$(
        fn $name<H, T>(path: &'static str, rule: Rule, summary: &'static str, handler: H) -> Route
        where
            H: Handler<T, Shared>,
            T: 'static,
        {
            route(Method::$method, MethodFilter::$method, path, rule, summary, handler)
        }
    )*};
}

methods! {
    get GET;
    post POST;
    put PUT;
    patch PATCH;
    delete DELETE;
}

impl Route {
    /// The same route below `/api` and at the root.
    fn also_at_root(self) -> impl Iterator<Item = Self> {
        let root = self.path.strip_prefix("/api").map(|path| Self { path, ..self.clone() });
        std::iter::once(self).chain(root)
    }

    fn limited_to(self, body_limit: usize) -> Self {
        Self { body_limit, ..self }
    }
}

/// The API. Streams end at the stop signal. [`crate::guard::protect`] belongs around it.
pub fn router(service: Service, forms: Arc<SentForms>, stop: CancellationToken) -> Router {
    let mut router = Router::new();
    let shared = Shared { service, forms, stop };
    let showing = Shared { service: shared.service.showing(), ..shared.clone() };
    for route in table() {
        let rule = route.rule;
        let handler = match route.method {
            Method::GET => route.handler.with_state(showing.clone()),
            _ => route.handler,
        };
        let handler = handler
            .route_layer(Extension(BodyLimit(route.body_limit)))
            .route_layer(middleware::from_fn(move |request, next| enforce(rule, request, next)));
        router = router.route(route.path, handler);
    }
    router
        .method_not_allowed_fallback(async || {
            ApiError::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                RequestRefusal::NoMethod,
            )
        })
        .route("/api", any(no_such_path))
        .route("/api/", any(no_such_path))
        .route("/api/{*rest}", any(no_such_path))
        .with_state(shared)
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, NEVER_KEPT))
}

async fn no_such_path() -> ApiError {
    ApiError::no_such_path()
}

/// Lets a request through to a route with this rule.
async fn enforce(rule: Rule, request: Request, next: Next) -> Response {
    match rule.passes(&request) {
        Ok(()) => next.run(request).await,
        Err(refused) => {
            let sign_in = acts::sign_in(&request, &refused);
            let answer = sign_in.unwrap_or_else(|| ApiError::from(refused).into_response());
            extract::refuse(request, answer).await
        }
    }
}

impl Rule {
    /// Passes when whoever sends a request may use the route.
    pub(crate) fn passes(self, request: &Request) -> Result<(), Error> {
        let who = request.extensions().get().unwrap_or(&Principal::Anonymous);
        match self {
            Self::Public => Ok(()),
            Self::SignedIn => who.require_known(),
            Self::Needs(action) => who.require_somewhere(action),
            Self::NeedsOrOwn(action) => who.require_somewhere_or_own(action),
        }
    }
}
