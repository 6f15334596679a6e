//! A prosumer's own page.

use crate::language::{Text, tell};

pub(crate) const TITLE: Text = Text("My energy", "Meine Energie");
pub(crate) const NOTHING: Text = Text("No household yet", "Noch kein Haushalt");
pub(crate) const NOTHING_HELP: Text = Text(
    "This page belongs to a household of the world. Create one on the page Simulator, and link \
     a meter to it.",
    "Diese Seite gehört einem Haushalt der Simulation. Legen Sie auf der Seite Simulator einen \
     an und verbinden Sie ihn mit einem Zähler.",
);

pub(crate) fn used(kwh: &str) -> String {
    tell!("Used {kwh} kWh today", "Heute {kwh} kWh verbraucht")
}

pub(crate) fn surplus(made: &str, rest: &str) -> String {
    tell!(
        "Made {made} kWh today, {rest} kWh more than used",
        "Heute {made} kWh erzeugt, {rest} kWh mehr als verbraucht"
    )
}

pub(crate) fn need(used: &str, made: &str) -> String {
    tell!(
        "Used {used} kWh today, made {made} kWh",
        "Heute {used} kWh verbraucht, {made} kWh erzeugt"
    )
}

pub(crate) fn as_of(name: &str, at: &str) -> String {
    tell!("{name}, {at} on the world's clock", "{name}, {at} auf der Uhr der Simulation")
}

pub(crate) const METER: Text = Text("Household", "Haushalt");
pub(crate) const SHOW: Text = Text("Show", "Zeigen");
pub(crate) const USED: Text = Text("Used", "Verbraucht");
pub(crate) const MADE: Text = Text("Made", "Erzeugt");
pub(crate) const SOLD: Text = Text("Sold", "Verkauft");
pub(crate) const BOUGHT: Text = Text("Bought", "Gekauft");
pub(crate) const TODAY: Text = Text("Today", "Heute");
pub(crate) const TIME: Text = Text("Time", "Zeit");
pub(crate) const USED_KW: Text = Text("Used kW", "Verbraucht kW");
pub(crate) const MADE_KW: Text = Text("Made kW", "Erzeugt kW");

pub(crate) fn curve_label(name: &str) -> String {
    tell!(
        "Power of {name} today: used as a line, made as an area",
        "Leistung von {name} heute: Verbrauch als Linie, Erzeugung als Fläche"
    )
}

pub(crate) const SO_FAR: Text =
    Text("so far, as its bill would be now", "bisher, wie die Rechnung jetzt wäre");
pub(crate) const TO_PAY: Text = Text("To pay", "Zu zahlen");
pub(crate) const REFUND: Text = Text("Refund", "Erstattung");
pub(crate) const EXPECTED: Text =
    Text("Expected for the whole month", "Erwartet für den ganzen Monat");
pub(crate) const OPEN_BILL: Text = Text("Open the bill", "Rechnung öffnen");
pub(crate) const BILLS: Text = Text("Issued bills", "Ausgestellte Rechnungen");
pub(crate) const NO_BILLS: Text =
    Text("No bill was issued yet.", "Noch wurde keine Rechnung ausgestellt.");
pub(crate) const MONTH: Text = Text("Month", "Monat");
pub(crate) const NUMBER: Text = Text("Number", "Nummer");
pub(crate) const AMOUNT: Text = Text("Amount", "Betrag");
pub(crate) const TRADES: Text = Text("Trades of this month", "Handel dieses Monats");
