//! What was done.

use crate::language::{Text, tell};

pub const SITE: Text = Text("The site is changed.", "Die Anlage ist geändert.");
pub const ZONE: Text = Text(
    "The zone is moved; its days are made anew, and its balances follow within a minute.",
    "Die Zone ist umgestellt; die Tage sind neu gebildet, die Bilanzen folgen binnen einer Minute.",
);
pub const RETENTION: Text = Text("It is kept so from now on.", "Ab jetzt wird so aufbewahrt.");
pub const CLOCK: Text = Text(
    "The clock is right: what is too old goes within the hour.",
    "Die Uhr geht richtig: Was zu alt ist, wird innerhalb einer Stunde gelöscht.",
);
pub const TARIFF: Text = Text("The version is added.", "Die Fassung ist hinzugefügt.");
pub const NO_TARIFF: Text = Text("The version is removed.", "Die Fassung ist entfernt.");
pub const FACTOR: Text = Text("The factor is added.", "Der Faktor ist hinzugefügt.");
pub const NO_FACTOR: Text = Text("The factor is taken back.", "Der Faktor ist zurückgenommen.");
pub const METER: Text = Text("The meter is changed.", "Der Zähler ist geändert.");
pub const METER_RETIRED: Text = Text(
    "The meter is out of service; its history stays.",
    "Der Zähler ist stillgelegt; seine Geschichte bleibt.",
);
pub const METER_DELETED: Text = Text("The meter is removed.", "Der Zähler ist entfernt.");
pub const IMPORT: Text = Text("The import has begun.", "Der Import hat begonnen.");
pub const STOP: Text = Text("The import is being cancelled.", "Der Import wird abgebrochen.");

pub fn meters(n: usize) -> String {
    match n {
        0 => Text("Nothing changed.", "Nichts hat sich geändert.").into(),
        1 => METER.into(),
        _ => tell!("{n} meters are changed.", "{n} Zähler sind geändert."),
    }
}
