//! German, area by area.

mod devices;
mod operation;

use super::Sentence;

const CATALOGUE: &[&[Sentence]] = &[
    devices::loggers::SENTENCES,
    devices::looks::SENTENCES,
    devices::table::SENTENCES,
    devices::uploads::SENTENCES,
    operation::SENTENCES,
];

/// All of them.
pub(super) fn all() -> impl Iterator<Item = Sentence> {
    CATALOGUE.iter().copied().flatten().copied()
}
