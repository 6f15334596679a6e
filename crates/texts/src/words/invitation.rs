//! Words of the pages of a link by which a password is set.

use crate::language::{Text, tell};

pub const TITLE: Text = Text("Choose a password", "Passwort wählen");
pub const PASSWORD: Text = Text("New password", "Neues Passwort");
pub const SET: Text = Text("Set password and sign in", "Passwort setzen und anmelden");
pub const NOTE: Text = Text(
    "At least 12 characters: several words that do not belong together are a good password.",
    "Mindestens 12 Zeichen: Mehrere Wörter, die nicht zusammengehören, sind ein gutes Passwort.",
);
pub const ENDED: Text = Text(
    "This link does not work any more. Ask whoever administers this installation for a new one. Whoever runs its server sets a password with “wattlens set-password”.",
    "Dieser Link gilt nicht mehr. Einen neuen gibt Ihnen, wer diese Installation verwaltet. Wer ihren Server betreibt, setzt ein Passwort mit “wattlens set-password”.",
);
pub const NEW_LINK: Text = Text("New link", "Neuer Link");
pub const LINK: Text = Text("Link", "Link");
pub const ONCE: Text = Text(
    "It works once, within 24 hours, and is not shown again.",
    "Er gilt ein Mal, 24 Stunden lang, und wird nicht noch einmal gezeigt.",
);
pub const BACK: Text = Text("Back to people", "Zurück zu den Benutzern");

pub fn hand_over(name: &str) -> String {
    tell!(
        "Give this link to {name}, who chooses a password by it.",
        "Geben Sie diesen Link an {name} weiter. Damit wird das Passwort gewählt."
    )
}

pub const UNSENT: Text = Text(
    "The mail could not be sent; the log of the server says why.",
    "Die Mail konnte nicht gesendet werden; warum, steht im Protokoll des Servers.",
);

// The mail
pub const SUBJECT: Text = Text("Your access to Wattlens", "Ihr Zugang zu Wattlens");

pub fn text(name: &str, link: &str) -> String {
    tell!(
        "Hello {name},\n\nchoose a password for Wattlens by this link. It works once, within 24 hours.\n\n{link}\n",
        "Guten Tag {name},\n\nwählen Sie mit diesem Link ein Passwort für Wattlens. Er gilt ein Mal, 24 Stunden lang.\n\n{link}\n"
    )
}
