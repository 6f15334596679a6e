//! Trades between neighbours.

use crate::language::{Text, tell};
use crate::words::labels;

pub const TITLE: Text = Text("Trades", "Handel");
pub const HOW: Text = Text(
    "A trade counts for at most what its seller makes and its buyer uses in the month, in the \
     order in which trades were agreed; the rest goes through the grid at its price.",
    "Ein Handel zählt höchstens für das, was im Monat verkäuferseitig erzeugt und käuferseitig \
     verbraucht wird, in der Reihenfolge der Vereinbarung; der Rest geht zum Netzpreis durch \
     das Netz.",
);
pub const LIST: Text = Text("Agreed in this month", "In diesem Monat vereinbart");

pub fn none(month: &str) -> String {
    tell!("Nothing was traded in {month}", "Im {month} wurde nichts gehandelt")
}

pub const NOT_TOLD: Text = Text(
    "not shown: the meter changed its owner",
    "nicht sichtbar: Der Zähler wechselte den Inhaber",
);
pub const NONE: Text = Text("No trade yet.", "Noch kein Handel.");
pub const NONE_HELP: Text = Text(
    "No trade yet. A prosumer and a neighbour agree on an amount and a price: enter it in the \
     form.",
    "Noch kein Handel. Ein Prosumer und ein Nachbar einigen sich auf Menge und Preis: Tragen \
     Sie es im Formular ein.",
);

/// Nothing is said of what was fulfilled where that is not known of each.
pub fn sum(count: usize, month: &str, agreed: &str, settled: Option<&str>) -> String {
    let trades = labels::trades(count);
    let agreed = tell!(
        "{trades} in {month}: {agreed} kWh agreed",
        "{trades} im {month}: {agreed} kWh vereinbart"
    );
    match settled {
        Some(kwh) => tell!("{agreed}, {kwh} kWh fulfilled", "{agreed}, {kwh} kWh erfüllt"),
        None => agreed,
    }
}

pub const AGREED: Text = Text("Agreed", "Vereinbart");
pub const SELLER: Text = Text("Seller", "Verkauf");
pub const BUYER: Text = Text("Buyer", "Kauf");
pub const KWH: Text = Text("kWh", "kWh");
pub const WORTH: Text = Text("Worth", "Wert");
pub const STATE: Text = Text("Fulfilment", "Erfüllung");
pub const SETTLED: Text = Text("fulfilled", "erfüllt");
pub const NOT_SETTLED: Text = Text("not fulfilled", "nicht erfüllt");

pub fn partly(settled: &str) -> String {
    tell!("{settled} kWh fulfilled", "{settled} kWh erfüllt")
}

pub fn so_far(settled: &str) -> String {
    tell!("{settled} kWh so far", "bisher {settled} kWh")
}

pub const NEW: Text = Text("Post a trade", "Handel eintragen");
pub const CHOOSE: Text = Text("Choose", "Wählen");
pub const UNITS: Text = Text("Energy, kWh", "Energie, kWh");

pub fn price(sign: &str) -> String {
    tell!("Price, {sign} per kWh", "Preis, {sign} je kWh")
}

pub const NEW_HELP: Text = Text(
    "It is agreed at the present of the world's clock, and shows in the bills of both.",
    "Er gilt ab dem jetzigen Zeitpunkt der simulierten Uhr und steht in beiden Rechnungen.",
);
pub const POST: Text = Text("Post the trade", "Handel eintragen");

pub mod done {
    //! What was done.
    use crate::language::Text;

    pub const POSTED: Text = Text("The trade is posted.", "Der Handel ist eingetragen.");
}
