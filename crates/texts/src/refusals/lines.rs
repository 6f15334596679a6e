//! What the lines of a bill are called, part by part: `Consumption, 16:00 to 21:00, weekdays`.

use domain::language::Language;

use super::{Sentence, filled, fillings};

/// Stands between the parts.
const BETWEEN: &str = ", ";
/// Stands between the ends of a range.
const TO: &str = " to ";

const PARTS: &[Sentence] = &[
    ("Consumption", "Verbrauch"),
    ("Export credit", "Gutschrift für Einspeisung"),
    ("Fixed charge per month", "Grundpreis je Monat"),
    ("Fixed charge", "Grundpreis"),
    ("Demand", "Leistung"),
    ("highest quarter-hour", "höchste Viertelstunde"),
    ("highest half-hour", "höchste halbe Stunde"),
    ("highest hour", "höchste Stunde"),
    ("Tax", "Steuer"),
    ("Bought from neighbours", "Von Nachbarn gekauft"),
    ("Sold to neighbours", "An Nachbarn verkauft"),
    ("1 trade", "1 Geschäft"),
    ("{#} trades", "{0} Geschäfte"),
    ("weekdays", "Montag bis Freitag"),
    ("weekends", "am Wochenende"),
    ("holidays", "an Feiertagen"),
    ("up to {#} kWh", "bis {0} kWh"),
    ("above {#} kWh", "über {0} kWh"),
    ("{#} to {#} kWh", "{0} bis {1} kWh"),
    ("{#} %", "{0} %"),
    ("January", "Januar"),
    ("February", "Februar"),
    ("March", "März"),
    ("May", "Mai"),
    ("June", "Juni"),
    ("July", "Juli"),
    ("October", "Oktober"),
    ("December", "Dezember"),
    ("days", "Tage"),
    ("months", "Monate"),
];

/// The name of a line, or its unit, in the language of whoever reads the bill.
pub fn bill_line(name: &str) -> String {
    match crate::language::now() {
        Language::En => name.to_owned(),
        Language::De => german(name),
    }
}

fn german(name: &str) -> String {
    name.split(BETWEEN).map(part).collect::<Vec<_>>().join(BETWEEN)
}

fn part(part: &str) -> String {
    let known =
        PARTS.iter().find_map(|(english, german)| Some(filled(german, &fillings(english, part)?)));
    known.unwrap_or_else(|| match part.split_once(TO) {
        Some((from, to)) => format!("{} bis {}", self::part(from), self::part(to)),
        None => part.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::german;

    #[test]
    fn each_part_of_a_name_is_german() {
        for (english, expected) in [
            (
                "Consumption, 16:00 to 21:00, weekdays",
                "Verbrauch, 16:00 bis 21:00, Montag bis Freitag",
            ),
            (
                "Consumption, October to March, 100.5 to 1200 kWh",
                "Verbrauch, Oktober bis März, 100,5 bis 1200 kWh",
            ),
            ("Export credit, above 100 kWh", "Gutschrift für Einspeisung, über 100 kWh"),
            ("Consumption, up to 100 kWh, April", "Verbrauch, bis 100 kWh, April"),
            ("Sold to neighbours, 12 trades", "An Nachbarn verkauft, 12 Geschäfte"),
            ("Bought from neighbours, 1 trade", "Von Nachbarn gekauft, 1 Geschäft"),
            ("Demand, highest quarter-hour", "Leistung, höchste Viertelstunde"),
            ("Demand, highest half-hour", "Leistung, höchste halbe Stunde"),
            ("Demand, highest hour", "Leistung, höchste Stunde"),
            ("Tax, 7.5 %", "Steuer, 7,5 %"),
        ] {
            assert_eq!(german(english), expected);
        }
    }
}
