//! The page of alarms.

use domain::alarm::{Direction, RecipientKind, Severity};

use crate::language::{Text, tell};

pub(crate) const TITLE: Text = Text("Alarms", "Alarme");
pub(crate) const NONE: Text = Text("No alarm", "Kein Alarm");
pub(crate) const NOTHING_WATCHED: Text = Text(
    "Nothing is watched: switch a rule on, or add one.",
    "Nichts wird überwacht: Schalten Sie eine Regel ein oder legen Sie eine an.",
);

pub(crate) fn headline(open: usize, critical: usize) -> String {
    let alarms = if open == 1 {
        tell!("1 alarm", "1 Alarm")
    } else {
        tell!("{open} alarms", "{open} Alarme")
    };
    match critical {
        0 => alarms,
        _ => tell!("{alarms}, {critical} critical", "{alarms}, {critical} kritisch"),
    }
}

pub(crate) fn detail(rules: usize, meters: usize, cleared: usize) -> String {
    let rules = if rules == 1 {
        tell!("1 rule watches", "1 Regel überwacht")
    } else {
        tell!("{rules} rules watch", "{rules} Regeln überwachen")
    };
    let meters = if meters == 1 {
        tell!("1 meter", "1 Zähler")
    } else {
        tell!("{meters} meters", "{meters} Zähler")
    };
    tell!(
        "{rules} {meters}. {cleared} cleared today.",
        "{rules} {meters}. Heute {cleared} erledigt."
    )
}

pub(crate) fn all_well(titles: &str) -> String {
    tell!(
        "Nothing is beyond its limits. Watched: {titles}.",
        "Nichts liegt außerhalb seiner Grenzen. Überwacht: {titles}."
    )
}

pub(crate) const fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Info => Text("info", "Hinweis"),
        Severity::Warning => Text("warning", "Warnung"),
        Severity::Critical => Text("critical", "kritisch"),
    }
}

pub(crate) const NONE_OF_METER: Text = Text(
    "None is open, and none was of late.",
    "Keiner ist offen, und keiner war es in letzter Zeit.",
);
pub(crate) const ALL_OF_METER: Text =
    Text("All alarms of this meter", "Alle Alarme dieses Zählers");

pub(crate) fn over(raised: &str, cleared: &str) -> String {
    tell!("{raised} to {cleared}", "{raised} bis {cleared}")
}

pub(crate) fn since(at: &str) -> String {
    tell!("since {at}", "seit {at}")
}

pub(crate) const OF: Text = Text("Of", "Von");
pub(crate) const OF_ALL: Text = Text("Those of all meters", "Die aller Zähler");
pub(crate) const OPEN: Text = Text("Open", "Offen");
pub(crate) const HISTORY: Text = Text("History", "Verlauf");
pub(crate) const NO_HISTORY: Text = Text("No alarm is over yet.", "Noch ist kein Alarm vorbei.");
pub(crate) const SEVERITY: Text = Text("Severity", "Schwere");
pub(crate) const METER: Text = Text("Meter", "Zähler");
pub(crate) const WHAT: Text = Text("What", "Was");
pub(crate) const VALUE: Text = Text("Value", "Wert");
pub(crate) const SINCE: Text = Text("Since", "Seit");
pub(crate) const UNTIL: Text = Text("Until", "Bis");
pub(crate) const KNOWN: Text = Text("Acknowledged", "Bestätigt");
pub(crate) const ACKNOWLEDGE: Text = Text("Acknowledge", "Bestätigen");
pub(crate) const NOTE: Text = Text("Note", "Bemerkung");
pub(crate) const CSV: Text = Text("As CSV", "Als CSV");
pub(crate) const FIRST: Text = Text("Newest", "Neueste");
pub(crate) const NEXT: Text = Text("Older", "Ältere");

pub(crate) fn known(who: &str, at: &str) -> String {
    format!("{who}, {at}")
}

pub(crate) const RULES: Text = Text("What is watched", "Was überwacht wird");
pub(crate) const EVERY_METER: Text =
    Text("every meter that has the figure", "jeder Zähler, der die Größe hat");
pub(crate) const METER_NUMBER: Text = Text(
    "Number of the meter; empty for every meter that has the figure",
    "Nummer des Zählers; leer für jeden Zähler, der die Größe hat",
);
pub(crate) const GRID_METERS: Text =
    Text("where the site meets the grid", "wo die Anlage ans Netz geht");
