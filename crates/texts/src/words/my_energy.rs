//! A prosumer's own page.

use crate::language::{Text, tell};

pub use crate::words::labels::{AMOUNT, MONTH, NUMBER, REFUND, TIME, TO_PAY};

pub const TITLE: Text = Text("My energy", "Meine Energie");
pub const NOTHING: Text = Text("No household yet", "Noch kein Haushalt");
pub const NOTHING_HELP: Text = Text(
    "This page belongs to a household of the world. Create one on the page Simulator, and link \
     a meter to it.",
    "Diese Seite gehört einem Haushalt der Simulation. Legen Sie auf der Seite Simulator einen \
     an und verbinden Sie ihn mit einem Zähler.",
);
pub const NOT_YOURS: Text = Text("No meter is yours now", "Zurzeit gehört Ihnen kein Zähler");
pub const NOT_YOURS_HELP: Text = Text(
    "Bills of the time in which one was yours stay on the page Bills. If one should be yours now, ask an administrator.",
    "Rechnungen der Zeit, in der Ihnen einer gehörte, bleiben auf der Seite Rechnungen. Wenn Ihnen jetzt einer gehören sollte, fragen Sie einen Administrator.",
);

pub const NOTHING_TODAY: Text =
    Text("No energy of today is known yet", "Von heute ist noch keine Energie bekannt");

pub fn used(kwh: &str) -> String {
    tell!("Used {kwh} kWh today", "Heute {kwh} kWh verbraucht")
}

pub fn surplus(made: &str, rest: &str) -> String {
    tell!(
        "Made {made} kWh today, {rest} kWh more than used",
        "Heute {made} kWh erzeugt, {rest} kWh mehr als verbraucht"
    )
}

pub fn need(used: &str, made: &str) -> String {
    tell!(
        "Used {used} kWh today, made {made} kWh",
        "Heute {used} kWh verbraucht, {made} kWh erzeugt"
    )
}

pub fn as_of(name: &str, at: &str, is_simulated: bool) -> String {
    if is_simulated {
        tell!("{name}, {at} on the world's clock", "{name}, {at} auf der Uhr der Simulation")
    } else {
        tell!("{name}, {at} on the site's clock", "{name}, {at} nach der Uhr der Anlage")
    }
}

pub fn known_until(time: &str) -> String {
    tell!("Energy of today is known up to {time}.", "Die Energie von heute ist bis {time} bekannt.")
}

pub const METER: Text = Text("Household", "Haushalt");
pub const SHOW: Text = Text("Show", "Zeigen");
pub const USED: Text = Text("Used", "Verbraucht");
pub const MADE: Text = Text("Made", "Erzeugt");
pub const SOLD: Text = Text("Sold", "Verkauft");
pub const BOUGHT: Text = Text("Bought", "Gekauft");
pub const TODAY: Text = Text("Today", "Heute");
pub const USED_KW: Text = Text("Used kW", "Verbraucht kW");
pub const MADE_KW: Text = Text("Made kW", "Erzeugt kW");

pub fn curve_label(name: &str) -> String {
    tell!(
        "Power of {name} today: used as a line, made as an area",
        "Leistung von {name} heute: Verbrauch als Linie, Erzeugung als Fläche"
    )
}

pub const SO_FAR: Text =
    Text("so far, as its bill would be now", "bisher, wie die Rechnung jetzt wäre");
pub const EXPECTED: Text = Text("Expected for the whole month", "Erwartet für den ganzen Monat");
pub const OPEN_BILL: Text = Text("Open the bill", "Rechnung öffnen");
pub const BILLS: Text = Text("Issued bills", "Ausgestellte Rechnungen");
pub const NO_BILLS: Text =
    Text("No bill was issued yet.", "Noch wurde keine Rechnung ausgestellt.");
pub const NO_MONTH: Text = Text(
    "The meter is yours for a part of this month, so its bill is not shown.",
    "Der Zähler gehört Ihnen nur einen Teil dieses Monats, deshalb ist die Rechnung nicht zu sehen.",
);
pub const TRADES: Text = Text("Trades of this month", "Handel dieses Monats");
