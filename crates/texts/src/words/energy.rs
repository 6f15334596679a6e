//! The pages of one meter that the server draws: its period, its registers, corrections, children and
//! raw rows.

use domain::energy::interval::Flags;

use crate::language::{Text, tell};

pub use crate::words::labels::{COVERAGE, QUALITY, REASON, SOURCE, STATE, SUM, TIME, VALUE};

pub const RAW: Text = Text("Raw rows", "Rohdaten");

pub fn energy(delivered: bool) -> Text {
    if delivered {
        Text("Energy delivered", "Gelieferte Energie")
    } else {
        Text("Energy", "Energie")
    }
}

pub fn energy_note(step: &str, label: &str) -> String {
    tell!("kWh by {step}, {label}", "kWh nach {step}, {label}")
}

pub fn energy_label(name: &str, step: &str, kwh: &str) -> String {
    tell!(
        "Energy of {name} by {step}, {kwh} kWh in all",
        "Energie von {name} nach {step}, zusammen {kwh} kWh"
    )
}

pub const NOTHING: Text =
    Text("No energy is known in this period.", "In diesem Zeitraum ist keine Energie bekannt.");
pub const NOTHING_HELP: Text = Text(
    "Either nothing was read, or the readings are still being added up: choose another period, \
     or come back in a minute.",
    "Entweder wurde nichts abgelesen, oder die Ablesungen werden noch verrechnet: Wählen Sie \
     einen anderen Zeitraum oder kommen Sie in einer Minute wieder.",
);

pub const LEGEND_MEASURED: Text = Text("Measured", "Gemessen");
pub const LEGEND_ESTIMATED: Text =
    Text("Real, but placed by estimate", "Echt, aber zeitlich geschätzt");
pub const LEGEND_GAP: Text = Text("No readings", "Keine Ablesungen");
pub const LEGEND_OUTLIER: Text = Text("Left out: does not fit", "Ausgelassen: passt nicht");
pub const LEGEND_BEFORE: Text = Text("The period before", "Der Zeitraum davor");

pub fn read(percent: &str) -> String {
    tell!("{percent} % read", "{percent} % abgelesen")
}

pub fn hint(step: &str, kwh: &str, coverage: &str, before: Option<&str>) -> String {
    let before =
        before.map(|kwh| tell!(", before {kwh} kWh", ", davor {kwh} kWh")).unwrap_or_default();
    tell!(
        "{step}: {kwh} kWh, {coverage} % read{before}",
        "{step}: {kwh} kWh, {coverage} % abgelesen{before}"
    )
}

/// Beside a list that the period before has no part in.
pub const ALONE: Text = Text("(of this period alone)", "(nur von diesem Zeitraum)");
pub const NOT_COMPARED: Text = Text(
    "This page shows one period alone: nothing on it is compared.",
    "Diese Seite zeigt einen Zeitraum allein: Auf ihr wird nichts verglichen.",
);

pub fn before(value: &str, unit: &str) -> String {
    tell!(" (before: {value} {unit})", " (davor: {value} {unit})")
}

pub const TOTAL: Text = Text("Energy", "Energie");
pub const RETURNED: Text = Text("Returned", "Zurückgeliefert");
pub const BEFORE: Text = Text("Period before", "Zeitraum davor");
pub const BEFORE_CUT: Text =
    Text("Period before, to the same time", "Zeitraum davor, zur selben Zeit");
pub const PEAK: Text = Text("Highest quarter-hour", "Höchste Viertelstunde");
pub const ESTIMATED: Text = Text("Placed by estimate", "Zeitlich geschätzt");

pub fn strip(covered: usize, all: usize, percent: &str, step: &str) -> String {
    tell!(
        "{covered} of {all} {step}s fully read; coverage {percent} %",
        "{covered} von {all} ({step}) ganz abgelesen; Abdeckung {percent} %"
    )
}

/// A flag as a sheet says it.
pub fn event(flag: Flags) -> Text {
    match flag {
        Flags::RESET => Text("register reset", "Zählwerk zurückgesetzt"),
        Flags::ROLLOVER => Text("register rollover", "Überlauf des Zählwerks"),
        Flags::EXCHANGE => Text("meter exchanged", "Zähler getauscht"),
        Flags::GLITCH => Text("outlier left out", "Ausreißer ausgelassen"),
        Flags::QUARANTINED => Text("step in quarantine", "Sprung in Quarantäne"),
        Flags::GAP => Text("gap in the readings", "Lücke in den Ablesungen"),
        Flags::CORRECTED => Text("reading corrected", "Ablesung korrigiert"),
        _ => Text("event", "Ereignis"),
    }
}

pub const REGISTER: Text = Text("Register as read", "Zählwerk wie abgelesen");

