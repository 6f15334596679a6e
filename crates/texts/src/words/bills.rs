//! All bills of a month.

use crate::language::{Text, tell};

pub use crate::words::labels::{AMOUNT, METER, NAME, NUMBER, STATE};

pub const TITLE: Text = Text("Bills", "Rechnungen");

pub fn sum(bills: usize, to_pay: &str, refund: &str) -> String {
    let bills = match bills {
        1 => tell!("1 bill", "1 Rechnung"),
        _ => tell!("{bills} bills", "{bills} Rechnungen"),
    };
    tell!(
        "{bills}: {to_pay} to pay, {refund} to refund",
        "{bills}: {to_pay} zu zahlen, {refund} zu erstatten"
    )
}

pub fn none_yet(month: &str) -> String {
    tell!("No bill of {month} is computed yet", "Für {month} ist noch keine Rechnung berechnet")
}

pub fn detail(month: &str, counted: &[(usize, Text)]) -> String {
    let counted: Vec<_> = counted.iter().map(|(count, name)| format!("{count} {name}")).collect();
    if counted.is_empty() {
        format!("{month}.")
    } else {
        format!("{month}: {}.", counted.join(", "))
    }
}

pub const NO_METERS: Text =
    Text("There is nothing to bill in this month", "In diesem Monat gibt es nichts abzurechnen");
pub const NO_METERS_HELP: Text = Text(
    "A bill appears for every meter that customers have: households, offices, flats. Create one \
     on the page Simulator, or choose another month.",
    "Eine Rechnung erscheint für jeden Zähler eines Kunden: Haushalte, Büros, Wohnungen. Legen \
     Sie einen auf der Seite Simulator an oder wählen Sie einen anderen Monat.",
);
pub const CONSUMED: Text = Text("Import kWh", "Bezug kWh");
pub const PRODUCED: Text = Text("Export kWh", "Einspeisung kWh");
pub const COVERAGE: Text = Text("Coverage %", "Abdeckung %");
pub const DRAFT: Text = Text("draft", "Entwurf");
pub const ISSUED: Text = Text("issued", "ausgestellt");
pub const STALE: Text = Text("issued, basis changed", "ausgestellt, Grundlage geändert");
pub const NOT_COMPUTED: Text = Text("not computed", "nicht berechnet");
pub const CREDITED: Text = Text("taken back", "zurückgenommen");
pub const CREDIT_NOTE: Text = Text("credit note", "Stornorechnung");

pub const COMPUTE: Text = Text("Compute drafts", "Entwürfe berechnen");
pub const ISSUE_ALL: Text = Text("Issue all", "Alle ausstellen");
pub const COMPUTING: Text = Text("Computing drafts", "Entwürfe werden berechnet");
pub const ISSUING: Text = Text("Issuing bills", "Rechnungen werden ausgestellt");
pub const CANCEL: Text = Text("Cancel", "Abbrechen");

pub fn of(done: i32, total: i32) -> String {
    tell!("{done} of {total}", "{done} von {total}")
}

pub fn failed(done: i32, total: i32, problem: &str) -> String {
    tell!(
        "The last run stopped after {done} of {total} meters: {problem}",
        "Der letzte Lauf hielt nach {done} von {total} Zählern an: {problem}"
    )
}

pub fn cancelled(done: i32, total: i32) -> String {
    tell!(
        "The last run was cancelled after {done} of {total} meters; what it did stays.",
        "Der letzte Lauf wurde nach {done} von {total} Zählern abgebrochen; was er getan hat, \
         bleibt."
    )
}

pub fn issued(done: i32, issued: i32, held_back: i32) -> String {
    let meters = match done {
        1 => tell!("1 meter", "1 Zähler"),
        _ => tell!("{done} meters", "{done} Zähler"),
    };
    let bills = match issued {
        1 => tell!("1 bill", "1 Rechnung"),
        _ => tell!("{issued} bills", "{issued} Rechnungen"),
    };
    let held_back = match held_back {
        0 => String::new(),
        1 => tell!(
            " 1 was not issued; the list below says why.",
            " 1 wurde nicht ausgestellt; die Liste darunter nennt den Grund."
        ),
        _ => tell!(
            " {held_back} were not issued; the list below says why.",
            " {held_back} wurden nicht ausgestellt; die Liste darunter nennt den Grund."
        ),
    };
    tell!(
        "The last run went over {meters} and issued {bills}.{held_back}",
        "Der letzte Lauf ging über {meters} und stellte {bills} aus.{held_back}"
    )
}

pub fn computed(done: i32) -> String {
    match done {
        1 => tell!(
            "The last run computed the draft of 1 meter.",
            "Der letzte Lauf berechnete den Entwurf von 1 Zähler."
        ),
        _ => tell!(
            "The last run computed the drafts of {done} meters.",
            "Der letzte Lauf berechnete die Entwürfe von {done} Zählern."
        ),
    }
}

pub fn doubtful(count: i32) -> String {
    match count {
        1 => tell!(
            "One of the bills should be looked at: its page says why.",
            "Eine der Rechnungen sollte angesehen werden: Ihre Seite nennt den Grund."
        ),
        _ => tell!(
            "{count} of the bills should be looked at: their pages say why.",
            "{count} der Rechnungen sollten angesehen werden: Ihre Seiten nennen den Grund."
        ),
    }
}

pub fn left_out(count: usize) -> String {
    match count {
        1 => tell!("1 meter is left out", "1 Zähler bleibt außen vor"),
        _ => tell!("{count} meters are left out", "{count} Zähler bleiben außen vor"),
    }
}

pub fn more_left_out(count: usize) -> String {
    tell!(
        "And {count} more: GET /api/bills/run/{{id}} names all.",
        "Und {count} weitere: GET /api/bills/run/{{id}} nennt alle."
    )
}

pub mod done {
    //! What was done.
    use crate::language::Text;

    pub const RUN: Text = Text(
        "The run is started; it goes on if you leave this page.",
        "Der Lauf ist gestartet; er geht weiter, auch wenn Sie die Seite verlassen.",
    );
    pub const CANCELLED: Text = Text(
        "The run is cancelled; what it did stays.",
        "Der Lauf ist abgebrochen; was er getan hat, bleibt.",
    );
}
