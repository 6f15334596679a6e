//! The page of history.

use domain::Field;
use domain::alarms::Severity;
use domain::history::view::{Basis, Event};
use domain::history::{Aside, Channel, Counter, MOST, Trouble};

use crate::figures::fixed;
use crate::language::{Text, tell};
use crate::messages;

pub use crate::words::labels::{CHART, METER, REMOVE, TIME, UNTIL};

pub const TITLE: Text = Text("History", "Verlauf");
pub const NOTHING: Text = Text("Choose meters and channels", "Zähler und Kanäle wählen");
pub const NOTHING_HELP: Text = Text(
    "Power, energy, voltages and more of any meters, together in one chart: add them below. The \
     address of the page holds what you choose, to be kept and shared.",
    "Leistung, Energie, Spannungen und mehr von beliebigen Zählern in einem Diagramm: Fügen Sie sie \
     unten hinzu. Die Adresse der Seite hält Ihre Auswahl fest, zum Aufheben und Weitergeben.",
);

pub const fn channel(channel: Channel) -> Text {
    match channel {
        Channel::Counted(Counter::Energy) => Text("Energy", "Energie"),
        Channel::Counted(Counter::Returned) => Text("Energy returned", "Lieferung"),
        Channel::Counted(Counter::ReactiveEnergy) => Text("Reactive energy", "Blindenergie"),
        Channel::Counted(Counter::ReactiveReturned) => {
            Text("Reactive energy returned", "Blindenergie, Lieferung")
        }
        Channel::Counted(Counter::Diesel) => Text("Diesel", "Diesel"),
        Channel::Counted(Counter::Runtime) => Text("Running time", "Laufzeit"),
        Channel::Instant(field) => of_field(field),
    }
}

pub const fn of_field(field: Field) -> Text {
    match field {
        Field::ActivePowerKw => Text("Power", "Leistung"),
        Field::ActivePowerL1Kw => Text("Power L1", "Leistung L1"),
        Field::ActivePowerL2Kw => Text("Power L2", "Leistung L2"),
        Field::ActivePowerL3Kw => Text("Power L3", "Leistung L3"),
        Field::ReactivePowerKvar => Text("Reactive power", "Blindleistung"),
        Field::ReactivePowerL1Kvar => Text("Reactive power L1", "Blindleistung L1"),
        Field::ReactivePowerL2Kvar => Text("Reactive power L2", "Blindleistung L2"),
        Field::ReactivePowerL3Kvar => Text("Reactive power L3", "Blindleistung L3"),
        Field::ApparentPowerKva => Text("Apparent power", "Scheinleistung"),
        Field::PowerFactor => Text("Power factor", "Leistungsfaktor"),
        Field::FrequencyHz => Text("Frequency", "Frequenz"),
        Field::RocofHzS => Text("Rate of change of frequency", "Frequenzänderung"),
        Field::VoltageL1 => Text("Voltage L1", "Spannung L1"),
        Field::VoltageL2 => Text("Voltage L2", "Spannung L2"),
        Field::VoltageL3 => Text("Voltage L3", "Spannung L3"),
        Field::VoltageL12 => Text("Voltage L1\u{2013}L2", "Spannung L1\u{2013}L2"),
        Field::VoltageL23 => Text("Voltage L2\u{2013}L3", "Spannung L2\u{2013}L3"),
        Field::VoltageL31 => Text("Voltage L3\u{2013}L1", "Spannung L3\u{2013}L1"),
        Field::CurrentL1 => Text("Current L1", "Strom L1"),
        Field::CurrentL2 => Text("Current L2", "Strom L2"),
        Field::CurrentL3 => Text("Current L3", "Strom L3"),
        Field::TotalEnergyKwh => Text("Total register", "Zählwerk gesamt"),
        Field::EnergyImportKwh => Text("Import register", "Zählwerk Bezug"),
        Field::EnergyExportKwh => Text("Export register", "Zählwerk Lieferung"),
        Field::ReactiveEnergyImportKvarh => {
            Text("Reactive import register", "Zählwerk Blindenergie, Bezug")
        }
        Field::ReactiveEnergyExportKvarh => {
            Text("Reactive export register", "Zählwerk Blindenergie, Lieferung")
        }
        Field::DieselConsumptionLiters => Text("Diesel", "Diesel"),
        Field::RuntimeHours => Text("Running hours", "Betriebsstunden"),
    }
}