pub(crate) const ON: Text = Text("on", "ein");
pub(crate) const OFF: Text = Text("off", "aus");
pub(crate) const SWITCH_ON: Text = Text("Switch on", "Einschalten");
pub(crate) const SWITCH_OFF: Text = Text("Switch off", "Ausschalten");
pub(crate) const CHANGE: Text = Text("Change", "Ändern");
pub(crate) const SAVE: Text = Text("Save", "Speichern");
pub(crate) const REMOVE: Text = Text("Remove the rule", "Regel entfernen");
pub(crate) const REMOVE_HELP: Text = Text(
    "Its open alarms are over with it, and stay in the history.",
    "Ihre offenen Alarme enden mit ihr und bleiben im Verlauf.",
);
pub(crate) const RULE: Text = Text("Rule", "Regel");
pub(crate) const FOR: Text = Text("For", "Für");
pub(crate) const STATE: Text = Text("State", "Zustand");
pub(crate) const ACTIONS: Text = Text("Actions", "Aktionen");
pub(crate) const RAISE: Text = Text("Raised beyond", "Ausgelöst jenseits von");
pub(crate) const CLEAR: Text = Text("Cleared within", "Erledigt innerhalb von");
pub(crate) const DELAY: Text = Text("After seconds", "Nach Sekunden");
pub(crate) const CLEAR_DELAY: Text = Text("Cleared after seconds", "Erledigt nach Sekunden");

pub(crate) fn with_unit(name: &str, unit: &str) -> String {
    if unit.is_empty() { name.to_owned() } else { format!("{name}, {unit}") }
}

pub(crate) fn delays(raise_s: u32, limit: Option<&str>, clear_s: u32) -> String {
    let limit = limit.map(|limit| tell!(" at {limit}", " bei {limit}")).unwrap_or_default();
    tell!(
        "after {raise_s} s, cleared{limit} after {clear_s} s",
        "nach {raise_s} s, erledigt{limit} nach {clear_s} s"
    )
}

pub(crate) const NEW: Text = Text("Watch a channel", "Einen Kanal überwachen");
pub(crate) const NEW_HELP: Text = Text(
    "An alarm is raised when the value has been beyond the first limit for so long, and cleared \
     when it has been within the second one for as long.",
    "Ein Alarm wird ausgelöst, wenn der Wert so lange jenseits der ersten Grenze lag, und ist \
     erledigt, wenn er ebenso lange innerhalb der zweiten lag.",
);
pub(crate) const CHANNEL: Text = Text("Channel", "Kanal");
pub(crate) const SIDE: Text = Text("Alarm when it is", "Alarm, wenn er liegt");
pub(crate) const ADD: Text = Text("Add the rule", "Regel anlegen");

pub(crate) const fn side(direction: Direction) -> Text {
    match direction {
        Direction::Above => Text("above the limit", "über der Grenze"),
        Direction::Below => Text("below the limit", "unter der Grenze"),
    }
}

pub(crate) const TOLD: Text = Text("Who is told", "Wer benachrichtigt wird");
pub(crate) const TOLD_HELP: Text = Text(
    "Each alarm of this severity or a graver one is told when it is raised and when it is \
     cleared: to a webhook as JSON, or to a mailbox.",
    "Jeder Alarm dieser oder größerer Schwere wird gemeldet, wenn er ausgelöst wird und wenn er \
     erledigt ist: an einen Webhook als JSON oder an ein Postfach.",
);
pub(crate) const NOBODY: Text = Text("Nobody is told yet.", "Noch wird niemand benachrichtigt.");
pub(crate) const KIND: Text = Text("How", "Wie");

pub(crate) const fn recipient(kind: RecipientKind) -> Text {
    match kind {
        RecipientKind::Webhook => Text("webhook", "Webhook"),
        RecipientKind::Email => Text("e-mail", "E-Mail"),
    }
}

pub(crate) const ADDRESS: Text = Text("Address", "Adresse");
pub(crate) const FROM_SEVERITY: Text = Text("From severity", "Ab Schwere");
pub(crate) const TELL: Text = Text("Tell it from now on", "Ab jetzt benachrichtigen");
pub(crate) const UNTELL: Text = Text("Tell no more", "Nicht mehr benachrichtigen");

pub(crate) fn waiting(count: i64, problem: Option<&str>) -> String {
    let problem = problem.map(|problem| format!(": {problem}")).unwrap_or_default();
    let messages = if count == 1 {
        tell!("1 message", "1 Nachricht")
    } else {
        tell!("{count} messages", "{count} Nachrichten")
    };
    tell!("{messages} not delivered yet{problem}", "{messages} noch nicht zugestellt{problem}")
}

pub(crate) mod done {
    //! What was done.
    use crate::language::Text;

    pub(crate) const ACKNOWLEDGED: Text =
        Text("The alarm is acknowledged.", "Der Alarm ist bestätigt.");
    pub(crate) const CHANGED: Text = Text("The rule is changed.", "Die Regel ist geändert.");
    pub(crate) const SWITCHED_ON: Text =
        Text("The rule is switched on.", "Die Regel ist eingeschaltet.");
    pub(crate) const SWITCHED_OFF: Text =
        Text("The rule is switched off.", "Die Regel ist ausgeschaltet.");
    pub(crate) const REMOVED: Text = Text("The rule is removed.", "Die Regel ist entfernt.");
    pub(crate) const ADDED: Text = Text("The rule is added.", "Die Regel ist angelegt.");
    pub(crate) const TOLD: Text =
        Text("It is told from now on.", "Ab jetzt wird dorthin gemeldet.");
    pub(crate) const UNTOLD: Text =
        Text("It is told no more.", "Dorthin wird nicht mehr gemeldet.");
}
