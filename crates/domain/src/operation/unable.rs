//! Why nothing can be done now, whatever is asked for.

use crate::message::{Message, messages};
use crate::people::role::Action;

messages! {
    /// Why nothing can be done now, whatever is asked for.
    pub enum Unable in "unable" {
        SignIn { action: Action } => "sign in to {action}",
        Forbidden { action: Action } => "your role does not let you {action}: ask an administrator",
        Lines { count: usize, first: Box<Message> } =>
            "{count} of the lines are refused and nothing was stored; the first: {first}",
        Unavailable => "the database is not available now; try again in a few seconds",
        TooLong => "this took too long and was stopped: ask for a shorter time",
        NotReady { tasks: String } =>
            "not ready: {tasks}; it is tried again by itself, and the log says why",
        Internal => "internal error; the log has the cause",
        TooManyStreams =>
            "too many streams are open: close some of the pages or programs that follow live values",
        NoAccess => "the server gave this page no access to its data",
    }
}
