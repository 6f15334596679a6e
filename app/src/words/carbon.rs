//! The page of carbon.

use crate::language::{Text, tell};

pub(crate) const TITLE: Text = Text("Carbon", "CO₂");
pub(crate) const GRID: Text = Text("Grid, scope 2", "Netz, Scope 2");
pub(crate) const DIESEL: Text = Text("Diesel, scope 1", "Diesel, Scope 1");
pub(crate) const OFFSET: Text = Text("Solar offset", "Solar-Gutschrift");
pub(crate) const NET: Text = Text("Net", "Netto");
pub(crate) const GROSS: Text = Text("Gross", "Brutto");
pub(crate) const PLUS: Text = Text("plus", "plus");
pub(crate) const MINUS: Text = Text("minus", "minus");
pub(crate) const EQUALS: Text = Text("equals", "gleich");

const SO_FAR: Text = Text(" so far", " bisher");

pub(crate) fn net(amount: &str, phrase: &str, open: bool) -> String {
    let far = if open { SO_FAR.get() } else { "" };
    tell!("Net {amount} CO\u{2082} {phrase}{far}", "Netto {amount} CO\u{2082} {phrase}{far}")
}

pub(crate) fn offset_share(percent: &str) -> String {
    tell!("; solar offset {percent} % of the gross", "; Solar-Gutschrift {percent} % des Bruttos")
}

pub(crate) const NOTHING: Text = Text("No carbon yet", "Noch kein CO₂");
pub(crate) const NOTHING_HELP: Text = Text(
    "Carbon appears as soon as a grid meter, a generator or solar panels are metered and have \
     been read.",
    "CO₂ erscheint, sobald ein Netzzähler, ein Generator oder eine Solaranlage gemessen wird \
     und abgelesen wurde.",
);

pub(crate) fn until(from: &str, to: &str) -> String {
    tell!("{from} to {to}.", "{from} bis {to}.")
}

pub(crate) fn per_day(kg: &str) -> String {
    tell!("{kg} kg per day", "{kg} kg pro Tag")
}

pub(crate) const ON_AVERAGE: Text = Text("on average.", "im Mittel.");

pub(crate) fn before(label: &str, amount: &str, change: Option<&str>) -> String {
    match change {
        Some(change) => tell!(
            "{label} to the same time: {amount}, so {change}.",
            "{label} zur selben Zeit: {amount}, also {change}."
        ),
        None => tell!("{label} to the same time: {amount}.", "{label} zur selben Zeit: {amount}."),
    }
}

pub(crate) fn coverage(percent: &str, estimated: Option<&str>) -> String {
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

pub(crate) fn grid_formula(kwh: &str, factor: &str) -> String {
    format!("{kwh} kWh × {factor} kg/kWh")
}

pub(crate) fn diesel_formula(litres: &str, factor: &str) -> String {
    tell!("{litres} L × {factor} kg/L", "{litres} l × {factor} kg/l")
}

pub(crate) fn solar_formula(kwh: &str, factor: &str, exported: Option<&str>) -> String {
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

pub(crate) fn net_formula(grams: Option<&str>) -> String {
    grams.map_or_else(String::new, |grams| {
        tell!("{grams} g per kWh used", "{grams} g je verbrauchter kWh")
    })
}

pub(crate) const AVOIDED: Text = Text(
    "Net is grid plus diesel less the carbon that solar energy avoided. An inventory of \
     emissions counts the gross alone: scope 1 is the diesel burnt here, scope 2 the grid \
     electricity.",
    "Netto ist Netz plus Diesel abzüglich dessen, was die Solarenergie vermieden hat. Eine \
     Emissionsbilanz zählt nur das Brutto: Scope 1 ist der hier verbrannte Diesel, Scope 2 der \
     Strom aus dem Netz.",
);

pub(crate) fn steps(step: &str) -> String {
    tell!("By {step}", "Nach {step}")
}

pub(crate) fn steps_note(unit: &str, period: &str) -> String {
    format!("{unit} CO\u{2082}, {period}")
}

pub(crate) fn steps_label(step: &str, net: &str) -> String {
    tell!(
        "Carbon by {step}: grid and diesel above zero, solar offset below, net {net} in all",
        "CO₂ nach {step}: Netz und Diesel über null, Solar-Gutschrift darunter, zusammen netto \
         {net}"
    )
}

pub(crate) const LEGEND_GRID: Text = Text("Grid", "Netz");
pub(crate) const LEGEND_DIESEL: Text = Text("Diesel", "Diesel");
pub(crate) const LEGEND_OFFSET: Text =
    Text("Solar offset, below zero", "Solar-Gutschrift, unter null");

pub(crate) fn step_hint(step: &str, grid: &str, diesel: &str, offset: &str, net: &str) -> String {
    tell!(
        "{step}: grid {grid}, diesel {diesel}, solar offset {offset}, net {net} kg",
        "{step}: Netz {grid}, Diesel {diesel}, Solar-Gutschrift {offset}, netto {net} kg"
    )
}

pub(crate) const LEVERS: Text = Text("What would change it", "Was es ändern würde");
pub(crate) const LEVERS_NOTE: Text =
    Text("at the quantities of the period", "bei den Mengen des Zeitraums");
pub(crate) const NO_LEVERS: Text = Text(
    "Nothing stands out: no node loses much, no generator ran.",
    "Nichts fällt auf: Kein Knoten verliert viel, kein Generator lief.",
);

pub(crate) const DIESEL_TITLE: Text = Text("Diesel", "Diesel");
pub(crate) const RUNTIME: Text = Text("Runtime, starts", "Laufzeit, Starts");
pub(crate) const FUEL: Text = Text("Energy, fuel", "Energie, Kraftstoff");
pub(crate) const SPECIFIC: Text = Text("Specific fuel", "Spezifischer Verbrauch");
pub(crate) const CARBON: Text = Text("Carbon", "CO₂");
pub(crate) const BY_COUNTER: Text = Text("by litre counter", "nach Literzähler");
pub(crate) const BY_ENERGY: Text = Text("by energy", "nach Energie");
pub(crate) const NO_GENERATOR: Text = Text("There is no generator.", "Es gibt keinen Generator.");

pub(crate) const FACTORS: Text = Text("Factors", "Faktoren");
pub(crate) const FACTORS_NOTE: Text = Text(
    "a past day keeps the version that held on it",
    "ein vergangener Tag behält die Fassung, die an ihm galt",
);
pub(crate) const FACTOR: Text = Text("Factor", "Faktor");
pub(crate) const VALUE: Text = Text("Value", "Wert");
pub(crate) const UNIT: Text = Text("Unit", "Einheit");
pub(crate) const SOURCE: Text = Text("Source", "Quelle");
pub(crate) const VALID_FROM: Text = Text("Valid from", "Gültig ab");
pub(crate) const VALID_TO: Text = Text("Valid to", "Gültig bis");
pub(crate) const VERSION: Text = Text("Version", "Fassung");
pub(crate) const OPEN: Text = Text("open", "offen");
pub(crate) const ALWAYS: Text = Text("always", "immer");
