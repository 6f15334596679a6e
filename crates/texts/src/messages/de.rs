//! German, area by area.

mod alarms;
mod losses;
mod operation;

/// A code and its words.
type Sentence = (&'static str, &'static str);

const CATALOGUE: [&[Sentence]; 3] = [operation::SENTENCES, losses::SENTENCES, alarms::SENTENCES];

/// All of them.
pub(super) fn all() -> impl Iterator<Item = Sentence> {
    CATALOGUE.into_iter().flatten().copied()
}

/// The words of a code.
pub(super) fn sentence(code: &str) -> Option<&'static str> {
    all().find_map(|(known, words)| (known == code).then_some(words))
}
