//! The overview.

#[cfg(feature = "ssr")]
mod comparison;
mod state;
#[cfg(feature = "ssr")]
mod today;

use domain::live::NormalDays;

use crate::language::{Text, tell};

#[cfg(feature = "ssr")]
pub use comparison::*;
pub use state::{detail, headline, price};
#[cfg(feature = "ssr")]
pub use today::*;

pub use crate::words::labels::{ALL_NODES, LOSS, NODE, STATE, others};

pub const TITLE: Text = Text("Overview", "Übersicht");
pub const CONSUMPTION: Text = Text("Consumption", "Verbrauch");
pub const DG_RUNTIME: Text = Text("DG runtime", "Diesellaufzeit");
pub const SOLAR_SHARE: Text = Text("Solar share", "Solaranteil");
pub const NET_CARBON: Text = Text("Net carbon", "CO\u{2082} netto");
pub const CARBON_UNIT: &str = "kg CO\u{2082}";
pub const GAUGES: Text = Text("Today", "Heute");
pub const NO_GENERATOR: Text = Text("none metered", "keines gemessen");
pub const NO_SOLAR: Text = Text("not metered", "nicht gemessen");

pub fn gauge_note(now: &str, days: NormalDays) -> String {
    let band = match days {
        NormalDays::TooFew => Text(
            "No normal range yet: it takes readings of three days before",
            "Noch kein üblicher Bereich: dafür braucht es Ablesungen von drei Tagen davor",
        ),
        NormalDays::Working => Text(
            "Grey band with its limits: normal on a working day at this hour",
            "Graues Band mit Grenzen: üblich an einem Werktag um diese Zeit",
        ),
        NormalDays::Weekend => Text(
            "Grey band with its limits: normal on a weekend at this hour",
            "Graues Band mit Grenzen: üblich am Wochenende um diese Zeit",
        ),
        NormalDays::All => Text(
            "Grey band with its limits: normal at this hour, of any day of the week before",
            "Graues Band mit Grenzen: üblich um diese Zeit, an allen Tagen der Woche davor",
        ),
    };
    tell!(
        "{band}. Tick: yesterday at {now}. All from 00:00 to {now}.",
        "{band}. Strich: gestern um {now}. Alles von 00:00 bis {now}."
    )
}

pub fn diesel_rate(cost: &str) -> String {
    tell!("Diesel: {cost} per kWh.", "Diesel: {cost} je kWh.")
}

pub const BALANCE: Text = Text("In = out", "Zufluss = Abfluss");
pub const IN: Text = Text("In", "Zufluss");
pub const OUT: Text = Text("Out", "Abfluss");
pub const UNMETERED: Text = Text("Declared", "Angegeben");
pub const LOSS_PART: Text = Text("Loss", "Verlust");
pub const NEGATIVE_LOSS: Text = Text("Negative loss", "Negativer Verlust");

pub fn unknown(name: &str) -> String {
    tell!("{name} unknown", "{name} unbekannt")
}

pub fn mean_of(from: &str, to: &str) -> String {
    tell!("mean of {from} to {to}, kW", "Mittel von {from} bis {to}, kW")
}

pub fn fed_back(count: usize) -> String {
    match count {
        1 => tell!("Fed in by 1 meter", "Einspeisung an 1 Zähler"),
        _ => tell!("Fed in by {count} meters", "Einspeisung an {count} Zählern"),
    }
}

pub fn returned(name: &str) -> String {
    tell!("To {name}", "An {name}")
}

pub fn loss(kw: &str) -> String {
    tell!("Loss {kw} kW", "Verlust {kw} kW")
}

pub fn of_input(percent: &str) -> String {
    tell!("{percent} % of input", "{percent} % v. Zufluss")
}

pub const HOTSPOTS: Text = Text("Hotspots", "Brennpunkte");
pub const HOTSPOTS_NOTE: Text =
    Text("now, 15 min balance per node", "jetzt, Bilanz von 15 min je Knoten");
pub const DAY: &str = "24 h";
pub const KW: &str = "kW";
pub const ERROR: Text = Text("error", "Messfehler");
pub const PERCENT: &str = "%";
pub const NO_NODES: Text = Text(
    "A node appears here as soon as one meter hangs below another and both have been read.",
    "Ein Knoten erscheint hier, sobald ein Zähler unter einem anderen hängt und beide gelesen sind.",
);

pub const RANKED: Text = Text("Loss, ranked by cost", "Verlust, nach Kosten geordnet");
pub const NEGATIVE: Text = Text("Negative, check the wiring", "Negativ, Verdrahtung prüfen");
pub const WITHIN_ERROR: Text =
    Text("Within measuring error, no verdict", "Innerhalb des Messfehlers, kein Urteil");
pub const INCOMPLETE: Text =
    Text("Incomplete, a meter is silent", "Unvollständig, ein Zähler schweigt");

pub fn missing(name: &str, others: usize) -> String {
    match others {
        0 => tell!("{name} is silent", "{name} schweigt"),
        _ => tell!("{name} and {others} more are silent", "{name} und {others} weitere schweigen"),
    }
}

/// Why a node has no loss, and how much the meter that it lacks may matter.
pub fn lacks(node: &str, is_never_read: bool, weight: &str) -> String {
    if is_never_read {
        tell!(
            "has never been read ({weight}). The loss at {node} is not known without it; all other figures stand.",
            "wurde noch nie abgelesen ({weight}). Ohne ihn ist der Verlust bei {node} nicht bekannt; alle anderen Werte gelten."
        )
    } else {
        tell!(
            "is silent ({weight}). The loss at {node} is not known without it; all other figures stand.",
            "schweigt ({weight}). Ohne ihn ist der Verlust bei {node} nicht bekannt; alle anderen Werte gelten."
        )
    }
}

pub fn usual_weight(kw: &str) -> String {
    tell!("usually {kw} kW", "sonst {kw} kW")
}

pub fn rated_weight(kw: &str) -> String {
    tell!("at most {kw} kW, its rated power", "höchstens {kw} kW, seine Nennleistung")
}

pub const NO_WEIGHT: Text =
    Text("of unknown size: it has no rated power", "unbekannter Größe: ohne Nennleistung");
pub const LEAVE_OUT: Text = Text("Check or remove it", "Prüfen oder entfernen");

pub fn more_missing(count: usize) -> String {
    match count {
        1 => tell!("One more meter is not read.", "Ein weiterer Zähler wird nicht gelesen."),
        _ => tell!(
            "{count} more meters are not read.",
            "{count} weitere Zähler werden nicht gelesen."
        ),
    }
}

pub fn rises(kw: &str) -> String {
    tell!("up {kw} kW in 15 min", "{kw} kW mehr in 15 min")
}

pub fn falls(kw: &str) -> String {
    tell!("down {kw} kW in 15 min", "{kw} kW weniger in 15 min")
}
