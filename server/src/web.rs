//! The pages, their assets and the server functions, around the API.

use std::path::{Path, PathBuf};

use app::api::provide_pages;
use app::language::of_request;
use app::{App, Served, shell};
use axum::Router;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue};
use axum::http::request::Parts;
use axum::middleware::from_fn;
use axum::routing::post;
use domain::view::grid::map::Tiles;
use leptos::config::LeptosOptions;
use leptos::context::{provide_context, use_context};
use leptos::nonce::use_nonce;
use leptos_axum::{
    LeptosRoutes as _, ResponseOptions, file_and_error_handler_with_context, generate_route_list,
    handle_server_fns_with_context,
};
use service::{Principal, Service};
use tokio_util::sync::CancellationToken;
use tower::ServiceBuilder;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::config::tiles_origin;
use crate::error::ApiError;
use crate::functions::gate;
use crate::guard::{self, GuardSettings};
use crate::routes;
use crate::start::{StartError, beside_program};

/// Smaller answers are not worth compressing.
const COMPRESS_FROM: u64 = 1024;

/// The web assets as built: a folder, and the package in it that is current.
#[derive(Debug, Clone)]
pub(crate) struct Assets {
    root: PathBuf,
    package: String,
}

impl Assets {
    /// Looks in the named folder, else in `site` beside the program.
    ///
    /// # Errors
    /// There is no built site.
    pub(crate) fn find(named: Option<&Path>) -> Result<Self, StartError> {
        let beside = || beside_program().into_iter().map(|folder| folder.join("site")).next();
        let root = named.map(Path::to_owned).or_else(beside).unwrap_or_else(|| "site".into());
        let package = std::fs::read(root.join("site.json"))
            .ok()
            .and_then(|text| serde_json::from_slice::<serde_json::Value>(&text).ok())
            .and_then(|site| site["pkg"].as_str().map(str::to_owned));
        match package {
            Some(package) => Ok(Self { root, package }),
            None => Err(StartError::NoAssets(root)),
        }
    }

    fn options(&self) -> LeptosOptions {
        LeptosOptions::builder()
            .output_name("frontend")
            .site_root(self.root.to_string_lossy().into_owned())
            .site_pkg_dir(self.package.as_str())
            .build()
    }
}

/// Everything that is served.
pub(crate) fn router(
    service: Service,
    guard: &GuardSettings,
    assets: &Assets,
    tiles: Option<Tiles>,
    stop: CancellationToken,
) -> Router {
    let options = assets.options();
    let context = {
        let (service, tiles) = (service.clone(), tiles.clone());
        move || provide_page_context(service.clone(), tiles.as_ref())
    };
    let visit = {
        let service = service.clone();
        move || provide_page_context(service.visited(), tiles.as_ref())
    };
    let functions = {
        let context = context.clone();
        move |request: Request| handle_server_fns_with_context(context.clone(), request)
    };
    let document = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let pages = Router::new()
        .leptos_routes_with_context(&options, generate_route_list(App), visit, document)
        .method_not_allowed_fallback(async || ApiError::no_such_path())
        .nest_service("/pkg", package(assets))
        .merge(files(assets))
        .fallback(file_and_error_handler_with_context::<LeptosOptions, _>(context, shell))
        .layer(from_fn(guard::known_to_pages))
        .route("/fn/{*name}", post(functions).route_layer(from_fn(gate)))
        .with_state(options)
        .layer(compression());
    let everything = routes::router(service, stop).merge(pages);
    guard::protect(everything, guard)
}

fn provide_page_context(service: Service, tiles: Option<&Tiles>) {
    let parts = use_context::<Parts>();
    let parts = parts.as_ref();
    let who = parts.and_then(|parts| parts.extensions.get::<Principal>().copied());
    provide_context(parts.map(|parts| of_request(&parts.headers)).unwrap_or_default());
    provide_context(service);
    provide_pages(Served);
    provide_context(who.unwrap_or(Principal::Anonymous));
    if let Some(tiles) = tiles {
        provide_context(tiles.clone());
    }
    let pictures = tiles.and_then(|tiles| tiles_origin(&tiles.url)).unwrap_or_default();
    if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) {
        let policy = format!(
            "default-src 'self'; script-src 'nonce-{nonce}' 'wasm-unsafe-eval' 'strict-dynamic'; \
             style-src 'self'; img-src 'self' data: {pictures}; connect-src 'self'; object-src 'none'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        );
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
    }
}

/// The built package: its folder is named after its content, so it never changes.
fn package(assets: &Assets) -> Router {
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    let files = ServeDir::new(assets.root.join("pkg")).precompressed_br();
    Router::new().fallback_service(
        ServiceBuilder::new()
            .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, forever))
            .service(files),
    )
}

/// What else stands in the folder, such as the icons: the pages take every other address.
fn files(assets: &Assets) -> Router<LeptosOptions> {
    let mut router = Router::new();
    for entry in std::fs::read_dir(&assets.root).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let at = format!("/{}", name.to_string_lossy());
        router = match path.is_dir() {
            true if name == "pkg" => router,
            true => router.nest_service(&at, ServeDir::new(path).precompressed_br()),
            false => router.route_service(&at, ServeFile::new(path).precompressed_br()),
        };
    }
    router
}

/// Streams are not compressed: a message must not wait for the next one.
fn compression() -> CompressionLayer<impl tower_http::compression::Predicate> {
    CompressionLayer::new().compress_when(SizeAbove::new(COMPRESS_FROM).and(NotForContentType::SSE))
}
