//! What people and programs may do.

use serde::{Deserialize, Serialize};

/// What a person or program may do on a site; each role includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Look at everything of a facility.
    Viewer,
    /// Connect, change and remove meters; post readings.
    Operator,
    /// Change sites and settings.
    Admin,
}
