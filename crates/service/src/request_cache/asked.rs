//! What one visit to a page has asked for so far.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::SiteId;
use domain::energy::window::Window;
use parking_lot::Mutex;
use tokio::sync::OnceCell;

use crate::energy::window_energy::WindowEnergy;

type Counted = Arc<OnceCell<Arc<WindowEnergy>>>;

/// What one visit has asked for so far.
#[derive(Default)]
pub(crate) struct RequestCache {
    pub(super) presents: Mutex<HashMap<SiteId, DateTime<Utc>>>,
    pub(super) figures: Mutex<HashMap<(SiteId, Window), Counted>>,
}
