//! Why a meter is not online.

use crate::message::messages;

messages! {
    /// Why a meter is not online although nothing is wrong with its device.
    pub enum Unread in "unread" {
        Never => "never read",
        NothingNew => "no new reading",
    }
}
