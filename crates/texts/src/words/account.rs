//! Words of the page of one's own account.

use crate::language::Text;

pub use crate::words::labels::{ADDRESS, LANGUAGE, SAVE, SAVED};

pub const TITLE: Text = Text("Your account", "Ihr Konto");
pub const PROFILE: Text = Text("Profile", "Profil");
pub const NAME: Text = Text("Name that others see", "Name, den andere sehen");
pub const OF_BROWSER: Text = Text("Language of the browser", "Sprache des Browsers");
pub const PASSWORD: Text = Text("Password", "Passwort");
pub const PRESENT_PASSWORD: Text = Text("Present password", "Jetziges Passwort");
pub const NEW_PASSWORD: Text = Text("New password", "Neues Passwort");
pub const PASSWORD_NOTE: Text = Text(
    "At least 12 characters. You stay signed in here and are signed out everywhere else.",
    "Mindestens 12 Zeichen. Hier bleiben Sie angemeldet, überall sonst werden Sie abgemeldet.",
);
pub const CHANGE_PASSWORD: Text = Text("Change password", "Passwort ändern");
pub const PASSWORD_CHANGED: Text = Text(
    "Your password is changed. All other sessions have ended.",
    "Ihr Passwort ist geändert. Alle anderen Sitzungen sind beendet.",
);
pub const SESSIONS: Text = Text("Sessions", "Sitzungen");
pub const DEVICE: Text = Text("Device", "Gerät");
pub const UNKNOWN_DEVICE: Text = Text("Unknown device", "Unbekanntes Gerät");
pub const BEGUN: Text = Text("Signed in", "Angemeldet");
pub const USED: Text = Text("Last used", "Zuletzt benutzt");
pub const THIS_ONE: Text = Text("this session", "diese Sitzung");
pub const END: Text = Text("End", "Beenden");
pub const SESSION_ENDED: Text = Text("The session has ended.", "Die Sitzung ist beendet.");
pub const SIGN_OUT_EVERYWHERE: Text = Text("Sign out everywhere", "Überall abmelden");
