//! One bill.

use domain::bills::LineUnit;

use crate::language::{Text, tell};
use crate::words::labels;

pub use crate::words::labels::{
    AMOUNT, CSV, DAY, KWH, PRINT, QUALITY, REASON, REFUND, SHOW_FEWER, TO_PAY, TRADES,
};

pub fn title(month: &str) -> String {
    tell!("Energy bill, {month}", "Energierechnung, {month}")
}

pub fn credit_title(month: &str) -> String {
    tell!("Credit note, {month}", "Stornorechnung, {month}")
}

pub const DRAFT: Text = Text("Draft, follows the data", "Entwurf, folgt den Daten");
pub const DRAFT_HELP: Text = Text(
    "It is computed anew whenever it is looked at. Issued, it gets a number and never changes.",
    "Er wird bei jedem Ansehen neu berechnet. Ausgestellt erhält die Rechnung eine Nummer und \
     ändert sich nie mehr.",
);
pub const ISSUED: Text = Text("Issued, cannot change", "Ausgestellt, unveränderlich");
pub const ISSUED_HELP: Text = Text(
    "A later correction makes a credit note and a new bill.",
    "Eine spätere Korrektur ergibt eine Stornorechnung und eine neue Rechnung.",
);
pub const STALE: Text = Text(
    "Issued, but its basis has changed since",
    "Ausgestellt, aber ihre Grundlage hat sich seither geändert",
);
pub const STALE_HELP: Text = Text(
    "What it was computed from was corrected after it was issued. Where estimates were replaced, the \
     next bill has the difference. Otherwise credit it, and issue a new bill with the corrected \
     energy.",
    "Woraus sie berechnet ist, wurde nach dem Ausstellen korrigiert. Wo Schätzungen ersetzt wurden, \
     steht der Unterschied auf der nächsten Rechnung. Sonst stornieren Sie sie und stellen Sie eine \
     neue mit der korrigierten Energie aus.",
);
pub const CORRECTED: Text = Text("Issued, and corrected", "Ausgestellt und korrigiert");

pub fn corrected_by(number: &str) -> String {
    tell!(
        "Bill {number} has the difference to what is known since.",
        "Die Rechnung {number} enthält den Unterschied zu dem, was seither bekannt ist."
    )
}

pub const CORRECTS: Text = Text("It corrects bill", "Korrigiert die Rechnung");
pub const CREDITED: Text = Text("Issued, and taken back", "Ausgestellt und zurückgenommen");
pub const CREDIT_NOTE: Text = Text("Credit note", "Stornorechnung");

pub fn credited_by(number: &str) -> String {
    tell!(
        "Credit note {number} takes it back in full.",
        "Die Stornorechnung {number} nimmt sie ganz zurück."
    )
}

pub fn credit_of(number: &str) -> String {
    tell!("It takes back bill {number} in full.", "Sie nimmt die Rechnung {number} ganz zurück.")
}

pub fn number(number: &str) -> String {
    tell!("Number {number}", "Nummer {number}")
}

pub const NO_NUMBER: Text = Text("Draft, without a number", "Entwurf, ohne Nummer");

pub fn issued(day: &str) -> String {
    tell!("Issued {day}", "Ausgestellt am {day}")
}

pub fn as_of(day: &str) -> String {
    tell!("As of {day}", "Stand {day}")
}

pub fn meter(number: &str, side: &str) -> String {
    tell!("Meter {number}, {side}", "Zähler {number}, {side}")
}

pub const SO_FAR: Text = Text("To pay so far", "Bisher zu zahlen");
pub const REFUND_SO_FAR: Text = Text("Credit to you so far", "Guthaben bisher");
pub const TAKEN_BACK: Text = Text("Taken back", "Zurückgenommen");
pub const CONSUMED: Text = Text("import", "Bezug");
pub const PRODUCED: Text = Text("export", "Einspeisung");
pub const COVERAGE_OF: Text = Text("coverage", "Abdeckung");
pub const ESTIMATED: Text = Text("estimated", "geschätzt");

pub const LINES: Text = Text("Lines", "Posten");
pub const LINE: Text = Text("Line", "Posten");
pub const LINE_HELP: Text = Text("tap for its intervals", "antippen für seine Intervalle");
pub const QUANTITY: Text = Text("Quantity", "Menge");
pub const RATE: Text = Text("Rate", "Preis");
pub const INTERVAL: Text = Text("Interval", "Intervall");
pub const COVERAGE: Text = Text("Coverage %", "Abdeckung %");
pub const SHOW_ALL: Text = Text("Show all", "Alle zeigen");

/// What the quantity of a line is stated in; money shows its sign.
pub fn unit(unit: LineUnit) -> &'static str {
    match unit {
        LineUnit::Kwh => "kWh",
        LineUnit::Kw => "kW",
        LineUnit::Days => DAYS.get(),
        LineUnit::Months => MONTHS.get(),
        LineUnit::Money => "",
    }
}

