//! Documents as devices write them.

use serde_json::Value;

/// A document as devices write it. What JSON does not have is null: words for what is no number, such as `NaN`, `-nan`,
/// `inf`, and a value that is left out.
///
/// # Errors
/// It is no JSON in other ways, too.
pub(crate) fn parse(text: &str) -> serde_json::Result<Value> {
    serde_json::from_str(text)
        .or_else(|error| serde_json::from_str(&without_words(text)).map_err(|_| error))
}

/// The text with null for each such word outside of strings.
fn without_words(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) =
        rest.find(|c: char| matches!(c, '"' | '-' | '+' | ':') || c.is_alphabetic())
    {
        let (before, from) = rest.split_at(start);
        found.push_str(before);
        if let Some(after) = from.strip_prefix(':') {
            let is_left_out = after.trim_start().starts_with([',', '}']);
            found.push_str(if is_left_out { ":null" } else { ":" });
            rest = after;
            continue;
        }
        let end = if from.starts_with('"') { end_of_string(from) } else { end_of_word(from) };
        let (token, after) = from.split_at(end);
        found.push_str(if is_no_number(token) { "null" } else { token });
        rest = after;
    }
    found.push_str(rest);
    found
}

fn end_of_string(text: &str) -> usize {
    let mut is_escaped = false;
    for (place, character) in text.char_indices().skip(1) {
        match character {
            '"' if !is_escaped => return place + 1,
            _ => is_escaped = character == '\\' && !is_escaped,
        }
    }
    text.len()
}

fn end_of_word(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1);
    characters.find(|(_, c)| !c.is_alphabetic()).map_or(text.len(), |(place, _)| place)
}

/// Whether a text is a word for what is no number.
pub(crate) fn is_no_number(text: &str) -> bool {
    let word = text.trim().trim_start_matches(['-', '+']);
    ["nan", "inf", "infinity"].iter().any(|known| word.eq_ignore_ascii_case(known))
}
