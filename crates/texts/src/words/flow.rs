//! The figures beside the tree of meters: the flow, the heat map, the plan.

use crate::language::{Text, tell};

pub use crate::words::labels::{
    BATTERY, DIESEL, GRID, MAP, METER, NEGATIVE, SHOW_FEWER, SOLAR, STATE, WITHIN_ERROR, others,
};

pub const TITLE: Text = Text("Meters", "Zähler");
pub const VIEWS: Text = Text("Views of the meters", "Ansichten der Zähler");
pub const SANKEY: Text = Text("Sankey", "Sankey");
pub const HEATMAP: Text = Text("Heatmap", "Heatmap");

pub const NOT_COMPARED: Text = Text(
    "This figure shows one period alone; the change of each meter stands in the tree.",
    "Diese Darstellung zeigt einen Zeitraum allein; die Änderung jedes Zählers steht im Baum.",
);

pub fn gone(id: &str) -> String {
    tell!(
        "No meter of this site has the id {id}: nothing is unfolded.",
        "Kein Zähler dieser Anlage hat die Nummer {id}: es ist nichts aufgeklappt."
    )
}

pub fn nothing_below(name: &str) -> String {
    tell!("Nothing hangs below {name}.", "Unter {name} hängt kein Zähler.")
}

pub fn unknown(word: &str) -> String {
    tell!(
        "\u{201c}{word}\u{201d} cannot be shown here; choose one of the views above.",
        "\u{201e}{word}\u{201c} lässt sich hier nicht zeigen; wählen Sie eine der Darstellungen oben."
    )
}

pub fn flow_title(phrase: &str) -> String {
    tell!("Energy flow {phrase}", "Energiefluss {phrase}")
}

pub const POWER_TITLE: Text = Text("Power flow now", "Leistungsfluss jetzt");

pub fn flow_note(input: &str) -> String {
    tell!("kWh, in {input}", "kWh, Zufluss {input}")
}

pub fn power_note(input: &str, until: &str) -> String {
    tell!(
        "kW, in {input}; mean of the 15 minutes to {until}",
        "kW, Zufluss {input}; Mittel der 15 Minuten bis {until}"
    )
}

pub const WHAT: Text = Text("What flows", "Was fließt");
pub const ENERGY: Text = Text("Energy", "Energie");
pub const POWER_NOW: Text = Text("Power now", "Leistung jetzt");
pub const NOTHING_FLOWS: Text = Text(
    "Nothing flowed, or no meter was read: choose another period.",
    "Es floss nichts, oder kein Zähler wurde gelesen: wählen Sie einen anderen Zeitraum.",
);
pub const FLOW_FIGURE: Text = Text(
    "Flow of energy from the sources to the machines, with what is lost on the way",
    "Energiefluss von den Quellen zu den Maschinen mit den Verlusten unterwegs",
);

pub fn level(level: i16) -> String {
    let name = match level {
        0 | 1 => Text("Station", "Station"),
        2 => Text("Distribution", "Verteilung"),
        3 => Text("Units", "Einheiten"),
        4 => Text("Machines", "Maschinen"),
        _ => return tell!("Level {level}", "Ebene {level}"),
    };
    name.into()
}

pub const SOURCES: Text = Text("Sources", "Quellen");
pub const INPUT: Text = Text("Input", "Zufluss");
pub const NOT_READ: Text = Text("not read", "nicht gelesen");
pub const UNTRACKED: Text = Text("untracked", "ohne Zähler");
pub const UNTRACKED_HELP: Text =
    Text("Load that was declared and that no meter sees", "Angegebene Last, die kein Zähler misst");
pub const RETURNED: Text = Text("returned", "zurückgespeist");
pub const LOSS: Text = Text("loss", "Verlust");
pub const NEGATIVE_LONG: Text =
    Text("negative: more out than in", "negativ: mehr ab- als zugeflossen");

pub fn loss(figure: &str) -> String {
    tell!("loss {figure}", "Verlust {figure}")
}

pub fn within(figure: &str, error: &str) -> String {
    format!("{figure} ±{error}")
}

pub fn not_read(figure: &str) -> String {
    tell!("not read {figure}", "nicht gelesen {figure}")
}

pub fn read(percent: &str) -> String {
    tell!("{percent} % read", "{percent} % gelesen")
}

pub fn unread(count: usize) -> String {
    tell!("{count} not read", "{count} nicht gelesen")
}

pub fn unfold(count: usize, name: &str) -> String {
    match count {
        1 => tell!("Show the meter below {name}", "Den Zähler unter {name} zeigen"),
        _ => {
            tell!("Show the {count} meters below {name}", "Die {count} Zähler unter {name} zeigen")
        }
    }
}

pub fn fold(name: &str) -> String {
    tell!("Fold what hangs below {name}", "Was unter {name} hängt, zuklappen")
}

