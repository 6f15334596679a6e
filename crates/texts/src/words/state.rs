//! States of values, connections and balances.

use crate::language::Text;

pub const GOOD: Text = Text("good", "gut");
pub const DERIVED: Text = Text("derived", "berechnet");
pub const CORRECTED: Text = Text("corrected", "korrigiert");
pub const ESTIMATED: Text = Text("estimated", "geschätzt");
pub const STALE: Text = Text("stale", "veraltet");
pub const ERROR: Text = Text("error", "Fehler");
#[cfg(feature = "ssr")]
pub const STALE_HERE_OR_BELOW: Text = Text("stale, here or below", "veraltet, hier oder darunter");
#[cfg(feature = "ssr")]
pub const ERROR_OR_OFFLINE: Text = Text("error or offline", "Fehler oder nicht erreichbar");
pub const OFFLINE: Text = Text("offline", "nicht erreichbar");
pub const UNREAD: Text = Text("no readings yet", "noch keine Ablesungen");

pub const TODAY: Text = Text("today", "heute");
pub const IN_RANGE: Text = Text("in range", "im Bereich");
pub const ABOVE: Text = Text("above normal", "über üblich");
pub const BELOW: Text = Text("below normal", "unter üblich");
