//! The page of alarms.

mod recipients;

use domain::alarms::{Direction, Severity};
use domain::energy::interval::{Decision, Question};
use domain::operation::task::Work;

use crate::language::{Text, tell};
use crate::words::labels;

pub use recipients::*;

pub use crate::words::labels::{
    ACTIONS, CHANGE, METER, OFF, SAVE, SEVERITY, SINCE, STATE, SWITCH_OFF, SWITCH_ON, UNIT, UNTIL,
    VALUE, WHAT,
};

pub const TITLE: Text = Text("Alarms", "Alarme");
pub const OF_METER_NOTE: Text =
    Text("open now, then the last that are over", "jetzt offen, dann die letzten beendeten");
pub const NONE: Text = Text("No alarm", "Kein Alarm");
pub const NOTHING_WATCHED: Text = Text(
    "Nothing is watched: switch a rule on, or add one.",
    "Nichts wird überwacht: Schalten Sie eine Regel ein oder legen Sie eine an.",
);

pub fn headline(open: usize, critical: usize) -> String {
    let alarms = match open {
        1 => tell!("1 alarm", "1 Alarm"),
        _ => tell!("{open} alarms", "{open} Alarme"),
    };
    match critical {
        0 => alarms,
        _ => tell!("{alarms}, {critical} critical", "{alarms}, {critical} kritisch"),
    }
}

pub fn detail(rules: usize, meters: usize, cleared: usize) -> String {
    let rules = match rules {
        1 => tell!("1 rule watches", "1 Regel überwacht"),
        _ => tell!("{rules} rules watch", "{rules} Regeln überwachen"),
    };
    let meters = labels::meters(meters);
    tell!(
        "{rules} {meters}. {cleared} cleared today.",
        "{rules} {meters}. Heute {cleared} erledigt."
    )
}

pub fn all_well(titles: &str) -> String {
    tell!(
        "Nothing is beyond its limits. Watched: {titles}.",
        "Nichts liegt außerhalb seiner Grenzen. Überwacht: {titles}."
    )
}

pub const fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Info => Text("info", "Hinweis"),
        Severity::Warning => Text("warning", "Warnung"),
        Severity::Critical => Text("critical", "kritisch"),
    }
}

pub const NONE_OF_METER: Text = Text(
    "None is open, and none was of late.",
    "Keiner ist offen, und keiner war es in letzter Zeit.",
);
pub const ALL_OF_METER: Text = Text("All alarms of this meter", "Alle Alarme dieses Zählers");

pub fn over(raised: &str, cleared: &str) -> String {
    tell!("{raised} to {cleared}", "{raised} bis {cleared}")
}

pub fn since(at: &str) -> String {
    tell!("since {at}", "seit {at}")
}

pub const OF: Text = Text("Of", "Von");
pub const OF_ALL: Text = Text("Those of all meters", "Die aller Zähler");
pub const OPEN: Text = Text("Open", "Offen");
pub const HISTORY: Text = Text("History", "Verlauf");
pub const NO_HISTORY: Text = Text("No alarm is over yet.", "Noch ist kein Alarm vorbei.");
pub const ASIDE: Text = Text("Not computed", "Nicht berechnet");
pub const ASIDE_SAID: Text = Text(
    "These parts failed several times and are left out, so that they hold up no others.",
    "Diese Teile sind mehrmals gescheitert und bleiben außen vor, damit sie andere nicht aufhalten.",
);
pub const WHOSE: Text = Text("Of what", "Wovon");
pub const WHY: Text = Text("Why", "Warum");
pub const AGAIN: Text = Text("Try again", "Noch einmal versuchen");

/// Whose reports are sent by mail.
pub const REPORTS: Text = Text("Reports by e-mail", "Berichte per E-Mail");

/// What could not be computed of a meter or the site's reports, from the first part to the last one.
pub fn aside(work: Work, parts: u64, first: &str, last: &str) -> String {
    let when = if parts == 1 {
        first.to_owned()
    } else {
        tell!("{first} to {last}", "{first} bis {last}")
    };
    match (work, parts) {
        (Work::Energy, 1) => {
            tell!("energy of a quarter-hour: {when}", "Energie einer Viertelstunde: {when}")
        }
        (Work::Energy, _) => tell!(
            "energy of {parts} quarter-hours: {when}",
            "Energie von {parts} Viertelstunden: {when}"
        ),
        (Work::Hour, 1) => tell!("balance of an hour: {when}", "Bilanz einer Stunde: {when}"),
        (Work::Hour, _) => {
            tell!("balances of {parts} hours: {when}", "Bilanzen von {parts} Stunden: {when}")
        }
        (Work::Day, 1) => tell!("balance of a day: {when}", "Bilanz eines Tages: {when}"),
        (Work::Day, _) => {
            tell!("balances of {parts} days: {when}", "Bilanzen von {parts} Tagen: {when}")
        }
        (Work::Derived, _) => tell!(
            "points of the virtual meter since {first}",
            "Punkte des virtuellen Zählers seit {first}"
        ),
        (Work::Bill, 1) => tell!("bill of a month: {when}", "Rechnung eines Monats: {when}"),
        (Work::Bill, _) => {
            tell!("bills of {parts} months: {when}", "Rechnungen von {parts} Monaten: {when}")
        }
        (Work::Report, 1) => tell!("report of a month: {when}", "Bericht eines Monats: {when}"),
        (Work::Report, _) => {
            tell!("reports of {parts} months: {when}", "Berichte von {parts} Monaten: {when}")
        }
    }
}

