//! The distribution grid: transformers, whether they can take a connection, and who got one.
//!
//! Postgres holds the truth and settles reservations. [`copy`] holds a copy in memory in which the
//! nearest transformer with room is found at once, and [`follow`] keeps the copy in step, with plain SQL
//! and other processes too.

mod connect;
pub mod connections;
pub(crate) mod copy;
mod follow;
mod index;
pub(crate) mod look;
pub mod page;
mod reach;
mod search;
mod transformers;

use std::sync::Arc;

use domain::SiteId;
use domain::grid::feasibility::{
    Bounds, Feasibility, FeasibilityRequest, Place, Request, Transformer,
};
use domain::ownership::Seen;
use domain::sites::{GridSettings, Site};

pub use connect::{LONGEST_KEY, connect};
pub use connections::{ConnectionView, connection, connections, withdraw};
pub(crate) use follow::run;
pub use transformers::{
    NewTransformer, Posted, TransformerView, create_transformers, post_transformers, remove,
    transformer, transformers,
};

use crate::{Action, Core, Error, Principal, Service, resolve};

/// Slug of the site whose settings hold for the grid.
const SITE: &str = "world";

fn world(core: &Core) -> Option<Arc<Site>> {
    core.registry().known().sites.values().find(|site| site.slug == SITE).cloned()
}

/// The site that transformers and connections are of.
fn site(core: &Core) -> Option<SiteId> {
    world(core).map(|site| site.id)
}

/// A checked request with the settings that it is judged by.
#[derive(Debug, Clone, Copy)]
struct CheckedRequest {
    request: Request,
    settings: GridSettings,
}

impl CheckedRequest {
    fn check(core: &Core, request: &FeasibilityRequest) -> Result<Self, Error> {
        let settings = world(core).map(|site| site.grid).unwrap_or_default();
        Ok(Self { request: request.check(settings.conductor)?, settings })
    }
}

/// Whether a connection could be made, and to which transformer. Nothing is kept.
pub async fn feasibility(
    service: &Service,
    who: &Principal,
    request: &FeasibilityRequest,
) -> Result<Feasibility, Error> {
    let passed = resolve::in_world(service, who, Action::CheckConnection);
    let asked = CheckedRequest::check(service, request)?;
    match passed {
        Err(Error::Forbidden { .. })
            if !request.explain && is_at_own(service, who, asked.request.place).await? => {}
        passed => passed?,
    }
    let index = service.grid().index().await?;
    Ok(search::feasibility(&index, &asked, request.explain))
}

/// So near to their own meter people may check a connection, m: within the premises.
const PREMISES_M: f64 = 100.0;

/// Whether a place is that of a meter which is somebody's own now.
async fn is_at_own(core: &Core, who: &Principal, asked: Place) -> Result<bool, Error> {
    for own in who.owns().filter(|own| who.may_own(Action::CheckConnection, own.meter)) {
        let Some(site) = core.registry().known().site_of(own.meter).cloned() else { continue };
        if !Seen::While(own).has(&site, core.registry().now(&site)) {
            continue;
        }
        let meter = storage::meters::by_id(core.pool(), own.meter).await?;
        let place = meter.and_then(|meter| meter.latitude.zip(meter.longitude));
        let near =
            |(latitude, longitude)| Place { latitude, longitude }.distance_m(asked) <= PREMISES_M;
        if place.is_some_and(near) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Transformers in a part of the map, at most `limit`, in no particular order.
pub async fn within(
    service: &Service,
    who: &Principal,
    bounds: &Bounds,
    limit: usize,
) -> Result<Vec<Transformer>, Error> {
    resolve::in_world(service, who, Action::SeeGrid)?;
    let index = service.grid().index().await?;
    Ok(index.within(bounds).take(limit).cloned().collect())
}
