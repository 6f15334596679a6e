//! Who has which appliances.

use super::Kind;
use crate::plant::noise::Noise;

/// What every household has.
const EVERY: [&str; 7] = [
    "LED Bulb",
    "LED Bulb",
    "LED Bulb",
    "LED Bulb",
    "Refrigerator",
    "Television",
    "Laptop Charger",
];

/// What some households have, and how many of a hundred.
const SOME: [(&str, f64); 9] = [
    ("LED Bulb", 80.0),
    ("LED Bulb", 50.0),
    ("Microwave Oven", 85.0),
    ("Washing Machine", 70.0),
    ("Laptop Charger", 50.0),
    ("Electric Geyser", 30.0),
    ("Room Heater", 25.0),
    ("Heat Pump", 12.0),
    ("EV Charger", 18.0),
];

/// Panels of a roof, fewest and most: 1.2 kW each.
const PANELS: (i64, i64) = (2, 5);

/// The appliances of a household.
pub(super) fn of_household(noise: Noise, is_prosumer: bool) -> Vec<&'static str> {
    let mut appliances = EVERY.to_vec();
    for (position, (name, of_hundred)) in (100..).zip(SOME) {
        if noise.uniform(position) * 100.0 < of_hundred {
            appliances.push(name);
        }
    }
    if is_prosumer {
        let (fewest, most) = PANELS;
        let panels = fewest + noise.stream(1).below(most - fewest + 1);
        appliances.extend((0..panels).map(|_| "Solar Panel"));
    }
    appliances
}

/// The appliances of an office or a block of flats.
pub(super) fn of_business(kind: Kind) -> Vec<&'static str> {
    match kind {
        Kind::ApartmentBlock => vec!["Apartment Block", "EV Charger", "Water Pump"],
        _ => vec!["Office", "EV Charger", "Heat Pump"],
    }
}
