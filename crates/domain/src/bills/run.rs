//! A run over a site's month.

use uuid::Uuid;

use crate::ids::id;
use crate::stored::words;

id!(
    /// A run.
    RunId(Uuid)
);

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
