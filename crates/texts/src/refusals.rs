//! Refusals and other sentences that come in English from below, in the reader's language.
//!
//! What programs match stays English, and so does what is stored. Where such a sentence is shown, it is
//! recognised by its pattern. In a pattern `{}` stands for words within a sentence, `{#}` for a figure, and
//! `{!}` for anything, put into German where it is such a sentence itself. The German sentence names what
//! stood there by its place, `{0}`.

mod alarms;
mod bills;
mod carbon;
mod configuration;
mod devices;
mod general;
mod grid;
mod lines;
mod loggers;
mod meters;
mod modbus;
mod mqtt;
mod period;
mod reading;
mod reasons;
mod reports;
mod simulator;
mod sites;
mod tariffs;
#[cfg(test)]
mod tests;

use domain::language::Language;

pub use lines::bill_line;
pub use reasons::in_message;
pub use reasons::put_into_words;

/// An English pattern and its German sentence.
type Sentence = (&'static str, &'static str);

/// By field. Of two that fit, the one that says more has to come first, which a test makes sure of.
const CATALOGUE: [&[Sentence]; 17] = [
    period::SENTENCES,
    meters::SENTENCES,
    sites::SENTENCES,
    tariffs::SENTENCES,
    bills::SENTENCES,
    reports::SENTENCES,
    grid::SENTENCES,
    simulator::SENTENCES,
    configuration::SENTENCES,
    carbon::SENTENCES,
    loggers::SENTENCES,
    devices::SENTENCES,
    mqtt::SENTENCES,
    modbus::SENTENCES,
    reading::SENTENCES,
    alarms::SENTENCES,
    general::SENTENCES,
];

const HOLES: [&str; 3] = ["{}", "{!}", "{#}"];
/// Stands between sentences of a list, such as all that is wrong with an answer.
const BETWEEN: &str = "; ";
/// Stands behind what a sentence is about, such as the line of a table.
const ABOUT: &str = ": ";
/// A longer message quotes somebody at length; to look for patterns in it would take long.
const LONGEST: usize = 4_000;

/// A sentence in a language; one that is in no catalogue stays as it is.
pub fn in_language(message: &str, language: Language) -> String {
    match language {
        Language::De if message.len() <= LONGEST => german(message),
        Language::De | Language::En => message.to_owned(),
    }
}

/// The same in the language of whoever reads the page.
pub fn told(message: &str) -> String {
    in_language(message, crate::language::now())
}

fn german(message: &str) -> String {
    sentence(message).or_else(|| whole(message)).unwrap_or_else(|| {
        let each =
            message.split(BETWEEN).map(|one| sentence(one).unwrap_or_else(|| one.to_owned()));
        each.collect::<Vec<_>>().join(BETWEEN)
    })
}

/// A sentence that begins with a capital and ends with a full stop, as a page writes it.
fn whole(message: &str) -> Option<String> {
    let mut letters = message.strip_suffix('.')?.chars();
    let first = letters.next()?.to_lowercase();
    let german = sentence(&first.chain(letters).collect::<String>())?;
    let mut letters = german.chars();
    let first = letters.next()?.to_uppercase();
    Some(first.chain(letters).collect::<String>() + ".")
}

fn sentence(message: &str) -> Option<String> {
    catalogue().find_map(|(english, german)| Some(filled(german, &fillings(english, message)?)))
}

/// All of them; the first that fits counts.
fn catalogue() -> impl Iterator<Item = Sentence> {
    CATALOGUE.iter().copied().flatten().copied()
}

/// What stands in the holes of a pattern, in German, where the whole message fits it.
fn fillings(pattern: &str, message: &str) -> Option<Vec<String>> {
    let Some((before, mut hole, mut pattern)) = next_hole(pattern) else {
        return (pattern == message).then(Vec::new);
    };
    let (mut message, mut found) = (message.strip_prefix(before)?, Vec::new());
    loop {
        let next = next_hole(pattern);
        let (filling, rest) = match next {
            None => (message.strip_suffix(pattern)?, ""),
            Some((literal, ..)) => {
                // A hole is never empty.
                let first = message.chars().next()?.len_utf8();
                let at = first + message.get(first..)?.find(literal)?;
                (message.get(..at)?, message.get(at..)?.strip_prefix(literal)?)
            }
        };
        found.push(match hole {
            _ if filling.is_empty() => return None,
            "{!}" => german(filling),
            _ if filling.contains(BETWEEN) || filling.contains(ABOUT) => return None,
            "{#}" => Language::De.marks(filling.to_owned()),
            _ => filling.to_owned(),
        });
        let Some((_, kind, after)) = next else { return Some(found) };
        (hole, pattern, message) = (kind, after, rest);
    }
}

/// The text before the first hole of a pattern, the hole, and what follows it.
fn next_hole(pattern: &str) -> Option<(&str, &'static str, &str)> {
    let places = HOLES.iter().filter_map(|hole| Some((pattern.find(hole)?, *hole)));
    let (at, hole) = places.min()?;
    let (before, rest) = pattern.split_at(at);
    Some((before, hole, rest.strip_prefix(hole)?))
}

/// A sentence with its holes filled.
fn filled(sentence: &str, fillings: &[String]) -> String {
    let mut parts = sentence.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let named = part
            .split_once('}')
            .and_then(|(place, after)| Some((fillings.get(place.parse::<usize>().ok()?)?, after)));
        match named {
            Some((filling, after)) => text.extend([filling, after]),
            None => text.extend(["{", part]),
        }
    }
    text
}
