//! The pages of the grid and of connections.

use domain::feasibility::Verdict as Grade;
use domain::view::grid::{PlaceKind, RequestState, Verdict};

pub(crate) const TITLE: &str = "Grid";
pub(crate) const CARD: &str = "Feasibility";
pub(crate) const ASK: &str = "Where would the connection be?";

pub(crate) fn ask_help(transformers: &str) -> String {
    format!(
        "Click on the map, or write coordinates or a name. {transformers} transformers are known."
    )
}

pub(crate) const NO_TRANSFORMERS: &str = "No transformers yet";
pub(crate) const NO_TRANSFORMERS_HELP: &str =
    "Post them to /transformers, one or a list, and they stand on the map at once.";

pub(crate) fn feasible(name: &str, distance: &str) -> String {
    format!("Feasible at {name}, {distance} away")
}

pub(crate) const NOT_FEASIBLE: &str = "Not feasible here";
pub(crate) const REASON: &str = "No transformer nearby can support this load safely.";
pub(crate) const REFUSED: &str = "This cannot be checked";
pub(crate) const WHICH: &str = "Which place is meant?";
pub(crate) const NOT_FOUND: &str = "No such place is known";
pub(crate) const FINDABLE: &str = "Found are coordinates such as 37.7586, -122.4148, \
                                   neighbourhoods, transformers, and meters that have coordinates. \
                                   Streets are not: no map service is asked.";

/// Why a transformer was passed over.
pub(crate) fn passed_over(name: &str, verdict: Verdict) -> String {
    match verdict {
        Verdict::Feasible => format!("{name} has room."),
        Verdict::Consumption => format!("{name} would be overloaded for consumption."),
        Verdict::Production => format!("{name} cannot take more solar injection."),
        Verdict::Voltage => format!("{name} could not hold the voltage."),
    }
}

pub(crate) fn passed_over_more(count: usize) -> String {
    match count {
        1 => "One more was passed over.".to_owned(),
        _ => format!("{count} more were passed over."),
    }
}

pub(crate) fn considered(count: &str) -> String {
    match count {
        "0" => "No transformer stands within 2 km.".to_owned(),
        "1" => "One transformer stands within 2 km.".to_owned(),
        _ => format!("{count} transformers stand within 2 km."),
    }
}

pub(crate) const fn place(kind: PlaceKind) -> &'static str {
    match kind {
        PlaceKind::Coordinates => "coordinates",
        PlaceKind::Neighbourhood => "neighbourhood, its middle",
        PlaceKind::Transformer => "transformer",
        PlaceKind::Meter => "meter",
    }
}

pub(crate) fn at(name: &str, kind: PlaceKind) -> String {
    format!("At {name} ({}).", place(kind))
}

pub(crate) const LOCATION: &str = "Location";
pub(crate) const LOCATION_HINT: &str = "37.7586, -122.4148 or Mission";
pub(crate) const CONSUMPTION: &str = "Consumption";
pub(crate) const PRODUCTION: &str = "Production";
pub(crate) const SERVICE: &str = "Service";
pub(crate) const SERVICE_HINT: &str = "distance";
pub(crate) const PREMISES: &str = "Premises";
pub(crate) const GENERAL: &str = "General";
pub(crate) const EV: &str = "EV chargers";
pub(crate) const KW: &str = "kW";
pub(crate) const METRES: &str = "m";
pub(crate) const CHECK: &str = "Check";

pub(crate) const CANDIDATES: &str = "Transformers, nearest first";
pub(crate) const RANK: &str = "Rank";
pub(crate) const TRANSFORMER: &str = "Transformer";
pub(crate) const LOAD: &str = "Load";
pub(crate) const LOAD_UNIT: &str = "kW, 80 %";
pub(crate) const SOLAR: &str = "Solar";
pub(crate) const SOLAR_UNIT: &str = "kW, 30 %";
pub(crate) const VOLTAGE: &str = "Voltage";
pub(crate) const PERCENT: &str = "%";
pub(crate) const KVA: &str = "kVA";

pub(crate) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Feasible => "has room",
        Verdict::Consumption => "overloaded for consumption",
        Verdict::Production => "no more solar injection",
        Verdict::Voltage => "voltage out of range",
    }
}

pub(crate) const fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Pass => "within \u{b1} 5 %",
        Grade::Warn => "outside \u{b1} 5 %, within range B of ANSI C84.1",
        Grade::Fail => "outside range B of ANSI C84.1",
    }
}

pub(crate) fn after(name: &str, is_feasible: bool) -> String {
    if is_feasible { format!("{name} after connecting") } else { format!("{name} if connected") }
}

pub(crate) fn left(kw: &str) -> String {
    format!("{kw} left")
}

pub(crate) fn over(kw: &str) -> String {
    format!("{kw} over")
}

