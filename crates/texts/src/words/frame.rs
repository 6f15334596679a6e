//! The frame around every page.

use domain::live::SimulatedClock;

use crate::language::{Text, tell};

pub use crate::words::labels::{METERS, PERIOD, meters};

pub const SKIP: Text = Text("Skip to content", "Zum Inhalt");
pub const NAVIGATION: Text = Text("Main", "Hauptnavigation");
pub const SHORT_NAVIGATION: Text = Text("Pages", "Seiten");
pub const THIS_PAGE: Text = Text("This page", "Diese Seite");
pub const MORE: Text = Text("More", "Mehr");
pub const MENU: Text = Text("Menu", "Menü");

pub const OPENING: Text = Text("Not live yet", "Noch nicht live");
pub const LOST: Text = Text("Not live", "Nicht live");

pub fn live(good: usize, all: usize) -> String {
    tell!("Live, {good} of {all} good", "Live, {good} von {all} gut")
}

pub const fn simulated(clock: SimulatedClock) -> Text {
    match clock {
        SimulatedClock::Runs => Text("Simulated clock", "Simulierte Uhr"),
        SimulatedClock::Asked => Text("Simulated clock, paused", "Simulierte Uhr, angehalten"),
        SimulatedClock::Unwatched => Text(
            "Simulated clock, paused: nobody looked for an hour",
            "Simulierte Uhr, angehalten: seit einer Stunde sieht niemand zu",
        ),
    }
}

pub fn stream_lost(since: &str, at: &str) -> String {
    tell!(
        "No connection to the server for {since}. You see the values of {at}. The page connects again by \
         itself; the meters are not affected.",
        "Seit {since} keine Verbindung zum Server. Sie sehen die Werte von {at}. Die Seite verbindet sich von \
         selbst wieder; die Zähler sind davon nicht betroffen."
    )
}

pub fn not_refreshed(since: &str) -> String {
    tell!(
        "This page could not be brought up to date since {since}; it is tried again.",
        "Diese Seite ließ sich seit {since} nicht auffrischen; es wird erneut versucht."
    )
}

#[cfg(feature = "ssr")]
pub const NOT_REFRESHED: Text = Text(
    "This page could not be updated, so its figures may be old. It is tried again by itself.",
    "Diese Seite ließ sich nicht aktualisieren, ihre Werte können also alt sein. Es wird von selbst erneut versucht.",
);
pub const NO_ANSWER: Text = Text(
    "The server does not answer. Check the connection, then try again.",
    "Der Server antwortet nicht. Prüfen Sie die Verbindung und versuchen Sie es erneut.",
);
pub const OTHER_VERSION: Text = Text(
    "The server's answer could not be read. It may be restarting or was updated. Reload the page and check \
     whether it was done.",
    "Die Antwort des Servers war nicht lesbar. Vielleicht startet er gerade neu oder wurde aktualisiert. \
     Laden Sie die Seite neu und prüfen Sie, ob es erledigt ist.",
);

#[cfg(feature = "ssr")]
pub const STOPPED: Text = Text(
    "This page has stopped working, as it may when the server was updated while it was open.",
    "Diese Seite funktioniert nicht mehr, etwa weil der Server inzwischen aktualisiert wurde.",
);
#[cfg(feature = "ssr")]
pub const TOO_LONG: Text = Text(
    "It is done, but its answer is too long to be shown without the script of this page.",
    "Es ist erledigt, aber die Antwort ist zu lang, um ohne das Skript dieser Seite gezeigt zu werden.",
);
#[cfg(feature = "ssr")]
pub const RELOAD: Text = Text("Reload", "Neu laden");

pub const TRY_AGAIN: Text = Text("Try again", "Erneut versuchen");

pub fn cannot_show(what: &str) -> String {
    tell!("{what} cannot be shown", "{what}: Anzeige nicht möglich")
}

pub const NOT_FOUND_TITLE: Text = Text("Not found", "Nicht gefunden");
pub const NOT_FOUND: Text = Text("There is no such page", "Diese Seite gibt es nicht");
pub const NOT_FOUND_HELP: Text = Text(
    "Check the address. The entry may have been removed, or you may not have access to it.",
    "Prüfen Sie die Adresse. Vielleicht wurde der Eintrag entfernt, oder Sie haben keinen Zugriff darauf.",
);
pub const TO_OVERVIEW: Text = Text("Go to the overview", "Zur Übersicht");
pub const TO_METERS: Text = Text("See all meters", "Alle Zähler");

pub const EMPTY: Text = Text("No meters yet", "Noch keine Zähler");
pub const EMPTY_WHY: Text = Text(
    "Wattlens needs one meter that reads what comes into the site. Losses appear as soon as something \
     below it is metered.",
    "Wattlens braucht einen Zähler, der misst, was in die Anlage kommt. Verluste erscheinen, sobald \
     darunter etwas gemessen wird.",
);
pub const EMPTY_START: Text = Text("Add your first meter", "Ersten Zähler anlegen");
pub const IMPORT: Text = Text("Import a CSV", "CSV einlesen");
pub const EMPTY_SQL: Text = Text(
    "Or insert rows into energy_meters with SQL: they show here within a minute.",
    "Oder fügen Sie mit SQL Zeilen in energy_meters ein: Sie erscheinen hier binnen einer Minute.",
);
