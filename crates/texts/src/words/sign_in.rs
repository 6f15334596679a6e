//! Words of the page on which people sign in.

use crate::language::Text;

pub const TITLE: Text = Text("Sign in", "Anmelden");
pub const NAME: Text = Text("User name", "Benutzername");
pub const PASSWORD: Text = Text("Password", "Passwort");
pub const ENDED: Text = Text(
    "Your session has ended. Sign in again.",
    "Ihre Sitzung ist beendet. Melden Sie sich wieder an.",
);
pub const FORGOTTEN: Text = Text(
    "No account, or the password forgotten? Ask whoever administers this installation. Whoever runs its server sets a password with “wattlens set-password”.",
    "Kein Konto oder das Passwort vergessen? Fragen Sie, wer diese Installation verwaltet. Wer ihren Server betreibt, setzt ein Passwort mit “wattlens set-password”.",
);
pub const SIGN_OUT: Text = Text("Sign out", "Abmelden");
pub const SEE_AS: Text = Text("See the demo as", "Die Demo ansehen als");
pub const LEAVE_DEMO: Text = Text("Back to all of the demo", "Zurück zur ganzen Demo");
