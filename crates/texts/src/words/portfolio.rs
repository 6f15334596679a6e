//! Words of the page of all sites, and of the one that adds a site.

use crate::language::{Text, tell};
use crate::words::labels;

pub use crate::words::labels::{ALARMS, COVERAGE, LOSS, NEVER, SITE};

pub const TITLE: Text = Text("Sites", "Anlagen");
pub const ALL: Text = Text("All sites", "Alle Anlagen");
pub const ADD: Text = Text("Add a site", "Anlage anlegen");

pub fn losing(kw: &str, losing: usize, all: usize, most: &str) -> String {
    if all == 1 {
        tell!("Losing {kw} kW at {most}", "{kw} kW Verlust: {most}")
    } else if losing == 1 {
        tell!(
            "Losing {kw} kW at {most}, 1 of {all} sites",
            "{kw} kW Verlust: {most}, 1 von {all} Anlagen"
        )
    } else {
        tell!(
            "Losing {kw} kW at {losing} of {all} sites, most of it at {most}",
            "{kw} kW Verlust in {losing} von {all} Anlagen, das meiste davon: {most}"
        )
    }
}

pub fn quiet(all: usize) -> String {
    if all == 1 {
        tell!(
            "1 site, no loss beyond its error",
            "1 Anlage, kein Verlust über den Messfehler hinaus"
        )
    } else {
        tell!(
            "{all} sites, no loss beyond the error at any",
            "{all} Anlagen, in keiner ein Verlust über den Messfehler hinaus"
        )
    }
}

pub fn blind(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some(tell!("1 has no balance now.", "1 hat derzeit keine Bilanz.")),
        _ => Some(tell!("{count} have no balance now.", "{count} haben derzeit keine Bilanz.")),
    }
}

pub fn simulated(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some(tell!(
            "1 is simulated and lives in a time of its own.",
            "1 ist simuliert und lebt in einer eigenen Zeit."
        )),
        _ => Some(tell!(
            "{count} are simulated and live in a time of their own.",
            "{count} sind simuliert und leben in einer eigenen Zeit."
        )),
    }
}

pub const DETAIL: Text = Text(
    "Power and loss are means of the last 15 minutes, energy and shares since the midnight of each site.",
    "Leistung und Verlust sind Mittel der letzten 15 Minuten, Energie und Anteile seit Mitternacht in der jeweiligen Anlage.",
);

pub const OF_NOW: Text = Text(
    "The table is of now and today, whatever period is chosen; that acts on the sites set side by side.",
    "Die Tabelle zeigt Jetzt und Heute, gleich welcher Zeitraum gewählt ist; er gilt für den Vergleich der Anlagen.",
);

pub const POWER: Text = Text("Power in", "Bezug");
pub const TODAY: Text = Text("Today", "Heute");
pub const SOLAR: Text = Text("Solar", "Solar");
pub const CARBON: Text = Text("Net carbon", "CO₂ netto");
pub const NEWEST: Text = Text("Time of newest reading", "Zeit des neuesten Werts");
pub const AGE: Text = Text("Age of newest reading", "Alter des neuesten Werts");
pub const SIMULATED: Text = Text("simulated", "simuliert");
pub const NO_METERS: Text = Text("No meters yet", "Noch keine Zähler");
pub fn more(count: usize) -> String {
    tell!("{count} more buildings", "{count} weitere Gebäude")
}

pub const BUILDING: Text = Text("building", "Gebäude");

pub fn counted(meters: usize, buildings: usize) -> String {
    let meters = labels::meters(meters);
    match buildings {
        0 => meters,
        1 => tell!("{meters}, 1 building", "{meters}, 1 Gebäude"),
        _ => tell!("{meters}, {buildings} buildings", "{meters}, {buildings} Gebäude"),
    }
}

pub fn total(sites: usize) -> String {
    tell!("All {sites} real sites", "Alle {sites} realen Anlagen")
}

pub const ADDED_UP: Text = Text(
    "Power, loss, energy, carbon and alarms add up; coverage and age do not.",
    "Leistung, Verlust, Energie, CO₂ und Alarme werden addiert, Abdeckung und Alter nicht.",
);

pub fn lacking(figure: &str, sites: &str) -> String {
    tell!(
        "No total of {figure}: {sites} has none now.",
        "Keine Summe von {figure}: derzeit ohne Wert: {sites}."
    )
}

pub const OTHER_DAYS: Text = Text(
    "Today began at different instants, so that what was counted since then is not added up.",
    "Der Tag begann zu verschiedenen Zeitpunkten; was seither gezählt wurde, wird nicht addiert.",
);

pub const OF_POWER: Text = Text("power", "Leistung");
pub const OF_LOSS: Text = Text("loss", "Verlust");
pub const OF_ENERGY: Text = Text("energy", "Energie");
pub const OF_CARBON: Text = Text("carbon", "CO₂");

/// Of the one that is added, for a table that is ordered another way round.
pub fn order_by(column: &str) -> String {
    tell!("Order by {column}", "Nach {column} ordnen")
}

/// Some of them side by side.
pub mod compare {
    use crate::language::{Text, tell};

