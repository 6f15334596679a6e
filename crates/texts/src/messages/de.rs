//! German, area by area.

mod bills;
mod carbon;
mod lines;
mod operation;
mod reports;
mod tariffs;

/// A code and its words.
type Sentence = (&'static str, &'static str);

const CATALOGUE: [&[Sentence]; 6] = [
    operation::SENTENCES,
    tariffs::SENTENCES,
    bills::SENTENCES,
    lines::SENTENCES,
    carbon::SENTENCES,
    reports::SENTENCES,
];

/// All of them.
pub(super) fn all() -> impl Iterator<Item = Sentence> {
    CATALOGUE.into_iter().flatten().copied()
}

/// The words of a code.
pub(super) fn sentence(code: &str) -> Option<&'static str> {
    all().find_map(|(known, words)| (known == code).then_some(words))
}
