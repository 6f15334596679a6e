//! The report of one month.

use domain::carbon::FactorKind;

use crate::language::{Text, tell};

pub use crate::words::labels::{
    ALARMS, AREA, BATTERY, CARBON, CAUSE, CHART, COVERAGE, DAY, DIESEL, FACTOR, GRID, KIND, KWH,
    LOSS, METER, MONTH, NODE, NODES, PRINT, SEVERITY, SOLAR, SOURCE, SUM, WHAT,
};

pub fn title(month: &str) -> String {
    tell!("Energy and loss report, {month}", "Energie- und Verlustbericht {month}")
}

pub fn subject(site: &str, month: &str) -> String {
    tell!("{site}: energy and losses, {month}", "{site}: Energie und Verluste, {month}")
}

pub const ALL: Text = Text("All reports", "Alle Berichte");
pub const BEFORE: Text = Text("Month before", "Monat davor");
pub const AFTER: Text = Text("Month after", "Monat danach");
pub const JSON: Text = Text("All as JSON", "Alles als JSON");
pub const OPEN_PAGE: Text = Text("Open this report", "Diesen Bericht öffnen");

pub fn span(from: &str, to: &str) -> String {
    tell!("{from} to {to}", "{from} bis {to}")
}

pub fn drawn(at: &str, zone: &str) -> String {
    tell!("As of {at}, {zone}", "Stand {at}, {zone}")
}

pub fn under_way(day: &str) -> String {
    tell!(
        "The month is under way: this is what is known up to {day}.",
        "Der Monat läuft noch: Dies ist der Stand bis {day}."
    )
}

pub fn partly(coverage: &str) -> String {
    tell!(
        "The month was read in part only: readings back {coverage} % of it. Figures hold for what was read.",
        "Der Monat wurde nur zum Teil abgelesen: Ablesungen decken {coverage} % ab. Die Zahlen gelten für das Abgelesene."
    )
}

pub fn nothing(month: &str, first: Option<&str>) -> String {
    let first = first.map_or_else(
        || {
            Text(
                "Nothing was read on this site yet.",
                "An dieser Anlage wurde noch nichts abgelesen.",
            )
            .into()
        },
        |first| tell!("Readings begin in {first}.", "Die Ablesungen beginnen im {first}."),
    );
    tell!("Nothing was read in {month}. {first}", "Im {month} wurde nichts abgelesen. {first}")
}

pub const SUMMARY: Text = Text("Summary", "Zusammenfassung");

pub fn energy_in(kwh: &str, change: Option<&str>) -> String {
    let change = change.map_or_else(String::new, |change| {
        tell!(", {change} against the month before", ", {change} gegenüber dem Vormonat")
    });
    tell!("{kwh} kWh came in{change}.", "{kwh} kWh wurden bezogen oder erzeugt{change}.")
}

pub fn lost(kwh: &str, error: &str, percent: Option<&str>) -> String {
    let share = percent.map_or_else(String::new, |percent| {
        tell!(", {percent} % of the input", ", {percent} % des Zuflusses")
    });
    tell!("{kwh} ± {error} kWh were lost{share}.", "{kwh} ± {error} kWh gingen verloren{share}.")
}

pub fn mostly(name: &str, kwh: &str) -> String {
    tell!("Most of it at {name}: {kwh} kWh.", "Das meiste bei {name}: {kwh} kWh.")
}

pub fn balanced(kwh: &str, error: &str) -> String {
    tell!(
        "The balance closes: loss {kwh} kWh is within error ± {error} kWh.",
        "Die Bilanz schließt: Der Verlust von {kwh} kWh liegt im Messfehler von ± {error} kWh."
    )
}

pub fn negative(kwh: &str) -> String {
    tell!(
        "More came out than went in, by {kwh} kWh: a meter counts wrongly or hangs in the wrong place.",
        "Es kam mehr heraus als hinein, um {kwh} kWh: Ein Zähler misst falsch oder ist falsch eingeordnet."
    )
}

