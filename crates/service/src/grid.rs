//! The distribution grid: transformers, whether they can take a connection, and who got one.
//!
//! Postgres holds the truth and settles reservations. [`index`] keeps a copy in memory in which the
//! nearest transformer with room is found at once, and [`follow`] keeps the copy in step, with plain SQL
//! and other processes too.

mod connect;
pub mod connections;
mod follow;
mod index;
pub(crate) mod look;
pub mod page;
mod reach;
mod search;
mod transformers;

use std::sync::Arc;
use std::time::Duration;

use domain::grid::feasibility::{Bounds, Feasibility, FeasibilityRequest, Request, Transformer};
use domain::sites::GridSettings;
use parking_lot::{RwLock, RwLockReadGuard};
use storage::grid::transformers::Stored;
use tokio::sync::{Mutex, watch};

pub use connect::connect;
pub use connections::{ConnectionView, connection, connections, withdraw};
pub(crate) use follow::run;
pub use transformers::{
    NewTransformer, Posted, TransformerView, create_transformers, post_transformers, remove,
    transformer, transformers,
};

use crate::{Error, Principal, Role, Service};
use index::Index;

/// Slug of the site whose settings hold for the grid.
const SITE: &str = "world";

/// A request waits this long for the transformers to be read when the process starts.
const READY_DEADLINE: Duration = Duration::from_secs(30);

/// The transformers in memory, shared.
#[derive(Clone, Default)]
pub(crate) struct Grid {
    index: Arc<RwLock<Index>>,
    ready: Arc<watch::Sender<bool>>,
    /// Held while something is read from the database until it is taken in.
    turn: Arc<Mutex<()>>,
}

impl Grid {
    /// What is known, once all was read for the first time.
    async fn index(&self) -> Result<RwLockReadGuard<'_, Index>, Error> {
        let mut ready = self.ready.subscribe();
        let read = tokio::time::timeout(READY_DEADLINE, ready.wait_for(|ready| *ready));
        read.await.ok().and_then(Result::ok).ok_or(Error::Unavailable)?;
        Ok(self.index.read())
    }

    /// Takes in newer states, after all was read that is being read now: that may not have them yet.
    async fn apply(&self, changed: Vec<Stored>) {
        let _turn = self.turn.lock().await;
        self.take_in(changed);
    }

    fn take_in(&self, changed: Vec<Stored>) {
        if !changed.is_empty() {
            self.index.write().apply(changed);
        }
    }

    fn replace(&self, all: Vec<Stored>) {
        let fresh = Index::load(all);
        *self.index.write() = fresh;
        self.ready.send_replace(true);
    }
}

/// A checked request with the settings that it is judged by.
#[derive(Debug, Clone, Copy)]
struct Asked {
    request: Request,
    settings: GridSettings,
}

impl Asked {
    fn check(service: &Service, request: &FeasibilityRequest) -> Result<Self, Error> {
        let known = service.registry().known();
        let site = known.sites.values().find(|site| site.slug == SITE);
        let settings = site.map(|site| site.grid).unwrap_or_default();
        Ok(Self { request: request.check(settings.conductor)?, settings })
    }
}

/// Whether a connection could be made, and to which transformer. Nothing is kept.
pub async fn feasibility(
    service: &Service,
    who: &Principal,
    request: &FeasibilityRequest,
) -> Result<Feasibility, Error> {
    who.require(Role::Viewer)?;
    let asked = Asked::check(service, request)?;
    let index = service.grid().index().await?;
    Ok(search::feasibility(&index, &asked, request.explain))
}

/// Transformers in a part of the map, at most `limit`, in no particular order.
pub async fn within(
    service: &Service,
    who: &Principal,
    bounds: &Bounds,
    limit: usize,
) -> Result<Vec<Transformer>, Error> {
    who.require(Role::Viewer)?;
    let index = service.grid().index().await?;
    Ok(index.within(bounds).take(limit).cloned().collect())
}
