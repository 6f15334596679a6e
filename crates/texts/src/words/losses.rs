//! The page of losses.

mod cause;

use crate::language::{Text, tell};
use crate::words::period::up_to_then;

pub use cause::*;

pub use crate::words::labels::{
    ALL_NODES, AREA, CAUSE, COVERAGE, KWH, NEGATIVE, NODE, NODES, WITHIN_ERROR, others,
};

pub const TITLE: Text = Text("Losses", "Verluste");
pub const LOSS: Text = Text("loss", "Verlust");
pub const INCOMPLETE: Text = Text("incomplete", "unvollständig");
pub const AS_A_TABLE: Text = Text("As a table", "Als Tabelle");

pub fn lost(kwh: &str, phrase: &str, percent: Option<&str>) -> String {
    match percent {
        Some(percent) => tell!(
            "Lost {kwh}\u{a0}kWh {phrase}, {percent}\u{a0}% of input",
            "{kwh}\u{a0}kWh Verlust {phrase}, {percent}\u{a0}% des Zuflusses"
        ),
        None => tell!("Lost {kwh} kWh {phrase}", "{kwh} kWh Verlust {phrase}"),
    }
}

pub fn mostly_at(share: &str, node: &str) -> String {
    tell!("; {share}\u{a0}% of it at {node}", "; {share}\u{a0}% davon bei {node}")
}

pub fn mostly_metering(share: &str, node: &str) -> String {
    tell!(
        "; {share}\u{a0}% of it at {node}, where a meter probably reads wrong",
        "; {share}\u{a0}% davon bei {node}, wo wohl ein Zähler falsch misst"
    )
}

pub fn no_node(asked: &str, shown: &str) -> String {
    tell!(
        "There is no such node as {asked} in this period; {shown} is shown.",
        "Den Knoten {asked} gibt es in diesem Zeitraum nicht; gezeigt wird {shown}."
    )
}

pub fn balanced(kwh: &str, phrase: &str, error: &str) -> String {
    tell!(
        "Balanced {phrase}: loss {kwh} kWh is within error ± {error} kWh",
        "Ausgeglichen {phrase}: {kwh} kWh Verlust liegen im Messfehler ± {error} kWh"
    )
}

pub fn negative(kwh: &str, phrase: &str) -> String {
    tell!(
        "Negative by {kwh} kWh {phrase}: more came out than went in",
        "Negativ um {kwh} kWh {phrase}: Es kam mehr heraus als hinein"
    )
}

pub fn blind(names: &str, phrase: &str) -> String {
    tell!("No balance {phrase}: {names}", "Keine Bilanz {phrase}: {names}")
}

pub fn unknown(first: &str, others: usize) -> String {
    match others {
        0 => {
            tell!("the energy of {first} is not known", "die Energie von {first} ist nicht bekannt")
        }
        _ => tell!(
            "the energy of {first} and {others} more is not known",
            "die Energie von {first} und {others} weiteren ist nicht bekannt"
        ),
    }
}

pub fn until(at: &str, price: &str) -> String {
    tell!(
        "of real loss to {at}, at {price} per kWh on average. {PARTLY_SAVED}",
        "echter Verlust bis {at}, im Mittel zu {price} je kWh. {PARTLY_SAVED}"
    )
}

pub fn until_unpriced(at: &str) -> String {
    tell!("of real loss to {at}. {PARTLY_SAVED}", "echter Verlust bis {at}. {PARTLY_SAVED}")
}

const PARTLY_SAVED: Text = Text(
    "Part of it may be saved: cables and transformers always lose some.",
    "Ein Teil davon lässt sich vielleicht einsparen: Kabel und Transformatoren verlieren immer etwas.",
);

pub fn error_and_coverage(error: &str, coverage: &str) -> String {
    tell!(
        "Error ± {error} kWh, coverage {coverage} %.",
        "Messfehler ± {error} kWh, Abdeckung {coverage} %."
    )
}