pub fn blind(names: &str) -> String {
    tell!(
        "There is no balance of the site: the energy of {names} is not known.",
        "Es gibt keine Bilanz der Anlage: Die Energie von {names} ist nicht bekannt."
    )
}

pub fn solar(percent: &str, kg: &str) -> String {
    tell!(
        "Solar energy was {percent} % of it and avoided {kg} kg CO₂.",
        "Solarenergie machte {percent} % aus und vermied {kg} kg CO₂."
    )
}

pub fn carbon(kg: &str) -> String {
    tell!("Net carbon: {kg} kg CO₂.", "CO₂ netto: {kg} kg.")
}

pub fn alarmed(count: usize, critical: usize) -> String {
    match count {
        0 => Text("No alarm was open.", "Kein Alarm war offen.").into(),
        1 => tell!(
            "1 alarm was open, {critical} critical.",
            "1 Alarm war offen, {critical} kritisch."
        ),
        _ => tell!(
            "{count} alarms were open, {critical} critical.",
            "{count} Alarme waren offen, {critical} kritisch."
        ),
    }
}

pub const ENERGY: Text = Text("Energy in", "Zufluss");
pub const NET: Text = Text("Net carbon", "CO₂ netto");

pub const SOURCES: Text = Text("Energy by source", "Energie nach Quelle");
pub const ENERGY_OF_SOURCE: Text = Text("Energy", "Energie");
pub const SHARE: Text = Text("Share, %", "Anteil, %");
pub const RETURNED: Text = Text("Returned, kWh", "Zurück, kWh");
pub const ESTIMATED: Text = Text("Estimated, kWh", "Geschätzt, kWh");
pub const COVERAGE_PERCENT: Text = Text("Coverage, %", "Abdeckung, %");
pub const LOAD: Text = Text("supply", "Einspeisung");

pub fn undated(kwh: &str) -> String {
    tell!(
        "{kwh} kWh of this stand in the registers and on no day below: they passed in a gap, or are still being summed up.",
        "{kwh} kWh davon stehen in den Zählerständen, aber an keinem Tag unten: Sie flossen in einer Lücke oder werden noch summiert."
    )
}

pub const DAYS: Text = Text("Day by day", "Tag für Tag");
pub const DAYS_CHART: Text = Text(
    "Energy by day and source, kWh; no column: not read",
    "Energie nach Tag und Quelle, kWh; ohne Säule: nicht abgelesen",
);
pub const LOSS_KWH: Text = Text("Loss, kWh", "Verlust, kWh");
pub const ERROR_KWH: Text = Text("Error, ± kWh", "Messfehler, ± kWh");
pub const GRID_KWH: Text = Text("Grid, kWh", "Netz, kWh");
pub const SOLAR_KWH: Text = Text("Solar, kWh", "Solar, kWh");
pub const DIESEL_KWH: Text = Text("Diesel, kWh", "Diesel, kWh");
pub const BATTERY_KWH: Text = Text("Battery, kWh", "Batterie, kWh");

pub const LOSSES: Text = Text("Losses by node", "Verluste nach Knoten");
pub const LOSSES_CHART: Text = Text(
    "Loss of the nodes with the largest losses, kWh, with their error",
    "Verlust der Knoten mit den größten Verlusten, kWh, mit Messfehler",
);
pub const IN_KWH: Text = Text("In, kWh", "Zufluss, kWh");
pub const VERDICT: Text = Text("Says", "Befund");
pub const SITE: Text = Text("Site as a whole", "Anlage insgesamt");
pub const AREAS: Text = Text("Losses by area", "Verluste nach Bereich");
pub const NO_AREA: Text = Text("no area", "kein Bereich");
pub const NO_NODES: Text = Text(
    "No meter hangs below another, so there is no loss to tell.",
    "Kein Zähler hängt unter einem anderen, daher ist kein Verlust zu bestimmen.",
);

