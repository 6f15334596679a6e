//! Passwords of loggers, kept as argon2id.

use domain::devices::logger::refusal::LoggerRefusal;

use crate::Error;
use crate::devices::acquisuite::gate::Gate;
use crate::people::hash::{self, hashed};

/// Characters of a password.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=64;

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
    gate.in_turn(move || hash::fits(hash.as_deref(), &password)).await
}
