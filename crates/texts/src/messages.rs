//! Refusals, reasons and other sentences that are stored and answered by their codes, in the reader's
//! language.
//!
//! English comes with the sentence. Each other language has a folder of catalogues beside the code, here
//! `crates/texts/messages/de`: a line `code = words` for each sentence, and lines of `#` that say what
//! follows. In the words `{name}` is what stands there, and `{#name}` a figure, whose marks are those of
//! the language. The browser has what the live stream carries from the document.

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests;

use std::borrow::Cow;
#[cfg(feature = "ssr")]
use std::{collections::HashMap, sync::LazyLock};

use domain::language::Language;
use domain::message::{Message, Param};

/// What the live stream carries, in German: the browser puts it into words.
#[cfg(feature = "ssr")]
const STREAMED_IN_GERMAN: &str = include_str!("../messages/de/streamed.properties");

/// All else in German: the server puts it into words.
#[cfg(feature = "ssr")]
const ANSWERED_IN_GERMAN: &str = include_str!("../messages/de/answered.properties");

/// A code and its words.
#[cfg(feature = "ssr")]
type Sentence = (&'static str, &'static str);

/// A sentence in a language; what another program or a person said stays as it is.
pub fn in_language(message: &Message, language: Language) -> String {
    match words(&message.code, language) {
        Some(words) => filled(&words, message, language),
        None => message.message.clone(),
    }
}

/// The same in the language of whoever reads the page.
pub fn told(message: &Message) -> String {
    in_language(message, crate::language::now())
}

/// What the live stream carries, in the language of whoever reads the page, a line each: its code and its
/// words. None in English, which comes with the sentences.
#[cfg(feature = "ssr")]
pub fn streamed() -> Option<String> {
    match crate::language::now() {
        Language::En => None,
        Language::De => {
            let lines =
                sentences(STREAMED_IN_GERMAN).map(|(code, words)| format!("{code}={words}"));
            Some(lines.collect::<Vec<_>>().join("\n"))
        }
    }
}

/// The words of a code; none in English.
#[cfg(feature = "ssr")]
fn words(code: &str, language: Language) -> Option<Cow<'static, str>> {
    static GERMAN: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| german().collect());
    match language {
        Language::En => None,
        Language::De => GERMAN.get(code).map(|words| (*words).into()),
    }
}

/// The words of a code, as the server wrote them into the document in its language.
#[cfg(not(feature = "ssr"))]
fn words(code: &str, _of_the_document: Language) -> Option<Cow<'static, str>> {
    thread_local! {
        static SENTENCES: String = leptos::prelude::document()
            .document_element()
            .and_then(|root| root.get_attribute("data-sentences"))
            .unwrap_or_default();
    }
    SENTENCES.with(|all| {
        let mut lines = all.lines().filter_map(|line| line.split_once('='));
        lines.find_map(|(known, words)| (known == code).then(|| words.to_owned().into()))
    })
}

/// All that is said in German.
#[cfg(feature = "ssr")]
fn german() -> impl Iterator<Item = Sentence> {
    sentences(STREAMED_IN_GERMAN).chain(sentences(ANSWERED_IN_GERMAN))
}

/// The sentences of a catalogue.
#[cfg(feature = "ssr")]
fn sentences(catalogue: &'static str) -> impl Iterator<Item = Sentence> {
    let said = catalogue.lines().filter(|line| !line.starts_with('#'));
    said.filter_map(|line| line.split_once(" = "))
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