pub fn negative_nodes(count: usize, kwh: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(tell!(
            "One node is negative by {kwh} kWh; it is not set to zero.",
            "Ein Knoten ist um {kwh} kWh negativ; er wird nicht auf null gesetzt."
        )),
        _ => Some(tell!(
            "{count} nodes are negative by {kwh} kWh; they are not set to zero.",
            "{count} Knoten sind um {kwh} kWh negativ; sie werden nicht auf null gesetzt."
        )),
    }
}

pub fn within_nodes(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some(tell!(
            "One node is within error and gets no verdict.",
            "Ein Knoten liegt im Messfehler und erhält kein Urteil."
        )),
        _ => Some(tell!(
            "{count} nodes are within error and get no verdict.",
            "{count} Knoten liegen im Messfehler und erhalten kein Urteil."
        )),
    }
}

pub fn incomplete_nodes(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some(tell!(
            "One node is incomplete: a meter it needs is not known.",
            "Ein Knoten ist unvollständig: Ein Zähler, den er braucht, ist nicht bekannt."
        )),
        _ => Some(tell!(
            "{count} nodes are incomplete: meters they need are not known.",
            "{count} Knoten sind unvollständig: Zähler, die sie brauchen, sind nicht bekannt."
        )),
    }
}

pub fn left_out(nodes: &str) -> String {
    tell!(
        "The loss of the site leaves them out: {nodes}.",
        "Der Verlust der Anlage lässt sie aus: {nodes}."
    )
}

pub fn unpriced_export(kwh: &str) -> String {
    tell!(
        "{kwh}\u{a0}kWh of it were lost while the site exported; no export price is stated, so they cost nothing.",
        "{kwh}\u{a0}kWh davon gingen verloren, während die Anlage einspeiste; ein Einspeisepreis ist nicht angegeben, daher kosten sie nichts."
    )
}

pub fn complete(from: &str, to: &str, kwh: &str, error: &str, percent: Option<&str>) -> String {
    let share = percent.map(|percent| format!(", {percent}\u{a0}%")).unwrap_or_default();
    tell!(
        "complete from {from} to {to}: lost {kwh} ± {error}\u{a0}kWh{share}",
        "vollständig von {from} bis {to}: {kwh} ± {error}\u{a0}kWh Verlust{share}"
    )
}

/// The sum of the period before; `is_cut` where it is that of a part of it alone.
pub fn before(label: &str, is_cut: bool, kwh: &str, change: Option<&str>) -> String {
    let label = up_to_then(label, is_cut);
    match change {
        Some(change) => {
            tell!("{label}: {kwh} kWh; now {change}.", "{label}: {kwh} kWh; jetzt {change}.")
        }
        None => format!("{label}: {kwh} kWh."),
    }
}

pub fn not_comparable(label: &str, percent: &str) -> String {
    tell!(
        "{label} was read to {percent} % only, so it is not compared.",
        "{label} wurde nur zu {percent} % abgelesen und wird daher nicht verglichen."
    )
}

pub fn not_complete(label: &str) -> String {
    tell!(
        "{label} is not complete, so it is not compared.",
        "{label} ist unvollständig und wird daher nicht verglichen."
    )
}

pub fn gone_nodes(before: &str, names: &str) -> String {
    tell!(
        "Nodes of {before} that are none any more: {names}.",
        "Knoten von {before}, die keine mehr sind: {names}."
    )
}

pub fn trend_before(before: &str) -> String {
    tell!("; line: {before}", "; Linie: {before}")
}

pub const VIEWS: Text = Text("Losses by", "Verluste nach");
pub const BY_NODE: Text = Text("By node", "Nach Knoten");
pub const BY_AREA: Text = Text("By area", "Nach Bereich");
pub const TREND: Text = Text("Trend", "Verlauf");

pub const NO_AREA: Text = Text("Without an area", "Ohne Bereich");
pub const IN: Text = Text("In", "Ein");
pub const OUT: Text = Text("Out", "Aus");
pub const LOSS_HEAD: Text = Text("Loss", "Verlust");
pub const ERROR: Text = Text("error", "Messfehler");
pub const SCALE: Text = Text("Loss with its error", "Verlust mit seinem Messfehler");
pub const VERDICT: Text = Text("Verdict", "Urteil");
pub const BOUNDARY: Text = Text(
    "site boundary; flows between nodes cancel",
    "Grenze der Anlage; Flüsse zwischen Knoten heben sich auf",
);
pub const NO_NODES: Text = Text("No losses yet", "Noch keine Verluste");
pub const NO_NODES_HELP: Text = Text(
    "A loss appears as soon as one meter hangs below another and both have been read.",
    "Ein Verlust erscheint, sobald ein Zähler unter einem anderen hängt und beide abgelesen \
     wurden.",
);