pub fn register_note(field: &str) -> String {
    tell!(
        "kWh, {field}; the axis is broken where it fell",
        "kWh, {field}; die Achse ist unterbrochen, wo es fiel"
    )
}

pub fn register_label(name: &str, from: &str, to: &str) -> String {
    tell!(
        "Register of {name}, from {from} to {to} kWh",
        "Zählwerk von {name}, von {from} bis {to} kWh"
    )
}

pub const NO_REGISTER: Text = Text(
    "No register was read in this period.",
    "In diesem Zeitraum wurde kein Zählwerk abgelesen.",
);
pub const REGISTER_KWH: Text = Text("Register", "Zählwerk");
pub const DIFFERENCE: Text = Text("Difference", "Differenz");
pub const COUNTED: Text = Text("Counted", "Gezählt");
pub const READING: Text = Text("Reading of the register", "Ablesung des Zählwerks");

fn intervals(count: usize) -> String {
    match count {
        1 => tell!("1 interval", "1 Intervall"),
        _ => tell!("{count} intervals", "{count} Intervalle"),
    }
}

/// The sum of the register is that of the intervals.
pub fn equals(count: usize) -> String {
    let count = intervals(count);
    tell!("equals the sum of {count}", "gleich der Summe über {count}")
}

/// It is not, since some of them wait to be computed.
pub fn still_counted(count: usize, kwh: &str) -> String {
    let count = intervals(count);
    tell!(
        "{count} add up to {kwh} kWh; some are still being computed",
        "{count} ergeben {kwh} kWh; manche werden noch berechnet"
    )
}

/// It is not, and all are computed.
pub fn differs(count: usize, kwh: &str, difference: &str) -> String {
    let count = intervals(count);
    tell!(
        "{count} add up to {kwh} kWh: {difference} kWh passed before the first or after the last of \
         these readings, or around one that does not count",
        "{count} ergeben {kwh} kWh: {difference} kWh flossen vor der ersten oder nach der letzten \
         dieser Ablesungen, oder um eine, die nicht zählt"
    )
}

pub const START: Text = Text("start of the period", "Beginn des Zeitraums");
pub const BEFORE_GAP: Text = Text("last reading before the gap", "letzte Ablesung vor der Lücke");
pub const AFTER_GAP: Text = Text(
    "first after it; real energy, placed by estimate",
    "erste danach; echte Energie, zeitlich geschätzt",
);
pub const BEFORE_FALL: Text = Text("last before the change", "letzte vor der Änderung");
pub const RESET: Text = Text(
    "reset: no exchange entered, no rollover plausible; counted from zero",
    "zurückgesetzt: kein Tausch eingetragen, kein Überlauf plausibel; ab null gezählt",
);
pub const ROLLOVER: Text = Text(
    "rollover: passed its largest figure and went on",
    "Überlauf: über den größten Stand hinaus weitergezählt",
);
pub const EXCHANGE: Text = Text(
    "exchange: counted from the new meter's first figure",
    "Tausch: ab dem ersten Stand des neuen Zählers gezählt",
);
pub const OUTLIER: Text =
    Text("left out: does not fit this register", "ausgelassen: passt nicht zu diesem Zählwerk");
pub const DOES_NOT_FIT: Text = Text("left out: does not fit", "ausgelassen: passt nicht");
pub const OUTLIERS: Text = Text("Readings that do not fit", "Ablesungen, die nicht passen");
pub const SHOWED: Text = Text("Showed", "Zeigte");
pub const TAKEN_AS: Text = Text("Taken as", "Gewertet als");
pub const COUNTED_ALL_THE_SAME: Text =
    Text("counted: a person said that it counts", "gezählt: Eine Person hat gesagt, dass es zählt");
pub const LEFT_OUT_BY_PERSON: Text = Text(
    "left out: a person said that it does not count",
    "ausgelassen: Eine Person hat gesagt, dass es nicht zählt",
);
pub const COUNT_IT: Text = Text("Count it", "Zählen");
pub const LEAVE_IT_OUT: Text = Text("Leave it out", "Auslassen");

pub fn more_outliers(count: usize) -> String {
    tell!(
        "{count} earlier readings are left out as well: choose a shorter period to see each.",
        "{count} frühere Ablesungen sind ebenfalls ausgelassen: Wählen Sie einen kürzeren Zeitraum, \
         um jede zu sehen."
    )
}
pub const QUARANTINED: Text = Text(
    "a question: not counted until somebody answers it",
    "eine Frage: zählt erst, wenn jemand sie beantwortet",
);
pub const CORRECTED: Text = Text("corrected by a person", "von einer Person korrigiert");
pub const END: Text = Text("newest of the period", "neueste des Zeitraums");

