//! The pages of the grid and of connections.

use domain::grid::RequestState;
use domain::grid::feasibility::Verdict as Grade;
use domain::grid::view::{PlaceKind, Verdict};

use crate::language::{Text, tell};

pub const TITLE: Text = Text("Grid", "Netz");
pub const CARD: Text = Text("Feasibility", "Anschlussprüfung");
pub const ASK: Text = Text("Where would the connection be?", "Wo wäre der Anschluss?");

pub fn ask_help(transformers: &str) -> String {
    tell!(
        "Click on the map, or write coordinates or a name. {transformers} transformers are \
         known.",
        "Klicken Sie auf die Karte oder geben Sie Koordinaten oder einen Namen ein. \
         {transformers} Transformatoren sind bekannt."
    )
}

pub const NO_TRANSFORMERS: Text = Text("No transformers yet", "Noch keine Transformatoren");
pub const NO_TRANSFORMERS_HELP: Text = Text(
    "Post them to /transformers, one or a list, and they stand on the map at once.",
    "Senden Sie sie an /transformers, einzeln oder als Liste, und sie stehen sofort auf der \
     Karte.",
);

pub fn feasible(name: &str, distance: &str) -> String {
    tell!("Feasible at {name}, {distance} away", "Möglich an {name}, {distance} entfernt")
}

pub const NOT_FEASIBLE: Text = Text("Not feasible here", "Hier nicht möglich");
pub const REASON: Text = Text(
    "No transformer nearby can support this load safely.",
    "Kein Transformator in der Nähe kann diese Last sicher tragen.",
);
pub const REFUSED: Text = Text("This cannot be checked", "Das lässt sich nicht prüfen");
pub const WHICH: Text = Text("Which place is meant?", "Welcher Ort ist gemeint?");
pub const NOT_FOUND: Text = Text("No such place is known", "Kein solcher Ort ist bekannt");
pub const FINDABLE: Text = Text(
    "Found are coordinates such as 37.7586, -122.4148, neighbourhoods, transformers, and meters \
     that have coordinates. Streets are not: no map service is asked.",
    "Gefunden werden Koordinaten wie 37.7586, -122.4148, Stadtteile, Transformatoren und Zähler \
     mit Koordinaten. Straßen nicht: Kein Kartendienst wird gefragt.",
);

pub fn passed_over(name: &str, verdict: Verdict) -> String {
    match verdict {
        Verdict::Feasible => tell!("{name} has room.", "{name} hat Platz."),
        Verdict::Consumption => tell!(
            "{name} would be overloaded for consumption.",
            "{name} wäre mit dem Verbrauch überlastet."
        ),
        Verdict::Production => tell!(
            "{name} cannot take more solar injection.",
            "{name} kann keine weitere Solareinspeisung aufnehmen."
        ),
        Verdict::Voltage => {
            tell!("{name} could not hold the voltage.", "{name} könnte die Spannung nicht halten.")
        }
    }
}

pub fn passed_over_more(count: usize) -> String {
    match count {
        1 => tell!("One more was passed over.", "Ein weiterer wurde übergangen."),
        _ => tell!("{count} more were passed over.", "{count} weitere wurden übergangen."),
    }
}

pub fn considered(count: &str) -> String {
    match count {
        "0" => tell!(
            "No transformer stands within 2 km.",
            "Kein Transformator steht im Umkreis von 2 km."
        ),
        "1" => tell!(
            "One transformer stands within 2 km.",
            "Ein Transformator steht im Umkreis von 2 km."
        ),
        _ => tell!(
            "{count} transformers stand within 2 km.",
            "{count} Transformatoren stehen im Umkreis von 2 km."
        ),
    }
}

pub const fn place(kind: PlaceKind) -> Text {
    match kind {
        PlaceKind::Coordinates => Text("coordinates", "Koordinaten"),
        PlaceKind::Neighbourhood => Text("neighbourhood, its middle", "Stadtteil, seine Mitte"),
        PlaceKind::Transformer => Text("transformer", "Transformator"),
        PlaceKind::Meter => Text("meter", "Zähler"),
    }
}

pub fn at(name: &str, kind: PlaceKind) -> String {
    let place = place(kind);
    tell!("At {name} ({place}).", "Bei {name} ({place}).")
}

pub const LOCATION: Text = Text("Location", "Ort");
pub const LOCATION_HINT: Text =
    Text("37.7586, -122.4148 or Mission", "37.7586, -122.4148 oder Mission");
pub const CONSUMPTION: Text = Text("Consumption", "Verbrauch");
pub const PRODUCTION: Text = Text("Production", "Erzeugung");
pub const SERVICE: Text = Text("Service", "Anschlussleitung");
pub const SERVICE_HINT: Text = Text("distance", "Entfernung");
pub const PREMISES: Text = Text("Premises", "Art");
pub const GENERAL: Text = Text("General", "Allgemein");
pub const EV: Text = Text("EV chargers", "Ladestationen");
pub const KW: &str = "kW";
pub const METRES: &str = "m";
pub const CHECK: Text = Text("Check", "Prüfen");

