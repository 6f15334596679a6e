//! States of values, connections and balances.

use crate::language::Text;

pub(crate) const GOOD: Text = Text("good", "gut");
pub(crate) const DERIVED: Text = Text("derived", "berechnet");
pub(crate) const CORRECTED: Text = Text("corrected", "korrigiert");
pub(crate) const ESTIMATED: Text = Text("estimated", "geschätzt");
pub(crate) const STALE: Text = Text("stale", "veraltet");
pub(crate) const ERROR: Text = Text("error", "Fehler");
#[cfg(feature = "ssr")]
pub(crate) const STALE_HERE_OR_BELOW: Text =
    Text("stale, here or below", "veraltet, hier oder darunter");
#[cfg(feature = "ssr")]
pub(crate) const ERROR_OR_OFFLINE: Text = Text("error or offline", "Fehler oder nicht erreichbar");
pub(crate) const OFFLINE: Text = Text("offline", "nicht erreichbar");
pub(crate) const UNREAD: Text = Text("no readings yet", "noch keine Ablesungen");

pub(crate) const TODAY: Text = Text("today", "heute");
pub(crate) const IN_RANGE: Text = Text("in range", "im Bereich");
pub(crate) const ABOVE: Text = Text("above normal", "über üblich");
pub(crate) const BELOW: Text = Text("below normal", "unter üblich");