const DAYS: Text = Text("days", "Tage");
const MONTHS: Text = Text("months", "Monate");

pub fn intervals_of(line: &str) -> String {
    tell!("Intervals of {line}", "Intervalle von {line}")
}

pub fn of_intervals(shown: usize, count: usize, sum: &str, unit: &str) -> String {
    if shown == count {
        tell!("{count} intervals; sum {sum} {unit}.", "{count} Intervalle; Summe {sum} {unit}.")
    } else {
        tell!(
            "{shown} of {count} intervals; all of them add up to {sum} {unit}.",
            "{shown} von {count} Intervallen; alle zusammen ergeben {sum} {unit}."
        )
    }
}

pub const NO_INTERVALS: Text = Text(
    "A fixed charge or tax: it does not depend on single readings.",
    "Ein fester Betrag oder eine Steuer: Er hängt nicht von einzelnen Ablesungen ab.",
);

pub const DAILY: Text = Text("Daily energy", "Energie nach Tagen");
pub const IMPORT_UP: Text = Text("import, up", "Bezug, nach oben");
pub const EXPORT_DOWN: Text = Text("export, down", "Einspeisung, nach unten");
pub const HOUR: Text = Text("Hour", "Stunde");
pub const IMPORT_KWH: Text = Text("Import kWh", "Bezug kWh");
pub const EXPORT_KWH: Text = Text("Export kWh", "Einspeisung kWh");
pub const ESTIMATED_KWH: Text = Text("Estimated kWh", "Geschätzt kWh");

pub fn days_label(month: &str) -> String {
    tell!(
        "Energy by day in {month}: import above zero, export below",
        "Energie nach Tagen im {month}: Bezug über null, Einspeisung darunter"
    )
}

pub fn day_hint(day: &str, import: &str, export: &str, estimated: &str) -> String {
    tell!(
        "{day}: import {import}, export {export}, estimated {estimated} kWh",
        "{day}: Bezug {import}, Einspeisung {export}, geschätzt {estimated} kWh"
    )
}

pub const AVERAGE_DAY: Text = Text("Average day", "Mittlerer Tag");
pub const AVERAGE_NOTE: Text = Text(
    "kWh per hour, import up, export down",
    "kWh je Stunde, Bezug nach oben, Einspeisung nach unten",
);
pub const AVERAGE_LABEL: Text = Text(
    "Energy of the average day by hour: import above zero, export below",
    "Energie des mittleren Tages nach Stunden: Bezug über null, Einspeisung darunter",
);

pub fn hour_hint(hour: usize, import: &str, export: &str) -> String {
    tell!(
        "{hour:02}:00: import {import}, export {export} kWh",
        "{hour:02}:00: Bezug {import}, Einspeisung {export} kWh"
    )
}

pub const REGISTERS: Text = Text("Registers", "Zählwerke");
pub const NO_REGISTERS: Text =
    Text("No register was read in this month.", "In diesem Monat wurde kein Zählwerk abgelesen.");
pub const IMPORT: Text = Text("Import", "Bezug");
pub const EXPORT: Text = Text("Export", "Einspeisung");

pub const NO_TRADES: Text =
    Text("Nothing was traded in this month.", "In diesem Monat wurde nichts gehandelt.");
pub const WITH: Text = Text("With", "Mit");
pub const AGREED: Text = Text("Agreed", "Vereinbart");
pub const SETTLED: Text = Text("Fulfilled", "Erfüllt");
pub const UNSETTLED: Text = Text("Not fulfilled", "Nicht erfüllt");
pub const UNSETTLED_HELP: Text = Text(
    "A trade counts for at most what its seller made and its buyer used in the month, in the \
     order in which trades were agreed. The rest goes through the grid.",
    "Ein Handel zählt höchstens für das, was im Monat verkäuferseitig erzeugt und käuferseitig \
     verbraucht wurde, in der Reihenfolge der Vereinbarung. Der Rest geht durch das Netz.",
);

pub fn bought_from(name: &str) -> String {
    tell!("from {name}", "von {name}")
}

pub fn sold_to(name: &str) -> String {
    tell!("to {name}", "an {name}")
}

pub const PROOF: Text = Text("Proof", "Nachweis");
pub const TARIFF: Text = Text("Tariff", "Tarif");
pub const NO_TARIFF: Text =
    Text("none holds: nothing is priced", "keiner gilt: nichts hat einen Preis");
pub const INPUTS: Text = Text("Inputs", "Eingaben");
pub const DIGEST: Text = Text("Digest", "Prüfsumme");

pub fn tariff(name: &str, from: Option<&str>) -> String {
    match from {
        Some(from) => tell!("{name}, from {from}", "{name}, ab {from}"),
        None => name.to_owned(),
    }
}

pub fn inputs(intervals: usize, trades: usize) -> String {
    let trades = match trades {
        0 => tell!("no trades", "kein Handel"),
        _ => labels::trades(trades),
    };
    tell!("{intervals} intervals, {trades}", "{intervals} Intervalle, {trades}")
}