pub fn of_nodes(shown: usize, all: usize) -> String {
    tell!(
        "The {shown} nodes that matter most, of {all}; the JSON has them all.",
        "Die {shown} wichtigsten von {all} Knoten; die JSON-Datei enthält alle."
    )
}

pub const LOSS_WORD: Text = Text("loss", "Verlust");
pub const WITHIN_WORD: Text = Text("within error", "im Messfehler");

pub const TREND: Text = Text("Against the months before", "Gegenüber den Vormonaten");
pub const TREND_CHART: Text =
    Text("Loss by month, kWh, with its error", "Verlust nach Monat, kWh, mit Messfehler");
pub const FIRST: Text = Text(
    "This is the first month that was read: there is nothing to compare it with.",
    "Dies ist der erste abgelesene Monat: Es gibt nichts, womit er sich vergleichen ließe.",
);

pub const MONEY: Text = Text("Cost", "Kosten");
pub const GRID_COST: Text = Text("Energy from the grid", "Energie aus dem Netz");
pub const GRID_COST_HELP: Text = Text(
    "Each quarter-hour at the price of its time, without standing charges and taxes. Bills have those.",
    "Jede Viertelstunde zum Preis ihrer Zeit, ohne Grundpreise und Steuern. Diese stehen auf den Rechnungen.",
);
pub const NO_PRICE: Text = Text("no price is stated", "kein Preis angegeben");
pub const LOSS_MONEY: Text =
    Text("Real losses, of which a part may be saved", "Echte Verluste, zum Teil vermeidbar");

/// The sheet of the workbook that has the figures of cost, diesel, solar energy and carbon.
pub const COST_AND_CARBON: Text =
    Text("Cost, diesel, solar and CO₂", "Kosten, Diesel, Solar und CO₂");
pub const SECTION: Text = Text("Section", "Abschnitt");

pub const GENERATION: Text = Text("Diesel and solar", "Diesel und Solar");
pub const RUNTIME: Text = Text("Running hours", "Betriebsstunden");
pub const STARTS: Text = Text("Starts", "Starts");
pub const LITRES: Text = Text("Diesel, L", "Diesel, L");
pub const DIESEL_COST: Text = Text("Cost of diesel", "Kosten des Diesels");
pub const DIESEL_COST_PER_KWH: Text =
    Text("Cost of a kWh of the generators", "Kosten einer kWh der Generatoren");
pub const NO_DIESEL_PRICE: Text =
    Text("no price of diesel is entered", "kein Dieselpreis eingetragen");
pub const LITRES_METERED: Text = Text("by the fuel counter", "laut Kraftstoffzähler");
pub const LITRES_COMPUTED: Text =
    Text("energy times specific fuel", "Energie mal spezifischer Verbrauch");
pub const PRODUCED: Text = Text("Solar energy, kWh", "Solarenergie, kWh");
pub const USED: Text = Text("Used on the site, kWh", "Selbst verbraucht, kWh");
pub const EXPORTED: Text = Text("Exported, kWh", "Eingespeist, kWh");
pub const OFFSET: Text = Text("Carbon avoided, kg", "Vermiedenes CO₂, kg");

pub const CARBON_GRID: Text = Text("Grid, kg", "Netz, kg");
pub const CARBON_DIESEL: Text = Text("Diesel, kg", "Diesel, kg");
pub const CARBON_OFFSET: Text = Text("Solar offset, kg", "Vermieden durch Solar, kg");
pub const CARBON_NET: Text = Text("Net, kg", "Netto, kg");
pub const CARBON_BEFORE: Text = Text("Net of the month before, kg", "Netto im Vormonat, kg");
pub const FACTORS: Text = Text("Factors in force", "Geltende Faktoren");

pub const fn factor(kind: FactorKind) -> Text {
    match kind {
        FactorKind::Grid => Text("Grid electricity", "Strom aus dem Netz"),
        FactorKind::Diesel => Text("Diesel, combustion", "Diesel, Verbrennung"),
        FactorKind::Sfc => Text("Diesel, specific fuel", "Diesel, spezifischer Verbrauch"),
        FactorKind::Solar => Text("Solar offset", "Vermeidung durch Solar"),
        FactorKind::DieselPrice => Text("Price of diesel", "Dieselpreis"),
    }
}

