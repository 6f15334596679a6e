//! Passwords of loggers, kept as argon2id.

use std::sync::OnceLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use domain::devices::logger::refusal::LoggerRefusal;

use crate::Error;
use crate::devices::acquisuite::gate::Gate;

/// Characters of a password.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=64;

/// A hash that no password is behind: whoever asks for a logger that is not there waits as long.
static NOBODY: OnceLock<String> = OnceLock::new();

/// Hashes a new password.
pub(super) async fn hash(gate: &Gate, password: &str) -> Result<String, Error> {
    let length = password.chars().count();
    if !LENGTH.contains(&length) {
        let (least, most) = (*LENGTH.start(), *LENGTH.end());
        return Err(Error::invalid("password", LoggerRefusal::Password { least, most }));
    }
    let password = password.to_owned();
    let hash = gate.in_turn(move || hashed(&password)).await;
    hash.flatten().ok_or(Error::Unavailable)
}

/// Whether a password is the one behind a hash, or behind none; nothing where too many are checked.
pub(super) async fn fits(gate: &Gate, hash: Option<String>, password: &str) -> Option<bool> {
    let password = password.to_owned();
    let check = move || {
        let nobody = || NOBODY.get_or_init(|| hashed("nobody").unwrap_or_default());
        let is_known = hash.is_some();
        verified(hash.as_ref().unwrap_or_else(|| nobody()), &password) && is_known
    };
    gate.in_turn(check).await
}

fn hashed(password: &str) -> Option<String> {
    Argon2::default().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
}

fn verified(hash: &str, password: &str) -> bool {
    let hash = PasswordHash::new(hash);
    hash.is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}
