//! The page of carbon.

use crate::language::{Text, tell};
use crate::words::period::up_to_then;

pub use crate::words::labels::{ALWAYS, CARBON, FACTOR, FACTORS, SOURCE, UNIT, VALUE};

pub const TITLE: Text = Text("Carbon", "CO₂");
pub const GRID: Text = Text("Grid, scope 2", "Netz, Scope 2");
pub const DIESEL: Text = Text("Diesel, scope 1", "Diesel, Scope 1");
pub const OFFSET: Text = Text("Solar offset", "Solar-Gutschrift");
pub const NET: Text = Text("Net", "Netto");
pub const GROSS: Text = Text("Gross", "Brutto");
pub const PLUS: Text = Text("plus", "plus");
pub const MINUS: Text = Text("minus", "minus");
pub const EQUALS: Text = Text("equals", "gleich");

const SO_FAR: Text = Text(" so far", " bisher");

pub fn net(amount: &str, phrase: &str, open: bool) -> String {
    let far = if open { SO_FAR.get() } else { "" };
    tell!("Net {amount} CO\u{2082} {phrase}{far}", "Netto {amount} CO\u{2082} {phrase}{far}")
}

pub fn offset_share(percent: &str) -> String {
    tell!("; solar offset {percent} % of the gross", "; Solar-Gutschrift {percent} % des Bruttos")
}

pub const NOTHING: Text = Text("No carbon yet", "Noch kein CO₂");
pub const NOTHING_HELP: Text = Text(
    "Carbon appears as soon as a grid meter, a generator or solar panels are metered and have \
     been read.",
    "CO₂ erscheint, sobald ein Netzzähler, ein Generator oder eine Solaranlage gemessen wird \
     und abgelesen wurde.",
);

pub fn until(from: &str, to: &str) -> String {
    tell!("{from} to {to}.", "{from} bis {to}.")
}

pub fn per_day(kg: &str) -> String {
    tell!("{kg} kg per day", "{kg} kg pro Tag")
}

pub const ON_AVERAGE: Text = Text("on average.", "im Mittel.");

/// The sum of the period before; `is_cut` where it is that of a part of it alone.
pub fn before(label: &str, is_cut: bool, amount: &str, change: Option<&str>) -> String {
    let label = up_to_then(label, is_cut);
    match change {
        Some(change) => {
            tell!("{label}: {amount}; now {change}.", "{label}: {amount}; jetzt {change}.")
        }
        None => format!("{label}: {amount}."),
    }
}

pub fn coverage(percent: &str, estimated: Option<&str>) -> String {
    match estimated {
        None => tell!("Coverage {percent} %.", "Abdeckung {percent} %."),
        Some(kwh) => tell!(
            "Coverage {percent} %, {kwh} kWh placed by estimate; totals are not affected by \
             placement.",
            "Abdeckung {percent} %, {kwh} kWh zeitlich geschätzt; die Summen betrifft das \
             nicht."
        ),
    }
}

pub fn grid_formula(kwh: &str, factor: &str) -> String {
    format!("{kwh} kWh × {factor} kg/kWh")
}

pub fn diesel_formula(litres: &str, factor: &str) -> String {
    tell!("{litres} L × {factor} kg/L", "{litres} l × {factor} kg/l")
}

pub fn solar_formula(kwh: &str, factor: &str, exported: Option<&str>) -> String {
    let used = exported.map_or_else(
        || tell!("all used on site", "alles in der Anlage verbraucht"),
        |exported| {
            tell!(
                "of which {exported} kWh left the site",
                "davon verließen {exported} kWh die Anlage"
            )
        },
    );
    format!("{kwh} kWh × {factor} kg/kWh, {used}")
}

pub fn net_formula(grams: Option<&str>) -> String {
    grams.map_or_else(String::new, |grams| {
        tell!("{grams} g per kWh used", "{grams} g je verbrauchter kWh")
    })
}

pub const AVOIDED: Text = Text(
    "Net is grid plus diesel less the carbon that solar energy avoided. An inventory of \
     emissions counts the gross alone: scope 1 is the diesel burnt here, scope 2 the grid \
     electricity.",
    "Netto ist Netz plus Diesel abzüglich dessen, was die Solarenergie vermieden hat. Eine \
     Emissionsbilanz zählt nur das Brutto: Scope 1 ist der hier verbrannte Diesel, Scope 2 der \
     Strom aus dem Netz.",
);

pub fn steps(step: &str) -> String {
    tell!("By {step}", "Nach {step}")
}

pub fn steps_note(unit: &str, period: &str) -> String {
    format!("{unit} CO\u{2082}, {period}")
}

pub fn steps_before(before: &str) -> String {
    tell!(", line: net of {before}", ", Linie: netto {before}")
}

pub fn steps_label(step: &str, net: &str) -> String {
    tell!(
        "Carbon by {step}: grid and diesel above zero, solar offset below, net {net} in all",
        "CO₂ nach {step}: Netz und Diesel über null, Solar-Gutschrift darunter, zusammen netto \
         {net}"
    )
}

pub const LEGEND_GRID: Text = Text("Grid", "Netz");
pub const LEGEND_DIESEL: Text = Text("Diesel", "Diesel");
pub const LEGEND_OFFSET: Text = Text("Solar offset, below zero", "Solar-Gutschrift, unter null");

pub fn step_hint(step: &str, grid: &str, diesel: &str, offset: &str, net: &str) -> String {
    tell!(
        "{step}: grid {grid}, diesel {diesel}, solar offset {offset}, net {net} kg",
        "{step}: Netz {grid}, Diesel {diesel}, Solar-Gutschrift {offset}, netto {net} kg"
    )
}

pub const LEVERS: Text = Text("What would change it", "Was es ändern würde");
pub const LEVERS_NOTE: Text =
    Text("at the quantities of the period", "bei den Mengen des Zeitraums");
pub const NO_LEVERS: Text = Text(
    "Nothing stands out: no node loses much, no generator ran.",
    "Nichts fällt auf: Kein Knoten verliert viel, kein Generator lief.",
);

pub const DIESEL_TITLE: Text = Text("Diesel", "Diesel");
pub const RUNTIME: Text = Text("Runtime, starts", "Laufzeit, Starts");
pub const RUNTIME_ALONE: Text = Text("Diesel runtime", "Diesellaufzeit");
pub const FUEL: Text = Text("Energy, fuel", "Energie, Kraftstoff");
pub const SPECIFIC: Text = Text("Specific fuel", "Spezifischer Verbrauch");
pub const FUEL_COST: Text = Text("Cost", "Kosten");

pub fn per_kwh(cost: &str) -> String {
    tell!("{cost} per kWh", "{cost} je kWh")
}

pub const BY_COUNTER: Text = Text("by litre counter", "nach Literzähler");
pub const BY_ENERGY: Text = Text("by energy", "nach Energie");

pub fn in_part(metered: &str, estimated: &str) -> String {
    tell!(
        "{metered} L by litre counter, {estimated} L by energy",
        "{metered} L nach Literzähler, {estimated} L nach Energie"
    )
}
pub const NO_GENERATOR: Text = Text("There is no generator.", "Es gibt keinen Generator.");

pub const FACTORS_NOTE: Text = Text(
    "a past day keeps the version that held on it",
    "ein vergangener Tag behält die Fassung, die an ihm galt",
);
pub const VALID_FROM: Text = Text("Valid from", "Gültig ab");
pub const VALID_TO: Text = Text("Valid to", "Gültig bis");
pub const VERSION: Text = Text("Version", "Fassung");
pub const OPEN: Text = Text("open", "offen");
