//! By what a day of a site is judged where its balances do not close.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::window::Window;
use domain::losses::unmetered::Unmetered;
use domain::meters::hierarchy::Tree;
use domain::sites::Site;
use sqlx::PgPool;

use super::past::Past;
use crate::Error;
use crate::window::{SiteTrees, as_learned};

/// What a day is judged by: its longest part in which nothing was moved, retired or declared. By the tree of
/// another part, what hung elsewhere would be at fault.
pub(crate) struct Judged {
    pub(crate) window: Window,
    pub(crate) tree: Arc<Tree>,
    /// Load that no meter sees, kW.
    pub(crate) unmetered_kw: HashMap<MeterId, f64>,
    /// When what hangs below a node changed last before.
    pub(crate) changed: HashMap<MeterId, DateTime<Utc>>,
}

/// What a day of a site is judged by.
pub(crate) async fn judged(pool: &PgPool, site: &Site, day: Window) -> Result<Judged, Error> {
    let (trees, loads) = tokio::try_join!(
        SiteTrees::load(pool, site.id),
        storage::losses::unmetered::of(pool, site.id),
    )?;
    judged_by(pool, (&trees, &loads), day).await
}

/// The same by the trees and the declared loads of the site.
pub(crate) async fn judged_by(
    pool: &PgPool,
    (trees, loads): (&SiteTrees, &[Unmetered]),
    day: Window,
) -> Result<Judged, Error> {
    let meters = as_learned(pool, trees.meters.clone(), day.to).await?;
    let mut past = Past::new(meters, trees.history.clone());
    let window = past.longest(day, loads);
    let begun = loads.iter().filter(|load| load.valid_from < window.to);
    Ok(Judged {
        window,
        changed: past.changed(window.from),
        tree: Arc::clone(past.tree(window.from)),
        unmetered_kw: begun.map(|load| (load.meter_id, load.power_kw)).collect(),
    })
}
