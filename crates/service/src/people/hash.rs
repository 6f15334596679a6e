//! Passwords as argon2id, with the parameters that OWASP's password storage cheat sheet names: 19 MiB, two passes.

use std::sync::OnceLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

use crate::Error;

/// A hash that no password is behind: whoever asks for an account that is not there waits as long.
static NOBODY: OnceLock<String> = OnceLock::new();

/// Hashes a new password. Takes a core for some hundredths of a second.
pub(crate) fn hashed(password: &str) -> Option<String> {
    Argon2::default().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
}

/// The hash of a new password.
pub(super) async fn hash_of(password: &str) -> Result<String, Error> {
    let password = password.to_owned();
    let hashed = tokio::task::spawn_blocking(move || hashed(&password)).await;
    hashed.map_err(Error::of_ended)?.ok_or(Error::Unavailable)
}

/// Whether a password is the one behind a hash, or behind none. Takes as long as [`hashed`].
pub(crate) fn fits(hash: Option<&str>, password: &str) -> bool {
    let nobody = || NOBODY.get_or_init(|| hashed("nobody").unwrap_or_default());
    let read = PasswordHash::new(hash.unwrap_or_else(|| nobody()));
    let fits =
        read.is_ok_and(|it| Argon2::default().verify_password(password.as_bytes(), &it).is_ok());
    fits && hash.is_some()
}
