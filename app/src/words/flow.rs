//! The figures beside the tree of meters: the flow, the heat map, the plan.

use crate::language::{Text, tell};

pub(crate) const TITLE: Text = Text("Meters", "Zähler");
pub(crate) const VIEWS: Text = Text("Views of the meters", "Ansichten der Zähler");
pub(crate) const SANKEY: Text = Text("Sankey", "Sankey");
pub(crate) const HEATMAP: Text = Text("Heatmap", "Heatmap");
pub(crate) const MAP: Text = Text("Map", "Karte");

pub(crate) fn gone(id: &str) -> String {
    tell!(
        "No meter of this site has the id {id}: nothing is unfolded.",
        "Kein Zähler dieses Standorts hat die Nummer {id}: es ist nichts aufgeklappt."
    )
}

pub(crate) fn nothing_below(name: &str) -> String {
    tell!("Nothing hangs below {name}.", "Unter {name} hängt kein Zähler.")
}

pub(crate) fn unknown(word: &str) -> String {
    tell!(
        "\u{201c}{word}\u{201d} cannot be shown here; choose one of the views above.",
        "\u{201e}{word}\u{201c} lässt sich hier nicht zeigen; wählen Sie eine der Darstellungen oben."
    )
}

pub(crate) fn flow_title(phrase: &str) -> String {
    tell!("Energy flow {phrase}", "Energiefluss {phrase}")
}

pub(crate) const POWER_TITLE: Text = Text("Power flow now", "Leistungsfluss jetzt");

pub(crate) fn flow_note(input: &str) -> String {
    tell!("kWh, in {input}", "kWh, Zufluss {input}")
}

pub(crate) fn power_note(input: &str, until: &str) -> String {
    tell!(
        "kW, in {input}; mean of the 15 minutes to {until}",
        "kW, Zufluss {input}; Mittel der 15 Minuten bis {until}"
    )
}

pub(crate) const WHAT: Text = Text("What flows", "Was fließt");
pub(crate) const ENERGY: Text = Text("Energy", "Energie");
pub(crate) const POWER_NOW: Text = Text("Power now", "Leistung jetzt");
pub(crate) const NOTHING_FLOWS: Text = Text(
    "Nothing flowed, or no meter was read: choose another period.",
    "Es floss nichts, oder kein Zähler wurde gelesen: wählen Sie einen anderen Zeitraum.",
);
pub(crate) const FLOW_FIGURE: Text = Text(
    "Flow of energy from the sources to the machines, with what is lost on the way",
    "Energiefluss von den Quellen zu den Maschinen mit den Verlusten unterwegs",
);

pub(crate) fn level(level: i16) -> String {
    let name = match level {
        0 | 1 => Text("Station", "Station"),
        2 => Text("Distribution", "Verteilung"),
        3 => Text("Units", "Einheiten"),
        4 => Text("Machines", "Maschinen"),
        _ => return tell!("Level {level}", "Ebene {level}"),
    };
    name.into()
}

pub(crate) const SOURCES: Text = Text("Sources", "Quellen");
pub(crate) const INPUT: Text = Text("Input", "Zufluss");
pub(crate) const NOT_READ: Text = Text("not read", "nicht gelesen");
pub(crate) const UNTRACKED: Text = Text("untracked", "ohne Zähler");
pub(crate) const UNTRACKED_HELP: Text =
    Text("Load that was declared and that no meter sees", "Angegebene Last, die kein Zähler misst");
pub(crate) const RETURNED: Text = Text("returned", "zurückgespeist");
pub(crate) const LOSS: Text = Text("loss", "Verlust");
pub(crate) const NEGATIVE: Text = Text("negative", "negativ");
pub(crate) const NEGATIVE_LONG: Text =
    Text("negative: more out than in", "negativ: mehr ab- als zugeflossen");
pub(crate) const WITHIN_ERROR: Text = Text("within error", "im Messfehler");

pub(crate) fn loss(figure: &str) -> String {
    tell!("loss {figure}", "Verlust {figure}")
}

pub(crate) fn within(figure: &str, error: &str) -> String {
    format!("{figure} ±{error}")
}

pub(crate) fn not_read(figure: &str) -> String {
    tell!("not read {figure}", "nicht gelesen {figure}")
}

pub(crate) fn read(percent: &str) -> String {
    tell!("{percent} % read", "{percent} % gelesen")
}

pub(crate) fn others(count: usize) -> String {
    tell!("{count} others", "{count} weitere")
}

pub(crate) fn unread(count: usize) -> String {
    tell!("{count} not read", "{count} nicht gelesen")
}

pub(crate) fn unfold(count: usize, name: &str) -> String {
    match count {
        1 => tell!("Show the meter below {name}", "Den Zähler unter {name} zeigen"),
        _ => {
            tell!("Show the {count} meters below {name}", "Die {count} Zähler unter {name} zeigen")
        }
    }
}

pub(crate) fn fold(name: &str) -> String {
    tell!("Fold what hangs below {name}", "Was unter {name} hängt, zuklappen")
}

pub(crate) const FROM: Text = Text("From", "Von");
pub(crate) const TO: Text = Text("To", "Nach");
pub(crate) const SHARE: Text = Text("Share %", "Anteil %");
pub(crate) const ERROR: Text = Text("Error ±", "Messfehler ±");
pub(crate) const COVERAGE: Text = Text("Coverage %", "Abdeckung %");

