//! Refusals, reasons and other sentences that are stored and answered by their codes, in the reader's
//! language.
//!
//! English comes with the sentence. Of each other language there is a catalogue by area; in its sentences
//! `{name}` is what stands there, and `{#name}` a figure, whose marks are those of the language. The
//! browser has only what the live stream carries.

#[cfg(feature = "ssr")]
mod de;
mod streamed;
#[cfg(all(test, feature = "ssr"))]
mod tests;

use domain::language::Language;
use domain::message::{Message, Param};

/// A code and its words.
type Sentence = (&'static str, &'static str);

/// A sentence in a language; what another program or a person said stays as it is.
pub fn in_language(message: &Message, language: Language) -> String {
    let words = match language {
        Language::En => None,
        Language::De => german().find_map(|(code, words)| (code == message.code).then_some(words)),
    };
    match words {
        Some(words) => filled(words, message, language),
        None => message.message.clone(),
    }
}

/// The same in the language of whoever reads the page.
pub fn told(message: &Message) -> String {
    in_language(message, crate::language::now())
}

/// What is said in German: all of it on the server, what the live stream carries in the browser.
fn german() -> impl Iterator<Item = Sentence> {
    let all = streamed::CATALOGUE.into_iter().flatten().copied();
    #[cfg(feature = "ssr")]
    let all = all.chain(de::all());
    all
}

/// The words with what stands in them.
fn filled(words: &str, message: &Message, language: Language) -> String {
    let mut parts = words.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, after) = part.split_once('}').unwrap_or(("", part));
        let param = message.params.get(name.trim_start_matches('#'));
        let said = param.map(|param| in_words(param, language)).unwrap_or_default();
        text.push_str(&if name.starts_with('#') { language.marks(said) } else { said });
        text.push_str(after);
    }
    text
}

fn in_words(param: &Param, language: Language) -> String {
    match param {
        Param::Whole(number) => number.to_string(),
        Param::Text(text) => text.clone(),
        Param::Message(message) => in_language(message, language),
        Param::List(messages) => {
            let each = messages.iter().map(|message| in_language(message, language));
            each.collect::<Vec<_>>().join(Message::BETWEEN)
        }
    }
}