    pub use crate::words::labels::{COVERAGE, LOSS};

    pub const TITLE: Text = Text("Side by side", "Im Vergleich");
    pub const ADD: Text = Text("Compare", "Vergleichen");
    pub const CHOSEN: Text = Text("Compared", "Verglichen");
    pub const CLEAR: Text = Text("Compare none", "Vergleich beenden");
    pub const ONE_MORE: Text = Text(
        "Choose another to set beside it, four at most.",
        "Wählen Sie eine weitere Anlage oder ein Gebäude zum Vergleich, höchstens vier.",
    );
    pub const ENERGY: Text = Text("Energy", "Energie");
    pub const SHARE: Text = Text("Loss of input", "Verlust am Bezug");
    pub const NO_NODE: Text = Text("nothing is metered below it", "darunter ist nichts gemessen");
    pub const NO_ENERGY: Text = Text("not known", "nicht bekannt");

    pub fn add(name: &str) -> String {
        tell!("Compare {name}", "{name} vergleichen")
    }

    pub fn remove(name: &str) -> String {
        tell!("Compare {name} no more", "{name} nicht mehr vergleichen")
    }

    pub const LOSS_CHANGE: Text = Text("Change of loss", "Änderung des Verlusts");

    pub fn comparable(period: &str) -> String {
        tell!(
            "Each was read for 90 % of {period} at least, so their figures can be set side by side.",
            "Überall wurde mindestens 90 % der Zeit gemessen ({period}); die Werte sind vergleichbar."
        )
    }

    pub fn not_comparable(name: &str, coverage: &str, period: &str) -> String {
        tell!(
            "{name} was read for {coverage} % of {period}: what it lacks is not in its figures, so they are not compared.",
            "{name} wurde nur {coverage} % der Zeit gemessen ({period}): Was fehlt, steht nicht in den Werten; sie werden nicht verglichen."
        )
    }

    pub fn unknown(name: &str, period: &str) -> String {
        tell!(
            "What {name} took in {period} is not known.",
            "Was {name} bezogen hat, ist nicht bekannt ({period})."
        )
    }

    pub fn larger(name: &str, percent: &str, other: &str, other_percent: &str) -> String {
        tell!(
            "{name} loses the largest part of its input, {percent} %; {other} the smallest, {other_percent} %.",
            "{name} verliert den größten Teil seines Bezugs, {percent} %, {other} den kleinsten, {other_percent} %."
        )
    }

    pub const ALIKE: Text = Text(
        "What they lose of their input differs by less than the errors.",
        "Die Verlustanteile unterscheiden sich um weniger als die Messfehler.",
    );
    pub const OWN_CLOCKS: Text = Text(
        "Each period is that of the site's own clock.",
        "Der Zeitraum gilt nach der Uhr der jeweiligen Anlage.",
    );

    pub fn gone(key: &str) -> String {
        tell!(
            "\u{201c}{key}\u{201d} is no site or building any more.",
            "„{key}“ ist keine Anlage und kein Gebäude mehr."
        )
    }

    pub fn on(site: &str) -> String {
        tell!("on {site}", "auf {site}")
    }
}

/// The form of a site.
pub mod form {
    use crate::language::{Text, tell};

    pub use crate::words::labels::{LATITUDE, LONGITUDE, NAME, SAVE, ZONE};

    pub const TITLE: Text = Text("Add a site", "Anlage anlegen");
    pub const DETAIL: Text = Text(
        "A plant, a campus or a building with a connection of its own. Buildings behind one connection belong on one site, each with its meter below the main one: then the loss between them shows.",
        "Ein Werk, ein Campus oder ein Gebäude mit eigenem Anschluss. Gebäude hinter einem gemeinsamen Anschluss gehören zu einer Anlage, jedes mit seinem Zähler unter dem Hauptzähler: Dann zeigt sich der Verlust dazwischen.",
    );
    pub const SLUG: Text = Text("Short name in addresses", "Kurzname in Adressen");
    pub const SLUG_HINT: Text = Text("from the name", "aus dem Namen");
    pub const ZONE_NOTE: Text = Text(
        "Days and bills begin at midnight there.",
        "Dort beginnen Tage und Abrechnungen um Mitternacht.",
    );
    pub const CURRENCY: Text = Text("Currency", "Währung");
    pub const PRICE: Text = Text("Price per kWh", "Preis je kWh");
    pub const PRICE_HINT: Text = Text("none: losses cost nothing", "keiner: Verluste ohne Kosten");
    pub const CAPACITY: Text = Text("Grid connection, kW", "Netzanschluss, kW");
    pub const OPTIONAL: Text = Text("not stated", "keine Angabe");
    pub const FORBIDDEN: Text = Text(
        "Only an administrator may add a site.",
        "Nur ein Administrator darf Anlagen anlegen.",
    );

    pub fn added(name: &str) -> String {
        tell!(
            "{name} is added. Go on with its first meter.",
            "{name} ist angelegt. Weiter mit dem ersten Zähler."
        )
    }

    pub fn saved(name: &str) -> String {
        tell!("The site is called {name} now.", "Die Anlage heißt jetzt {name}.")
    }
}
