//! What appliances draw or make: the chart, and a catalogue beyond it.

/// An appliance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Appliance {
    /// Its name in the catalogue.
    pub name: &'static str,
    /// Other names it goes by.
    pub aliases: &'static [&'static str],
    /// kWh in a minute at K = 1; of a source, under a clear zenith sun.
    pub base_kwh: f64,
    /// Whether it makes energy instead of drawing it.
    pub source: bool,
    /// How it runs over a day.
    pub use_: Use,
}

/// How an appliance runs over a day, in the profile `daily`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// All day long, on and off in short cycles.
    Cycling,
    /// While people are at home and awake, most of all in the evening.
    Home,
    /// When it is dark and people are awake.
    Light,
    /// Around meals.
    Meals,
    /// In the morning and in the evening, for a short time.
    Mornings,
    /// Some time on some days.
    Chores,
    /// In the afternoon and evening of warm months.
    Cooling,
    /// In the morning and evening of cold months.
    Heating,
    /// In the working hours of weekdays.
    Office,
    Night,
    /// All of the day, of many households together.
    Many,
    Sun,
}

const fn load(
    name: &'static str,
    aliases: &'static [&'static str],
    base_kwh: f64,
    use_: Use,
) -> Appliance {
    Appliance { name, aliases, base_kwh, source: false, use_ }
}

const fn source(name: &'static str, aliases: &'static [&'static str], base_kwh: f64) -> Appliance {
    Appliance { name, aliases, base_kwh, source: true, use_: Use::Sun }
}

/// Every appliance: the twelve of the chart, then what grids also have.
pub const CATALOGUE: &[Appliance] = &[
    load("LED Bulb", &["LED Bulb (10W)", "Bulb", "Light"], 0.00017, Use::Light),
    load("Ceiling Fan", &["Fan"], 0.00125, Use::Home),
    load("Television", &["Television (LED)", "TV"], 0.002, Use::Home),
    load("Refrigerator", &["Fridge"], 0.00333, Use::Cycling),
    load("Laptop Charger", &["Laptop"], 0.00108, Use::Home),
    load("Microwave Oven", &["Oven", "Microwave"], 0.01667, Use::Meals),
    load("Washing Machine", &["Washer"], 0.00833, Use::Chores),
    load("Air Conditioner", &["Air Conditioner (1.5 Ton)", "AC"], 0.025, Use::Cooling),
    load("Room Heater", &["Heater"], 0.03333, Use::Heating),
    load("Electric Geyser", &["Geyser", "Water Heater"], 0.05, Use::Mornings),
    load("Water Pump", &["Pump"], 0.0125, Use::Chores),
    source("Solar Panel", &["Solar Panel (production)", "Solar"], 0.02),
    load("EV Charger", &["EV", "Electric Vehicle"], 0.12, Use::Night),
    load("Heat Pump", &[], 0.05, Use::Heating),
    load("Office", &["Offices"], 0.5, Use::Office),
    load("Apartment Block", &["Apartment", "Apartment Complex"], 0.4, Use::Many),
    source("Solar Farm", &[], 16.7),
];

/// The appliance of a name, whichever its case.
pub fn find(name: &str) -> Option<&'static Appliance> {
    let name = name.trim();
    CATALOGUE.iter().find(|appliance| {
        let named = |known: &str| known.eq_ignore_ascii_case(name);
        named(appliance.name) || appliance.aliases.iter().any(|alias| named(alias))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chart_is_as_it_was_given() {
        let chart = [
            ("LED Bulb (10W)", 0.00017),
            ("Ceiling Fan", 0.00125),
            ("Television (LED)", 0.002),
            ("Refrigerator", 0.00333),
            ("Laptop Charger", 0.00108),
            ("Microwave Oven", 0.01667),
            ("Washing Machine", 0.00833),
            ("Air Conditioner (1.5 Ton)", 0.025),
            ("Room Heater", 0.03333),
            ("Electric Geyser", 0.05),
            ("Water Pump", 0.0125),
            ("Solar Panel (production)", 0.02),
        ];
        for (name, base) in chart {
            assert_eq!(find(name).map(|appliance| appliance.base_kwh), Some(base), "{name}");
        }
        assert_eq!(find("solar panel").map(|appliance| appliance.source), Some(true));
    }

    #[test]
    fn names_of_the_examples_are_known_whatever_their_case() {
        for (name, known) in [
            ("Oven", "Microwave Oven"),
            ("ac", "Air Conditioner"),
            (" TELEVISION ", "Television"),
            ("Ev charger", "EV Charger"),
        ] {
            assert_eq!(find(name).map(|appliance| appliance.name), Some(known));
        }
        assert_eq!(find("Toaster"), None);
    }

    #[test]
    fn no_two_appliances_share_a_name() {
        let mut names: Vec<String> = CATALOGUE
            .iter()
            .flat_map(|a| a.aliases.iter().chain([&a.name]))
            .map(|name| name.to_lowercase())
            .collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