pub fn against(month: &str) -> String {
    tell!("Against {month}", "Gegenüber {month}")
}

pub fn change(amount: &str, percent: Option<&str>) -> String {
    match percent {
        Some(percent) => {
            tell!("{amount}, consumption {percent}\u{a0}%", "{amount}, Verbrauch {percent}\u{a0}%")
        }
        None => amount.to_owned(),
    }
}

pub fn quarters(covered: i64, all: i64) -> String {
    tell!("{covered} of {all} quarter-hours", "{covered} von {all} Viertelstunden")
}

pub const STRIP: Text = Text("Coverage day by day", "Abdeckung Tag für Tag");

pub fn strip_day(day: &str, percent: &str) -> String {
    tell!("{day}: {percent} % read", "{day}: {percent} % abgelesen")
}

pub const PARTLY_READ: Text = Text(
    "Some quarter-hours have no reading. Missing means unknown, not 0 kWh.",
    "Für einige Viertelstunden fehlt die Ablesung. Das heißt unbekannt, nicht 0 kWh.",
);
pub const FULLY_READ: Text =
    Text("Every quarter-hour was read.", "Jede Viertelstunde wurde abgelesen.");

pub fn estimated_said(kwh: &str, percent: &str) -> String {
    tell!(
        "For {kwh} kWh ({percent} %) it is estimated on which side of a price change, a demand \
         interval or the end of the month they fall, or the reading itself was estimated. The next \
         actual reading corrects it.",
        "Bei {kwh} kWh ({percent} %) ist geschätzt, auf welche Seite eines Preiswechsels, einer \
         Leistungsperiode oder des Monatsendes sie fallen, oder der Stand selbst wurde geschätzt. \
         Die nächste tatsächliche Ablesung gleicht das aus."
    )
}

pub fn unpriced_import(kwh: &str) -> String {
    tell!(
        "{kwh} kWh of import have no price in the tariff and are not on this bill.",
        "{kwh} kWh Bezug haben im Tarif keinen Preis und stehen nicht auf dieser Rechnung."
    )
}

pub fn unpriced_export(kwh: &str) -> String {
    tell!(
        "{kwh} kWh of export are not paid: the tariff has no export price.",
        "{kwh} kWh Einspeisung werden nicht vergütet: Der Tarif hat keinen Einspeisepreis."
    )
}

pub const LOOK: Text = Text("Look", "Ansehen");
pub const OTHER_MONTHS: Text = Text("Other months", "Andere Monate");
pub const ALL_BILLS: Text = Text("All bills", "Alle Rechnungen");
pub const STORE: Text = Text("Store the draft", "Entwurf speichern");
pub const STORE_HELP: Text = Text(
    "A stored draft stands in the list of the month, and can be had as CSV and Green Button",
    "Ein gespeicherter Entwurf steht in der Liste des Monats und ist als CSV und Green Button \
     erhältlich",
);
pub const GREEN_BUTTON: Text = Text("Green Button", "Green Button");
pub const EXPLAIN: Text = Text("Explain", "Erklären");
pub const ISSUE: Text = Text("Issue", "Ausstellen");
pub const CREDIT: Text = Text("Credit and bill again", "Stornieren und neu abrechnen");
pub const CREDIT_THIS: Text = Text("Take this bill back", "Diese Rechnung stornieren");
pub const CREDIT_HELP: Text = Text(
    "A credit note over the same amount is issued, and a new bill with the energy as it is \
     known now. Neither can be undone.",
    "Eine Stornorechnung über denselben Betrag wird ausgestellt und eine neue Rechnung mit der \
     Energie, wie sie jetzt bekannt ist. Keines von beiden lässt sich rückgängig machen.",
);
pub const HELD_BACK: Text =
    Text("It cannot be issued as it stands", "So kann sie nicht ausgestellt werden");
pub const OVERRIDE: Text = Text("Issue it all the same", "Trotzdem ausstellen");
pub const OVERRIDE_BY: Text = Text("Who answers for it", "Wer verantwortet es");
pub const OVERRIDE_WHY: Text = Text("Why", "Warum");
pub const PROFILE: Text = Text(
    "The month's energy by day and its average day, for print",
    "Die Energie des Monats nach Tagen und sein mittlerer Tag, zum Drucken",
);

pub mod side {
    //! As what a meter is billed.
    pub use crate::words::labels::{CONSUMER, PROSUMER};
}

pub mod done {
    //! What was done.
    use crate::language::{Text, tell};

    pub const STORED: Text = Text("The draft is stored.", "Der Entwurf ist gespeichert.");

    pub fn issued(number: &str) -> String {
        tell!("Bill {number} is issued.", "Die Rechnung {number} ist ausgestellt.")
    }

    pub fn credited(note: &str, bill: &str) -> String {
        tell!(
            "Credit note {note} takes the bill back; {bill} takes its place.",
            "Die Stornorechnung {note} nimmt die Rechnung zurück; {bill} tritt an ihre Stelle."
        )
    }
}
