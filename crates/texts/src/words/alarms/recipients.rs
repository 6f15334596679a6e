//! Recipients of alarms.

use domain::alarms::{RecipientKind, Severity};

use crate::language::{Text, tell};

pub const TOLD: Text = Text("Who is told", "Wer benachrichtigt wird");
pub const TOLD_HELP: Text = Text(
    "Each alarm of this severity or a graver one is told when it is raised and when it is \
     cleared: to a webhook as JSON, or to a mailbox.",
    "Jeder Alarm dieser oder größerer Schwere wird gemeldet, wenn er ausgelöst wird und wenn er \
     erledigt ist: an einen Webhook als JSON oder an ein Postfach.",
);
pub const NOBODY_YET: Text = Text(
    "Nobody gets a message yet: the alarm shows on this page and the overview only.",
    "Noch erhält niemand eine Nachricht: Der Alarm erscheint nur hier und in der Übersicht.",
);
pub const ASK_ADMINISTRATOR: Text = Text(
    "An administrator of this site says who is told of alarms.",
    "Wer von Alarmen benachrichtigt wird, bestimmt ein Administrator dieser Anlage.",
);
pub const TOLD_OF_ALL: Text = Text(
    "A recipient gets every alarm of this site from its severity on.",
    "Ein Empfänger erhält jeden Alarm dieser Anlage ab seiner Schwere.",
);

pub fn told_so_far(recipients: &str) -> String {
    tell!("Told so far: {recipients}.", "Bisher benachrichtigt: {recipients}.")
}

/// A recipient with the severity from which on it is told; none where it is switched off.
pub fn from_severity(address: &str, from: Option<Severity>) -> String {
    let from = match from {
        Some(Severity::Info) => Text("of all alarms", "bei allen Alarmen"),
        Some(Severity::Warning) => {
            Text("of warnings and critical alarms", "bei Warnungen und kritischen Alarmen")
        }
        Some(Severity::Critical) => Text("of critical alarms only", "nur bei kritischen Alarmen"),
        None => Text("switched off", "ausgeschaltet"),
    };
    format!("{address} ({from})")
}

pub const ALSO_TELL: Text =
    Text("Tell this recipient, too", "Auch diesen Empfänger benachrichtigen");
pub const NOBODY_ELSE: Text = Text("nobody else", "niemanden sonst");
pub const MAILBOX: Text = Text(
    "Tell this e-mail address; empty for none",
    "Diese E-Mail-Adresse benachrichtigen; leer für keine",
);
pub const NO_MAIL: Text = Text(
    "No e-mail is sent: no mail server is set.",
    "Es wird keine E-Mail gesendet: Kein Mailserver ist gesetzt.",
);
pub const SET_MAIL: Text = Text("Set a mail server", "Einen Mailserver setzen");
pub const NOBODY: Text = Text("Nobody is told yet.", "Noch wird niemand benachrichtigt.");
pub const KIND: Text = Text("How", "Wie");

pub const fn recipient(kind: RecipientKind) -> Text {
    match kind {
        RecipientKind::Webhook => Text("webhook", "Webhook"),
        RecipientKind::Email => Text("e-mail", "E-Mail"),
    }
}

pub const ADDRESS: Text = Text("Address", "Adresse");
pub const FROM_SEVERITY: Text = Text("From severity", "Ab Schwere");
pub const TELL: Text = Text("Tell it from now on", "Ab jetzt benachrichtigen");
pub const UNTELL: Text = Text("Tell no more", "Nicht mehr benachrichtigen");

pub fn waiting(count: i64, problem: Option<&str>) -> String {
    let problem = problem.map(|problem| format!(": {problem}")).unwrap_or_default();
    let messages = match count {
        1 => tell!("1 message", "1 Nachricht"),
        _ => tell!("{count} messages", "{count} Nachrichten"),
    };
    tell!("{messages} not delivered yet{problem}", "{messages} noch nicht zugestellt{problem}")
}
