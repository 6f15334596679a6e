//! Readings in, intervals out.

use chrono::{DateTime, Utc};

use super::{Carry, Interval, Quarantined, Read, Rules};
use crate::meter::ImportRegister;

/// What a run of [`fold`] found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Folded {
    /// One interval between each two bounds.
    pub intervals: Vec<Interval>,
    /// Steps that were too large to be true.
    pub quarantined: Vec<Quarantined>,
    /// The smallest rise of the import register that was seen, kWh.
    pub smallest_rise: Option<f64>,
    /// The register that holds the import: as ruled, else the first of import and total seen.
    pub register: Option<ImportRegister>,
}

/// Energy of a meter between each two of `bounds`, ascending instants.
///
/// `reads` stand in order of time, none before the first bound; those at or after the last bound
/// tell how the last stretch ends. `carry` is what was known at the first bound.
pub fn fold(
    rules: &Rules,
    carry: Option<&Carry>,
    reads: &[Read],
    bounds: &[DateTime<Utc>],
) -> Folded {
    drop((rules, carry, reads, bounds));
    Folded::default()
}
