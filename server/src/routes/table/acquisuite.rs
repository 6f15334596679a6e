//! The routes of data loggers.

use axum::http::StatusCode;
use domain::devices::view::loggers::LoggerView;
use service::devices::acquisuite::NewLogger;

use super::{CONFIGURE, PUBLIC, SEE};
use crate::api::devices::acquisuite;
use crate::api::sites;
use crate::routes::{Route, delete, get, post, put};

/// Bytes of an upload: a log file is compressed, and has some hundred kilobytes at most.
const UPLOAD_LIMIT: usize = 8 << 20;

/// Loggers, and what they upload. They prove who they are by the password in the form, so that the
/// address is open to anyone.
#[rustfmt::skip]
pub(super) fn loggers() -> Vec<Route> {
    vec![
        get("/api/acquisuite/loggers", SEE, "Data loggers of a site, with what they uploaded", acquisuite::list)
            .asks::<sites::SiteListQuery>().answers_many::<LoggerView>(),
        post("/api/acquisuite/loggers", CONFIGURE, "Add a data logger", acquisuite::create)
            .takes::<NewLogger>().creates::<LoggerView>(),
        get("/api/acquisuite/loggers/{id}", SEE, "One data logger, by its serial number", acquisuite::get)
            .answers::<LoggerView>(),
        put("/api/acquisuite/loggers/{id}", CONFIGURE, "Change a data logger; what is left out stays", acquisuite::update)
            .changes::<NewLogger, LoggerView>().answers::<LoggerView>(),
        delete("/api/acquisuite/loggers/{id}", CONFIGURE, "Remove a data logger; its meters stay", acquisuite::remove)
            .answers::<LoggerView>(),
        post("/acquisuite/upload", PUBLIC, "What AcquiSuite loggers upload, as multipart/form-data", acquisuite::to_any)
            .uploads(),
        post("/acquisuite/{slug}/upload", PUBLIC, "The same for the loggers of one site", acquisuite::to_site)
            .uploads(),
    ]
}

impl Route {
    /// Takes what a logger posts, and answers in words of its own.
    fn uploads(self) -> Self {
        self.takes_form::<acquisuite::UploadForm>()
            .answers_as("text/plain")
            .refuses_as_text(StatusCode::UNAUTHORIZED)
            .refuses_as_text(StatusCode::NOT_ACCEPTABLE)
            .refuses_as_text(StatusCode::PAYLOAD_TOO_LARGE)
            .limited_to(UPLOAD_LIMIT)
    }
}
