//! Counts words that keep strangers out, and holds the counts to what is written down here: they may only fall.

use std::path::Path;

/// Doc comments of one word, or that begin with one of `RELATIVE`.
const COMMENTS_LEFT: usize = 2_071;
/// Files named by one of `PARTICIPLES`.
const NAMES_LEFT: usize = 38;

/// How many places a fault names.
const SHOWN: usize = 60;

/// A sentence that begins so says what something is by what happens to it, not what it is called.
const RELATIVE: [&str; 6] = ["What", "Who", "Whom", "Whoever", "Where", "Which"];

/// Participles and prepositions, which say nothing of what a file defines.
const PARTICIPLES: [&str; 19] = [
    "told",
    "asked",
    "judged",
    "otherwise",
    "awaited",
    "settled",
    "held",
    "apart",
    "aside",
    "taken",
    "found",
    "ran",
    "righted",
    "said",
    "around",
    "seen",
    "beside",
    "below",
    "behind",
];

/// How many there are, and where.
#[derive(Default)]
pub(super) struct Counts {
    comments: Vec<String>,
    names: Vec<String>,
}

impl Counts {
    /// Adds those of a file.
    pub(super) fn add(&mut self, name: &Path, text: &str) {
        let stem = name.file_stem().unwrap_or_default().to_string_lossy();
        if stem.split(['_', '-', '.']).any(|word| PARTICIPLES.contains(&word)) {
            self.names.push(name.display().to_string());
        }
        if name.extension().is_some_and(|ending| ending == "rs") {
            let lines = unclear_comments(text);
            self.comments.extend(lines.map(|line| format!("{}:{line}", name.display())));
        }
    }

    /// Faults where a count rose; a reminder where one fell.
    pub(super) fn faults(&self) -> Vec<String> {
        let kinds = [
            (
                "doc comments of one word, or that begin with one of What, Who, Where, Which",
                &self.comments,
                "COMMENTS_LEFT",
                COMMENTS_LEFT,
            ),
            ("files named by a participle or a preposition", &self.names, "NAMES_LEFT", NAMES_LEFT),
        ];
        let mut faults = Vec::new();
        for (kind, places, constant, left) in kinds {
            if places.len() > left {
                let some: Vec<_> = places.iter().take(SHOWN).map(String::as_str).collect();
                faults.push(format!(
                    "{} {kind}, {left} at most: say what the thing is called, in the words of the field. \
                     Some of them: {}",
                    places.len(),
                    some.join(", ")
                ));
            } else if places.len() < left {
                println!(
                    "{} {kind}: lower {constant} in xtask/src/structure/language.rs from {left}",
                    places.len()
                );
            }
        }
        faults
    }
}

/// The lines on which such a doc comment begins.
fn unclear_comments(text: &str) -> impl Iterator<Item = usize> {
    let lines: Vec<Option<&str>> = text.lines().map(comment).collect();
    let mut unclear = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let Some(first) = line else { continue };
        let is_first = n == 0 || lines[n - 1].is_none();
        let is_last = lines.get(n + 1).is_none_or(Option::is_none);
        let mut words = first.split_whitespace();
        let opening = words.next().unwrap_or_default();
        let opening = opening.trim_end_matches(|letter: char| !letter.is_alphanumeric());
        let is_one_word = is_last && words.next().is_none() && !opening.is_empty();
        if is_first && (is_one_word || RELATIVE.contains(&opening)) {
            unclear.push(n + 1);
        }
    }
    unclear.into_iter()
}

/// The words of a line of a doc comment.
fn comment(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let is_doc = |words: &&str| !words.starts_with('/');
    line.strip_prefix("///").filter(is_doc).or_else(|| line.strip_prefix("//!"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unclear_comments_and_names_are_counted() {
        let text = "//! What a file is about.\n\n/// Which.\nstruct A;\n/// Returns it,\n/// Which is one.\n\
                    /// Whose limit, in kW.\nfn a() {}\n    /// Kilowatts.\n    x: f64,\n//// Where\n/// The limit.\n";
        assert_eq!(unclear_comments(text).collect::<Vec<_>>(), [1, 3, 9]);
        let mut counts = Counts::default();
        for name in ["a/set_aside.rs", "a/behind.spec.ts", "a/behinds.rs", "held.css"] {
            counts.add(Path::new(name), "");
        }
        assert_eq!(counts.names, ["a/set_aside.rs", "a/behind.spec.ts", "held.css"]);
        assert_eq!(counts.comments.len(), 0);
    }
}
