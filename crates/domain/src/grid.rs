//! The distribution grid: whether a transformer can take a new connection.

pub mod feasibility;
pub mod refusal;
pub mod view;

use crate::stored::words;

words!(
    /// What became of a request for a connection.
    RequestState {
        /// Not decided yet.
        Pending = "pending",
        /// Connected; its capacity is reserved.
        Approved = "approved",
        /// Refused.
        Rejected = "rejected",
        /// Was connected; its capacity is free again.
        Withdrawn = "withdrawn",
    }
);
