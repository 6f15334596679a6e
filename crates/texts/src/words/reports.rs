//! The monthly reports: their list, and to whom they are sent.

use crate::language::{Text, tell};

pub use crate::words::labels::{
    ACTIONS, CHANGE, LANGUAGE, MONTH, OFF, REMOVE, SAVE, SWITCH_OFF, SWITCH_ON, WHEN,
};

pub const TITLE: Text = Text("Reports", "Berichte");

pub fn headline(over: usize) -> String {
    match over {
        0 => Text("No month is over yet", "Noch ist kein Monat zu Ende").into(),
        1 => Text("1 finished month", "1 abgeschlossener Monat").into(),
        _ => tell!("{over} months are over", "{over} Monate sind zu Ende"),
    }
}

pub const HELP: Text = Text(
    "Each month with its energy, its losses and what the real ones cost. A report follows the data: what is corrected later changes it.",
    "Jeder Monat mit Energie, Verlusten und den Kosten der echten unter ihnen. Ein Bericht folgt den Daten: Spätere Korrekturen ändern ihn.",
);
pub const NOTHING: Text = Text(
    "Nothing was read yet. Add a meter and its device; the month under way appears here with the first readings.",
    "Noch wurde nichts abgelesen. Legen Sie einen Zähler mit seinem Gerät an; der laufende Monat erscheint hier mit den ersten Ablesungen.",
);
pub const MONTHS: Text = Text("Months", "Monate");
pub const UNDER_WAY: Text = Text("under way", "läuft");
pub const UNREAD: Text = Text("not read", "nicht abgelesen");
pub const DAYS: Text = Text("Days read", "Tage abgelesen");
pub const COVERAGE: Text = Text("Coverage, %", "Abdeckung, %");
pub const ENERGY: Text = Text("Energy in, kWh", "Zufluss, kWh");
pub const LOSS: Text = Text("Loss, kWh", "Verlust, kWh");
pub const LOSS_SHARE: Text = Text("Loss, %", "Verlust, %");

pub fn goes_back(example: &str) -> String {
    tell!(
        "There are older months: open one by its address, such as {example}.",
        "Es gibt ältere Monate: Öffnen Sie einen über seine Adresse, etwa {example}."
    )
}

pub const SCHEDULES: Text = Text("By e-mail", "Per E-Mail");
pub const SCHEDULES_HELP: Text = Text(
    "The report of the month before goes to these mailboxes each month, at the site's time. What became due while Wattlens did not run is sent when it starts.",
    "Der Bericht des Vormonats geht jeden Monat an diese Postfächer, zur Zeit der Anlage. Was fällig wurde, während Wattlens nicht lief, wird beim Start gesendet.",
);
pub const SIMULATED: Text = Text(
    "Reports of a simulated world are not mailed: its clock is its own.",
    "Berichte einer simulierten Welt werden nicht versandt: Sie hat ihre eigene Uhr.",
);
pub const NOBODY: Text = Text("Nobody gets it yet.", "Noch erhält ihn niemand.");
pub const TO: Text = Text("To", "An");
pub const STATE: Text = Text("State", "Stand");
pub const ADDRESSES: Text =
    Text("E-mail addresses, separated by commas", "E-Mail-Adressen, durch Kommas getrennt");
pub const DAY: Text = Text("Day of the month, 1 to 28", "Tag des Monats, 1 bis 28");
pub const HOUR: Text = Text("Hour, 0 to 23", "Stunde, 0 bis 23");
pub const ADD: Text = Text("Send it from now on", "Ab jetzt senden");
pub const REMOVE_HELP: Text = Text(
    "Nobody of this line gets the report any more; what waits to be sent is dropped.",
    "Niemand aus dieser Zeile erhält den Bericht mehr; was noch zu senden ist, entfällt.",
);
pub const SEND_NOW: Text = Text("Send now", "Jetzt senden");

pub fn when(day: u8, hour: u8) -> String {
    tell!("on day {day} at {hour:02}:00", "am {day}. um {hour:02}:00 Uhr")
}

pub fn next(month: &str, at: &str) -> String {
    tell!("next: {month}, {at}", "nächster: {month}, {at}")
}

pub fn sent(month: &str, at: &str) -> String {
    tell!("last sent: {month}, {at}", "zuletzt gesendet: {month}, {at}")
}

pub const NEVER_SENT: Text = Text("not sent yet", "noch nicht gesendet");

pub fn waiting(count: i64) -> String {
    match count {
        1 => Text("1 mail is still to be delivered", "1 E-Mail ist noch zuzustellen").into(),
        _ => tell!(
            "{count} mails are still to be delivered",
            "{count} E-Mails sind noch zuzustellen"
        ),
    }
}

pub mod done {
    //! What was done.
    use super::Text;

    pub const ADDED: Text =
        Text("The report is sent from now on.", "Der Bericht wird ab jetzt gesendet.");
    pub const CHANGED: Text = Text("The schedule is changed.", "Der Zeitplan ist geändert.");
    pub const REMOVED: Text = Text("The schedule is removed.", "Der Zeitplan ist entfernt.");
    pub const SENT: Text = Text(
        "The report is on its way. Whether it was delivered is said in its line.",
        "Der Bericht ist unterwegs. Ob er zugestellt wurde, steht in seiner Zeile.",
    );
    pub const SWITCHED_ON: Text =
        Text("The schedule is switched on.", "Der Zeitplan ist eingeschaltet.");
    pub const SWITCHED_OFF: Text =
        Text("The schedule is switched off.", "Der Zeitplan ist ausgeschaltet.");
}
