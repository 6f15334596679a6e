//! Tables that were sent by a page and wait to be applied.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::SiteSlug;
use parking_lot::Mutex;
use uuid::Uuid;

use super::report::ImportReport;

/// Tables that wait at most. The oldest makes room.
const WAITING: usize = 4;

/// A table that waits.
#[derive(Debug, Clone)]
pub(crate) struct Staged {
    pub(crate) site: SiteSlug,
    pub(crate) table: Arc<[u8]>,
    /// What applying it would do, as things stood when it was sent.
    pub(crate) report: Arc<ImportReport>,
}

/// The tables that wait, in memory.
#[derive(Clone, Default)]
pub(crate) struct Waiting(Arc<Mutex<VecDeque<(Uuid, Staged)>>>);

impl Waiting {
    /// Keeps a table, and answers what it is called.
    pub(super) fn put(&self, staged: Staged) -> Uuid {
        let (id, mut waiting) = (Uuid::new_v4(), self.0.lock());
        if waiting.len() == WAITING {
            waiting.pop_front();
        }
        waiting.push_back((id, staged));
        id
    }

    /// A table.
    pub(super) fn get(&self, id: Uuid) -> Option<Staged> {
        self.0.lock().iter().find(|(known, _)| *known == id).map(|(_, staged)| staged.clone())
    }

    /// Forgets a table.
    pub(super) fn forget(&self, id: Uuid) {
        self.0.lock().retain(|(known, _)| *known != id);
    }
}
