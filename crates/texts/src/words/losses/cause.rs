//! Why a balance does not close, and what is known of a loss whose cause is not.

use domain::losses::diagnosis::Code;
use domain::losses::nature::Nature;
use domain::losses::pattern::{Days, Since};

use crate::language::{Text, tell};

pub fn cause_of(node: &str, day: &str) -> String {
    tell!("{node}, found on {day}", "{node}, gefunden am {day}")
}

pub const NO_CAUSE: Text = Text("No cause is looked for here", "Hier wird keine Ursache gesucht");
pub const NO_CAUSE_HELP: Text = Text(
    "Causes are looked for where a balance is negative or a loss begins suddenly: a direction, \
     a sign, a transformer ratio, a wrong parent, a silent meter, a clock. Nothing of that \
     kind was found at this node in this period.",
    "Ursachen werden gesucht, wo eine Bilanz negativ ist oder ein Verlust plötzlich beginnt: \
     eine Richtung, ein Vorzeichen, ein Wandlerverhältnis, ein falscher übergeordneter Zähler, \
     ein stummer Zähler, eine Uhr. Nichts davon wurde an diesem Knoten in diesem Zeitraum \
     gefunden.",
);
pub const AS_METERED: Text = Text("as metered", "wie gemessen");
pub const AFTER: Text = Text("after the change", "nach der Änderung");
pub const TIME: Text = Text("Time", "Zeit");
pub const METERED_KW: Text = Text("As metered kW", "Wie gemessen kW");
pub const AFTER_KW: Text = Text("After kW", "Danach kW");
pub const ERROR_KW: Text = Text("Error kW", "Messfehler kW");
pub const EVIDENCE_NOTE: Text = Text(
    "Loss in kW by quarter-hour; grey: error band.",
    "Verlust in kW nach Viertelstunden; grau: Messfehler.",
);
pub const EVIDENCE_LABEL: Text = Text(
    "Loss of the node by quarter-hour, as metered and after the change, over its error band",
    "Verlust des Knotens nach Viertelstunden, wie gemessen und nach der Änderung, über dem \
     Messfehler",
);
pub const HYPOTHESIS: Text = Text("Hypothesis tested", "Geprüfte Annahme");
pub const BALANCE_AFTER: Text = Text("Balance after", "Bilanz danach");
pub const BAND: Text = Text("Closes within", "Geht auf innerhalb");
pub const BAND_FROM: Text = Text("Closes from", "Geht auf ab");
pub const BAND_TO: Text = Text("Closes up to", "Geht auf bis");
pub const CLOSES: Text = Text("Closes", "Geht auf");
pub const CLOSES_NOTE: Text = Text(
    "All of the quarter-hours that do not close. A hypothesis closes them if the balance that it leaves \
     lies within its band, in at least 80 % of them too, and no node is the worse for it. The band is \
     the measuring error of that balance, and above zero the usual loss of the node.",
    "Alle Viertelstunden, die nicht aufgehen. Eine Annahme schließt sie, wenn die Bilanz danach in \
     ihrem Band liegt, auch in mindestens 80 % von ihnen, und kein Knoten dadurch schlechter wird. \
     Das Band ist der Messfehler dieser Bilanz, und über null der übliche Verlust des Knotens.",
);
pub const OUTSIDE_BAND: Text = Text("no, outside the band", "nein, außerhalb des Bandes");
pub const WORSENS_ITSELF: Text = Text(
    "no, the balance of that meter itself would not close",
    "nein, die eigene Bilanz dieses Zählers ginge nicht auf",
);

pub fn band(low: &str, high: &str) -> String {
    tell!("{low} to {high}", "{low} bis {high}")
}

pub const PROBABLY_REAL: Text = Text(
    "So it is probably real: a cable, a transformer, or a load that no meter sees.",
    "Also ist er wohl echt: ein Kabel, ein Transformator oder eine Last, die kein Zähler sieht.",
);

/// Since when a loss is there, with its first day as it is read.
pub fn since(since: Since, day: &str) -> String {
    match since {
        Since::Day(_) => tell!("The loss is there since {day}.", "Den Verlust gibt es seit {day}."),
        Since::First(_) => tell!(
            "The loss is there since {day} at least, the first day with a balance.",
            "Den Verlust gibt es mindestens seit {day}, dem ersten Tag mit einer Bilanz."
        ),
    }
}

pub fn arises(hours: Option<(u32, u32)>, days: Option<Days>) -> String {
    let hours = match hours {
        Some((from, to)) => {
            tell!(
                "It arises mostly from {from:02}:00 to {to:02}:00",
                "Er entsteht meist von {from:02}:00 bis {to:02}:00 Uhr"
            )
        }
        None => tell!("It arises at all hours", "Er entsteht zu allen Stunden"),
    };
    let days = match days {
        Some(Days::Every) => Text(", on all days of the week", ", an allen Wochentagen"),
        Some(Days::Working) => Text(", on working days", ", an Werktagen"),
        Some(Days::Weekend) => Text(", at weekends", ", am Wochenende"),
        None => Text("", ""),
    };
    format!("{hours}{days}.")
}

