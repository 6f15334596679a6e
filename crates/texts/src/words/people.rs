//! Words of the page of people.

use domain::people::Role;

use crate::language::{Text, tell};

pub use crate::words::labels::{METER_NUMBER, NAME, NEVER, ROLE, SAVE, SAVED, SITE, STATE};

pub const TITLE: Text = Text("People", "Benutzer");
pub const NOTE: Text =
    Text("Who can sign in, and what they may do.", "Wer sich anmelden kann, und was wer darf.");
pub const ALL: Text = Text("All people", "Alle Benutzer");
pub const NONE: Text = Text(
    "Nobody can sign in yet: whoever sits at this machine is administrator. The first user has to be an administrator of all sites.",
    "Noch kann sich niemand anmelden: Administrator ist, wer an diesem Rechner sitzt. Der erste Benutzer muss Administrator aller Anlagen sein.",
);

// The table
pub const USER: Text = Text("User name", "Benutzername");
pub const ROLES: Text = Text("Roles", "Rollen");
pub const SEEN: Text = Text("Last seen", "Zuletzt da");
pub const ACTIVE: Text = Text("active", "aktiv");
pub const INVITED: Text = Text("invited", "eingeladen");
pub const DISABLED: Text = Text("disabled", "gesperrt");
pub const NO_ROLE: Text = Text("none", "keine");

pub const fn role(role: Role) -> Text {
    match role {
        Role::Admin => Text("Administrator", "Administrator"),
        Role::Operator => Text("Operator", "Betrieb"),
        Role::Viewer => Text("Viewer", "Leser"),
        Role::Utility => Text("Utility", "Netzbetreiber"),
        Role::Prosumer => Text("Prosumer", "Prosumer"),
    }
}

pub fn role_on(role: &str, site: Option<&str>) -> String {
    match site {
        Some(site) => tell!("{role}, {site}", "{role}, {site}"),
        None => tell!("{role}, all sites", "{role}, alle Anlagen"),
    }
}

// A new user
pub const NEW: Text = Text("Add a person", "Benutzer anlegen");
pub const NEW_NOTE: Text = Text(
    "You get a link to hand over, by which a password is chosen, once and within 24 hours. With an e-mail address and a mail server it is sent by mail.",
    "Sie bekommen einen Link zum Weitergeben, mit dem ein Mal, 24 Stunden lang, ein Passwort gewählt wird. Mit einer E-Mail-Adresse und einem Mailserver wird er per Mail gesendet.",
);
pub const DISPLAY_NAME: Text = Text("Name that others see", "Name, den andere sehen");
pub const EMAIL: Text = Text("E-mail, if you like", "E-Mail, wenn Sie möchten");
pub const ALL_SITES: Text = Text("All sites", "Alle Anlagen");
pub const CREATE: Text = Text("Create and make link", "Anlegen und Link erstellen");

// One user
pub const PROFILE: Text = Text("Profile", "Profil");
pub const GIVE: Text = Text("Give role", "Rolle geben");
pub const TAKE: Text = Text("Take away", "Entziehen");
pub const ROLES_NOTE: Text = Text(
    "With other roles people have to sign in again.",
    "Mit anderen Rollen ist eine neue Anmeldung nötig.",
);
pub const ROLES_CHANGED: Text = Text("The roles are changed.", "Die Rollen sind geändert.");
pub const METERS: Text = Text("Own meters", "Eigene Zähler");
pub const FIRST_DAY: Text = Text("First day", "Erster Tag");
pub const DAY_AFTER: Text = Text("Day after the last", "Tag nach dem letzten");
pub const METERS_NOTE: Text = Text(
    "Of these meters a prosumer sees the figures and bills of those days. Without days it is all of them.",
    "Von diesen Zählern sieht ein Prosumer die Zahlen und Rechnungen dieser Tage, ohne Angabe aller Tage.",
);
pub const GIVE_METER: Text = Text("Give meter", "Zähler geben");
pub const METERS_CHANGED: Text =
    Text("The own meters are changed.", "Die eigenen Zähler sind geändert.");

/// The days on which a meter is somebody's, from the first to the day after the last.
pub fn days(from: Option<&str>, to: Option<&str>) -> String {
    match (from, to) {
        (None, None) => String::new(),
        (Some(from), None) => tell!(", from {from}", ", ab {from}"),
        (None, Some(to)) => tell!(", before {to}", ", bis vor {to}"),
        (Some(from), Some(to)) => tell!(", from {from} to before {to}", ", ab {from} bis vor {to}"),
    }
}

pub const ACCESS: Text = Text("Access", "Zugang");
pub const NEW_LINK: Text = Text("New link for a password", "Neuer Link für ein Passwort");
pub const LINK_SENT: Text = Text("The link is sent by mail.", "Der Link ist per Mail gesendet.");
pub const END_SESSIONS: Text = Text("End sessions", "Sitzungen beenden");
pub const SESSIONS_ENDED: Text = Text("The sessions have ended.", "Die Sitzungen sind beendet.");
pub const DISABLE: Text = Text("Disable", "Sperren");
pub const IS_DISABLED: Text =
    Text("The user is disabled and signed out.", "Der Benutzer ist gesperrt und abgemeldet.");
pub const ENABLE: Text = Text("Enable", "Entsperren");
pub const IS_ENABLED: Text =
    Text("The user can sign in again.", "Der Benutzer kann sich wieder anmelden.");
pub const ERASE: Text = Text("Erase", "Löschen");
pub const ERASE_NOTE: Text = Text(
    "Name, e-mail, password and roles go. What this person did stays in the log, under a number. This cannot be undone.",
    "Name, E-Mail, Passwort und Rollen gehen verloren. Was diese Person getan hat, bleibt unter einer Nummer im Protokoll. Das lässt sich nicht rückgängig machen.",
);
pub const ERASE_NOW: Text = Text("Erase for good", "Endgültig löschen");
pub const ERASED: Text = Text("The user is erased.", "Der Benutzer ist gelöscht.");

pub fn sessions(n: usize) -> String {
    match n {
        0 => Text("not signed in", "nicht angemeldet").into(),
        1 => Text("signed in once", "ein Mal angemeldet").into(),
        _ => tell!("signed in {n} times", "{n} Mal angemeldet"),
    }
}

// What roles may do
pub const MAY: Text = Text("What each role may do", "Was welche Rolle darf");
pub const ACTION: Text = Text("May", "Darf");
pub const YES: Text = Text("yes", "ja");
pub const OF_OWN: Text = Text("own meters", "eigene Zähler");