pub(crate) fn hour_title(phrase: &str) -> String {
    tell!("Mean power by hour {phrase}", "Mittlere Leistung je Stunde {phrase}")
}

pub(crate) fn week_title(phrase: &str) -> String {
    tell!(
        "Mean power by hour of the week {phrase}",
        "Mittlere Leistung je Stunde der Woche {phrase}"
    )
}

pub(crate) fn day_title(grain: Text, phrase: &str) -> String {
    tell!("Energy by {grain} {phrase}", "Energie je {grain} {phrase}")
}

pub(crate) const DAY: Text = Text("day", "Tag");
pub(crate) const WEEK: Text = Text("week", "Woche");
pub(crate) const MONTH: Text = Text("month", "Monat");

pub(crate) fn each_row(unit: &str) -> String {
    tell!("{unit}, each row from 0 to its most", "{unit}, jede Zeile von 0 bis zu ihrem Höchstwert")
}

pub(crate) const COLUMNS: Text = Text("Columns of the heat map", "Spalten der Heatmap");
pub(crate) const BY_HOUR: Text = Text("Hour of day", "Tagesstunde");
pub(crate) const BY_DAY: Text = Text("Day", "Tag");
pub(crate) const BY_WEEK: Text = Text("Hour of week", "Wochenstunde");
pub(crate) const METER: Text = Text("Meter", "Zähler");

pub(crate) fn most_head(unit: &str) -> String {
    tell!("most, {unit}", "Höchstwert, {unit}")
}

pub(crate) fn most(figure: &str, column: &str) -> String {
    tell!("{figure} at {column}", "{figure}, {column}")
}

pub(crate) fn row_label(name: &str, most: Option<&str>) -> String {
    match most {
        Some(most) => tell!("{name}: most {most}", "{name}: Höchstwert {most}"),
        None => tell!("{name}: nothing used", "{name}: nichts verbraucht"),
    }
}

pub(crate) const AHEAD: Text = Text("still to come", "noch nicht erreicht");
pub(crate) const PARTLY: Text = Text("partly read", "teilweise gelesen");
pub(crate) const MOST_OF_ROW: Text = Text("most of the row", "Höchstwert der Zeile");

pub(crate) fn rows_shown(shown: usize, all: usize) -> String {
    tell!("{shown} of {all} meters shown.", "{shown} von {all} Zählern gezeigt.")
}

pub(crate) fn show_all(count: usize) -> String {
    tell!("Show all {count}", "Alle {count} zeigen")
}

pub(crate) const SHOW_FEWER: Text = Text("Show fewer", "Weniger zeigen");

pub(crate) const PLAN_TITLE: Text = Text("Plan of the plant", "Lageplan der Anlage");

pub(crate) fn plan_note(phrase: &str) -> String {
    tell!(
        "power now, loss {phrase}; north is up",
        "Leistung jetzt, Verlust {phrase}; Norden ist oben"
    )
}

pub(crate) const PLAN_FIGURE: Text =
    Text("Where the meters hang, north up", "Wo die Zähler hängen, Norden oben");

pub(crate) fn metres(metres: &str) -> String {
    format!("{metres} m")
}

pub(crate) const NO_PLACES: Text = Text(
    "No meter of this site has a place yet. Give a meter its degrees north and east in its settings, \
     or latitude and longitude through the API, and it stands here.",
    "Noch hat kein Zähler dieses Standorts einen Ort. Geben Sie einem Zähler in seinen Einstellungen \
     seine geografische Breite und Länge, oder latitude und longitude über die API, dann steht er hier.",
);

pub(crate) fn too_many(count: usize) -> String {
    tell!(
        "{count} more meters have a place; those with the most power are drawn.",
        "{count} weitere Zähler haben einen Ort; gezeichnet sind die mit der größten Leistung."
    )
}

pub(crate) fn without_place(count: usize) -> String {
    match count {
        1 => tell!("1 meter has no place:", "1 Zähler hat keinen Ort:"),
        _ => tell!("{count} meters have no place:", "{count} Zähler haben keinen Ort:"),
    }
}

pub(crate) fn and_more(count: usize) -> String {
    tell!("and {count} more", "und {count} weitere")
}

pub(crate) const SILENT: Text = Text("not read now", "wird jetzt nicht gelesen");
pub(crate) const SIZE: Text = Text("Size: power", "Größe: Leistung");
pub(crate) const NORTH: Text = Text("Degrees north", "Breite");
pub(crate) const EAST: Text = Text("Degrees east", "Länge");
pub(crate) const POWER_KW: Text = Text("Power kW", "Leistung kW");
pub(crate) const STATE: Text = Text("State", "Zustand");
pub(crate) const LOSS_KWH: Text = Text("Loss kWh", "Verlust kWh");
pub(crate) const LOADS: Text = Text("load", "Last");
pub(crate) const GRID: Text = Text("grid", "Netz");
pub(crate) const SOLAR: Text = Text("solar", "Solar");
pub(crate) const DIESEL: Text = Text("diesel", "Diesel");
pub(crate) const BATTERY: Text = Text("battery", "Batterie");
