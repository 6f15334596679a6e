//! Today's input and alarms, as the server draws them.

use domain::losses::diagnosis::Code;
use domain::operation::task::Task;

use crate::figures::fixed;
use crate::language::{Text, tell};

pub const INPUT: Text = Text("Site input", "Zufluss der Anlage");
pub const INPUT_NOTE: Text = Text(
    "today against yesterday, kW, quarter-hour means",
    "heute gegen gestern, kW, Viertelstundenmittel",
);
pub const YESTERDAY: Text = Text("Yesterday", "Gestern");
pub const TODAY: Text = Text("Today", "Heute");
pub const FROM: Text = Text("From", "Ab");
pub const NOTHING_READ: Text =
    Text("Nothing was read today or yesterday.", "Heute und gestern wurde nichts gelesen.");

pub fn today(kw: &str) -> String {
    tell!("Today {kw}", "Heute {kw}")
}

pub fn probe(from: &str, today: &str, yesterday: &str) -> String {
    tell!(
        "{from} today {today} kW, yesterday {yesterday} kW",
        "{from} heute {today} kW, gestern {yesterday} kW"
    )
}

pub fn silent(name: &str, others: usize, from: &str, to: &str) -> String {
    match others {
        0 => tell!("{name} silent {from} to {to}.", "{name} ohne Werte {from} bis {to}."),
        _ => tell!(
            "{name} and {others} more silent {from} to {to}.",
            "{name} und {others} weitere ohne Werte {from} bis {to}."
        ),
    }
}

/// What became of the energy meanwhile: a line each.
pub fn carried_on(kwh: Option<&str>) -> [String; 2] {
    match kwh {
        Some(kwh) => [
            tell!(
                "Registers carried on; {kwh} kWh counted,",
                "Zählwerke liefen weiter; {kwh} kWh gezählt,"
            ),
            Text("placed by estimate (dashed).", "zeitlich geschätzt (gestrichelt).").into(),
        ],
        None => [
            Text("A register began anew meanwhile:", "Ein Zählwerk begann dabei neu:").into(),
            Text("the energy is not known.", "die Energie ist nicht bekannt.").into(),
        ],
    }
}

pub fn no_readings(from: &str, to: &str) -> String {
    tell!("No readings {from} to {to}.", "Keine Ablesungen {from} bis {to}.")
}

pub fn dg_run(from: &str, to: &str) -> String {
    tell!("DG {from} to {to}", "Diesel {from} bis {to}")
}

pub fn input_label(now: &str, highest: &str) -> String {
    tell!(
        "Site input today: {now} kW now, highest quarter-hour {highest} kW",
        "Zufluss der Anlage heute: jetzt {now} kW, höchste Viertelstunde {highest} kW"
    )
}

/// What may be wrong with a meter, as far as it was found.
pub fn cause(code: Code, number: &str) -> String {
    match code {
        Code::DirectionFlipped => {
            tell!("{number} looks like a generator", "{number} wirkt wie ein Erzeuger")
        }
        Code::SignInverted => tell!("{number} looks reversed", "{number} wirkt vertauscht"),
        Code::RatioTenTimes => {
            tell!("{number} seems to read ten times", "{number} zeigt wohl das Zehnfache")
        }
        Code::RatioATenth => {
            tell!("{number} seems to read a tenth", "{number} zeigt wohl ein Zehntel")
        }
        Code::WrongParent => {
            tell!("{number} may hang elsewhere", "{number} hängt wohl woanders")
        }
        Code::Stale => tell!("{number} stands still", "{number} steht still"),
        Code::ClockSkew => {
            tell!("the clock of {number} may be off", "Uhr von {number} geht wohl falsch")
        }
    }
}

pub fn step(kw: &str, at: &str) -> String {
    tell!("Step of {kw} kW at {at} today", "Sprung um {kw} kW heute um {at}")
}

pub const ALARMS: Text = Text("Alarms", "Alarme");
pub const NO_ALARM: Text = Text("No alarm is active.", "Kein Alarm ist aktiv.");
pub const ACKNOWLEDGE: Text = Text("Acknowledge", "Bestätigen");
pub const ALL_ALARMS: Text = Text("All alarms", "Alle Alarme");

pub fn alarms_note(active: usize, cleared: usize) -> String {
    tell!("{active} active, {cleared} cleared today", "{active} aktiv, {cleared} heute beendet")
}

pub fn acknowledge(name: &str, text: &str) -> String {
    tell!("Acknowledge: {name}, {text}", "Bestätigen: {name}, {text}")
}

pub fn known(who: &str) -> String {
    tell!("known to {who}", "bekannt: {who}")
}

pub fn troubled(count: usize, all: usize) -> String {
    tell!(
        "{count} of {all} meters silent or in error",
        "{count} von {all} Zählern stumm oder gestört"
    )
}

