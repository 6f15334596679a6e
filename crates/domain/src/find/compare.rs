//! Comparing words.

/// How a word is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hit {
    /// It is a word of the text.
    Word,
    /// A word begins with it.
    Beginning,
    /// It is in the middle of a word.
    Inside,
    /// A word begins almost so.
    Slip,
}

impl Hit {
    pub(super) const fn cost(self) -> u32 {
        match self {
            Self::Word => 0,
            Self::Beginning => 2,
            Self::Inside => 8,
            Self::Slip => 16,
        }
    }
}

/// Adds a text in small letters without marks, so that `zahler` finds `Zähler`.
pub(super) fn plain(text: &str, out: &mut String) {
    out.extend(text.chars().flat_map(char::to_lowercase).map(|letter| match letter {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ß' => 's',
        other => other,
    }));
}

/// The words of a plain text: runs of letters and runs of digits, so that `A-01` and `a1` have the
/// same ones.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).flat_map(runs).filter(|word| !word.is_empty())
}

/// The runs of letters and of digits in a word.
fn runs(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let is_digit = |c: char| c.is_ascii_digit();
        let first = rest.chars().next()?;
        let end = rest.find(|c| is_digit(c) != is_digit(first)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
}

/// Whether a word begins with another but for one letter that is wrong, missing, too many, or
/// exchanged with its neighbour.
pub(super) fn begins_with_slip(found: &str, word: &str) -> bool {
    let same = found.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
    let (found, word) = (after(found, same), after(word, same));
    let first_two = |text: &str| {
        let mut letters = text.chars();
        letters.next().zip(letters.next())
    };
    let is_exchanged = || {
        first_two(found).map(|(a, b)| (b, a)) == first_two(word)
            && after(found, 2).starts_with(after(word, 2))
    };
    after(found, 1).starts_with(after(word, 1))
        || found.starts_with(after(word, 1))
        || after(found, 1).starts_with(word)
        || is_exchanged()
}

/// A text without its first letters.
fn after(text: &str, letters: usize) -> &str {
    text.char_indices().nth(letters).map_or("", |(at, _)| &text[at..])
}
