//! A run over a site's month.

use crate::stored::words;

words!(
    /// Where a run stands.
    RunState {
        /// It goes on.
        Running = "running",
        /// It came to its end.
        Done = "done",
        /// Somebody ended it.
        Cancelled = "cancelled",
        /// Something was in its way that was no fault of one bill.
        Failed = "failed",
    }
);