pub const CANDIDATES: Text =
    Text("Transformers, nearest first", "Transformatoren, der nächste zuerst");
pub const RANK: Text = Text("Rank", "Rang");
pub const TRANSFORMER: Text = Text("Transformer", "Transformator");
pub const LOAD: Text = Text("Load", "Last");
pub const LOAD_UNIT: &str = "kW, 80 %";
pub const SOLAR: Text = Text("Solar", "Solar");
pub const SOLAR_UNIT: &str = "kW, 30 %";
pub const VOLTAGE: Text = Text("Voltage", "Spannung");
pub const PERCENT: &str = "%";
pub const KVA: &str = "kVA";

pub const fn verdict(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Feasible => Text("has room", "hat Platz"),
        Verdict::Consumption => Text("overloaded for consumption", "mit Verbrauch überlastet"),
        Verdict::Production => Text("no more solar injection", "keine weitere Solareinspeisung"),
        Verdict::Voltage => Text("voltage out of range", "Spannung außerhalb des Bereichs"),
    }
}

pub const fn grade(grade: Grade) -> Text {
    match grade {
        Grade::Pass => Text("within \u{b1} 5 %", "innerhalb \u{b1} 5 %"),
        Grade::Warn => Text(
            "outside \u{b1} 5 %, within range B of ANSI C84.1",
            "außerhalb \u{b1} 5 %, im Bereich B von ANSI C84.1",
        ),
        Grade::Fail => {
            Text("outside range B of ANSI C84.1", "außerhalb des Bereichs B von ANSI C84.1")
        }
    }
}

pub fn after(name: &str, is_feasible: bool) -> String {
    if is_feasible {
        tell!("{name} after connecting", "{name} nach dem Anschluss")
    } else {
        tell!("{name} if connected", "{name}, wenn angeschlossen")
    }
}

pub fn left(kw: &str) -> String {
    tell!("{kw} left", "{kw} frei")
}

pub fn over(kw: &str) -> String {
    tell!("{kw} over", "{kw} zu viel")
}

pub const VOLTAGE_AT: Text = Text("Voltage at the service point", "Spannung am Anschlusspunkt");
pub const BEFORE: Text = Text("before", "davor");
pub const AFTER: Text = Text("after", "danach");
pub const PEAK_LOAD: Text = Text("full load, no PV", "volle Last, keine PV");
pub const FULL_PRODUCTION: Text = Text("no load, full PV", "keine Last, volle PV");
/// Where no voltage would hold.
pub const NO_VOLTAGE: Text = Text("none", "keine");
pub const NOMINAL: &str = "240 V";

pub fn connect_at(name: &str) -> String {
    tell!("Connect at {name}", "An {name} anschließen")
}

pub const SHOW_RULE: Text = Text("Show the rule", "Die Regel zeigen");
pub const RULE: [Text; 5] = [
    Text(
        "Transformers are taken in order of their great-circle distance (haversine).",
        "Transformatoren kommen in der Reihenfolge ihrer Großkreis-Entfernung (Haversine) an die Reihe.",
    ),
    Text(
        "Consumption fits where connected + requested \u{2264} 80 % of the capacity.",
        "Verbrauch passt, wo angeschlossen + beantragt \u{2264} 80 % der Kapazität.",
    ),
    Text(
        "Production fits where connected + requested \u{2264} 30 % of the capacity; it is tested where some is requested.",
        "Erzeugung passt, wo angeschlossen + beantragt \u{2264} 30 % der Kapazität; geprüft wird, wo welche beantragt ist.",
    ),
    Text(
        "The first transformer where all fits is assigned; the limit itself still fits.",
        "Der erste Transformator, an dem alles passt, wird zugeteilt; die Grenze selbst passt noch.",
    ),
    Text(
        "The voltage is computed from the transformer's and the service's resistance and reactance in two cases: all load without production, all production without load. It informs, unless the site makes it binding.",
        "Die Spannung wird aus Wirk- und Blindwiderstand von Transformator und Leitung für zwei Fälle berechnet: alle Last ohne Erzeugung, alle Erzeugung ohne Last. Sie informiert, sofern die Anlage sie nicht verbindlich macht.",
    ),
];

pub fn reserves(consumption: &str, production: Option<&str>) -> String {
    let and = and_production(production);
    tell!(
        "Connecting reserves {consumption} kW{and} in one step. It can be withdrawn.",
        "Der Anschluss reserviert {consumption} kW{and} in einem Schritt. Er lässt sich \
         zurückziehen."
    )
}