pub const FROM: Text = Text("From", "Von");
pub const TO: Text = Text("To", "Nach");
pub const SHARE: Text = Text("Share %", "Anteil %");
pub const ERROR: Text = Text("Error ±", "Messfehler ±");
pub const COVERAGE: Text = Text("Coverage %", "Abdeckung %");

pub fn hour_title(phrase: &str) -> String {
    tell!("Mean power by hour {phrase}", "Mittlere Leistung je Stunde {phrase}")
}

pub fn week_title(phrase: &str) -> String {
    tell!(
        "Mean power by hour of the week {phrase}",
        "Mittlere Leistung je Stunde der Woche {phrase}"
    )
}

pub fn day_title(grain: Text, phrase: &str) -> String {
    tell!("Energy by {grain} {phrase}", "Energie je {grain} {phrase}")
}

pub const DAY: Text = Text("day", "Tag");
pub const WEEK: Text = Text("week", "Woche");
pub const MONTH: Text = Text("month", "Monat");

pub fn each_row(unit: &str) -> String {
    tell!("{unit}, each row from 0 to its most", "{unit}, jede Zeile von 0 bis zu ihrem Höchstwert")
}

pub const COLUMNS: Text = Text("Columns of the heat map", "Spalten der Heatmap");
pub const BY_HOUR: Text = Text("Hour of day", "Tagesstunde");
pub const BY_DAY: Text = Text("Day", "Tag");
pub const BY_WEEK: Text = Text("Hour of week", "Wochenstunde");
pub const BELOW: Text = Text("Hangs below", "Hängt unter");
pub const ERROR_OF_LOSS: Text = Text("Error of the loss", "Messfehler des Verlusts");

pub fn most_head(unit: &str) -> String {
    tell!("most, {unit}", "Höchstwert, {unit}")
}

pub fn most(figure: &str, column: &str) -> String {
    tell!("{figure} at {column}", "{figure}, {column}")
}

pub fn row_label(name: &str, most: Option<&str>) -> String {
    match most {
        Some(most) => tell!("{name}: most {most}", "{name}: Höchstwert {most}"),
        None => tell!("{name}: nothing used", "{name}: nichts verbraucht"),
    }
}

pub const AHEAD: Text = Text("still to come", "noch nicht erreicht");
pub const PARTLY: Text = Text("partly read", "teilweise gelesen");
pub const MOST_OF_ROW: Text = Text("most of the row", "Höchstwert der Zeile");

pub fn rows_shown(shown: usize, all: usize) -> String {
    tell!("{shown} of {all} meters shown.", "{shown} von {all} Zählern gezeigt.")
}

pub fn show_all(count: usize) -> String {
    tell!("Show all {count}", "Alle {count} zeigen")
}

pub const PLAN_TITLE: Text = Text("Plan of the plant", "Lageplan der Anlage");

pub fn plan_note(phrase: &str) -> String {
    tell!(
        "power now, loss {phrase}; north is up",
        "Leistung jetzt, Verlust {phrase}; Norden ist oben"
    )
}

pub const PLAN_FIGURE: Text =
    Text("Where the meters hang, north up", "Wo die Zähler hängen, Norden oben");

pub fn metres(metres: &str) -> String {
    format!("{metres} m")
}

pub const NO_PLACES: Text = Text(
    "No meter of this site has a place yet. Give a meter its degrees north and east in its settings, \
     or latitude and longitude through the API, and it stands here.",
    "Noch hat kein Zähler dieser Anlage einen Ort. Geben Sie einem Zähler in seinen Einstellungen \
     seine geografische Breite und Länge, oder latitude und longitude über die API, dann steht er hier.",
);

pub fn too_many(count: usize) -> String {
    tell!(
        "{count} more meters have a place; those with the most power are drawn.",
        "{count} weitere Zähler haben einen Ort; gezeichnet sind die mit der größten Leistung."
    )
}

pub fn without_place(count: usize) -> String {
    match count {
        1 => tell!("1 meter has no place:", "1 Zähler hat keinen Ort:"),
        _ => tell!("{count} meters have no place:", "{count} Zähler haben keinen Ort:"),
    }
}

pub fn and_more(count: usize) -> String {
    tell!("and {count} more", "und {count} weitere")
}

pub const SILENT: Text = Text("not read now", "wird jetzt nicht gelesen");
pub const SIZE: Text = Text("Size: power", "Größe: Leistung");
pub const NORTH: Text = Text("Degrees north", "Breite");
pub const EAST: Text = Text("Degrees east", "Länge");
pub const POWER_KW: Text = Text("Power kW", "Leistung kW");
pub const LOSS_KWH: Text = Text("Loss kWh", "Verlust kWh");
pub const LOADS: Text = Text("load", "Last");
