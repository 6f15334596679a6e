//! German, area by area.

mod bills;
mod carbon;
mod configuration;
mod entry;
mod field;
mod grid;
mod lines;
mod meters;
mod operation;
mod period;
mod readings;
mod reports;
mod request;
mod simulation;
mod sites;
mod tariffs;

/// A code and its words.
type Sentence = (&'static str, &'static str);

const CATALOGUE: &[&[Sentence]] = &[
    operation::SENTENCES,
    entry::SENTENCES,
    sites::SENTENCES,
    meters::SENTENCES,
    readings::SENTENCES,
    period::SENTENCES,
    tariffs::SENTENCES,
    bills::SENTENCES,
    lines::SENTENCES,
    carbon::SENTENCES,
    reports::SENTENCES,
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