pub fn series(meter: &str, of: Channel) -> String {
    let channel = channel(of);
    format!("{meter}, {channel}")
}

pub fn shown(series: usize, meters: usize, period: &str) -> String {
    match (series, meters) {
        (1, _) => tell!("1 series, {period}", "1 Reihe, {period}"),
        (_, 1) => {
            tell!("{series} series of 1 meter, {period}", "{series} Reihen von 1 Zähler, {period}")
        }
        _ => tell!(
            "{series} series of {meters} meters, {period}",
            "{series} Reihen von {meters} Zählern, {period}"
        ),
    }
}

pub fn part(from: &str, to: &str) -> String {
    tell!("zoomed to {from} to {to}", "vergrößert auf {from} bis {to}")
}

pub fn trouble(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Unreadable { text } => tell!(
            "\u{201c}{text}\u{201d} names no series: write a meter, a dot and a channel, such as 7.power.",
            "\u{201e}{text}\u{201c} benennt keine Reihe: Schreiben Sie einen Zähler, einen Punkt und einen Kanal, etwa 7.power."
        ),
        Trouble::NoChannel { meter, word, .. } => tell!(
            "\u{201c}{word}\u{201d}, asked of meter {meter}, is no channel: add one from the list below.",
            "\u{201e}{word}\u{201c} ist kein Kanal des Zählers {meter}: Wählen Sie unten einen aus der Liste."
        ),
        Trouble::NoMeter { meter } => tell!(
            "There is no meter {meter} on this site: it may have been taken away, or be on another site.",
            "Auf dieser Anlage gibt es keinen Zähler {meter}: Vielleicht wurde er entfernt oder gehört zu einer anderen Anlage."
        ),
        Trouble::Lacks { meter, channel: of } => {
            let channel = channel(*of);
            tell!(
                "{meter} gives no values for {channel}: choose another of its channels.",
                "{meter} liefert keine Werte für {channel}: Wählen Sie einen anderen Kanal."
            )
        }
        Trouble::NoAxis { series: Aside { meter, channel: of, .. }, unit } => {
            let (channel, unit) = (channel(*of), unit_name(unit));
            tell!(
                "{meter}, {channel} is stated in {unit}, and a chart has two axes, which are both taken: remove another series, or open this one alone.",
                "{meter}, {channel} wird in {unit} angegeben, und beide Achsen des Diagramms sind belegt: Entfernen Sie eine andere Reihe, oder öffnen Sie diese allein."
            )
        }
        Trouble::Surplus { most, count } => tell!(
            "A chart shows {most} series at most: {count} more are left out.",
            "Ein Diagramm zeigt höchstens {most} Reihen: {count} weitere sind weggelassen."
        ),
        Trouble::Twice { series } => tell!(
            "{series} is chosen twice, and drawn once.",
            "{series} ist zweimal gewählt und einmal gezeichnet."
        ),
        Trouble::Long { meter, channel: of, days } => {
            let channel = channel(*of);
            tell!(
                "{meter}, {channel} has too many readings for this period: choose {days} days or less.",
                "{meter}, {channel} hat zu viele Messwerte für diesen Zeitraum: Wählen Sie höchstens {days} Tage."
            )
        }
        Trouble::Dropped { meter, channel: of, since } => {
            let channel = channel(*of);
            tell!(
                "Readings of {meter} are kept from {since} on, and {channel} is not kept otherwise: choose a later period.",
                "Messwerte von {meter} werden ab {since} aufbewahrt und {channel} nicht anders: Wählen Sie einen späteren Zeitraum."
            )
        }
        Trouble::Period { .. } | Trouble::NothingChosen => messages::told(&trouble.clone().into()),
        Trouble::Zoom => tell!(
            "The zoom is no stretch of this period: the whole period is shown.",
            "Der Ausschnitt liegt nicht in diesem Zeitraum: Gezeigt wird der ganze Zeitraum."
        ),
    }
}

pub const OPEN_ALONE: Text = Text("Open it alone", "Allein öffnen");
pub const TROUBLES: Text = Text("What is not shown", "Was nicht gezeigt wird");

/// A unit, or what a figure without one is.
fn unit_name(unit: &str) -> String {
    if unit.is_empty() { Text("a ratio", "einem Verhältnis").into() } else { unit.to_owned() }
}

