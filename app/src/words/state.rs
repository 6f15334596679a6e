//! States of values, connections and balances.

pub(crate) const GOOD: &str = "good";
pub(crate) const DERIVED: &str = "derived";
pub(crate) const CORRECTED: &str = "corrected";
pub(crate) const ESTIMATED: &str = "estimated";
pub(crate) const STALE: &str = "stale";
pub(crate) const ERROR: &str = "error";
pub(crate) const STALE_HERE_OR_BELOW: &str = "stale, here or below";
pub(crate) const ERROR_OR_OFFLINE: &str = "error or offline";
pub(crate) const OFFLINE: &str = "offline";
pub(crate) const UNREAD: &str = "no readings yet";

pub(crate) const TODAY: &str = "today";
pub(crate) const IN_RANGE: &str = "in range";
pub(crate) const ABOVE: &str = "above normal";
pub(crate) const BELOW: &str = "below normal";
