//! What may be wrong with a meter, as people read it.

use crate::message::messages;

messages! {
    /// What may be wrong with a meter, and what to do about it.
    pub enum Fault in "fault" {
        Opposite { meter: String } =>
            "{meter} counts its energy in the opposite direction: check its current transformers and the assignment of its import and export registers",
        FeedsNot { meter: String } =>
            "{meter} does not feed its parent: set feedsParent to false",
        Feeds { meter: String } => "{meter} feeds its parent: set feedsParent to true",
        TenTimes { meter: String } =>
            "{meter} reads ten times too much: check the ratio of its current transformers",
        TenTimesExchanged { meter: String } =>
            "{meter} reads ten times too much: check the ratio of its current transformers; it was exchanged recently",
        Tenth { meter: String } =>
            "{meter} reads a tenth of what it should: check the ratio of its current transformers",
        TenthExchanged { meter: String } =>
            "{meter} reads a tenth of what it should: check the ratio of its current transformers; it was exchanged recently",
        ClockAhead { meter: String, minutes: usize } =>
            "The clock of {meter} is about {minutes} minutes ahead: set it, or let it be read by a server with the right time",
        ClockBehind { meter: String, minutes: usize } =>
            "The clock of {meter} is about {minutes} minutes behind: set it, or let it be read by a server with the right time",
        Silent { meter: String, usual: String } =>
            "{meter} is silent or stands still; usually it moves about {usual} kW: check its connection",
        Elsewhere { meter: String, node: String, name: String } =>
            "{meter} hangs below {node} ({name}): set the meter above it in its settings, with the day it was moved",
    }
}