pub const FACTOR_VALUE: Text = Text("Value", "Wert");
pub const FACTOR_UNIT: Text = Text("Unit", "Einheit");
pub const FACTOR_SOURCE: Text = Text("Source", "Herkunft");

pub const PEAKS: Text = Text("Demand peaks", "Leistungsspitzen");
pub const PEAK_KW: Text = Text("Highest quarter-hour, kW", "Höchste Viertelstunde, kW");
pub const PEAK_AT: Text = Text("When", "Wann");

pub const QUALITY: Text = Text("Data quality", "Datenqualität");
pub const GAP_HOURS: Text = Text("Not read, h", "Nicht abgelesen, h");
pub const CORRECTIONS: Text = Text("Corrections", "Korrekturen");
pub const QUARANTINED: Text = Text("Quarantined", "Zurückgehalten");
pub const OUTLIERS: Text = Text("Outliers", "Ausreißer");
pub const EVENTS: Text = Text("Register events", "Zählerereignisse");

pub fn quality(meters: usize, remarkable: usize) -> String {
    match remarkable {
        0 => tell!(
            "All {meters} meters were read throughout, without estimates, corrections or doubts.",
            "Alle {meters} Zähler wurden durchgehend abgelesen, ohne Schätzung, Korrektur oder Zweifel."
        ),
        _ => tell!(
            "{remarkable} of {meters} meters have gaps, estimates, corrections or doubts, the least read first.",
            "{remarkable} von {meters} Zählern haben Lücken, Schätzungen, Korrekturen oder Zweifel, die am wenigsten abgelesenen zuerst."
        ),
    }
}

pub fn shortened(shown: usize, all: usize) -> String {
    tell!(
        "{shown} of {all} are listed; the JSON has them all.",
        "{shown} von {all} sind aufgeführt; die JSON-Datei enthält alle."
    )
}

pub fn unread(count: usize, numbers: &str) -> String {
    match count {
        1 => tell!(
            "Of 1 meter nothing is known: {numbers}.",
            "Von 1 Zähler ist nichts bekannt: {numbers}."
        ),
        _ => tell!(
            "Of {count} meters nothing is known: {numbers}.",
            "Von {count} Zählern ist nichts bekannt: {numbers}."
        ),
    }
}

pub const RAISED: Text = Text("Raised", "Ausgelöst");
pub const CLEARED: Text = Text("Cleared", "Beendet");
pub const STILL_OPEN: Text = Text("open", "offen");

pub const BASIS: Text = Text("What this report rests on", "Worauf dieser Bericht beruht");
pub const BASIS_MONTH: Text = Text(
    "Energy of the month is the difference of the registers at its ends; energy of a day is the sum of its quarter-hours.",
    "Die Energie des Monats ist die Differenz der Zählerstände an seinen Enden, die eines Tages die Summe seiner Viertelstunden.",
);
pub const BASIS_ERROR: Text = Text(
    "The error is half the band that the accuracy of the meters leaves open. A loss within it is no finding; a cause is a guess until it is tested.",
    "Der Messfehler ist das halbe Band, das die Genauigkeit der Zähler offenlässt. Ein Verlust innerhalb davon ist kein Befund; eine Ursache ist eine Vermutung, bis sie geprüft ist.",
);
pub const BASIS_READ: Text = Text(
    "What was not read is not in these figures, and is not guessed at: coverage says how much that is.",
    "Was nicht abgelesen wurde, ist in diesen Zahlen nicht enthalten und nicht geschätzt: Die Abdeckung sagt, wie viel das ist.",
);
pub const NO_CHART: Text = Text(
    "The chart could not be drawn; its table is complete.",
    "Das Diagramm konnte nicht gezeichnet werden; seine Tabelle ist vollständig.",
);