pub const KNOWN: Text = Text("Acknowledged", "Bestätigt");
pub const ACKNOWLEDGE: Text = Text("Acknowledge", "Bestätigen");
pub const KNOWN_BY: Text = Text("Acknowledged by", "Bestätigt von");
pub const NOTE: Text = Text("Note", "Bemerkung");

/// The answers to a question: each says what follows, as the alarm names it.
pub fn answers(kind: Question, previous: &str, value: &str) -> Vec<(Decision, String)> {
    use super::energy::{COUNT_IT, LEAVE_IT_OUT};
    let this_one = |at: &str| tell!("It is the one at {at}", "Es ist das bei {at}");
    match kind {
        Question::TwoRegisters => {
            vec![(Decision::Accept, this_one(value)), (Decision::Reject, this_one(previous))]
        }
        Question::CountsDown => vec![(Decision::Reject, LEAVE_IT_OUT.into())],
        _ => vec![(Decision::Accept, COUNT_IT.into()), (Decision::Reject, LEAVE_IT_OUT.into())],
    }
}

/// Returns the sentence of a question; `powers` are the rated power and the one that the step takes, kW.
pub fn question(kind: Question, powers: Option<(&str, &str)>) -> String {
    let text = match (kind, powers) {
        (Question::BeyondRated, Some((rated, needed))) => {
            return tell!(
                "Is the rated power right? It is {rated} kW, and this takes {needed} kW.",
                "Stimmt die Nennleistung? Sie ist {rated} kW, und dafür braucht es {needed} kW."
            );
        }
        (Question::BeyondRated, None) => {
            Text("Is the rated power right?", "Stimmt die Nennleistung?")
        }
        (Question::Step, _) => Text(
            "It rose by more than could have flowed. Is that right?",
            "Es stieg um mehr, als geflossen sein kann. Stimmt das?",
        ),
        (Question::StepBack, _) => Text(
            "It fell. Was the meter exchanged, or is a reading wrong?",
            "Es fiel. Wurde der Zähler getauscht, oder ist eine Ablesung falsch?",
        ),
        (Question::Exchange, _) => Text(
            "A meter exchange was entered. Is the old meter's last figure right?",
            "Ein Zählertausch ist eingetragen. Stimmt der letzte Stand des alten Zählers?",
        ),
        (Question::TwoRegisters, _) => Text(
            "Two registers come in under this number. Which one is the meter's?",
            "Unter dieser Nummer kommen zwei Zählwerke an. Welches ist das des Zählers?",
        ),
        (Question::CountsDown, _) => Text(
            "It counts down. Is the right register read, and is the meter connected the right way round?",
            "Es zählt rückwärts. Wird das richtige Zählwerk gelesen, und ist der Zähler richtig herum angeschlossen?",
        ),
    };
    text.into()
}

pub const CHANGE_RATED: Text = Text("Change the rated power", "Die Nennleistung ändern");
pub const ALL_HELD: Text =
    Text("All that waits of this meter", "Alles, was von diesem Zähler wartet");
pub const FIRST: Text = Text("Newest", "Neueste");
pub const NEXT: Text = Text("Older", "Ältere");

pub fn known(who: &str, at: &str) -> String {
    format!("{who}, {at}")
}

pub const RULES: Text = Text("What is watched", "Was überwacht wird");
pub const EVERY_METER: Text =
    Text("every meter that has the figure", "jeder Zähler, der die Größe hat");
pub const METER_NUMBER: Text = Text(
    "Number of the meter; empty for every meter that has the figure",
    "Nummer des Zählers; leer für jeden Zähler, der die Größe hat",
);
pub const GRID_METERS: Text = Text("where the site meets the grid", "wo die Anlage ans Netz geht");
pub const ON: Text = Text("on", "ein");
pub const REMOVE: Text = Text("Remove the rule", "Regel entfernen");
pub const REMOVE_HELP: Text = Text(
    "Its open alarms are over with it, and stay in the history.",
    "Ihre offenen Alarme enden mit ihr und bleiben im Verlauf.",
);
pub const RULE: Text = Text("Rule", "Regel");
pub const FOR: Text = Text("For", "Für");
pub const DELAY: Text = Text("After seconds", "Nach Sekunden");
pub const CLEAR_DELAY: Text = Text("Cleared after seconds", "Erledigt nach Sekunden");

