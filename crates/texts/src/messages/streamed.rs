//! German of what the live stream carries, which the browser puts into words: why meters are not read.
//!
//! Whatever else is said is put into words on the server.

mod refused;
mod settings;
mod trouble;
mod unread;

use super::Sentence;

const CATALOGUE: &[&[Sentence]] = &[
    unread::SENTENCES,
    refused::SENTENCES,
    trouble::SENTENCES,
    trouble::answer::SENTENCES,
    trouble::http::SENTENCES,
    trouble::modbus::SENTENCES,
    trouble::mqtt::SENTENCES,
    trouble::unreached::SENTENCES,
    settings::SENTENCES,
    settings::modbus::SENTENCES,
    settings::mqtt::SENTENCES,
];

/// All of it.
pub(super) fn all() -> impl Iterator<Item = Sentence> {
    CATALOGUE.iter().copied().flatten().copied()
}
