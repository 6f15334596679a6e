//! The form that corrects a reading.

use crate::language::{Text, tell};

pub const TIME: Text =
    Text("Time of the reading, on the site's clock", "Zeit der Ablesung, nach der Uhr der Anlage");
pub const TIME_HELP: Text = Text(
    "The last reading at this time or before is corrected.",
    "Korrigiert wird die letzte Ablesung zu dieser Zeit oder davor.",
);
pub const VALUE: Text = Text("Right value", "Richtiger Wert");
pub const VALUE_HELP: Text =
    Text("Leave it empty to strike the value out.", "Leer lassen, um den Wert zu streichen.");
pub const PREVIEW: Text = Text("Preview", "Vorschau");
pub const STRUCK: Text = Text("struck out", "gestrichen");
pub const NO_READING: Text = Text(
    "This meter has no reading within a month of this time.",
    "Dieser Zähler hat innerhalb eines Monats um diese Zeit keine Ablesung.",
);

/// A field with its value at the time.
pub fn shows(field: &str, value: &str, unit: &str) -> String {
    tell!("{field}: now {value} {unit}", "{field}: jetzt {value} {unit}")
}

pub const EFFECT: Text = Text("Effect of the correction", "Wirkung der Korrektur");
pub const NOTHING_SAVED: Text = Text("nothing is saved yet", "noch ist nichts gespeichert");
pub const REFUSED: Text =
    Text("This reading cannot be corrected", "Diese Ablesung lässt sich nicht korrigieren");

pub fn of_reading(field: &str, at: &str) -> String {
    tell!("{field} of {at}:", "{field} vom {at}:")
}

pub const LEFT_OUT: Text = Text(
    "This value cannot be right between the readings before and after it: it would be left out, and saving it changes no energy.",
    "Dieser Wert kann zwischen den Ablesungen davor und danach nicht stimmen: Er würde ausgelassen, und Speichern ändert keine Energie.",
);
pub const QUESTIONED: Text = Text(
    "This is a larger step than the meter can count. It would not count until somebody accepts it.",
    "Dieser Schritt ist größer, als der Zähler zählen kann. Er zählt erst, wenn ihn jemand annimmt.",
);
pub const NOT_SHOWN: Text = Text(
    "The reading of this time does not show this field.",
    "Die Ablesung dieser Zeit zeigt dieses Feld nicht.",
);
pub const MORE_DAYS: Text = Text(
    "More days change than are shown here, as the reading before or after is far away. No bill is shown.",
    "Es ändern sich mehr Tage, als hier stehen, denn die Ablesung davor oder danach ist weit entfernt. Keine Rechnung \
     wird gezeigt.",
);
pub const SAME: Text = Text("No energy changes.", "Keine Energie ändert sich.");
pub const BEFORE: Text = Text("Before", "Vorher");
pub const AFTER: Text = Text("After", "Nachher");

pub fn returned(day: &str) -> String {
    tell!("{day}, returned", "{day}, zurückgeliefert")
}

pub fn loss_of(node: &str) -> String {
    tell!("Loss of {node}", "Verlust von {node}")
}

pub fn bill_of(month: &str) -> String {
    tell!("Bill of {month}", "Rechnung {month}")
}

pub fn stays(number: &str) -> String {
    tell!(
        "{number} is issued and stays as it is until it is credited",
        "{number} ist ausgestellt und bleibt, bis sie gutgeschrieben wird"
    )
}

pub const HELP: Text = Text(
    "The reading stays as it came; this value is counted instead. You can undo it.",
    "Die Ablesung bleibt, wie sie kam; gezählt wird stattdessen dieser Wert. Sie können es rückgängig machen.",
);
pub const SAVE: Text = Text("Save the correction", "Korrektur speichern");
pub const CANCEL: Text = Text("Cancel", "Abbrechen");
