//! The use cases: what people and programs can do with Wattlens, each as one function.
//!
//! Every function takes the acting [`Principal`] and checks it there, once; REST handlers and server
//! functions only parse, call and answer. Here too: the one ingest path (validate, commit, then
//! acknowledge), the live state with its stream, and the health of the devices.
//!
//! Not here: SQL (that is `storage`), protocols (that is `acquisition`), formulas (those are
//! `domain`), HTTP and HTML. Of `acquisition` only the types of a batch and of a device's health are
//! used; no driver is started here.

pub mod error;
pub mod pages;
pub mod principal;

use std::sync::Arc;

pub use error::Error;
pub use principal::{Principal, Role};
use sqlx::PgPool;

/// Everything the use cases need; cheap to clone.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    pool: PgPool,
}

impl Service {
    pub(crate) fn pool(&self) -> &PgPool {
        &self.inner.pool
    }
}
