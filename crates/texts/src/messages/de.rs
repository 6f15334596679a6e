//! German, area by area.

mod configuration;
mod field;
mod grid;
mod operation;
mod request;
mod simulation;

/// A code and its words.
type Sentence = (&'static str, &'static str);

const CATALOGUE: &[&[Sentence]] = &[
    operation::SENTENCES,
    request::SENTENCES,
    field::SENTENCES,
    grid::SENTENCES,
    simulation::SENTENCES,
    configuration::SENTENCES,
];

/// All of them.
pub(super) fn all() -> impl Iterator<Item = Sentence> {
    CATALOGUE.iter().copied().flatten().copied()
}

/// The words of a code.
pub(super) fn sentence(code: &str) -> Option<&'static str> {
    all().find_map(|(known, words)| (known == code).then_some(words))
}
