//! The pages, their assets and the server functions, around the API.

use std::sync::Arc;

use app::document::{Document, File, Shows};
use app::flash::Flash;
use app::language::of_request;
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{
    CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, VARY,
};
use axum::http::request::Parts;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};
use domain::grid::view::map::Tiles;
use leptos::context::{provide_context, use_context};
use leptos::prelude::Owner;
use leptos::reactive::computed::ScopedFuture;
use leptos_axum::handle_server_fns_with_context;
use notify::Notifier;
use service::{Error, Principal, Service};
use tokio_util::sync::CancellationToken;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};

use crate::acts::SentForms;
use crate::assets::Assets;
use crate::config::tiles_origin;
use crate::error::ApiError;
use crate::functions::gate;
use crate::guard::{self, GuardSettings};
use crate::sign_in::SignInPages;
use crate::{account, flash, invitation, routes, settings_people, sign_in};

/// The header of a request for a document that is put in place of one that stands there.
const MORPH: &str = "morph";

/// Smaller answers are not worth compressing.
const COMPRESS_FROM: u64 = 1024;

/// Everything that is served.
pub(crate) fn router(
    service: Service,
    guard: &GuardSettings,
    assets: &Assets,
    tiles: Option<Tiles>,
    notifier: Notifier,
    stop: CancellationToken,
) -> Router {
    let forms = Arc::<SentForms>::default();
    let showing = {
        let (service, tiles, forms) = (service.clone(), tiles.clone(), Arc::clone(&forms));
        move || provide_page_context(service.showing(), tiles.as_ref(), &forms)
    };
    let functions = move |request: Request| {
        let showing = showing.clone();
        async move { handle_server_fns_with_context(showing, request).await.into_response() }
    };
    let drawn = {
        let package = assets.package().to_owned();
        let context = (service.clone(), tiles, Arc::clone(&forms));
        move |request| drawn_document(request, package.clone(), context.clone())
    };
    let pages = Router::new()
        // Every other address is a page, or none.
        .route("/", get(drawn.clone()))
        .route("/{*page}", get(drawn))
        .method_not_allowed_fallback(async || ApiError::no_such_path())
        .fallback(async || ApiError::no_such_path())
        .layer(from_fn_with_state(service.clone(), flash::take))
        .layer(from_fn_with_state(service.clone(), guard::known_to_pages))
        // The page on which people sign in needs its style.
        .merge(assets.router())
        .route("/fn/{*name}", post(functions).route_layer(from_fn(gate)))
        .layer(compression());
    let style = format!("/{}/main.css", assets.package());
    let documents = SignInPages { service: service.clone(), style, notifier };
    let everything = routes::router(service.clone(), forms, stop)
        .merge(pages)
        .merge(sign_in::router(documents.clone()))
        .merge(invitation::router(documents.clone()))
        .merge(settings_people::router(documents))
        .merge(account::router(service.clone()));
    guard::protect(everything, guard, service)
}

/// The context that a page is drawn with.
type PageContext = (Service, Option<Tiles>, Arc<SentForms>);

async fn drawn_document(
    request: Request,
    package: String,
    (service, tiles, forms): PageContext,
) -> Response {
    // Anew for each: what the parts of one page share is of its own present.
    let service = service.visited();
    let parts = request.into_parts().0;
    let is_first = !parts.headers.contains_key(MORPH);
    let address = (parts.uri.path().to_owned(), parts.uri.query().unwrap_or_default().to_owned());
    let owner = Owner::new();
    let drawing = owner.with(|| {
        provide_context(parts);
        provide_page_context(service.clone(), tiles.as_ref(), &forms);
        ScopedFuture::new(async move {
            let who = use_context().unwrap_or(Principal::Anonymous);
            let address = (address.0.as_str(), address.1.as_str());
            app::document::draw(&service, &who, address, (&package, is_first)).await
        })
    });
    let Document { html, shows } = drawing.await;
    let status = match shows {
        Shows::File(file) => return sent(file),
        // A page that says what is wrong with its address is an answer.
        Shows::Page | Shows::Refusal(Error::Invalid { .. }) => StatusCode::OK,
        Shows::Nothing => StatusCode::NOT_FOUND,
        Shows::Refusal(error) => ApiError::from(error).status(),
    };
    let policy = policy(tiles.as_ref());
    let headers = [(CONTENT_SECURITY_POLICY, policy), (VARY, HeaderValue::from_static(MORPH))];
    (status, headers, Html(html)).into_response()
}

/// A file, which browsers keep and do not show.
fn sent(file: File) -> Response {
    let named = format!("attachment; filename=\"{}\"", file.name);
    ([(CONTENT_TYPE, file.media_type.to_owned()), (CONTENT_DISPOSITION, named)], file.content)
        .into_response()
}

fn provide_page_context(service: Service, tiles: Option<&Tiles>, forms: &SentForms) {
    let parts = use_context::<Parts>();
    let parts = parts.as_ref();
    let who = parts.and_then(|parts| parts.extensions.get::<Principal>().cloned());
    let of_user = who.as_ref().and_then(Principal::language);
    provide_context(parts.map(|parts| of_request(&parts.headers, of_user)).unwrap_or_default());
    if let Some(flash) = parts.and_then(|parts| parts.extensions.get::<Flash>()) {
        provide_context(flash.clone());
    }
    provide_context(service);
    let who = who.unwrap_or(Principal::Anonymous);
    provide_context(forms.key(&who));
    provide_context(who);
    if let Some(tiles) = tiles {
        provide_context(tiles.clone());
    }
}

/// The content security policy of a page.
fn policy(tiles: Option<&Tiles>) -> HeaderValue {
    let pictures = tiles.and_then(|tiles| tiles_origin(&tiles.url)).unwrap_or_default();
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: {pictures}; connect-src 'self'; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'self'"))
}

/// Streams are not compressed: a message must not wait for the next one. Brotli would take three times as long for a
/// page as gzip, and leave as much of it.
fn compression() -> CompressionLayer<impl tower_http::compression::Predicate> {
    CompressionLayer::new().compress_when(SizeAbove::new(COMPRESS_FROM).and(NotForContentType::SSE))
}