pub(crate) const VOLTAGE_AT: &str = "Voltage at the service point";
pub(crate) const BEFORE: &str = "before";
pub(crate) const AFTER: &str = "after";
pub(crate) const PEAK_LOAD: &str = "full load, no PV";
pub(crate) const FULL_PRODUCTION: &str = "no load, full PV";
/// Where no voltage would hold.
pub(crate) const NO_VOLTAGE: &str = "none";
pub(crate) const NOMINAL: &str = "240 V";

pub(crate) fn connect_at(name: &str) -> String {
    format!("Connect at {name}")
}

pub(crate) const SHOW_RULE: &str = "Show the rule";
pub(crate) const RULE: [&str; 5] = [
    "Transformers are taken in order of their great-circle distance (haversine).",
    "Consumption fits where connected + requested \u{2264} 80 % of the capacity.",
    "Production fits where connected + requested \u{2264} 30 % of the capacity; it is tested where \
     some is requested.",
    "The first transformer where all fits is assigned; the limit itself still fits.",
    "The voltage is computed from the transformer's and the service's resistance and reactance in \
     two cases: all load without production, all production without load. It informs, unless the \
     site makes it binding.",
];

pub(crate) fn reserves(consumption: &str, production: Option<&str>) -> String {
    let and = production.map(|kw| format!(" and {kw} kW of production")).unwrap_or_default();
    format!("Connecting reserves {consumption} kW{and} in one step. It can be withdrawn.")
}

pub(crate) const LAST_REQUESTS: &str = "Last requests";
pub(crate) const ALL_REQUESTS: &str = "All connections";
pub(crate) const NO_REQUESTS: &str = "None yet.";

pub(crate) fn request(consumption: &str, production: Option<&str>) -> String {
    match production {
        Some(production) => format!("{consumption} kW, {production} kW PV"),
        None => format!("{consumption} kW, no PV"),
    }
}

pub(crate) const fn state(state: RequestState) -> &'static str {
    match state {
        RequestState::Pending => "Pending",
        RequestState::Approved => "Connected",
        RequestState::Rejected => "Rejected",
        RequestState::Withdrawn => "Withdrawn",
    }
}

/// What was done.
pub(crate) mod done {
    pub(crate) fn connected(transformer: &str) -> String {
        format!("Connected at {transformer}; its capacity is reserved.")
    }

    pub(crate) fn rejected(reason: &str) -> String {
        format!("Not connected: {reason}. Nothing was reserved.")
    }

    pub(crate) const WITHDRAWN: &str = "The connection is withdrawn; its capacity is free again.";
    pub(crate) const WITHDRAW: &str = "Withdraw";
}

/// The page of connections.
pub(crate) mod connections {
    pub(crate) const TITLE: &str = "Connections";
    pub(crate) const NONE: &str = "No connections yet";
    pub(crate) const NONE_HELP: &str =
        "Check a place on the grid and connect there; every request is kept here with its answer.";
    pub(crate) const NONE_OF_STATE: &str = "No request is in this state.";
    pub(crate) const TO_GRID: &str = "Check a place";
    pub(crate) const ALL: &str = "All";
    pub(crate) const FILTER: &str = "States";
    pub(crate) const REQUESTS: &str = "Requests";
    pub(crate) const STATE: &str = "State";
    pub(crate) const TYPE: &str = "Type";
    pub(crate) const PROSUMER: &str = "prosumer";
    pub(crate) const CONSUMER: &str = "consumer";
    pub(crate) const CONSUMPTION: &str = "Consumption kW";
    pub(crate) const PRODUCTION: &str = "Production kW";
    pub(crate) const TRANSFORMER: &str = "Transformer or reason";
    pub(crate) const TIME: &str = "Time";
    pub(crate) const ACTIONS: &str = "Map and withdrawal";
    pub(crate) const MAP: &str = "Map";
    pub(crate) const CSV: &str = "CSV";
    pub(crate) const WITHDRAW: &str = "Withdraw";
    pub(crate) const WITHDRAW_NOW: &str = "Withdraw now";
    pub(crate) const FIRST: &str = "First page";
    pub(crate) const NEXT: &str = "Older requests";

    pub(crate) fn headline(connected: usize, rejected: usize) -> String {
        let of = |count: usize, one: &str, many: &str| match count {
            0 => format!("none {many}"),
            1 => format!("one {one}"),
            _ => format!("{count} {many}"),
        };
        format!("{}, {}", capital(&of(connected, "connected", "connected")), {
            of(rejected, "rejected", "rejected")
        })
    }

    fn capital(text: &str) -> String {
        let mut letters = text.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    pub(crate) fn frees(consumption: &str, production: Option<&str>, transformer: &str) -> String {
        let and = production.map(|kw| format!(" and {kw} kW of production")).unwrap_or_default();
        format!("This frees {consumption} kW of consumption{and} at {transformer}.")
    }

    pub(crate) fn and_production(kw: &str) -> String {
        format!("{kw} PV")
    }

    pub(crate) fn withdrawn(at: &str) -> String {
        format!("withdrawn {at}")
    }
}