pub fn with_unit(name: &str, unit: &str) -> String {
    if unit.is_empty() { name.to_owned() } else { format!("{name}, {unit}") }
}

fn in_unit(name: Text, unit: &str) -> String {
    if unit.is_empty() { name.into() } else { format!("{name} ({unit})") }
}

pub fn raise(direction: Direction, unit: &str) -> String {
    let name = match direction {
        Direction::Above => Text("Raise the alarm above", "Alarm auslösen über"),
        Direction::Below => Text("Raise the alarm below", "Alarm auslösen unter"),
    };
    in_unit(name, unit)
}

/// The label of the limit of a figure whose side is chosen beside it.
pub fn limit(unit: &str) -> String {
    in_unit(Text("Limit", "Grenze"), unit)
}

/// The label of the second limit.
pub fn clear(unit: &str) -> String {
    in_unit(Text("The alarm is over at", "Der Alarm ist vorbei bei"), unit)
}

/// The same where it may stay empty.
pub fn clear_or_same(unit: &str) -> String {
    let clear = clear(unit);
    tell!("{clear}; empty for the same limit", "{clear}; leer für dieselbe Grenze")
}

pub fn delays(raise_s: u32, limit: Option<&str>, clear_s: u32) -> String {
    let limit = limit.map(|limit| tell!(" at {limit}", " bei {limit}")).unwrap_or_default();
    tell!(
        "after {raise_s} s, cleared{limit} after {clear_s} s",
        "nach {raise_s} s, erledigt{limit} nach {clear_s} s"
    )
}

pub const NEW: Text = Text("Add a rule", "Eine Regel anlegen");
pub const CHOOSE_FIGURE: Text = Text("Choose", "Wählen");
pub const FIGURE: Text = Text("What to watch", "Was überwacht wird");
pub const OF_LOSSES: Text = Text("Loss, demand and cost", "Verlust, Leistungsmittel und Kosten");
pub const OF_METERS: Text = Text("Silence and quality", "Funkstille und Güte");
pub const OF_CHANNELS: Text = Text("Channels", "Kanäle");
pub const ALERT: Text = Text("Alert", "Benachrichtigung");
pub const ALERT_SILENT: Text =
    Text("Alert me when it is silent", "Benachrichtigen, wenn er schweigt");

/// The link to the form of a rule; `limit` with its unit.
pub fn alert_when(limit: Option<&str>) -> String {
    match limit {
        Some(limit) => tell!(
            "Alert me when this exceeds {limit}",
            "Benachrichtigen, wenn dies {limit} übersteigt"
        ),
        None => tell!(
            "Alert me when this exceeds a limit",
            "Benachrichtigen, wenn dies eine Grenze übersteigt"
        ),
    }
}

/// The same where there is little room.
pub const ALERT_SHORT: Text = Text("Alert me", "Alarm einrichten");

/// Before a link to a rule on the demand of a meter.
pub fn demand_of(name: &str) -> String {
    tell!("Demand of {name}", "Leistungsmittel von {name}")
}

pub const SIDE: Text = Text("Alarm when it is", "Alarm, wenn er liegt");
pub const ADD: Text = Text("Add the rule", "Regel anlegen");

pub const fn side(direction: Direction) -> Text {
    match direction {
        Direction::Above => Text("above the limit", "über der Grenze"),
        Direction::Below => Text("below the limit", "unter der Grenze"),
    }
}

pub mod done {
    //! What was done.
    use crate::language::{Text, tell};

    pub fn again(parts: u64) -> String {
        match parts {
            0 => tell!("Nothing was left out any more.", "Es war nichts mehr außen vor."),
            1 => tell!("It is tried again now.", "Es wird jetzt noch einmal versucht."),
            _ => tell!(
                "{parts} parts are tried again now.",
                "{parts} Teile werden jetzt noch einmal versucht."
            ),
        }
    }

    pub const ACKNOWLEDGED: Text = Text("The alarm is acknowledged.", "Der Alarm ist bestätigt.");
    pub const CHANGED: Text = Text("The rule is changed.", "Die Regel ist geändert.");
    pub const SWITCHED_ON: Text = Text("The rule is switched on.", "Die Regel ist eingeschaltet.");
    pub const SWITCHED_OFF: Text =
        Text("The rule is switched off.", "Die Regel ist ausgeschaltet.");
    pub const REMOVED: Text = Text("The rule is removed.", "Die Regel ist entfernt.");
    pub const ADDED: Text = Text("The rule is added.", "Die Regel ist angelegt.");
    pub const ADDED_AND_TOLD: Text = Text(
        "The rule is added. Its alarms are sent from now on.",
        "Die Regel ist angelegt. Ihre Alarme werden ab jetzt gesendet.",
    );
    pub const TOLD: Text = Text("It is told from now on.", "Ab jetzt wird dorthin gemeldet.");
    pub const UNTOLD: Text = Text("It is told no more.", "Dorthin wird nicht mehr gemeldet.");
}
