//! The web assets: inside the program as they were built, or in a folder while they are worked on.

mod inside;

use std::fs;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use serde::Deserialize;
use tower::ServiceBuilder;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::start::StartError;

pub use inside::Inside;

/// The built package is named after its content, so it never changes.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The web assets, and the package in them that is current.
#[derive(Debug, Clone)]
pub(crate) struct Assets {
    source: Source,
    package: String,
}

#[derive(Debug, Clone)]
enum Source {
    Inside(Inside),
    Folder(PathBuf),
}

/// What `site.json` says.
#[derive(Deserialize)]
struct Site {
    /// Folder of the current package.
    pkg: String,
}

impl Assets {
    /// Those of the named folder, else those inside the program.
    ///
    /// # Errors
    /// There is no built site.
    pub(crate) fn find(named: Option<&Path>, inside: Inside) -> Result<Self, StartError> {
        let source =
            named.map_or(Source::Inside(inside), |folder| Source::Folder(folder.to_owned()));
        let site = source.read("site.json");
        let Some(Site { pkg }) = site.and_then(|text| serde_json::from_slice(&text).ok()) else {
            return Err(named.map_or(StartError::NothingInside, |folder| {
                StartError::NoAssets(folder.to_owned())
            }));
        };
        Ok(Self { source, package: pkg })
    }

    /// The folder of the package.
    pub(crate) fn package(&self) -> &str {
        &self.package
    }

    /// The package, below `/pkg`, and what else there is, such as the icons: the pages take every other
    /// address.
    pub(crate) fn router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        match &self.source {
            Source::Inside(inside) => inside.router(),
            Source::Folder(root) => of_folder(root),
        }
    }
}

impl Source {
    fn read(&self, name: &str) -> Option<Vec<u8>> {
        match self {
            Self::Inside(inside) => inside.read(name).map(<[u8]>::to_vec),
            Self::Folder(root) => fs::read(root.join(name)).ok(),
        }
    }
}

fn of_folder<S: Clone + Send + Sync + 'static>(root: &Path) -> Router<S> {
    let package = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, FOREVER))
        .service(ServeDir::new(root.join("pkg")).precompressed_br());
    let mut router = Router::new().nest_service("/pkg", package);
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        let mut path = entry.path();
        // A compressed file is served under the name of what it holds.
        if path.extension().is_some_and(|ending| ending == "br") {
            path.set_extension("");
        }
        let at = format!("/{}", path.file_name().unwrap_or_default().to_string_lossy());
        router = match path.is_dir() {
            true if at == "/pkg" => router,
            true => router.nest_service(&at, ServeDir::new(path).precompressed_br()),
            false => router.route_service(&at, ServeFile::new(path).precompressed_br()),
        };
    }
    router
}