pub fn missing(first: &str, others: usize) -> String {
    match others {
        0 => tell!("{first} is not known", "{first} ist nicht bekannt"),
        _ => tell!(
            "{first} and {others} more are not known",
            "{first} und {others} weitere sind nicht bekannt"
        ),
    }
}

/// The power that missing meters may have together.
pub fn weight(kw: &str) -> String {
    tell!("about {kw} kW", "etwa {kw} kW")
}

pub fn chosen_note(phrase: &str) -> String {
    tell!(
        "kWh {phrase}: what came in, what each meter took, what is left over",
        "kWh {phrase}: was hereinkam, was jeder Zähler nahm, was übrig blieb"
    )
}

pub const OWN: Text = Text("In, own meter", "Ein, eigener Zähler");
pub const UNMETERED: Text = Text("Declared, without a meter", "Angegeben, ohne Zähler");
pub const RETURNED: Text = Text("Returned or drawn back", "Zurückgeliefert oder zurückbezogen");
pub const NOT_KNOWN: Text = Text("not known", "nicht bekannt");
pub const STEP: Text = Text("Step", "Schritt");

pub fn loss_row(is_plain: bool, verdict: &str) -> String {
    if is_plain { LOSS_HEAD.into() } else { format!("{LOSS_HEAD}, {verdict}") }
}

pub fn left_over(kwh: &str, error: &str) -> String {
    format!("{kwh} ± {error}")
}

pub const FOUND: Text = Text("Found in this period", "In diesem Zeitraum gefunden");
pub const NOTHING_FOUND: Text = Text(
    "Nothing: no reset, gap, exchange or step in quarantine, and no fault was named.",
    "Nichts: kein Zurücksetzen, keine Lücke, kein Tausch, kein Sprung in Quarantäne, und kein \
     Fehler wurde benannt.",
);

pub fn found_note(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => tell!("1 event", "1 Ereignis"),
        _ => tell!("{count} events, the newest first", "{count} Ereignisse, die neuesten zuerst"),
    }
}

pub fn with_others(name: &str, others: usize) -> String {
    match others {
        0 => name.to_owned(),
        _ => tell!("{name} and {others} others", "{name} und {others} andere"),
    }
}

pub fn found(event: &str, lasts: Option<&str>, kwh: &str) -> String {
    match lasts {
        Some(lasts) => tell!(
            "{event} within {lasts}; {kwh} kWh of it are spread by estimate",
            "{event} innerhalb von {lasts}; davon {kwh} kWh zeitlich geschätzt verteilt"
        ),
        None => tell!(
            "{event}; {kwh} kWh counted in its quarter-hour",
            "{event}; {kwh} kWh in seiner Viertelstunde gezählt"
        ),
    }
}

pub const NO_TREND: Text = Text(
    "The losses of this period are not added up yet: they follow their readings within a \
     minute.",
    "Die Verluste dieses Zeitraums sind noch nicht verrechnet: Sie folgen den Ablesungen binnen \
     einer Minute.",
);

pub fn trend_note(node: &str) -> String {
    tell!(
        "loss of {node} in kWh, with its error; choose another node below",
        "Verlust von {node} in kWh, mit seinem Messfehler; einen anderen Knoten wählen Sie \
         unten"
    )
}

pub fn trend_label(node: &str, label: &str) -> String {
    tell!(
        "Loss of {node}, {label}, step by step with its error",
        "Verlust von {node}, {label}, Schritt für Schritt mit seinem Messfehler"
    )
}

pub fn trend_hint(step: &str, kwh: &str, error: &str) -> String {
    format!("{step}: {kwh} ± {error} kWh")
}