/// The faults that were looked for and do not explain it; none where none were.
pub fn looked_for(tried: &[Code]) -> Option<String> {
    let name = |code: &Code| {
        let text = match code {
            Code::DirectionFlipped => Text("a wrong direction", "eine falsche Richtung"),
            Code::SignInverted => Text("swapped registers", "vertauschte Register"),
            Code::RatioTenTimes => Text("a ratio ten times too large", "ein zehnfaches Verhältnis"),
            Code::RatioATenth => Text("a ratio of a tenth", "ein Zehntel des Verhältnisses"),
            Code::WrongParent => Text("a wrong parent", "ein falscher übergeordneter Zähler"),
            Code::Stale => Text("a meter that stands still", "ein stehender Zähler"),
            Code::ClockSkew => Text("a clock that is off", "eine falsch gehende Uhr"),
        };
        text.get()
    };
    let names = tried.iter().map(name).collect::<Vec<_>>().join(", ");
    (!tried.is_empty()).then(|| {
        tell!("Looked for and not found: {names}.", "Gesucht und nicht gefunden: {names}.")
    })
}

/// A real loss, such as `₹540 and 61 kg CO₂`.
pub fn real_loss(cost: &str) -> String {
    tell!(
        "The real loss comes to {cost}; part of it may be saved.",
        "Der echte Verlust beträgt {cost}; ein Teil davon lässt sich vielleicht einsparen."
    )
}

/// A real loss in money and kg CO2, as far as they are known, else in kWh.
pub fn saving(cost: Option<&str>, kg: Option<&str>, kwh: &str) -> String {
    let carbon = kg.map(|kg| format!("{kg}\u{a0}kg\u{a0}CO\u{2082}"));
    match (cost, carbon) {
        (Some(cost), Some(carbon)) => tell!("{cost} and {carbon}", "{cost} und {carbon}"),
        (Some(cost), None) => cost.to_owned(),
        (None, Some(carbon)) => carbon,
        (None, None) => format!("{kwh}\u{a0}kWh"),
    }
}

pub fn metering_nodes(count: usize, kwh: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(tell!(
            "{kwh}\u{a0}kWh at one node are probably a meter that reads wrong: nothing to be saved.",
            "{kwh}\u{a0}kWh an einem Knoten sind wohl ein Zähler, der falsch misst: nichts einzusparen."
        )),
        _ => Some(tell!(
            "{kwh}\u{a0}kWh at {count} nodes are probably meters that read wrong: nothing to be saved.",
            "{kwh}\u{a0}kWh an {count} Knoten sind wohl Zähler, die falsch messen: nichts einzusparen."
        )),
    }
}

pub const fn nature(nature: Nature) -> Text {
    match nature {
        Nature::Metering => Text("probably metering", "wohl falsch gemessen"),
        Nature::Real => Text("probably real", "wohl echt"),
    }
}

pub fn partly_metering(verdict: &str, kwh: &str) -> String {
    tell!(
        "{verdict}, {kwh}\u{a0}kWh of it probably metering",
        "{verdict}, davon {kwh}\u{a0}kWh wohl falsch gemessen"
    )
}

/// The part of losses that is probably real.
pub const SAVING: Text = Text("Real loss", "Echter Verlust");

pub fn closes(percent: &str) -> String {
    tell!("yes, {percent} % of the time", "ja, {percent} % der Zeit")
}

pub fn partly(percent: &str) -> String {
    tell!("no, {percent} % of the time", "nein, {percent} % der Zeit")
}

pub fn worsens(nodes: &str) -> String {
    tell!("no, worsens {nodes}", "nein, verschlechtert {nodes}")
}

pub fn set_feeds(name: &str, feeds: bool) -> String {
    if feeds {
        tell!("Set {name} to feed its parent", "{name} auf Einspeisung stellen")
    } else {
        tell!("Set {name} to draw", "{name} auf Bezug stellen")
    }
}

pub fn move_to(name: &str, parent: &str) -> String {
    tell!("Move {name} below {parent}", "{name} unter {parent} hängen")
}

pub fn open(name: &str) -> String {
    tell!("Open {name}", "{name} öffnen")
}

pub fn recomputes(days: i64) -> String {
    match days {
        1 => tell!(
            "Recomputes today; can be undone.",
            "Heute wird neu berechnet; lässt sich rückgängig machen."
        ),
        _ => tell!(
            "Recomputes {days} days; can be undone.",
            "{days} Tage werden neu berechnet; lässt sich rückgängig machen."
        ),
    }
}
