//! States of values, connections and balances.

pub(crate) const GOOD: &str = "good";
pub(crate) const DERIVED: &str = "derived";
pub(crate) const CORRECTED: &str = "corrected";
pub(crate) const ESTIMATED: &str = "estimated";
pub(crate) const STALE: &str = "stale";
pub(crate) const ERROR: &str = "error";
pub(crate) const OFFLINE: &str = "offline";
pub(crate) const UNREAD: &str = "no readings yet";

pub(crate) const TODAY: &str = "today";
pub(crate) const IN_RANGE: &str = "in range";
pub(crate) const ABOVE: &str = "above normal";
pub(crate) const BELOW: &str = "below normal";

pub(crate) const LOSS: &str = "loss";
pub(crate) const WITHIN_ERROR: &str = "within error";
pub(crate) const NEGATIVE: &str = "negative";
pub(crate) const INCOMPLETE: &str = "incomplete";
