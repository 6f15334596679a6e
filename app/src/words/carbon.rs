//! The page of carbon.

pub(crate) const TITLE: &str = "Carbon";
pub(crate) const GRID: &str = "Grid, scope 2";
pub(crate) const DIESEL: &str = "Diesel, scope 1";
pub(crate) const OFFSET: &str = "Solar offset";
pub(crate) const NET: &str = "Net";
pub(crate) const GROSS: &str = "Gross";
pub(crate) const PLUS: &str = "plus";
pub(crate) const MINUS: &str = "minus";
pub(crate) const EQUALS: &str = "equals";

pub(crate) fn net(amount: &str, phrase: &str, open: bool) -> String {
    let far = if open { " so far" } else { "" };
    format!("Net {amount} CO\u{2082} {phrase}{far}")
}

pub(crate) fn offset_share(percent: &str) -> String {
    format!("; solar offset {percent} % of the gross")
}

pub(crate) const NOTHING: &str = "No carbon yet";
pub(crate) const NOTHING_HELP: &str = "Carbon appears as soon as a grid meter, a generator or solar \
                                       panels are metered and have been read.";

pub(crate) fn until(from: &str, to: &str) -> String {
    format!("{from} to {to}.")
}

pub(crate) fn per_day(kg: &str) -> String {
    format!("{kg} kg per day")
}

pub(crate) const ON_AVERAGE: &str = "on average.";

pub(crate) fn before(label: &str, amount: &str, change: Option<&str>) -> String {
    match change {
        Some(change) => format!("{label} to the same time: {amount}, so {change}."),
        None => format!("{label} to the same time: {amount}."),
    }
}

pub(crate) fn coverage(percent: &str, estimated: Option<&str>) -> String {
    match estimated {
        None => format!("Coverage {percent} %."),
        Some(kwh) => format!(
            "Coverage {percent} %, {kwh} kWh placed by estimate; totals are not affected by placement."
        ),
    }
}

pub(crate) fn grid_formula(kwh: &str, factor: &str) -> String {
    format!("{kwh} kWh × {factor} kg/kWh")
}

pub(crate) fn diesel_formula(litres: &str, factor: &str) -> String {
    format!("{litres} L × {factor} kg/L")
}

pub(crate) fn solar_formula(kwh: &str, factor: &str, exported: Option<&str>) -> String {
    let used = exported.map_or_else(
        || "all used on site".to_owned(),
        |exported| format!("of which {exported} kWh left the site"),
    );
    format!("{kwh} kWh × {factor} kg/kWh, {used}")
}

pub(crate) fn net_formula(grams: Option<&str>) -> String {
    grams.map_or_else(String::new, |grams| format!("{grams} g per kWh used"))
}

pub(crate) const AVOIDED: &str = "Net is grid plus diesel less the carbon that solar energy avoided. An inventory of emissions \
     counts the gross alone: scope 1 is the diesel burnt here, scope 2 the grid electricity.";

pub(crate) fn steps(step: &str) -> String {
    format!("By {step}")
}

pub(crate) fn steps_note(unit: &str, period: &str) -> String {
    format!("{unit} CO\u{2082}, {period}")
}

pub(crate) fn steps_label(step: &str, net: &str) -> String {
    format!("Carbon by {step}: grid and diesel above zero, solar offset below, net {net} in all")
}

pub(crate) const LEGEND_GRID: &str = "Grid";
pub(crate) const LEGEND_DIESEL: &str = "Diesel";
pub(crate) const LEGEND_OFFSET: &str = "Solar offset, below zero";

pub(crate) fn step_hint(step: &str, grid: &str, diesel: &str, offset: &str, net: &str) -> String {
    format!("{step}: grid {grid}, diesel {diesel}, solar offset {offset}, net {net} kg")
}

pub(crate) const LEVERS: &str = "What would change it";
pub(crate) const LEVERS_NOTE: &str = "at the quantities of the period";
pub(crate) const NO_LEVERS: &str = "Nothing stands out: no node loses much, no generator ran.";

pub(crate) const DIESEL_TITLE: &str = "Diesel";
pub(crate) const RUNTIME: &str = "Runtime, starts";
pub(crate) const FUEL: &str = "Energy, fuel";
pub(crate) const SPECIFIC: &str = "Specific fuel";
pub(crate) const CARBON: &str = "Carbon";
pub(crate) const BY_COUNTER: &str = "by litre counter";
pub(crate) const BY_ENERGY: &str = "by energy";
pub(crate) const NO_GENERATOR: &str = "There is no generator.";

pub(crate) const FACTORS: &str = "Factors";
pub(crate) const FACTORS_NOTE: &str = "a past day keeps the version that held on it";
pub(crate) const FACTOR: &str = "Factor";
pub(crate) const VALUE: &str = "Value";
pub(crate) const UNIT: &str = "Unit";
pub(crate) const SOURCE: &str = "Source";
pub(crate) const VALID_FROM: &str = "Valid from";
pub(crate) const VALID_TO: &str = "Valid to";
pub(crate) const VERSION: &str = "Version";
pub(crate) const OPEN: &str = "open";
pub(crate) const ALWAYS: &str = "always";
