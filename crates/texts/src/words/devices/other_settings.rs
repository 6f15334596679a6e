//! The tables of values and of headers, in the form of a device.

use crate::language::Text;

pub use crate::words::labels::{NAME, TOPIC, UNIT, VALUE};

pub const VALUES: Text = Text("Values in the messages", "Werte in den Nachrichten");
pub const VALUES_OF_ANSWER: Text = Text("Values in the answer", "Werte in der Antwort");
pub const VALUES_HELP: Text = Text(
    "where each stands, such as $.emeters[0].power; several are added up: $.a + $.b",
    "wo jeder steht, etwa $.emeters[0].power; mehrere werden addiert: $.a + $.b",
);
pub const PATH: Text = Text("Path", "Pfad");
pub const INVERT: Text = Text("Turn the sign", "Vorzeichen drehen");
pub const NEGATIVE_PATH: Text = Text("Path of the direction", "Pfad der Richtung");
pub const NEGATIVE_WHEN: Text = Text("Negative when it says", "Negativ, wenn dort steht");
pub const SUM: Text = Text("Add to other topics", "Zu anderen Themen addieren");
pub const HEADERS: Text = Text("Headers", "Kopfzeilen");
pub const HEADERS_HELP: Text = Text(
    "sent with each request; to remove one, empty its row",
    "bei jeder Anfrage mitgeschickt; um eine zu entfernen, ihre Zeile leeren",
);
pub const VALUE_AFTER_NAME: Text =
    Text("after its name is checked", "nachdem der Name geprüft ist");
pub const VALUE_WHEN_SAVED: Text =
    Text("secret: asked for when it is saved", "geheim: wird beim Speichern erfragt");
pub const NO: Text = Text("no", "nein");