pub const EXCHANGES: Text = Text("Meter exchanges", "Zählertausche");
pub const READING_CORRECTIONS: Text = Text("Corrected readings", "Korrigierte Ablesungen");
pub const QUARANTINE: Text = Text("Questions about registers", "Fragen zu Zählwerken");
pub const NO_EXCHANGES: Text = Text("No exchange was entered.", "Kein Tausch wurde eingetragen.");
pub const NO_CORRECTIONS: Text =
    Text("No reading was corrected.", "Keine Ablesung wurde korrigiert.");
pub const NO_QUARANTINE: Text = Text("Nothing was asked.", "Nichts wurde gefragt.");
pub const OLD_FINAL: Text = Text("Old, last figure", "Alt, letzter Stand");
pub const NEW_INITIAL: Text = Text("New, first figure", "Neu, erster Stand");
pub const FIELD: Text = Text("Field", "Feld");
pub const STRUCK_OUT: Text = Text("struck out", "gestrichen");
pub const STEP: Text = Text("Step", "Schritt");
pub const PLAUSIBLE: Text = Text("Plausible", "Plausibel");
pub const UNDO: Text = Text("Undo", "Rückgängig");
pub fn answered(answer: &str) -> String {
    tell!("answered: {answer}", "beantwortet: {answer}")
}
pub const ENTER_EXCHANGE: Text = Text("Enter a meter exchange", "Einen Zählertausch eintragen");
pub const CORRECT: Text = Text("Correct a reading", "Eine Ablesung korrigieren");
pub const CORRECT_THIS: Text = Text("Correct", "Korrigieren");
pub const WHEN: Text = Text("When, on the site's clock", "Wann, nach der Uhr der Anlage");
pub const ENTER: Text = Text("Enter", "Eintragen");

pub fn undone(at: &str) -> String {
    tell!("undone {at}", "rückgängig gemacht {at}")
}

pub const EXCHANGE_HELP: Text = Text(
    "Its energy is counted to the old meter's last figure and on from the new one's first. What \
     lies around it is computed again; you can undo it.",
    "Seine Energie zählt bis zum letzten Stand des alten Zählers und vom ersten des neuen an \
     weiter. Was darum liegt, wird neu berechnet; Sie können es rückgängig machen.",
);
pub const NO_CHILDREN: Text = Text(
    "No meter hangs below this one, so there is nothing to balance.",
    "Unter diesem Zähler hängt keiner, es gibt also nichts zu bilanzieren.",
);
pub const BALANCE: Text = Text("Balance", "Bilanz");
pub const LOOK_INTO: Text = Text("Look into its losses", "Seine Verluste ansehen");

pub const RAW_NOTE: Text = Text(
    "readings as they are stored, the newest first",
    "Ablesungen, wie sie gespeichert sind, die neuesten zuerst",
);
pub const NO_RAW: Text = Text(
    "No reading is stored in this period.",
    "In diesem Zeitraum ist keine Ablesung gespeichert.",
);
pub const DOWNLOAD: Text = Text("Download as CSV", "Als CSV herunterladen");

pub fn more(count: usize) -> String {
    tell!("The newest {count} are shown.", "Die neuesten {count} werden gezeigt.")
}

pub mod correction;

pub mod done {
    //! What was done.

    use crate::language::Text;

    pub const EXCHANGE: Text = Text(
        "The exchange is entered; the energy around it is computed again.",
        "Der Tausch ist eingetragen; die Energie darum wird neu berechnet.",
    );
    pub const CORRECTION: Text = Text(
        "The correction is entered; the energy around it is computed again.",
        "Die Korrektur ist eingetragen; die Energie darum wird neu berechnet.",
    );
    pub const UNDONE: Text = Text(
        "It no longer counts; the energy around it is computed again.",
        "Sie zählt nicht mehr; die Energie darum wird neu berechnet.",
    );
    pub const ANSWERED: Text = Text(
        "The answer is stored; the energy around it is computed again.",
        "Die Antwort ist gespeichert; die Energie darum wird neu berechnet.",
    );
    pub const COUNTED: Text = Text(
        "The reading counts now; the energy around it is computed again.",
        "Die Ablesung zählt jetzt; die Energie darum wird neu berechnet.",
    );
    pub const LEFT_OUT: Text = Text(
        "The reading is left out; the energy around it is computed again.",
        "Die Ablesung ist ausgelassen; die Energie darum wird neu berechnet.",
    );
    pub const UNDECIDED: Text = Text(
        "The decision is undone; the energy around it is computed again.",
        "Die Entscheidung ist rückgängig gemacht; die Energie darum wird neu berechnet.",
    );
    pub const CHANGED: Text = Text(
        "It is changed; the losses of that time are computed again.",
        "Es ist geändert; die Verluste dieser Zeit werden neu berechnet.",
    );
}
