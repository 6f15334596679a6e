//! Finding things by what a person types: beginnings of words, digits, one slip of the fingers.

mod compare;

use compare::{Hit, begins_with_slip, plain, words};

/// The longest text that is looked for.
pub const MOST_LETTERS: usize = 100;
/// Shorter words have too many neighbours for a slip to be forgiven.
const SLIP_FROM: usize = 4;

/// What was typed is too long to be a name: it has so many letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong(pub usize);

/// How well a thing answers: the least comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank(u32);

/// What was typed, ready to be compared with names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// All of it, in plain letters.
    whole: String,
    words: Vec<String>,
}

impl Wanted {
    /// Reads what was typed; none where it has neither letters nor digits.
    ///
    /// # Errors
    /// It is longer than any name.
    pub fn parse(typed: &str) -> Result<Option<Self>, TooLong> {
        let letters = typed.trim().chars().count();
        if letters > MOST_LETTERS {
            return Err(TooLong(letters));
        }
        let mut whole = String::new();
        plain(typed.trim(), &mut whole);
        let words: Vec<_> = words(&whole).map(str::to_owned).collect();
        Ok((!words.is_empty()).then_some(Self { whole, words }))
    }

    /// How well texts answer, of which the first ones count most; none where a word that was typed
    /// is in none of them.
    pub fn rank<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> Option<Rank> {
        let mut of_words: Vec<Option<u32>> = vec![None; self.words.len()];
        let mut of_whole: Option<u32> = None;
        let mut text = String::new();
        for (place, given) in (0_u32..).step_by(PLACE).zip(texts) {
            text.clear();
            plain(given, &mut text);
            let is_digit = |c: char| c.is_ascii_digit();
            // `press 1` is not how `Press 10` begins.
            let goes_on =
                |rest: &&str| !(self.whole.ends_with(is_digit) && rest.starts_with(is_digit));
            if let Some(rest) = text.strip_prefix(self.whole.as_str()).filter(goes_on) {
                better(&mut of_whole, place + u32::from(!rest.is_empty()));
            }
            for (word, best) in self.words.iter().zip(&mut of_words) {
                if let Some(hit) = hit(&text, word) {
                    better(best, place + hit.cost());
                }
            }
        }
        let words: u32 = of_words.into_iter().sum::<Option<u32>>()?;
        Some(Rank(of_whole.unwrap_or(words + APART)))
    }
}

/// What begins as it was typed comes before what has the same words somewhere.
const APART: u32 = 10;
/// How much less each text counts than the one before.
const PLACE: usize = 4;

fn better(best: &mut Option<u32>, new: u32) {
    *best = Some(best.map_or(new, |old| old.min(new)));
}

/// The best way in which a word that was typed is in a text.
fn hit(text: &str, word: &str) -> Option<Hit> {
    let forgives =
        word.chars().count() >= SLIP_FROM && !word.starts_with(|c: char| c.is_ascii_digit());
    let of_word = |found: &str| {
        if found == word || is_same_number(found, word) {
            Some(Hit::Word)
        } else if found.starts_with(word) {
            Some(Hit::Beginning)
        } else if found.contains(word) {
            Some(Hit::Inside)
        } else {
            (forgives && begins_with_slip(found, word)).then_some(Hit::Slip)
        }
    };
    words(text).filter_map(of_word).min()
}

/// `7` means `07`.
fn is_same_number(found: &str, word: &str) -> bool {
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    number(found) && number(word) && found.trim_start_matches('0') == word.trim_start_matches('0')
}

#[cfg(test)]
mod tests;
pub mod view;
