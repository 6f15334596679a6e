//! German of what the live stream carries, which the browser puts into words: why meters are not read.
//!
//! Whatever else is said is put into words on the server, so that only this is sent to every browser.

mod trouble;
mod unread;

use super::Sentence;

/// All of it.
pub(super) const CATALOGUE: [&[Sentence]; 7] = [
    unread::SENTENCES,
    trouble::SENTENCES,
    trouble::answer::SENTENCES,
    trouble::http::SENTENCES,
    trouble::modbus::SENTENCES,
    trouble::mqtt::SENTENCES,
    trouble::unreached::SENTENCES,
];
