//! The configuration as one document.

pub mod refusal;

use crate::ids::id;

id!(
    /// A document that waits to be taken in.
    DocumentId(uuid::Uuid)
);
