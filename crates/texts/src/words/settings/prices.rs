//! Tariffs and factors.

use domain::carbon::FactorKind;

use crate::language::{Text, tell};

pub use crate::words::labels::{ALWAYS, FACTOR, REMOVE, REMOVE_NOW, SOURCE, UNIT, VALUE};

pub const TARIFFS_NOTE: Text = Text(
    "A tariff has versions, each from a day on; what was used before keeps its price.",
    "Ein Tarif hat Fassungen, jede ab einem Tag; was davor verbraucht wurde, behält seinen Preis.",
);
pub const NO_TARIFF: Text = Text(
    "No tariff yet: the flat price of the site applies. If there is none, nothing can be billed.",
    "Noch kein Tarif: Es gilt der Pauschalpreis der Anlage. Gibt es keinen, lässt sich nichts abrechnen.",
);
pub const NAME: Text = Text("Name of the tariff", "Name des Tarifs");
pub const FROM: Text = Text("From", "Ab");
pub const LAST_DAY: Text = Text("Last day", "Letzter Tag");
pub const OPEN: Text = Text("open", "offen");
pub const ENERGY: Text = Text("Energy per kWh", "Energie je kWh");
pub const REST: Text = Text("Beside energy", "Außerdem");
pub const DEFAULT: Text = Text("default", "Standard");
pub const NOW: Text = Text("in force", "gilt");
pub const ADD: Text = Text("Another version", "Weitere Fassung");
pub const AFTER_THIS: Text = Text("New version after this", "Neue Fassung danach");
pub const FIRST_DAY: Text = Text("First day", "Erster Tag");
pub const MONTHLY: Text = Text("Per month", "Je Monat");
pub const DEMAND: Text = Text("Per kW of the highest demand", "Je kW der höchsten Leistung");
pub const DEMAND_MINUTES: Text =
    Text("Demand is the mean of, minutes", "Leistung ist das Mittel von, Minuten");
pub const TAX: Text = Text("Tax, per cent", "Steuer, Prozent");
pub const END_PREVIOUS: Text =
    Text("The version before ends the day before", "Die Fassung davor endet am Tag davor");
pub const LINES: Text = Text("Prices of energy", "Energiepreise");
pub const LINES_NOTE: Text = Text(
    "A price with times goes before one without. Times stand on quarter-hours, such as 22:00 to 06:00.",
    "Ein Preis mit Zeiten geht einem ohne vor. Zeiten stehen auf Viertelstunden, etwa 22:00 bis 06:00.",
);
pub const DIRECTION: Text = Text("Direction", "Richtung");
pub const IMPORT: Text = Text("import", "Bezug");
pub const EXPORT: Text = Text("export", "Einspeisung");
pub const PRICE: Text = Text("Price", "Preis");
pub const DAYS: Text = Text("Days", "Tage");
pub const DAY_TYPES: [(&str, Text); 6] = [
    ("", Text("every day", "jeden Tag")),
    ("weekday", Text("Monday to Friday", "Montag bis Freitag")),
    ("weekend", Text("weekends", "am Wochenende")),
    ("saturday", Text("Saturdays", "samstags")),
    ("sunday", Text("Sundays", "sonntags")),
    ("holiday", Text("holidays", "feiertags")),
];
pub const FROM_TIME: Text = Text("From time", "Von Uhrzeit");
pub const TO_TIME: Text = Text("To time", "Bis Uhrzeit");
pub const ADD_NOW: Text = Text("Add the version", "Fassung hinzufügen");
pub const REMOVE_NOTE: Text = Text(
    "Without it, this time has the site's flat price. If the site has none, its months cannot be billed. Issued bills stay.",
    "Ohne sie gilt für diese Zeit der Pauschalpreis der Anlage. Hat die Anlage keinen, lassen sich diese Monate nicht abrechnen. Ausgestellte Rechnungen bleiben.",
);

pub fn begins(name: &str, day: &str) -> String {
    tell!("{name} from {day} on", "{name} ab dem {day}")
}

pub fn ends(from: &str, to: &str) -> String {
    tell!(
        "The version from {from} then ends with {to}.",
        "Die Fassung ab dem {from} endet dann mit dem {to}."
    )
}

pub fn balances(n: i64) -> String {
    match n {
        0 => Text(
            "No loss of the past changes its cost.",
            "Kein vergangener Verlust ändert seine Kosten.",
        )
        .into(),
        _ => tell!(
            "The costs of {n} balances since that day are computed again.",
            "Die Kosten von {n} Bilanzen seit diesem Tag werden neu berechnet."
        ),
    }
}

pub fn lost(kwh: &str, before: &str, after: &str) -> String {
    tell!(
        "The losses of the last 30 days, {kwh} kWh, cost {before}; with this version they would cost {after}.",
        "Die Verluste der letzten 30 Tage, {kwh} kWh, kosten {before}; mit dieser Fassung wären es {after}."
    )
}

pub const UNPRICED: Text = Text("no price for all of it", "nicht alles hat einen Preis");

pub fn monthly(amount: &str) -> String {
    tell!("{amount} a month", "{amount} je Monat")
}

pub fn daily(amount: &str) -> String {
    tell!("{amount} a day", "{amount} je Tag")
}

pub const ON_BALANCE: Text = Text("tax less export credits", "Steuer abzüglich Einspeisevergütung");
pub const NETTED: Text =
    Text("export set against import by month", "Einspeisung mit Bezug verrechnet");
pub const CONTINUED: Text =
    Text("blocks go on across versions", "Preisstufen zählen über Fassungen weiter");

pub fn holidays(n: usize, last: &str) -> String {
    tell!("{n} holidays, the last {last}", "{n} Feiertage, der letzte {last}")
}

pub fn keeps(terms: &str) -> String {
    tell!(
        "Kept from the version before, as this form has no field for it: {terms}.",
        "Aus der Fassung davor bleibt, wofür dieses Formular kein Feld hat: {terms}."
    )
}

pub fn demand(amount: &str) -> String {
    tell!("{amount} per kW", "{amount} je kW")
}

pub fn tax(percent: &str) -> String {
    tell!("{percent} % tax", "{percent} % Steuer")
}

// Factors
pub const FACTORS_NOTE: Text = Text(
    "A day is counted with the version in force on it: the meter's own, else the site's, else the built-in one.",
    "Ein Tag zählt mit der Fassung, die an ihm gilt: der des Zählers, sonst der der Anlage, sonst der vorgegebenen.",
);
pub const FOR: Text = Text("For", "Für");
pub const WHOLE_SITE: Text = Text("the whole site", "die ganze Anlage");
pub const ADD_FACTOR: Text = Text("Enter a factor", "Faktor eintragen");
pub const ADD_FACTOR_NOW: Text = Text("Enter it", "Eintragen");
pub const TAKE_BACK: Text = Text("Take back", "Zurücknehmen");
pub const TAKE_BACK_NOTE: Text = Text(
    "The days since then are counted with the version before.",
    "Die Tage seitdem zählen dann mit der Fassung davor.",
);

pub const fn factor(kind: FactorKind) -> Text {
    match kind {
        FactorKind::Grid => Text("Grid electricity", "Netzstrom"),
        FactorKind::Diesel => Text("Diesel", "Diesel"),
        FactorKind::Solar => Text("Avoided by solar energy", "Durch Solarenergie vermieden"),
        FactorKind::Sfc => Text("Specific fuel consumption", "Spezifischer Dieselverbrauch"),
        FactorKind::DieselPrice => Text("Price of diesel", "Dieselpreis"),
    }
}