/// A value of a channel, with the places that its kind of value needs.
pub fn value(channel: Channel, value: f64) -> String {
    fixed(value, places(channel, value))
}

pub fn places(channel: Channel, value: f64) -> usize {
    match channel.unit() {
        "Hz/s" => 3,
        "V" => 1,
        "Hz" | "" | "A" | "h" | "L" => 2,
        _ if value.abs() >= 99.995 => 1,
        _ => 2,
    }
}

/// A value with the range that it was reduced from.
pub fn spread(of: Channel, mean: f64, min: f64, max: f64) -> String {
    let (mean, min, max) = (value(of, mean), value(of, min), value(of, max));
    if min == max { mean } else { tell!("{mean} ({min} to {max})", "{mean} ({min} bis {max})") }
}

pub const SERIES: Text = Text("Series", "Reihe");
pub const AT: Text = Text("Value", "Wert");
pub const LEAST: Text = Text("Least", "Kleinster");
pub const HIGHEST: Text = Text("Highest", "Größter");
pub const WHOLE: Text = Text("Mean, sum", "Mittel, Summe");
pub const BEFORE: Text = Text("Before", "Davor");
pub const REMOVE_ALL: Text = Text("Remove all", "Alle entfernen");
pub const NO_VALUES: Text = Text("no values", "keine Werte");
pub const UNDER_WAY: Text = Text("under way", "läuft noch");
pub const ESTIMATED: Text = Text("placed by estimate", "Lage geschätzt");
pub const LEFT: Text = Text("left axis", "linke Achse");
pub const RIGHT: Text = Text("right axis", "rechte Achse");

pub fn remove(series: &str) -> String {
    tell!("Remove {series}", "{series} entfernen")
}

/// What the chart is, for those who do not see it.
pub fn label(series: &str, period: &str) -> String {
    tell!("{series}; {period}", "{series}; {period}")
}

pub const KEYS: Text = Text(
    "Arrow keys move the crosshair, plus and minus zoom around it, page up and page down go earlier \
     and later, 0 shows the whole period. Or draw a stretch with the pointer.",
    "Pfeiltasten bewegen das Fadenkreuz, Plus und Minus vergrößern und verkleinern um es herum, Bild \
     auf und Bild ab gehen früher und später, 0 zeigt den ganzen Zeitraum. Oder ziehen Sie mit dem \
     Zeiger einen Ausschnitt auf.",
);
pub const ZOOM: Text = Text("Zoom", "Ausschnitt");
pub const ZOOM_IN: Text = Text("Closer", "Näher");
pub const ZOOM_OUT: Text = Text("Wider", "Weiter");
pub const EARLIER: Text = Text("Earlier part", "Früherer Teil");
pub const LATER: Text = Text("Later part", "Späterer Teil");
pub const WHOLE_PERIOD: Text = Text("Whole period", "Ganzer Zeitraum");

/// What the points of the chart are made of.
pub fn made_of(column: &str, basis: &[Basis], step: Option<&str>) -> String {
    let of = |basis: &Basis| match basis {
        Basis::Readings => Text("readings", "Messwerten").get(),
        Basis::Quarters => Text("quarter-hour means", "Viertelstundenmitteln").get(),
        Basis::Hours => Text("hourly means", "Stundenmitteln").get(),
        Basis::Days => Text("daily means", "Tagesmitteln").get(),
    };
    let of: Vec<_> = basis.iter().map(of).collect();
    let list = of.join(", ");
    let instants = (!of.is_empty()).then(|| {
        tell!(
            "values from {list}: mean as a line, least to highest of each {column} as a band",
            "Werte aus {list}: Mittel als Linie, kleinster bis größter je {column} als Band"
        )
    });
    let counted = step.map(|step| tell!("counted by {step}", "gezählt je {step}"));
    instants.into_iter().chain(counted).collect::<Vec<_>>().join("; ")
}

pub const SOFT: Text = Text(
    "Dashed and pale: placed by estimate in a gap, or still under way",
    "Gestrichelt und blass: in einer Lücke geschätzt oder noch nicht zu Ende",
);
pub const LEGEND_BEFORE: Text =
    Text("Thin and pale: the period before", "Dünn und blass: der Zeitraum davor");
