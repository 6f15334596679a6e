//! The past of a meter, as the database knows it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::energy::register_history::{HistorySample, RegisterHistory};
use domain::meters::{ImportRegister, Meter};
use domain::readings::channel::Latest;
use domain::{MeterId, Reading};

use crate::live::SiteLive;
use crate::live::site::status;

/// What the database knows of a meter's past.
pub(crate) struct Past {
    /// The register that its import was learned to be taken from.
    pub(crate) learned: Option<ImportRegister>,
    /// When its export register was read last, of one that rose.
    pub(crate) export_read: Option<DateTime<Utc>>,
    /// Its samples, in order of time.
    pub(crate) samples: Vec<HistorySample>,
    /// Those of them with which its registers begin anew.
    pub(crate) anew: BTreeSet<DateTime<Utc>>,
    /// Its last rows, in order of time.
    pub(crate) rows: Vec<Reading>,
}

impl SiteLive {
    /// Meters whose newest reading is of after an instant.
    pub(crate) fn ahead_of(&self, at: DateTime<Utc>) -> Vec<MeterId> {
        let is_ahead = |id: &MeterId| {
            self.newest(*id).is_some_and(|newest| newest.at > at)
                || self.last_at(*id).is_some_and(|last| last > at)
        };
        self.tree.meters().iter().map(|meter| meter.id).filter(is_ahead).collect()
    }

    /// Replaces a meter's past, as loaded from the database.
    pub(crate) fn set_past(&mut self, id: MeterId, past: Past) {
        let Some(meter) = self.tree.get(id) else { return };
        let Past { learned, export_read, samples, anew, rows } = past;
        let import_register = meter.import_register.or(learned);
        let meter = Meter { import_register, ..meter.clone() };
        let trail = RegisterHistory::new(&meter, status::poll(&self.polls, id));
        let mut trail = trail.with_anew(anew).with_export_read(export_read);
        for sample in samples {
            // Rows come in order of time; a repeated one adds nothing.
            let _repeated = trail.push(&sample);
        }
        self.trails.insert(id, trail);
        let taken_back = self.newest(id).map(|newest| newest.at) > rows.last().map(|row| row.at);
        if taken_back {
            self.latest.remove(&id);
        }
        for row in rows {
            Latest::take_into(&mut self.latest, row);
        }
    }
}