fn and_production(kw: Option<&str>) -> String {
    kw.map(|kw| tell!(" and {kw} kW of production", " und {kw} kW Erzeugung")).unwrap_or_default()
}

pub const LAST_REQUESTS: Text = Text("Last requests", "Letzte Anträge");
pub const ALL_REQUESTS: Text = Text("All connections", "Alle Anschlüsse");
pub const NO_REQUESTS: Text = Text("None yet.", "Noch keine.");

pub fn request(consumption: &str, production: Option<&str>) -> String {
    match production {
        Some(production) => format!("{consumption} kW, {production} kW PV"),
        None => tell!("{consumption} kW, no PV", "{consumption} kW, keine PV"),
    }
}

pub const fn state(state: RequestState) -> Text {
    match state {
        RequestState::Pending => Text("Pending", "Offen"),
        RequestState::Approved => Text("Connected", "Angeschlossen"),
        RequestState::Rejected => Text("Rejected", "Abgelehnt"),
        RequestState::Withdrawn => Text("Withdrawn", "Zurückgezogen"),
    }
}

/// What was done.
pub mod done {
    use crate::language::{Text, tell};

    pub fn connected(transformer: &str) -> String {
        tell!(
            "Connected at {transformer}; its capacity is reserved.",
            "Angeschlossen an {transformer}; die Kapazität ist reserviert."
        )
    }

    pub fn rejected(reason: &str) -> String {
        tell!(
            "Not connected: {reason}. Nothing was reserved.",
            "Nicht angeschlossen: {reason}. Nichts wurde reserviert."
        )
    }

    pub const WITHDRAWN: Text = Text(
        "The connection is withdrawn; its capacity is free again.",
        "Der Anschluss ist zurückgezogen; seine Kapazität ist wieder frei.",
    );
    pub const WITHDRAW: Text = Text("Withdraw", "Zurückziehen");
}

/// The page of connections.
pub mod connections {
    use crate::language::{Text, tell};

    pub use crate::words::labels::{ALL, CONSUMER, CSV, MAP, PROSUMER, STATE, TIME, TYPE};

    pub const TITLE: Text = Text("Connections", "Anschlüsse");
    pub const NONE: Text = Text("No connections yet", "Noch keine Anschlüsse");
    pub const NONE_HELP: Text = Text(
        "Check a place on the grid and connect there; every request is kept here with its \
         answer.",
        "Prüfen Sie einen Ort im Ortsnetz und schließen Sie dort an; jeder Antrag bleibt hier \
         mit seiner Antwort.",
    );
    pub const NONE_OF_STATE: Text =
        Text("No request is in this state.", "Kein Antrag ist in diesem Zustand.");
    pub const TO_GRID: Text = Text("Check a place", "Einen Ort prüfen");
    pub const FILTER: Text = Text("States", "Zustände");
    pub const REQUESTS: Text = Text("Requests", "Anträge");
    pub const CONSUMPTION: Text = Text("Consumption kW", "Verbrauch kW");
    pub const PRODUCTION: Text = Text("Production kW", "Erzeugung kW");
    pub const TRANSFORMER: Text = Text("Transformer or reason", "Transformator oder Grund");
    pub const ACTIONS: Text = Text("Map and withdrawal", "Karte und Rückzug");
    pub const WITHDRAW: Text = Text("Withdraw", "Zurückziehen");
    pub const WITHDRAW_NOW: Text = Text("Withdraw now", "Jetzt zurückziehen");
    pub const FIRST: Text = Text("First page", "Erste Seite");
    pub const NEXT: Text = Text("Older requests", "Ältere Anträge");

    pub fn headline(connected: usize, rejected: usize) -> String {
        let connected = match connected {
            0 => tell!("None connected", "Keiner angeschlossen"),
            1 => tell!("One connected", "Einer angeschlossen"),
            _ => tell!("{connected} connected", "{connected} angeschlossen"),
        };
        let rejected = match rejected {
            0 => tell!("none rejected", "keiner abgelehnt"),
            1 => tell!("one rejected", "einer abgelehnt"),
            _ => tell!("{rejected} rejected", "{rejected} abgelehnt"),
        };
        format!("{connected}, {rejected}")
    }

    pub fn frees(consumption: &str, production: Option<&str>, transformer: &str) -> String {
        let and = super::and_production(production);
        tell!(
            "This frees {consumption} kW of consumption{and} at {transformer}.",
            "Das gibt {consumption} kW Verbrauch{and} an {transformer} frei."
        )
    }

    pub fn and_production(kw: &str) -> String {
        format!("{kw} PV")
    }

    pub fn withdrawn(at: &str) -> String {
        tell!("withdrawn {at}", "zurückgezogen {at}")
    }
}
