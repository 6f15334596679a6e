//! The page of alarms.

use domain::alarm::{Direction, RecipientKind, Severity};

pub(crate) const TITLE: &str = "Alarms";
pub(crate) const NONE: &str = "No alarm";
pub(crate) const NOTHING_WATCHED: &str = "Nothing is watched: switch a rule on, or add one.";

pub(crate) fn headline(open: usize, critical: usize) -> String {
    let alarms = if open == 1 { "1 alarm".to_owned() } else { format!("{open} alarms") };
    match critical {
        0 => alarms,
        _ => format!("{alarms}, {critical} critical"),
    }
}

pub(crate) fn detail(rules: usize, meters: usize, cleared: usize) -> String {
    let rules =
        if rules == 1 { "1 rule watches".to_owned() } else { format!("{rules} rules watch") };
    let meters = if meters == 1 { "1 meter".to_owned() } else { format!("{meters} meters") };
    format!("{rules} {meters}. {cleared} cleared today.")
}

pub(crate) fn all_well(titles: &str) -> String {
    format!("Nothing is beyond its limits. Watched: {titles}.")
}

pub(crate) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Critical => "critical",
    }
}

pub(crate) const NONE_OF_METER: &str = "None is open, and none was of late.";
pub(crate) const ALL_OF_METER: &str = "All alarms of this meter";

pub(crate) fn over(raised: &str, cleared: &str) -> String {
    format!("{raised} to {cleared}")
}

pub(crate) fn since(at: &str) -> String {
    format!("since {at}")
}

pub(crate) fn all_open(count: usize) -> String {
    if count == 1 { "1 open alarm".to_owned() } else { format!("All {count} open alarms") }
}

pub(crate) const OF: &str = "Of";
pub(crate) const OF_ALL: &str = "Those of all meters";
pub(crate) const OPEN: &str = "Open";
pub(crate) const HISTORY: &str = "History";
pub(crate) const NO_HISTORY: &str = "No alarm is over yet.";
pub(crate) const SEVERITY: &str = "Severity";
pub(crate) const METER: &str = "Meter";
pub(crate) const WHAT: &str = "What";
pub(crate) const VALUE: &str = "Value";
pub(crate) const SINCE: &str = "Since";
pub(crate) const UNTIL: &str = "Until";
pub(crate) const KNOWN: &str = "Acknowledged";
pub(crate) const ACKNOWLEDGE: &str = "Acknowledge";
pub(crate) const NOTE: &str = "Note";
pub(crate) const CSV: &str = "As CSV";
pub(crate) const FIRST: &str = "Newest";
pub(crate) const NEXT: &str = "Older";

pub(crate) fn known(who: &str, at: &str) -> String {
    format!("{who}, {at}")
}

pub(crate) const RULES: &str = "What is watched";
pub(crate) const EVERY_METER: &str = "every meter that has the figure";
pub(crate) const METER_NUMBER: &str =
    "Number of the meter; empty for every meter that has the figure";
pub(crate) const GRID_METERS: &str = "where the site meets the grid";
pub(crate) const ON: &str = "on";
pub(crate) const OFF: &str = "off";
pub(crate) const SWITCH_ON: &str = "Switch on";
pub(crate) const SWITCH_OFF: &str = "Switch off";
pub(crate) const CHANGE: &str = "Change";
pub(crate) const SAVE: &str = "Save";
pub(crate) const REMOVE: &str = "Remove the rule";
pub(crate) const REMOVE_HELP: &str = "Its open alarms are over with it, and stay in the history.";
pub(crate) const RULE: &str = "Rule";
pub(crate) const FOR: &str = "For";
pub(crate) const STATE: &str = "State";
pub(crate) const ACTIONS: &str = "Actions";
pub(crate) const RAISE: &str = "Raised beyond";
pub(crate) const CLEAR: &str = "Cleared within";
pub(crate) const DELAY: &str = "After seconds";
pub(crate) const CLEAR_DELAY: &str = "Cleared after seconds";

pub(crate) fn with_unit(name: &str, unit: &str) -> String {
    if unit.is_empty() { name.to_owned() } else { format!("{name}, {unit}") }
}

pub(crate) fn delays(raise_s: u32, limit: Option<&str>, clear_s: u32) -> String {
    let limit = limit.map(|limit| format!(" at {limit}")).unwrap_or_default();
    format!("after {raise_s} s, cleared{limit} after {clear_s} s")
}

pub(crate) const NEW: &str = "Watch a channel";
pub(crate) const NEW_HELP: &str = "An alarm is raised when the value has been beyond the first limit for so long, and cleared when \
     it has been within the second one for as long.";
pub(crate) const CHANNEL: &str = "Channel";
pub(crate) const SIDE: &str = "Alarm when it is";
pub(crate) const ADD: &str = "Add the rule";

pub(crate) const fn side(direction: Direction) -> &'static str {
    match direction {
        Direction::Above => "above the limit",
        Direction::Below => "below the limit",
    }
}

pub(crate) const TOLD: &str = "Who is told";
pub(crate) const TOLD_HELP: &str = "Each alarm of this severity or a graver one is told when it is raised and when it is cleared: to a \
     webhook as JSON, or to a mailbox.";
pub(crate) const NOBODY: &str = "Nobody is told yet.";
pub(crate) const KIND: &str = "How";

pub(crate) const fn recipient(kind: RecipientKind) -> &'static str {
    match kind {
        RecipientKind::Webhook => "webhook",
        RecipientKind::Email => "e-mail",
    }
}

pub(crate) const ADDRESS: &str = "Address";
pub(crate) const FROM_SEVERITY: &str = "From severity";
pub(crate) const TELL: &str = "Tell it from now on";
pub(crate) const UNTELL: &str = "Tell no more";

pub(crate) fn waiting(count: i64, problem: Option<&str>) -> String {
    let problem = problem.map(|problem| format!(": {problem}")).unwrap_or_default();
    let messages = if count == 1 { "1 message".to_owned() } else { format!("{count} messages") };
    format!("{messages} not delivered yet{problem}")
}

pub(crate) mod done {
    //! What was done.
    pub(crate) const ACKNOWLEDGED: &str = "The alarm is acknowledged.";
    pub(crate) const CHANGED: &str = "The rule is changed.";
    pub(crate) const SWITCHED_ON: &str = "The rule is switched on.";
    pub(crate) const SWITCHED_OFF: &str = "The rule is switched off.";
    pub(crate) const REMOVED: &str = "The rule is removed.";
    pub(crate) const ADDED: &str = "The rule is added.";
    pub(crate) const TOLD: &str = "It is told from now on.";
    pub(crate) const UNTOLD: &str = "It is told no more.";
}
