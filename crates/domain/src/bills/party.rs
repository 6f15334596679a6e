//! A meter by its names.

use crate::MeterId;

/// A meter to choose, such as one that trades.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub id: MeterId,
    pub number: String,
    pub name: String,
}
