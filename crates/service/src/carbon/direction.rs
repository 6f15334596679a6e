//! The register by which a source delivers; the other one counts what it drew, such as the standby
//! of an inverter at night, which is consumption.
//!
//! Of the grid, and of a meter that feeds its parent, it is that of import. Another one delivers by its
//! export register, if that counts; import alone is kept as generation. It is decided over all days of a
//! meter, so that a dark day changes nothing and windows add up.

use std::collections::HashSet;
use std::sync::Arc;

use domain::MeterId;
use domain::energy::Energy;
use domain::meters::SourceKind;
use domain::sites::Site;

use super::Source;
use crate::{Core, Error};

/// The generators and solar panels of a site that deliver by their export register, unless they feed their
/// parent.
#[derive(Debug, Default)]
pub(crate) struct Directions(Arc<HashSet<MeterId>>);

impl Directions {
    pub(crate) async fn load(core: &Core, site: &Site) -> Result<Self, Error> {
        core.exporters(site).await.map(Self)
    }

    /// Energy that a source delivered, and that it took back, of what its registers counted.
    pub(crate) fn delivered(&self, (meter, kind): Source<'_>, energy: &Energy) -> (f64, f64) {
        let (import, export) = (energy.import.0, energy.export.0);
        match kind {
            SourceKind::Grid | SourceKind::Load => (import, export),
            _ if meter.feeds_parent => (import, export),
            // A battery that draws from its bus like a load gives back what it exports.
            SourceKind::Battery => (export, import),
            _ if self.0.contains(&meter.id) => (export, import),
            SourceKind::Solar | SourceKind::Diesel => (import, 0.0),
        }
    }
}