pub fn period_in(kwh: &str) -> String {
    tell!("{kwh} kWh in", "{kwh} kWh Zufluss")
}

/// The loss of a period, with the cost of the part that is probably real.
pub fn period_lost(kwh: &str, percent: Option<&str>, real: Option<&str>) -> String {
    let percent = percent.map(|percent| format!(" ({percent} %)")).unwrap_or_default();
    let real = real
        .map(|cost| tell!(", {cost} of it probably real", ", davon {cost} wohl echt"))
        .unwrap_or_default();
    tell!("{kwh} kWh lost{percent}{real}", "{kwh} kWh verloren{percent}{real}")
}

pub const PERIOD_BLIND: Text =
    Text("loss not known: meters are missing", "Verlust unbekannt: Zähler fehlen");

pub fn period_net(kg: &str) -> String {
    tell!("net {kg} kg CO\u{2082}", "netto {kg} kg CO\u{2082}")
}

pub const PERIOD_DIESEL: Text = Text("diesel for", "Diesel für");

pub fn period_coverage(percent: &str) -> String {
    tell!("Coverage {percent} %.", "Abdeckung {percent} %.")
}

pub fn behind(tasks: &[Task]) -> String {
    let what = tasks.iter().map(|task| kept_by(*task).to_string()).collect::<Vec<_>>().join(", ");
    tell!(
        "Not kept up to date now: {what}. It is tried again by itself; the log of the server says why.",
        "Derzeit nicht auf dem Stand: {what}. Es wird von selbst wieder versucht; das Protokoll des \
         Servers nennt den Grund."
    )
}

pub fn aside(parts: u64) -> String {
    if parts == 1 {
        return tell!(
            "One of the figures, bills and reports could not be computed: see the alarms.",
            "Ein Teil der Werte, Rechnungen und Berichte ließ sich nicht berechnen: siehe Alarme."
        );
    }
    tell!(
        "{parts} of the figures, bills and reports could not be computed: see the alarms.",
        "{parts} Teile der Werte, Rechnungen und Berichte ließen sich nicht berechnen: siehe Alarme."
    )
}

pub const LEAPT: Text = Text(
    "The server's clock leapt: old readings are kept until that is confirmed.",
    "Die Uhr des Servers ist gesprungen: Alte Messwerte bleiben, bis das bestätigt ist.",
);

/// How much room is left for the database, in bytes.
pub fn disk(free: u64, size: u64) -> String {
    let gigabytes = |bytes: u64| fixed(bytes as f64 / 1e9, 1);
    let (free, size) = (gigabytes(free), gigabytes(size));
    tell!(
        "The disk of the database is almost full: {free} of {size} GB are left. Without room nothing is \
         stored: make some, or keep readings for a shorter time.",
        "Die Platte der Datenbank ist fast voll: Es bleiben {free} von {size} GB. Ohne Platz wird nichts \
         gespeichert: Schaffen Sie welchen, oder bewahren Sie Ablesungen kürzer auf."
    )
}

const fn kept_by(task: Task) -> Text {
    match task {
        Task::Postgres => Text("the database", "die Datenbank"),
        Task::Writer => Text("new readings", "neue Ablesungen"),
        Task::Live => Text("live values", "Live-Werte"),
        Task::Rollup => Text("energy and losses", "Energie und Verluste"),
        Task::Today => Text("the day's gauges", "die Anzeigen des Tages"),
        Task::Drivers => Text("the list of devices to read", "die Liste der zu lesenden Geräte"),
        Task::Derive => Text("virtual meters", "virtuelle Zähler"),
        Task::Alarms => Text("alarms", "Alarme"),
        Task::Messages => Text("messages about alarms", "Nachrichten zu Alarmen"),
        Task::Bills => Text("bills of whole sites", "Abrechnungen ganzer Anlagen"),
        Task::Reports => Text("reports by mail", "Berichte per E-Mail"),
        Task::Transformers => Text("the map of transformers", "die Karte der Transformatoren"),
        Task::World => Text("simulated meters", "simulierte Zähler"),
        Task::Retention => Text("the dropping of old readings", "das Löschen alter Ablesungen"),
        Task::Clock => Text("the watch over the clock", "die Aufsicht über die Uhr"),
        Task::Disk => Text("the look at the disk's room", "der Blick auf den Platz der Platte"),
    }
}

/// A loss of which no rule warns.
pub fn unwatched(name: &str, kw: &str) -> String {
    tell!(
        "{name} loses {kw} kW, and no rule warns of a loss of that size.",
        "{name} verliert {kw} kW, und keine Regel warnt vor einem Verlust dieser Größe."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, written_in};

    #[test]
    fn what_is_not_kept_up_to_date_is_one_sentence() {
        let said = written_in(Language::En, || behind(&[Task::Rollup, Task::Derive]));
        assert!(said.starts_with("Not kept up to date now: energy and losses, virtual meters."));
    }
}