pub const LEGEND_OUTLIERS: Text = Text(
    "Hollow circles: outliers, left out since they do not fit",
    "Hohle Kreise: Ausreißer, ausgelassen, da sie nicht passen",
);
pub const GAPS: Text = Text("Without readings", "Ohne Messwerte");

pub fn gap(from: &str, to: &str) -> String {
    tell!("no readings, {from} to {to}", "keine Messwerte, {from} bis {to}")
}

pub const MARKS: Text = Text("What happened", "Was geschah");
pub const EVENT: Text = Text("Event", "Ereignis");
pub const NO_MARKS: Text = Text(
    "No exchange, correction, outlier or alarm of these meters in this time.",
    "Kein Wechsel, keine Korrektur, kein Ausreißer und kein Alarm dieser Zähler in dieser Zeit.",
);

pub fn more_marks(count: usize) -> String {
    tell!(
        "{count} more are not marked: choose a shorter period.",
        "{count} weitere sind nicht markiert: Wählen Sie einen kürzeren Zeitraum."
    )
}

/// What happened, shortly.
pub fn event_name(event: &Event) -> &'static str {
    match event {
        Event::Exchange(_) => Text("exchange", "Wechsel"),
        Event::Correction { .. } => Text("correction", "Korrektur"),
        Event::Outliers { .. } => Text("outliers", "Ausreißer"),
        Event::Alarm { .. } => Text("alarm", "Alarm"),
    }
    .get()
}

/// What happened, in a sentence.
pub fn event(event: &Event) -> String {
    match event {
        Event::Exchange(exchange) => {
            let old = fixed(exchange.old_final_kwh, 1);
            let new = fixed(exchange.new_initial_kwh, 1);
            tell!(
                "Meter exchanged: the old one ended at {old} kWh, the new one began at {new} kWh",
                "Zähler gewechselt: Der alte endete bei {old} kWh, der neue begann bei {new} kWh"
            )
        }
        Event::Correction { field, count } => {
            let field = of_field(*field);
            match count {
                1 => tell!("1 reading corrected: {field}", "1 Messwert korrigiert: {field}"),
                _ => tell!(
                    "{count} readings corrected: {field}",
                    "{count} Messwerte korrigiert: {field}"
                ),
            }
        }
        Event::Outliers { field, at } => {
            let field = of_field(*field);
            match at.len() {
                1 => tell!(
                    "1 outlier left out, it does not fit: {field}",
                    "1 Ausreißer ausgelassen, er passt nicht: {field}"
                ),
                count => tell!(
                    "{count} outliers left out, they do not fit: {field}",
                    "{count} Ausreißer ausgelassen, sie passen nicht: {field}"
                ),
            }
        }
        Event::Alarm { about, severity } => {
            let severity = match severity {
                Severity::Critical => Text("Critical alarm", "Kritischer Alarm"),
                Severity::Warning => Text("Alarm", "Alarm"),
                Severity::Info => Text("Note", "Hinweis"),
            };
            format!("{severity}: {}", messages::told(about))
        }
    }
}

pub const ADD: Text = Text("Add a series", "Reihe hinzufügen");
pub const FIND: Text =
    Text("Find a meter by name or number", "Zähler nach Name oder Nummer suchen");
pub const FIND_IT: Text = Text("Find", "Suchen");
pub const NONE_FOUND: Text = Text(
    "No meter has all these words in its name or number.",
    "Kein Zähler trägt alle diese Wörter in Name oder Nummer.",
);
pub const NEVER_READ: Text = Text("never read yet", "noch nie ausgelesen");

pub fn add(meter: &str, of: Channel) -> String {
    let channel = channel(of);
    tell!("Add {channel} of {meter}", "{channel} von {meter} hinzufügen")
}

pub fn more_found(count: usize) -> String {
    tell!(
        "{count} more meters: type more of the name or number.",
        "{count} weitere Zähler: Geben Sie mehr von Name oder Nummer ein."
    )
}

pub fn full() -> String {
    tell!(
        "A chart shows {MOST} series at most: remove one to add another.",
        "Ein Diagramm zeigt höchstens {MOST} Reihen: Entfernen Sie eine, um eine andere hinzuzufügen."
    )
}

pub const OF_METER: Text = Text("Open in History", "Im Verlauf öffnen");
